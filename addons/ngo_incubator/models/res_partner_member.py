from odoo import models


class ResPartner(models.Model):
    """A contact that is the member itself, and then gets a company, or loses it: the membership goes along (F12)."""

    _inherit = "res.partner"

    def write(self, vals):
        if {"parent_id", "is_company"}.isdisjoint(vals):
            return super().write(vals)
        own = self.sudo().filtered(lambda x: x == x.commercial_partner_id).ngo_membership_ids
        moved = own.search([("moved_from_id", "in", self.ids)])
        live = (own | moved).filtered(lambda m: m.state != "ended")
        done = super().write(vals)
        for membership in live:
            membership._follow_organisation()
        return done
