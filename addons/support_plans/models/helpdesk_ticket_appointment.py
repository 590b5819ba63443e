from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    """Remote help is by appointment: the first date offered is kept, so that the promise is provable (P27, P32)."""

    _inherit = "helpdesk.ticket"

    appointment_ids = fields.One2many("calendar.event", "support_ticket_id", string="Appointments")
    appointment_count = fields.Integer(compute="_compute_appointment_count")
    first_offered_at = fields.Datetime(
        string="First Date Offered",
        readonly=True,
        copy=False,
        help="Start of the first remote session that was offered to the client.",
    )

    @api.depends("appointment_ids")
    def _compute_appointment_count(self):
        counts = dict(
            self.env["calendar.event"]._read_group(
                [("support_ticket_id", "in", self.ids)], ["support_ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.appointment_count = counts.get(ticket._origin, 0)

    def action_schedule_appointment(self):
        """Open the calendar to offer the client a remote session."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("calendar.action_calendar_event")
        partners = self.partner_id | self.env.user.partner_id
        action["context"] = {
            "default_support_ticket_id": self.id,
            "default_name": self.env._("Remote help: %(ticket)s", ticket=self.display_name),
            "default_partner_ids": partners.ids,
            "default_duration": 1,
            "search_default_mymeetings": 0,
        }
        return action

    def _record_first_offer(self, start):
        """Keep the first date offered; later meetings and later changes do not touch it."""
        self.filtered(lambda ticket: not ticket.first_offered_at).first_offered_at = start
