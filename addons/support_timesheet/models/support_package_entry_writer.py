from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from odoo import api, fields, models
from odoo.tools import SQL, groupby

from ..rules import billing, coverage, package

#: What the allocation writes on a work.
_RESULTS = ("package_minutes", "overage_minutes", "package_left_minutes", "coverage", "is_over_ceiling", "work_amount")


@dataclass(frozen=True, slots=True)
class Share:
    """Who pays a work: minutes by package id, None for what goes beyond.

    ``work``: as of `_read_open_work`; ``month``: first day of its (service) month; ``left``: minutes
    left in the valid packages after it.
    """

    work: dict
    month: date
    minutes: dict
    left: int
    above_ceiling: bool

    @property
    def rows(self):
        """The ledger rows of the work: {package id or None: what the row says}."""
        work = self.work
        return {
            key: (minutes, work["date"], self.month, work["hourly_rate"], work["agreement_id"], work["partner_id"])
            for key, minutes in self.minutes.items()
        }

    @property
    def result(self):
        """What the work itself says after the allocation, in the order of `_RESULTS`."""
        work, beyond = self.work, self.minutes.get(None, 0)
        paid = sum(self.minutes.values()) - beyond
        shown = coverage.shown(work["coverage_basis"], work["charged_minutes"], paid, beyond)
        amount = net_amount(beyond, work["hourly_rate"])
        return paid, beyond, self.left, shown, self.above_ceiling, amount

    @property
    def is_outgrown(self):
        """Whether the client approved less of the work than goes beyond the packages now."""
        approved = self.work["approved_minutes"]
        return approved is not None and self.minutes.get(None, 0) > approved


