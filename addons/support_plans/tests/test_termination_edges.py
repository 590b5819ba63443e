from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .termination_common import IBAN, TerminationCommon


@tagged("post_install", "-at_install")
class TestTerminationEdges(TerminationCommon):
    """Where a resignation could take a wrong turn: drafts that go and come, bad input, rights of the parts."""

    # Drafts that go and come

    def test_a_cancelled_draft_is_prepared_anew(self):
        termination = self.correct()
        cancelled = termination.refund_move_ids
        cancelled.button_cancel()
        self.assertEqual(termination.state, "accepted")
        self.assertEqual(termination.correction_count, 0)
        action = termination.action_prepare_correction()
        draft = termination.refund_move_ids - cancelled
        self.assertEqual((action["res_id"], termination.refund_move_id), (draft.id, draft))
        self.assertEqual((draft.state, draft.amount_total), ("draft", 2616.47))
        draft.action_post()
        self.assertEqual((termination.state, termination.refund_open), ("corrected", 2616.47))

    def test_a_payment_after_the_cancelled_draft_counts(self):
        """The settlement of the cancelled draft goes, and the new one knows the payment."""
        agreement = self.create_year(paid=False)
        termination = self.correct(agreement)
        termination.refund_move_ids.button_cancel()
        self.pay(self.get_invoice(agreement))
        termination.action_prepare_correction()
        self.assertEqual(termination._get_corrections().amount_total, 2616.47)
        self.assertEqual(termination.refund_gross, 2616.47)

    def test_one_of_two_drafts_that_was_deleted_is_prepared_anew(self):
        termination = self.resign(self.create_changed_year(), "2026-06-30", accept=True)
        termination.action_prepare_correction()
        kept, deleted = termination.refund_move_ids.sorted("id")
        amount = deleted.amount_total
        deleted.unlink()
        self.assertEqual(termination.state, "accepted")
        termination.action_prepare_correction()
        made = termination.refund_move_ids - kept
        self.assertEqual((len(made), made.amount_total), (1, amount))
        termination.action_post_corrections()
        self.assertEqual(termination.state, "corrected")

    def test_with_one_of_two_posted_there_is_no_way_back(self):
        """A correction that was issued stays, whether or not the other one is"""
        termination = self.resign(self.create_changed_year(), "2026-06-30", accept=True)
        termination.action_prepare_correction()
        first, second = termination.refund_move_ids.sorted("id")
        first.action_post()
        for _with_the_draft_and_without in range(2):
            self.assertEqual(termination.state, "accepted")
            with self.assertRefused("sign a new agreement"):
                termination.action_withdraw()
            second.filtered(lambda move: move.state == "draft").unlink()
            second = second.exists()
        termination.action_prepare_correction()
        termination.action_post_corrections()
        self.assertEqual(termination.state, "corrected")

    def test_a_posted_correction_made_a_draft_goes_with_the_withdrawal(self):
        termination = self.correct()
        move = termination.refund_move_ids
        move.action_post()
        move.button_draft()
        self.assertEqual(termination.state, "accepted")
        termination.action_withdraw()
        self.assertEqual(move.state, "cancel")  # its number is kept
        self.assertEqual(termination.contract_id.support_state, "running")

    def test_a_withdrawal_bills_the_year_again_whose_draft_was_deleted(self):
        """P9: no trace in billing"""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        draft = agreement._recurring_create_invoice(fields.Date.to_date("2026-01-01"))
        amount = draft.amount_total
        termination = self.resign(agreement, "2026-05-31", accept=True)
        self.assertFalse(draft.exists())
        termination.action_withdraw()
        self.assertEqual(self.run_invoicing("2026-06-01").mapped("amount_total"), [amount])

    def test_withdrawn_keeps_an_agreed_end(self):
        """The agreement ends again as it did before the resignation"""
        agreement = self.create_year(date_end="2027-12-31")
        termination = self.resign(agreement, "2026-05-31", accept=True)
        self.assertEqual(agreement.date_end, fields.Date.to_date("2026-05-31"))
        termination.action_withdraw()
        self.assertEqual(agreement.date_end, fields.Date.to_date("2027-12-31"))

    # The treatment

    def test_the_treatment_is_not_changed_under_a_draft(self):
        termination = self.correct()
        for vals in ({"fee_tax_treatment": "none"}, {"is_private_person": True}):
            with self.subTest(vals), self.assertRefused("Delete its draft first"):
                termination.write(vals)
        termination.refund_move_ids.unlink()
        termination.fee_tax_treatment = "none"
        termination.action_prepare_correction()
        self.assertEqual(termination.refund_move_ids.amount_total, 2697.39)

    def test_a_consultant_enters_no_treatment(self):
        agreement = self.create_year()
        for vals in ({"fee_tax_treatment": "none"}, {"is_private_person": True}):
            with self.subTest(vals), self.assertRaises(AccessError):
                self.env["support.termination"].with_user(self.consultant).create(
                    {"contract_id": agreement.id, "requested_on": "2026-05-01", **vals}
                )

    # Input

    def test_what_is_no_value_is_refused(self):
        agreement = self.create_year()
        for vals in (
            {"way": "pigeon"},
            {"initiator": 5},
            {"requested_on": "yesterday"},
            {"requested_on": False},
            {"effective_on": 20260531},
            {"requested_by_id": "Anna"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.env["support.termination"].create({"contract_id": agreement.id, **vals})
        with self.assertRefused("Choose the agreement"):
            self.env["support.termination"].create({})

    def test_no_last_day_is_not_submitted(self):
        termination = self.env["support.termination"].create(
            {"contract_id": self.create_year().id, "requested_on": "2026-01-01"}
        )
        termination.effective_on = False
        with self.assertRefused("no last day"):
            termination.action_submit()

    def test_a_wrong_account_of_the_client_is_not_proposed(self):
        client = self.create_client("Two Accounts")
        banks = self.env["res.partner.bank"].create(
            [{"acc_number": number, "partner_id": client.id} for number in ("12-34", IBAN)]
        )
        termination = self.resign(self.create_year(client=client), "2026-05-31")
        self.assertEqual(termination.refund_bank_id, banks[1])

    # The handover

    def test_points_of_a_handover_are_ticked_off_by_the_button(self):
        termination = self.resign(self.create_year(), "2026-05-31").with_user(self.consultant)
        point = termination.handover_ids[0]
        with self.assertRefused("Mark Done"):
            point.done_on = "2026-01-01"
        with self.assertRefused("Mark Done"):
            termination.handover_ids = [Command.create({"name": "Keys", "done_by_id": self.accountant.id})]
        termination.handover_ids = [Command.create({"name": "Keys"})]
        point.action_done()
        with self.assertRefused("Undo it first"):
            point.unlink()
        point.action_undo()
        point.unlink()
        self.assertEqual(len(termination.handover_ids), 6)

    def test_the_handover_of_a_withdrawn_resignation_is_history(self):
        termination = self.resign(self.create_year(), "2026-05-31")
        termination.action_withdraw()
        point = termination.with_user(self.consultant).handover_ids[0]
        for step in (point.action_done, point.action_undo, point.unlink, lambda: point.write({"name": "x"})):
            with self.assertRefused("possible only in"):
                step()

    # Terms and rights

    def test_the_terms_of_the_agreement_count(self):
        agreement = self.create_year(month_rule="full", fee_percent=5, refund_days=30)
        termination = self.resign(agreement, "2026-05-30", accept=True)
        self.assertEqual((termination.months_worked, termination.fee), (4, 129.60))  # 5 % of 4188 - 4 x 399
        self.assertEqual(termination.refund_plain_due_on, fields.Date.to_date("2026-06-30"))

    def test_a_shorter_term_than_14_days_counts_for_a_private_person(self):
        person = self.env["res.partner"].create({"name": "Private Client"})
        termination = self.resign(self.create_year(client=person, refund_days=7), "2026-05-31", accept=True)
        self.assertEqual(termination.refund_plain_due_on, fields.Date.to_date("2026-06-07"))

    def test_a_tax_number_makes_no_private_person(self):
        sole_trader = self.env["res.partner"].create({"name": "Sole Trader", "vat": "PL5260250274"})
        termination = self.resign(self.create_year(client=sole_trader), "2026-05-31")
        self.assertFalse(termination.is_private_person)
        termination.is_private_person = True
        self.assertEqual((termination.fee, termination.treatment_by_id), (0, self.env.user))

    def test_blanks_are_no_reason(self):
        termination = self.env["support.termination"].create(
            {"contract_id": self.create_year().id, "requested_on": "2026-05-01"}
        )
        with self.assertRefused("write the reason"):
            termination.write({"effective_on": "2026-05-15", "early_reason": "  "})

    def test_it_may_end_on_its_first_day_and_at_the_earliest_without_a_reason(self):
        agreement = self.create_year(notice_months=0)
        termination = self.env["support.termination"].create(
            {"contract_id": agreement.id, "requested_on": "2026-01-01", "effective_on": "2026-01-01"}
        )
        termination.with_user(self.consultant).action_submit()
        self.assertEqual((agreement.date_end, termination.months_worked), (agreement.date_start, 1))

    def test_a_resignation_of_today_is_not_to_come(self):
        agreement = self.create_year()
        today = fields.Date.context_today(agreement)
        termination = self.env["support.termination"].create({"contract_id": agreement.id, "requested_on": today})
        self.assertEqual(termination.state, "draft")

    def test_our_own_person_may_end_it_for_our_firm(self):
        values = {"contract_id": self.create_year().id, "requested_on": "2026-05-01"}
        person = self.accountant.partner_id
        with self.assertRefused("does not belong"):
            self.env["support.termination"].create({**values, "requested_by_id": person.id})
        firm = {**values, "requested_by_id": person.id, "initiator": "firm"}
        self.assertEqual(self.env["support.termination"].create(firm).fee_tax_treatment, "none")

    def test_the_account_of_another_client_is_refused(self):
        termination = self.resign(self.create_year(client=self.create_client("Other")), "2026-05-31")
        with self.assertRefused("does not belong"):
            termination.refund_bank_id = self.bank

    def test_the_confirmation_goes_to_who_resigned_else_to_the_contacts(self):
        other = self.env["res.partner"].create({"name": "Ola", "parent_id": self.client.id})
        termination = self.resign(self.create_year(support_contact_ids=[Command.set(other.ids)]), "2026-05-31")
        self.assertEqual(termination._get_persons_to_tell(), other)
        named = self.resign(self.create_year(client=self.create_client("Two")), "2026-05-31", initiator="firm")
        self.assertEqual(named._get_persons_to_tell(), named.contract_id.partner_id)
        termination._write_own({"requested_by_id": self.client_contact.id})
        self.assertEqual(termination._get_persons_to_tell(), self.client_contact)

    # Figures

    def give_month(self, agreement, product=None, post=True):
        """Credit a month of the plan by hand, or something else of the invoice."""
        invoice = self.get_invoice(agreement)[:1]
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "reversed_entry_id": invoice.id,
                "invoice_date": invoice.invoice_date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or invoice.invoice_line_ids[0].product_id).id,
                            "quantity": 1,
                            "price_unit": 349,
                            "tax_ids": [Command.set(self.vat_23.ids)],
                        }
                    )
                ],
            }
        )
        if post:
            credit.action_post()
        return credit

    def test_the_correction_shows_what_was_corrected_before(self):
        agreement = self.create_year()
        self.give_month(agreement)
        self.give_month(agreement, post=False)
        termination = self.correct(agreement)
        move = termination.refund_move_ids
        parts = [(x.termination_part, x.price_subtotal) for x in move.invoice_line_ids]
        self.assertEqual(parts, [("back", 4188), ("earlier", -349), ("months", -1995), ("fee", -55.32)])
        # VAT before: 3839.00 x 23 %; after: 2050.32 x 23 %
        self.assertEqual((move.amount_untaxed, move.amount_tax), (1788.68, 411.40))
        self.assertEqual(termination.line_ids.billed_gross, 4721.97)

    def test_a_year_given_back_whole_by_hand_leaves_nothing(self):
        agreement = self.create_year()
        for _month in range(12):
            self.give_month(agreement)
        termination = self.resign(agreement, "2026-05-31", accept=True)
        self.assertEqual((termination.paid_net, termination.refund_gross, termination.lowered_net), (0, 0, 0))

    def test_what_names_another_product_of_the_invoice_is_not_the_plans(self):
        agreement = self.create_year(paid=False)
        invoice = self.get_invoice(agreement)
        hours = self.env["product.product"].create({"name": "Hours", "type": "service"})
        invoice.button_draft()
        invoice.invoice_line_ids = [
            Command.create({"product_id": hours.id, "price_unit": 349, "tax_ids": [Command.set(self.vat_23.ids)]})
        ]
        invoice.action_post()
        self.pay(invoice)
        self.give_month(agreement, hours)
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.line_ids.earlier_net, termination.refund_net), (0, 2127.21))

    def test_the_correction_of_a_resignation_that_came_first_counts_for_its_own_fee(self):
        """Two fees of a year on two invoices; a second correction by hand counts for its own invoice"""
        agreement = self.create_changed_year()
        self.give_month(agreement)
        termination = self.resign(agreement, "2026-06-30")
        self.assertEqual(termination.line_ids.mapped("earlier_net"), [349.0, 0.0])

    def test_a_discount_on_the_year_is_kept_and_its_vat_is_right(self):
        agreement = self.create_year(paid=False)
        invoice = self.get_invoice(agreement)
        invoice.button_draft()
        invoice.invoice_line_ids.discount = 7.3
        invoice.action_post()
        self.pay(invoice)
        termination = self.correct(agreement)
        move = termination.refund_move_ids
        self.assertEqual(move.invoice_line_ids[0].price_subtotal, 3882.28)
        self.assertEqual(move.amount_untaxed, termination.lowered_net)
        self.assertEqual(move.amount_tax, termination.lowered_tax)
        after = invoice.amount_untaxed - move.amount_untaxed
        self.assertAlmostEqual(invoice.amount_tax - move.amount_tax, round(after * 0.23, 2), 2)

    def test_taxes_that_the_correction_cannot_carry_are_refused(self):
        included = self.vat_23.copy({"name": "Included", "price_include_override": "tax_included"})
        fixed = self.vat_23.copy({"name": "Fixed", "amount_type": "fixed", "amount": 5})
        second = self.vat_23.copy({"name": "Second"})
        for number, taxes in enumerate((included, fixed, self.vat_23 | second)):
            with self.subTest(taxes.mapped("name")):
                agreement = self.create_year(client=self.create_client(f"T {number}"), paid=False)
                invoice = self.get_invoice(agreement)
                invoice.button_draft()
                invoice.invoice_line_ids.tax_ids = taxes
                invoice.action_post()
                termination = self.resign(agreement, "2026-05-31", accept=True)
                with self.assertRefused("Correct this invoice by hand"):
                    termination.action_prepare_correction()

    def test_the_service_on_the_correction_ends_with_the_agreement(self):
        termination = self.correct()
        self.assertEqual(
            set(termination.refund_move_ids.invoice_line_ids.mapped("service_period_end")),
            {fields.Date.to_date("2026-05-31")},
        )
        agreement = self.create_year("2025-06-01", client=self.create_client("Renewed"))
        renewed = agreement._recurring_create_invoice(fields.Date.to_date("2026-06-01"))
        renewed.action_post()
        late = self.resign(agreement, "2026-05-31", requested_on="2026-05-01", accept=True)
        late.action_prepare_correction()
        line = late.refund_move_ids.invoice_line_ids
        self.assertEqual(line.service_period_end, line.service_period_start)

    def test_a_long_number_of_the_agreement_is_cut_for_ksef(self):
        agreement = self.create_year()
        agreement.code = "A" * 300
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual(len(termination._get_correction_reason()), 256)

    # Months and drafts at the end

    def test_a_month_that_was_begun_is_neither_corrected_nor_deleted(self):
        """D5: also when the last day is its first one; drafts before the end stay"""
        for number, last in enumerate(("2026-03-15", "2026-03-01")):
            with self.subTest(last=last):
                agreement = self.create_agreement(self.plan_start, self.create_client(f"M {number}"), "2026-01-01")
                invoices = self.run_invoicing("2026-03-01")
                termination = self.resign(agreement, last, accept=True)
                self.assertEqual(invoices.exists(), invoices)
                invoices.action_post()
                self.pay(invoices)
                termination._refresh_settlement()
                self.assertEqual((termination.refund_gross, termination.lowered_net), (0, 0))

    def test_paid_one_of_two_corrections_it_is_not_refunded(self):
        termination = self.resign(self.create_changed_year(), "2026-06-30", accept=True)
        termination.action_prepare_correction()
        termination.action_post_corrections()
        first, second = termination.refund_move_ids
        self.pay(first)
        self.assertEqual((termination.state, termination.refund_open), ("corrected", second.amount_total))
        self.pay(second)
        self.assertEqual(termination.state, "refunded")

    def test_what_the_correction_took_off_is_not_taken_off_again(self):
        termination = self.correct()
        termination.refund_move_ids.action_post()
        agreement = termination.contract_id
        [period] = agreement._get_billed_periods()[agreement]
        self.assertEqual((float(period.earlier), float(period.billed)), (2127.21, 2060.79))
        again = termination._simulate(agreement, fields.Date.to_date("2026-05-31"))
        self.assertEqual(again, termination)

    def test_a_credit_set_off_against_an_open_invoice_is_no_payment(self):
        agreement = self.create_year(paid=False)
        invoice, credit = self.get_invoice(agreement), self.give_month(agreement)
        lines = (invoice | credit).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        lines.filtered(lambda line: not line.reconciled).reconcile()
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.paid_net, termination.fee, termination.refund_gross), (0, 0, 0))

    def test_withdrawn_it_is_not_settled(self):
        termination = self.correct()
        termination.action_withdraw()
        self.assertFalse(termination.settled_on)

    # The debit note

    def test_without_its_account_no_debit_note_is_promised(self):
        self.env.company.support_debit_note_account_id = False
        termination = self.resign(self.create_year(), "2026-05-31", accept=True, fee_tax_treatment="outside_vat")
        with self.assertRefused("set the account"):
            termination.action_prepare_correction()

    def test_posted_again_there_is_still_one_debit_note(self):
        self.env.company.support_debit_note_account_id = self.company_data["default_account_revenue"]
        termination = self.correct(fee_tax_treatment="outside_vat")
        move = termination.refund_move_ids
        move.action_post()
        note = termination.debit_note_id
        self.assertEqual(note.line_ids.filtered("date_maturity").date_maturity, termination.refund_due_on)
        move.button_draft()
        move.action_post()
        again = termination.debit_note_id
        self.assertEqual(sum((note | note.reversal_move_ids).line_ids.mapped("amount_residual")), 0)
        notes = self.env["account.move"].search([("support_termination_id", "=", termination.id)])
        self.assertEqual(notes, note | again | move)
        self.assertEqual(termination.refund_open, 2631.60)

    # The refund

    def test_paid_in_two_parts(self):
        termination = self.correct()
        move = termination.refund_move_ids
        move.action_post()
        self.pay(move, 1000)
        self.assertEqual((termination.state, termination.refund_open), ("corrected", 1616.47))
        self.pay(move)
        self.assertEqual((termination.state, termination.refund_open), ("refunded", 0))

    @freeze_time("2026-07-02")
    def test_interest_ends_with_the_payment(self):
        termination = self.correct()
        move = termination.refund_move_ids
        move.action_post()
        self.assertEqual(termination.overdue_days, 10)
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({"payment_date": "2026-06-25"})._create_payments()
        self.assertEqual((termination.refunded_on, termination.overdue_days), (fields.Date.to_date("2026-06-25"), 3))
        self.assertNotIn(termination, termination.search([("overdue_days", ">", 0)]))

    @freeze_time("2026-06-22")
    def test_on_its_day_a_refund_is_not_late(self):
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        self.assertEqual(termination.overdue_days, 0)
        self.assertNotIn(termination, termination.search([("overdue_days", ">", 0)]))
        self.assertIn(termination, termination.search([("overdue_days", ">=", 0)]))

    @freeze_time("2026-06-20")
    def test_nothing_to_pay_is_not_reminded_of(self):
        nothing = self.resign(self.create_year(paid=False), "2026-05-31", accept=True)
        owed = self.resign(
            self.create_year(client=self.create_client("Owed")),
            "2026-05-31",
            accept=True,
            responsible_id=self.accountant.id,
        )
        with self.enter_registry_test_mode():
            self.env.ref("support_plans.ir_cron_remind_refunds").method_direct_trigger()
        self.assertFalse(nothing.activity_ids)
        self.assertEqual(owed.activity_ids.user_id, self.accountant)

    @freeze_time("2026-06-20")
    def test_a_reminder_that_fails_stops_no_other(self):
        first, second = (
            self.resign(self.create_year(client=self.create_client(name)), "2026-05-31", accept=True)
            for name in ("First", "Second")
        )
        schedule = type(first).activity_schedule

        def fail(termination, *args, **kwargs):
            if termination == second:
                raise ValueError("Broken on purpose")
            return schedule(termination, *args, **kwargs)

        self.patch(type(first), "activity_schedule", fail)
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.support_plans.models.support_termination_refund", "ERROR") as log,
        ):
            self.env.ref("support_plans.ir_cron_remind_refunds").method_direct_trigger()
        self.assertIn(second.name, log.output[0])
        self.assertEqual((first.reminded_days, second.reminded_days), (2, 0))

    @freeze_time("2026-07-30")
    def test_nothing_to_pay_is_never_late(self):
        nothing = self.resign(self.create_year(paid=False), "2026-05-31", accept=True)
        self.assertEqual((nothing.overdue_days, nothing.interest_note), (0, ""))

    def test_an_account_number_of_poland_has_28_characters(self):
        """Right check digits and one group missing"""
        short = next(f"PL{digits:02d}1090101400000712198128" for digits in range(2, 99) if _checks(digits))
        bank = self.env["res.partner.bank"].create({"acc_number": short, "partner_id": self.client.id})
        with self.assertRefused("check digit"):
            self.resign(self.create_year(), "2026-05-31", refund_bank_id=bank.id)


def _checks(digits):
    return int(f"1090101400000712198128{2521}{digits:02d}") % 97 == 1
