from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestReplacedHours(TimeInvoicingCommon):
    """Hours and packages go to the invoice that replaces theirs, and come back with the credit note (D13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_invoicing("2026-06-20")

    def replace(self, invoice):
        """Return the draft that replaces an invoice, and the credit note."""
        invoice.filtered(lambda move: move.state == "draft").action_post()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.modify_moves()
        return wizard.new_move_ids, invoice.reversal_move_ids

    def test_hours_come_back_from_a_draft(self):
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        draft, credit = self.replace(invoice)
        self.assertEqual(work.entry_ids.invoice_id, draft)
        draft.invoice_line_ids.filtered("is_plan_fee").unlink()  # whatever else was edited meanwhile
        credit.button_draft()
        self.assertEqual(work.entry_ids.invoice_id, invoice)
        self.assertFalse(draft.invoice_line_ids.overage_entry_ids)
        credit.action_post()
        self.assertEqual(work.entry_ids.invoice_id, draft)
        self.assertLedgerIsSound()

    def test_hours_that_were_freed_are_not_billed_twice(self):
        self.create_work(235)
        draft, credit = self.replace(self.run_invoicing("2026-07-01"))
        draft.action_post()
        with self.assertRaisesRegex(UserError, "bills what"), self.cr.savepoint():
            credit.button_draft()
        draft.button_draft()
        draft.unlink()
        with self.assertRaisesRegex(UserError, "its hours are due again"), self.cr.savepoint():
            credit.button_draft()

    def test_a_package_comes_back(self):
        purchase = self.agreement._prepare_purchase(self.env["support.package.offer"], 600, 1500, 12)
        lot = self.agreement._buy_package(purchase, fields.Date.to_date("2026-06-20"))
        invoice = lot.invoice_line_id.move_id
        draft, credit = self.replace(invoice)
        self.assertEqual(lot.invoice_line_id.move_id, draft)
        credit.button_draft()
        self.assertEqual(lot.invoice_line_id.move_id, invoice)
        draft.unlink()
        self.assertTrue(lot.exists())
