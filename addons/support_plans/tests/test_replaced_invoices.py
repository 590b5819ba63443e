from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-10")
class TestReplacedInvoices(TerminationCommon):
    """Core's "Reverse and Create Invoice", and the ways back from it: a period is billed exactly once (F10, T42)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.create_year(paid=False)
        cls.invoice = cls.get_invoice(cls.agreement)

    def replace(self, invoice=None, day="2026-01-10"):
        """Return the draft that replaces an invoice, and the credit note of the invoice."""
        invoice = invoice or self.invoice
        before = invoice.reversal_move_ids
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": [Command.set(invoice.ids)], "journal_id": invoice.journal_id.id, "date": day}
        )
        wizard.modify_moves()
        return wizard.new_move_ids, invoice.reversal_move_ids - before

    def assertBilledBy(self, *invoices):
        """Expect these invoices, and no other, to bill the year."""
        self.env.flush_all()
        found = self.agreement._get_related_invoices().invoice_line_ids.filtered(
            lambda line: line.is_plan_fee and line.parent_state != "cancel"
        )
        self.assertEqual(found.move_id.ids, [invoice.id for invoice in invoices])
        due = date(2027 if invoices else 2026, 1, 1)
        self.assertEqual(self.agreement.recurring_next_date, due)

    def test_undone_the_first_invoice_bills_again(self):
        """A button pressed by mistake: the new draft goes, the credit note is cancelled, in whatever order."""

        def leave(draft):
            return None

        for away in (lambda draft: draft.unlink(), lambda draft: draft.button_cancel(), leave):
            draft, credit = self.replace()
            self.assertBilledBy(draft)
            away(draft)
            self.assertBilledBy(*draft.exists().filtered(lambda move: move.state == "draft"))
            credit.button_draft()
            credit.button_cancel()
            self.assertBilledBy(self.invoice)
            self.assertFalse(self.run_invoicing("2026-01-11"))
            self.assertEqual(len(self.agreement._get_billed_periods()[self.agreement]), 1)
            draft.exists().filtered(lambda move: move.state == "draft").unlink()
            self.assertBilledBy(self.invoice)

    def test_posted_again_the_credit_note_hands_over_again(self):
        draft, credit = self.replace()
        credit.button_draft()
        self.assertBilledBy(self.invoice)
        credit.action_post()
        self.assertBilledBy(draft)
        self.assertEqual(draft.invoice_line_ids.list_price_month, 399)

    def test_what_another_invoice_bills_is_not_taken_back(self):
        draft, credit = self.replace()
        draft.action_post()
        with self.assertRefused(f"{draft.name}.* bills what {self.invoice.name}"):
            credit.button_draft()
        draft.button_draft()
        draft.unlink()
        again = self.run_invoicing("2026-01-11")
        with self.assertRefused("bills what"):
            credit.button_draft()
        self.assertBilledBy(again)
        again.unlink()
        credit.button_draft()
        self.assertBilledBy(self.invoice)

    def test_nothing_is_handed_over_before_the_credit_note_is_posted(self):
        """Core posts it on its date, when that is to come."""
        draft, credit = self.replace(day="2026-01-20")
        self.assertEqual(credit.state, "draft")
        self.assertBilledBy(self.invoice)
        draft.invoice_line_ids = [Command.create({"name": "More", "price_unit": 1, "tax_ids": [Command.clear()]})]
        with freeze_time("2026-01-20"):
            credit.action_post()
        self.assertBilledBy(draft)

    def test_a_credit_note_of_a_part_hands_nothing_over(self):
        draft, credit = self.replace(day="2026-01-20")
        credit.invoice_line_ids.quantity = 1
        with freeze_time("2026-01-20"):
            credit.action_post()
        self.assertBilledBy(self.invoice)

    def test_an_invoice_against_the_credit_note_undoes_it_too(self):
        """KSeF: what was sent is not cancelled, the credit note is itself reversed."""
        draft, credit = self.replace()
        draft.unlink()
        self.assertBilledBy()
        against = credit._reverse_moves([{"invoice_date": "2026-01-10"}])
        against.action_post()
        self.assertBilledBy(self.invoice)
        against.button_draft()
        self.assertBilledBy(self.invoice)

    def test_replaced_twice_the_first_takes_nothing_from_the_third(self):
        second, first_credit = self.replace()
        second.action_post()
        third, second_credit = self.replace(second)
        self.assertBilledBy(third)
        with self.assertRaises(UserError), self.cr.savepoint():
            first_credit.button_draft()
        second_credit.button_draft()
        self.assertBilledBy(second)

    # Drafts that were given up

    def test_an_abandoned_draft_takes_nothing_from_the_next(self):
        """The first attempt was undone, its draft forgotten: what replaces the invoice later bills the year."""

        def undo(credit):
            credit.button_draft()
            credit.button_cancel()

        def delete(credit):
            credit.button_draft()
            credit.unlink()

        for way, leave in (("cancelled", undo), ("deleted", delete), ("reset", lambda credit: credit.button_draft())):
            with self.subTest(way), self.cr.savepoint() as savepoint:
                forgotten, credit = self.replace()
                leave(credit)
                draft, _credit = self.replace()
                self.assertBilledBy(draft)
                self.assertFalse(forgotten.invoice_line_ids.replaced_line_id)
                draft.action_post()
                self.assertEqual(len(self.agreement._get_billed_periods()[self.agreement]), 1)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_abandoned_draft_does_not_become_the_bill(self):
        forgotten, credit = self.replace()
        credit.button_draft()
        credit.button_cancel()
        self.invoice._reverse_moves([{"invoice_date": "2026-01-10"}]).action_post()
        self.assertFalse(forgotten.invoice_line_ids.is_plan_fee)
        self.assertBilledBy(self.invoice)

    def test_another_credit_note_that_is_deleted_leaves_the_draft_its_place(self):
        draft, credit = self.replace()
        self.invoice._reverse_moves([{"invoice_date": "2026-01-10"}]).unlink()
        self.assertBilledBy(draft)
        credit.button_draft()
        self.invoice._reverse_moves([{"invoice_date": "2026-01-10"}]).unlink()
        credit.action_post()
        self.assertBilledBy(draft)

    # What is not ours

    def test_only_what_is_billed_once_is_paired(self):
        foreign = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.client.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [Command.create({"name": "Cable", "price_unit": 20})],
            }
        )
        foreign.action_post()
        draft, _credit = self.replace(foreign)
        self.assertFalse(draft.invoice_line_ids.replaced_line_id)
        self.invoice.button_draft()
        self.invoice.invoice_line_ids = [Command.create({"name": "Cable", "price_unit": 20})]
        self.invoice.action_post()
        draft, _credit = self.replace()
        self.assertEqual(draft.invoice_line_ids.replaced_line_id, self.invoice.invoice_line_ids[0])
        self.assertBilledBy(draft)
        self.assertRecordValues(draft, [{"amount_untaxed": 4208}])
