from odoo import fields, models


class SupportPackage(models.Model):
    """A package ordered in the client panel: one order, one package, however often it is sent."""

    _inherit = "support.package"

    order_token = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Technical: names the order page that bought this package; sending that page again buys nothing.",
    )

    _order_once = models.UniqueIndex(
        "(order_token) WHERE order_token IS NOT NULL", "This order has been placed already."
    )
