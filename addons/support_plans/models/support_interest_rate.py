from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..rules import interest


class SupportInterestRate(models.Model):
    """The statutory interest rate from a day on; entered by the accountant from the official announcement."""

    _name = "support.interest.rate"
    _description = "Statutory Interest Rate"
    _order = "date_from desc"

    date_from = fields.Date(string="From", required=True)
    percent = fields.Float(string="Percent a Year", digits=(6, 3), required=True)
    source = fields.Char(required=True, help="Where the rate was announced.")

    _once = models.UniqueIndex("(date_from)", "There is a rate from this day already.")
    _not_negative = models.Constraint("CHECK(percent >= 0 AND percent <= 100)", "A rate is 0 to 100 % a year.")

    @api.depends("date_from", "percent")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{format_date(self.env, rate.date_from)}: {rate.percent:g} %"

    @api.model
    def _get_rates(self):
        """Return the table as `rules.interest.Rate`."""
        return [interest.Rate(rate.date_from, Decimal(f"{rate.percent:.3f}")) for rate in self.sudo().search([])]
