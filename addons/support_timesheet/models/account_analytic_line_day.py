from datetime import UTC
from itertools import chain
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, format_datetime

from odoo.addons.support_plans.models.contract_contract_guarantee import DEFAULT_ZONE

from ..rules import workday


class AccountAnalyticLine(models.Model):
    """The day of a work: that on which it began, and never a day to come (F3)."""

    _inherit = "account.analytic.line"

    @api.model
    def _get_work_zones(self):
        """Yield the time zones in which a day may be meant: the reader's, then the company's."""
        if self.env.context.get("tz") or self.env.user.tz:
            yield self.env.tz
        company = self.company_id[:1] or self.env.company
        yield ZoneInfo(company.sudo().resource_calendar_id.tz or DEFAULT_ZONE)

    @api.model
    def _get_start_day(self, start):
        """Return the day of a start (naive UTC), as its reader sees it."""
        return workday.local_day(start, next(self._get_work_zones()))

    @api.model
    def _complete_day(self, vals):
        """Let a work with a start be dated by it; a day that is given as well is checked later."""
        if vals.get("time_start") and not vals.get("date"):
            vals = {**vals, "date": self._get_start_day(fields.Datetime.to_datetime(vals["time_start"]))}
        return vals

    @api.onchange("time_start")
    def _onchange_time_start(self):
        """A work is of the day on which it began."""
        if self.time_start:
            self.date = self._get_start_day(self.time_start)

    @api.constrains("date", "time_start", "work_type_id")
    def _check_is_done(self):
        """Refuse what has not been done: it cannot be charged."""
        now = fields.Datetime.now()
        for line in self.filtered(lambda x: x.work_type_id and not x.corrected_line_id):
            line._check_day_has_come(now)
            line._check_start_has_come(now)

    def _check_day_has_come(self, now):
        # UTC first: nearly every day has come there, and then no calendar is read
        if workday.is_to_come(self.date, now, chain([UTC], self._get_work_zones())):
            raise ValidationError(
                self.env._(
                    "“%(work)s” is dated %(day)s, a day to come: work is logged, and charged, when it is done. Set its "
                    "date to today or to an earlier day.",
                    work=self.name,
                    day=format_date(self.env, self.date),
                )
            )

    def _check_start_has_come(self, now):
        if self.time_start and not workday.has_begun(self.time_start, now):
            raise ValidationError(
                self.env._(
                    "“%(work)s” begins at %(start)s, a moment to come: work is logged, and charged, when it is done. "
                    "Set Start to when it began, or empty it.",
                    work=self.name,
                    start=format_datetime(self.env, self.time_start, dt_format="short"),
                )
            )

    @api.constrains("date", "time_start")
    def _check_day_of_start(self):
        """Refuse two answers to the question when the work was done."""
        for line in self.filtered(lambda x: x.work_type_id and x.time_start and not x.corrected_line_id):
            if not workday.is_of_day(line.date, line.time_start, line._get_work_zones()):
                raise ValidationError(
                    self.env._(
                        "“%(work)s” began on %(start)s (Start) and is dated %(day)s: it is of the day on which it "
                        "began. Set Start to that day, or empty it, or leave the date out.",
                        work=line.name,
                        start=format_date(self.env, line._get_start_day(line.time_start)),
                        day=format_date(self.env, line.date),
                    )
                )
