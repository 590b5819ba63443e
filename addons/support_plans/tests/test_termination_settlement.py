from odoo import Command, fields
from odoo.tests import tagged

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
class TestTerminationSettlement(TerminationCommon):
    """The settlement of a paid year, from real invoices and payments (F10, D4, D5, D6, D14, D15)."""

    def assertSettled(self, termination, **expected):
        self.assertEqual({name: termination[name] for name in expected}, expected)

    def test_five_months_of_twelve(self):
        """The worked example: 4188 − 1995 = 2193; 65.79; 2127.21 net, 2616.47 gross."""
        termination = self.resign(self.create_year(), "2026-05-31")
        self.assertSettled(
            termination,
            paid_net=4188.00,
            months_worked=5,
            used_net=1995.00,
            remainder=2193.00,
            fee=65.79,
            refund_net=2127.21,
            refund_tax=489.26,
            refund_gross=2616.47,
            lowered_net=2127.21,
            lowered_tax=489.26,
        )

    def test_the_fee_outside_vat_and_none_stand_beside_it(self):
        """D14: 2193 × 1.23 − 65.79 = 2631.60; without fee 2697.39"""
        termination = self.resign(self.create_year(), "2026-05-31")
        figures = termination.refund_if_taxable, termination.refund_if_outside_vat, termination.refund_if_none
        self.assertEqual(figures, (2616.47, 2631.60, 2697.39))

    def test_eleven_months_give_nothing_back_and_cost_nothing(self):
        """D6: 8629.20 paid, 11 × 799 used: −159.80"""
        self.plan_standard.price_year_month = 719.10
        termination = self.resign(self.create_year(plan=self.plan_standard), "2026-11-30")
        self.assertSettled(termination, remainder=-159.80, fee=0, refund_net=0, refund_gross=0, lowered_net=0)

    def test_not_paid_lowers_what_is_owed_and_refunds_nothing(self):
        termination = self.resign(self.create_year(paid=False), "2026-05-31")
        self.assertSettled(termination, paid_net=0, refund_gross=0, fee=0, lowered_net=2193.00, lowered_tax=504.39)

    def test_partly_paid_refunds_what_is_overpaid(self):
        """3000 of 5151.24 paid: 2439.02 net − 1995 = 444.02; 13.32; 430.70 net"""
        termination = self.resign(self.create_year(paid=3000), "2026-05-31")
        self.assertSettled(termination, paid_net=2439.02, remainder=444.02, fee=13.32, refund_net=430.70)
        # 3000.00 − (1995.00 + 13.32) × 1.23
        self.assertSettled(termination, lowered_net=2179.68, refund_gross=529.77)

    def test_an_earlier_correction_is_taken_off_first(self):
        agreement = self.create_year()
        invoice = self.get_invoice(agreement)
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": [Command.set(invoice.ids)], "journal_id": invoice.journal_id.id, "reason": "A month given"}
        )
        wizard.refund_moves()
        credit = invoice.reversal_move_ids
        credit.invoice_line_ids.quantity = 1
        credit.action_post()
        termination = self.resign(agreement, "2026-05-31")
        self.assertSettled(termination, paid_net=3839.00, remainder=1844.00, fee=55.32, refund_net=1788.68)
        self.assertEqual(termination.line_ids.earlier_net, 349.00)

    def test_an_invoice_that_replaces_the_first_is_settled(self):
        """Core's "Reverse and Create Invoice", for a wrong address for instance; the figures of the example."""
        agreement = self.create_year(paid=False)
        invoice = self.get_invoice(agreement)
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": [Command.set(invoice.ids)], "journal_id": invoice.journal_id.id, "date": "2026-01-02"}
        )
        wizard.modify_moves()
        wizard.new_move_ids.action_post()
        self.pay(wizard.new_move_ids)
        termination = self.resign(agreement, "2026-05-31")
        self.assertSettled(termination, paid_net=4188.00, remainder=2193.00, fee=65.79, refund_net=2127.21)
        self.assertEqual(termination.line_ids.invoice_line_id.move_id, wizard.new_move_ids)

    def test_a_change_of_plan_is_one_settlement_of_two_invoices(self):
        """P9, F10: START 4 months, then STANDARD; 4 × 399 + 2 × 799 used"""
        agreement = self.create_changed_year()
        difference = self.get_invoice(agreement)[1]
        self.assertEqual(difference.invoice_line_ids.price_subtotal, 8 * 360.00)
        termination = self.resign(agreement, "2026-06-30")
        self.assertEqual(termination.line_ids.mapped("list_price"), [399, 400])
        # 4309.20 + 2880.00 − 6 × 399 − 2 × 400
        self.assertSettled(termination, paid_net=7189.20, used_net=3194.00, remainder=3995.20, fee=119.86)
        self.assertSettled(termination, refund_net=3875.34)

    def test_a_year_renewed_in_advance_goes_back_without_fee(self):
        agreement = self.create_year("2025-06-01")
        renewed = agreement._recurring_create_invoice(fields.Date.to_date("2026-06-01"))
        renewed.action_post()
        self.pay(renewed)
        termination = self.resign(agreement, "2026-05-31", requested_on="2026-05-20")
        self.assertSettled(termination, months_worked=0, paid_net=4188.00, fee=0, refund_net=4188.00)
        self.assertEqual(termination.refund_gross, 5151.24)
        self.assertTrue(termination.line_ids.is_unused)

    def test_a_private_person_pays_no_fee(self):
        """D15"""
        person = self.env["res.partner"].create({"name": "Private Client"})
        termination = self.resign(self.create_year(client=person), "2026-05-31")
        self.assertTrue(termination.is_private_person)
        self.assertSettled(termination, fee=0, refund_net=2193.00)

    def test_our_firm_keeps_no_fee_when_it_ends_the_agreement(self):
        termination = self.resign(self.create_year(), "2026-05-31", initiator="firm")
        self.assertSettled(termination, fee=0, refund_net=2193.00)

    def test_the_simulation_writes_nothing(self):
        agreement = self.create_year()
        before = self.env["support.termination"].search_count([])
        simulated = self.env["support.termination"]._simulate(agreement, fields.Date.to_date("2026-05-31"))
        self.assertEqual(simulated.refund_gross, 2616.47)
        self.assertEqual(simulated.line_ids.months_worked, 5)
        self.env.flush_all()
        self.assertEqual(self.env["support.termination"].search_count([]), before)
        self.assertEqual(agreement.support_state, "running")
