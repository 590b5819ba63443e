import io
from datetime import date

from freezegun import freeze_time
from lxml import html
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-31")
class TestTerminationDocuments(TerminationCommon):
    """What is printed of a resignation: statement, debit note, handover protocol (F6, F10, D14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pl_PL")
        cls.env.company.write({"vat": "PL5260001246", "street": "ul. Firmowa 1"})
        cls.client.write({"name": "Żółć & Synowie <b> Sp. z o.o.", "lang": "pl_PL", "street": "ul. Kliencka 2"})
        cls.agreement = cls.create_year()

    def render(self, report, record):
        source, _kind = self.env["ir.actions.report"]._render_qweb_html(f"support_plans.{report}", record.ids)
        return " ".join(html.fromstring(source.decode()).text_content().split()).replace("\xa0", " ")

    def test_the_statement_is_in_the_clients_language_with_both_parties_in_the_body(self):
        termination = self.resign(self.agreement, "2026-05-31", accept=True)
        text = self.render("report_settlement_statement", termination)
        for word in (
            self.env.company.name,
            "5260001246",
            "ul. Firmowa 1",
            self.client.name,
            "ul. Kliencka 2",
            termination.name,
            "31.05.2026",
            "22.06.2026",
            "2193,00",
            "2616,47",
            self.bank.acc_number,
        ):
            with self.subTest(word):
                self.assertIn(word, text)

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_the_print_is_text_with_polish_letters_in_any_build(self):
        termination = self.resign(self.agreement, "2026-05-31")
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf("support_plans.report_settlement_statement", termination.ids)
        pages = PdfReader(io.BytesIO(content)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\xa0", " ")
        self.assertIn("Żółć & Synowie <b>", text)
        self.assertIn("2616,47", text)

    def test_several_at_once_are_each_in_their_language(self):
        other = self.create_year(client=self.create_client("English", lang="en_US"))
        both = self.resign(self.agreement, "2026-05-31") | self.resign(other, "2026-05-31")
        text = self.render("report_settlement_statement", both)
        self.assertIn("2616,47", text)
        self.assertIn("2,616.47", text)

    def test_the_confirmation_brings_the_statement(self):
        termination = self.resign(self.agreement, "2026-05-31", accept=True)
        termination._confirm()
        [attachment] = termination.message_ids.attachment_ids
        self.assertIn(termination.name.replace("/", "-"), attachment.name)
        self.assertTrue(termination.confirmed_at)

    def test_the_debit_note_is_printed(self):
        """D14"""
        income = self.company_data["default_account_revenue"]
        self.env.company.support_debit_note_account_id = income
        termination = self.resign(self.agreement, "2026-05-31", accept=True)
        self.assertNotIn("65,79", self.render("report_debit_note", termination))
        termination.fee_tax_treatment = "outside_vat"
        termination.action_prepare_correction()
        termination.action_post_corrections()
        self.assertEqual(termination.action_show_debit_note()["res_id"], termination.debit_note_id.id)
        text = self.render("report_debit_note", termination)
        for word in (termination.debit_note_id.name, "65,79", "2193,00", self.client.name):
            with self.subTest(word):
                self.assertIn(word, text)

    def test_the_handover_protocol_lists_what_was_done_and_by_whom(self):
        """F6"""
        termination = self.resign(self.agreement, "2026-05-31")
        item = termination.handover_ids[0]
        item.write({"partner_id": self.client_contact.id, "note": "On a disk"})
        item.with_user(self.consultant).action_done()
        termination.handover_ids[1].planned_on = date(2026, 6, 10)
        text = self.render("report_handover", termination)
        for word in (item.name, "Anna Nowak", "On a disk", self.consultant.name, "31.05.2026", "10.06.2026"):
            with self.subTest(word):
                self.assertIn(word, text)

    def test_files_are_named_after_the_document(self):
        termination = self.resign(self.agreement, "2026-05-31")
        for document in ("settlement", "handover", "debit_note"):
            self.assertIn(termination.name.replace("/", "-"), termination._get_file_name(document))
        for action in (termination.action_print_statement, termination.action_print_handover):
            self.assertEqual(action()["type"], "ir.actions.report")

    def test_who_may_not_read_the_resignation_may_not_print_it(self):
        termination = self.resign(self.agreement, "2026-05-31")
        employee = self.create_support_user("employee")
        reports = self.env["ir.actions.report"].with_user(employee)
        for report in ("report_settlement_statement", "report_handover", "report_debit_note"):
            with self.subTest(report), self.assertRaises(AccessError):
                reports._render_qweb_html(f"support_plans.{report}", termination.ids)
