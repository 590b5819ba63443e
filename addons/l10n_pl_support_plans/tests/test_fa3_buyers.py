from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BUYER, KsefCommon

IDENTITY = "Podmiot2/DaneIdentyfikacyjne"


@tagged("post_install", "-at_install")
class TestFa3Buyers(KsefCommon):
    """Who buys, as KSeF wants it told (art. 106e ust. 1 pkt 5 and 24): a Pole, a firm in the Union, anyone else."""

    def set_client(self, vat, country, **values):
        """Change the client, also to what Odoo would refuse in a form."""
        country = country and self.env.ref(f"base.{country}").id
        self.client.with_context(no_vat_validation=True).write({"country_id": country, **values})
        self.client.with_context(no_vat_validation=True).vat = vat

    def get_identity(self, invoice):
        """Return {element: text} of what identifies the buyer."""
        document = self.rendered(invoice)
        names = ("NIP", "KodUE", "NrVatUE", "KodKraju", "NrID", "BrakID")
        return {name: value for name in names if (value := document.value(f"{IDENTITY}/{name}"))}

    def assertBlocked(self, invoice, sentence):
        alerts = invoice._l10n_pl_edi_check_mandatory_fields().values()
        dangers = [alert["message"] for alert in alerts if alert.get("level") == "danger"]
        self.assertRegex("\n".join(dangers), sentence)
        with self.assertRaisesRegex(UserError, sentence):
            invoice._l10n_pl_edi_render_xml()

    def test_a_firm_in_the_union_has_its_number_of_the_union(self):
        invoice = self.bill(tax=self.tax_eu)
        for vat, country, code, number in (
            ("DE123456788", "de", "DE", "123456788"),
            ("de 123 456 788", "de", "DE", "123456788"),
            ("123456788", "de", "DE", "123456788"),
            ("EL094259216", "gr", "EL", "094259216"),
            ("094259216", "gr", "EL", "094259216"),
            ("NL123456782B90", "nl", "NL", "123456782B90"),
            ("B58378431", "es", "ES", "B58378431"),
            ("XI110305878", "uk", "XI", "110305878"),
            ("DE123456788", "pl", "DE", "123456788"),
        ):
            with self.subTest(vat=vat, country=country):
                self.set_client(vat, country)
                self.assertEqual(self.get_identity(invoice), {"KodUE": code, "NrVatUE": number})

    def test_others_are_identified_as_odoo_does(self):
        invoice = self.bill()
        for vat, country, identity in (
            (f"PL{BUYER}", "pl", {"NIP": BUYER}),
            (BUYER, "pl", {"NIP": BUYER}),
            ("GB110305878", "uk", {"KodKraju": "GB", "NrID": "GB110305878"}),
            ("123456", "us", {"KodKraju": "US", "NrID": "123456"}),
            ("DE1234567890123", "de", {"KodKraju": "DE", "NrID": "DE1234567890123"}),
            (False, "pl", {"BrakID": "1"}),
        ):
            with self.subTest(vat=vat, country=country):
                self.set_client(vat, country)
                self.assertEqual(self.get_identity(invoice), identity)

    def test_a_stroke_is_no_number(self):
        """So Odoo writes that a client has none."""
        invoice = self.bill()
        for country in ("pl", "de", "us"):
            with self.subTest(country=country):
                self.set_client("/", country)
                self.assertEqual(self.get_identity(invoice), {"BrakID": "1"})

    def test_an_address_without_a_country_is_named(self):
        invoice = self.bill()
        self.set_client(f"PL{BUYER}", False)
        self.assertBlocked(invoice, "address of Nowak Sp. z o.o. has no country")
        self.set_client(f"PL{BUYER}", False, street=False, zip=False, city=False)
        self.assertEqual(self.get_identity(invoice), {"NIP": BUYER})

    def test_a_number_without_a_country_is_named(self):
        """It may be a NIP: the Polish firm would not be identified."""
        invoice = self.bill()
        self.set_client(BUYER, False, street=False, zip=False, city=False)
        self.assertBlocked(invoice, f"which country gave Nowak Sp. z o.o. the tax number {BUYER}:")

    def test_a_polish_number_that_is_none_is_named(self):
        invoice = self.bill()
        for vat in ("PL5260250275", "52602502", "0000000000"):
            with self.subTest(vat=vat):
                self.set_client(vat, "pl")
                self.assertBlocked(invoice, f"tax number “{vat}” of Nowak Sp. z o.o. is no NIP")
