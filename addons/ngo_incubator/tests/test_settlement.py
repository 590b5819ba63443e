from datetime import date

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestNgoSettlement(NgoCommon):
    """A year that was paid with the discount ends early (F9, F10, D4, F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan_standard.price_year_month = 719.10
        cls.plan_start.price_year_month = 359.10

    def create_year(self, plan, start="2026-01-01", member=True):
        """Create an agreement that is paid by the year, its first invoice posted and paid."""
        with freeze_time(start):
            if member:
                self.join()
            agreement = self.create_agreement(plan, self.ngo, start, "year")
            self.invoice(agreement, start)
        return agreement

    def invoice(self, agreement, day):
        move = agreement._recurring_create_invoice(fields.Date.to_date(day))
        move.action_post()
        if not move.amount_total:
            return move
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({"payment_date": move.invoice_date})._create_payments()
        return move

    def resign(self, agreement, effective_on, accepted_on):
        termination = self.env["support.termination"].create(
            {
                "contract_id": agreement.id,
                "requested_on": agreement.date_start,
                "effective_on": fields.Date.to_date(effective_on),
                "early_reason": "Agreed",
            }
        )
        termination.action_submit()
        with freeze_time(accepted_on):
            termination._accept(fields.Date.to_date(accepted_on))
        return termination

    def settle(self, agreement, effective_on="2026-05-31"):
        termination = self.resign(agreement, effective_on, "2026-06-01")
        with freeze_time("2026-06-01"):
            termination.action_prepare_correction()
            termination.refund_move_ids.action_post()
        return termination

    def test_a_discounted_year_is_settled_at_the_price_list_with_the_same_discount(self):
        """12 × 719.10 less 30 % = 6040.44 paid; 5 × 559.30 (799 less 30 %) = 2796.50; 3 % of 3243.94 = 97.32."""
        agreement = self.create_year(self.plan_standard)
        termination = self.settle(agreement)
        self.assertEqual(termination.paid_net, 6040.44)
        self.assertEqual((termination.list_price_month, termination.used_net), (559.30, 2796.50))
        self.assertEqual((termination.fee, termination.refund_net), (97.32, 3146.62))
        correction = termination.refund_move_ids
        self.assertEqual(correction.amount_untaxed, 3146.62)
        parts = {line.termination_part: line for line in correction.invoice_line_ids}
        self.assertEqual((parts["back"].price_unit, parts["back"].discount), (719.10, 30))
        self.assertEqual((parts["months"].price_unit, parts["months"].discount), (559.30, 0))
        self.assertEqual((parts["back"].ngo_full_price, parts["months"].ngo_full_price), (719.10, 799))

    def test_the_discount_that_was_paid_with_counts_although_the_membership_ended(self):
        """D4, F12: never clawed back; the price of the settlement is that of the invoice."""
        agreement = self.create_year(self.plan_standard)
        membership = agreement.ngo_membership_id
        membership._warn("No promotion", date(2026, 2, 1), end_as="end")
        membership._finish_warnings(date(2026, 4, 1))
        with freeze_time("2026-05-01"):
            self.assertIn("559.30", agreement._describe_settled_price())
        termination = self.settle(agreement)
        self.assertEqual((membership.state, termination.list_price_month), ("ended", 559.30))
        self.assertEqual(termination.refund_net, 3146.62)

    def test_a_year_that_was_paid_in_full_is_settled_at_the_full_price_list(self):
        """F12: the discount counts from the next invoice, not for what was invoiced before."""
        agreement = self.create_year(self.plan_standard, member=False)
        with freeze_time("2026-02-01"):
            self.join()
        with freeze_time("2026-05-01"):
            self.assertNotIn("discount", agreement._describe_settled_price())
        termination = self.settle(agreement)
        self.assertEqual((termination.paid_net, termination.list_price_month), (8629.20, 799))
        self.assertEqual(termination.refund_net, 4495.17)

    def test_late_in_the_year_nothing_goes_back_and_nothing_is_charged(self):
        """D6: 11 × 559.30 = 6152.30 is more than was paid."""
        agreement = self.create_year(self.plan_standard)
        termination = self.resign(agreement, "2026-11-30", "2026-12-01")
        self.assertEqual((termination.remainder, termination.refund_net), (-111.86, 0))

    def test_the_years_that_are_still_to_be_invoiced_are_foretold_with_the_discount(self):
        agreement = self.create_year(self.plan_standard)
        line = agreement.plan_fee_line_ids
        with freeze_time("2026-02-01"):
            self.assertEqual(line._get_net_price(date(2027, 1, 1), date(2027, 12, 31)), 503.37)

    # A dearer plan in a prepaid year

    def upgrade(self, agreement, on="2026-03-15"):
        with freeze_time(on):
            terms = {**self.plan_standard._prepare_terms()}
            agreement._request_plan_change(self.plan_standard, terms, fields.Date.to_date(on))
        return self.invoice(agreement, "2026-04-01").invoice_line_ids

    def test_the_difference_has_the_discount_when_both_plans_have_the_same(self):
        """F9: 9 × 360.00 less 20 %."""
        self.programme.discount_ids.filtered("plan_id").unlink()
        agreement = self.create_year(self.plan_start)
        line = self.upgrade(agreement)
        self.assertEqual((line.quantity, line.price_unit, line.discount), (9, 360, 20))
        self.assertEqual((line.price_subtotal, line.list_price_month), (2592, 320))

    def test_the_difference_of_plans_with_other_discounts_is_that_of_their_prices(self):
        """F9, F12: 719.10 less 30 % is 503.37; 359.10 less 20 % is 287.28; the month costs 216.09 more."""
        agreement = self.create_year(self.plan_start)
        line = self.upgrade(agreement)
        self.assertEqual((line.quantity, line.price_unit, line.discount), (9, 216.09, 0))
        self.assertEqual(line.list_price_month, 240.10)
        self.assertIn("503.37", line.name)

    def test_after_a_change_of_plan_the_months_cost_the_price_of_the_new_plan(self):
        """D4: 3 × 319.20 and 2 × 559.30, from 12 × 287.28 and 9 × 216.09 paid."""
        agreement = self.create_year(self.plan_start)
        self.upgrade(agreement)
        termination = self.resign(agreement, "2026-05-31", "2026-06-01")
        self.assertEqual(termination.paid_net, 3447.36 + 1944.81)
        self.assertAlmostEqual(termination.used_net, 3 * 319.20 + 2 * 559.30, 2)
        self.assertEqual(termination.list_price_month, 559.30)

    def test_an_upgrade_of_a_year_paid_in_full_pays_only_what_the_new_price_is_above_it(self):
        agreement = self.create_year(self.plan_start, member=False)
        with freeze_time("2026-02-01"):
            self.join()
        line = self.upgrade(agreement)
        self.assertEqual(line.price_unit, 144.27)

    def test_months_that_cost_nothing_more_are_settled_so(self):
        """D4: a zero is a price: 5 × 319.20 of 12 × 287.28; the dearer plan costs the organisation nothing more."""
        agreement = self.create_year(self.plan_start)
        membership = agreement.ngo_membership_id
        membership.discount_ids.filtered("plan_id").percent = 90
        with freeze_time("2026-01-02"):
            membership.action_change_terms()
        line = self.upgrade(agreement)
        self.assertEqual((line.price_subtotal, line.list_price_month), (0, 0))
        termination = self.resign(agreement, "2026-05-31", "2026-06-01")
        self.assertEqual((termination.used_net, termination.remainder), (1596, 1851.36))
        self.assertEqual((termination.fee, termination.refund_net), (55.54, 1795.82))

    def test_a_difference_that_is_made_again_is_that_of_its_own_change_of_plan(self):
        """START to STANDARD on 1 April, to PREMIUM on 1 July; the first difference is deleted and made again."""
        self.plan_premium.write({"price_month": 1499, "price_year_month": 1349.10})
        agreement = self.create_year(self.plan_start)
        made = []
        for plan, day in ((self.plan_standard, "2026-04-01"), (self.plan_premium, "2026-07-01")):
            agreement._apply_plan(plan, {**plan._prepare_terms()}, 1, fields.Date.to_date(day))
            made.append(agreement._recurring_create_invoice(fields.Date.to_date(day)))
        prices = [move.invoice_line_ids.price_unit for move in made]
        self.assertEqual(prices, [216.09, 575.91])  # 503.37 − 287.28; 1349.10 less 20 % − 503.37
        made[0].unlink()
        again = agreement._recurring_create_invoice(date(2026, 7, 1))
        self.assertEqual(again.invoice_line_ids.price_unit, 216.09)

    def test_a_difference_that_the_end_cuts_is_that_of_the_monthly_prices(self):
        """F9: 559.30 less 319.20; two months until the end, instead of 9 × 216.09."""
        agreement = self.create_year(self.plan_start)
        day = date(2026, 4, 1)
        agreement._apply_plan(self.plan_standard, {**self.plan_standard._prepare_terms()}, 1, day)
        self.resign(agreement, "2026-05-31", "2026-04-01")
        line = agreement._recurring_create_invoice(day).invoice_line_ids
        self.assertEqual((line.quantity, line.price_unit, line.list_price_month), (2, 240.10, 240.10))

    def test_nobody_else_reads_of_the_discount(self):
        """The difference to the dearer plan is not invoiced yet: the year says START, the agreement STANDARD."""
        agreement = self.create_year(self.plan_start, member=False)
        day = date(2026, 4, 1)
        agreement._apply_plan(self.plan_standard, {**self.plan_standard._prepare_terms()}, 1, day)
        with freeze_time(day):
            self.assertNotIn("discount", agreement._describe_settled_price())
            self.join()
            self.assertNotIn("discount", agreement._describe_settled_price())

    def test_an_upgrade_without_any_membership_is_as_before(self):
        agreement = self.create_year(self.plan_start, member=False)
        agreement.plan_fee_line_ids.discount = 10
        line = self.upgrade(agreement)
        self.assertEqual((line.price_unit, line.discount), (360, 0))
        self.assertFalse(line.ngo_benefit_id)
