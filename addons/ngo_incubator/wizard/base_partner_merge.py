from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two members are not merged into one contact: core would leave the refusal to the database (F12)."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS base
        live = (
            self.env["ngo.membership"]
            .sudo()
            ._read_group(
                [("commercial_partner_id", "in", list(partner_ids)), ("state", "!=", "ended")],
                ["company_id"],
                ["id:recordset", "__count"],
            )
        )
        for company, memberships, count in live:
            if count > 1:
                raise UserError(
                    self.env._(
                        "%(names)s are members in their own right at %(company)s. End all of these memberships but "
                        "one, then merge the contacts.",
                        names=", ".join(memberships.mapped("display_name")),
                        company=company.name,
                    )
                )
        return super()._merge(partner_ids, dst_partner, extra_checks)
