from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.support_plans.tests.common import MANAGER

from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
class TestTourBill(TimeInvoicingCommon, HttpCase):
    """Through the real screens: bill the hours beyond the package, and explain the line (P22)."""

    def test_bill_last_month_and_explain_it(self):
        """P22: 0.5 h × 165.00 = 82.50, though the year is paid and no fee is due."""
        self.create_support_user("tour_biller", MANAGER, lang="en_US", tz="Europe/Warsaw")
        today = fields.Date.today()
        client = self.create_client("Yearly Tour Ltd")
        agreement = self.create_agreement(self.plan_start, client, today + relativedelta(months=-2, day=1), "year")
        self.run_invoicing(today)
        ticket = self.create_time_ticket(client)
        day = today + relativedelta(months=-1, day=10)
        self.create_work(145, date=day, ticket_id=ticket.id)
        self.create_work(26, date=day, ticket_id=ticket.id)
        self.start_tour(f"/odoo/support-agreements/{agreement.id}", "support_timesheet_bill", login="tour_biller")
        line = self.env["account.move.line"].search([("is_overage", "=", True), ("partner_id", "=", client.id)])
        self.assertEqual((line.quantity, line.price_unit, line.price_subtotal), (0.5, 165, 82.5))
        self.assertLedgerIsSound()
