import logging

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class SupportPackageEntry(models.Model):
    """The nightly check: minutes in = minutes allocated, for every work and every package (D13, T29)."""

    _inherit = "support.package.entry"

    @api.model
    def _find_broken_works(self):
        """Return the works whose ledger rows do not add up to what they charge."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id
                     FROM account_analytic_line line
                LEFT JOIN support_package_entry entry ON entry.line_id = line.id
                    WHERE line.coverage_basis IS NOT NULL
                 GROUP BY line.id
                   HAVING COALESCE(SUM(entry.minutes), 0) <> line.package_minutes + line.overage_minutes
                       OR COALESCE(SUM(entry.minutes) FILTER (WHERE entry.package_id IS NULL), 0)
                          <> line.overage_minutes"""
            )
        )
        return self.env["account.analytic.line"].browse(row[0] for row in rows)

    @api.model
    def _find_broken_packages(self):
        """Return the packages whose use is not the sum of their ledger rows."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT lot.id
                     FROM support_package lot
                LEFT JOIN support_package_entry entry ON entry.package_id = lot.id
                 GROUP BY lot.id
                   HAVING COALESCE(SUM(entry.minutes), 0) <> COALESCE(lot.used_minutes, 0)"""
            )
        )
        return self.env["support.package"].browse(row[0] for row in rows)

    @api.model
    def _cron_check_ledger(self):
        """Say what does not add up, and allocate anew what is not billed."""
        works, lots = self._find_broken_works(), self._find_broken_packages()
        if not works and not lots:
            return True
        _logger.error("Ledger of package hours: works %s and packages %s do not add up", works.ids, lots.ids)
        agreements = works.support_contract_id | lots.contract_id
        agreements._allocate_work()
        for agreement in agreements:
            agreement.message_post(
                body=self.env._("The ledger of hours did not add up and was computed anew. Please check the packages.")
            )
        return False
