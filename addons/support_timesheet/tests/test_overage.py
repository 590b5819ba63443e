from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.support_plans.tests.common import ACCOUNTANT

from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestOverage(TimeInvoicingCommon):
    """Work beyond the packages on the next invoice: due minus booked (P22, D13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_invoicing("2026-06-20")  # the fees until June

    def overage(self, moves):
        return [
            (str(line.service_period_start), line.quantity, line.price_unit, line.price_subtotal)
            for line in moves.invoice_line_ids.filtered("is_overage").sorted("id")
        ]

    def approve_an_hour_beyond(self):
        """Return a work of four hours, one of which goes beyond the package, and is approved."""
        self.agreement.overage_ceiling_hours = 0.5
        work = self.create_work(235, date="2026-06-18")
        work.approved_by_id = self.client_contact
        self.assertEqual((work.overage_minutes, work.approved_minutes), (60, 60))
        return work

    def test_the_worked_example_is_on_the_next_invoice_beside_the_fee(self):
        """P22: 0.5 h × 165.00 = 82.50 net; one invoice with the fee of the next month."""
        self.create_work(145, date="2026-06-10")
        work = self.create_work(26)
        invoice = self.run_invoicing("2026-07-01")
        self.assertEqual(len(invoice), 1)
        self.assertEqual(self.overage(invoice), [("2026-06-01", 0.5, 165, 82.5)])
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (481.50, 592.25))
        line = invoice.invoice_line_ids.filtered("is_overage")
        self.assertIn("2026-06-01", str(line.service_period_start))
        self.assertIn("30 min", line.name)
        self.assertEqual(line.overage_entry_ids.line_id, work)
        self.assertTrue(work.is_billed)
        self.assertFalse(self.run_invoicing("2026-07-01"), "a second run bills nothing")
        self.assertLedgerIsSound()

    def test_the_month_that_is_not_over_waits(self):
        self.create_work(235, date="2026-06-10")
        self.assertFalse(self.run_invoicing("2026-06-30"))
        self.assertEqual(self.overage(self.run_invoicing("2026-07-01")), [("2026-06-01", 1, 165, 165)])

    def test_late_time_of_a_closed_month_is_on_the_next_invoice_with_its_own_month(self):
        """D13."""
        self.create_work(235, date="2026-06-10")
        self.run_invoicing("2026-07-01")
        with freeze_time("2026-07-05 08:00:00"):
            self.create_work(55, date="2026-06-12")
            self.create_work(235, date="2026-07-02")
        invoice = self.run_invoicing("2026-08-01")
        self.assertEqual(self.overage(invoice), [("2026-06-01", 1, 165, 165), ("2026-07-01", 1, 165, 165)])

    def test_one_line_for_each_rate_of_a_month(self):
        self.create_work(60, "ONSITE", date="2026-06-10")
        self.agreement.hourly_rate = 150
        self.create_work(90, "ONSITE", date="2026-06-11")
        invoice = self.run_invoicing("2026-07-01")
        self.assertEqual(self.overage(invoice), [("2026-06-01", 1.5, 150, 225), ("2026-06-01", 1, 165, 165)])

    def test_a_prepaid_year_has_its_hours_billed_monthly(self):
        """F9: no fee is due in between."""
        client = self.create_client("Yearly Ltd")
        self.create_agreement(self.plan_start, client, "2026-01-01", "year")
        self.run_invoicing("2026-06-20")
        ticket = self.create_time_ticket(client)
        self.create_work(235, date="2026-06-10", ticket_id=ticket.id)
        invoice = self.run_invoicing("2026-07-01").filtered(lambda move, c=client: move.partner_id == c)
        self.assertEqual(self.overage(invoice), [("2026-06-01", 1, 165, 165)])
        self.assertEqual(invoice.amount_untaxed, 165)
        agreement = client.contract_ids
        self.assertIn(invoice, agreement._get_related_invoices(), "an invoice of hours alone is the agreement's")
        self.assertEqual(agreement.invoice_count, 2)
        agreement._get_related_invoices().filtered(lambda move: move != invoice).button_cancel()
        self.assertFalse(agreement.has_posted_invoice)
        invoice.action_post()
        agreement.invalidate_recordset(["has_posted_invoice"])
        self.assertTrue(agreement.has_posted_invoice)

    def test_billed_time_is_neither_changed_nor_deleted(self):
        """D13: the sentence says what to do instead."""
        work = self.create_work(235)
        self.run_invoicing("2026-07-01")
        with self.assertRaisesRegex(UserError, "is billed .* Use “Correct”"):
            work.unit_amount = 1
        with self.assertRaisesRegex(UserError, "Use “Correct”"):
            work.unlink()
        work.internal_note = "Only a note"
        with self.assertRaises(UserError):
            work.entry_ids.unlink()

    def test_a_correction_is_a_new_entry_that_gives_back_what_was_burned_last(self):
        """D13: 4 h billed as 3 h from the package and 1 h beyond; really 2 h."""
        work = self.create_work(235)
        self.run_invoicing("2026-07-01")
        accountant = self.create_support_user("acc_t", ACCOUNTANT)
        with self.assertRaises(AccessError):
            work.with_user(self.consultant).action_correct()
        wizard = Form(self.env["support.time.correction"].with_user(accountant).with_context(default_line_id=work.id))
        wizard.hours = 115 / 60
        wizard.reason = "Entered twice"
        self.assertEqual((wizard.booked_minutes, wizard.charged_minutes, wizard.difference_minutes), (240, 120, -120))
        wizard.save().action_correct()
        correction = work.correction_ids
        self.assertEqual(correction.charged_minutes, -120)
        self.assertEqual((correction.overage_minutes, correction.package_minutes), (-60, -60))
        self.assertEqual(work.charged_minutes, 240, "what is billed stays as it is")
        self.assertEqual(work.entry_ids.package_id.used_minutes, 120)
        self.assertLedgerIsSound()
        # Set off against later work of the same month and rate
        with freeze_time("2026-07-05 08:00:00"):
            self.create_work(235, date="2026-06-28")
        invoice = self.run_invoicing("2026-08-01")
        self.assertEqual(self.overage(invoice), [("2026-06-01", 2, 165, 330)])
        self.assertLedgerIsSound()

    def test_a_correction_upwards_is_billed_next_time(self):
        work = self.create_work(205)
        self.run_invoicing("2026-07-01")
        correction = work._correct(235, "Half an hour was forgotten")
        self.assertEqual((correction.charged_minutes, correction.overage_minutes), (30, 30))
        self.assertEqual(self.overage(self.run_invoicing("2026-08-01")), [("2026-06-01", 0.5, 165, 82.5)])
        with self.assertRaisesRegex(UserError, "nothing to correct"):
            work._correct(235, "Again")

    def test_cancelling_an_invoice_frees_its_hours(self):
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        invoice.button_cancel()
        self.assertFalse(work.is_billed)
        work.unit_amount = 205 / 60
        self.assertEqual(work.overage_minutes, 30)
        again = self.run_invoicing("2026-07-02")
        self.assertEqual(self.overage(again), [("2026-06-01", 0.5, 165, 82.5)])

    def test_a_cancelled_invoice_is_not_posted_with_hours_that_were_freed(self):
        self.agreement._write_own({"date_end": "2026-06-30"})
        self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        invoice.button_cancel()
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "were freed"):
            invoice.action_post()

    def test_deleting_a_draft_frees_its_hours(self):
        self.create_work(235)
        self.run_invoicing("2026-07-01").unlink()
        self.assertEqual(self.overage(self.run_invoicing("2026-07-02")), [("2026-06-01", 1, 165, 165)])
        self.assertLedgerIsSound()

    def test_a_plain_credit_note_leaves_hours_billed_and_bill_again_frees_them(self):
        """The trap of sale_timesheet: a credit note freed its time for billing."""
        for again in (False, True):
            with self.subTest(bill_again=again):
                client = self.create_client("Credit")
                self.create_agreement(self.plan_start, client, "2026-06-01")
                work = self.create_work(235, ticket_id=self.create_time_ticket(client).id)
                self.run_invoicing("2026-06-20")
                invoice = self.run_invoicing("2026-07-01").filtered(lambda move, c=client: move.partner_id == c)
                invoice.action_post()
                self.reverse(invoice, bill_hours_again=again).action_post()
                self.assertEqual(work.is_billed, not again)
                found = self.run_invoicing("2026-08-01").filtered(lambda move, c=client: move.partner_id == c)
                self.assertEqual(self.overage(found), [("2026-06-01", 1, 165, 165)] if again else [])

    def reverse(self, invoice, modify=False, **values):
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id, **values})
        if modify:
            wizard.modify_moves()
        else:
            wizard.refund_moves()
        return wizard.new_move_ids

    def test_hours_are_free_when_the_credit_note_is_posted_not_before(self):
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        invoice.action_post()
        self.reverse(invoice, bill_hours_again=True).unlink()
        self.assertTrue(work.is_billed)
        self.assertFalse(self.overage(self.run_invoicing("2026-08-01")), "nothing is billed twice")
        self.reverse(invoice, bill_hours_again=True).action_post()
        self.assertFalse(work.is_billed)
        self.assertEqual(self.overage(self.run_invoicing("2026-08-02")), [("2026-06-01", 1, 165, 165)])

    def test_an_invoice_that_replaces_another_bills_its_hours(self):
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        invoice.action_post()
        new = self.reverse(invoice, modify=True, bill_hours_again=True)
        self.assertEqual(new.invoice_line_ids.overage_entry_ids, work.entry_ids.filtered("invoice_line_id"))
        self.assertTrue(work.is_billed)
        new.action_post()
        self.assertFalse(self.overage(self.run_invoicing("2026-08-01")))
        self.assertLedgerIsSound()

    def test_a_copy_of_an_invoice_does_not_bill_hours_again(self):
        self.create_work(235)
        copied = self.run_invoicing("2026-07-01").copy({"invoice_date": "2026-07-02"})
        with self.assertRaisesRegex(UserError, "were freed"):
            copied.action_post()

    def test_the_money_of_a_negative_correction_is_given_back_by_a_credit_note(self):
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        invoice.action_post()
        correction = work._correct(175, "Entered twice")
        self.assertEqual((correction.overage_minutes, correction.coverage), (-60, "beyond"))
        refund = self.env["account.move"].browse(correction.action_credit()["res_id"])
        self.assertEqual((refund.reversed_entry_id, refund.amount_untaxed, refund.amount_total), (invoice, 165, 202.95))
        self.assertTrue(correction.is_billed)
        refund.action_post()
        with freeze_time("2026-07-05 08:00:00"):
            self.create_work(25, date="2026-06-28")
        self.assertEqual(
            self.overage(self.run_invoicing("2026-08-01")), [("2026-06-01", 0.5, 165, 82.5)], "given back once"
        )
        self.assertLedgerIsSound()

    def test_what_was_credited_in_full_is_not_given_back_again(self):
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        invoice.action_post()
        self.reverse(invoice).action_post()
        with self.assertRaisesRegex(UserError, "credited in full"):
            work._correct(100, "Twice")

    def test_a_correction_is_withdrawn_by_an_invoicing_user_only(self):
        accountant = self.create_support_user("acc_w", ACCOUNTANT)
        work = self.create_work(205)
        self.run_invoicing("2026-07-01")
        correction = work._correct(235, "Forgotten")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            correction.with_user(self.consultant).unit_amount = 1
        with self.assertRaisesRegex(UserError, "stays as it is"):
            correction.with_user(self.consultant).unlink()
        correction.with_user(accountant).action_withdraw_correction()
        self.assertFalse(correction.exists())
        self.assertLedgerIsSound()

    def test_a_freed_work_with_a_correction_is_corrected_further(self):
        """No dead end: neither edited nor "not billed yet"."""
        work = self.create_work(205)
        invoice = self.run_invoicing("2026-07-01")
        work._correct(235, "Forgotten")
        invoice.button_cancel()
        self.assertFalse(work.is_billed)
        with self.assertRaisesRegex(UserError, "Use “Correct”"):
            work.unit_amount = 1
        work._correct(175, "Counted again")
        self.assertEqual(work._get_booked_minutes(), 180)
        self.assertLedgerIsSound()

    def test_hours_at_no_rate_are_not_billed(self):
        self.agreement.hourly_rate = 0
        self.create_work(235)
        self.assertFalse(self.overage(self.run_invoicing("2026-07-01")))

    def test_works_add_up_to_their_invoice_line(self):
        """B1: three times 20 min are an hour, on the works as on the invoice."""
        works = [self.create_work(20, "ONSITE", date="2026-06-10") for _ in range(3)]
        self.assertEqual(sum(work.work_amount for work in works), 165)
        self.assertEqual(self.overage(self.run_invoicing("2026-07-01")), [("2026-06-01", 1, 165, 165)])

    def test_a_billed_work_keeps_its_client_person_and_description(self):
        work = self.create_work(235)
        self.run_invoicing("2026-07-01")
        self.ticket.partner_id = self.create_client("Another")
        self.assertEqual(work.partner_id, self.client)
        for name, value in (("name", "Changed"), ("employee_id", self.create_employee(self.env.user).id)):
            with self.assertRaisesRegex(UserError, "is billed"):
                work[name] = value

    def test_accountants_invoice_by_every_button_of_the_contract(self):
        accountant = self.create_support_user("acc_b", "support_plans.group_support_manager")
        self.create_work(235)
        self.agreement.with_user(accountant)._recurring_create_invoice(fields.Date.to_date("2026-07-01"))
        moves = self.agreement._get_related_invoices()
        self.assertIn(("2026-06-01", 1, 165, 165), self.overage(moves))

    def test_work_above_the_client_s_ceiling_waits_for_the_approval(self):
        """The client's own monthly limit for work beyond the package."""
        self.agreement.overage_ceiling_hours = 1
        first = self.create_work(235, date="2026-06-10")
        second = self.create_work(25, date="2026-06-11")
        self.assertEqual((first.is_over_ceiling, second.is_over_ceiling), (False, True))
        self.assertEqual(self.overage(self.run_invoicing("2026-07-01")), [("2026-06-01", 1, 165, 165)])
        with self.assertRaisesRegex(ValidationError, "cannot approve"), self.cr.savepoint():
            second.approved_by_id = self.create_client("Somebody else")
        second.approved_by_id = self.client_contact
        self.assertEqual(second.approved_on, fields.Date.to_date("2026-06-20"))
        self.assertEqual(self.overage(self.run_invoicing("2026-08-01")), [("2026-06-01", 0.5, 165, 82.5)])

    def test_approved_work_that_grows_is_asked_for_again_and_a_new_ceiling_counts_at_once(self):
        work = self.create_work(235, date="2026-06-10")
        self.agreement.overage_ceiling_hours = 0.5
        self.assertTrue(work.is_over_ceiling)
        work.approved_by_id = self.client_contact
        work.unit_amount = 205 / 60
        self.assertEqual((work.approved_by_id, work.is_over_ceiling), (self.client_contact, False))
        work.unit_amount = 265 / 60
        self.assertFalse(work.approved_by_id or work.approved_on)
        self.agreement.overage_ceiling_hours = 0
        self.assertFalse(work.is_over_ceiling)

    def test_an_approval_covers_the_minutes_that_were_approved(self):
        """What is logged late takes the package: more of the approved work goes beyond it than was approved."""
        self.agreement.overage_ceiling_hours = 1
        work = self.create_work(295, date="2026-06-18")
        work.approved_by_id = self.client_contact
        self.assertEqual((work.overage_minutes, work.approved_minutes), (120, 120))
        late = self.create_work(175, date="2026-06-10")
        self.assertEqual((late.package_minutes, work.overage_minutes, work.is_over_ceiling), (180, 300, True))
        self.assertFalse(work.approved_by_id or work.approved_minutes)
        self.assertRegex(self.agreement.message_ids[0].body, "approved 2:00 .*, and 5:00 go beyond it now")
        self.assertFalse(self.overage(self.run_invoicing("2026-07-01")))
        late.unlink()
        self.assertFalse(work.approved_by_id, "asked for again")

    def test_an_approval_of_no_known_minutes_covers_none(self):
        work = self.approve_an_hour_beyond()
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_analytic_line SET approved_minutes = NULL WHERE id = %s", [work.id])
        self.env.invalidate_all()
        work.unit_amount = 265 / 60
        self.assertFalse(work.approved_by_id)

    def test_an_approval_of_more_stays(self):
        self.agreement.overage_ceiling_hours = 1
        work = self.create_work(295, date="2026-06-18")
        work.approved_by_id = self.client_contact
        work.unit_amount = 265 / 60
        work.unit_amount = 295 / 60
        self.assertEqual((work.approved_by_id, work.approved_minutes), (self.client_contact, 120))
        self.assertEqual(self.overage(self.run_invoicing("2026-07-01")), [("2026-06-01", 2, 165, 330)])

    def test_a_package_that_is_taken_back_asks_for_the_approval_again(self):
        purchase = self.agreement._prepare_purchase(self.env["support.package.offer"], 60, 100, 12)
        lot = self.agreement._buy_package(purchase, fields.Date.to_date("2026-06-01"))
        self.agreement.overage_ceiling_hours = 1
        work = self.create_work(355, date="2026-06-18")
        work.approved_by_id = self.client_contact
        self.reverse(lot.invoice_line_id.move_id).action_post()
        self.assertEqual((work.overage_minutes, work.approved_by_id.ids), (180, []))

    def test_approved_work_that_loses_its_agreement_is_one_off(self):
        """All of it goes beyond a package then; there is no agreement that could ask its client again."""
        stranger = self.create_client("Walk-in")
        for lose in (
            lambda: self.agreement._write_own({"date_end": "2026-06-17"}),
            lambda: self.ticket.write({"partner_id": stranger.id}),
        ):
            work = self.approve_an_hour_beyond()
            with self.subTest(), self.cr.savepoint() as savepoint:
                lose()
                self.assertFalse(work.support_contract_id)
                self.assertEqual((work.overage_minutes, work.approved_minutes), (240, 0))
                self.assertFalse(work.approved_by_id)
                savepoint.rollback()
            self.env.invalidate_all()
            work.unlink()

    def test_the_start_of_an_agreement_with_approved_work_is_undone(self):
        client = self.create_client("Starts by mistake")
        contact = self.env["res.partner"].create({"name": "Ewa Lis", "parent_id": client.id})
        agreement = self.create_agreement(self.plan_start, client, "2026-06-01")
        agreement.overage_ceiling_hours = 0.5
        work = self.create_work(235, date="2026-06-18", ticket_id=self.create_time_ticket(contact).id)
        work.approved_by_id = contact
        agreement.action_undo_start()
        self.assertFalse(work.support_contract_id or work.approved_by_id)
        self.assertEqual((work.overage_minutes, work.approved_minutes), (240, 0))
        self.assertLedgerIsSound()

    def test_an_approval_is_not_that_of_another_client(self):
        """Whose ticket, or whose work, it is now: that client has a ceiling of its own."""
        other = self.create_client("Other Ltd")
        self.create_agreement(self.plan_start, other, "2026-01-01").overage_ceiling_hours = 0.5
        work = self.approve_an_hour_beyond()
        work.partner_id = other
        self.assertEqual((work.partner_id, work.approved_by_id), (self.client, self.client_contact), "of its ticket")
        self.ticket.partner_id = other
        self.assertEqual((work.partner_id, work.overage_minutes, work.is_over_ceiling), (other, 60, True))
        self.assertFalse(work.approved_by_id or work.approved_minutes)
        self.assertRegex(self.agreement.message_ids[0].body, "took the approval of .* back")
        mine = self.create_time_ticket(self.client_contact)
        moved = self.create_work(235, "ONSITE", date="2026-06-18", ticket_id=mine.id)
        moved.approved_by_id = self.client_contact
        moved.write({"ticket_id": self.ticket.id, "partner_id": other.id})
        self.assertEqual((moved.partner_id, moved.approved_by_id.ids, moved.approved_minutes), (other, [], 0))
        self.assertLedgerIsSound()

    def test_who_recorded_an_approval_is_kept_however_it_is_written(self):
        """When the work is created, with other fields, and when it is taken back."""
        self.agreement.overage_ceiling_hours = 1
        work = self.create_work(295, approved_by_id=self.client_contact.id)
        self.assertEqual((work.approved_by_id, work.approved_minutes), (self.client_contact, 120))
        self.assertEqual(work.approved_on, fields.Date.to_date("2026-06-20"))
        for values, words in (
            ({}, "approved .* 2:00 beyond the package; recorded by"),
            ({"approved_by_id": False, "internal_note": "By mistake"}, "took the approval of .* back"),
            ({"approved_by_id": self.client_contact.id, "unit_amount": 325 / 60}, "approved .* 2:30 beyond"),
        ):
            work.write(values)
            self.assertRegex(self.agreement.message_ids[0].body, words)
        log = self.agreement.message_ids
        work.write({"approved_by_id": self.client_contact.id})
        self.assertEqual(self.agreement.message_ids, log, "nothing changed")
        default = self.env["account.analytic.line"].with_context(default_approved_by_id=self.client_contact.id)
        work = default.create(self.prepare_work(60, "ONSITE"))
        self.assertEqual((work.approved_by_id, work.approved_minutes), (self.client_contact, 60))

    def test_hours_are_billed_after_the_agreement_has_ended(self):
        client = self.create_client("Leaver")
        agreement = self.create_agreement(self.plan_start, client, "2026-01-01", min_term_months=0)
        agreement._write_own({"date_end": "2026-06-15", "support_state": "ended"})
        self.create_work(235, date="2026-06-12", ticket_id=self.create_time_ticket(client).id)
        self.run_invoicing("2026-06-15")
        invoice = self.run_invoicing("2026-06-16").filtered(lambda move, c=client: move.partner_id == c)
        self.assertEqual(self.overage(invoice), [("2026-06-01", 1, 165, 165)])

    def test_an_invoice_line_explains_itself(self):
        self.create_work(145, date="2026-06-10")
        self.create_work(26)
        line = self.run_invoicing("2026-07-01").invoice_line_ids.filtered("is_overage")
        entry = self.env["support.package.entry"].search(line.action_explain()["domain"])
        self.assertEqual(
            (
                entry.worked_minutes,
                entry.note_minutes,
                entry.step_minutes,
                entry.charged_minutes,
                entry.package_before_minutes,
                entry.package_left_minutes,
                entry.minutes,
            ),
            (26, 5, 30, 60, 30, 0, 30),
        )

    def test_one_off_work_is_invoiced_at_the_list_rate(self):
        """C1, P3: without package or plan; twice bills nothing twice."""
        stranger = self.create_client("Walk-in")
        ticket = self.create_time_ticket(stranger)
        works = self.create_work(25, ticket_id=ticket.id) | self.create_work(55, ticket_id=ticket.id)
        works |= self.create_work(25, date="2026-05-31", ticket_id=ticket.id)
        action = (works | self.create_work(25)).action_invoice_one_off()
        invoice = self.env["account.move"].search(action["domain"])
        self.assertEqual((invoice.partner_id, invoice.state), (stranger, "draft"))
        self.assertEqual(
            [(x.quantity, x.price_unit, x.price_subtotal) for x in invoice.invoice_line_ids],
            [(0.5, 200, 100), (1.5, 200, 300)],
        )
        self.assertEqual(set(works.mapped("is_billed")), {True})
        with self.assertRaisesRegex(UserError, "billed already"):
            works.action_invoice_one_off()
        invoice.unlink()
        self.assertEqual(set(works.mapped("is_billed")), {False})
        self.assertLedgerIsSound()

    def test_one_off_work_of_an_unknown_person_says_what_to_do(self):
        """B4: served and recorded; an invoice needs a client."""
        ticket = self.env["helpdesk.ticket"].create({"name": "Call", "description": "x", "partner_name": "Nobody"})
        work = self.create_work(25, ticket_id=ticket.id)
        with self.assertRaisesRegex(UserError, "set the client on ticket"):
            work.action_invoice_one_off()
