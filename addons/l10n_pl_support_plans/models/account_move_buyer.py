import re

from stdnum.pl import nip

from odoo import models

from .fa3_document import BUYER, EU_CODES

#: What KSeF takes as the number of a firm in the Union, without its prefix, and as a NIP.
EU_NUMBER, NIP = re.compile(r"[0-9A-Z+*]{1,12}"), re.compile(r"[1-9](\d[1-9]|[1-9]\d)\d{7}")
#: Where the country's code is not that of its VAT numbers.
EU_PREFIXES = {"GR": "EL"}


class AccountMove(models.Model):
    """Who buys: a Polish firm, a firm in the Union or anyone else (art. 106e ust. 1 pkt 5 and 24 of the VAT act)."""

    _inherit = "account.move"

    def _get_buyer_number(self):
        """Return the buyer's tax number as it was entered, in capitals without signs; empty where there is none.

        A stroke is how Odoo says that there is none.
        """
        return re.sub(r"[^0-9A-Z+*]", "", (self.commercial_partner_id.vat or "").upper())

    def _get_buyer_prefix(self):
        """Return the two letters of the country before the buyer's tax number, or an empty text."""
        prefix = self._get_buyer_number()[:2]
        return prefix if prefix.isalpha() else ""

    def _get_buyer_eu_number(self):
        """Return (prefix, number) of a buyer in another country of the Union; or None."""
        number, prefix = self._get_buyer_number(), self._get_buyer_prefix()
        if prefix in EU_CODES:
            number = number[2:]
        else:
            country = self.commercial_partner_id.country_code
            prefix = EU_PREFIXES.get(country, country)
        is_known = prefix in EU_CODES and prefix != "PL" and EU_NUMBER.fullmatch(number)
        return (prefix, number) if is_known else None

    def _put_buyer(self, document):
        """The number of a firm in the Union as such, where Odoo tells any foreign number; none where there is none."""
        identity = document.find("Podmiot2/DaneIdentyfikacyjne", document.root)
        if eu_number := self._get_buyer_eu_number():
            content = dict(zip(("KodUE", "NrVatUE"), eu_number, strict=True))
        elif not self._get_buyer_number():
            content = {"BrakID": "1"}
        else:
            return
        for name in BUYER[:-1]:
            document.put(name, content.get(name, False), identity, BUYER)

    def _get_buyer_problems(self):
        """KSeF refuses an address without a country, and does not know whose a number without a country is."""
        client, number = self.commercial_partner_id, self._get_buyer_number()
        prefix = self._get_buyer_prefix()
        if not client.country_id and (client.street or client.zip or client.city):
            yield self.env._(
                "%(document)s: the address of %(client)s has no country, and KSeF refuses such an address. Enter the "
                "country on the contact.",
                document=self.name,
                client=client.name,
            )
        elif not client.country_id and number and not prefix:
            yield self.env._(
                "%(document)s does not say which country gave %(client)s the tax number %(number)s: KSeF would not "
                "know a Polish firm by it. Enter the country on the contact, or the number with PL before it.",
                document=self.name,
                client=client.name,
                number=client.vat,
            )
        elif number and (prefix or client.country_code) == "PL" and not self._is_nip(number):
            yield self.env._(
                "%(document)s: the tax number “%(number)s” of %(client)s is no NIP, and KSeF refuses it. Put it right "
                "on the contact, or leave it empty when the client has none.",
                document=self.name,
                client=client.name,
                number=client.vat,
            )

    def _is_nip(self, number):
        return bool(nip.is_valid(number) and NIP.fullmatch(nip.compact(number)))
