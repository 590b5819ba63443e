from unittest import SkipTest

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.support_plans.tests.common import CONSULTANT

from .common import KSEF_NUMBER, KsefCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-07-20 08:00:00")
class TestFa3Hours(KsefCommon):
    """When hours were worked, as KSeF gets it (art. 106e ust. 1 pkt 6): the addon that bills them is another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "support.package.entry" not in cls.env:
            raise SkipTest("support_timesheet is not installed")
        cls.env.ref("support_timesheet.product_support_hour").taxes_id = cls.tax_23
        user = cls.create_support_user("consultant_k", CONSULTANT, tz="Europe/Warsaw")
        cls.employee = cls.env["hr.employee"].sudo().create({"name": user.name, "user_id": user.id})
        cls.kind = cls.env["support.work.type"].search([("code", "=", "REMOTE")])

    def work(self, client, *days):
        """Log four hours on each day for a client."""
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Printer",
                "description": "<p>Help</p>",
                "partner_id": client.id,
                "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email").id,
                "request_kind": "question",
            }
        )
        return self.env["account.analytic.line"].create(
            [
                {
                    "name": "Mended the printer",
                    "ticket_id": ticket.id,
                    "work_type_id": self.kind.id,
                    "date": day,
                    "unit_amount": 235 / 60,
                    "employee_id": self.employee.id,
                }
                for day in days
            ]
        )

    def bill_hours(self, agreement, day):
        """Return the posted invoice of a day."""
        invoice = agreement._recurring_create_invoice(fields.Date.to_date(day))
        invoice.action_post()
        return invoice

    def bill_prepaid(self, *days, issued="2026-07-15"):
        """Return the invoice of hours alone of a prepaid year from 15 May."""
        agreement = self.bill("2026-05-15", "year").invoice_line_ids.contract_line_id.contract_id
        self.work(self.client, *days)
        invoice = self.bill_hours(agreement, issued)
        self.assertTrue(all(invoice.invoice_line_ids.mapped("is_overage")))
        return invoice

    def assertSupplied(self, move, day=None, period=(None, None)):
        document = self.rendered(move)
        self.assertEqual(document.value("Fa/P_6"), day)
        self.assertEqual((document.value("Fa/OkresFa/P_6_Od"), document.value("Fa/OkresFa/P_6_Do")), period)
        return document

    def test_hours_alone_tell_the_day_of_the_last_work(self):
        """Service month 15 June to 14 July; the books have the VAT in June."""
        invoice = self.bill_prepaid("2026-06-18", "2026-06-20")
        self.assertEqual(str(invoice.taxable_supply_date), "2026-06-20")
        self.assertSupplied(invoice, "2026-06-20")

    def test_hours_of_several_months_tell_one_day_as_the_books_do(self):
        invoice = self.bill_prepaid("2026-05-20", "2026-06-20")
        self.assertEqual(len(invoice.invoice_line_ids), 2)
        document = self.assertSupplied(invoice, "2026-06-20")
        self.assertFalse(document.nodes("Fa/FaWiersz/P_6A"))

    def test_one_off_work_tells_the_day_of_the_last_work(self):
        """Not the whole month, which is not over."""
        client = self.next_client()
        works = self.work(client, "2026-07-17")
        invoice = self.env["account.move"].search(works.action_invoice_one_off()["domain"])
        invoice.invoice_date = "2026-07-20"
        invoice.action_post()
        self.assertSupplied(invoice, "2026-07-17")

    def test_work_of_the_day_of_issue_tells_nothing(self):
        works = self.work(self.next_client(), "2026-07-20")
        invoice = self.env["account.move"].search(works.action_invoice_one_off()["domain"])
        invoice.action_post()
        self.assertSupplied(invoice)

    def test_the_correction_of_hours_tells_the_same_day(self):
        invoice = self.accept(self.bill_prepaid("2026-06-20"))
        down = self.credit(invoice, date="2026-07-20")
        self.assertSupplied(down, "2026-06-20")
        up = self.credit(self.accept(down, KSEF_NUMBER.replace("4D", "5E")), date="2026-07-20")
        up.l10n_pl_correction_type = "3"
        self.assertSupplied(up, "2026-06-20")

    def test_the_correction_of_one_work_tells_the_same_day(self):
        agreement = self.bill("2026-05-15", "year").invoice_line_ids.contract_line_id.contract_id
        work = self.work(self.client, "2026-06-20")
        self.accept(self.bill_hours(agreement, "2026-07-15"))
        correction = work._correct(175, "Entered twice")
        refund = self.env["account.move"].browse(correction.action_credit()["res_id"])
        refund.invoice_date = "2026-07-20"
        refund.action_post()
        self.assertSupplied(refund, "2026-06-20")

    def test_beside_a_fee_they_are_in_its_period(self):
        """Every line says its own end; the correction of one work says the month of that work."""
        agreement = self.bill("2026-06-01").invoice_line_ids.contract_line_id.contract_id
        work = self.work(self.client, "2026-06-20")
        invoice = self.accept(self.bill_hours(agreement, "2026-07-01"))
        self.assertEqual(len(invoice.invoice_line_ids), 2)
        document = self.assertSupplied(invoice, None, ("2026-06-01", "2026-07-31"))
        self.assertEqual(sorted(row["P_6A"] for row in document.rows()), ["2026-06-30", "2026-07-31"])
        correction = work._correct(175, "Entered twice")
        refund = self.env["account.move"].browse(correction.action_credit()["res_id"])
        refund.invoice_date = "2026-07-20"
        refund.action_post()
        self.assertSupplied(refund, None, ("2026-06-01", "2026-06-30"))
