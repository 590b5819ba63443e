from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting may be the remote session of a ticket (P27)."""

    _inherit = "calendar.event"

    support_ticket_id = fields.Many2one("helpdesk.ticket", string="Ticket", index="btree_not_null", ondelete="set null")

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS calendar
        events = super().create(vals_list)
        events._record_offers()
        return events

    def write(self, vals):
        # EXTENDS calendar
        res = super().write(vals)
        if "support_ticket_id" in vals:
            self._record_offers()
        return res

    def _record_offers(self):
        """Keep the first date offered on the tickets; only who works on a ticket makes offers for it."""
        for ticket, meetings in self.filtered("support_ticket_id").grouped("support_ticket_id").items():
            ticket.check_access("write")
            ticket.sudo()._record_first_offer(min(meetings.mapped("start")))
