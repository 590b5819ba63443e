from decimal import Decimal

from odoo import models
from odoo.tools import format_date

from ..rules import benefit as rules


class ContractContract(models.Model):
    """The prices of an organisation in words: for the panel, mails and the agreement's form (F12)."""

    _inherit = "contract.contract"

    def _describe_payment(self):
        # EXTENDS support_plans
        text = super()._describe_payment()
        percent = self._get_ngo_percent_now()
        if not percent:
            return text
        month = self._format_discounted(self._get_fee_price(), percent)
        names = {"price": text, "percent": f"{float(percent):g}", "month": month}
        if self.payment_period == "year":
            year = self._format_discounted(12 * self._get_fee_price(), percent)
            return self.env._(
                "%(price)s; with your NGO discount of %(percent)s %%: %(year)s a year, %(month)s a month",
                year=year,
                **names,
            )
        return self.env._("%(price)s; with your NGO discount of %(percent)s %%: %(month)s", **names)

    def _describe_hourly_rate(self):
        # EXTENDS support_plans
        text = super()._describe_hourly_rate()
        percent = self._get_ngo_hours_percent(self._get_today()) if self.hourly_rate else Decimal(0)
        if not percent:
            return text
        return self.env._(
            "%(price)s (%(full)s less the NGO discount of %(percent)s %%)",
            price=self._format_discounted(self.hourly_rate, percent),
            full=text,
            percent=f"{float(percent):g}",
        )

    def _describe_settled_price(self):
        # EXTENDS support_plans: a year paid with the discount is settled at the price list with the same one (D4)
        text = super()._describe_settled_price()
        if not self.commercial_partner_id.sudo().ngo_membership_ids:
            return text
        price, full = self._get_ngo_settled_price(self._get_today())
        if self.currency_id.compare_amounts(price, full) >= 0:
            return text
        return self.env._(
            "%(price)s, that is %(full)s less your NGO discount,",
            price=self._format_price(price),
            full=self._format_price(full),
        )

    def _get_ngo_settled_price(self, today):
        """Return what a month costs in a settlement, with and without the discount, net.

        As it was invoiced for today; else with the discount of today.
        """
        booked = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("contract_line_id.contract_id", "=", self.id),
                    ("is_plan_fee", "=", True),
                    ("parent_state", "=", "posted"),
                    ("service_period_start", "<=", today),
                    ("service_period_end", ">=", today),
                ]
            )
        )
        if booked:
            return tuple(sum(lines.mapped("list_price_month")) for lines in (booked, booked.contract_line_id))
        full = self.list_price_month
        return float(rules.price(Decimal(str(full)), self._get_ngo_percent_now())), full

    def _get_ngo_percent_now(self):
        """Return the discount that the next service month has, as far as it is known today."""
        today = self._get_today()
        return self._get_ngo_fee_percent(today, today)

    def _get_ngo_hours_percent(self, today):
        """Return the discount on hours of the service month of today, as if they were invoiced now."""
        first = self._get_month_start(today) if self.date_start and self.date_start <= today else today
        benefit = self._get_ngo_benefit(today, first, lambda x: x._get_hours_percent())
        return benefit._get_hours_percent()

    def _format_discounted(self, price, percent):
        return self._format_price(float(rules.price(Decimal(str(price)), percent)))

    def _describe_ngo_terms(self, today):
        """Return what an invoice of today has, as sentences."""
        benefit = self._get_ngo_benefit(today, today)
        texts = self._describe_own_terms(benefit, today)
        if not benefit:
            return [self.ngo_membership_id.state_text or "", *texts]
        if benefit.last_day:
            day = format_date(self.env, benefit.last_day)
            texts.append(self.env._("full price for service months that begin after %(day)s", day=day))
        return texts

    def _describe_own_terms(self, benefit, today):
        """Return what a benefit gives this agreement, by its plan; hours have that of their service month."""
        percents = benefit._get_fee_percent(self.support_plan_id), self._get_ngo_hours_percent(today)
        fee, hours = (f"{float(x):g}" for x in percents)
        texts = []
        if fee != "0":
            plan = self.support_plan_id.display_name
            texts.append(self.env._("%(percent)s %% on the fee of %(plan)s", percent=fee, plan=plan))
        if hours != "0":
            texts.append(self.env._("%(percent)s %% on hours by the hourly rate", percent=hours))
        if benefit.is_in_price:
            texts.append(self.env._("full price on invoices: promotion is part of the price"))
        if benefit.payment_days:
            texts.append(self.env._("invoices are due in %(days)s days", days=benefit.payment_days))
        return texts
