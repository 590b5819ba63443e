from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .calendar_common import CalendarCase, utc

WORKDAYS = range(5)
TODAY = date(2026, 3, 27)


@tagged("post_install", "-at_install")
class TestPublicHolidays(CalendarCase):
    """D16, P13: the Polish statutory list as closed days, made once, editable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.create_calendar([(WORKDAYS, 8, 16)], support_public_holidays=True)

    def generate(self, today=TODAY):
        return self.calendar._generate_public_holidays(today)

    def get_days(self, year):
        days = self.calendar.global_leave_ids.filtered(lambda d: d.date_to.year == year)
        return {day.date_to.date(): day for day in days}

    def test_fourteen_days_a_year_this_year_and_two_ahead(self):
        """D16: 14 days since 2025, 24 December among them."""
        self.generate()
        for year in (2026, 2027, 2028):
            self.assertEqual(len(self.get_days(year)), 14, year)
        self.assertFalse(self.get_days(2025) or self.get_days(2029))
        eve = self.get_days(2026)[date(2026, 12, 24)]
        self.assertEqual(eve.name, "Christmas Eve")
        self.assertEqual(eve.date_from, datetime(2026, 12, 23, 23))
        self.assertEqual(eve.date_to, datetime(2026, 12, 24, 22, 59, 59))
        self.assertFalse(eve.resource_id)
        self.assertFalse(eve.company_id, "a shared calendar is closed for every company")

    def test_the_names_are_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.company.partner_id.lang = "pl_PL"
        self.generate()
        self.assertEqual(self.get_days(2026)[date(2026, 12, 24)].name, "Wigilia Bożego Narodzenia")

    def test_the_service_is_closed_on_them(self):
        """P13: three days of Christmas."""
        self.generate()
        self.assertEqual(self.due(self.calendar, "2026-12-23T12:00", 8), "2026-12-28T12:00")

    def test_running_again_changes_nothing(self):
        self.generate()
        calls = self.patch_hook()
        before = self.calendar.global_leave_ids
        self.assertFalse(self.generate())
        self.Calendar._cron_generate_public_holidays(TODAY)
        self.assertEqual(self.calendar.global_leave_ids, before)
        self.assertNotIn(self.calendar, self.Calendar.union(*calls))

    def test_the_next_year_adds_only_the_new_one(self):
        self.generate()
        added = self.generate(date(2027, 1, 1))
        self.assertEqual({day.date_to.year for day in added}, {2029})

    def test_what_was_changed_by_hand_survives(self):
        """D16: moved, renamed and deleted days are neither made again nor written over."""
        self.generate()
        days = self.get_days(2026)
        moved, renamed = days[date(2026, 11, 11)], days[date(2026, 5, 1)]
        moved.write({"date_from": utc("2026-11-12T00:00"), "date_to": utc("2026-11-12T23:59:59")})
        renamed.name = "Day of rest"
        days[date(2026, 12, 24)].unlink()
        before = self.calendar.global_leave_ids.read(["name", "date_from", "date_to"])
        self.assertFalse(self.generate())
        self.assertEqual(self.calendar.global_leave_ids.read(["name", "date_from", "date_to"]), before)
        states = {h.date: h.state for h in self.calendar.support_public_holiday_ids}
        self.assertEqual(states[date(2026, 11, 11)], "changed")
        self.assertEqual(states[date(2026, 5, 1)], "changed")
        self.assertEqual(states[date(2026, 12, 24)], "deleted")
        self.assertEqual(states[date(2026, 12, 25)], "kept")

    def test_a_deleted_day_comes_back_only_when_its_line_is_deleted(self):
        self.generate()
        eve = self.get_days(2026)[date(2026, 12, 24)]
        eve.unlink()
        self.calendar.support_public_holiday_ids.filtered(lambda holiday: holiday.date == date(2026, 12, 24)).unlink()
        self.assertEqual(len(self.generate()), 1)

    def test_a_day_that_is_closed_already_is_left_alone(self):
        by_hand = self.close("2026-05-01", self.calendar)
        self.generate()
        days = self.calendar.global_leave_ids.filtered(lambda d: d.date_to == by_hand.date_to)
        self.assertEqual(days, by_hand)
        self.assertEqual(len(self.get_days(2026)), 14)

    def test_a_day_that_is_closed_in_part_is_closed_wholly(self):
        """P13: a closed afternoon of Christmas Eve does not open its morning."""
        self.close("2026-12-24", self.calendar, date_from=utc("2026-12-24T12:00"))
        self.generate()
        self.assertEqual(self.due(self.calendar, "2026-12-23T16:00", 1), "2026-12-28T09:00")

    def test_the_database_makes_a_date_once(self):
        self.generate()
        holiday = self.calendar.support_public_holiday_ids[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["support.public.holiday"].create(
                {"calendar_id": self.calendar.id, "date": holiday.date, "name": "Twice"}
            )

    def test_only_calendars_that_want_them(self):
        """P13: PREMIUM is open on public holidays."""
        self.assertFalse(self.env.ref("support_plans.resource_calendar_premium").global_leave_ids)
        self.calendar.support_public_holidays = False
        self.Calendar._cron_generate_public_holidays(TODAY)
        self.assertFalse(self.calendar.global_leave_ids)

    def test_the_plans_have_them_from_the_installation(self):
        """D16: the first ticket is judged rightly."""
        for plan in ("community", "email", "start", "standard"):
            calendar = self.env.ref(f"support_plans.resource_calendar_{plan}")
            made = calendar.support_public_holiday_ids
            self.assertGreaterEqual(len(made), 3 * 14, plan)

    def test_one_calendar_that_cannot_be_changed_stops_no_other(self):
        broken = self.create_calendar([(WORKDAYS, 8, 16)], support_public_holidays=True)
        original = self.registry["resource.calendar"]._generate_public_holidays

        def generate(calendars, today):
            result = original(calendars, today)
            if broken in calendars:
                raise ZeroDivisionError
            return result

        self.patch(self.registry["resource.calendar"], "_generate_public_holidays", generate)
        with self.assertLogs("odoo.addons.support_plans", "ERROR") as logs:
            self.Calendar._cron_generate_public_holidays(TODAY)
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(len(self.calendar.global_leave_ids), 42)
        self.assertFalse(broken.global_leave_ids)

    def test_one_change_for_all_days(self):
        calls = self.patch_hook()
        self.generate()
        self.assertEqual(calls, [self.calendar])

    def test_few_queries_whatever_the_number_of_days(self):
        self.generate(date(2025, 1, 1))
        self.env.flush_all()
        self.calendar.support_public_holiday_ids.mapped("date")
        with self.assertQueryCount(1):
            self.calendar._get_missing_public_holidays(TODAY)

    def test_deleting_a_calendar_closes_nobody_else(self):
        """Core would leave its closed days behind, without a calendar: closed for everybody."""
        days = self.generate()
        self.calendar.unlink()
        self.assertFalse(days.exists())

    def test_a_copy_of_a_calendar_has_its_own_days(self):
        self.generate()
        self.get_days(2026)[date(2026, 12, 24)].unlink()
        copy = self.calendar.copy()
        self.assertEqual(len(copy.global_leave_ids), 41)
        self.assertFalse(copy._generate_public_holidays(TODAY))
        states = {h.date: h.state for h in copy.support_public_holiday_ids}
        self.assertEqual(states.pop(date(2026, 12, 24)), "deleted")
        self.assertEqual(set(states.values()), {"kept"})

    @freeze_time("2026-03-27 14:00")
    def test_the_cron_runs(self):
        cron = self.env.ref("support_plans.ir_cron_generate_public_holidays")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(self.calendar.global_leave_ids), 42)


@tagged("post_install", "-at_install")
class TestPublicHolidaysAccess(CalendarCase):
    """Who may add and change public holidays, tested both ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.create_calendar([(WORKDAYS, 8, 16)], support_public_holidays=True)
        cls.manager = new_test_user(cls.env, "manager@example.com", groups="support_plans.group_support_manager")
        cls.consultant = new_test_user(
            cls.env, "consultant@example.com", groups="support_plans.group_support_consultant"
        )

    @freeze_time("2026-03-27 14:00")
    def test_a_manager_presses_the_button(self):
        answer = self.calendar.with_user(self.manager).action_generate_public_holidays()
        self.assertEqual(len(self.calendar.global_leave_ids), 42)
        self.assertIn("42 public holidays", answer["params"]["message"])
        answer = self.calendar.with_user(self.manager).action_generate_public_holidays()
        self.assertIn("already has all", answer["params"]["message"])

    def test_a_consultant_does_not(self):
        with self.assertRaisesRegex(AccessError, "Only managers of support"):
            self.calendar.with_user(self.consultant).action_generate_public_holidays()

    def test_a_calendar_that_is_open_on_holidays_says_so(self):
        self.calendar.support_public_holidays = False
        with self.assertRaisesRegex(UserError, "“Hours of a test” is open on public holidays"):
            self.calendar.with_user(self.manager).action_generate_public_holidays()

    def test_a_manager_changes_closed_days_of_these_calendars_only(self):
        """D16: editable; hours stay with the administrator, as in core."""
        day = self.close("2026-05-01", self.calendar)
        day.with_user(self.manager).write({"name": "Day of rest"})
        day.with_user(self.manager).unlink()
        other = self.close("2026-05-01", self.create_calendar([(WORKDAYS, 8, 16)]))
        with self.assertRaises(AccessError):
            other.with_user(self.manager).write({"name": "Day of rest"})
        with self.assertRaises(AccessError):
            self.calendar.attendance_ids.with_user(self.manager).write({"hour_from": 9})

    def test_a_consultant_changes_neither_hours_nor_closed_days(self):
        day = self.close("2026-05-01", self.calendar)
        for record, values in (
            (day, {"name": "Day of rest"}),
            (self.calendar, {"tz": "Europe/London"}),
            (self.calendar.attendance_ids, {"hour_from": 9}),
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.consultant).write(values)

    def test_a_consultant_reads_and_a_manager_deletes_lines_of_holidays(self):
        self.calendar._generate_public_holidays(TODAY)
        lines = self.calendar.support_public_holiday_ids
        self.assertTrue(lines.with_user(self.consultant).read(["name", "state"]))
        with self.assertRaises(AccessError):
            lines.with_user(self.consultant).unlink()
        with self.assertRaises(AccessError):
            lines.with_user(self.manager).write({"name": "Day of rest"})
        lines.with_user(self.manager).unlink()
