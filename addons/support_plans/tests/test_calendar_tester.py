from datetime import datetime

from odoo.tests import Form, new_test_user, tagged

from .calendar_common import CalendarCase, utc

WORKDAYS = range(5)


@tagged("post_install", "-at_install")
class TestDeadlineTester(CalendarCase):
    """P14, P31: anybody of support may ask when a ticket would be due, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.create_calendar([(WORKDAYS, 9, 15)])
        cls.consultant = new_test_user(
            cls.env,
            "tester@example.com",
            groups="support_plans.group_support_consultant",
            tz="Europe/Warsaw",
        )

    def ask(self, registered, hours, **context):
        tester = self.env["support.deadline.tester"].with_user(self.consultant)
        form = Form(tester.with_context(default_calendar_id=self.calendar.id, **context))
        form.registered_at = utc(registered)
        form.hours = hours
        return form

    def test_the_answer_shows_the_hours_used_in_the_readers_zone(self):
        form = self.ask("2026-06-12T16:00", 8, tz="Europe/Warsaw")
        self.assertEqual(form.clock_start, datetime(2026, 6, 15, 7))
        self.assertEqual(form.due, datetime(2026, 6, 16, 9))
        for text in ("Mon 15 Jun 2026, 09:00", "Mon 15 Jun 2026, 15:00", "06:00", "02:00"):
            self.assertIn(text, form.explanation)

    def test_a_calendar_that_promises_nothing_says_why(self):
        self.calendar.attendance_ids.unlink()
        form = self.ask("2026-06-12T16:00", 8)
        self.assertFalse(form.due)
        self.assertIn("has not enough working time", form.explanation)

    def test_the_answer_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        form = self.ask("2026-06-12T16:00", 8, tz="Europe/Warsaw", lang="pl_PL")
        self.assertIn("pon. 15 cze 2026", form.explanation)
