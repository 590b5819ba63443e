from odoo import models


class ResPartner(models.Model):
    """A person who wrote to us before we knew whose it is, and then gets a company: the tickets go along (B4)."""

    _inherit = "res.partner"

    def write(self, vals):
        # EXTENDS base
        if {"parent_id", "is_company"}.isdisjoint(vals):
            return super().write(vals)
        clients = {ticket: ticket.commercial_partner_id for ticket in self._get_tickets_of_nobody()}
        res = super().write(vals)
        tickets = self.env["helpdesk.ticket"].sudo()
        tickets.browse(t.id for t, client in clients.items() if t.commercial_partner_id != client)._follow_new_company()
        return res

    def _get_tickets_of_nobody(self):
        """Return the open tickets (sudo) of these partners that no agreement serves.

        Of those only who were their own clients until now: a person who changes the employer takes
        nothing along that was reported for another client.
        """
        own = self.sudo().filtered(lambda partner: partner == partner.commercial_partner_id)
        unserved = [
            ("commercial_partner_id", "in", own.ids),
            ("support_contract_id", "=", False),
            ("stage_id.closed", "=", False),
        ]
        tickets = self.env["helpdesk.ticket"].sudo()
        return tickets.search_fetch(unserved, ["commercial_partner_id"]) if own else tickets
