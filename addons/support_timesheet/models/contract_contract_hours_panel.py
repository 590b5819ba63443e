from datetime import date

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.support_plans.rules import terms as terms_rules

from .clock import clock

#: Service months in the list to choose from; older ones are reached one by one.
_MONTHS_SHOWN = 24


class ContractContract(models.Model):
    """Hours as the client reads them in the panel: what is left, and each work of a service month."""

    _inherit = "contract.contract"

    def _get_hours_panel(self, month=None):
        """Return what the page of hours shows; read as superuser.

        :param month: any day of the service month whose works are shown; None: the present one
        """
        self.ensure_one()
        today = self._get_service_day(fields.Datetime.now())
        return {
            "is_running": self._covers(today),
            "starts": self._format_day(self.date_start) if self.date_start > today else "",
            "balance": self._get_panel_balance(today) if self._covers(today) else None,
            "packages": self._get_panel_packages(today),
            "waiting": self._get_works_to_approve()._get_panel_works(),
            **self._get_panel_month(today, month),
        }

    # Balance

    def _get_panel_balance(self, today):
        """Return the balance of a day: what is left as h:mm, how much is used in percent, and the figures."""
        balance = self._get_balances(today)[self.id]
        total = balance.allowance + balance.bought
        return {
            "left": clock(balance.left),
            "has_package": bool(total),
            "percent": round(100 * balance.used / total) if total else 0,
            "total": clock(total),
            "used": clock(balance.used),
            "rows": self._get_panel_balance_rows(balance, today),
        }

    def _get_panel_balance_rows(self, balance, today):
        """Return [(label, text)] of the figures beside what is left."""
        rows = []
        if balance.allowance:
            rows.append((self.env._("From the monthly allowance"), clock(balance.allowance)))
        if balance.bought:
            rows.append((self.env._("Bought or added"), clock(balance.bought)))
        if balance.allowance or balance.bought:
            rows.append((self.env._("Used"), clock(balance.used)))
        rows += self._get_panel_beyond_rows(balance)
        if self.response_hours and self.quota_hours:
            rows.append((self.env._("Guaranteed time used in this service month"), self._describe_quota_used(today)))
        rows.append((self.env._("Your own ceiling beyond the package, per month"), self._describe_own_ceiling()))
        return rows

    def _get_panel_beyond_rows(self, balance):
        """Return the figures of work that no package pays; without packages nothing is “beyond” one (P2, P22)."""
        labels = self.env._("Ordered by the hour in this service month"), self.env._("Hourly rate, net")
        if self._uses_packages():
            labels = self.env._("Beyond the package in this service month"), self.env._("Rate beyond the package, net")
        rows = [(labels[0], clock(balance.beyond))]
        if self.hourly_rate:
            rows.append((labels[1], self.env._("%(price)s per hour", price=self._describe_hourly_rate())))
        return rows

    def _describe_quota_used(self, today):
        """Return how much of the quota of guaranteed time is used (P15, D12)."""
        used = self._get_quota_used_minutes({(self, today)}).get((self.id, today), 0)
        return self.env._("%(used)s of %(quota)s", used=clock(used), quota=clock(round(self.quota_hours * 60)))

    def _describe_own_ceiling(self):
        if not self.overage_ceiling_hours:
            return self.env._("none")
        return clock(round(self.overage_ceiling_hours * 60))

    def _get_panel_packages(self, today):
        """Return the packages that may still be used, the first to end first.

        The allowance of this service month counts although no work has asked for it yet (D11).
        """
        lots = self.package_ids
        usable = lots.filtered(lambda lot: lot.date_to >= today or lot.awaits_payment)
        rows = [self._prepare_panel_package(lot, lot.used_minutes, lot.awaits_payment, lot.note) for lot in usable]
        if self._covers(today):
            stored = set(lots.filtered(lambda lot: lot.origin == "month").mapped("date_from"))
            missing = self._get_lots_not_stored(today, stored)
            rows += [self._prepare_panel_package(lot, 0, False, "") for lot in missing if lot["date_to"] >= today]
        return sorted(rows, key=lambda row: (row["waits"], row["last"]))

    def _prepare_panel_package(self, lot, used, waits, note):
        """Return one package for the panel.

        :param lot: support.package, or the values of one that is not stored yet
        """
        origins = {
            "month": self.env._("Monthly allowance"),
            "purchase": self.env._("Bought package"),
            "adjustment": self.env._("Added hours"),
        }
        return {
            "name": origins[lot["origin"]],
            "note": note or "",
            "total": clock(lot["minutes"]),
            "left": clock(lot["minutes"] - used),
            "waits": waits,
            "last": lot["date_to"],
            "validity": self.env._(
                "%(first)s – %(last)s", first=self._format_day(lot["date_from"]), last=self._format_day(lot["date_to"])
            ),
        }

    # Works of a month

    def _get_panel_month(self, today, month):
        """Return the works of the service month in which `month` falls, and the months to choose from."""
        first_number = self._get_month_number(self.date_start)
        last_number = self._get_shown_number(today, None)
        number = self._get_shown_number(today, month)
        first, last = self._get_panel_bounds(number)
        works = self._get_works_between(first, last)
        return {
            "month": self._prepare_panel_month(number),
            "previous": self._prepare_panel_month(number - 1) if number > first_number else None,
            "next": self._prepare_panel_month(number + 1) if number < last_number else None,
            "months": [
                self._prepare_panel_month(n)
                for n in range(last_number, max(first_number, last_number - _MONTHS_SHOWN + 1) - 1, -1)
            ],
            "works": works._get_panel_works(),
            "totals": works._get_panel_totals(),
        }

    def _get_shown_number(self, today, month):
        """Return the number of the service month in which `month` falls, kept within the agreement and today."""
        end = min(today, self.date_end or today)
        return self._get_month_number(max(min(month or end, end), self.date_start))

    def _get_shown_month(self, month=None):
        """Return the first and last day of the service month that the page shows for `month`."""
        today = self._get_service_day(fields.Datetime.now())
        return self._get_panel_bounds(self._get_shown_number(today, month))

    def _get_panel_bounds(self, number):
        return terms_rules.service_month(self.date_start, number)

    def _prepare_panel_month(self, number):
        """Return a service month for the switcher: its key for the address, and its name."""
        first, last = self._get_panel_bounds(number)
        return {
            "key": fields.Date.to_string(first),
            "first": first,
            "last": last,
            "name": self._name_month(first, last),
        }

    def _name_month(self, first, last):
        """Return "June 2026", or both days where service months do not begin on the first (D5)."""
        if first.day == 1:
            return format_date(self.env, first, date_format="LLLL y")
        days = format_date(self.env, first, date_format="d MMM"), self._format_day(last)
        return self.env._("%(first)s – %(last)s", first=days[0], last=days[1])

    def _get_works_between(self, first: date, last: date):
        """Return the works of this agreement that its client reads between two days, as superuser, oldest first."""
        works = self.env["account.analytic.line"].sudo()
        own = Domain("support_contract_id", "=", self.id)
        days = Domain("date", ">=", first) & Domain("date", "<=", last)
        return works.search(own & days & works._get_readable_domain(), order="date, id")

    def _get_works_to_approve(self):
        """Return the works above the client's ceiling that no contact has approved, as superuser, oldest first."""
        works = (
            self.env["account.analytic.line"]
            .sudo()
            .search(
                [
                    ("support_contract_id", "=", self.id),
                    ("is_over_ceiling", "=", True),
                    ("approved_by_id", "=", False),
                    ("is_billed", "=", False),
                ],
                order="date, id",
            )
        )
        return works.filtered(lambda line: line._waits_for_client())
