from odoo import models
from odoo.fields import Domain


class HelpdeskTicket(models.Model):
    """Time on a ticket in the client panel."""

    _inherit = "helpdesk.ticket"

    def _get_works_for(self, user):
        """Return the works on this ticket that a user of the panel may read, as superuser, oldest first.

        Those of the client's own firm: a link to a ticket, or following it, does not show them to others.
        """
        self.ensure_one()
        ticket = self.sudo()
        works = ticket.work_ids.browse()
        client = ticket.commercial_partner_id or ticket.partner_id.commercial_partner_id
        own = client and user.partner_id.commercial_partner_id == client
        if user._is_public() or not (own or user._is_internal()):
            return works
        # A billed work stays with its client when the ticket moves to another one
        on_ticket = Domain("ticket_id", "=", ticket.id) & Domain("work_type_id", "!=", False)
        of_client = Domain("partner_id.commercial_partner_id", "=", client.id)
        return works.search(on_ticket & of_client & works._get_readable_domain(), order="date, id")
