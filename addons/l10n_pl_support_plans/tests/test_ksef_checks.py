from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.l10n_pl_edi.tools.ksef_api_service import KsefApiService
from odoo.addons.support_plans.tests.common import ACCOUNTANT, CONSULTANT

from .common import KSEF_NUMBER, KsefCommon


@tagged("post_install", "-at_install")
class TestKsefChecks(KsefCommon):
    """What the accountant decides, what is not sent to KSeF, and the sentence that says why."""

    def assertBlocked(self, moves, sentence):
        """The wizard refuses, and so does the making of the file."""
        alerts = moves._l10n_pl_edi_check_mandatory_fields().values()
        dangers = [alert["message"] for alert in alerts if alert.get("level") == "danger"]
        self.assertRegex("\n".join(dangers), sentence)

    def assertFree(self, moves):
        alerts = moves._l10n_pl_edi_check_mandatory_fields().values()
        self.assertFalse([alert for alert in alerts if alert.get("level") == "danger"])

    def send(self, move):
        """Send with core's wizard; the service of the ministry is not asked. Return the file."""
        sent = []
        with (
            patch.object(KsefApiService, "__init__", lambda service, company: None),
            patch.object(KsefApiService, "open_ksef_session", lambda service: None),
            patch.object(
                KsefApiService, "send_invoice", lambda service, xml: sent.append(xml) or {"referenceNumber": "1"}
            ),
        ):
            wizard = self.env["account.move.send.wizard"].create(
                {"move_id": move.id, "extra_edi_checkboxes": {"pl_ksef": {"checked": True}}, "sending_methods": []}
            )
            wizard.action_send_and_print()
        return sent[0]

    def test_an_invoice_and_then_its_correction_are_sent(self):
        invoice = self.bill(period="year")
        self.assertFree(invoice)
        self.assertIn(b"<OkresFa>", self.send(invoice))
        self.accept(invoice)
        correction = self.settle(invoice, 5, 399, 65.79, "2026-08-31")
        self.assertFree(correction)
        self.assertIn(KSEF_NUMBER.encode(), self.send_dated(correction))

    def send_dated(self, move):
        """Core skips what is dated in the future."""
        with patch("odoo.fields.Date.context_today", lambda record, timestamp=None: move.invoice_date):
            return self.send(move)

    def test_a_correction_waits_for_the_number_of_its_invoice(self):
        invoice = self.bill()
        correction = self.credit(invoice)
        invoice.write({"l10n_pl_edi_status": "sent", "l10n_pl_edi_ref": "1"})
        self.assertBlocked(correction, f"corrects {invoice.name}, which has no KSeF number yet")
        with self.assertRaisesRegex(UserError, "no KSeF number yet"):
            self.send_dated(correction)
        with self.assertRaisesRegex(UserError, "no KSeF number yet"):
            correction._l10n_pl_edi_render_xml()
        self.assertFalse(correction.l10n_pl_edi_status)
        self.accept(invoice)
        self.assertFree(correction)

    def test_a_correction_is_not_sent_together_with_its_invoice(self):
        invoice = self.bill()
        correction = self.credit(invoice)
        self.assertBlocked(invoice + correction, "no KSeF number yet")
        self.assertFree(invoice)

    def test_a_refused_invoice_is_not_corrected(self):
        invoice = self.bill()
        correction = self.credit(invoice)
        invoice.l10n_pl_edi_status = "rejected"
        self.assertBlocked(correction, "which KSeF refused")

    def test_a_correction_without_its_invoice_is_not_sent(self):
        correction = self.credit(self.bill())
        correction.reversed_entry_id = False
        self.assertBlocked(correction, "does not say which posted invoice it corrects")

    def test_a_credit_note_typed_in_by_hand_for_a_plan_needs_its_invoice(self):
        product = self.plan_start.product_id
        note = self.init_invoice(
            "out_refund", self.client, "2026-05-01", products=product, taxes=self.tax_23, post=True
        )
        self.assertBlocked(note, "does not say which posted invoice it corrects")

    def test_an_invoice_never_sent_is_asked_about(self):
        invoice = self.bill()
        correction = self.credit(invoice)
        alerts = correction._l10n_pl_edi_check_mandatory_fields().values()
        warnings = [alert["message"] for alert in alerts if alert.get("level") == "warning"]
        self.assertRegex(warnings[0], f"will say that {invoice.name} was issued outside KSeF")

    def test_a_raise_needs_the_accountants_choice(self):
        """art. 29a ust. 17: it counts when its cause arose, which nobody but a person knows"""
        up = self.credit(self.accept(self.credit(self.accept(self.bill()))))
        self.assertBlocked(up, "choose in which VAT period it counts")
        up.l10n_pl_correction_type = "1"
        self.assertFree(up)

    def test_a_text_too_long_is_named(self):
        invoice = self.bill(post=False)
        invoice.invoice_line_ids.name = "x" * 513
        self.assertBlocked(invoice, "the description of a line is too long for KSeF, 513 characters")
        invoice.invoice_line_ids.name = "  ".join(["x" * 255, "\n", "x" * 256])
        invoice.action_post()
        self.assertFree(invoice)
        self.rendered(invoice)
        correction = self.credit(self.accept(invoice), reason="y" * 257)
        self.assertBlocked(correction, "the reason of the correction is too long for KSeF, 257 characters")
        correction.l10n_pl_correction_reason = "y" * 256
        self.assertFree(correction)
        self.assertEqual(self.rendered(correction).value("Fa/PrzyczynaKorekty"), "y" * 256)

    def test_the_clients_name_too_long(self):
        invoice = self.bill()
        self.client.name = "z" * 513
        self.assertBlocked(invoice, "the name of the client is too long")

    def test_an_exemption_needs_its_provision(self):
        """art. 106e ust. 1 pkt 19"""
        invoice = self.bill(tax=self.tax_exempt)
        self.assertBlocked(invoice, "not the provision that exempts")
        self.tax_exempt.l10n_pl_exemption_basis = "P_19A"
        self.assertBlocked(invoice, "not the provision that exempts")
        self.tax_exempt.l10n_pl_exemption_text = "a" * 257
        self.assertBlocked(invoice, "the legal basis of the exemption is too long")
        self.tax_exempt.l10n_pl_exemption_text = "art. 113 ust. 1"
        self.assertFree(invoice)

    def test_two_provisions_do_not_fit(self):
        self.tax_exempt.write({"l10n_pl_exemption_basis": "P_19A", "l10n_pl_exemption_text": "art. 113 ust. 1"})
        other = self.tax_exempt.copy({"name": "zw 2", "l10n_pl_exemption_text": "art. 43 ust. 1 pkt 26"})
        invoice = self.bill(tax=self.tax_exempt, post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Szkolenie", "price_unit": 10, "tax_ids": [Command.set(other.ids)]})
        ]
        self.assertBlocked(invoice, "different legal bases")

    def test_a_line_without_a_rate_is_named(self):
        """Odoo would leave it out of the lines, but not of the total."""
        invoice = self.bill(post=False)
        invoice.invoice_line_ids = [Command.create({"name": "Opłata", "price_unit": 10, "tax_ids": []})]
        self.assertBlocked(invoice, "the line “Opłata” has no VAT rate that KSeF knows")

    def test_other_documents_are_not_judged(self):
        invoice = self.init_invoice("out_invoice", self.client, "2026-04-01", products=self.product_a, post=True)
        invoice.invoice_line_ids.name = "x" * 600
        self.assertFree(invoice + self.credit(invoice))

    def test_the_sentences_are_polish_for_a_pole(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        invoice = self.bill()
        correction = self.credit(invoice).with_context(lang="pl_PL")
        invoice.l10n_pl_edi_status = "sent"
        self.assertBlocked(correction, "nie ma jeszcze numeru KSeF")

    # The fields of the accountant

    def test_the_accountant_chooses_effect_and_reason(self):
        correction = self.credit(self.accept(self.bill()))
        accountant = self.create_support_user("ksef_accountant", ACCOUNTANT)
        with Form(correction.with_user(accountant)) as form:
            self.assertEqual(form.l10n_pl_correction_type, "2")
            form.l10n_pl_correction_type = "1"
            form.l10n_pl_correction_reason = "Opust"
        self.assertEqual(correction.l10n_pl_correction_type, "1")
        self.assertEqual(self.rendered(correction.with_user(accountant)).value("Fa/PrzyczynaKorekty"), "Opust")

    def test_nobody_else_reads_or_writes_them(self):
        """A consultant, and the client, who may see the credit note in the panel."""
        correction = self.credit(self.bill())
        consultant = self.create_support_user("ksef_consultant", CONSULTANT)
        client = new_test_user(
            self.env, login="ksef_client", groups="base.group_portal", partner_id=self.client_contact.id
        )
        correction.with_user(client).check_access("read")
        for user in (consultant, client):
            for action in (
                lambda move: move.read(["l10n_pl_correction_type"]),
                lambda move: move.read(["l10n_pl_correction_reason"]),
                lambda move: move.write({"l10n_pl_correction_reason": "x"}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    action(correction.with_user(user))

    def test_a_reader_of_the_books_reads_but_does_not_write(self):
        correction = self.credit(self.bill())
        auditor = self.create_support_user("ksef_auditor", "account.group_account_readonly")
        self.assertEqual(correction.with_user(auditor).l10n_pl_correction_type, "2")
        with self.assertRaises(AccessError):
            correction.with_user(auditor).l10n_pl_correction_type = "1"

    def test_what_ksef_has_is_not_changed(self):
        correction = self.credit(self.accept(self.bill()))
        for status in ("sent", "accepted"):
            correction.l10n_pl_edi_status = status
            with self.assertRaisesRegex(UserError, "is in KSeF already"):
                correction.l10n_pl_correction_reason = "inaczej"
        correction.l10n_pl_edi_status = "rejected"
        correction.l10n_pl_correction_reason = "inaczej"

    def test_only_reductions_have_a_default(self):
        invoice = self.bill()
        self.assertFalse(invoice.l10n_pl_correction_type)
        self.assertEqual(self.credit(invoice).l10n_pl_correction_type, "2")

    def test_another_company_does_not_see_them(self):
        correction = self.credit(self.bill())
        other = self.env["res.company"].create({"name": "Other firm"})
        stranger = self.create_support_user("ksef_stranger", ACCOUNTANT, company_id=other.id)
        with self.assertRaises(AccessError):
            correction.with_user(stranger).read(["l10n_pl_correction_type"])
