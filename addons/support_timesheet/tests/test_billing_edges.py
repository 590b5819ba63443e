from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestBillingEdges(TimeInvoicingCommon):
    """What billed hours and sold packages keep, whatever is saved, deleted or caught up (P22, C3, D13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_invoicing("2026-06-20")  # the fees until June

    def read_judgement(self, works):
        names = ("full_minutes", "charged_minutes", "package_minutes", "overage_minutes", "hourly_rate", "work_amount")
        works.invalidate_recordset()
        return works.read([*names, "is_billed", "entry_ids"])

    def buy(self, offer="starter_10", agreement=None, minutes=600, price=600, months=12, day=None):
        """Sell hours and return the package."""
        agreement = agreement or self.agreement
        offers = self.env["support.package.offer"]
        offer = self.env.ref(f"support_timesheet.support_package_offer_{offer}") if offer else offers
        purchase = agreement._prepare_purchase(offer, minutes, price, months)
        return agreement._buy_package(purchase, day or fields.Date.today())

    # Billed hours

    def test_saving_a_billed_work_as_it_is_judges_nothing_anew(self):
        """D13: a form sends unchanged values too; billed work and corrections keep what their invoice says."""
        work = self.create_work(235, date="2026-06-10")
        self.run_invoicing("2026-07-01")
        correction = work._correct(265, "Half an hour was forgotten")
        self.agreement.hourly_rate = 200
        for line in work, correction:
            before = self.read_judgement(line)
            line.write({"unit_amount": line.unit_amount, "date": line.date})
            self.assertEqual(self.read_judgement(line), before)
        self.assertEqual((work.hourly_rate, correction.hourly_rate), (165, 165))
        self.assertLedgerIsSound()

    def test_hours_are_on_the_first_of_several_invoices(self):
        """P22: when months are caught up, what is due longest is not on the last invoice."""
        self.create_work(235, date="2026-06-10")
        invoices = self.run_invoicing("2026-08-01").sorted("id")
        fees = [str(move.invoice_line_ids.filtered("is_plan_fee").service_period_start) for move in invoices]
        self.assertEqual(fees, ["2026-07-01", "2026-08-01"])
        self.assertEqual([move.invoice_line_ids.filtered("is_overage").quantity for move in invoices], [1, 0])

    # Packages

    def test_a_deleted_draft_sells_no_package(self):
        """C3: never invoiced, never bought."""
        lot = self.buy()
        invoice = lot.invoice_line_id.move_id
        work = self.create_work(235, date="2026-06-20")
        self.assertEqual(work.overage_minutes, 0)
        invoice.button_draft()
        invoice.name = False
        invoice.unlink()
        self.assertFalse(lot.exists())
        self.assertEqual(work.overage_minutes, 60)
        self.assertLedgerIsSound()
