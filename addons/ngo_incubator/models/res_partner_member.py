from odoo import models


class ResPartner(models.Model):
    """A contact that is the member itself, and then gets a company: the membership goes along (F12)."""

    _inherit = "res.partner"

    def write(self, vals):
        if {"parent_id", "is_company"}.isdisjoint(vals):
            return super().write(vals)
        members = self.sudo().filtered(lambda x: x == x.commercial_partner_id).ngo_membership_ids
        live = members.filtered(lambda m: m.state != "ended")
        done = super().write(vals)
        for membership in live:
            membership._follow_organisation()
        return done
