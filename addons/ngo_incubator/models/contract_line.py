from decimal import Decimal

from odoo import models

from ..rules import benefit as rules


class ContractLine(models.Model):
    """The fee of a plan with the discount of an organisation (F12, D4, F9)."""

    _inherit = "contract.line"

    def _get_net_price(self, first, last):
        # EXTENDS support_plans
        price = super()._get_net_price(first, last)
        if not self.is_plan_fee:
            return price
        percent = self._get_ngo_percent(self._get_ngo_fee_benefit(self.contract_id._get_today(), first))
        return min(price, float(rules.price(_to_decimal(self._get_fee_price(first, last)), percent)))

    def _prepare_invoice_line(self):
        # EXTENDS support_plans
        values = super()._prepare_invoice_line()
        if not self.is_plan_fee or not values:
            return values
        invoiced_on = self.env.context.get("ngo_invoiced_on") or self.contract_id._get_today()
        benefit = self._get_ngo_fee_benefit(invoiced_on, values["service_period_start"])
        if self.plan_fee_kind == "difference":
            return {**values, **self._prepare_ngo_difference(values, benefit)}
        return {**values, **self._prepare_ngo_fee(values, benefit)}

    def _get_ngo_fee_benefit(self, invoiced_on, first):
        """Return the benefit that counts for a service period of this fee; empty for none."""
        return self.contract_id._get_ngo_benefit(invoiced_on, first, self._get_ngo_percent)

    def _get_ngo_percent(self, benefit):
        """Return the discount that a benefit gives on this fee, by its own plan, as Decimal."""
        return benefit._get_fee_percent(self.support_plan_id or self.contract_id.support_plan_id)

    def _prepare_ngo_fee(self, values, benefit):
        """Return what a benefit changes on the invoice line of a month or a year."""
        percent = self._get_ngo_percent(benefit)
        if not percent:
            return {}
        list_price = rules.price(_to_decimal(values["list_price_month"]), percent)
        own = _to_decimal(values.get("discount"))
        if rules.higher(own, percent) == own:
            return {"list_price_month": float(list_price)}  # the client's own discount is the one that is given
        return {
            "discount": float(percent),
            "list_price_month": float(list_price),
            "name": self._get_ngo_text(values["name"], percent, list_price),
            "ngo_benefit_id": benefit.id,
            "ngo_full_price": values["price_unit"],
        }

    def _get_ngo_text(self, name, percent, list_price):
        """Return the text of a line with what the organisation reads of its price, in its language."""
        agreement = self._in_client_lang()
        note = agreement.env._(
            "NGO discount %(percent)s %%; monthly list price with it: %(price)s net",
            percent=f"{float(percent):g}",
            price=agreement._format_price(float(list_price)),
        )
        return f"{name}\n{note}"

    def _in_client_lang(self):
        agreement = self.contract_id
        return agreement.with_context(lang=agreement._get_client_lang())

    # A dearer plan in a prepaid year

    def _prepare_ngo_difference(self, values, benefit):
        """Return what discounts change on the difference to a dearer plan.

        With the same discount before and after, the difference has it, too. Otherwise the line has the
        new price less the price that is paid, each after its own discount; those of the monthly price list
        where the end of the agreement cuts the year (F9).
        """
        if not self.contract_id.sudo().commercial_partner_id.ngo_membership_ids:
            return {}  # nobody else's difference costs a query
        paid = self._get_paid_fees(values["service_period_start"])
        percent = self._get_ngo_percent(benefit)
        granted = {line.discount if line.ngo_benefit_id else 0.0 for line in paid}
        if granted <= {float(percent)}:
            return self._prepare_ngo_fee(values, benefit)
        agreement = self._in_client_lang()
        fees = paid.contract_line_id | self
        new, new_list = (rules.price(_sum(fees.mapped(name)), percent) for name in ("price_unit", "list_price_month"))
        before, listed = _sum_monthly(paid), _sum(paid.mapped("list_price_month"))
        if self._is_cut_short(values["service_period_start"], values["service_period_end"]):
            new, before = new_list, listed
        note = agreement.env._(
            "Monthly price with the NGO discount of %(percent)s %%: %(price)s; of it %(paid)s are paid already",
            percent=f"{float(percent):g}",
            price=agreement._format_price(float(new)),
            paid=agreement._format_price(float(before)),
        )
        return {
            "price_unit": float(rules.difference(new, before)),
            "list_price_month": float(rules.difference(new_list, listed)),
            "name": f"{values['name']}\n{note}",
            "ngo_benefit_id": (benefit or paid.ngo_benefit_id[:1]).id,
            "ngo_full_price": values["price_unit"],
        }

    def _get_paid_fees(self, day):
        """Return the invoice lines that pay for this agreement on a day already: the year, and earlier differences."""
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("contract_line_id.contract_id", "=", self.contract_id.id),
                    ("contract_line_id", "<", self.id),
                    ("is_plan_fee", "=", True),
                    ("parent_state", "!=", "cancel"),
                    ("service_period_start", "<=", day),
                    ("service_period_end", ">=", day),
                ]
            )
        )


def _to_decimal(value):
    return Decimal(str(value or 0))


def _sum(values):
    return sum(map(_to_decimal, values), start=Decimal(0))


def _sum_monthly(lines):
    """Return what fees cost for one month, after their discounts."""
    return sum(
        (_to_decimal(line.price_subtotal) / _to_decimal(line.quantity) for line in lines if line.quantity),
        start=Decimal(0),
    )
