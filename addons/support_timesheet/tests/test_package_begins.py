from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .time_common import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 08:00:00")
class TestPackageBegins(TimeCommon):
    """Months before an agreement had a package gave no hours, whoever asks, and whenever (D11, P10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailer = cls.create_agreement(cls.plan_email, cls.create_client("Mailer Ltd"), "2026-01-01")
        cls.mail_ticket = cls.create_ticket(partner_id=cls.mailer.partner_id.id)

    def change_to_start(self, **terms):
        """Change to START from 1 April; the change takes effect in the test's April."""
        wizard = self.env["support.plan.change.wizard"].create(
            {"contract_id": self.mailer.id, "new_plan_id": self.plan_start.id, "requested_on": "2026-03-20"}
        )
        wizard.action_confirm()
        with freeze_time("2026-04-01 08:00:00"):
            self.mailer._apply_due_plan_changes(date(2026, 4, 1))
        self.assertEqual(self.mailer.support_plan_id, self.plan_start)

    def get_figures(self, day):
        """Return (allowance, used, expired, left) in hours on a day."""
        balance = self.mailer._get_balances(day)[self.mailer.id]
        return balance.allowance / 60, balance.used / 60, balance.expired / 60, balance.left / 60

    def test_a_plan_without_hours_left_none_behind(self):
        self.change_to_start()
        self.assertEqual(self.get_figures(date(2026, 3, 31)), (0, 0, 0, 0))
        self.assertEqual(self.get_figures(date(2026, 4, 1)), (3, 0, 0, 3))
        self.assertEqual(self.get_figures(date(2026, 5, 1)), (3, 0, 3, 3))

    def test_the_first_month_with_hours_has_none_carried_over(self):
        self.change_to_start()
        with freeze_time("2026-04-20 08:00:00"):
            self.mailer.package_carry_months = 3
            work = self.create_work(415, date="2026-04-10", ticket_id=self.mail_ticket.id)
            self.assertEqual((work.package_minutes, work.overage_minutes), (180, 240))
            late = self.create_work(25, date="2026-03-10", ticket_id=self.mail_ticket.id)
            self.assertEqual(late.package_minutes, 0)
        self.assertEqual(self.mailer.package_ids.mapped("date_from"), [date(2026, 4, 1)])
        self.assertLedgerIsSound()

    def test_hours_given_by_hand_begin_with_the_service_month(self):
        self.mailer.package_hours = 2
        self.assertEqual(self.get_figures(date(2026, 2, 28)), (0, 0, 0, 0))
        self.assertEqual(self.get_figures(date(2026, 3, 20)), (2, 0, 0, 2))

    def test_a_break_without_hours_gives_none_and_what_was_before_it_stays(self):
        with freeze_time("2026-01-20 08:00:00"):
            self.mailer.package_hours = 2
        with freeze_time("2026-02-20 08:00:00"):
            self.mailer.package_hours = 0
        with freeze_time("2026-04-20 08:00:00"):
            self.mailer.package_hours = 3
        self.assertEqual(self.get_figures(date(2026, 1, 31)), (2, 0, 0, 2))
        self.assertEqual(self.get_figures(date(2026, 3, 31)), (0, 0, 2, 0))
        self.assertEqual(self.get_figures(date(2026, 5, 1)), (3, 0, 5, 3), "January's, and April's")
        self.assertEqual(self.get_figures(date(2026, 6, 1)), (3, 0, 8, 3))

    def test_a_start_that_is_undone_forgets_when_hours_began(self):
        self.mailer.package_hours = 2
        self.mailer._undo_start()
        self.assertFalse(self.mailer.package_since)
        self.mailer.action_start_agreement()
        self.assertEqual(self.get_figures(date(2026, 3, 20)), (2, 0, 4, 2))