class SupportPackageEntry(models.Model):
    """The one writer of the ledger: rows, works and packages change together.

    In SQL, because a client may have thousands of works; the number of queries stays the same.
    """

    _inherit = "support.package.entry"

    @api.model
    def _read_open_work(self, condition):
        """Return {agreement id: [work as dict]} of what is neither billed nor a correction, in order of burning.

        :param condition: SQL on the table `line`
        """
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT line.id, line.support_contract_id AS agreement_id, line.date, line.charged_minutes,
                          line.coverage_basis, line.hourly_rate, line.partner_id, line.company_id, line.coverage,
                          line.package_minutes, line.overage_minutes, line.package_left_minutes, line.work_amount,
                          COALESCE(line.is_over_ceiling, FALSE) AS is_over_ceiling, ledger.rows,
                          CASE WHEN line.approved_by_id IS NOT NULL
                               THEN COALESCE(line.approved_minutes, 0) END AS approved_minutes
                     FROM account_analytic_line line
        LEFT JOIN LATERAL (SELECT json_agg(json_build_array(id, package_id, minutes, date, month_start, hourly_rate,
                                                            contract_id, partner_id)) AS rows
                             FROM support_package_entry
                            WHERE line_id = line.id) ledger ON TRUE
                    WHERE %(condition)s
                      AND line.is_billed IS NOT TRUE
                      AND line.charged_minutes >= 0
                      AND (line.coverage_basis IN %(burning)s OR ledger.rows IS NOT NULL)
                 ORDER BY line.support_contract_id, line.date, line.id""",
                condition=condition,
                burning=coverage.BURNING,
            )
        )
        return dict(groupby(rows, key=lambda row: row["agreement_id"]))

    @api.model
    def _write_allocation(self, shares, lots):
        """Write what an allocation gave; what is right already is not touched.

        :param shares: list of `Share`
        :param lots: the packages as dicts, as of `contract.contract._read_lots`
        """
        dropped, written = [], []
        for share in shares:
            wanted, booked = share.rows, _read_booked(share.work)
            dropped += [row_id for key, (row_id, _row) in booked.items() if key not in wanted]
            written += [
                (share.work["id"], share.work["company_id"], key, *row)
                for key, row in wanted.items()
                if key not in booked or booked[key][1] != row
            ]
        changed = [(s.work["id"], *s.result) for s in shares if s.result != tuple(s.work[n] for n in _RESULTS)]
        spent = _get_spent(shares, lots)
        if dropped or written or changed or spent:
            self._execute_allocation(dropped, written, changed, list(spent.items()))
        self._forget_cached(changed, spent)
        outgrown = [share.work["id"] for share in shares if share.is_outgrown]
        if outgrown:
            self.env["account.analytic.line"].browse(outgrown)._ask_for_approval_again()
        self._ask_for_alerts(spent, lots)

    @api.model
    def _execute_allocation(self, dropped, written, changed, spent):
        """Write rows, works and packages as one statement."""
        rows, works, used = _columns(written, 9), _columns(changed, 7), _columns(spent, 2)
        self.env.cr.execute(
            SQL(
                """WITH dropped AS (
                            DELETE FROM support_package_entry WHERE id = ANY(%s)),
                        spent AS (
                            UPDATE support_package lot SET used_minutes = new.minutes
                              FROM unnest(%s::int[], %s::int[]) AS new(id, minutes)
                             WHERE lot.id = new.id),
                        changed AS (
                            UPDATE account_analytic_line line
                               SET package_minutes = new.package_minutes,
                                   overage_minutes = new.overage_minutes,
                                   package_left_minutes = new.package_left_minutes,
                                   coverage = new.coverage,
                                   is_over_ceiling = new.is_over_ceiling,
                                   work_amount = new.work_amount
                              FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::varchar[], %s::bool[],
                                          %s::numeric[])
                                AS new(id, package_minutes, overage_minutes, package_left_minutes, coverage,
                                       is_over_ceiling, work_amount)
                             WHERE line.id = new.id)
                   INSERT INTO support_package_entry (line_id, company_id, package_id, minutes, date, month_start,
                                                      hourly_rate, contract_id, partner_id, create_uid, write_uid,
                                                      create_date, write_date)
                   SELECT new.*, %s, %s, %s, %s
                     FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::date[], %s::date[], %s::numeric[],
                                 %s::int[], %s::int[]) AS new
              ON CONFLICT (line_id, COALESCE(package_id, 0)) DO UPDATE
                      SET minutes = EXCLUDED.minutes, date = EXCLUDED.date, month_start = EXCLUDED.month_start,
                          hourly_rate = EXCLUDED.hourly_rate, contract_id = EXCLUDED.contract_id,
                          partner_id = EXCLUDED.partner_id, write_uid = EXCLUDED.write_uid,
                          write_date = EXCLUDED.write_date""",
                dropped,
                *used,
                *works,
                *[self.env.uid, self.env.uid, fields.Datetime.now(), fields.Datetime.now()],
                *rows,
            )
        )

    @api.model
    def _forget_cached(self, changed, spent):
        """Let the ORM read what was written beside it."""
        self.invalidate_model(flush=False)
        works = self.env["account.analytic.line"].browse(row[0] for row in changed)
        works.invalidate_recordset([*_RESULTS, "entry_ids"], flush=False)
        self.env["support.package"].browse(spent).invalidate_recordset(flush=False)

    @api.model
    def _ask_for_alerts(self, spent, lots):
        """Let the cron tell of packages that have come to 80 or 100 %; time is logged without waiting for mail."""
        for lot in lots:
            level = package.alert_level(lot["minutes"], spent.get(lot["id"], lot["used_minutes"] or 0))
            told = 100 if lot["alert_100_at"] else 80 if lot["alert_80_at"] else 0
            if lot["id"] in spent and level > told:
                self.env.ref("support_timesheet.ir_cron_hours_alerts").sudo()._trigger()
                return


@lru_cache(maxsize=4096)
def net_amount(minutes, rate, discount=0):
    """Return the net amount of minutes at a rate per hour, less a discount in percent, as floats of the ORM."""
    return float(billing.exact_amount(minutes, Decimal(str(rate)), Decimal(str(discount))))


def _read_booked(work):
    """Return {package id or None: (row id, what the row says)} of the ledger rows that a work has."""
    return {
        key: (row_id, (minutes, date.fromisoformat(day), date.fromisoformat(month), rate, agreement, partner))
        for row_id, key, minutes, day, month, rate, agreement, partner in work["rows"] or ()
    }


def _get_spent(shares, lots):
    """Return {package id: minutes used} of the packages whose use changes."""
    used = {}
    for share in shares:
        for key, minutes in share.minutes.items():
            used[key] = used.get(key, 0) + minutes
    now = {lot["id"]: lot["fixed"] + used.get(lot["id"], 0) for lot in lots}
    return {lot["id"]: now[lot["id"]] for lot in lots if now[lot["id"]] != (lot["used_minutes"] or 0)}


def _columns(rows, count):
    """Return rows as columns, for `unnest`."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(count)]
