from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting may be the remote session of a ticket (P27)."""

    _inherit = "calendar.event"

    support_ticket_id = fields.Many2one("helpdesk.ticket", string="Ticket", index="btree_not_null", ondelete="set null")

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS calendar
        events = super().create(vals_list)
        for ticket, meetings in events.filtered("support_ticket_id").grouped("support_ticket_id").items():
            ticket.sudo()._record_first_offer(min(meetings.mapped("start")))
        return events
