from datetime import date

from odoo import Command
from odoo.tests import Form, freeze_time, tagged

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
class TestTerminationReview(TerminationCommon):
    """What an accountant tried: accounts, edited drafts, second credit notes, part payments, ways back (F10, D14)."""

    def correct_outside_vat(self, post=True):
        self.env.company.support_debit_note_account_id = self.company_data["default_account_revenue"]
        return self.correct(fee_tax_treatment="outside_vat", post=post)

    # Account

    def test_the_refund_goes_to_the_account_on_the_screen(self):
        termination = self.correct(post=True)
        other = self.env["res.partner.bank"].create(
            {"acc_number": "PL27114020040000300201355387", "partner_id": self.client.id, "allow_out_payment": True}
        )
        termination.refund_bank_id = other
        self.assertEqual(termination.refund_move_ids.partner_bank_id, other)
        action = termination.action_pay_refund()
        wizard = Form(self.env["account.payment.register"].with_context(**action["context"]))
        self.assertEqual(wizard.partner_bank_id, other)

    # Edited by hand

    def test_an_edited_draft_is_not_issued(self):
        for name, edit in (
            ("months", lambda move: move.invoice_line_ids[1].write({"quantity": -3})),
            ("fee", lambda move: move.invoice_line_ids[2].unlink()),
            ("due", lambda move: move.write({"invoice_date_due": "2027-03-01"})),
        ):
            with self.subTest(name):
                termination = self.correct(self.create_year(client=self.create_client(name)))
                move = termination.refund_move_ids
                edit(move)
                with self.assertRefused("was edited"):
                    move.action_post()
                self.assertEqual(move.state, "draft")

    def test_a_credit_note_by_hand_does_not_give_back_twice(self):
        termination = self.correct(post=True)
        invoice = self.get_invoice(termination.contract_id)
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": [Command.set(invoice.ids)], "journal_id": invoice.journal_id.id}
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        with self.assertRefused("Credit only what is left"):
            credit.action_post()
        credit.invoice_line_ids.quantity = 1
        credit.action_post()
        self.assertEqual(credit.state, "posted")

    def test_the_correction_of_a_withdrawn_resignation_is_not_issued(self):
        termination = self.correct(post=True)
        move = termination.refund_move_ids
        move.button_draft()
        termination.action_withdraw()
        move.button_draft()
        with self.assertRefused("was withdrawn"):
            move.action_post()
        self.assertEqual(move.state, "draft")

    # Debit note

    def test_another_treatment_reverses_the_debit_note(self):
        termination = self.correct_outside_vat()
        note, first = termination.debit_note_id, termination.refund_move_ids
        first.button_draft()
        self.assertFalse(termination.debit_note_id)
        self.assertEqual(note.reversal_move_ids.state, "posted")
        first.button_cancel()
        termination.fee_tax_treatment = "taxable"
        termination.action_prepare_correction()
        termination._get_corrections().action_post()
        self.assertEqual(termination.refund_open, 2616.47)

    def test_withdrawing_leaves_no_claim(self):
        termination = self.correct_outside_vat()
        note = termination.debit_note_id
        termination.refund_move_ids.button_draft()
        termination.action_withdraw()
        self.assertEqual(sum((note | note.reversal_move_ids).line_ids.mapped("amount_residual")), 0)
        self.assertEqual(termination.refund_move_ids.state, "cancel")

    def test_a_cancelled_correction_lets_the_settlement_go(self):
        termination = self.correct_outside_vat()
        termination.refund_move_ids.button_draft()
        termination.refund_move_ids.button_cancel()
        termination.fee_tax_treatment = "none"
        self.assertEqual(termination.refund_gross, 2697.39)

    def test_debit_notes_have_numbers_of_their_own_and_name_the_correction(self):
        termination = self.correct_outside_vat()
        note = termination.debit_note_id
        self.assertTrue(note.name.startswith("NOTA/"))
        self.assertIn(termination.refund_move_ids.name, note.ref)

    def test_outside_vat_needs_its_account_when_it_is_chosen(self):
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        with self.assertRefused("set the account"):
            termination.fee_tax_treatment = "outside_vat"

    # Choices and ways back

    def test_who_accepts_the_agreed_treatment_has_chosen_it(self):
        """D14"""
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        termination.with_user(self.accountant).action_prepare_correction()
        self.assertEqual(termination.treatment_by_id, self.accountant)
        self.assertTrue(termination.treatment_on)

    def test_nothing_to_correct_may_be_withdrawn(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        termination = self.resign(agreement, "2026-04-30", accept=True)
        termination.action_prepare_correction()
        self.assertEqual(termination.state, "refunded")
        termination.action_withdraw()
        self.assertEqual((termination.state, agreement.support_state), ("withdrawn", "running"))

    def test_the_accountant_who_accepts_watches_the_refund(self):
        agreement = self.create_year()
        entered = (
            self.env["support.termination"]
            .with_user(self.consultant)
            .create({"contract_id": agreement.id, "requested_on": "2026-05-01"})
        )
        entered.action_submit()
        self.assertEqual(entered.responsible_id, self.consultant)
        entered.with_user(self.accountant).action_accept()
        self.assertEqual(entered.sudo().responsible_id, self.accountant)

    @freeze_time("2026-06-10")
    def test_a_letter_may_have_accepted_it_earlier(self):
        """D7: the days run from the letter"""
        termination = self.resign(self.create_year(), "2026-05-31", requested_on="2026-05-01")
        for day in ("2026-06-11", "2026-04-30"):
            termination.accept_as_of = day
            with self.assertRefused("cannot be accepted on"):
                termination.action_accept()
        termination.accept_as_of = "2026-06-01"
        termination.action_accept()
        self.assertEqual((termination.accepted_on, termination.refund_due_on), (date(2026, 6, 1), date(2026, 6, 22)))

    def test_who_ended_it_decides_until_it_is_submitted(self):
        """Our firm keeps no fee, also when that is entered later; another agreement brings its own terms."""
        agreement, other = self.create_year(), self.create_year(client=self.create_client("Other"), fee_percent=2)
        termination = self.env["support.termination"].create({"contract_id": agreement.id})
        termination.initiator = "firm"
        self.assertEqual(termination.fee_tax_treatment, "none")
        termination.write({"initiator": "client", "contract_id": other.id})
        self.assertEqual((termination.fee_tax_treatment, termination.fee_percent), ("taxable", 2))
        self.assertFalse(termination.refund_bank_id)

    # Interest

    @freeze_time("2026-07-02")
    def test_interest_counts_what_was_open(self):
        """2000.00 paid in time, 616.47 is 10 days late at 10 %"""
        self.env["support.interest.rate"].create({"date_from": "2026-01-01", "percent": 10, "source": "Test"})
        termination = self.correct(post=True)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=termination.refund_move_ids.ids
        )
        wizard.create({"payment_date": "2026-06-20", "amount": 2000})._create_payments()
        self.assertEqual(termination.refund_open, 616.47)
        self.assertEqual(termination.interest, 1.69)

    def test_a_difference_is_not_called_a_list_price(self):
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_year()
        self.change_plan(agreement)
        termination = self.resign(agreement, "2026-06-30", accept=True)
        termination.action_prepare_correction()
        names = termination.refund_move_ids.invoice_line_ids.filtered(lambda x: x.termination_part == "months")
        self.assertEqual(len(names.filtered(lambda x: "difference of the monthly list prices" in x.name)), 1)

    def test_a_credit_note_of_too_much_is_a_sentence(self):
        """Hours on the invoice credited twice over: the rule refuses, and people read why."""
        agreement = self.create_year(paid=False)
        invoice = self.get_invoice(agreement)
        invoice.button_draft()
        hours = self.env["product.product"].create({"name": "Hours", "type": "service"})
        line = {"product_id": hours.id, "price_unit": 165, "tax_ids": [Command.set(self.vat_23.ids)]}
        invoice.invoice_line_ids = [Command.create(line)]
        invoice.action_post()
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "invoice_date": invoice.invoice_date,
                "reversed_entry_id": invoice.id,
                "invoice_line_ids": [Command.create({**line, "quantity": 40})],
            }
        )
        credit.action_post()
        with self.assertRefused("contradict each other"):
            self.resign(agreement, "2026-05-31")

    def test_the_panel_calls_no_rest_vat(self):
        """Not paid in full, gross less net is no VAT."""
        labels = {}
        for name, paid in (("full", True), ("part", 3000)):
            agreement = self.create_year(client=self.create_client(name), paid=paid)
            labels[name] = [row[0] for row in self.resign(agreement, "2026-05-31")._get_panel_settlement_rows()]
        self.assertIn("VAT", labels["full"])
        self.assertNotIn("VAT", labels["part"])
        self.assertIn("Refund, gross", labels["part"])

    def test_the_panel_names_the_account_that_is_used(self):
        """The first one with right check digits, not the first one."""
        self.bank.unlink()
        self.env["res.partner.bank"].create(
            [
                {"acc_number": "PL61109010140000071219812875", "partner_id": self.client.id},
                {"acc_number": "PL27114020040000300201355387", "partner_id": self.client.id},
            ]
        )
        agreement = self.create_year()
        today = agreement._get_firm_day()
        shown = agreement._preview_end(agreement._get_end_days(today)[0], today)["known_account"]
        self.assertEqual(shown, "5387")
