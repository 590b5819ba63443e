import csv
from datetime import datetime
from pathlib import Path
from unittest import skipUnless

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .calendar_common import HOUR, CalendarCase, utc

CASES = Path(__file__).resolve().parents[3] / "tests/cases/response.csv"
WORKDAYS = range(5)
ALL_DAYS = range(7)


@tagged("post_install", "-at_install")
class TestWorkedExamples(CalendarCase):
    """P14, P31, D16, D17: the shared table of worked examples, through the plans' own calendars."""

    @skipUnless(CASES.is_file(), "the table of worked examples is in the repository, not in the addon")
    def test_every_worked_example(self):
        with CASES.open(encoding="utf-8", newline="") as table:
            rows = [row for row in csv.DictReader(table) if row["hours"]]
        self.assertGreater(len(rows), 20)
        for row in rows:
            with self.subTest(case=row["case"], requirement=row["requirement"]):
                self.assertEqual(self._get_due(row), row["due"])

    def _get_due(self, row):
        calendar = self.env.ref(f"support_plans.resource_calendar_{row['plan'].lower()}")
        calendar.global_leave_ids.unlink()
        for day in row["holidays"].split():
            self.close(day, calendar)
        return self.due(calendar, row["registered"], float(row["hours"]))


@tagged("post_install", "-at_install")
class TestCausesOfCore(CalendarCase):
    """The five ways in which core's plan_hours is wrong (docs: performance), each by name."""

    def test_cause_1_midnight_loses_no_time(self):
        """D17: 24:00 is the end of the day, and a promise that ends there stays there."""
        night = self.create_calendar([(ALL_DAYS, 22, 24), (ALL_DAYS, 0, 6)])
        self.close("2027-01-01", night)
        due = night._service_due(self.company.id, datetime(2026, 12, 31, 20, 54, 42), 2 * HOUR)
        self.assertEqual(due, datetime(2026, 12, 31, 23))

    def test_cause_1_always_open_has_no_gap_at_midnight(self):
        """P11, D17: 24/7 counts every second, a whole year of them."""
        always = self.env.ref("support_plans.resource_calendar_premium")
        start, end = datetime(2026, 1, 1), datetime(2027, 1, 1)
        seconds = 365 * 24 * HOUR
        self.assertEqual(always._service_elapsed(self.company.id, start, end), seconds)
        self.assertEqual(always._service_due(self.company.id, start, seconds), end)

    def test_cause_2_a_day_in_two_parts_ends_at_closing(self):
        """D17: 8 hours of 2:10 and 5:50 are exactly one day, not 1e-15 hours more."""
        split = self.create_calendar([(WORKDAYS, 9, 11 + 1 / 6), (WORKDAYS, 11.5, 17 + 1 / 3)])
        due = split._service_due(self.company.id, datetime(2026, 6, 12, 5), 8 * HOUR)
        self.assertEqual(due, datetime(2026, 6, 12, 15, 20))

    def test_cause_2_an_ordinary_office_over_the_october_change(self):
        """D17: ten days of eight hours from after closing end at closing, over the change of clocks."""
        office = self.create_calendar([(WORKDAYS, 8, 12), (WORKDAYS, 13, 17)])
        due = office._service_due(self.company.id, datetime(2026, 10, 22, 15, 23, 58), 80 * HOUR)
        self.assertEqual(due, datetime(2026, 11, 5, 16))

    def test_cause_3_a_holiday_until_the_last_second_leaves_no_second(self):
        """D17: a closed day that ends at 23:59:59 is closed until midnight."""
        always = self.create_calendar([(ALL_DAYS, 0, 24)])
        self.close("2026-11-11", always)
        start, end = utc("2026-11-11T00:00"), utc("2026-11-12T00:00")
        self.assertEqual(always._service_elapsed(self.company.id, start, end), 0)
        self.assertEqual(always._service_opening(self.company.id, start), end)
        self.assertEqual(self.due(always, "2026-11-10T23:00", 2), "2026-11-12T01:00")

    def test_cause_3_a_holiday_until_the_last_microsecond(self):
        """D17: so is one that core's form ends at 23:59:59.999999."""
        always = self.create_calendar([(ALL_DAYS, 0, 24)])
        self.close("2026-11-11", always, last="23:59:59.999999")
        self.assertEqual(self.due(always, "2026-11-10T23:00", 2), "2026-11-12T01:00")

    def test_cause_4_a_local_time_that_is_there_twice_is_standard_time(self):
        """D17: 2:30 on the night of the October change is the second one."""
        early = self.create_calendar([([6], 2.5, 10)])
        opening = early._service_opening(self.company.id, datetime(2026, 10, 24, 12))
        self.assertEqual(opening, datetime(2026, 10, 25, 1, 30))

    def test_cause_4_a_local_time_that_is_never_there_is_standard_time(self):
        """D17: 2:30 on the night of the March change is 3:30 summer time."""
        early = self.create_calendar([([6], 2.5, 10)])
        opening = early._service_opening(self.company.id, datetime(2026, 3, 28, 12))
        self.assertEqual(opening, datetime(2026, 3, 29, 1, 30))

    def test_cause_5_the_closed_day_of_another_company_moves_nothing(self):
        """D16: whoever computes it, user, superuser or somebody of the other company."""
        other = self.env["res.company"].create({"name": "The other company"})
        user = self.env["res.users"].create(
            {
                "name": "Consultant of one company",
                "login": "clock@example.com",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )
        shared = self.create_calendar([(WORKDAYS, 8, 16)])
        self.close("2026-06-16", company=other)
        for calendar in (shared.with_user(user), shared.sudo(), shared.with_company(other)):
            for state in ("shared by all", "private to this transaction"):
                if state == "shared by all":
                    self.commit_is_over()
                self.assertEqual(self.due(calendar, "2026-06-15T12:00", 8), "2026-06-16T12:00")
                self.assertEqual(self.due(calendar, "2026-06-15T12:00", 8, company=other), "2026-06-17T12:00")
                calendar._forget_service_clocks()


@tagged("post_install", "-at_install")
class TestServiceClock(CalendarCase):
    """What a calendar of Odoo may say, and what the clock makes of it."""

    def test_break_and_section_rows_are_no_work(self):
        """P11: the break is not counted."""
        calendar = self.create_calendar([(WORKDAYS, 8, 12), (WORKDAYS, 13, 17)])
        calendar.attendance_ids = [
            Command.create(
                {
                    "name": "Break",
                    "dayofweek": "0",
                    "hour_from": 12,
                    "hour_to": 13,
                    "day_period": "lunch",
                }
            ),
            Command.create(
                {
                    "name": "Section",
                    "dayofweek": "5",
                    "hour_from": 0,
                    "hour_to": 24,
                    "display_type": "line_section",
                }
            ),
        ]
        self.assertEqual(self.due(calendar, "2026-06-15T11:00", 2), "2026-06-15T14:00")
        self.assertEqual(self.due(calendar, "2026-06-12T16:00", 2), "2026-06-15T09:00")

    def test_two_weeks_alternate_as_core_counts_them(self):
        """P11: a line belongs to its week; the same days as core's own intervals."""
        calendar = self.create_calendar(
            [],
            two_weeks_calendar=True,
            attendance_ids=[
                Command.create(
                    {"name": week, "dayofweek": "0", "hour_from": 8 + int(week), "hour_to": 16} | {"week_type": week}
                )
                for week in ("0", "1")
            ],
        )
        for monday in ("2026-06-15", "2026-06-22", "2026-12-28", "2027-01-04"):
            day = datetime.fromisoformat(monday).date()
            week = self.env["resource.calendar.attendance"].get_week_type(day)
            opening = calendar._service_opening(self.company.id, utc(f"{monday}T00:00"))
            self.assertEqual(opening, utc(f"{monday}T0{8 + week}:00"), monday)

    def test_the_week_of_a_line_means_nothing_in_a_one_week_calendar(self):
        calendar = self.create_calendar([(WORKDAYS, 8, 16)])
        calendar.attendance_ids.week_type = "1"
        self.assertEqual(self.due(calendar, "2026-06-15T08:00", 8), "2026-06-15T16:00")
        self.assertEqual(self.due(calendar, "2026-06-22T08:00", 8), "2026-06-22T16:00")

    def test_hours_by_duration_are_those_of_their_lines(self):
        """P11: core puts them around noon, and so do we."""
        calendar = self.create_calendar([(WORKDAYS, 8, 16)], duration_based=True)
        calendar.attendance_ids.day_period = "full_day"
        calendar.attendance_ids.duration_hours = 6
        self.assertEqual(self.due(calendar, "2026-06-15T00:00", 6), "2026-06-15T15:00")

    def test_flexible_hours_promise_nothing(self):
        """P14: a sentence that says what to do, never a date."""
        calendar = self.create_calendar([(WORKDAYS, 8, 16)], schedule_type="flexible")
        with self.assertRaisesRegex(UserError, "“Hours of a test” are flexible.*fixed schedule"):
            self.due(calendar, "2026-06-15T08:00", 8)

    def test_no_working_time_promises_nothing(self):
        """P14: BeyondHorizon becomes one sentence with the calendar and the date looked up to."""
        calendar = self.create_calendar([])
        calendar.attendance_ids.unlink()
        for ask in (
            lambda: self.due(calendar, "2026-06-15T08:00", 8),
            lambda: calendar._service_opening(self.company.id, utc("2026-06-15T08:00")),
            lambda: calendar._service_promises(self.company.id, [(utc("2026-06-15T08:00"), 60)]),
        ):
            with self.assertRaisesRegex(UserError, "“Hours of a test”.*12/31/2027.*check"):
                ask()

    def test_no_working_time_passes_without_working_hours(self):
        calendar = self.create_calendar([])
        calendar.attendance_ids.unlink()
        start, end = utc("2026-06-15T08:00"), utc("2036-06-15T08:00")
        self.assertEqual(calendar._service_elapsed(self.company.id, start, end), 0)

    def test_a_promise_beyond_the_known_years_is_refused(self):
        calendar = self.create_calendar([([0], 8, 9)])
        with self.assertRaises(UserError):
            self.due(calendar, "2026-06-15T08:00", 150)

    def test_a_line_outside_the_day_is_refused(self):
        calendar = self.create_calendar([(WORKDAYS, 8, 16)])
        calendar.attendance_ids[0].write({"hour_from": 23, "hour_to": 25})
        with self.assertRaisesRegex(UserError, "“Hours of a test”.*correct it"):
            self.due(calendar, "2026-06-15T08:00", 8)

    def test_both_changes_of_clocks(self):
        """D17: the night of March is an hour shorter, that of October an hour longer."""
        always = self.env.ref("support_plans.resource_calendar_premium")
        self.assertEqual(self.due(always, "2026-03-28T23:00", 4), "2026-03-29T04:00")
        self.assertEqual(self.due(always, "2026-10-24T23:00", 4), "2026-10-25T02:00")
        self.assertEqual(self.due(always, "2026-10-24T23:00", 5), "2026-10-25T03:00")

    def test_registered_around_new_year_in_zones_east_and_west(self):
        """D17: the UTC year of the registration has the right clock in every time zone."""
        for zone in ("Pacific/Kiritimati", "America/New_York", "Etc/GMT+12"):
            calendar = self.create_calendar([(ALL_DAYS, 0, 24)], tz=zone)
            for start in (datetime(2026, 12, 31, 23, 59, 59), datetime(2027, 1, 1)):
                due = calendar._service_due(self.company.id, start, HOUR)
                self.assertEqual((due - start).total_seconds(), HOUR, (zone, start))

    def test_elapsed_over_many_years(self):
        """P14: a response that is years late is late by all of them."""
        always = self.env.ref("support_plans.resource_calendar_premium")
        start, end = datetime(2024, 3, 1, 12), datetime(2034, 3, 1, 12)
        elapsed = always._service_elapsed(self.company.id, start, end)
        self.assertEqual(elapsed, (end - start).total_seconds())
        self.assertEqual(always._service_elapsed(self.company.id, end, start), 0)

    def test_explain_adds_up_to_the_promise(self):
        """P31: EMAIL, 12 h from Friday 14:00 uses 1, 6 and 5 hours."""
        calendar = self.create_calendar([(WORKDAYS, 9, 15)])
        stretches = calendar._service_explain(self.company.id, utc("2026-06-12T14:00"), 12 * HOUR)
        self.assertEqual(
            stretches,
            [
                (utc("2026-06-12T14:00"), utc("2026-06-12T15:00")),
                (utc("2026-06-15T09:00"), utc("2026-06-15T15:00")),
                (utc("2026-06-16T09:00"), utc("2026-06-16T14:00")),
            ],
        )

    def test_promises_are_the_single_answers(self):
        """P14, P31: opening, deadline and the warning at three quarters, each with its year's clock."""
        calendar = self.create_calendar([(WORKDAYS, 8, 16)])
        starts = [datetime(year, month, 27, 13, 7, 9) for year in (2025, 2026) for month in (1, 12)]
        company = self.company.id
        promises = calendar._service_promises(company, [(start, 8 * HOUR) for start in starts])
        for start, promise in zip(starts, promises, strict=True):
            self.assertEqual(
                promise,
                (
                    calendar._service_opening(company, start),
                    calendar._service_due(company, start, 8 * HOUR),
                    calendar._service_due(company, start, 6 * HOUR),
                ),
            )

    def test_time_off_of_a_person_closes_nothing(self):
        calendar = self.create_calendar([(WORKDAYS, 8, 16)])
        person = self.env["resource.resource"].create({"name": "Ann", "calendar_id": calendar.id})
        self.close("2026-06-15", calendar, resource_id=person.id)
        self.close("2026-06-16", calendar, time_type="other")
        self.assertEqual(self.due(calendar, "2026-06-15T08:00", 16), "2026-06-16T16:00")
