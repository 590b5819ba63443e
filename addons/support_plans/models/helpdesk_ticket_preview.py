from odoo import api, fields, models

from .contract_contract_guarantee import DEFAULT_ZONE


class HelpdeskTicket(models.Model):
    """What would be promised if the client sent a report now; the same judgement, nothing is written."""

    _inherit = "helpdesk.ticket"

    registration_preview = fields.Char(
        string="If Registered Now",
        compute="_compute_registration_preview",
        help="Plan, guarantee and deadline of a ticket that is not saved yet.",
    )

    @api.depends("partner_id", "channel_id", "request_kind", "is_critical", "team_id", "company_id")
    @api.depends_context("lang", "tz")
    def _compute_registration_preview(self):
        for ticket in self:
            ticket.registration_preview = not ticket._origin and ticket._preview_registration()

    def _preview_registration(self):
        """Return plan, guarantee and deadline, as the ticket would get them now, in one line."""
        facts = self._prepare_facts(
            self.partner_id._origin.id,
            self.team_id.company_id.id or self.company_id.id or self.env.company.id,
            channel_id=self.channel_id._origin.id or None,
            request_kind=self.request_kind or "question",
            is_critical=self.is_critical,
            approved=False,
            moment=fields.Datetime.now(),
        )
        [judged] = self._judge([facts])
        reasons = dict(self._fields["guarantee_reason"]._description_selection(self.env))
        parts = [
            self.env["support.plan"].sudo().browse(judged["support_plan_id"] or ()).name,
            reasons[judged["guarantee_reason"]],
        ]
        if judged["response_deadline"]:
            moment = self._format_moment(judged["response_deadline"])
            parts.append(self.env._("due %(moment)s", moment=moment))
        return " · ".join(part for part in parts if part)

    @api.model
    def _preview_response(self, partner, company, request_kind, is_critical):
        """Return the promise of a report that `partner` would send from the panel now.

        :return: {"guaranteed": bool, "reason": code, "deadline": naive UTC or False, "text": a
            sentence for the client}
        """
        facts = self._prepare_panel_facts(partner, company, request_kind, is_critical)
        [judged] = self._judge([facts])
        agreement = self.env["contract.contract"].sudo().browse(judged["support_contract_id"] or ())
        reader = self._for_panel(agreement.service_calendar_id)
        guaranteed = judged["response_state"] == "pending"
        return {
            "guaranteed": guaranteed,
            "reason": judged["guarantee_reason"],
            "deadline": judged["response_deadline"],
            "text": reader._get_promise_text(judged, agreement),
        }

    @api.model
    def _prepare_panel_facts(self, partner, company, request_kind, is_critical):
        """Return the `TicketFacts` of a report that is sent from the panel at this moment."""
        channel = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web", raise_if_not_found=False)
        return self._prepare_facts(
            partner.id,
            company.id,
            channel_id=channel.id if channel else None,
            request_kind=request_kind,
            is_critical=is_critical,
            approved=False,
            moment=fields.Datetime.now(),
        )

    @api.model
    def _may_report_critical(self, partner, company):
        """The client's agreement lets critical problems be marked in the panel (P6, P12, D1)."""
        facts = self._prepare_panel_facts(partner, company, "question", False)
        [agreement] = self._get_agreements([facts])
        return agreement._lets_report_critical(agreement._get_service_day(facts.moment))

    @api.model
    def _get_promise_text(self, judged, agreement):
        """Return the promise, or why there is none, as a sentence for the client."""
        if judged["response_state"] == "pending":
            return self.env._(
                "If you send this now, we respond by %(moment)s.",
                moment=self._format_moment(judged["response_deadline"]),
            )
        plan = self.env["support.plan"].sudo().browse(judged["support_plan_id"] or ())
        return self._get_no_promise_texts(plan, agreement)[judged["guarantee_reason"]]

    @api.model
    def _get_no_promise_texts(self, plan, agreement):
        """Return {reason: sentence}: why a report is answered without a guaranteed time (P30, P38, P1)."""
        without = self.env._("We answer it as soon as we can, without a guaranteed time.")
        reasons = {
            "no_agreement": self.env._("You have no support agreement (plan %(plan)s).", plan=plan.name or ""),
            "agreement_ended": self.env._("Your support agreement has ended."),
            "no_response_time": self.env._("Your plan %(plan)s promises no response time.", plan=plan.name or ""),
            "contact": self.env._(
                "You are not a contact for support in your firm's agreement. A contact of your firm "
                "(%(contacts)s) can approve your report with one click; the guaranteed response is "
                "counted from then on.",
                contacts=", ".join(agreement._get_contacts_that_count().mapped("name")),
            ),
            "channel": self.env._("Your agreement guarantees no response to reports from the panel."),
            "request_kind": self.env._("Your plan %(plan)s does not cover this kind of request.", plan=plan.name or ""),
            "quota_used": self.env._("The guaranteed time of this month is used up."),
            "no_service_hours": self.env._("Your plan has no service hours at present."),
        }
        return {reason: f"{text} {without}" for reason, text in reasons.items()}

    @api.model
    def _for_panel(self, calendar):
        """Return the model in the time zone of the client, else of the service hours (D17)."""
        zone = self.env.context.get("tz") or self.env.user.tz or calendar.tz or DEFAULT_ZONE
        return self.with_context(tz=zone)
