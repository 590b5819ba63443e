from datetime import date

from odoo.tests import freeze_time, tagged

from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestNgoBilling(NgoCommon):
    """The discount and the term of payment on invoices (F12)."""

    def test_the_next_invoice_of_a_running_agreement_has_the_discount_and_no_earlier_one(self):
        """F12, P8: START costs 399; 20 % less is 319.20, shown as a discount on the full price."""
        agreement = self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        before = self.run_invoicing("2026-01-01")
        with freeze_time("2026-01-20"):
            self.join()
        after = self.run_invoicing("2026-02-01")
        self.assertEqual(before.amount_untaxed, 399)
        line = after.invoice_line_ids
        self.assertEqual((line.price_unit, line.discount, line.price_subtotal), (399, 20, 319.20))
        self.assertEqual((line.list_price_month, line.ngo_full_price), (319.20, 399))
        self.assertIn("NGO discount 20 %", line.name)
        self.assertEqual(before.invoice_line_ids.discount, 0)
        self.assertEqual(agreement.list_price_month, 399)

    def test_a_plan_with_a_discount_of_its_own_has_that_one(self):
        with freeze_time("2026-01-01"):
            self.join()
            self.create_agreement(self.plan_standard, self.ngo_person, "2026-01-01")
        self.assertEqual(self.run_invoicing("2026-01-01").invoice_line_ids.discount, 30)

    def test_the_term_of_payment_is_longer_and_the_usual_one_is_kept(self):
        with freeze_time("2026-01-01"):
            self.join()
            self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        move = self.run_invoicing("2026-01-01")
        self.assertEqual(move.invoice_date_due, date(2026, 2, 15))
        self.assertEqual((move.invoice_payment_term_id.line_ids.nb_days, move.ngo_usual_days), (45, 0))

    def test_a_warning_keeps_the_month_that_has_begun_and_the_next_one_is_at_the_full_price(self):
        with freeze_time("2026-01-01"):
            membership = self.join()
            self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        with freeze_time("2026-02-01"):
            membership._warn("Nothing heard", date(2026, 2, 1))
        self.assertEqual(membership.ends_on, date(2026, 3, 3))
        discounts = [
            self.run_invoicing(day).invoice_line_ids.discount
            for day in ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
        ]
        self.assertEqual(discounts, [20, 20, 20, 0])
