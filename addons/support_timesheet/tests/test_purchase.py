from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestPurchase(TimeInvoicingCommon):
    """Bought packages: invoice at once, hours at once or when paid (C3, B5, B6)."""

    def buy(self, offer="starter_10", **values):
        wizard = Form(self.env["support.package.purchase"].with_context(default_contract_id=self.agreement.id))
        wizard.offer_id = self.env.ref(f"support_timesheet.support_package_offer_{offer}")
        for name, value in values.items():
            setattr(wizard, name, value)
        action = wizard.save().action_buy()
        return self.env["account.move"].browse(action["res_id"])

    def get_lot(self):
        return self.agreement.package_ids.filtered(lambda lot: lot.origin == "purchase")

    def test_the_offers_are_those_of_the_price_list(self):
        """B5 10 h 600 net / 738 gross, B6 50 h 2950 / 3628.50, B7 1 h 100 / 123."""
        for offer, hours, net, gross in (
            ("starter_10", 10, 600, 738),
            ("service_50", 50, 2950, 3628.50),
            ("hour_1", 1, 100, 123),
        ):
            with self.subTest(offer=offer):
                invoice = self.buy(offer)
                self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (net, gross))
                self.assertEqual(invoice.state, "posted")
                self.assertEqual(invoice.invoice_line_ids.quantity, 1)
                lot = self.get_lot().filtered(lambda x, line=invoice.invoice_line_ids: x.invoice_line_id == line)
                self.assertEqual(lot.hours, hours)
                self.assertEqual((str(lot.date_from), str(lot.date_to)), ("2026-06-20", "2027-06-19"))

    def test_hours_are_usable_at_once(self):
        work = self.create_work(235, date="2026-06-20")
        self.assertEqual(work.overage_minutes, 60)
        self.buy()
        self.assertEqual((work.overage_minutes, self.get_lot().used_minutes), (0, 60))
        self.assertLedgerIsSound()

    def test_hours_that_wait_for_payment_are_usable_from_its_day(self):
        """C3: setting; validity begins with the payment."""
        self.env.company.support_hours_usable = "paid"
        with freeze_time("2026-06-25 18:00:00"):
            work = self.create_work(235, date="2026-06-25")
        invoice = self.buy()
        self.assertTrue(self.get_lot().awaits_payment)
        self.assertEqual(work.overage_minutes, 60)
        with freeze_time("2026-06-24 08:00:00"):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"payment_date": fields.Date.today()})._create_payments()
        lot = self.get_lot()
        self.assertFalse(lot.awaits_payment)
        self.assertEqual((str(lot.date_from), str(lot.date_to)), ("2026-06-24", "2027-06-23"))
        self.assertEqual(work.overage_minutes, 0)

    def test_a_size_of_its_own_has_the_company_s_validity(self):
        self.env.company.support_package_validity = 6
        wizard = Form(self.env["support.package.purchase"].with_context(default_contract_id=self.agreement.id))
        wizard.hours = 20
        wizard.price = 2500
        invoice = self.env["account.move"].browse(wizard.save().action_buy()["res_id"])
        self.assertEqual(invoice.amount_untaxed, 2500)
        self.assertEqual((self.get_lot().minutes, str(self.get_lot().date_to)), (1200, "2026-12-19"))

    def test_cancelling_the_invoice_takes_back_what_billed_work_has_not_used(self):
        invoice = self.buy()
        work = self.create_work(235, date="2026-06-20")
        self.assertEqual(work.overage_minutes, 0)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertFalse(self.get_lot())
        self.assertEqual(work.overage_minutes, 60)
        self.assertLedgerIsSound()

    def test_a_package_that_was_taken_back_is_not_charged(self):
        invoice = self.buy()
        invoice.button_draft()
        invoice.button_cancel()
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "taken back"):
            invoice.action_post()

    def test_a_full_credit_note_takes_the_package_back_and_a_replaced_invoice_keeps_it(self):
        invoice = self.buy()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        first = wizard.create({"journal_id": invoice.journal_id.id})
        first.modify_moves()
        self.assertEqual(self.get_lot().invoice_line_id, first.new_move_ids.invoice_line_ids)
        first.new_move_ids.action_post()
        wizard = wizard.with_context(active_ids=first.new_move_ids.ids)
        second = wizard.create({"journal_id": invoice.journal_id.id})
        second.refund_moves()
        self.assertTrue(self.get_lot())
        second.new_move_ids.action_post()
        self.assertFalse(self.get_lot())

    def test_a_deleted_line_sells_no_package(self):
        invoice = self.buy()
        invoice.button_draft()
        invoice.invoice_line_ids.unlink()
        self.assertFalse(self.get_lot())

    def test_a_consultant_does_not_sell(self):
        wizard = self.env["support.package.purchase"]
        with self.assertRaises(AccessError):
            wizard.with_user(self.consultant).create({"contract_id": self.agreement.id})

    def test_hours_are_bought_for_an_agreement_in_force(self):
        draft = self.create_draft_agreement(self.plan_start, self.create_client("Later"), "2026-07-01")
        purchase = draft._prepare_purchase(self.env["support.package.offer"], 600, 600, 12)
        with self.assertRaisesRegex(UserError, "not in force"):
            draft._buy_package(purchase, fields.Date.today())

    def test_no_hours_are_sold_that_no_work_could_use(self):
        """P2, P22: EMAIL and COMMUNITY pay no work from a package."""
        email = self.create_agreement(self.plan_email, self.create_client("By mail"), "2026-06-01")
        purchase = email._prepare_purchase(self.env["support.package.offer"], 600, 600, 12)
        with self.assertRaisesRegex(UserError, "could never be used"):
            email._buy_package(purchase, fields.Date.today())
