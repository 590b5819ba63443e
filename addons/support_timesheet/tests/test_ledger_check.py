from freezegun import freeze_time

from odoo.tests import tagged

from .time_common import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestLedgerCheck(TimeCommon):
    """The nightly check finds and mends what does not add up; packages tell once how full they are (D13, P10)."""

    def run_check(self):
        """Run the nightly check and return whether all was right."""
        self.env.flush_all()
        self.env.invalidate_all()
        right = self.env["support.package.entry"]._cron_check_ledger()
        self.env.invalidate_all()
        return right

    # The nightly check

    def test_a_ledger_that_adds_up_is_left_alone(self):
        self.create_work(205)
        version = self.agreement.ledger_version
        self.assertTrue(self.run_check())
        self.assertEqual(self.agreement.ledger_version, version)

    def test_a_package_that_does_not_add_up_is_mended(self):
        """No work is broken: the package alone leads to its agreement."""
        self.create_work(55)
        lot = self.agreement.package_ids
        self.env.flush_all()
        self.cr.execute("UPDATE support_package SET used_minutes = 100 WHERE id = %s", [lot.id])
        with self.assertLogs("odoo.addons.support_timesheet", "ERROR") as logs:
            self.assertFalse(self.run_check())
        self.assertIn(str(lot.ids), logs.output[0])
        self.assertEqual(lot.used_minutes, 60)
        self.assertIn("did not add up", self.agreement.message_ids.sorted("id")[-1].body)

    def test_a_work_whose_parts_are_wrong_is_mended(self):
        """Its sum is right: 180 min from the package and 30 beyond it are not 170 and 40."""
        work = self.create_work(205)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_analytic_line SET package_minutes = 170, overage_minutes = 40 WHERE id = %s", [work.id]
        )
        with self.assertLogs("odoo.addons.support_timesheet", "ERROR"):
            self.assertFalse(self.run_check())
        self.assertEqual((work.package_minutes, work.overage_minutes), (180, 30))

    # Alerts

    def get_told(self, lot):
        """Return how many messages a package sends now."""
        before = self.agreement.message_ids
        lot._tell()
        return len(self.agreement.message_ids - before)

    def test_a_package_tells_each_level_once(self):
        work = self.create_work(145)
        lot = self.agreement.package_ids
        self.assertEqual([self.get_told(lot), self.get_told(lot)], [1, 0])
        work.unit_amount = 175 / 60
        self.assertEqual([self.get_told(lot), self.get_told(lot)], [1, 0])

    def test_who_was_told_of_100_percent_is_not_told_of_80_later(self):
        """“Used up” is not followed by “nearly used up”."""
        work = self.create_work(175)
        lot = self.agreement.package_ids
        self.assertEqual(self.get_told(lot), 1)
        work.unit_amount = 145 / 60
        self.assertEqual(lot._alert_level(), 80)
        self.assertEqual(self.get_told(lot), 0)

    def give_hours(self, hours, date_to, **values):
        return self.env["support.package"].create(
            {
                "contract_id": self.agreement.id,
                "minutes": hours * 60,
                "date_from": "2026-06-01",
                "date_to": date_to,
                **values,
            }
        )

    def get_told_body(self, lot):
        before = self.agreement.message_ids
        lot._tell()
        return (self.agreement.message_ids - before).body

    def test_who_has_other_hours_is_told_of_them_and_of_no_money(self):
        """D13: the month's package is used first, 50 h that were bought are left."""
        self.give_hours(50, "2026-12-31")
        self.give_hours(10, "2026-12-31", awaits_payment=True)
        work = self.create_work(145)
        month = self.agreement.package_ids.filtered(lambda lot: lot.origin == "month")
        for minutes, text in ((145, "2.5 h of the package of 3 h"), (205, "is used up")):
            work.unit_amount = minutes / 60
            body = self.get_told_body(month)
            self.assertIn(text, body)
            self.assertNotIn("billed", body)
            left = 50 - max(work.charged_minutes - 180, 0) / 60
            self.assertIn(f"used next: {left:g} h, valid to 12/31/2026", body)

    def test_the_last_hours_that_are_used_up_say_what_comes_then(self):
        self.give_hours(1, "2026-12-31")
        self.create_work(235)
        for lot in self.agreement.package_ids:
            self.assertIn("Further work is billed", self.get_told_body(lot))

    def test_the_allowance_that_nobody_asked_for_yet_is_told_of(self):
        """Bought hours that expire first are used up on the first of the month."""
        lot = self.give_hours(1, "2026-06-29")
        self.create_work(55)
        self.agreement.package_ids.filtered(lambda x: x.origin == "month").unlink()
        self.assertIn("used next: 3 h, valid to 06/30/2026", self.get_told_body(lot))

    def test_the_job_is_woken_for_a_new_level_only(self):
        """Logging time does not start it again and again."""
        cron = self.env.ref("support_timesheet.ir_cron_hours_alerts")
        woken = [("cron_id", "=", cron.id)]
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count(woken)
        self.create_work(145)
        first = triggers.search_count(woken)
        self.assertGreater(first, before)
        self.agreement.package_ids._tell()
        self.create_work(10, "PHONE_SUPPORT")
        self.assertEqual(triggers.search_count(woken), first)
