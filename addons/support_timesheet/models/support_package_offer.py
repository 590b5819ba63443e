from odoo import fields, models


class SupportPackageOffer(models.Model):
    """A package of hours in the price list: 10 h to start with, 50 h, and so on (B5, B6, C3)."""

    _name = "support.package.offer"
    _description = "Offer of Hours"
    _order = "sequence, hours, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name for imports, such as SERVICE-50.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: offered by every company.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.ref("base.PLN", raise_if_not_found=False) or self.env.company.currency_id,
    )
    hours = fields.Float(required=True, digits=(16, 2))
    price = fields.Float(string="Net Price", required=True, digits="Product Price", help="For the whole package.")
    validity_months = fields.Integer(string="Validity (months)", required=True, default=12)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", help="Product of the invoice line; gives its taxes."
    )
    in_panel = fields.Boolean(string="Sold in the Panel", default=True, help="Clients may buy it in their panel.")

    _code_uniq = models.Constraint("UNIQUE(code)", "An offer with this code exists already. Choose another code.")
    _hours_positive = models.Constraint("CHECK(hours > 0)", "An offer has hours.")
    _price_not_negative = models.Constraint("CHECK(price >= 0)", "The price of an offer cannot be negative.")
    _validity_range = models.Constraint(
        "CHECK(validity_months BETWEEN 1 AND 12)", "Bought hours live from 1 to 12 months."
    )
