from decimal import Decimal
from unittest import skipUnless

from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.support_plans.tests.settlement_cases import CASES, TODAY, SettlementCases

from . import fa3
from .common import KSEF_NUMBER, KsefCommon

IBAN = "PL61109010140000071219812874"


@tagged("post_install", "-at_install")
@skipUnless(CASES.is_dir(), "the tables of worked examples are in the repository, not in the addon")
@freeze_time(TODAY)
class TestFa3SettlementCases(SettlementCases, KsefCommon):
    """F9, F10, D4, D5, D6, D14, D15: the documents of the worked examples, as KSeF gets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_cases()
        cls.tax_exempt.write({"l10n_pl_exemption_basis": "P_19A", "l10n_pl_exemption_text": "art. 113 ust. 1"})

    @classmethod
    def get_case_tax(cls, rate):
        return getattr(cls, f"tax_{'exempt' if rate == 'zw' else rate}")

    @classmethod
    def prepare_case_client(cls, case):
        values = cls.client.copy_data({"name": case.name})[0]
        if case.row.get("private") == "yes":
            values.update(is_company=False, vat=False)
        return values

    def test_every_year_of_the_table(self):
        settled = self.check_table("settlement", self.check_settlement, self.check_case_documents)
        self.assertGreater(sum(bool(case.termination.refund_move_ids) for case in settled), 50)

    def test_every_year_with_several_originals(self):
        self.check_table("settlement_originals", self.check_year, self.check_year_documents)

    def check_case_documents(self, case):
        self.check_correction(case)
        row, correction = case.row, case.termination.refund_move_ids
        if not correction:
            return
        (document,) = self.check_states(case)
        lowered = Decimal(row["lowered_net"]) + Decimal(row["lowered_tax"])
        self.assertEqual(document.gross, -lowered)
        ((net, tax),) = document.totals().values()
        self.assertEqual((-net, -tax), (Decimal(row["lowered_net"]), Decimal(row["lowered_tax"])))
        self.assertSettled(document, Decimal(row["refund_gross"]), Decimal(row["set_off"]))
        if Decimal(row["paid_gross"]) >= Decimal(row["billed_gross"]):
            self.assertEqual(document.gross + Decimal(row["set_off"]), -Decimal(row["refund_gross"]))
        periods = document.value("Fa/OkresFa/P_6_Od"), document.value("Fa/OkresFa/P_6_Do")
        served = str(case.first_day(row)), row["effective_on"]
        self.assertEqual(periods, served if row["begun"] == "yes" else (None, None))

    def check_year_documents(self, case):
        self.check_year_corrections(case)
        documents = self.check_states(case)
        refunds = sum(document.amount("Fa/Rozliczenie/DoRozliczenia") for document in documents)
        self.assertEqual(refunds, Decimal(f"{case.termination.refund_gross:.2f}"))

    def check_states(self, case):
        """Every invoice with its corrections leads to a true state. Return the files of the resignation."""
        corrections = case.credits | case.termination.refund_move_ids
        files = {move: self.rendered(move) for move in case.invoices | corrections}
        for invoice in case.invoices:
            mine = corrections.filtered(lambda move, invoice=invoice: move.reversed_entry_id == invoice)
            _state, gross = fa3.state_after(files[invoice], *(files[move] for move in mine))
            self.assertEqual(gross, Decimal(f"{invoice.amount_total - sum(mine.mapped('amount_total')):.2f}"))
        return [files[move] for move in case.termination.refund_move_ids]

    def assertSettled(self, document, refund, charge):
        """What is given back and set off, and when; nothing else is told."""
        self.assertEqual(document.amount("Fa/Rozliczenie/DoRozliczenia"), refund)
        self.assertEqual(document.amount("Fa/Rozliczenie/Obciazenia/Kwota"), charge)
        self.assertEqual(document.amount("Fa/Rozliczenie/SumaObciazen"), charge)
        self.assertEqual(bool(document.nodes("Fa/Platnosc/TerminPlatnosci")), bool(refund))
        self.assertEqual(bool(document.nodes("Fa/Rozliczenie")), bool(refund or charge))


@tagged("post_install", "-at_install")
@freeze_time("2026-09-01")
class TestFa3Resignations(KsefCommon):
    """What the documents of a resignation say beside their amounts (F10, D7, D14; art. 106j)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.support_debit_note_account_id = cls.company_data["default_account_revenue"]
        cls.bank = cls.env["res.partner.bank"].create({"acc_number": IBAN, "partner_id": cls.client.id})

    def resign(self, paid=5151.24, accept_invoice=True, effective_on="2026-08-31", **values):
        """Return a resignation from 12 x 349 since April, with its draft correction."""
        invoice = self.bill(period="year", price=349)
        if accept_invoice:
            self.accept(invoice)
        if paid:
            self.pay(invoice, paid)
        return self.settle_agreement(invoice, effective_on, **values)

    def settle_agreement(self, invoices, effective_on, **values):
        agreement = invoices.invoice_line_ids.contract_line_id.contract_id
        termination = self.env["support.termination"].create(
            {
                "contract_id": agreement.id,
                "requested_on": "2026-08-30",
                "effective_on": effective_on,
                "early_reason": "Agreed",
                **values,
            }
        )
        termination.action_submit()
        termination.action_accept()
        termination.action_prepare_correction()
        return termination

    def post(self, termination):
        """Return the files of the posted corrections."""
        termination.refund_move_ids.action_post()
        return [self.rendered(move) for move in termination.refund_move_ids]

    def assertBlocked(self, move, sentence):
        alerts = move._l10n_pl_edi_check_mandatory_fields().values()
        dangers = [alert["message"] for alert in alerts if alert.get("level") == "danger"]
        self.assertRegex("\n".join(dangers), sentence)

    def test_the_reason_is_polish_whatever_the_client_reads(self):
        self.client.lang = "en_US"
        termination = self.resign()
        correction = termination.refund_move_ids
        self.assertIn("Early end", correction.correction_reason)
        (document,) = self.post(termination)
        number = termination.contract_id.code
        self.assertEqual(document.value("Fa/PrzyczynaKorekty"), f"Rozwiązanie z dniem 31.08.2026 umowy {number}")
        self.assertEqual(document.value("Fa/TypKorekty"), "2")

    def test_a_long_name_keeps_the_day_and_the_limit(self):
        termination = self.resign()
        termination.contract_id.write({"name": "Umowa " * 60, "code": False})
        values = termination._prepare_correction(termination.line_ids.move_id, termination.line_ids)
        reason = values["l10n_pl_correction_reason"]
        self.assertLessEqual(len(reason), 256)
        self.assertGreater(len(reason), 240)
        self.assertIn("31.08.2026", reason)

    def test_the_accountant_may_say_it_otherwise(self):
        termination = self.resign()
        termination.refund_move_ids.write({"l10n_pl_correction_reason": "Porozumienie stron"})
        self.assertEqual(self.post(termination)[0].value("Fa/PrzyczynaKorekty"), "Porozumienie stron")

    def test_it_names_the_invoice_and_when_the_refund_is_due(self):
        """D7: 21 days from 1 September; the client's account is not told as the seller's"""
        termination = self.resign(refund_bank_id=self.bank.id)
        (document,) = self.post(termination)
        data = "Fa/DaneFaKorygowanej"
        self.assertEqual(document.value(f"{data}/NrKSeFFaKorygowanej"), KSEF_NUMBER)
        self.assertEqual(document.value(f"{data}/DataWystFaKorygowanej"), "2026-04-01")
        self.assertEqual(document.value("Fa/Platnosc/TerminPlatnosci/Termin"), "2026-09-22")
        self.assertEqual(document.value("Fa/Rozliczenie/DoRozliczenia"), "2616.47")
        self.assertFalse(document.nodes("Fa/Platnosc/RachunekBankowy"))
        self.assertEqual([row["P_8B"] for row in document.rows()], ["-12", "5", "1"])

    def test_it_is_blocked_until_the_invoice_has_its_number(self):
        termination = self.resign(accept_invoice=False)
        termination.refund_move_ids.reversed_entry_id.l10n_pl_edi_status = "sent"
        termination.refund_move_ids.action_post()
        self.assertBlocked(termination.refund_move_ids, "has no KSeF number yet")
        self.accept(termination.refund_move_ids.reversed_entry_id)
        self.rendered(termination.refund_move_ids)

    def test_what_was_given_back_is_told_also_after_it_was_paid(self):
        """D6: 3000 - (1995.00 + 13.32) x 1.23"""
        termination = self.resign(paid=3000, refund_bank_id=self.bank.id)
        (document,) = self.post(termination)
        self.assertEqual(document.value("Fa/Rozliczenie/DoRozliczenia"), "529.77")
        self.pay(termination.refund_move_ids, 529.77)
        paid = self.rendered(termination.refund_move_ids)
        self.assertEqual(paid.value("Fa/Rozliczenie/DoRozliczenia"), "529.77")

    def test_our_refund_is_no_payment_of_the_buyer(self):
        """D6: what is given back stands in DoRozliczenia alone, paid out in parts or at once."""
        self.check_refund_is_told_once([1000, 1616.47])

    def test_our_refund_at_once_is_no_payment_of_the_buyer(self):
        self.check_refund_is_told_once([2616.47])

    def check_refund_is_told_once(self, parts):
        correction = self.resign(refund_bank_id=self.bank.id).refund_move_ids
        correction.action_post()
        for part in parts:
            self.pay(correction, part)
        document = self.rendered(correction)
        self.assertEqual(document.value("Fa/Rozliczenie/DoRozliczenia"), "2616.47")
        for name in ("Zaplacono", "DataZaplaty", "ZnacznikZaplatyCzesciowej", "ZaplataCzesciowa"):
            self.assertFalse(document.nodes(f"Fa/Platnosc/{name}"), name)

    def test_the_print_names_the_original_by_its_ksef_number(self):
        """F10: art. 106j ust. 2"""
        correction = self.resign(accept_invoice=False).refund_move_ids
        reports = self.env["ir.actions.report"]
        for known in (False, True):
            if known:
                self.accept(correction.reversed_entry_id)
            source, _kind = reports._render_qweb_html("account.report_invoice", correction.ids)
            self.assertIn(correction.reversed_entry_id.name, source.decode())
            self.assertEqual(KSEF_NUMBER in source.decode(), known)

    def test_a_fee_outside_vat_is_a_charge_with_its_reason(self):
        """D14: 2697.39 lowered, 65.79 set off, 2631.60 given back"""
        termination = self.resign(fee_tax_treatment="outside_vat")
        (document,) = self.post(termination)
        self.assertEqual(document.gross, Decimal("-2697.39"))
        charge = "Fa/Rozliczenie/Obciazenia"
        self.assertEqual(document.value(f"{charge}/Kwota"), "65.79")
        self.assertRegex(document.value(f"{charge}/Powod"), "^Opłata za obsługę rezygnacji z umowy ")
        self.assertEqual(document.value("Fa/Rozliczenie/SumaObciazen"), "65.79")
        self.assertEqual(document.value("Fa/Rozliczenie/DoRozliczenia"), "2631.60")

    def create_changed_year(self, **values):
        """Return a resignation from START, changed after two months to twice the price."""
        invoice = self.accept(self.bill(period="year", price=349))
        agreement = invoice.invoice_line_ids.contract_line_id.contract_id
        terms = {**agreement._prepare_terms(), "price_year_month": 698, "list_price_month": 798}
        agreement._apply_plan(self.plan_standard, terms, 1, invoice.invoice_date.replace(month=6))
        difference = agreement._recurring_create_invoice(invoice.invoice_date.replace(month=6))
        difference.action_post()
        self.accept(difference, KSEF_NUMBER.replace("4D", "5E"))
        for move in invoice | difference:
            self.pay(move, move.amount_total)
        return self.settle_agreement(invoice, "2026-08-31", **values)

    def test_several_originals_wait_for_each_other(self):
        """What is given back is known when all are posted."""
        termination = self.create_changed_year()
        first, second = termination.refund_move_ids
        first.action_post()
        self.assertBlocked(first, "another correction that is not posted")
        second.action_post()
        documents = [self.rendered(move) for move in termination.refund_move_ids]
        numbers = {document.value("Fa/DaneFaKorygowanej/NrKSeFFaKorygowanej") for document in documents}
        self.assertEqual(len(numbers), 2)

    def test_a_fee_outside_vat_is_shared_by_several_originals(self):
        termination = self.create_changed_year(fee_tax_treatment="outside_vat")
        documents = self.post(termination)
        charges = sum(document.amount("Fa/Rozliczenie/SumaObciazen") for document in documents)
        refunds = sum(document.amount("Fa/Rozliczenie/DoRozliczenia") for document in documents)
        self.assertEqual(charges, Decimal(f"{termination.set_off:.2f}"))
        self.assertGreater(charges, 0)
        self.assertEqual(refunds, Decimal(f"{termination.refund_gross:.2f}"))
        self.assertEqual(sum(document.gross for document in documents), -refunds - charges)

    def test_a_year_that_was_never_served_has_no_period(self):
        """P_6_Do is the day on which the service ended: there is none"""
        invoice = self.accept(self.bill(start="2025-09-01", period="year", price=349))
        agreement = invoice.invoice_line_ids.contract_line_id.contract_id
        renewed = agreement._recurring_create_invoice(invoice.invoice_date.replace(year=2026))
        renewed.action_post()
        self.accept(renewed, KSEF_NUMBER.replace("4D", "5E"))
        self.pay(renewed, 5151.24)
        termination = self.settle_agreement(invoice, "2026-08-31")
        self.assertEqual(termination.refund_move_ids.reversed_entry_id, renewed)
        (document,) = self.post(termination)
        self.assertFalse(document.nodes("Fa/OkresFa") or document.nodes("Fa/P_6"))
        self.assertEqual(document.gross, Decimal("-5151.24"))

    def test_a_day_of_supply_is_told_when_it_is_not_the_day_of_issue(self):
        """art. 106e ust. 1 pkt 6: invoices of hours alone; Odoo compares with its accounting date, the same day"""
        hours = Command.create(
            {
                "name": "Godziny",
                "product_id": self.plan_start.product_id.id,
                "quantity": 2,
                "price_unit": 165,
                "tax_ids": [Command.set(self.tax_23.ids)],
            }
        )
        for issued, told in (("2026-07-01", "2026-06-12"), ("2026-06-12", None)):
            with self.subTest(issued=issued):
                invoice = self.env["account.move"].create(
                    {
                        "move_type": "out_invoice",
                        "partner_id": self.client.id,
                        "invoice_date": issued,
                        "taxable_supply_date": "2026-06-12",
                        "delivery_date": "2026-06-12",
                        "invoice_line_ids": [hours],
                    }
                )
                invoice.action_post()
                self.assertEqual(str(invoice.date), "2026-06-12")
                self.assertEqual(self.rendered(invoice).value("Fa/P_6"), told)
                correction = self.credit(self.accept(invoice))
                self.assertEqual(self.rendered(correction).value("Fa/P_6"), "2026-06-12")
