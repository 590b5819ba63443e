from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.support_plans.rules import terms as terms_rules

from ..rules import package

#: Figures of a balance, in the order of `rules.package.Balance`.
FIGURES = ("allowance", "bought", "used", "expired", "left", "beyond")


class ContractContract(models.Model):
    """What a client has left, on any day, and the quota of guaranteed time (P10, P15, D11, D12)."""

    _inherit = "contract.contract"

    hours_allowance = fields.Float(
        string="Allowance (h)", compute="_compute_hours_balance", help="Of the packages that this plan gives by month."
    )
    hours_bought = fields.Float(string="Bought (h)", compute="_compute_hours_balance")
    hours_used = fields.Float(
        string="Used (h)", compute="_compute_hours_balance", help="Of the packages that are valid today."
    )
    hours_expired = fields.Float(
        string="Expired (h)", compute="_compute_hours_balance", help="Never used before the packages' last day."
    )
    hours_left = fields.Float(string="Left (h)", compute="_compute_hours_balance")
    hours_beyond = fields.Float(
        string="Beyond (h)", compute="_compute_hours_balance", help="Beyond the packages in this service month."
    )
    quota_used = fields.Float(
        string="Quota Used (h)",
        compute="_compute_quota_used",
        help="Guaranteed time used in this service month: e-mail work on anything but bugs.",
    )

    @api.depends_context("uid")
    def _compute_hours_balance(self):
        agreements = self.filtered(lambda c: c.support_plan_id and c.support_state != "draft" and c.date_start)
        today = self._get_today()
        balances = agreements._get_balances(today)
        for contract in self:
            figures = balances.get(contract.id)
            for name in FIGURES:
                contract[f"hours_{name}"] = getattr(figures, name) / 60 if figures else 0.0

    @api.depends_context("uid")
    def _compute_quota_used(self):
        today = self._get_today()
        live = self.filtered(lambda c: c.support_plan_id and c._covers(today))
        used = self.sudo()._get_quota_used_minutes({(c, today) for c in live})
        for contract in self:
            contract.quota_used = used.get((contract.id, today), 0) / 60

    # Balances

    def _get_balances(self, day):
        """Return {agreement id: `rules.package.Balance`} on a day, in minutes, with one query for any number.

        Allowances that were never asked for count as well: the answer does not depend on a cron (D11).
        """
        agreements = self.sudo().filtered(lambda c: c.date_start and c.date_start <= day)
        if not agreements:
            return {}
        numbers = {agreement: agreement._get_month_number(day) for agreement in agreements}
        figures = agreements._read_balances(day, numbers)
        return {agreement.id: agreement._get_balance(day, figures[agreement.id]) for agreement in agreements}

    def _get_balance(self, day, figures):
        """Return the balance of one agreement from the figures that were read."""
        allowance, bought, used, expired, beyond, stored = figures
        if stored is not None:
            for lot in self._get_lots_not_stored(day, stored):
                if lot["date_to"] >= day:
                    allowance += lot["minutes"]
                else:
                    expired += lot["minutes"]
        return package.Balance(allowance, bought, used, expired, allowance + bought - used, beyond)

    def _get_months_given(self, day, number=None):
        """Return the numbers of the service months that gave an allowance by a day.

        :param number: of the service month of that day, where it is known
        """
        if not self.package_hours:
            return range(0)
        first = self._get_first_month() if self.invoice_from or self.package_since else 0
        end = self.date_end
        if number is None or (end and end < day):
            number = self._get_month_number(min(day, end or day))
        return range(first, number + 1)

    def _get_lots_not_stored(self, day, stored):
        """Return the allowances of service months that no work has asked for yet.

        :param stored: first days of the months whose allowance exists
        """
        missing = [n for n in self._get_months_given(day) if self._get_month_first(n) not in stored]
        return [{**lot, "used": 0} for lot in map(self._prepare_month_lot, missing) if lot]

    def _read_balances(self, day, numbers):
        """Return {agreement id: (allowance, bought, used, expired, beyond, stored)}, all in minutes but the last one.

        `stored`: first days of the months whose allowance exists; None when no month lacks it.

        A package that is over was used before the day by all that burned it; of a valid one, what was
        burned after the day is taken off: so years of works are not added up.

        :param numbers: {agreement: number of the service month of that day}
        """
        self.env["support.package"].flush_model()
        self.flush_model(["package_since"])
        rows = self.env.execute_query(
            SQL(
                """WITH lot AS NOT MATERIALIZED (
                            SELECT lot.id, contract_id, minutes, COALESCE(used_minutes, 0) AS used, date_from, date_to,
                                   origin = 'month' AS is_month,
                                   origin = 'month' AND date_from >= COALESCE(package_since, date_from) AS is_counted
                              FROM support_package lot
                              JOIN contract_contract contract ON contract.id = lot.contract_id
                             WHERE contract_id = ANY(%(ids)s) AND date_from <= %(day)s
                               AND awaits_payment IS NOT TRUE),
                        valid AS (
                            SELECT contract_id, COUNT(*) FILTER (WHERE is_counted) AS months,
                                   SUM(minutes) FILTER (WHERE is_month) AS allowance,
                                   SUM(minutes) FILTER (WHERE NOT is_month) AS bought,
                                   SUM(used - COALESCE((SELECT SUM(entry.minutes) FROM support_package_entry entry
                                                         WHERE entry.package_id = lot.id AND entry.date > %(day)s), 0)
                                      ) AS used
                              FROM lot WHERE date_to >= %(day)s GROUP BY contract_id),
                        over AS (
                            SELECT contract_id, COUNT(*) FILTER (WHERE is_counted) AS months,
                                   SUM(minutes - used) AS expired
                              FROM lot WHERE date_to < %(day)s GROUP BY contract_id)
                   SELECT asked.id, COALESCE(valid.allowance, 0)::int, COALESCE(valid.bought, 0)::int,
                          COALESCE(valid.used, 0)::int, COALESCE(over.expired, 0)::int,
                          (SELECT COALESCE(SUM(entry.minutes), 0)::int
                             FROM support_package_entry entry
                            WHERE entry.contract_id = asked.id AND entry.month_start = asked.month_first
                              AND entry.package_id IS NULL AND entry.date <= %(day)s),
                          CASE WHEN COALESCE(valid.months, 0) + COALESCE(over.months, 0) <> asked.months
                               THEN ARRAY(SELECT date_from FROM lot WHERE contract_id = asked.id AND is_month) END
                     FROM unnest(%(ids)s::int[], %(firsts)s::date[], %(months)s::int[])
                       AS asked(id, month_first, months)
                LEFT JOIN valid ON valid.contract_id = asked.id
                LEFT JOIN over ON over.contract_id = asked.id""",
                day=day,
                ids=[agreement.id for agreement in numbers],
                firsts=[agreement._get_month_first(number) for agreement, number in numbers.items()],
                months=[len(agreement._get_months_given(day, number)) for agreement, number in numbers.items()],
            )
        )
        return {row[0]: row[1:] for row in rows}

    # Quota

    @api.model
    def _get_quota_used_minutes(self, agreement_days):
        # EXTENDS support_plans: e-mail work on anything but bugs in the service month of the day (P15, D12)
        asked = [(a.id, day, *self._get_month_bounds(a, day)) for a, day in agreement_days if a.date_start <= day]
        if not asked:
            return {}
        self.env["account.analytic.line"].flush_model(["coverage_basis", "charged_minutes", "date"])
        agreements, days, firsts, lasts = zip(*asked, strict=True)
        rows = self.env.execute_query(
            SQL(
                """SELECT asked.contract_id, asked.day, SUM(line.charged_minutes)::int
                     FROM unnest(%s::int[], %s::date[], %s::date[], %s::date[])
                       AS asked(contract_id, day, first, last)
                     JOIN account_analytic_line line
                       ON line.support_contract_id = asked.contract_id AND line.coverage_basis = 'quota'
                      AND line.date BETWEEN asked.first AND asked.last
                 GROUP BY asked.contract_id, asked.day""",
                list(agreements),
                list(days),
                list(firsts),
                list(lasts),
            )
        )
        return {(agreement, day): minutes for agreement, day, minutes in rows}

    @api.model
    def _get_month_bounds(self, agreement, day):
        """Return the first and last day of the agreement's service month in which a day falls."""
        return terms_rules.service_month(agreement.date_start, agreement._get_month_number(day))
