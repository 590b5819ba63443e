from contextlib import contextmanager
from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet, format_date, ormcache

from ..rules.clock import BeyondHorizon, ServiceClock
from ..rules.reminders import warning_seconds
from ..rules.schedule import (
    InvalidHours,
    WorkingHours,
    compile_intervals,
    seconds_of,
    utc_seconds,
)
from . import resource_calendar_attendance, resource_calendar_leaves

#: Columns of a calendar that say when it is open; its lines and closed days report for themselves.
SERVICE_HOURS_FIELDS = frozenset({"tz", "two_weeks_calendar", "schedule_type", "flexible_hours"})
#: A clock of year Y knows the closed days of Y and Y + 1: a year or more ahead of any promise made in it.
YEARS_AHEAD = 1

_EPOCH = datetime(1970, 1, 1)
_PRIVATE_CLOCKS = "support_plans.service_clocks"
_CHANGED = "support_plans.service_hours_changed"
_CHANGING = "support_plans.service_hours_changing"


def _to_seconds(moment):
    """UTC seconds of a naive UTC datetime; parts of a second are dropped."""
    since = moment - _EPOCH
    return since.days * 86400 + since.seconds


def _to_datetime(seconds):
    """Naive UTC datetime of UTC seconds."""
    return _EPOCH + timedelta(0, seconds)


