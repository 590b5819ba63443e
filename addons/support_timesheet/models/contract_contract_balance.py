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
        """Return {agreement id: `rules.package.Balance`} on a day, in minutes, with two queries for any number.

        Allowances that were never asked for count as well: the answer does not depend on a cron (D11).
        """
        agreements = self.sudo().filtered(lambda c: c.date_start and c.date_start <= day)
        if not agreements:
            return {}
        lots = agreements._read_balance_lots(day)
        beyond = agreements._read_beyond(day)
        return {
            agreement.id: agreement._get_balance(day, lots.get(agreement.id, ()), beyond.get(agreement.id, 0))
            for agreement in agreements
        }

    def _get_balance(self, day, lots, beyond):
        """Return the balance of one agreement from the figures that were read."""
        lots = [*lots, *self._get_lots_not_stored(day, lots)]
        valid = [lot for lot in lots if lot["date_to"] >= day]
        allowance = sum(lot["minutes"] for lot in valid if lot["origin"] == "month")
        bought = sum(lot["minutes"] for lot in valid if lot["origin"] != "month")
        used = sum(lot["used"] for lot in valid)
        expired = sum(lot["minutes"] - lot["used"] for lot in lots if lot["date_to"] < day)
        return package.Balance(
            allowance=allowance,
            bought=bought,
            used=used,
            expired=expired,
            left=allowance + bought - used,
            beyond=beyond,
        )

    def _get_lots_not_stored(self, day, lots):
        """Return the allowances of service months that no work has asked for yet."""
        if not self.package_hours:
            return []
        stored = {lot["date_from"] for lot in lots if lot["origin"] == "month"}
        numbers = range(self._get_first_month(), self._get_month_number(min(day, self.date_end or day)) + 1)
        if len(stored) == len(numbers):
            return []
        missing = [self._prepare_month_lot(n) for n in numbers if self._get_month_first(n) not in stored]
        return [{**lot, "used": 0} for lot in missing if lot]

    def _read_balance_lots(self, day):
        """Return {agreement id: [package as dict]} of packages that began by a day, with what was used by then."""
        self.env["support.package"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT lot.contract_id, lot.origin, lot.minutes, lot.date_from, lot.date_to,
                          COALESCE(SUM(entry.minutes), 0)::int AS used
                     FROM support_package lot
                LEFT JOIN support_package_entry entry ON entry.package_id = lot.id AND entry.date <= %(day)s
                    WHERE lot.contract_id IN %(ids)s AND lot.date_from <= %(day)s
                      AND lot.awaits_payment IS NOT TRUE
                 GROUP BY lot.id""",
                day=day,
                ids=tuple(self.ids),
            )
        )
        grouped = {}
        for row in rows:
            grouped.setdefault(row["contract_id"], []).append(row)
        return grouped

    def _read_beyond(self, day):
        """Return {agreement id: minutes beyond the packages} in the service month of a day, up to it."""
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT entry.contract_id, SUM(entry.minutes)::int
                         FROM unnest(%s::int[], %s::date[]) AS month(contract_id, first)
                         JOIN support_package_entry entry
                           ON entry.contract_id = month.contract_id AND entry.month_start = month.first
                        WHERE entry.package_id IS NULL AND entry.date <= %s
                     GROUP BY entry.contract_id""",
                    self.ids,
                    [agreement._get_month_start(day) for agreement in self],
                    day,
                )
            )
        )

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
