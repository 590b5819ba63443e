from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .panel_common import PanelInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestPortalEndHours(PanelInvoicingCommon):
    """Before a client ends an agreement, the panel says what becomes of the hours (P10, C3, D11, F6)."""

    def open_end(self, agreement=None, user=None):
        self.log_in(user or self.user_anna)
        number = (agreement or self.agreement).id
        return self.get_text(self.url_open(f"/my/support-agreements/{number}/resign?date=2026-08-31"))

    def test_bought_hours_are_used_before_the_end(self):
        """C3: 10 hours, bought today for a year."""
        self.agreement._buy_offer(self.env.ref("support_timesheet.support_package_offer_starter_10"))
        text = self.open_end()
        self.assertIn("Of bought hours 10:00 h are left. They can be used until 31 Aug 2026", text)
        self.assertIn("gives nothing back for them", text)

    def test_the_allowance_runs_to_the_end(self):
        """P10, D11"""
        text = self.open_end()
        self.assertIn("Each service month that begins until 31 Aug 2026 still gives its hours in full", text)
        self.assertNotIn("Of bought hours", text)

    def test_a_plan_without_hours_says_nothing_of_them(self):
        """P2"""
        agreement = self.create_agreement(self.plan_community, self.other_client, "2026-01-01")
        text = self.open_end(agreement, self.user_ewa)
        self.assertIn("Your data and files", text)
        self.assertNotIn("gives its hours", text)

    def test_expired_packages_are_not_named(self):
        self.agreement._buy_offer(self.env.ref("support_timesheet.support_package_offer_starter_10"))
        self.assertTrue(self.agreement._get_bought_lots())
        with freeze_time("2027-08-01 08:00:00"):
            self.assertEqual(fields.Date.today(), date(2027, 8, 1))
            self.assertFalse(self.agreement._get_bought_lots())
