from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .time_common import TimeCommon

LATE_EVENING = datetime(2026, 6, 15, 22, 30)  # in Warsaw the 16th has begun


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestWorkDay(TimeCommon):
    """A work is of the day on which it began, and never of a day to come (F3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "Europe/Warsaw"

    def log_as(self, user, **values):
        lines = self.env["account.analytic.line"].with_user(user)
        return lines.create(self.prepare_work(30, **values))

    # Days to come

    def test_work_of_a_day_to_come_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "a day to come.* today or to an earlier day"), self.cr.savepoint():
            self.create_work(30, date="2026-06-21")
        work = self.create_work(30, date="2026-06-20")
        with self.assertRaisesRegex(ValidationError, "a day to come"), self.cr.savepoint():
            work.date = "2027-06-20"
        with self.assertRaisesRegex(ValidationError, "a moment to come"), self.cr.savepoint():
            work.time_start = "2026-06-20 10:00:00"

    def test_today_is_that_of_the_reader_the_company_or_utc_whichever_is_later(self):
        calendar = self.env.company.resource_calendar_id
        for reader, company, moment in (
            ("Europe/Warsaw", "UTC", "2026-06-20 22:30:00"),
            ("UTC", "Europe/Warsaw", "2026-06-20 22:30:00"),
            ("America/New_York", "UTC", "2026-06-21 02:30:00"),
        ):
            with self.subTest(reader=reader, company=company), freeze_time(moment):
                self.consultant.tz, calendar.tz = reader, company
                self.assertEqual(str(self.log_as(self.consultant, date="2026-06-21").date), "2026-06-21")

    def test_time_that_is_no_work_for_a_client_is_core_s_matter(self):
        project = self.env["project.project"].create({"name": "Not support", "allow_timesheets": True})
        values = {"name": "Leave", "project_id": project.id, "employee_id": self.employee.id, "unit_amount": 8}
        line = self.env["account.analytic.line"].create({**values, "date": "2026-12-24"})
        with self.assertRaisesRegex(ValidationError, "a day to come"), self.cr.savepoint():
            line.write({"work_type_id": self.kinds["REMOTE"].id, "ticket_id": self.ticket.id})

    # Start and date

    def test_the_start_gives_the_day_in_the_reader_s_zone(self):
        work = self.log_as(self.consultant, date=False, time_start=LATE_EVENING)
        self.assertEqual(str(work.date), "2026-06-16")
        work.time_start = datetime(2026, 6, 14, 12)
        self.assertEqual(str(work.date), "2026-06-14")

    def test_a_start_and_a_date_that_disagree_are_refused_by_the_api(self):
        with self.assertRaisesRegex(ValidationError, "it is of the day on which it began"), self.cr.savepoint():
            self.log_as(self.consultant, date="2026-06-15", time_start=LATE_EVENING)
        work = self.log_as(self.consultant, date="2026-06-16", time_start=LATE_EVENING)
        with self.assertRaisesRegex(ValidationError, "it is of the day on which it began"), self.cr.savepoint():
            work.date = "2026-06-17"
        work.write({"date": "2026-06-17", "time_start": False})
        self.assertEqual(str(work.date), "2026-06-17")

    def test_an_import_is_refused_as_well(self):
        names = ["name", "ticket_id/.id", "work_type_id/.id", "unit_amount", "date", "time_start"]
        row = ["Imported", str(self.ticket.id), str(self.kinds["REMOTE"].id), "0.5"]
        lines = self.env["account.analytic.line"].with_user(self.consultant).with_context(tz="Europe/Warsaw")
        result = lines.load(names, [[*row, "2026-06-14", "2026-06-15 10:00:00"]])
        self.assertFalse(result["ids"])
        self.assertIn("it is of the day on which it began", result["messages"][0]["message"])
        self.assertTrue(lines.load(names, [[*row, "2026-06-15", "2026-06-15 10:00:00"]])["ids"])

    def test_the_form_dates_a_work_by_its_start(self):
        lines = (
            self.env["account.analytic.line"]
            .with_user(self.consultant)
            .with_context(default_ticket_id=self.ticket.id, default_date="2026-06-20")
        )
        form = Form(lines, view="support_timesheet.support_work_view_form")
        form.work_type_id, form.name, form.unit_amount = self.kinds["REMOTE"], "Printer", 0.5
        form.time_start = LATE_EVENING
        self.assertEqual(str(form.date), "2026-06-16")
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.date = "2026-06-17"
        self.assertEqual(str(form.save().date), "2026-06-16")

    def test_a_colleague_in_another_zone_edits_what_is_not_the_day(self):
        work = self.log_as(self.consultant, date="2026-06-16", time_start=LATE_EVENING)
        far = self.create_support_user("far_t", "support_plans.group_support_manager", tz="America/New_York")
        work.with_user(far).write({"name": "Mended it", "unit_amount": 1})
        self.assertEqual(str(work.date), "2026-06-16")
