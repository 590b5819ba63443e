from datetime import datetime, timedelta

from odoo import api
from odoo.fields import Command
from odoo.tests import tagged

from .calendar_common import HOUR, CalendarCase, utc

WORKDAYS = range(5)


@tagged("post_install", "-at_install")
class TestServiceClockCache(CalendarCase):
    """A compiled clock is kept until the hours change; the change is seen at once, and by all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.create_calendar([(WORKDAYS, 8, 16)])

    def setUp(self):
        super().setUp()
        self.commit_is_over()

    def clock(self):
        return self.calendar._service_clock(self.company.id, 2026)

    def test_the_same_clock_until_something_changes(self):
        clock = self.clock()
        self.assertIs(self.clock(), clock)
        self.calendar.name = "Another name"
        self.calendar.attendance_ids[0].name = "Another name"
        self.assertIs(self.clock(), clock)

    def test_each_change_is_seen(self):
        """D16: hours, time zone and closed days, whichever way they are changed."""
        closed = self.close("2026-06-16", self.calendar)
        for number, change in enumerate(
            (
                lambda: self.calendar.attendance_ids[0].write({"hour_from": 9}),
                lambda: self.calendar.attendance_ids[0].copy({"dayofweek": "6"}),
                lambda: self.calendar.attendance_ids[0].unlink(),
                lambda: self.calendar.write({"tz": "Europe/London"}),
                lambda: self.close("2026-06-17", self.calendar),
                lambda: self.close("2026-06-18", company=self.company),
                lambda: closed.write({"date_to": utc("2026-06-16T12:00")}),
                lambda: closed.unlink(),
                lambda: self.calendar.write({"two_weeks_calendar": True}),
            )
        ):
            with self.subTest(number):
                self.commit_is_over()
                start, end = datetime(2026, 6, 1), datetime(2026, 7, 1)
                before = self.clock()
                seconds = self.calendar._service_elapsed(self.company.id, start, end)
                change()
                self.assertIsNot(self.clock(), before)
                elapsed = self.calendar._service_elapsed(self.company.id, start, end)
                # another time zone or a second week may leave the sum as it is
                self.assertTrue(elapsed != seconds or number in (3, 8), (elapsed, seconds))
                self.commit_is_over()
                self.assertEqual(self.calendar._service_elapsed(self.company.id, start, end), elapsed)

    def test_time_off_of_a_person_clears_nothing(self):
        """D16: employees' leave is frequent and changes no service hours."""
        person = self.env["resource.resource"].create({"name": "Ann", "calendar_id": self.calendar.id})
        self.commit_is_over()
        clock = self.clock()
        leave = self.close("2026-06-16", self.calendar, resource_id=person.id)
        leave.write({"date_to": utc("2026-06-17T12:00")})
        leave.unlink()
        self.assertIs(self.clock(), clock)

    def test_what_is_rolled_back_to_a_savepoint_leaves_nothing(self):
        clock = self.clock()
        due = self.due(self.calendar, "2026-06-15T08:00", 12)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.close("2026-06-15", self.calendar)
            self.assertNotEqual(self.due(self.calendar, "2026-06-15T08:00", 12), due)
            raise ZeroDivisionError
        self.assertEqual(self.due(self.calendar, "2026-06-15T08:00", 12), due)
        self.commit_is_over()
        self.assertEqual(self.due(self.calendar, "2026-06-15T08:00", 12), due)
        self.assertEqual(self.clock()._opens, clock._opens)

    def test_a_change_before_the_savepoint_stays_private_after_it(self):
        """What is not committed never reaches the cache that others read."""
        self.clock()
        self.close("2026-06-15", self.calendar)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            raise ZeroDivisionError
        changed = self.clock()
        self.assertIs(self.clock(), changed)
        shared = self.calendar._get_shared_service_clock(self.company.id, 2026)
        self.assertIsNot(shared, changed)

    def test_two_queries_for_the_first_and_none_afterwards(self):
        """Section 5: any number of deadlines costs two queries, none when cached."""
        start = datetime(2026, 6, 1)
        few = [(start + timedelta(hours=n), 8 * HOUR) for n in range(10)]
        for requests in (few, few * 2, few * 100):
            self.calendar._forget_service_clocks()
            self.commit_is_over()
            with self.assertQueryCount(2):
                self.calendar._service_promises(self.company.id, requests)
            with self.assertQueryCount(0):
                self.calendar._service_promises(self.company.id, requests)

    def test_no_query_either_in_the_transaction_that_changed_the_hours(self):
        self.close("2026-06-15", self.calendar)
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.clock()
        with self.assertQueryCount(0):
            self.clock()

    def test_two_queries_for_each_year_of_registration(self):
        requests = [(datetime(year, 6, 1), HOUR) for year in (2024, 2025, 2026)] * 10
        with self.assertQueryCount(6):
            self.calendar._service_promises(self.company.id, requests)

    def test_other_workers_are_told_after_the_commit(self):
        """Section 5: what others compiled before the commit is dropped, and all workers hear of it."""
        signals = []
        self.patch(self.registry, "signal_changes", lambda: signals.append(True))
        self.close("2026-06-15", self.calendar)
        stale = self.calendar._get_shared_service_clock(self.company.id, 2026)
        self.registry.cache_invalidated.clear()
        self.assertFalse(signals)
        self.commit_is_over()
        self.assertEqual(signals, [True])
        self.assertIn("default", self.registry.cache_invalidated)
        self.assertIsNot(self.clock(), stale)


@tagged("post_install", "-at_install")
class TestServiceClockOfAnotherTransaction(CalendarCase):
    """Nobody sees what another transaction has not committed."""

    def test_a_rolled_back_transaction_leaves_nothing(self):
        calendar = self.env.ref("support_plans.resource_calendar_premium")
        company_id = self.company.id
        start = datetime(2026, 6, 15)
        due = calendar._service_due(company_id, start, HOUR)
        with self.registry.cursor() as other:
            theirs = calendar.with_env(api.Environment(other, self.env.uid, {}))
            theirs.attendance_ids = [Command.clear()]
            theirs.attendance_ids = [
                Command.create({"name": "Friday", "dayofweek": "4", "hour_from": 8, "hour_to": 16})
            ]
            self.assertEqual(theirs._service_due(company_id, start, HOUR), datetime(2026, 6, 19, 7))
            self.assertEqual(calendar._service_due(company_id, start, HOUR), due)
            other.rollback()
            self.assertEqual(theirs._service_due(company_id, start, HOUR), due)
        self.assertEqual(calendar._service_due(company_id, start, HOUR), due)
