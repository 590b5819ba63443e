from odoo.fields import Command
from odoo.tests import Form, tagged

from .calendar_common import CalendarCase, utc

WORKDAYS = range(5)


@tagged("post_install", "-at_install")
class TestServiceHoursChanged(CalendarCase):
    """D16: the hook is called once for each change, with the calendars that it changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.create_calendar([(WORKDAYS, 8, 16)])
        cls.other = cls.create_calendar([(WORKDAYS, 9, 15)])

    def setUp(self):
        super().setUp()
        self.calls = self.patch_hook()

    def test_one_call_for_a_batch_of_lines(self):
        self.calendar.attendance_ids.write({"hour_from": 9})
        self.assertEqual(self.calls, [self.calendar])
        self.calendar.attendance_ids.copy({"calendar_id": self.other.id, "hour_from": 16, "hour_to": 17})
        self.assertEqual(self.calls, [self.calendar, self.other])
        self.other.attendance_ids[:2].unlink()
        self.assertEqual(self.calls, [self.calendar, self.other, self.other])

    def test_replacing_all_lines_is_one_change(self):
        """The hook never sees a calendar without hours between the old and the new ones."""
        self.calendar.write(
            {
                "tz": "Europe/London",
                "attendance_ids": [
                    Command.clear(),
                    Command.create({"name": "Monday", "dayofweek": "0", "hour_from": 10, "hour_to": 13}),
                ],
            }
        )
        self.assertEqual(self.calls, [self.calendar])

    def test_core_buttons_are_one_change_each(self):
        self.calendar.switch_calendar_type()
        self.assertEqual(self.calls, [self.calendar])
        self.other.switch_based_on_duration()
        self.assertEqual(self.calls, [self.calendar], "the hours are still the same")
        self.other.switch_based_on_duration()
        self.assertEqual(self.calls, [self.calendar, self.other])

    def test_one_call_for_a_batch_of_closed_days(self):
        period = {"date_from": utc("2026-06-15T00:00"), "date_to": utc("2026-06-15T23:59:59")}
        days = self.env["resource.calendar.leaves"].create(
            [{"name": "Closed", "calendar_id": calendar.id, **period} for calendar in (self.calendar, self.other) * 3]
        )
        self.assertEqual([set(call) for call in self.calls], [{self.calendar, self.other}])
        days.unlink()
        self.assertEqual(len(self.calls), 2)

    def test_moving_a_closed_day_changes_both_calendars(self):
        day = self.close("2026-06-15", self.calendar)
        self.calls.clear()
        day.calendar_id = self.other
        self.assertEqual([set(call) for call in self.calls], [{self.calendar, self.other}])

    def test_a_day_without_calendar_changes_those_of_its_company_and_shared_ones(self):
        company = self.env["res.company"].create({"name": "The other company"})
        theirs = self.create_calendar([(WORKDAYS, 8, 16)], company_id=company.id)
        ours = self.create_calendar([(WORKDAYS, 8, 16)], company_id=self.company.id)
        archived = self.create_calendar([(WORKDAYS, 8, 16)], active=False)
        self.calls.clear()
        self.close("2026-06-15", company=company)
        [changed] = self.calls
        self.assertLessEqual({theirs, self.calendar, archived}, set(changed))
        self.assertNotIn(ours, changed)

    def test_a_day_that_becomes_the_leave_of_a_person_opens_the_calendar(self):
        person = self.env["resource.resource"].create({"name": "Ann", "calendar_id": self.calendar.id})
        day = self.close("2026-06-15", self.calendar)
        self.calls.clear()
        day.resource_id = person
        self.assertEqual(self.calls, [self.calendar])
        day.write({"date_to": utc("2026-06-15T12:00")})
        self.assertEqual(len(self.calls), 1)

    def test_names_change_nothing(self):
        day = self.close("2026-06-15", self.calendar)
        self.calls.clear()
        day.name = "Another name"
        self.calendar.name = "Another name"
        self.calendar.attendance_ids.write({"name": "Another name", "sequence": 5})
        self.assertFalse(self.calls)

    def test_nothing_is_called_after_an_error(self):
        with self.assertRaises(ZeroDivisionError):
            with self.Calendar._service_hours_change():
                self.calendar.attendance_ids.write({"hour_from": 9})
                raise ZeroDivisionError
        self.assertFalse(self.calls)
        self.calendar.attendance_ids.write({"hour_from": 8})
        self.assertEqual(self.calls, [self.calendar])

    def test_deleting_a_calendar_with_a_closed_day_tells_those_that_it_closes_now(self):
        """Core keeps the day without a calendar: it closes the whole company."""
        ours = self.create_calendar([(WORKDAYS, 8, 16)], company_id=self.company.id)
        self.close("2026-06-15", ours)
        self.calls.clear()
        ours.unlink()
        [changed] = self.calls
        self.assertIn(self.calendar, changed)

    def test_a_plan_calendar_keeps_its_hours_when_it_gets_a_company(self):
        """P11: core's form would replace the hours and closed days by those of the company."""
        start = self.env.ref("support_plans.resource_calendar_start")
        hours = start.attendance_ids.mapped("hour_to")
        closed = start.global_leave_ids
        with Form(start) as form:
            form.company_id = self.company
        self.assertEqual(start.attendance_ids.mapped("hour_to"), hours)
        self.assertEqual(start.global_leave_ids, closed)
        self.assertEqual(start.tz, "Europe/Warsaw")

    def test_calendars_of_plans_are_found(self):
        support = self.Calendar.search([("is_support_calendar", "=", True)])
        self.assertIn(self.env.ref("support_plans.resource_calendar_premium"), support)
        self.assertIn(self.env.ref("support_plans.resource_calendar_start"), support)
        self.assertNotIn(self.calendar, support)
        others = self.Calendar.search([("is_support_calendar", "=", False)])
        self.assertIn(self.calendar, others)
        self.assertFalse(others & support)
        self.assertTrue(all(support.mapped("is_support_calendar")))
