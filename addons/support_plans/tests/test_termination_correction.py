from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .termination_common import TerminationCommon

#: Zloty for a euro, by the first day.
RATES = {"2026-01-01": 4.2637, "2026-05-01": 4.40}


@tagged("post_install", "-at_install")
class TestTerminationCorrection(TerminationCommon):
    """The correction invoice and the refund (F10, D6, D7, D14; art. 106j)."""

    def test_the_lines_show_the_arithmetic(self):
        termination = self.correct(refund_bank_id=self.bank.id)
        move = termination.refund_move_ids
        lines = [(x.termination_part, x.quantity, x.price_unit) for x in move.invoice_line_ids]
        self.assertEqual(lines, [("back", 12, 349), ("months", -5, 399), ("fee", -1, 65.79)])
        self.assertEqual((move.amount_untaxed, move.amount_tax, move.amount_total), (2127.21, 489.26, 2616.47))
        self.assertEqual(move.reversed_entry_id, self.get_invoice(termination.contract_id))
        self.assertEqual(move.invoice_date_due, termination.refund_due_on)
        self.assertEqual(move.partner_bank_id, self.bank)
        self.assertEqual(termination.state, "accepted")

    def test_preparing_again_makes_no_second_correction(self):
        termination = self.correct()
        move = termination.refund_move_ids
        termination.action_prepare_correction()
        self.assertEqual(termination.refund_move_ids, move)
        move.action_post()
        with self.assertRaises(UserError):
            termination.action_prepare_correction()

    def test_a_deleted_draft_may_be_prepared_again(self):
        termination = self.correct()
        termination.refund_move_ids.unlink()
        self.assertEqual(termination.state, "accepted")
        termination.action_prepare_correction()
        self.assertEqual(len(termination.refund_move_ids), 1)

    def test_payment_closes_the_resignation(self):
        termination = self.correct(refund_bank_id=self.bank.id)
        termination.handover_ids.action_done()
        termination.refund_move_ids.action_post()
        self.assertEqual(termination.state, "corrected")
        self.assertEqual(termination.refund_open, 2616.47)
        self.pay(termination.refund_move_ids)
        self.assertEqual((termination.state, termination.refund_open), ("closed", 0))

    def test_open_handover_keeps_it_refunded(self):
        termination = self.correct()
        termination.refund_move_ids.action_post()
        self.pay(termination.refund_move_ids)
        self.assertEqual(termination.state, "refunded")
        termination.handover_ids.action_done()
        self.assertEqual(termination.state, "closed")

    def test_partly_paid_sets_off_and_refunds_the_rest(self):
        termination = self.correct(self.create_year(paid=3000))
        termination.refund_move_ids.action_post()
        self.assertEqual(termination.refund_move_ids.amount_residual, 529.77)
        self.assertEqual(termination.refund_open, termination.refund_gross)
        self.assertEqual(self.get_invoice(termination.contract_id).amount_residual, 0)

    def test_not_paid_owes_what_was_used(self):
        termination = self.correct(self.create_year(paid=False))
        termination.refund_move_ids.action_post()
        self.assertEqual(self.get_invoice(termination.contract_id).amount_residual, 2453.85)
        self.assertEqual(termination.state, "refunded")

    def test_fee_outside_vat_is_a_debit_note_that_is_set_off(self):
        """D14: the whole remainder is corrected, the fee is kept from the transfer"""
        account = self.company_data["default_account_revenue"]
        self.env.company.support_debit_note_account_id = account
        termination = self.correct(fee_tax_treatment="outside_vat")
        move = termination.refund_move_ids
        self.assertEqual((move.amount_untaxed, move.amount_tax), (2193.00, 504.39))
        move.action_post()
        note = termination.debit_note_id
        self.assertEqual((note.move_type, note.state), ("entry", "posted"))
        self.assertEqual(note.line_ids.filtered(lambda x: x.account_id == account).balance, -65.79)
        self.assertEqual(move.amount_residual, 2631.60)
        self.assertEqual(termination.refund_open, termination.refund_gross)

    def test_vat_is_before_less_after_where_the_rate_of_the_difference_is_not(self):
        """D6: the state after the correction is right to the grosz"""
        self.plan_start.price_year_month = 349.01
        self.plan_start.price_month = 399.01
        for months, last in enumerate(("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"), 1):
            with self.subTest(months=months):
                client = self.create_client(f"Client {months}")
                termination = self.resign(self.create_year(client=client), last, accept=True)
                termination.action_prepare_correction()
                credit, invoice = termination.refund_move_ids, self.get_invoice(termination.contract_id)
                after = invoice.amount_untaxed - credit.amount_untaxed
                self.assertAlmostEqual(invoice.amount_tax - credit.amount_tax, round(after * 0.23 + 1e-9, 2), 6)
                self.assertEqual(credit.amount_tax, termination.lowered_tax)
                credit.action_post()
                self.assertEqual(credit.amount_tax, termination.lowered_tax)

    def create_euro_year(self, client=None):
        """A year of START in euro, at 4.2637 zloty when it is invoiced, and 4.40 from May on."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = [{"currency_id": euro.id, "name": day, "rate": 1 / rate} for day, rate in RATES.items()]
        if not euro.rate_ids.filtered(lambda rate: str(rate.name) == "2026-05-01"):
            self.env["res.currency.rate"].create(rates)
        self.plan_start.currency_id = euro
        return self.create_year(client=client, manual_currency_id=euro.id)

    def test_a_correction_in_euro_is_posted_to_the_cent_at_the_rate_of_its_invoice(self):
        """D6; art. 31b ust. 1"""
        self.plan_start.price_year_month = 349.01
        self.plan_start.price_month = 399.01
        for months, last in enumerate(("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"), 1):
            with self.subTest(months=months):
                termination = self.correct(self.create_euro_year(self.create_client(f"Euro {months}")), last)
                credit, invoice = termination.refund_move_ids, self.get_invoice(termination.contract_id)
                self.assertEqual(credit.currency_id.name, "EUR")
                credit.action_post()
                self.assertEqual(credit.amount_tax, termination.lowered_tax)
                self.assertEqual(credit.invoice_currency_rate, invoice.invoice_currency_rate)
                tax = credit.line_ids.filtered("tax_line_id")
                self.assertEqual(tax.balance, round(termination.lowered_tax * 4.2637, 2))
                self.assertAlmostEqual(sum(credit.line_ids.mapped("balance")), 0, 2)
                credit.button_draft()
                credit.invoice_date = "2026-06-03"
                self.assertEqual(credit.invoice_currency_rate, invoice.invoice_currency_rate)
                credit.action_post()
                self.assertEqual(tax.balance, round(termination.lowered_tax * 4.2637, 2))

    def test_with_another_payer_the_debit_note_is_set_off_too(self):
        """D14: it stands on the account of who gets the correction"""
        self.env.company.support_debit_note_account_id = self.company_data["default_account_revenue"]
        agreement = self.create_year(paid=False)
        invoice = self.get_invoice(agreement)
        invoice.button_draft()
        invoice.partner_id = self.create_client("Payer")
        invoice.action_post()
        self.pay(invoice)
        termination = self.correct(agreement, fee_tax_treatment="outside_vat", post=True)
        self.assertEqual(termination.debit_note_id.partner_id, invoice.partner_id)
        self.assertEqual(termination.refund_move_ids.amount_residual, 2631.60)

    def test_two_invoices_of_a_year_get_a_correction_each(self):
        agreement = self.create_changed_year()
        termination = self.resign(agreement, "2026-06-30", accept=True)
        termination.action_prepare_correction()
        moves = termination.refund_move_ids
        self.assertEqual(moves.reversed_entry_id, self.get_invoice(agreement))
        self.assertAlmostEqual(sum(moves.mapped("amount_untaxed")), 3875.34, 2)
        moves.action_post()
        self.assertAlmostEqual(sum(moves.mapped("amount_residual")), termination.refund_gross, 2)

    def test_hours_on_the_invoice_stay_billed(self):
        """Billed hours of the credited invoice stay billed."""
        agreement = self.create_year(paid=False)
        invoice = self.get_invoice(agreement)
        invoice.button_draft()
        invoice.invoice_line_ids = [
            Command.create({"name": "Hours", "price_unit": 165, "tax_ids": [Command.set(self.vat_23.ids)]})
        ]
        invoice.action_post()
        self.pay(invoice)
        termination = self.correct(agreement)
        self.assertEqual(termination.refund_move_ids.amount_total, 2616.47)
        self.assertEqual(termination.refund_gross, 2616.47)

    def test_a_payment_after_preparing_asks_to_prepare_again(self):
        """D6: what is refunded follows what is paid"""
        termination = self.correct(self.create_year(paid=3000))
        self.pay(self.get_invoice(termination.contract_id), 2151.24)
        with self.assertRefused("prepare the correction again"):
            termination.refund_move_ids.action_post()
        termination.refund_move_ids.unlink()
        termination.action_prepare_correction()
        termination.refund_move_ids.action_post()
        self.assertEqual(termination.refund_open, 2616.47)
