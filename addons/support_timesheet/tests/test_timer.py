from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.support_plans.tests.common import CONSULTANT, MANAGER

from .time_common import TimeCommon

NOON = datetime(2026, 6, 15, 10, 0)


@tagged("post_install", "-at_install")
class TestTimer(TimeCommon):
    """The stopwatch: one a person, on the server, its minutes are never lost (F3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.create_support_user("colleague", CONSULTANT, tz="Europe/Warsaw")
        cls.create_employee(cls.colleague)
        cls.other_ticket = cls.create_ticket(name="Scanner does not scan")
        cls.mine = cls.ticket.with_user(cls.consultant)

    def at(self, minutes, seconds=0):
        """Freeze the clock so many minutes after noon (Warsaw)."""
        return freeze_time(NOON + timedelta(minutes=minutes, seconds=seconds))

    def start(self, kind="REMOTE", minutes=0, ticket=None):
        with self.at(minutes):
            (ticket or self.mine).action_start_timer(self.kinds[kind].id)
        return self.get_timer()

    def get_timer(self, user=None):
        return self.env["support.timer"].search([("user_id", "=", (user or self.consultant).id)])

    def save_work(self, action, user=None, **values):
        """Fill in and save the dialog that an action opens."""
        lines = self.env["account.analytic.line"].with_user(user or self.consultant)
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        form = Form(lines.with_context(**action["context"]), view=view)
        form.name = "Mended the printer"
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    # Start, stop, log

    def test_start_stop_and_log(self):
        """P34, P36: 26 min and 5 min of note charge 60 min; saving the work ends the timer."""
        timer = self.start()
        self.assertEqual((timer.ticket_id, timer.work_type_id), (self.ticket, self.kinds["REMOTE"]))
        self.assertEqual((timer.started_at, timer.stopped_at), (NOON, False))
        with self.at(26, 59):
            action = self.mine.action_stop_timer()
        self.assertEqual((action["target"], action["res_model"]), ("new", "account.analytic.line"))
        self.assertTrue(timer.exists())
        with self.at(40):
            work = self.save_work(action)
        self.assertFalse(timer.exists())
        self.assertEqual((work.ticket_id, work.work_type_id), (self.ticket, self.kinds["REMOTE"]))
        self.assertEqual((work.worked_minutes, work.charged_minutes), (26, 60))
        self.assertEqual((work.time_start, str(work.date)), (NOON, "2026-06-15"))
        self.assertEqual((work.employee_id, work.user_id), (self.employee, self.consultant))

    def test_a_second_is_a_minute(self):
        self.start()
        with self.at(0, 1):
            self.assertEqual(self.save_work(self.mine.action_stop_timer()).worked_minutes, 1)

    def test_work_after_midnight_in_warsaw_is_of_its_own_day(self):
        with freeze_time("2026-06-15 22:30:00"):
            self.mine.action_start_timer(self.kinds["REMOTE"].id)
        with freeze_time("2026-06-15 22:45:00"):
            self.assertEqual(self.mine.action_stop_timer()["context"]["default_date"], "2026-06-16")

    def test_closing_the_dialog_loses_nothing(self):
        timer = self.start()
        with self.at(25):
            self.mine.action_stop_timer()
        with self.at(60):
            shown = self.other_ticket.with_user(self.consultant).time_card["timer"]
            self.assertEqual((shown["running"], shown["here"], shown["seconds"]), (False, False, 25 * 60))
            self.assertIn("Printer does not print", shown["ticket"])
            again = self.mine.action_log_timer()
            self.assertEqual(round(again["context"]["default_unit_amount"] * 60), 25)
            self.assertEqual(timer.stopped_at, NOON + timedelta(minutes=25))
            self.mine.action_stop_timer()
            self.assertEqual(timer.stopped_at, NOON + timedelta(minutes=25))

    def test_resume_moves_the_start_by_the_pause(self):
        timer = self.start()
        with self.at(25):
            self.mine.action_stop_timer()
        with self.at(60):
            self.mine.action_resume_timer()
            self.assertEqual((timer.started_at, timer.stopped_at), (NOON + timedelta(minutes=35), False))
        with self.at(70):
            action = self.mine.action_stop_timer()
        self.assertEqual(round(action["context"]["default_unit_amount"] * 60), 35)

    def test_throw_away(self):
        timer = self.start()
        self.mine.action_throw_away_timer()
        self.assertFalse(timer.exists())
        self.assertFalse(self.ticket.work_ids)
        with self.assertRaisesRegex(UserError, "another window"):
            self.mine.action_stop_timer()

    # One timer a person

    def test_a_second_timer_is_refused_and_names_the_first(self):
        timer = self.start()
        other = self.other_ticket.with_user(self.consultant)
        with self.at(25), self.assertRaisesRegex(UserError, "runs on ticket .*Printer does not print.*25 min"):
            other.action_start_timer(self.kinds["REMOTE"].id)
        with self.at(25):
            self.mine.action_stop_timer()
        with self.at(30), self.assertRaisesRegex(UserError, "25 min on ticket .*Printer.* not logged yet"):
            self.mine.action_start_timer(self.kinds["REMOTE"].id)
        self.assertEqual(self.get_timer(), timer)
        self.start(ticket=other.with_user(self.colleague))
        self.assertEqual(self.get_timer(self.colleague).ticket_id, self.other_ticket)

    def test_starting_twice_on_one_ticket_is_starting_once(self):
        timer = self.start()
        self.assertEqual(self.start(minutes=5), timer)
        self.assertEqual(timer.started_at, NOON)

    def test_the_database_keeps_one_timer_a_person(self):
        self.start()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["support.timer"].create(
                {
                    "user_id": self.consultant.id,
                    "ticket_id": self.other_ticket.id,
                    "work_type_id": self.kinds["REMOTE"].id,
                }
            )

    def test_who_is_no_employee_hears_it_before_the_work(self):
        stranger = self.create_support_user("no_employee", CONSULTANT)
        with self.assertRaisesRegex(UserError, "Time is kept of employees"):
            self.ticket.with_user(stranger).action_start_timer(self.kinds["REMOTE"].id)

    def test_a_ticket_with_a_timer_is_not_deleted(self):
        self.start()
        with self.assertRaisesRegex(UserError, "has a timer"):
            self.ticket.unlink()

    # Forgotten

    def test_a_forgotten_timer_warns_and_proposes(self):
        self.start()
        with self.at(12 * 60):
            action = self.mine.action_stop_timer()
            self.assertFalse(self.get_warning(action))
            self.mine.action_resume_timer()
        with self.at(14 * 60 + 5):
            action = self.mine.action_stop_timer()
            self.assertIn("14 h 5 min", self.get_warning(action))
            work = self.save_work(action, unit_amount=0.5)
        self.assertEqual(work.worked_minutes, 30)
        self.assertFalse(self.get_timer())

    def test_more_than_a_day_proposes_a_day(self):
        self.start()
        with self.at(40 * 60):
            self.assertEqual(self.mine.action_stop_timer()["context"]["default_unit_amount"], 24)

    def get_warning(self, action):
        lines = self.env["account.analytic.line"].with_user(self.consultant).with_context(**action["context"])
        return lines.new({}).timer_warning

    # Kind of work

    def test_the_proposed_kind_is_that_of_the_last_own_work_or_of_the_channel(self):
        phone = self.create_ticket(channel_id=self.channel_phone.id).with_user(self.consultant)
        self.assertEqual(phone.time_card["kind_id"], self.kinds["REMOTE"].id)
        self.assertEqual(self.mine.time_card["kind_id"], self.kinds["EMAIL"].id)
        self.create_work(10, "PROGRAMMING")
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.time_card["kind_id"], self.kinds["PROGRAMMING"].id)
        colleagues = self.ticket.with_user(self.colleague)
        self.assertEqual(colleagues.time_card["kind_id"], self.kinds["EMAIL"].id)
        self.mine.action_start_timer()
        self.assertEqual(self.get_timer().work_type_id, self.kinds["PROGRAMMING"])

    def test_the_kind_of_a_running_timer_can_be_changed(self):
        timer = self.start()
        self.mine.action_set_timer_kind(self.kinds["PHONE_SUPPORT"].id)
        self.assertEqual(timer.work_type_id, self.kinds["PHONE_SUPPORT"])
        self.other_ticket.with_user(self.consultant).action_set_timer_kind(self.kinds["EMAIL"].id)
        self.assertEqual(timer.work_type_id, self.kinds["PHONE_SUPPORT"])

    # Access

    def test_nobody_ends_the_timer_of_another(self):
        """The id of a timer in the context deletes only one's own."""
        timer = self.start()
        for value in (timer.id, str(timer.id), [timer.id], True):
            lines = self.env["account.analytic.line"].with_user(self.colleague).with_context(support_timer_id=value)
            values = self.prepare_work(25)
            del values["employee_id"]
            lines.create(values)
            self.assertTrue(timer.exists(), value)
        lines.sudo().create(self.prepare_work(25, employee_id=self.employee.id))
        self.assertTrue(timer.exists())

    def test_work_without_the_timer_leaves_it_running(self):
        timer = self.start()
        self.create_work(25)
        self.assertTrue(timer.exists())

    def test_a_work_that_is_refused_keeps_the_timer(self):
        timer = self.start()
        with self.at(25):
            action = self.mine.action_stop_timer()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.save_work(action, unit_amount=25)
        self.assertTrue(timer.exists())

    def test_own_timers_only_and_the_manager_reads_all(self):
        timer = self.start()
        with self.assertRaises(AccessError):
            timer.with_user(self.colleague).read(["ticket_id"])
        for change in ({"ticket_id": self.other_ticket.id}, {"user_id": self.colleague.id}):
            with self.assertRaises(AccessError):
                timer.with_user(self.colleague).write(change)
        with self.assertRaises(AccessError), self.cr.savepoint():
            timer.with_user(self.consultant).write({"user_id": self.colleague.id})
        manager = self.create_support_user("timer_manager", MANAGER)
        self.assertEqual(timer.with_user(manager).ticket_id, self.ticket)
        with self.assertRaises(AccessError):
            timer.with_user(manager).unlink()
        plain = self.create_support_user("plain", "helpdesk_mgmt.group_helpdesk_user")
        with self.assertRaises(AccessError):
            timer.with_user(plain).read(["ticket_id"])
        with self.assertRaises(AccessError):
            self.ticket.with_user(plain).read(["time_card"])
