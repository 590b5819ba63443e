import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..rules import increments
from .time_common import TimeCommon


@tagged("post_install", "-at_install")
class TestTourLogTime(TimeCommon, HttpCase):
    """Through the real screens: timer, log, see the balance fall (F3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultant.lang = "en_US"
        cls.consultant.password = cls.consultant.login
        cls.url = f"/odoo/helpdesk.ticket/{cls.ticket.id}"

    def get_timer(self):
        return self.env["support.timer"].search([("user_id", "=", self.consultant.id)])

    def test_timer_log_and_the_balance_falls(self):
        """P10, P22, P34, P36: 2.5 h of 3 h are used; 26 min and 5 min of note are 30 + 30 min, 82.50 net."""
        self.create_work(145, date=fields.Date.to_string(fields.Date.today()), employee_id=self.create_colleague().id)
        self.start_tour(self.url, "support_timesheet_log_time", login=self.consultant.login)
        work = self.ticket.work_ids.filtered(lambda line: line.user_id == self.consultant)
        self.assertEqual((work.worked_minutes, work.package_minutes, work.overage_minutes), (26, 30, 30))
        self.assertEqual((work.work_amount, work.coverage), (82.50, "partly"))
        self.assertTrue(work.time_start)
        self.assertFalse(self.get_timer())
        self.assertLedgerIsSound()

    def test_a_running_timer_survives_and_is_thrown_away(self):
        """F3, P36: 12 min of remote help and 5 min of note leave 13 min of the first half hour."""
        self.env["support.timer"].create(
            {
                "user_id": self.consultant.id,
                "ticket_id": self.ticket.id,
                "work_type_id": self.kinds["REMOTE"].id,
                "started_at": fields.Datetime.now() - timedelta(minutes=12, seconds=35),
            }
        )
        self.start_tour(self.url, "support_timesheet_running_timer", login=self.consultant.login, timeout=90)
        self.assertFalse(self.get_timer())
        self.assertFalse(self.ticket.work_ids)

    def test_the_clock_on_the_screen_counts_as_the_rule(self):
        """P34-P36, D8-D10: increments.js is a copy of rules/increments.py."""
        cases = [
            (
                *case,
                increments.charged_minutes(*case),
                increments.minutes_to_next_unit(*case),
            )
            for case in ((worked, note, step) for worked in range(70) for note in (0, 5, 20) for step in (0, 1, 15, 30))
        ]
        self.browser_js(
            "/odoo",
            f"""
            const rule = odoo.loader.modules.get("@support_timesheet/time_card/increments");
            const wrong = {json.dumps(cases)}.filter(([worked, note, step, charged, next]) =>
                rule.chargedMinutes(worked, note, step) !== charged ||
                rule.minutesToNextUnit(worked, note, step) !== next);
            if (wrong.length) {{
                console.error("Not as the rule: " + JSON.stringify(wrong.slice(0, 3)));
            }} else {{
                console.log("test successful");
            }}
            """,
            ready="odoo.loader.modules.has('@support_timesheet/time_card/increments')",
            login=self.consultant.login,
        )

    @classmethod
    def create_colleague(cls):
        return cls.create_employee(cls.leader)
