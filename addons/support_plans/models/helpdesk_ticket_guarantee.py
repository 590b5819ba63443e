from typing import Any, NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import guarantee

#: Reasons of tickets that the default plan serves, whatever agreement they name (P1).
NOT_SERVED = (guarantee.NO_AGREEMENT, guarantee.AGREEMENT_ENDED)


class TicketFacts(NamedTuple):
    """What the judgement of one ticket needs to know; records are read as superuser."""

    partner: Any
    company: Any
    channel_id: int | None
    request_kind: str
    is_critical: bool
    approved: bool
    moment: Any  # naive UTC: the guarantee is counted from here
    counted_from: Any = False  # naive UTC: the clock is asked from here, when that is later (a mark, a reopening)


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
        """Return the `TicketFacts` of registered tickets, the guarantee counted from `moment`.

        Without it: from the approval, else from the registration; and the clock from where it was asked before.
        """
        return [
            self._prepare_facts(
                ticket.partner_id.id,
                ticket.company_id.id,
                channel_id=ticket.channel_id.id or None,
                request_kind=ticket.request_kind,
                is_critical=ticket.is_critical,
                approved=bool(ticket.contact_approved_by_id),
                moment=moment or ticket._get_guarantee_start(),
                counted_from=not moment and ticket.response_counted_from,
            )
            for ticket in self
        ]

    def _get_guarantee_start(self):
        """Return the naive UTC moment of the approval (P38), else of the registration (P31)."""
        self.ensure_one()
        return self.contact_approved_by_id and self.guarantee_from or self.registered_at

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
            if decision.reason in NOT_SERVED:
                plan = self.env["support.plan"]._get_default_plan(fact.company)
            judged.append(self._prepare_judgement(agreement, plan, fact, decision))
        self._add_promises(judged, agreements, facts)
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
        return {
            "support_contract_id": agreement.id,
            "support_plan_id": plan.id,
            "guarantee_from": fact.moment,
            "guarantee_reason": decision.reason,
            "response_state": "pending" if decision.eligible else "none",
            "response_minutes": round(agreement.response_hours * 60) if decision.eligible else 0,
            "response_calendar_id": False,
            "response_counted_from": decision.eligible and fact.counted_from,
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
    def _add_promises(self, judged, agreements, facts):
        """Add calendar, clock start, deadline and warning to the judgements that are guaranteed, in place.

        A critical ticket has the sooner deadline of service hours and on-call hours (D1). Hours that
        promise nothing never lose a ticket: without any it is registered without guarantee and says so.
        """
        self._offer_promises(judged, facts, agreements, [agreement.service_calendar_id for agreement in agreements])
        if any(fact.is_critical for fact in facts):
            pairs = zip(agreements, facts, strict=True)
            on_call = [fact.is_critical and agreement.critical_calendar_id for agreement, fact in pairs]
            self._offer_promises(judged, facts, agreements, on_call)
        for values in judged:
            if values["response_state"] == "pending" and not values["response_deadline"]:
                values.update(self._prepare_no_service_hours())

    @api.model
    def _offer_promises(self, judged, facts, agreements, calendars):
        """Give each guaranteed judgement the promise of its calendar, unless it has a sooner one, in place."""
        batches = {}
        for values, fact, agreement, calendar in zip(judged, facts, agreements, calendars, strict=True):
            if calendar and values["response_state"] == "pending":
                asked = (fact.counted_from or fact.moment, values["response_minutes"] * 60)
                batches.setdefault((calendar, agreement.company_id.id), []).append((values, asked))
        for (calendar, company_id), batch in batches.items():
            try:
                promises = calendar._service_promises(company_id, [asked for _values, asked in batch])
            except UserError:
                continue
            for (values, _asked), promise in zip(batch, promises, strict=True):
                offer = self._prepare_promise(calendar, promise)
                if not values["response_deadline"] or offer["response_deadline"] < values["response_deadline"]:
                    values.update(offer)

    @api.model
    def _prepare_promise(self, calendar, promise):
        """Return (clock start, deadline, warning) in these service hours as values of a ticket."""
        clock_start, deadline, warning_at = promise
        return {
            "response_calendar_id": calendar.id,
            "response_clock_start": clock_start,
            "response_deadline": deadline,
            "response_warning_at": warning_at,
        }

    @api.model
    def _prepare_no_service_hours(self):
        return {
            "guarantee_reason": "no_service_hours",
            "response_state": "none",
            "response_calendar_id": False,
            "response_counted_from": False,
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
            if ticket._has_outcome():
                # A promise that was kept or missed stays, with its outcome; only whose it is changes.
                values = {name: values[name] for name in ("support_contract_id", "support_plan_id")}
            ticket.write(values)
            ticket._settle_answered()
            ticket._log_guarantee_change(before)

    def _has_outcome(self):
        """The promise was kept or missed: history, which nothing changes any more."""
        self.ensure_one()
        return self.response_state in ("met", "missed")

    def _settle_answered(self):
        """Give a ticket that was answered before anything was promised the outcome of its response (P26)."""
        self.ensure_one()
        if self.response_date and self.response_state == "pending":
            state, late = self._get_outcome(self.response_date)
            self.write({"response_state": state, "response_late_minutes": late})

    def _judge_for_new_client(self):
        """Judge tickets whose client, or company, changed, as if it had been so at registration (P31).

        Nobody of the new client has approved them yet (P38).
        """
        tickets = self.sudo()
        tickets.filtered("contact_approved_by_id").contact_approved_by_id = False
        tickets.filtered(lambda t: t.response_counted_from and not t._has_outcome()).response_counted_from = False
        tickets._decide_guarantee_anew()
        self._ask_contacts_for_approval()

    def _follow_new_company(self):
        """Judge tickets whose person got a company; a hook for whoever keeps more with the client."""
        self._judge_for_new_client()

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
            calendar = ticket.support_contract_id.critical_calendar_id
            promise = calendar != ticket.response_calendar_id and ticket._ask_promise(calendar, now)
            if promise and promise["response_deadline"] < ticket.response_deadline:
                before = ticket._get_guarantee_summary()
                ticket.write({**promise, "response_counted_from": now})
                ticket._log_guarantee_change(before)

    def _ask_promise(self, calendar, moment):
        """Return the promise of this ticket in a calendar, counted from the naive UTC `moment`, as values.

        None where the calendar has no hours that could promise it.
        """
        self.ensure_one()
        if not calendar:
            return None
        try:
            [promise] = calendar._service_promises(self.company_id.id, [(moment, self.response_minutes * 60)])
        except UserError:
            return None
        return self._prepare_promise(calendar, promise)

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
        now = fields.Datetime.now()
        moved = {}
        groups = self.grouped(lambda t: (t.response_calendar_id, t.company_id))
        for (calendar, company), tickets in groups.items():
            asked = [(t._get_clock_request(), t.response_minutes * 60) for t in tickets]
            promises = calendar._service_promises(company.id, asked)
            for ticket, promise in zip(tickets, promises, strict=True):
                before = ticket.response_deadline
                if ticket._apply_promise(ticket._get_sooner(self._prepare_promise(calendar, promise)), now):
                    moved[ticket] = before
        self._tell_teams_of_moves(moved)

    def _get_sooner(self, promise):
        """Return a promise in one of the calendars, or that in the other one where a critical ticket is due sooner.

        Changed hours are no reason that on-call hours make a critical ticket later (D1).
        """
        self.ensure_one()
        if not self.is_critical:
            return promise
        agreement = self.support_contract_id
        calendars = agreement.service_calendar_id | agreement.critical_calendar_id
        others = calendars.filtered(lambda calendar: calendar.id != promise["response_calendar_id"])
        offers = [self._ask_promise(calendar, self._get_clock_request()) for calendar in others]
        return min([promise, *filter(None, offers)], key=lambda offer: offer["response_deadline"])

    def _get_clock_request(self):
        """Return the naive UTC moment from which the service hours are counted."""
        self.ensure_one()
        return self.response_counted_from or self.guarantee_from or self.registered_at

    def _apply_promise(self, promise, now):
        """Write a promise that changed; return whether the deadline moved.

        A deadline that is still ahead never moves into the past: hours that were opened afterwards
        could not be served (P14).
        """
        self.ensure_one()
        moved = self.response_deadline != promise["response_deadline"]
        if promise["response_deadline"] < now <= self.response_deadline:
            self._message_log(
                body=self.env._(
                    "The service hours changed. The ticket keeps its deadline %(before)s, because the new one, "
                    "%(after)s, is over already.",
                    before=self._format_moment(self.response_deadline),
                    after=self._format_moment(promise["response_deadline"]),
                )
            )
            return False
        if moved or self.response_clock_start != promise["response_clock_start"]:
            self.write(promise)
        return moved

    def _wait_again(self):
        """Let reopened tickets wait for their response again, by the service hours as they are now.

        While a ticket was closed nothing was owed: a deadline that passed meanwhile is counted from the
        reopening. What was late before it was closed stays late.
        """
        now = fields.Datetime.now()
        waiting = self.filtered(lambda ticket: ticket._is_waiting_for_response())
        passed = waiting.filtered(lambda ticket: ticket._passed_while_closed(now))
        (waiting - passed.filtered(lambda ticket: ticket._count_from_reopening(now)))._replan()

    def _count_from_reopening(self, now):
        """Promise the response anew from `now`; return False where the service hours cannot."""
        self.ensure_one()
        promise = self._ask_promise(self.response_calendar_id, now)
        if not promise:
            return False
        before = self.response_deadline
        self.write({**promise, "response_counted_from": now, "response_warned_at": False})
        self._message_log(
            body=self.env._(
                "The deadline %(before)s passed while the ticket was closed. The response is counted from the "
                "reopening and is due %(after)s.",
                before=self._format_moment(before),
                after=self._format_moment(self.response_deadline),
            )
        )
        return True

    def _passed_while_closed(self, now):
        """Whether the deadline of a reopened ticket passed after it had been closed."""
        self.ensure_one()
        closed = self.closed_date or self.registered_at
        return closed <= self.response_deadline < now

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
