from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from . import fa3
from .common import KsefCommon


@tagged("post_install", "-at_install")
class TestFa3Invoices(KsefCommon):
    """Invoices of agreements, as KSeF gets them."""

    def test_the_schema_refuses_what_is_wrong(self):
        """The checker itself: it would not be quiet."""
        xml = self.bill()._l10n_pl_edi_render_xml()
        for right, wrong, complaint in (
            ("<P_2>", "<P_3>", "schema"),
            ("<P_15>490.77</P_15>", "<P_15>490.78</P_15>", "add up to 490.77"),
            ("<P_11>399.00</P_11>", "<P_11>398.99</P_11>", "not 398.99"),
            ("<P_14_1>91.77</P_14_1>", "<P_14_1>91.70</P_14_1>", "is not the tax of 399.00"),
            ("<NrWierszaFa>1</NrWierszaFa>", "<NrWierszaFa>2</NrWierszaFa>", "counted"),
            ("<P_12>23</P_12>", "<P_12>zw</P_12>", "exemption named: False"),
            ("<P_6_Do>2026-04-30</P_6_Do>", "<P_6_Do>2026-03-30</P_6_Do>", "before it begins"),
        ):
            with self.subTest(wrong=wrong):
                self.assertIn(right, xml)
                broken = xml.replace(right, wrong).replace("</P_2>", "</P_3>" if "P_3" in wrong else "</P_2>")
                self.assertIn(complaint, "\n".join(fa3.Fa3(broken).problems()))

    def test_a_month_says_its_service_period(self):
        """P25: 399 net, 490.77 gross; OkresFa, art. 106e ust. 1 pkt 6 with art. 19a ust. 3"""
        document = self.rendered(self.bill(start="2026-01-31"))
        self.assertEqual(document.value("Fa/RodzajFaktury"), "VAT")
        self.assertEqual(document.value("Fa/OkresFa/P_6_Od"), "2026-01-31")
        self.assertEqual(document.value("Fa/OkresFa/P_6_Do"), "2026-02-27")
        self.assertEqual(document.totals(), {"P_13_1": (Decimal("399.00"), Decimal("91.77"))})
        self.assertEqual(document.gross, Decimal("490.77"))
        self.assertFalse(document.nodes("Fa/KursWalutyZ"))

    def test_a_prepaid_year_says_its_service_period(self):
        """F9: 12 x 349 = 4188.00 net, 963.24 VAT"""
        document = self.rendered(self.bill(period="year", price=349))
        (row,) = document.rows()
        self.assertEqual((row["P_8B"], row["P_9A"], row["P_11"]), ("12", "349.00", "4188.00"))
        self.assertEqual(document.value("Fa/OkresFa/P_6_Do"), "2027-03-31")
        self.assertEqual(document.gross, Decimal("5151.24"))

    def test_every_rate_has_its_code_and_its_sum(self):
        self.tax_exempt.write({"l10n_pl_exemption_basis": "P_19A", "l10n_pl_exemption_text": "art. 113 ust. 1"})
        for tax, code, total, vat in (
            (self.tax_23, "23", "P_13_1", "91.77"),
            (self.tax_8, "8", "P_13_2", "31.92"),
            (self.tax_5, "5", "P_13_3", "19.95"),
            (self.tax_0, "0 KR", "P_13_6_1", "0"),
            (self.tax_exempt, "zw", "P_13_7", "0"),
        ):
            with self.subTest(rate=code):
                document = self.rendered(self.bill(tax=tax, client=self.next_client()))
                self.assertEqual([row["P_12"] for row in document.rows()], [code])
                self.assertEqual(document.totals(), {total: (Decimal(399), Decimal(vat))})

    def test_an_exempt_sale_names_its_one_provision(self):
        invoice = self.bill(tax=self.tax_exempt)
        for basis in ("P_19A", "P_19B", "P_19C"):
            self.tax_exempt.write({"l10n_pl_exemption_basis": basis, "l10n_pl_exemption_text": "art. 113 ust. 1 i 9"})
            document = self.rendered(invoice)
            (exemption,) = document.nodes("Fa/Adnotacje/Zwolnienie")
            self.assertEqual(len(exemption), 2)
            self.assertEqual(document.value(basis, exemption), "art. 113 ust. 1 i 9")

    def test_several_rates_on_one_invoice(self):
        invoice = self.bill(post=False)
        invoice.invoice_line_ids = [
            Command.create(
                {"name": "Instrukcja", "quantity": 1, "price_unit": price, "tax_ids": [Command.set(tax.ids)]}
            )
            for price, tax in ((10, self.tax_5), (20, self.tax_8), (30, self.tax_0))
        ]
        invoice.action_post()
        document = self.rendered(invoice)
        self.assertEqual(len(document.totals()), 4)
        self.assertEqual(document.gross, Decimal("490.77") + Decimal("10.50") + Decimal("21.60") + 30)

    def test_a_discount_is_told_as_such(self):
        """F12: 12 x 399 = 4788 less 12.53 % (599.94) = 4188.06; art. 106e ust. 1 pkt 10"""
        (row,) = self.rendered(self.bill(period="year", price=399, discount=12.53)).rows()
        told = [row[name] for name in ("P_8B", "P_9A", "P_10", "P_11")]
        self.assertEqual(told, ["12", "399.00", "599.94", "4188.06"])

    def test_a_discount_on_a_price_with_vat_is_in_the_unit_price(self):
        tax = self.tax_23.copy({"price_include_override": "tax_included", "name": "23% in price"})
        (row,) = self.rendered(self.bill(price=490.77, tax=tax, discount=20)).rows()
        self.assertEqual((row["P_9A"], row["P_11"]), ("319.20", "319.20"))
        self.assertNotIn("P_10", row)

    def test_a_discount_in_full_leaves_nothing(self):
        invoice = self.bill(post=False, discount=100)
        invoice.invoice_line_ids = [
            Command.create({"name": "Kabel", "price_unit": 10, "tax_ids": [Command.set(self.tax_23.ids)]})
        ]
        invoice.action_post()
        rows = self.rendered(invoice).rows()
        self.assertEqual(sorted(row["P_11"] for row in rows), ["0.00", "10.00"])

    def test_a_price_with_vat_in_it_is_told_net(self):
        tax = self.tax_23.copy({"price_include_override": "tax_included", "name": "23% in price"})
        (row,) = self.rendered(self.bill(price=490.77, tax=tax)).rows()
        self.assertEqual((row["P_9A"], row["P_11"]), ("399.00", "399.00"))

    def test_lines_are_counted_without_gaps(self):
        """Sections and notes are no lines of an invoice."""
        invoice = self.bill(post=False)
        invoice.invoice_line_ids = [
            Command.create({"display_type": "line_section", "name": "Praca", "sequence": 1}),
            Command.create({"display_type": "line_note", "name": "Uwaga", "sequence": 200}),
            Command.create(
                {
                    "name": "Godziny",
                    "quantity": 1.33,
                    "price_unit": 150,
                    "sequence": 300,
                    "tax_ids": [Command.set(self.tax_23.ids)],
                }
            ),
        ]
        invoice.action_post()
        rows = self.rendered(invoice).rows()
        self.assertEqual([row["NrWierszaFa"] for row in rows], ["1", "2"])
        self.assertEqual((rows[1]["P_8B"], rows[1]["P_9A"], rows[1]["P_11"]), ("1.33", "150.00", "199.50"))

    def test_lines_of_different_periods_say_their_own_end(self):
        """The fee of a month to come and hours of the month before: OkresFa holds both, P_6A tells them apart."""
        invoice = self.bill(post=False)
        hours = {
            "name": "Godziny z marca",
            "quantity": 2,
            "price_unit": 150,
            "tax_ids": [Command.set(self.tax_23.ids)],
            "service_period_start": date(2026, 3, 1),
            "service_period_end": date(2026, 3, 31),
        }
        invoice.invoice_line_ids = [Command.create(hours)]
        invoice.action_post()
        document = self.rendered(invoice)
        self.assertEqual(document.value("Fa/OkresFa/P_6_Od"), "2026-03-01")
        self.assertEqual(document.value("Fa/OkresFa/P_6_Do"), "2026-04-30")
        self.assertEqual(sorted(row["P_6A"] for row in document.rows()), ["2026-03-31", "2026-04-30"])

    def test_a_foreign_currency_is_told_in_that_currency_and_its_tax_in_zloty_too(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 1 / 4.2637)])
        invoice = self.bill(post=False)
        invoice.currency_id = euro
        invoice.invoice_line_ids.price_unit = 100
        invoice.action_post()
        document = self.rendered(invoice)
        self.assertEqual(document.value("Fa/KodWaluty"), "EUR")
        self.assertEqual(document.gross, Decimal("123.00"))
        self.assertEqual(document.amount("Fa/P_14_1W"), Decimal("98.07"))
        self.assertEqual(document.rows()[0]["KursWaluty"], "4.2637")

    def test_the_zloty_of_a_currency_without_cents_have_grosze(self):
        yen = self.setup_other_currency("JPY", rounding=1, rates=[("2026-01-01", 1 / 0.0251)])
        invoice = self.bill(post=False)
        invoice.currency_id = yen
        invoice.invoice_line_ids.price_unit = 10000
        invoice.action_post()
        document = self.rendered(invoice)
        self.assertEqual((document.gross, document.amount("Fa/P_14_1W")), (Decimal(12300), Decimal("57.73")))

    def test_a_service_taxed_abroad_is_in_the_sum_of_such_services(self):
        document = self.rendered(self.bill(tax=self.tax_eu))
        self.assertEqual(document.totals(), {"P_13_9": (Decimal(399), Decimal(0))})
        self.assertEqual(document.value("Fa/Adnotacje/P_18"), "1")

    def test_the_file_is_polish_whoever_sends_it(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        unit = self.plan_start.product_id.uom_id
        unit.with_context(lang="pl_PL").name = "miesiąc"
        (row,) = self.rendered(self.bill().with_context(lang="en_US")).rows()
        self.assertEqual(row["P_8A"], "miesiąc")

    def test_a_long_phone_number_is_left_out(self):
        self.client.phone = "+48 22 123 45 67 wew. 123"
        self.env.company.phone = "+48 22 123 45 67"
        document = self.rendered(self.bill())
        self.assertIsNone(document.value("Podmiot2/DaneKontaktowe/Telefon"))
        self.assertEqual(document.value("Podmiot1/DaneKontaktowe/Telefon"), "+48221234567")

    def test_other_invoices_stay_as_odoo_makes_them(self):
        invoice = self.init_invoice(
            "out_invoice", self.client, date(2026, 4, 1), products=self.product_a, taxes=self.tax_23, post=True
        )
        xml = invoice._l10n_pl_edi_render_xml()
        self.assertIn("<KursWalutyZ>", xml)
        self.assertNotIn("OkresFa>", xml.replace("Element containing", ""))

    def test_an_invoice_typed_in_by_hand_counts_when_it_sells_a_plan(self):
        self.plan_start.product_id.taxes_id = self.tax_23
        invoice = self.init_invoice(
            "out_invoice", self.client, date(2026, 4, 1), products=self.plan_start.product_id, post=True
        )
        self.assertTrue(invoice._is_support_document())
        self.assertFalse(self.rendered(invoice).nodes("Fa/OkresFa"))
