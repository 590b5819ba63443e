from odoo import fields, models

EXEMPTION_BASES = [
    ("P_19A", "Polish act or regulation (P_19A)"),
    ("P_19B", "Directive 2006/112/EC (P_19B)"),
    ("P_19C", "Other legal basis (P_19C)"),
]


class AccountTax(models.Model):
    """An exempt tax knows the provision that exempts: an invoice must name it (art. 106e ust. 1 pkt 19)."""

    _inherit = "account.tax"

    l10n_pl_exemption_basis = fields.Selection(
        EXEMPTION_BASES, string="Basis of Exemption", help="Where the provision that exempts from VAT stands."
    )
    l10n_pl_exemption_text = fields.Char(
        string="Provision",
        help="For example: art. 113 ust. 1 ustawy o VAT. KSeF takes at most 256 characters.",
    )
