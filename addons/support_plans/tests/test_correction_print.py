from freezegun import freeze_time
from lxml import html

from odoo.fields import Command, Date
from odoo.tests import tagged

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-31")
class TestCorrectionPrint(TerminationCommon):
    """What the prints of a correction, of a statement and of a debit note have to say (F10, D14, D15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.pl")
        cls.env.company.support_debit_note_account_id = cls.company_data["default_account_revenue"]

    def render(self, report, record):
        source, _kind = self.env["ir.actions.report"]._render_qweb_html(report, record.ids)
        return self.get_text(source.decode())

    def get_text(self, source):
        text = " ".join(html.fromstring(str(source)).text_content().split())
        return text.replace("\xa0", " ").replace("\ufeff", "")

    # The correction invoice

    def test_the_correction_names_the_corrected_invoice(self):
        """F10: number and date of the original, the reason, the period (art. 106j ust. 2)."""
        correction = self.correct(post=True).refund_move_ids
        origin = correction.reversed_entry_id
        text = self.render("account.report_invoice", correction)
        for words in (
            f"Correction of invoice {origin.name} of 01/01/2026",
            f"Reason of the correction: {correction.correction_reason}",
            "Service period after the correction: 01/01/2026 – 05/31/2026",
            f"Correction Invoice {correction.name}",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        self.assertEqual(text.count(correction.correction_reason), 1)

    def test_other_documents_stay_as_they_are(self):
        invoice = self.get_invoice(self.create_year())
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.action_post()
        for move in (invoice, credit):
            self.assertNotIn("Correction", self.render("account.report_invoice", move))
        self.assertIn("Credit Note", self.render("account.report_invoice", credit))

    # The debit note

    def test_the_debit_note_declares_the_set_off(self):
        """D14: against which correction, and both amounts (art. 498 and 499 of the Civil Code)."""
        agreement = self.create_year()
        agreement.fee_tax_treatment = "outside_vat"
        termination = self.correct(agreement, post=True)
        text = self.render("support_plans.report_debit_note", termination)
        for words in (
            "Declaration of set-off",
            "art. 498 and 499 of the Civil Code",
            f"{termination.refund_move_ids.name} 05/31/2026",
            "2,697.39",
            "65.79",
            "Nothing has to be paid.",
        ):
            with self.subTest(words):
                self.assertIn(words, text)

    # The statement

    def create_year_with_hours(self, paid):
        with freeze_time("2026-01-01"):
            agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
            invoice = agreement._recurring_create_invoice(Date.to_date("2026-01-01"))
            fee = invoice.invoice_line_ids
            hours = {"name": "Hours", "quantity": 1, "price_unit": 82.5, "tax_ids": [Command.set(fee.tax_ids.ids)]}
            invoice.write({"invoice_line_ids": [Command.create(hours)]})
            invoice.action_post()
        self.pay(invoice, paid)
        return agreement

    def get_statement(self, agreement, **values):
        return self.get_text(self.resign(agreement, "2026-05-31", **values).statement_html)

    def test_the_refund_of_a_year_paid_in_part_is_a_chain_of_gross_amounts(self):
        """D6: 3000 of 5252.72 paid: what is kept for the hours is no VAT."""
        text = self.get_statement(self.create_year_with_hours(3000))
        for words in (
            "3,000.00",
            "They stay invoiced after the correction, gross (5,252.72 zł – 2,682.75 zł)",
            "of which other items of the invoices, gross: 101.48",
            "-2,569.97",
            "Refund, gross 430.03",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        for words in ("VAT before the correction", "Refund, net", "45.04", "Client still pays"):
            with self.subTest(words):
                self.assertNotIn(words, text)

    def test_a_year_paid_in_full_shows_its_vat(self):
        text = self.get_statement(self.create_year_with_hours(5252.72))
        for words in ("Refund, net", "VAT before the correction less VAT after it 489.26", "2,616.47", "101.48"):
            with self.subTest(words):
                self.assertIn(words, text)

    def test_what_the_client_still_pays_is_said(self):
        """D6: nothing paid, 1995.00 net used."""
        text = self.get_statement(self.create_year(paid=False))
        self.assertIn("Client still pays, gross 2,453.85", text)
        self.assertNotIn("nothing more is charged", text)
        text = self.get_statement(self.create_year(client=self.create_client("Paid")))
        self.assertNotIn("still pays", text)

    def test_a_year_that_was_never_invoiced_will_be(self):
        """F9: the months until the last day, at the monthly list price."""
        never = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        simulated = self.env["support.termination"]._simulate(never, Date.to_date("2026-05-31"))
        expected = "To be invoiced: 5 months (01/01/2026 – 05/31/2026) × 399.00 zł = 1,995.00 zł net."
        values = simulated._get_statement_values(True)
        simulation = self.get_text(self.env["ir.qweb"]._render("support_plans.settlement_statement", values))
        self.assertIn(expected, simulation)
        termination = self.resign(never, "2026-05-31")
        self.assertIn(expected, self.get_text(termination.statement_html))
        billed = self.create_year(client=self.create_client("Billed"))
        self.assertNotIn("To be invoiced", self.get_statement(billed))

    def test_a_withdrawn_resignation_promises_no_refund(self):
        termination = self.resign(self.create_year(), "2026-05-31")
        termination.action_withdraw()
        text = self.get_text(termination.statement_html)
        self.assertIn("was withdrawn", text)
        self.assertNotIn("efund, gross", text)
        self.assertNotIn("within 21 days", text)

    def test_the_statement_of_a_private_person_has_its_own_text(self):
        """D15: no fee, 14 days, not the rules for firms (art. 29a ust. 13)."""
        private = self.create_year(client=self.env["res.partner"].create({"name": "Jan"}))
        termination = self.resign(private, "2026-05-31", accept=True)
        text = self.get_text(termination.statement_html)
        for words in ("with a private person", "No handling fee is kept", "within 14 days", "art. 106j"):
            with self.subTest(words):
                self.assertIn(words, text)
        for words in ("29a", "is reduced by the fee"):
            with self.subTest(words):
                self.assertNotIn(words, text)
        self.assertTrue(termination.is_receipt_needed)
        self.assertFalse(self.resign(self.create_year(), "2026-05-31").is_receipt_needed)
