from freezegun import freeze_time
from lxml import html

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

    def correct(self, effective_on="2026-05-31", agreement=None, **values):
        termination = self.resign(agreement or self.create_year(), effective_on, accept=True, **values)
        termination.action_prepare_correction()
        termination.action_post_corrections()
        return termination

    # The correction invoice

    def test_the_correction_names_the_corrected_invoice(self):
        """F10: number and date of the original, the reason, the period (art. 106j ust. 2)."""
        correction = self.correct().refund_move_ids
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
        termination = self.correct(agreement=agreement)
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