class ResourceCalendar(models.Model):
    """The service hours of a plan as a clock that promises are counted with (P11, P14, P31, D17).

    The compiled clock of a calendar, a company and a year is kept in the registry's cache. A
    transaction that changed service hours keeps its own clocks until it ends: others never see what
    is not committed, and a rolled back change leaves nothing behind.
    """

    _inherit = "resource.calendar"

    is_support_calendar = fields.Boolean(
        string="Used by Support Plans",
        compute="_compute_is_support_calendar",
        search="_search_is_support_calendar",
        compute_sudo=True,
        help="A plan or an agreement promises its response in these hours, or they are closed on "
        "public holidays by the list of support.",
    )

    def _compute_is_support_calendar(self):
        used = self._get_promised_calendar_ids()
        for calendar in self:
            calendar.is_support_calendar = calendar.support_public_holidays or calendar._origin.id in used

    def _search_is_support_calendar(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("support_public_holidays", "=", True)
        domain |= Domain("id", "in", self.sudo()._get_promised_calendar_ids())
        return domain if True in value else ~domain

    @api.model
    def _get_promised_calendar_ids(self):
        """Return the ids of the calendars that plans and agreements promise their response in."""
        used = set()
        for model in ("support.plan", "contract.contract"):
            terms = self.env[model].with_context(active_test=False)
            for name in ("service_calendar_id", "critical_calendar_id"):
                groups = terms._read_group([(name, "!=", False)], [name])
                used.update(calendar.id for (calendar,) in groups)
        return used

    # ------------------------------------------------------------
    # What other parts ask; moments are naive UTC datetimes, durations integer seconds
    # ------------------------------------------------------------

    def _service_opening(self, company_id, start):
        """Return the earliest working moment at or after ``start`` (P31).

        :param int company_id: the company whose general closed days count, too
        :raise UserError: the calendar never opens within the known years
        """
        with self._service_errors():
            clock = self._service_clock(company_id, start.year)
            return _to_datetime(clock.opening(_to_seconds(start)))

    def _service_due(self, company_id, start, seconds):
        """Return the moment by which ``seconds`` of service time have passed since ``start`` (P14).

        :raise UserError: the promise does not fit into the known years
        """
        with self._service_errors():
            clock = self._service_clock(company_id, start.year)
            return _to_datetime(clock.due(_to_seconds(start), seconds))

    def _service_promises(self, company_id, requests):
        """Return ``(clock start, deadline, warning)`` for each ``(start, seconds)`` of ``requests``.

        Any number of requests costs two queries per year of registration, none when the clock is
        cached. The warning is due when three quarters of the time are used.

        :raise UserError: a promise does not fit into the known years
        """
        clocks, promises = {}, []
        warnings = {seconds: warning_seconds(seconds) for seconds in {seconds for _start, seconds in requests}}
        with self._service_errors():
            for start, seconds in requests:
                year = start.year
                if year not in clocks:
                    clocks[year] = self._service_clock(company_id, year)
                answers = clocks[year].promise(_to_seconds(start), seconds, warnings[seconds])
                promises.append((*map(_to_datetime, answers),))
        return promises

    def _service_elapsed(self, company_id, start, end):
        """Return the seconds of service time in [start, end), over any number of years (P14).

        An end that is not later than the start gives 0, and so does a calendar without hours.
        """
        moment, last, total = _to_seconds(start), _to_seconds(end), 0
        while True:
            clock = self._service_clock(company_id, _to_datetime(moment).year)
            stop = max(moment, min(last, clock.until))
            total += clock.elapsed(moment, stop)
            if stop >= last:
                return total
            moment = stop

    def _service_explain(self, company_id, start, seconds):
        """Return the stretches ``(from, to)`` of service time that the promise uses, in order.

        :raise UserError: the promise does not fit into the known years
        """
        with self._service_errors():
            clock = self._service_clock(company_id, start.year)
            stretches = clock.explain(_to_seconds(start), seconds)
        return [(_to_datetime(opens), _to_datetime(closes)) for opens, closes in stretches]

    # ------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------

    def _service_clock(self, company_id, year):
        """Return the ServiceClock for promises that start in the UTC year ``year``.

        It knows the hours from 31 December of the year before (in some zones the UTC year starts
        there) to 31 December of the next year. Two queries, none when cached. It is the same for a
        user, a cron and sudo, whatever they may read.

        :param int company_id: the company whose general closed days count, too
        :raise UserError: the hours are flexible or wrong
        """
        self.ensure_one()
        if _CHANGED not in self.env.cr.postcommit.data:
            return self._get_shared_service_clock(company_id, year)
        clocks = self.env.cr.cache.setdefault(_PRIVATE_CLOCKS, {})
        key = (self.id, company_id, year)
        if key not in clocks:
            clocks[key] = self._compile_service_clock(company_id, year)
        return clocks[key]

    @ormcache("self.id", "company_id", "year")
    def _get_shared_service_clock(self, company_id, year):
        return self._compile_service_clock(company_id, year)

    def _compile_service_clock(self, company_id, year):
        zone, hours = self._read_service_hours()
        first, last = date(year - 1, 12, 31), date(year + YEARS_AHEAD, 12, 31)
        since = utc_seconds(datetime(year - 1, 12, 31), zone)
        until = utc_seconds(datetime(year + YEARS_AHEAD + 1, 1, 1), zone)
        closed = self._read_closed_periods(company_id, since, until)
        return ServiceClock(compile_intervals(hours, zone, closed, first, last), since, until)

    def _read_service_hours(self):
        """Return the time zone and the WorkingHours of the calendar: one query.

        Breaks and section titles are no work; in a one-week calendar the week of a line means
        nothing, in a two-week calendar a line without a week is of the first, both as in core.
        Hours that are set by their duration are those that core gives them, around noon.
        """
        self._flush_service_hours()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.tz, c.flexible_hours, c.two_weeks_calendar,
                       a.dayofweek, a.week_type, a.hour_from, a.hour_to
                  FROM resource_calendar c
             LEFT JOIN resource_calendar_attendance a
                    ON a.calendar_id = c.id
                   AND a.day_period != 'lunch'
                   AND a.display_type IS NULL
                 WHERE c.id = %s
                """,
                self.id,
            )
        )
        if not rows:
            raise MissingError(self.env._("The working hours of a plan do not exist any more."))
        zone, flexible, two_weeks = rows[0][:3]
        if flexible:
            raise self._flexible_hours_error()
        lines = [row[3:] for row in rows if row[3] is not None]
        return zone, [self._prepare_working_hours(two_weeks, *line) for line in lines]

    def _prepare_working_hours(self, two_weeks, dayofweek, week_type, hour_from, hour_to):
        """Return one line of the calendar in whole seconds of the local day, 86400 for 24:00."""
        week = int(week_type or 0) if two_weeks else None
        try:
            return WorkingHours(int(dayofweek), seconds_of(hour_from), seconds_of(hour_to), week)
        except InvalidHours as error:
            raise UserError(
                self.env._(
                    "A line of the working hours “%(calendar)s” ends before it starts or lies "
                    "outside the day: correct it.",
                    calendar=self.sudo().display_name,
                )
            ) from error

    def _read_closed_periods(self, company_id, since, until):
        """Return the periods (UTC seconds) when the service is closed for everybody: one query.

        Closed are the calendar's own global days and the company's days without a calendar, never
        the time off of a person, and never another company's days.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT FLOOR(EXTRACT(EPOCH FROM date_from))::bigint,
                       FLOOR(EXTRACT(EPOCH FROM date_to))::bigint
                  FROM resource_calendar_leaves
                 WHERE resource_id IS NULL
                   AND time_type = 'leave'
                   AND date_from < %(until)s
                   AND date_to >= %(since)s
                   AND (calendar_id = %(calendar_id)s
                        OR (calendar_id IS NULL
                            AND (company_id = %(company_id)s OR company_id IS NULL)))
                """,
                since=_to_datetime(since),
                until=_to_datetime(until),
                calendar_id=self.id,
                company_id=company_id or None,
            )
        )

    def _flush_service_hours(self):
        self.flush_model(SERVICE_HOURS_FIELDS)
        for model, module in (
            ("resource.calendar.attendance", resource_calendar_attendance),
            ("resource.calendar.leaves", resource_calendar_leaves),
        ):
            self.env[model].flush_model(module.SERVICE_HOURS_FIELDS)

    # ------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------

    @contextmanager
    def _service_errors(self):
        """Turn the rule's BeyondHorizon into a sentence that says what to do."""
        try:
            yield
        except BeyondHorizon as error:
            year = _to_datetime(error.start).year
            raise UserError(
                self.env._(
                    "“%(calendar)s” has not enough working time until %(until)s for this "
                    "promise: check its working hours and closed days.",
                    calendar=self.sudo().display_name,
                    until=format_date(self.env, date(year + YEARS_AHEAD, 12, 31)),
                )
            ) from error

    def _flexible_hours_error(self):
        return UserError(
            self.env._(
                "The working hours “%(calendar)s” are flexible and never open or close: choose a "
                "fixed schedule, so that a deadline can be promised.",
                calendar=self.sudo().display_name,
            )
        )

    # ------------------------------------------------------------
    # Changed hours
    # ------------------------------------------------------------

    def _service_hours_changed(self):
        """Hook: the service hours of these calendars (sudo) are different now.

        Called once at the end of each create, write or unlink, however many lines and closed days
        it changed. Overrides extend it to what depends on the hours.
        """
        self._forget_service_clocks()

    @api.model
    @contextmanager
    def _service_hours_change(self):
        """Gather the ids of changed calendars in the yielded set and call the hook at the end, once.

        Inside a larger change (a calendar that replaces all its lines, say) the larger one calls it:
        the hook never sees a calendar that is half written. Nothing is called after an error.
        """
        data = self.env.cr.postcommit.data
        if _CHANGING in data:
            yield data[_CHANGING]
            self._forget_service_clocks(data[_CHANGING])
            return
        changed = data[_CHANGING] = OrderedSet()
        try:
            yield changed
        finally:
            data.pop(_CHANGING, None)
        self._forget_service_clocks(changed)
        calendars = self.browse(changed).sudo().exists()
        if calendars:
            calendars._service_hours_changed()

    def _forget_service_clocks(self, changed=True):
        """Drop every compiled clock, now in this transaction and after the commit everywhere."""
        if not changed:
            return
        cr, registry = self.env.cr, self.env.registry
        cr.cache.pop(_PRIVATE_CLOCKS, None)
        if _CHANGED in cr.postcommit.data:
            return
        cr.postcommit.data[_CHANGED] = True
        registry.clear_cache()

        @cr.postcommit.add
        def forget_what_others_compiled_before_the_commit():
            registry.clear_cache()
            if registry.ready:
                registry.signal_changes()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        with self._service_hours_change():
            return super().create(vals_list)

    def write(self, vals):
        with self._service_hours_change() as changed:
            result = super().write(vals)
            if SERVICE_HOURS_FIELDS & vals.keys():
                changed.update(self.ids)
        return result

    def unlink(self):
        general = self._get_closed_days_left_behind()
        with self._service_hours_change() as changed:
            changed.update(self.ids)
            result = super().unlink()
            changed.update(general.exists()._get_closed_calendars().ids)
        return result

    def _get_closed_days_left_behind(self):
        """Closed days that core leaves without a calendar when theirs is deleted."""
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search([("calendar_id", "in", self.ids), ("resource_id", "=", False)])
        )

    def switch_calendar_type(self):
        # EXTENDS resource: several writes, one change
        with self._service_hours_change():
            return super().switch_calendar_type()

    def switch_based_on_duration(self):
        # EXTENDS resource: several writes, one change
        with self._service_hours_change():
            return super().switch_based_on_duration()

    # ------------------------------------------------------------
    # A plan's hours stay when the calendar gets a company
    # ------------------------------------------------------------

    def _compute_attendance_ids(self):
        # EXTENDS resource: core replaces the hours by those of the company
        others = self - self._filter_support_calendars()
        return super(ResourceCalendar, others)._compute_attendance_ids()

    def _compute_global_leave_ids(self):
        # EXTENDS resource: core replaces the closed days by those of the company
        others = self - self._filter_support_calendars()
        return super(ResourceCalendar, others)._compute_global_leave_ids()

    def _filter_support_calendars(self):
        """The saved calendars of ``self`` that support plans work with."""
        return self.filtered(lambda calendar: calendar._origin.is_support_calendar)
