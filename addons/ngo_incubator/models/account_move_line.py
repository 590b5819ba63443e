from odoo import fields, models


class AccountMoveLine(models.Model):
    """An invoice line knows the benefit that made it cheaper, and its price without it (F12)."""

    _inherit = "account.move.line"

    ngo_benefit_id = fields.Many2one(
        "ngo.benefit", string="Discount By", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    ngo_full_price = fields.Float(
        string="Price Without the NGO Discount",
        digits="Product Price",
        readonly=True,
        help="Net, for one unit. What the discount gave is the difference to the amount of the line.",
    )
