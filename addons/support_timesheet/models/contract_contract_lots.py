from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.support_plans.rules import terms as terms_rules

from ..rules import package as package_rules

_ONE_DAY = timedelta(days=1)
#: Facts that decide how many hours a service month gives, and for how long.
PACKAGE_TERMS = frozenset({"package_hours", "package_carry_months", "date_end"})


class ContractContract(models.Model):
    """Packages of an agreement: the allowance of each service month, and what was bought (P10, D11)."""

    _inherit = "contract.contract"

    package_ids = fields.One2many("support.package", "contract_id", string="Packages")
    support_project_id = fields.Many2one(
        "project.project",
        string="Project of Work",
        help="Where time for this client is kept. Empty: the company's support project.",
    )
    package_since = fields.Date(
        readonly=True,
        copy=False,
        help="First day of the terms that give hours by the month, when those before them gave none.",
    )

    def write(self, vals):
        # EXTENDS support_plans: months before the change keep the hours they had
        if PACKAGE_TERMS.isdisjoint(vals):
            return super().write(vals)
        started = self.filtered(lambda c: c.support_plan_id and c.support_state != "draft" and c.date_start)
        changes = {agreement: agreement._get_terms_begin() for agreement in started.sudo()}
        without = started.sudo().filtered(lambda c: not c.package_hours)
        ends = {agreement: agreement.date_end for agreement in started.sudo()}
        for agreement, day in changes.items():
            agreement._ensure_month_lots(day - _ONE_DAY)
        res = super().write(vals)
        for agreement in without.filtered("package_hours"):
            agreement.package_since = changes[agreement]
        for agreement, day in changes.items():
            agreement._move_ends_of_months(ends[agreement], day)
            agreement._resize_months(day)
        for agreement, end in ends.items():
            agreement._judge_work_after_end(end)
        return res

    def _get_terms_begin(self):
        """Return the first day on which changed terms count: of the change of plan, else of this service month."""
        change = self.env.context.get("support_change_of_plan")
        today = max(self._get_today(), self.date_start)
        if change:
            return fields.Date.to_date(change)
        return today if self.date_end and self.date_end < today else self._get_month_start(today)

    def _undo_start(self):
        # EXTENDS support_plans: without an agreement the client has no packages, and work is judged anew
        agreement = self.sudo()
        works = self.env["account.analytic.line"].sudo().search([("support_contract_id", "=", self.id)])
        res = super()._undo_start()
        works._judge_again()
        agreement._allocate_work()
        works._allocate_lines()
        agreement.package_ids.filtered(lambda lot: lot.origin == "month").unlink()
        agreement.package_since = False
        return res

    def _get_plan_lines_on_drafts(self):
        # EXTENDS support_plans: hours and packages of the agreement
        lines = self.env["account.move.line"]
        hours = lines.search([("support_contract_id", "=", self.id), ("parent_state", "=", "draft")])
        return super()._get_plan_lines_on_drafts() | hours

    # The allowance of service months

    def _ensure_month_lots(self, day):
        """Let the allowance of every service month up to that of `day` exist; asking again changes nothing.

        Needed before terms change: later the old hours of those months could not be known.
        """
        wanted = set()
        for agreement in self.filtered(lambda c: c.date_start and c.date_start <= day):
            first = agreement._get_first_month()
            last = agreement._get_month_number(min(day, agreement.date_end or day))
            wanted |= {(agreement, number) for number in range(first, last + 1)}
        self._create_month_lots(wanted)

    def _get_first_month(self):
        """Return the number of the first service month that may give hours here.

        Not one of before the agreement was taken over (`invoice_from`), and none of terms without hours.
        """
        start = self.date_start
        return self._get_month_number(max(start, self.invoice_from or start, self.package_since or start))

    def _get_month_number(self, day):
        return terms_rules.service_month_number(self.date_start, day)

    def _get_month_first(self, number):
        """Return the first day of a service month (D5)."""
        return terms_rules.service_month(self.date_start, number)[0]

    def _get_months_for(self, day):
        """Return the numbers of the service months whose allowance may be used on a day."""
        number = self._get_month_number(day)
        return range(max(number - self.package_carry_months, self._get_first_month()), number + 1)

    @api.model
    def _create_month_lots(self, wanted):
        """Create the allowances that do not exist yet.

        :param wanted: set of (agreement, number of the service month)
        """
        found = (
            self.env["support.package"]
            .sudo()
            .search_fetch(
                [("contract_id", "in", [a.id for a, _number in wanted]), ("origin", "=", "month")],
                ["contract_id", "date_from"],
            )
        )
        existing = {(lot.contract_id.id, lot.date_from) for lot in found}
        values = [agreement._prepare_month_lot(number) for agreement, number in sorted(wanted, key=_by_id)]
        missing = [v for v in values if v and (v["contract_id"], v["date_from"]) not in existing]
        # No history of each row: thousands may come into being, and their origin says all
        return self.env["support.package"].sudo().with_context(tracking_disable=True).create(missing)

    def _prepare_month_lot(self, number):
        """Return the values of the allowance of a service month; None without a package, or after the end."""
        minutes = round(self.package_hours * 60)
        if not minutes or (self.date_end and self._get_month_first(number) > self.date_end):
            return None
        first, last, minutes = package_rules.month_lot(
            self.date_start, number, minutes, self.package_carry_months, self.date_end or None
        )
        return {
            "contract_id": self.id,
            "origin": "month",
            "minutes": minutes,
            "date_from": first,
            "date_to": last,
        }

    def _resize_months(self, day):
        """Give the service months from a day on the changed allowance; months before it keep theirs."""
        for lot in self.package_ids.filtered(lambda x: x.origin == "month" and x.date_from >= day):
            values = self._prepare_month_lot(self._get_month_number(lot.date_from))
            if values:
                lot.write({"minutes": values["minutes"], "date_to": values["date_to"]})
            else:
                lot._withdraw()
        self._allocate_work()

    def _move_ends_of_months(self, before, day):
        """Let hours carried over from service months before a day live until the end that has moved; no minute changes.

        :param before: the last day that the agreement had; False for none
        """
        end = self.date_end
        if before == end:
            return
        for lot in self.package_ids.filtered(lambda x: x.origin == "month" and x.date_from < day):
            begins_in_time = not end or lot.date_from <= end
            if begins_in_time and (lot.date_to == before or (end and end < lot.date_to)):
                number = self._get_month_number(lot.date_from)
                _first, lot.date_to, _minutes = package_rules.month_lot(
                    self.date_start, number, lot.minutes, self.package_carry_months, end or None
                )

    def _judge_work_after_end(self, before):
        """Judge anew the client's work for which the end of the agreement has moved.

        :param before: the last day that the agreement had; False for none
        """
        if before == self.date_end:
            return
        first = min(end for end in (before, self.date_end) if end)
        works = self.env["account.analytic.line"].search(
            [
                ("work_type_id", "!=", False),
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">", first),
            ]
        )
        works._judge_again()
        works._allocate_lines(self)

    def _judge_work_since(self, day):
        """Judge the work of these days anew: the terms changed on `day`."""
        works = (
            self.env["account.analytic.line"]
            .sudo()
            .search([("support_contract_id", "in", self.ids), ("date", ">=", day)])
        )
        works._judge_again()
        works._allocate_lines(self)

    def action_judge_open_work(self):
        """Button: judge all work that is not billed by the terms in force, after an exception was made (F2)."""
        for agreement in self:
            works = (
                self.env["account.analytic.line"]
                .sudo()
                .search([("support_contract_id", "=", agreement.id), ("is_billed", "=", False)])
            )
            works._judge_again()
            works._allocate_lines(agreement)

    @api.model
    def _cron_ensure_month_lots(self):
        """Let the allowance of the present service month exist for every agreement in force."""
        running = self.search([("support_plan_id", "!=", False), ("support_state", "in", ("running", "notice"))])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(running))
        for start in range(0, len(running), 500):
            part = running[start : start + 500]
            part._ensure_lots_of_today()
            cron._commit_progress(len(part), remaining=len(running) - start - len(part))

    def _ensure_lots_of_today(self):
        """Let the allowance of the present service month exist.

        The ledger is locked first: who logs the first time of the month just now would create the same allowance. Whose
        time is just being logged gets it by that.
        """
        free = self.try_lock_for_update(allow_referencing=True)
        free._lock_ledger()
        days = {agreement: agreement._get_service_day(fields.Datetime.now()) for agreement in free}
        numbers = {a: a._get_month_number(day) for a, day in days.items() if a._covers(day)}
        self._create_month_lots({(a, number) for a, number in numbers.items() if number >= a._get_first_month()})


def _by_id(item):
    agreement, number = item
    return agreement.id, number
