from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestCreditedHours(TimeInvoicingCommon):
    """Hours and packages follow what posted credit notes gave back, paid or not, and come back with them (C3, D13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_invoicing("2026-06-20")  # the fees until June

    def buy(self, minutes=3000, price=2950):
        purchase = self.agreement._prepare_purchase(self.env["support.package.offer"], minutes, price, 12)
        return self.agreement._buy_package(purchase, fields.Date.to_date("2026-06-01"))

    def bill(self, work, day="2026-07-01"):
        """Return the posted invoice of a work."""
        self.run_invoicing(day)
        invoice = work.entry_ids.invoice_id
        invoice.action_post()
        return invoice

    def pay(self, moves):
        payments = self.env["account.payment.register"]
        for move in moves:
            register = payments.with_context(active_model="account.move", active_ids=move.ids)
            register.create({"payment_date": fields.Date.today()})._create_payments()

    def reverse(self, move, post=True, **values):
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        wizard = wizard.create({"journal_id": move.journal_id.id, **values})
        wizard.refund_moves()
        if post:
            wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def get_overage(self, day):
        return self.run_invoicing(day).invoice_line_ids.filtered("is_overage")

    # Credited in full, told by amounts

    def test_a_paid_package_that_is_credited_in_full_is_taken_back(self):
        """C3: the client has its money back, so it has no hours."""
        lot = self.buy()
        invoice = lot.invoice_line_id.move_id
        self.pay(invoice)
        refund = self.reverse(invoice)
        self.assertFalse(lot.exists())
        self.pay(refund)
        self.assertNotEqual(invoice.payment_state, "reversed", "what core says of it")

    def test_what_stays_of_a_package_that_was_taken_back_tells_nobody_that_it_is_used_up(self):
        """Billed work keeps its minutes; the client bought nothing, and is not asked to buy another one."""
        lot = self.buy(minutes=60)
        work = self.create_work(265, date="2026-06-10")  # 180 min of the month, 60 bought, 30 beyond
        self.bill(work)
        lot.minutes = 600
        invoice = lot.invoice_line_id.move_id
        refund = self.reverse(invoice)
        self.assertEqual(lot.minutes, 60)
        messages = self.agreement.message_ids
        lot._tell()
        self.assertEqual(self.agreement.message_ids, messages)
        self.reverse(refund)
        self.assertEqual((lot.minutes, lot.alert_80_at, lot.alert_100_at), (600, False, False))

    def test_several_credit_notes_give_everything_back_together(self):
        lot = self.buy(price=1000)
        invoice = lot.invoice_line_id.move_id
        self.pay(invoice)
        for part in (400, 600):
            self.assertTrue(lot.exists())
            refund = self.reverse(invoice, post=False)
            refund.invoice_line_ids.price_unit = part
            refund.action_post()
        self.assertFalse(lot.exists())

    def test_a_paid_invoice_of_hours_that_is_credited_in_full_is_not_given_back_again(self):
        work = self.create_work(235)
        invoice = self.bill(work)
        self.pay(invoice)
        self.reverse(invoice)
        with self.assertRaisesRegex(UserError, "credited in full"):
            work._correct(175, "Entered twice")

    def test_whether_works_were_given_back_asks_the_same_for_one_and_for_many(self):
        works = self.env["account.analytic.line"].union(*(self.create_work(235, date=f"2026-06-0{n}") for n in "12345"))
        self.reverse(self.bill(works))
        counts = []
        for some in (works[:2], works):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(some._filter_given_back(), some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # Bill the hours again

    def test_hours_are_due_again_only_when_all_of_them_are_given_back(self):
        """D13: 10 h billed, half an hour credited: nine and a half would be billed twice."""
        work = self.create_work(600, "ONSITE")
        invoice = self.bill(work)
        refund = self.reverse(invoice, post=False, bill_hours_again=True)
        line = refund.invoice_line_ids.filtered("is_overage")
        line.quantity = 0.5
        with self.assertRaisesRegex(UserError, "only a part of the hours"), self.cr.savepoint():
            refund.action_post()
        self.assertTrue(work.is_billed)
        line.quantity = 10
        refund.invoice_line_ids.filtered("is_plan_fee").unlink()  # the fee stays owed
        refund.action_post()
        self.assertFalse(work.is_billed)

    # Corrections

    def test_what_the_credit_note_gave_back_is_not_given_back_by_a_correction(self):
        """D13: neither now, nor by a lower bill later."""
        work = self.create_work(235, date="2026-06-10")
        invoice = self.bill(work)
        correction = work._correct(205, "Half an hour less")
        self.reverse(invoice)
        with self.assertRaisesRegex(UserError, "credited in full"):
            correction.action_credit()
        with freeze_time("2026-07-05 08:00:00"):
            self.create_work(55, date="2026-06-12")
        self.assertEqual(self.get_overage("2026-08-01").quantity, 1)
        self.assertLedgerIsSound()

    def test_a_correction_counts_again_when_the_credit_note_is_taken_back(self):
        work = self.create_work(235, date="2026-06-10")
        invoice = self.bill(work)
        correction = work._correct(205, "Half an hour less")
        refund = self.reverse(invoice)
        self.assertTrue(correction.is_billed)
        refund.button_draft()
        self.assertFalse(correction.is_billed)
        refund.action_post()
        self.reverse(refund)
        self.assertFalse(correction.is_billed)
        with freeze_time("2026-07-05 08:00:00"):
            self.create_work(55, date="2026-06-12")
        self.assertEqual(self.get_overage("2026-08-01").quantity, 0.5)
        self.assertLedgerIsSound()

    def test_hours_that_are_billed_again_are_billed_less_their_correction(self):
        work = self.create_work(235, date="2026-06-10")
        invoice = self.bill(work)
        work._correct(205, "Half an hour less")
        self.reverse(invoice, bill_hours_again=True)
        self.assertEqual(self.get_overage("2026-08-01").quantity, 0.5)
        self.assertLedgerIsSound()

    def test_a_draft_that_gives_back_now_is_refused_once_all_was_given_back(self):
        work = self.create_work(235, date="2026-06-10")
        invoice = self.bill(work)
        correction = work._correct(205, "Half an hour less")
        draft = self.env["account.move"].browse(correction.action_credit()["res_id"])
        self.reverse(invoice)
        with self.assertRaisesRegex(UserError, "credited in full"):
            draft.action_post()

    # A credit note that was a mistake

    def test_a_credit_note_of_hours_is_taken_back_by_an_invoice(self):
        """KSeF: what was sent is not reset to draft."""
        work = self.create_work(235, date="2026-06-10")
        invoice = self.bill(work)
        undo = self.reverse(self.reverse(invoice))
        self.assertEqual((undo.move_type, undo.state), ("out_invoice", "posted"))
        self.assertEqual(undo.amount_total, invoice.amount_total)
        self.assertEqual(work.entry_ids.invoice_id, invoice)
        self.assertFalse(self.get_overage("2026-08-01"), "nothing is billed twice")
        correction = work._correct(205, "Now it can be given back")
        self.assertEqual(correction.overage_minutes, -30)
        self.assertLedgerIsSound()

    def give_half_an_hour_back(self, work):
        """Return a correction of half an hour, and the posted credit note that gives its money back now."""
        correction = work._correct(205, "Half an hour less")
        refund = self.env["account.move"].browse(correction.action_credit()["res_id"])
        refund.action_post()
        return correction, refund

    def get_overage_of_august(self):
        with freeze_time("2026-07-05 08:00:00"):
            self.create_work(55, date="2026-06-12")
        return self.get_overage("2026-08-01").quantity

    def test_what_a_credit_note_gave_back_is_not_due_when_the_invoice_against_it_is_reset(self):
        """D13: the credit note of a correction stands again; the next bill is not lowered, too."""
        work = self.create_work(235, date="2026-06-10")
        self.bill(work)
        correction, refund = self.give_half_an_hour_back(work)
        undo = self.reverse(refund)
        self.assertFalse(correction.is_billed)
        undo.button_draft()
        self.assertEqual(correction.entry_ids.invoice_id, refund)
        undo.action_post()
        self.assertFalse(correction.is_billed)
        undo.button_draft()
        undo.button_cancel()
        self.assertEqual(correction.entry_ids.invoice_id, refund)
        self.assertEqual(self.get_overage_of_august(), 1)
        self.assertLedgerIsSound()

    def test_a_full_credit_note_settles_corrections_again_when_the_invoice_against_it_is_reset(self):
        work = self.create_work(235, date="2026-06-10")
        invoice = self.bill(work)
        correction = work._correct(205, "Half an hour less")
        refund = self.reverse(invoice)
        undo = self.reverse(refund)
        self.assertFalse(correction.is_billed)
        undo.button_draft()
        self.assertEqual((correction.entry_ids.invoice_id, correction.entry_ids.is_given_back), (refund, True))
        self.assertEqual(self.get_overage_of_august(), 1)
        refund.button_draft()
        self.assertFalse(correction.is_billed)
        self.assertLedgerIsSound()

    def test_an_invoice_against_a_credit_note_stays_when_its_correction_is_billed_by_then(self):
        """Both credit notes: of the correction, and of the whole invoice."""
        work = self.create_work(235, date="2026-06-10")
        invoice = self.bill(work)
        for whole in (True, False):
            if whole:
                correction, refund = work._correct(205, "Half an hour less"), self.reverse(invoice)
                undo = self.reverse(refund)
            else:
                undo.action_post()
                refund = self.env["account.move"].browse(correction.action_credit()["res_id"])
                refund.action_post()
                undo = self.reverse(refund)
            with self.subTest(whole=whole), self.cr.savepoint() as savepoint:
                self.assertEqual(self.get_overage_of_august(), 0.5)
                with self.assertRaisesRegex(UserError, "would get it twice"), self.cr.savepoint():
                    undo.button_draft()
                correction.entry_ids.invoice_line_id.unlink()
                undo.button_draft()
                self.assertEqual(correction.entry_ids.invoice_id, refund)
                savepoint.rollback()
            self.env.invalidate_all()
            undo.button_draft()

    def test_an_invoice_against_a_credit_note_stays_when_its_correction_was_withdrawn(self):
        work = self.create_work(235, date="2026-06-10")
        self.bill(work)
        correction, refund = self.give_half_an_hour_back(work)
        undo = self.reverse(refund)
        correction.action_withdraw_correction()
        with self.assertRaisesRegex(UserError, "was withdrawn after"):
            undo.button_draft()

    def test_hours_that_are_due_again_are_not_charged_by_taking_the_credit_note_back(self):
        work = self.create_work(235, date="2026-06-10")
        refund = self.reverse(self.bill(work), bill_hours_again=True)
        undo = self.reverse(refund, post=False)
        with self.assertRaisesRegex(UserError, "billed twice"), self.cr.savepoint():
            undo.action_post()
        undo.invoice_line_ids.filtered("is_overage").unlink()
        undo.action_post()
        self.assertEqual(self.get_overage("2026-08-01").quantity, 1)

    def test_a_package_comes_back_with_the_invoice_that_takes_its_credit_note_back(self):
        """C3: with its days; what billed work has used was never away."""
        lot = self.buy(minutes=600)
        line = lot.invoice_line_id
        work = self.create_work(235, date="2026-06-10")
        self.create_work(60, "ONSITE", date="2026-06-11")
        refund = self.reverse(line.move_id)
        self.assertEqual(work.overage_minutes, 60)
        undo = self.reverse(refund)
        lot = self.env["support.package"].search([("invoice_line_id", "=", line.id)])
        self.assertEqual((lot.minutes, lot.used_minutes, lot.origin), (600, 60, "purchase"))
        self.assertEqual((str(lot.date_from), str(lot.date_to)), ("2026-06-01", "2027-05-31"))
        self.assertEqual(work.overage_minutes, 0)
        undo.button_draft()
        self.assertFalse(lot.exists(), "credited again")
        self.assertLedgerIsSound()

    def test_a_package_comes_back_with_a_credit_note_that_is_reset(self):
        lot = self.buy(minutes=60)
        line = lot.invoice_line_id
        work = self.create_work(295, date="2026-06-10")  # 3 h of the month, 1 h bought, 1 h beyond
        self.bill(work)
        lot.minutes = 120
        refund = self.reverse(line.move_id)
        self.assertEqual(lot.minutes, 60)
        refund.button_draft()
        self.assertEqual(lot.minutes, 120)
        self.assertFalse(line.withdrawn_package)
        refund.action_post()
        self.assertEqual(lot.minutes, 60)

    def test_a_package_that_waits_for_payment_is_paid_by_the_invoice_that_took_its_credit_note_back(self):
        self.env.company.support_hours_usable = "paid"
        line = self.buy().invoice_line_id
        undo = self.reverse(self.reverse(line.move_id))
        lot = self.env["support.package"].search([("invoice_line_id", "=", line.id)])
        self.assertTrue(lot.awaits_payment)
        self.pay(undo)
        self.assertFalse(lot.awaits_payment)
