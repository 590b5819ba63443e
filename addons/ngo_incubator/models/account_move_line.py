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

    def _prepare_discount_copy(self):
        # EXTENDS support_plans: what is given back of a discount lowers the balance of the organisation
        values = super()._prepare_discount_copy()
        return {**values, "ngo_benefit_id": self.ngo_benefit_id.id, "ngo_full_price": self.ngo_full_price}
