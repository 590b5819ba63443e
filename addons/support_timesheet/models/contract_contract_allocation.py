from odoo import fields, models
from odoo.tools import SQL, groupby

from ..rules import coverage, package
from .support_package_entry_writer import Share


class ContractContract(models.Model):
    """The allocation: every charged minute of an agreement comes from a package or goes beyond it (D13).

    It is computed anew as a whole from what is not billed, by `rules/package.py`, so that running it
    twice, in any order, after any edit, gives the same ledger. The number of queries is the same for
    one work and for thousands.
    """

    _inherit = "contract.contract"

    ledger_version = fields.Integer(
        readonly=True, copy=False, help="Technical: counts allocations; its row lock makes them wait for each other."
    )
    overage_ceiling_hours = fields.Float(
        string="Client's Ceiling (h)",
        digits=(16, 2),
        tracking=True,
        help="The client's own limit of hours beyond the package in a service month. Above it work is billed "
        "only when a contact approved it. 0: no limit.",
    )

    def write(self, vals):
        # EXTENDS support_plans: another ceiling lets other work wait for the client's approval
        res = super().write(vals)
        if "overage_ceiling_hours" in vals:
            self._allocate_work()
        return res

    def _allocate_work(self, sizes=None):
        """Allocate the minutes of all work of these agreements that is not billed.

        Two people who log time for one client at the same moment: the second waits for the row of the
        agreement, fails to write it and is run again by Odoo, with the first one's time in sight.

        :param sizes: {package id: minutes} that differ from what is stored (about to be written)
        """
        agreements = self.sudo().filtered("support_plan_id")
        if not agreements:
            return
        self.env.flush_all()
        agreements._lock_ledger()
        ledger = self.env["support.package.entry"].sudo()
        works = ledger._read_open_work(SQL("line.support_contract_id IN %s", tuple(agreements.ids)))
        lots = agreements._read_lots()
        if agreements._create_lots_for(works, lots):
            lots = agreements._read_lots()
        result = [
            share
            for agreement in agreements
            for share in agreement._burn(works.get(agreement.id, []), lots.get(agreement.id, []), sizes or {})
        ]
        ledger._write_allocation(result, [lot for group in lots.values() for lot in group])

    def _lock_ledger(self):
        """Take the rows of these agreements until the end of the transaction; one-off work has none."""
        if not self:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE contract_contract SET ledger_version = COALESCE(ledger_version, 0) + 1
                    WHERE id IN (SELECT id FROM contract_contract WHERE id IN %s ORDER BY id FOR NO KEY UPDATE)""",
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["ledger_version"], flush=False)

    # Facts

    def _create_lots_for(self, works, lots):
        """Create the allowances that this work may burn: right on any day, without a cron (D11).

        Returns whether any was missing.
        """
        missing = set()
        for agreement in self.filtered("package_hours"):
            known = {lot["date_from"] for lot in lots.get(agreement.id, ()) if lot["origin"] == "month"}
            numbers = {
                number
                for day in {work["date"] for work in works.get(agreement.id, ())}
                for number in agreement._get_months_for(day)
            }
            missing |= {(agreement, n) for n in numbers if agreement._get_month_first(n) not in known}
        return bool(missing and self._create_month_lots(missing))

    def _read_lots(self):
        """Return {agreement id: [package as dict]} with the minutes that billed work and corrections hold."""
        self.env["support.package"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT lot.id, lot.contract_id AS agreement_id, lot.origin, lot.minutes, lot.used_minutes,
                          lot.date_from, lot.date_to, lot.alert_80_at, lot.alert_100_at,
                          COALESCE(fixed.minutes, 0) AS fixed
                     FROM support_package lot
                LEFT JOIN (SELECT entry.package_id, SUM(entry.minutes)::int AS minutes
                             FROM support_package_entry entry
                             JOIN account_analytic_line line ON line.id = entry.line_id
                            WHERE entry.contract_id IN %(ids)s
                              AND (line.is_billed OR line.charged_minutes < 0)
                         GROUP BY entry.package_id) fixed ON fixed.package_id = lot.id
                    WHERE lot.contract_id IN %(ids)s AND lot.awaits_payment IS NOT TRUE
                 ORDER BY lot.contract_id, lot.id""",
                ids=tuple(self.ids),
            )
        )
        return dict(groupby(rows, key=lambda row: row["agreement_id"]))

    # Burning

    def _burn(self, works, lots, sizes):
        """Return the `Share` of each work of one agreement."""
        self.ensure_one()
        free = [
            package.Lot(
                lot["id"], sizes.get(lot["id"], lot["minutes"]) - lot["fixed"], lot["date_from"], lot["date_to"]
            )
            for lot in lots
        ]
        entries = [
            package.Entry(work["id"], work["date"], work["charged_minutes"])
            for work in works
            if work["coverage_basis"] == coverage.PACKAGE
        ]
        allocations = package.burn(free, entries)
        left = package.left_after(free, entries, allocations)
        shares = {work["id"]: {} for work in works}
        for item in allocations:
            shares[item.entry_id][item.lot_id] = item.minutes
        for work in works:
            if work["coverage_basis"] in (coverage.BEYOND, coverage.NONE) and work["charged_minutes"]:
                shares[work["id"]] = {None: work["charged_minutes"]}
        above = self._get_works_above_ceiling(works, shares)
        months = {day: self._get_month_start(day) for day in {work["date"] for work in works}}
        return [
            Share(
                work=work,
                month=months[work["date"]],
                minutes=shares[work["id"]],
                left=left.get(work["id"], 0),
                above_ceiling=work["id"] in above,
            )
            for work in works
        ]

    def _get_works_above_ceiling(self, works, shares):
        """Return the ids of works that go beyond the client's own monthly ceiling, in order of burning."""
        ceiling = round(self.overage_ceiling_hours * 60)
        if not ceiling:
            return set()
        total, above = self._get_billed_overage(), set()
        for work in works:
            month, beyond = self._get_month_start(work["date"]), shares.get(work["id"], {}).get(None, 0)
            total[month] = total.get(month, 0) + beyond
            if beyond and total[month] > ceiling:
                above.add(work["id"])
        return above

    def _get_billed_overage(self):
        """Return {first day of a service month: minutes beyond the package that are billed or corrected}."""
        rows = (
            self.env["support.package.entry"]
            .sudo()
            ._read_group(
                [
                    ("contract_id", "=", self.id),
                    ("package_id", "=", False),
                    "|",
                    ("line_id.is_billed", "=", True),
                    ("minutes", "<", 0),
                ],
                ["month_start:day"],
                ["minutes:sum"],
            )
        )
        return dict(rows)
