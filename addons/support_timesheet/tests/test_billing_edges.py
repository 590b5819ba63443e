from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

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

    def test_the_offer_s_own_product_is_invoiced_in_the_client_s_language(self):
        """B5, P25: its account and taxes are those of the offer; the client reads the line."""
        self.env["res.lang"]._activate_lang("pl_PL")
        self.client.lang = "pl_PL"
        offer = self.env.ref("support_timesheet.support_package_offer_starter_10")
        offer.product_id = offer.product_id.copy({"name": "Ten hours"})
        line = self.buy().invoice_line_id
        self.assertEqual(line.product_id, offer.product_id)
        self.assertNotEqual(line.name, f"{offer.name}: 10 h, valid for 12 months")

    def test_what_cannot_be_a_package_is_not_sold(self):
        """C3: at least a minute, no negative price, 1 to 12 months; given away is possible."""
        for values in ({"minutes": 0}, {"minutes": -60}, {"price": -1}, {"months": 0}, {"months": 13}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "at least one minute"):
                self.buy(offer=None, **values)
        for values in ({"minutes": 1}, {"price": 0}, {"months": 1}, {"months": 12}):
            with self.subTest(values):
                self.assertTrue(self.buy(offer=None, **values))

    def test_a_package_that_costs_nothing_waits_for_no_payment(self):
        """C3: nobody pays an invoice of nothing; the hours live from the day that was agreed."""
        self.env.company.support_hours_usable = "paid"
        free = self.buy(offer=None, price=0, day=fields.Date.to_date("2026-06-01"))
        self.assertEqual((free.awaits_payment, str(free.date_from)), (False, "2026-06-01"))
        self.assertTrue(self.buy(offer=None, price=1).awaits_payment)

    def pay(self, invoice):
        """Pay an invoice in full today."""
        payments = self.env["account.payment.register"]
        payments = payments.with_context(active_model="account.move", active_ids=invoice.ids)
        payments.create({"payment_date": fields.Date.today()})._create_payments()

    def test_the_day_of_payment_is_the_client_s(self):
        """C3: half past midnight in Warsaw is the next day, though it is not in UTC."""
        self.env.company.support_hours_usable = "paid"
        lot = self.buy()
        with freeze_time("2026-06-24 22:30:00"):
            self.pay(lot.invoice_line_id.move_id)
        self.assertEqual((str(lot.date_from), str(lot.date_to)), ("2026-06-25", "2027-06-24"))

    def test_paying_for_hours_that_are_usable_already_moves_no_day(self):
        """C3: their validity began with the invoice."""
        lot = self.buy()
        with freeze_time("2026-06-24 08:00:00"):
            self.pay(lot.invoice_line_id.move_id)
        self.assertEqual(str(lot.date_from), "2026-06-20")

    def test_a_cancelled_sale_keeps_what_billed_work_has_used(self):
        """D13: 3 h of the month, 1 h bought, 1 h billed; the hour that was added later is taken back."""
        lot = self.buy(offer=None, minutes=60, day=fields.Date.to_date("2026-06-01"))
        work = self.create_work(295, date="2026-06-10")
        self.run_invoicing("2026-07-01")
        self.assertTrue(work.is_billed)
        lot.minutes = 120
        invoice = lot.invoice_line_id.move_id
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual((lot.minutes, lot.used_minutes), (60, 60))
        with self.assertRaisesRegex(UserError, "billed work has used 1 h"):
            lot.minutes = 59
        self.assertLedgerIsSound()

    def test_a_partial_credit_note_takes_no_package_back(self):
        """C3: part of the price is given back, the hours stay."""
        lot = self.buy()
        invoice = lot.invoice_line_id.move_id
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        reversal = wizard.create({"journal_id": invoice.journal_id.id})
        reversal.refund_moves()
        reversal.new_move_ids.invoice_line_ids.price_unit = 100
        reversal.new_move_ids.action_post()
        self.assertTrue(lot.exists())

    def test_moving_the_days_of_a_package_moves_its_work(self):
        """D13: each of its two days alone."""
        work = self.create_work(235, date="2026-06-10")
        lot = self.buy(offer=None, minutes=60, day=fields.Date.to_date("2026-06-20"))
        self.assertEqual(work.overage_minutes, 60)
        lot.date_from = "2026-06-10"
        self.assertEqual(work.overage_minutes, 0)
        lot.date_from = "2026-06-01"
        lot.date_to = "2026-06-09"
        self.assertEqual(work.overage_minutes, 60)
        self.assertLedgerIsSound()

    # The last day

    def test_on_its_last_day_an_agreement_is_still_running(self):
        """P22: its last month is billed when it is over."""
        self.create_work(235, date="2026-06-10")
        self.agreement._write_own({"date_end": "2026-06-30"})
        due = self.agreement._get_due_overage
        self.assertFalse(due(fields.Date.to_date("2026-06-30")))
        self.assertEqual(due(fields.Date.to_date("2026-07-01"))[self.agreement][0].minutes, 60)
