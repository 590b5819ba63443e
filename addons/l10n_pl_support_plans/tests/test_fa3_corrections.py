from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from . import fa3
from .common import KSEF_NUMBER, KsefCommon


@tagged("post_install", "-at_install")
class TestFa3Corrections(KsefCommon):
    """Corrections of invoices of agreements, as KSeF gets them (art. 106j, poland.md 1.3)."""

    def test_the_worked_example_of_a_year_left_after_five_months(self):
        """12 x 349, 5 months at 399, 3 %: 2127.21 net, 489.26 VAT, 2616.47 gross"""
        invoice = self.accept(self.bill(period="year", price=349))
        self.pay(invoice, 5151.24)
        correction = self.settle(invoice, 5, 399, 65.79, "2026-08-31")
        document = self.rendered(correction)
        self.assertEqual(
            [(row["P_8B"], row["P_9A"], row["P_11"]) for row in document.rows()],
            [("-12", "349.00", "-4188.00"), ("5", "399.00", "1995.00"), ("1", "65.79", "65.79")],
        )
        self.assertEqual(document.totals(), {"P_13_1": (Decimal("-2127.21"), Decimal("-489.26"))})
        self.assertEqual(document.gross, Decimal("-2616.47"))
        self.assertEqual(document.value("Fa/Rozliczenie/DoRozliczenia"), "2616.47")
        state, gross = fa3.state_after(self.rendered(invoice), document)
        self.assertEqual(state, {"P_13_1": (Decimal("2060.79"), Decimal("473.98"))})
        self.assertEqual(gross, Decimal("2534.77"))

    def test_the_correction_names_the_invoice_by_its_numbers_and_its_date(self):
        """art. 106j ust. 2 pkt 2 and 2a"""
        invoice = self.accept(self.bill(period="year"))
        document = self.rendered(self.settle(invoice, 5, 399, 65.79, "2026-08-31"))
        data = "Fa/DaneFaKorygowanej"
        self.assertEqual(document.value(f"{data}/DataWystFaKorygowanej"), "2026-04-01")
        self.assertEqual(document.value(f"{data}/NrFaKorygowanej"), invoice.name)
        self.assertEqual(document.value(f"{data}/NrKSeF"), "1")
        self.assertEqual(document.value(f"{data}/NrKSeFFaKorygowanej"), KSEF_NUMBER)
        self.assertFalse(document.nodes(f"{data}/NrKSeFN"))

    def test_an_invoice_issued_outside_ksef_is_said_to_be(self):
        document = self.rendered(self.credit(self.bill()))
        self.assertEqual(document.value("Fa/DaneFaKorygowanej/NrKSeFN"), "1")
        self.assertFalse(document.nodes("Fa/DaneFaKorygowanej/NrKSeF"))

    def test_the_period_ends_with_the_service(self):
        invoice = self.accept(self.bill(period="year"))
        document = self.rendered(self.settle(invoice, 5, 399, 65.79, "2026-08-31"))
        self.assertEqual(document.value("Fa/OkresFa/P_6_Od"), "2026-04-01")
        self.assertEqual(document.value("Fa/OkresFa/P_6_Do"), "2026-08-31")

    def test_lines_typed_in_by_hand_take_the_period_of_the_invoice(self):
        invoice = self.accept(self.bill())
        correction = self.credit(invoice, post=False)
        correction.invoice_line_ids = [
            Command.clear(),
            Command.create({"name": "Opust", "price_unit": 50, "tax_ids": [Command.set(self.tax_23.ids)]}),
        ]
        correction.action_post()
        self.assertEqual(self.rendered(correction).value("Fa/OkresFa/P_6_Do"), "2026-04-30")

    def test_the_reason_of_the_wizard_goes_without_cores_words(self):
        document = self.rendered(self.credit(self.accept(self.bill()), reason="Błędna  cena"))
        self.assertEqual(document.value("Fa/PrzyczynaKorekty"), "Błędna cena")

    def test_no_reason_is_better_than_a_wrong_one(self):
        """art. 106j ust. 2a pkt 2: the reason is optional"""
        self.assertFalse(self.rendered(self.credit(self.accept(self.bill()))).nodes("Fa/PrzyczynaKorekty"))

    def test_the_effect_is_in_the_period_of_issue_until_the_accountant_says_otherwise(self):
        """art. 29a ust. 13"""
        correction = self.credit(self.accept(self.bill()))
        self.assertEqual(self.rendered(correction).value("Fa/TypKorekty"), "2")
        correction.l10n_pl_correction_type = "1"
        self.assertEqual(self.rendered(correction).value("Fa/TypKorekty"), "1")

    def test_every_rate_is_corrected_in_full_and_in_part(self):
        self.tax_exempt.write({"l10n_pl_exemption_basis": "P_19A", "l10n_pl_exemption_text": "art. 113 ust. 1"})
        for tax in (self.tax_23, self.tax_8, self.tax_5, self.tax_0, self.tax_exempt):
            with self.subTest(rate=tax.name):
                invoice = self.accept(self.bill(period="year", price=349, tax=tax, client=self.next_client()))
                before = self.rendered(invoice)
                part = self.rendered(self.settle(invoice, 5, 399, 65.79, "2026-08-31"))
                _state, gross = fa3.state_after(before, part)
                self.assertEqual(gross, fa3.rounded(Decimal("2060.79") * (1 + Decimal(str(tax.amount)) / 100)))
                other = self.accept(self.bill(period="year", price=349, tax=tax, client=self.next_client()))
                in_full = self.rendered(self.credit(other))
                self.assertEqual(fa3.state_after(before, in_full)[1], 0)

    def test_few_and_many_months_add_up(self):
        """From "all comes back" to the last month with something left: 4188 - 10 x 399 = 198, 3 % = 5.94"""
        invoice = self.accept(self.bill(period="year", price=349))
        before = self.rendered(invoice)
        for months in (0, 1, 10):
            with self.subTest(months=months):
                used = 399 * months
                fee = fa3.rounded((4188 - Decimal(used)) * 3 / 100)
                correction = self.settle(invoice, months, 399, float(fee), "2027-03-31")
                _state, gross = fa3.state_after(before, self.rendered(correction))
                self.assertEqual(gross, fa3.rounded((used + fee) * Decimal("1.23")))
                correction.button_draft()
                correction.button_cancel()

    def test_tax_is_what_was_less_what_remains(self):
        """D6: 23 % of 2901.12 are 667.26, but 963.43 - 296.18 = 667.25 leave the right tax"""
        invoice = self.accept(self.bill(period="year", price=349.07))
        correction = self.settle(invoice, 3, 399.33, 89.73, "2026-06-30", post=False)
        tax = correction.line_ids.filtered("tax_line_id")
        self.assertEqual(tax.amount_currency, 667.26)
        tax.amount_currency = 667.25
        correction.action_post()
        document = self.rendered(correction)
        self.assertEqual(document.totals(), {"P_13_1": (Decimal("-2901.12"), Decimal("-667.25"))})
        self.assertEqual(document.gross, Decimal("-3568.37"))
        state, _gross = fa3.state_after(self.rendered(invoice), document)
        self.assertEqual(state["P_13_1"], (Decimal("1287.72"), Decimal("296.18")))

    def test_a_discounted_year_is_given_back_at_its_true_price(self):
        invoice = self.accept(self.bill(period="year", price=399, discount=12.53))
        document = self.rendered(self.settle(invoice, 5, 399, 65.79, "2026-08-31"))
        told = [document.rows()[0][name] for name in ("P_8B", "P_9A", "P_10", "P_11")]
        self.assertEqual(told, ["-12", "399.00", "-599.94", "-4188.06"])

    def test_only_what_was_overpaid_is_given_back(self):
        """3000 of 5151.24 paid: 2534.77 are due after the correction, 465.23 come back"""
        invoice = self.accept(self.bill(period="year", price=349))
        self.pay(invoice, 3000)
        document = self.rendered(self.settle(invoice, 5, 399, 65.79, "2026-08-31"))
        self.assertEqual(document.gross, Decimal("-2616.47"))
        self.assertEqual(document.value("Fa/Rozliczenie/DoRozliczenia"), "465.23")

    def test_nothing_is_given_back_of_what_was_not_paid(self):
        invoice = self.accept(self.bill(period="year", price=349))
        document = self.rendered(self.settle(invoice, 5, 399, 65.79, "2026-08-31"))
        self.assertFalse(document.nodes("Fa/Rozliczenie"))

    def test_the_clients_account_is_not_told_as_the_sellers(self):
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "61109010140000071219812874", "partner_id": self.client.id, "allow_out_payment": True}
        )
        invoice = self.accept(self.bill(period="year"))
        self.pay(invoice, invoice.amount_total)
        correction = self.settle(invoice, 5, 399, 65.79, "2026-08-31", partner_bank_id=bank.id)
        document = self.rendered(correction)
        self.assertFalse(document.nodes("Fa/Platnosc/RachunekBankowy"))
        self.assertEqual(document.value("Fa/Platnosc/TerminPlatnosci/Termin"), "2026-09-21")

    def test_an_invoice_that_reverses_a_credit_note_is_a_correction_that_raises(self):
        """And names the first invoice, as every correction does."""
        invoice = self.accept(self.bill())
        down = self.credit(invoice)
        up = self.credit(self.accept(down, KSEF_NUMBER.replace("4D", "5E")), reason="Pomyłka")
        self.assertEqual(up.move_type, "out_invoice")
        up.l10n_pl_correction_type = "3"
        document = self.rendered(up)
        self.assertEqual(document.value("Fa/RodzajFaktury"), "KOR")
        self.assertEqual(document.value("Fa/TypKorekty"), "3")
        self.assertEqual(document.value("Fa/DaneFaKorygowanej/NrFaKorygowanej"), invoice.name)
        self.assertEqual(document.value("Fa/DaneFaKorygowanej/NrKSeFFaKorygowanej"), KSEF_NUMBER)
        self.assertEqual([row["P_8B"] for row in document.rows()], ["1"])
        state = fa3.state_after(self.rendered(invoice), self.rendered(down), document)
        self.assertEqual(state[1], Decimal("490.77"))

    def test_a_second_correction_counts_from_the_first(self):
        invoice = self.accept(self.bill(period="year", price=349))
        first = self.credit(invoice, post=False)
        first.invoice_line_ids.write({"quantity": 1})
        first.action_post()
        second = self.settle(invoice, 5, 399, 55.3, "2026-08-31")
        second.button_draft()
        second.invoice_line_ids[0].quantity = 11
        second.action_post()
        state, _gross = fa3.state_after(*map(self.rendered, (invoice, first, second)))
        self.assertEqual(state["P_13_1"][0], Decimal("1995.00") + Decimal("55.30"))

    def bill_euro(self):
        """Return an invoice of 100 euro at 4.2637; since July a euro is 4.35."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 1 / 4.2637), ("2026-07-01", 1 / 4.35)])
        invoice = self.bill(post=False)
        invoice.currency_id = euro
        invoice.invoice_line_ids.price_unit = 100
        invoice.action_post()
        return self.accept(invoice)

    def assertRate(self, move, tax):
        document = self.rendered(move)
        self.assertEqual(document.amount("Fa/P_14_1W"), Decimal(tax))
        self.assertEqual({row["KursWaluty"] for row in document.rows()}, {"4.2637"})
        return document

    def test_a_correction_in_a_foreign_currency_has_the_rate_of_its_invoice(self):
        """art. 31b ust. 1: the books give back the zloty that they counted."""
        invoice = self.bill_euro()
        correction = self.credit(invoice)
        document = self.assertRate(correction, "-98.07")
        self.assertEqual(document.gross, Decimal("-123.00"))
        self.assertEqual(correction.amount_total_signed, -invoice.amount_total_signed)

    def test_the_rate_stays_when_the_correction_is_issued_later(self):
        correction = self.credit(self.bill_euro(), date="2026-08-01", post=False)
        correction.invoice_date = "2026-08-31"
        correction.action_post()
        self.assertRate(correction, "-98.07")

    def test_a_correction_typed_in_has_the_rate_of_its_invoice(self):
        self.assertRate(self.settle(self.bill_euro(), 0, 0, 50, "2026-08-31"), "-49.03")

    def test_a_raise_has_the_rate_of_the_first_invoice(self):
        down = self.credit(self.bill_euro())
        up = self.credit(self.accept(down, KSEF_NUMBER.replace("4D", "5E")))
        up.l10n_pl_correction_type = "3"
        self.assertRate(up, "98.07")

    def test_the_rate_of_other_documents_is_that_of_their_day(self):
        euro = self.bill_euro().currency_id
        other = self.init_invoice(
            "out_invoice", self.client, "2026-04-01", products=self.product_a, currency=euro, post=True
        )
        self.assertAlmostEqual(1 / self.credit(other).invoice_currency_rate, 4.35)

    def test_a_charge_outside_vat_is_set_off_beside_the_total(self):
        """D14: the fee as a debit note; another addon says which (`_get_ksef_charges`)"""
        invoice = self.accept(self.bill(period="year", price=349))
        correction = self.settle(invoice, 5, 399, 0, "2026-08-31")
        self.patch(type(correction), "_get_ksef_charges", lambda move: [(65.79, "Opłata za obsługę rezygnacji")])
        document = self.rendered(correction)
        self.assertEqual(document.value("Fa/Rozliczenie/Obciazenia/Kwota"), "65.79")
        self.assertEqual(document.value("Fa/Rozliczenie/SumaObciazen"), "65.79")

    def test_corrections_of_other_invoices_stay_as_odoo_makes_them(self):
        invoice = self.init_invoice("out_invoice", self.client, "2026-04-01", products=self.product_a, post=True)
        xml = self.credit(invoice, reason="Zwrot")._l10n_pl_edi_render_xml()
        self.assertIn("<TypKorekty>1</TypKorekty>", xml)
        self.assertIn("<KursWalutyZ>", xml)
