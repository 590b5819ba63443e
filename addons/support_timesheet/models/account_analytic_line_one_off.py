from odoo import models
from odoo.tools import SQL

from .support_package_entry_writer import Share


class AccountAnalyticLine(models.Model):
    """One-off work of clients without an agreement: all of it is billed at the list rate (C1, B4, P3)."""

    _inherit = "account.analytic.line"

    def _allocate_one_off(self):
        """Write the ledger of works without an agreement; their month is that of the calendar."""
        self.env.flush_all()
        ledger = self.env["support.package.entry"].sudo()
        works = ledger._read_open_work(SQL("line.id IN %s AND line.support_contract_id IS NULL", tuple(self.ids))).get(
            None, []
        )
        ledger._write_allocation(
            [
                Share(
                    work=work,
                    month=work["date"].replace(day=1),
                    minutes={None: work["charged_minutes"]} if work["charged_minutes"] else {},
                    left=0,
                    above_ceiling=False,
                )
                for work in works
            ],
            [],
        )
