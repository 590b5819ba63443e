from typing import Any, NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import guarantee


class TicketFacts(NamedTuple):
    """What the judgement of one ticket needs to know; records are read as superuser."""

    partner: Any
    company: Any
    channel_id: int | None
    request_kind: str
    is_critical: bool
    approved: bool
    moment: Any  # naive UTC: the guarantee is counted from here


class HelpdeskTicket(models.Model):
    """The judgement of a ticket, once, at registration: agreement, guarantee with its reason, deadline."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------

    @api.model
    def _add_support_registration(self, vals_list):
        """Add agreement, guarantee and deadline to the values of new tickets, in place.

        The same few queries for one ticket and for a thousand; the answer travels in the tickets'
        own INSERT.
        """
        facts = self._get_registration_facts(vals_list)
        self._apply_plan_changes(facts)
        for vals, judgement in zip(vals_list, self._judge(facts), strict=True):
            vals.update(judgement)

    @api.model
    def _get_registration_facts(self, vals_list):
        """Return the `TicketFacts` of tickets that are about to be created."""
        defaults = self.default_get(
            ["partner_id", "company_id", "channel_id", "request_kind", "team_id", "is_critical"]
        )
        teams = self.env["helpdesk.ticket.team"].sudo()
        facts = []
        for vals in vals_list:
            known = {**defaults, **vals}
            team = teams.browse(known.get("team_id") or ())
            facts.append(
                self._prepare_facts(
                    known.get("partner_id"),
                    team.company_id.id or known.get("company_id") or self.env.company.id,
                    channel_id=known.get("channel_id") or None,
                    request_kind=known.get("request_kind"),
                    is_critical=bool(known.get("is_critical")),
                    approved=False,
                    moment=vals["registered_at"],
                )
            )
        return facts

    def _get_facts(self, moment=None):
        """Return the `TicketFacts` of registered tickets, the guarantee counted from `moment`."""
        return [
            self._prepare_facts(
                ticket.partner_id.id,
                ticket.company_id.id,
                channel_id=ticket.channel_id.id or None,
                request_kind=ticket.request_kind,
                is_critical=ticket.is_critical,
                approved=bool(ticket.contact_approved_by_id),
                moment=moment or ticket.guarantee_from or ticket.registered_at,
            )
            for ticket in self
        ]

    @api.model
    def _prepare_facts(self, partner_id, company_id, **facts):
        env = self.sudo().env
        return TicketFacts(
            partner=env["res.partner"].browse(partner_id or ()),
            company=env["res.company"].browse(company_id),
            **facts,
        )

    # ------------------------------------------------------------
    # Judgement
    # ------------------------------------------------------------

    @api.model
    def _apply_plan_changes(self, facts):
        """Let changes of plan whose day has come take effect, so that no ticket waits for the nightly run.

        The judgement itself writes nothing: a preview leaves everything as it is.
        """
        self.env["contract.contract"].sudo()._apply_plan_changes_of(
            self.env["res.partner"].sudo().union(*(fact.partner for fact in facts)).commercial_partner_id
        )

    @api.model
    def _judge(self, facts):
        """Decide agreement, guarantee and deadline for each of `facts`; return values of fields.

        The guarantee is decided by `rules/guarantee.py` (P37, P38, D2, D12), the deadline by
        `rules/clock.py` in the service hours of the agreement (P14, P31).
        """
        agreements = self._get_agreements(facts)
        quota = self._get_quota_used(agreements, facts)
        terms = {agreement: agreement._get_guarantee_terms() for agreement in dict.fromkeys(agreements)}
        judged = []
        for agreement, fact in zip(agreements, facts, strict=True):
            day = agreement._get_service_day(fact.moment)
            request = guarantee.GuaranteeRequest(
                registered_on=day,
                channel=fact.channel_id,
                kind=fact.request_kind,
                contact=fact.partner.id or None,
                contact_approved=fact.approved,
                quota_used_minutes=quota.get((agreement.id, day), 0),
            )
            decision = guarantee.decide(terms[agreement], request)
            plan = agreement.support_plan_id
            if decision.reason in (guarantee.NO_AGREEMENT, guarantee.AGREEMENT_ENDED):
                plan = self.env["support.plan"]._get_default_plan(fact.company)
            judged.append(self._prepare_judgement(agreement, plan, fact, decision))
        self._add_promises(judged, agreements)
        return judged

    @api.model
    def _get_agreements(self, facts):
        """Return the agreement that serves each of `facts`, an empty one where there is none."""
        contract_model = self.env["contract.contract"].sudo()
        clients = self.env["res.partner"].sudo().union(*(f.partner for f in facts)).commercial_partner_id
        companies = self.env["res.company"].union(*(f.company for f in facts))
        by_client = contract_model._get_agreements_by_client(clients, companies)
        return [
            by_client.get((fact.partner.commercial_partner_id.id, fact.company.id), contract_model)._pick_agreement(
                fact.moment
            )
            for fact in facts
        ]

    @api.model
    def _get_quota_used(self, agreements, facts):
        """Return {(agreement id, day): minutes of quota used in the service month of that day} (D12)."""
        pairs = {
            (agreement, agreement._get_service_day(fact.moment))
            for agreement, fact in zip(agreements, facts, strict=True)
            if agreement.quota_hours
        }
        return self.env["contract.contract"].sudo()._get_quota_used_minutes(pairs)

    @api.model
    def _prepare_judgement(self, agreement, plan, fact, decision):
        """Return the values of a judged ticket; the promise is added by `_add_promises`."""
        calendar = agreement._get_response_calendar(fact.is_critical)
        return {
            "support_contract_id": agreement.id,
            "support_plan_id": plan.id,
            "guarantee_from": fact.moment,
            "guarantee_reason": decision.reason,
            "response_state": "pending" if decision.eligible else "none",
            "response_minutes": round(agreement.response_hours * 60) if decision.eligible else 0,
            "response_calendar_id": calendar.id if decision.eligible else False,
            **self._prepare_no_promise(),
        }

    @api.model
    def _prepare_no_promise(self):
        return {
            "response_clock_start": False,
            "response_deadline": False,
            "response_warning_at": False,
            "response_warned_at": False,
        }

    @api.model
    def _add_promises(self, judged, agreements):
        """Add clock start, deadline and warning to the judgements that are guaranteed, in place.

        A calendar without service hours never loses a ticket: it is registered without guarantee
        and says so.
        """
        batches = {}
        for values, agreement in zip(judged, agreements, strict=True):
            if values["response_state"] == "pending":
                key = (values["response_calendar_id"], agreement.company_id.id)
                batches.setdefault(key, []).append(values)
        for (calendar_id, company_id), batch in batches.items():
            calendar = self.env["resource.calendar"].sudo().browse(calendar_id)
            asked = [(v["guarantee_from"], v["response_minutes"] * 60) for v in batch]
            try:
                promises = calendar._service_promises(company_id, asked)
            except UserError:
                for values in batch:
                    values.update(self._prepare_no_service_hours())
                continue
            for values, (clock_start, deadline, warning_at) in zip(batch, promises, strict=True):
                values.update(
                    response_clock_start=clock_start,
                    response_deadline=deadline,
                    response_warning_at=warning_at,
                )

    @api.model
    def _prepare_no_service_hours(self):
        return {
            "guarantee_reason": "no_service_hours",
            "response_state": "none",
            "response_calendar_id": False,
            "response_minutes": 0,
        }

    # ------------------------------------------------------------
    # Deciding anew
    # ------------------------------------------------------------

    def _decide_guarantee_anew(self, moment=None):
        """Judge tickets again, and log what changed: another client, or an approval (P38).

        :param moment: naive UTC moment that the guarantee is counted from; the old one if empty
        """
        if not self:
            return
        tickets = self.sudo()
        facts = tickets._get_facts(moment)
        self._apply_plan_changes(facts)
        for ticket, values in zip(tickets, self._judge(facts), strict=True):
            before = ticket._get_guarantee_summary()
            if ticket.response_date or ticket.response_state == "missed":
                # What was answered or missed keeps its promise and its outcome; only whose it is changes.
                values = {name: values[name] for name in ("support_contract_id", "support_plan_id")}
            ticket.write(values)
            ticket._log_guarantee_change(before)

    def _judge_for_new_client(self):
        """Judge tickets whose client changed: nobody of the new client has approved them yet (P38)."""
        self.sudo().filtered("contact_approved_by_id").contact_approved_by_id = False
        self._decide_guarantee_anew()
        self._ask_contacts_for_approval()

    def action_decide_anew(self):
        """Button of managers: judge the ticket by what is known now (its kind was corrected, say)."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("support_plans.group_support_manager"):
            raise AccessError(self.env._("Only a support manager may decide a guarantee anew."))
        self._decide_guarantee_anew()
        return True

    def _replan_critical(self):
        """Give a ticket marked as critical the on-call clock from this moment, if that is sooner (D1)."""
        now = fields.Datetime.now()
        pending = self.sudo().filtered(lambda t: t._is_waiting_for_response() and t.is_critical)
        for ticket in pending:
            calendar = ticket.support_contract_id._get_response_calendar(True)
            if calendar == ticket.response_calendar_id:
                continue
            [(clock_start, deadline, warning_at)] = calendar._service_promises(
                ticket.company_id.id, [(now, ticket.response_minutes * 60)]
            )
            if deadline >= ticket.response_deadline:
                continue
            before = ticket._get_guarantee_summary()
            ticket.write(
                {
                    "response_calendar_id": calendar.id,
                    "guarantee_from": now,
                    "response_clock_start": clock_start,
                    "response_deadline": deadline,
                    "response_warning_at": warning_at,
                }
            )
            ticket._log_guarantee_change(before)

    # ------------------------------------------------------------
    # Changed service hours
    # ------------------------------------------------------------

    @api.model
    def _replan_pending(self, calendars):
        """Compute the deadlines that wait in these calendars again; answered tickets never change (D16).

        The response must still be owed and not missed: what was missed stays missed. Teams are told
        which deadlines moved.
        """
        in_calendars = fields.Domain("response_calendar_id", "in", calendars.ids)
        self.sudo().search(self._get_waiting_domain() & in_calendars, order="queue_rank, id")._replan()

    def _replan(self):
        """Compute the deadlines of these waiting tickets again by the service hours as they are now."""
        moved = {}
        groups = self.grouped(lambda t: (t.response_calendar_id, t.company_id))
        for (calendar, company), tickets in groups.items():
            asked = [(t.guarantee_from, t.response_minutes * 60) for t in tickets]
            promises = calendar._service_promises(company.id, asked)
            for ticket, promise in zip(tickets, promises, strict=True):
                before = ticket.response_deadline
                if ticket._apply_promise(*promise):
                    moved[ticket] = before
        self._tell_teams_of_moves(moved)

    def _apply_promise(self, clock_start, deadline, warning_at):
        """Write a promise that changed; return whether the deadline moved."""
        self.ensure_one()
        if self.response_deadline == deadline and self.response_clock_start == clock_start:
            return False
        moved = self.response_deadline != deadline
        self.write(
            {
                "response_clock_start": clock_start,
                "response_deadline": deadline,
                "response_warning_at": warning_at,
            }
        )
        return moved

    @api.model
    def _tell_teams_of_moves(self, moved):
        """Log each moved deadline on its ticket and post one list for each team.

        :param moved: {ticket: deadline before}
        """
        lines = {}
        for ticket, before in moved.items():
            text = self.env._(
                "%(ticket)s: the deadline moved from %(before)s to %(after)s because the service hours changed.",
                ticket=ticket.display_name,
                before=ticket._format_moment(before),
                after=ticket._format_moment(ticket.response_deadline),
            )
            ticket._message_log(body=text)
            lines.setdefault(ticket.team_id, []).append(text)
        for team, texts in lines.items():
            if team:
                items = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
                team.message_post(
                    body=Markup("<ul>%s</ul>") % items,
                    subtype_xmlid="mail.mt_note",
                    partner_ids=(team.user_ids | team.user_id).partner_id.ids,
                )

    def _get_guarantee_summary(self):
        """Return client, agreement, guarantee and deadline as one line of text, for the history."""
        self.ensure_one()
        reasons = dict(self._fields["guarantee_reason"]._description_selection(self.env))
        parts = [
            self.commercial_partner_id.display_name,
            self.support_contract_id.display_name or self.support_plan_id.display_name,
            reasons.get(self.guarantee_reason),
            self.response_deadline and self._format_moment(self.response_deadline),
        ]
        return " · ".join(part for part in parts if part)

    def _log_guarantee_change(self, before):
        after = self._get_guarantee_summary()
        if after != before:
            self._message_log(
                body=self.env._(
                    "The guarantee was decided anew. Before: %(before)s. Now: %(after)s.",
                    before=before,
                    after=after,
                )
            )
