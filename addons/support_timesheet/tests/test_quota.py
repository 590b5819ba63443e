from freezegun import freeze_time

from odoo.tests import tagged

from .time_common import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestQuota(TimeCommon):
    """The quota of guaranteed time beside the package (P15, P24, P30, D12)."""

    def test_used_quota_takes_the_guarantee_from_new_tickets(self):
        """P30: START has 8 h; they are still answered."""
        self.create_work(8 * 60 - 1, "EMAIL", date="2026-06-10")
        self.assertEqual(self.create_ticket().guarantee_reason, "guaranteed")
        self.create_work(1, "EMAIL", date="2026-06-10")
        ticket = self.create_ticket()
        self.assertEqual((ticket.guarantee_reason, ticket.response_state), ("quota_used", "none"))
        self.assertEqual(self.create_ticket(request_kind="bug").guarantee_reason, "guaranteed", "bugs do not count")

    def test_only_e_mail_work_on_other_things_than_bugs_counts(self):
        """P24, P33."""
        self.create_work(600, "REMOTE")
        bug = self.create_ticket(request_kind="bug")
        self.create_work(600, "EMAIL", ticket_id=bug.id)
        self.create_work(600, "EMAIL", date="2026-05-31")
        self.assertEqual(self.agreement.quota_used, 0)
        self.create_work(90, "EMAIL")
        self.agreement.invalidate_recordset(["quota_used"])
        self.assertEqual(self.agreement.quota_used, 1.5)

    def test_the_client_is_told_once_a_month_that_the_quota_is_used_up(self):
        """P30."""
        self.create_work(8 * 60, "EMAIL")

        def run():
            before = self.agreement.message_ids
            with self.enter_registry_test_mode():
                self.env.ref("support_timesheet.ir_cron_hours_alerts").method_direct_trigger()
            self.agreement.invalidate_recordset()
            return self.agreement.message_ids - before

        told = run()
        self.assertEqual(len(told), 1)
        self.assertIn("8 h of guaranteed support time", told.body)
        self.assertIn(self.client, told.notified_partner_ids)
        self.assertFalse(run())
        with freeze_time("2026-07-15 08:00:00"):
            self.assertFalse(run(), "July has a quota of its own")

    def test_one_client_that_cannot_be_told_keeps_nobody_else_from_it(self):
        other = self.create_agreement(self.plan_start, self.create_client("Other"), "2026-01-01")
        ticket = self.create_ticket(partner_id=other.partner_id.id)
        for minutes, kind in ((8 * 60, "EMAIL"), (180, "REMOTE")):
            self.create_work(minutes, kind)
            self.create_work(minutes, kind, ticket_id=ticket.id)
        notify = type(other)._notify_client

        def fail(agreement, subject, body):
            notify(agreement, subject, body)
            if agreement == self.agreement:
                raise ValueError("No mail")

        self.patch(type(other), "_notify_client", fail)
        before = self.agreement.message_ids
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.support_timesheet.models.contract_contract_alerts", "ERROR") as logs,
        ):
            self.env.ref("support_timesheet.ir_cron_hours_alerts").method_direct_trigger()
        self.assertEqual(len(logs.output), 2)
        self.env.invalidate_all()
        self.assertEqual((self.agreement.message_ids, self.agreement.quota_told_on), (before, False))
        self.assertTrue(other.quota_told_on and other.package_ids.alert_100_at)

    def test_packages_tell_at_80_and_at_100_percent_once_each(self):
        self.agreement.support_contact_ids = self.client_contact

        def run():
            before = self.agreement.message_ids
            with self.enter_registry_test_mode():
                self.env.ref("support_timesheet.ir_cron_hours_alerts").method_direct_trigger()
            self.env.invalidate_all()
            return (self.agreement.message_ids - before).sorted("id")

        self.create_work(110, date="2026-06-10")
        self.assertFalse(run())
        self.create_work(25, date="2026-06-11")  # 150 of 180 min
        told = run()
        self.assertIn("nearly used up", told.subject)
        self.assertIn("2.5 h of the package of 3 h", told.body)
        self.assertEqual(told.notified_partner_ids, self.client_contact)
        self.assertFalse(run())
        work = self.create_work(25, date="2026-06-12")
        self.assertIn("is used up", run().subject)
        work.unlink()
        self.create_work(25, date="2026-06-12")
        self.assertFalse(run(), "once each")

    def test_the_balance_of_any_day(self):
        """P10, D11: no cron is needed for the right answer."""
        self.create_work(55, date="2026-06-10")
        self.create_work(235, date="2026-06-12")
        day = self.agreement._get_today()
        for on, expected in (
            ("2026-06-15", (180, 0, 180, 900, 0, 120)),
            ("2026-06-10", (180, 0, 60, 900, 120, 0)),
            ("2026-05-31", (180, 0, 0, 720, 180, 0)),
            ("2026-08-01", (180, 0, 0, 1080, 180, 0)),
        ):
            with self.subTest(on=on):
                balance = self.agreement._get_balances(type(day).fromisoformat(on))[self.agreement.id]
                self.assertEqual(
                    (
                        balance.allowance,
                        balance.bought,
                        balance.used,
                        balance.expired,
                        balance.left,
                        balance.beyond,
                    ),
                    expected,
                )
