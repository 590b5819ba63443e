from odoo import fields, models

from .contract_contract_guarantee import DEFAULT_ZONE


class HelpdeskTicket(models.Model):
    """A ticket as its client sees it in the panel: plan, promise, response."""

    _inherit = "helpdesk.ticket"

    def _get_panel_values(self):
        """Return what the panel shows of the promise, in the language and time zone of the reader.

        Read as superuser, after the access to the ticket itself was checked.
        """
        self.ensure_one()
        ticket = self.sudo()
        zone = self.env.context.get("tz") or ticket.response_calendar_id.tz
        zone = zone or ticket.support_contract_id.service_calendar_id.tz or DEFAULT_ZONE
        ticket = ticket.with_context(tz=zone)
        kinds = dict(self._fields["request_kind"]._description_selection(self.env))
        text, css = ticket._get_panel_badge()
        return {
            "plan": ticket.support_plan_id.name,
            "kind": kinds.get(ticket.request_kind),
            "critical": ticket.is_critical,
            "badge": text,
            "badge_class": css,
            "explanation": ticket.response_explanation,
            "why_not": ticket._get_panel_reason(),
            "waiting": ticket._is_waiting_for_contact(),
            "approved_by": ticket.contact_approved_by_id.name,
        }

    def _get_panel_badge(self):
        """Return (text, class) of the badge: respond by, late, responded, or no guarantee."""
        if self.response_date:
            return self._get_responded_badge()
        if self.closed:
            return self.env._("Closed"), "text-bg-light"
        if not self.response_deadline:
            return self.env._("No guaranteed time"), "text-bg-light"
        moment = self._format_moment(self.response_deadline)
        if self.response_deadline < fields.Datetime.now():
            return self.env._("Late, was due %(moment)s", moment=moment), "text-bg-danger"
        return self.env._("Respond by %(moment)s", moment=moment), "text-bg-info"

    def _get_responded_badge(self):
        moment = self._format_moment(self.response_date)
        if self.response_state == "missed":
            late = self._format_hours(self.response_late_minutes)
            text = self.env._("Responded %(moment)s, %(late)s late", moment=moment, late=late)
            return text, "text-bg-warning"
        return self.env._("Responded %(moment)s", moment=moment), "text-bg-success"

    def _get_panel_reason(self):
        """Return why the response is not guaranteed, as a sentence; empty where it is."""
        if self.guarantee_reason in (False, "guaranteed"):
            return ""
        if self.guarantee_reason == "contact" and not self._is_waiting_for_contact():
            return self.env._("It was sent by a person who is not a contact for support.")
        texts = self._get_panel_reasons()
        return texts[self.guarantee_reason]

    def _get_panel_reasons(self):
        return {
            "no_agreement": self.env._("There was no support agreement when it was registered."),
            "agreement_ended": self.env._("The support agreement had ended when it was registered."),
            "no_response_time": self.env._("The plan promises no response time."),
            "contact": self.env._(
                "It was sent by a person who is not a contact for support. A contact can approve it; "
                "the guaranteed response is counted from then on."
            ),
            "channel": self.env._("It came by a channel that the agreement gives no guarantee for."),
            "request_kind": self.env._("The plan does not cover this kind of request."),
            "quota_used": self.env._("The guaranteed time of the month was used up."),
            "no_service_hours": self.env._("The plan had no service hours."),
        }

    def _may_be_closed_by(self, user):
        """The user is an employee, or a person of the client; whoever else follows a ticket only reads it."""
        self.ensure_one()
        client = self.sudo().commercial_partner_id
        return user._is_internal() or user.commercial_partner_id == client

    def _may_be_approved_by(self, partner):
        """The partner is a contact whose click makes this ticket guaranteed (P38)."""
        self.ensure_one()
        return self.sudo()._is_waiting_for_contact() and self._is_contact(partner)
