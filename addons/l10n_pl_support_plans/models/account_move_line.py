from decimal import Decimal

from odoo import models

from .fa3_document import RATES, amount, number, unit_price

#: Any of these says that a line was made for an agreement; those of other addons count where they are installed.
MARKS = ("service_period_start", "support_contract_id", "is_overage", "is_package_sale")


class AccountMoveLine(models.Model):
    """What a line of an invoice tells KSeF."""

    _inherit = "account.move.line"

    def _is_support_line(self):
        """Tell whether this line bills an agreement: its fee, its hours, a package, something else on it."""
        self.ensure_one()
        return bool(
            any(self[mark] for mark in MARKS if mark in self._fields)
            or self.contract_line_id.contract_id.support_plan_id
        )

    def _is_hours_line(self):
        """Tell whether this line bills hours; the addon that makes such lines need not be installed."""
        self.ensure_one()
        return "is_overage" in self._fields and self.is_overage

    def _get_jpk_tags(self):
        """Return the boxes of the Polish VAT return that this line fills, such as {"K_19"}."""
        self.ensure_one()
        names = self.tax_tag_ids.with_context(lang="en_US").mapped("name")
        return {name.lstrip("+-") for name in names if name}

    def _get_service_period(self):
        """Return (first day, last day) of the service that this line bills; None when there was none."""
        self.ensure_one()
        is_unused = self.sudo().termination_line_id.is_unused
        known = self.service_period_start and self.service_period_end and not is_unused
        return (self.service_period_start, self.service_period_end) if known else None

    def _get_fa3_price(self, sign):
        """Return the unit price, and the discount of the row where there is one (art. 106e (1) 10 of the VAT act).

        A discount is told as such: P_11 = P_8B x P_9A - P_10. With VAT in the price it is in the unit price.

        :param sign: see `account.move._get_ksef_sign`
        """
        if not self.discount or any(self.tax_ids.flatten_taxes_hierarchy().mapped("price_include")):
            return {"P_9A": number(unit_price(self.quantity, self.price_unit, self.price_subtotal), 8, 2)}
        full = Decimal(amount(Decimal(str(self.quantity)) * Decimal(str(self.price_unit))))
        return {
            "P_9A": number(self.price_unit, 8, 2),
            "P_10": amount(sign * (full - Decimal(amount(self.price_subtotal)))),
        }

    def _get_fa3_row(self, several_periods):
        """Return {element: text} of what Odoo writes wrong, or not at all, in a row of the file.

        :param several_periods: the lines of this invoice end on different days
        """
        self.ensure_one()
        sign = self.move_id._get_ksef_sign()
        tags = self._get_jpk_tags()
        row = {
            "P_7": " ".join(self.name.split()) if self.name else False,
            "P_8B": number(sign * self.quantity, 6),
            **self._get_fa3_price(sign),
            "P_11": amount(sign * self.price_subtotal),
            "P_12": next(rate for tag, rate in RATES.items() if tag in tags),
        }
        if several_periods and (period := self._get_service_period()):
            row["P_6A"] = str(period[1])
        if self.currency_id != self.company_currency_id and self.company_currency_id.name == "PLN":
            row["KursWaluty"] = number(1 / self.move_id.invoice_currency_rate, 6, 4)
        return row
