from odoo import models

from .fa3_document import ROW, Fa3Document, amount

#: Longest phone number that KSeF takes; contact data are optional and left out rather than blocking.
PHONE_LENGTH = 16


class AccountMove(models.Model):
    """Odoo renders the file; here the documents of agreements are made true, one fact after the other.

    Everything else that Odoo sends stays as Odoo made it, byte for byte.
    """

    _inherit = "account.move"

    def _l10n_pl_edi_get_ksef_invoice_type(self):
        # EXTENDS l10n_pl_edi: an invoice that reverses a credit note raises the price, and is a correction, too
        if self.move_type == "out_invoice" and self.reversed_entry_id and self._is_support_document():
            return "KOR"
        return super()._l10n_pl_edi_get_ksef_invoice_type()

    def _l10n_pl_edi_render_xml(self):
        # EXTENDS l10n_pl_edi
        if not self._is_support_document():
            return super()._l10n_pl_edi_render_xml()
        self._raise_ksef_problems()
        polish = self.env["res.lang"]._get_data(code="pl_PL")
        move = self.with_context(lang=polish.code) if polish else self
        document = Fa3Document(super(AccountMove, move)._l10n_pl_edi_render_xml())
        move._put_buyer(document)
        move._put_header(document)
        move._put_rows(document)
        move._put_totals(document)
        move._put_exemption(document)
        if move._is_ksef_correction():
            move._put_correction(document)
            move._put_refund(document)
        return document.to_text()

    def _get_ksef_sign(self):
        """Return -1 for a document that lowers, 1 for one that raises."""
        return -1 if self.move_type == "out_refund" else 1

    def _put_header(self, document):
        """When it was served; no rate of an advance payment; no phone that makes the file invalid."""
        period, day = self._get_service_period(), self._get_supply_date()
        # Odoo compares with its accounting date, which in Poland is the day of supply itself
        is_told = day and not period and day != self.invoice_date
        document.put("P_6", str(day) if is_told else False)
        if period:
            first, last = map(str, period)
            document.put("OkresFa", [("P_6_Od", first), ("P_6_Do", last)])
        document.put("KursWalutyZ", False)
        for party in ("Podmiot1", "Podmiot2"):
            phone = document.find(f"{party}/DaneKontaktowe/Telefon", document.root)
            if phone is not None:
                phone.text = "".join(phone.text.split())
                if len(phone.text) > PHONE_LENGTH:
                    phone.getparent().remove(phone)

    def _put_rows(self, document):
        """Lines counted without gaps, with quantities and prices whose product is the amount."""
        ends = {last for _first, last in self._get_line_periods()}
        for index, row in enumerate(document.rows(), start=1):
            line = self.invoice_line_ids[int(document.find("NrWierszaFa", row).text) - 1]
            for name, content in line._get_fa3_row(several_periods=len(ends) > 1).items():
                document.put(name, content, row, ROW)
            document.put("NrWierszaFa", str(index), row, ROW)

    def _put_totals(self, document):
        """The total in the currency of the invoice, the tax in zloty as it is booked, sales that are taxed abroad."""
        document.put("P_15", amount(self._get_ksef_sign() * self.amount_total))
        if self.currency_id != self.company_currency_id and self.company_currency_id.name == "PLN":
            for rate, tag in (("1", "K_20"), ("2", "K_18"), ("3", "K_16")):
                if document.find(f"P_14_{rate}W") is not None:
                    document.put(f"P_14_{rate}W", amount(-self._sum_tagged(tag, "balance")))
        services = self._sum_tagged("K_12")
        abroad = self._sum_tagged("K_11") - services
        document.put("P_13_8", amount(-abroad) if abroad else False)
        document.put("P_13_9", amount(-services) if services else False)
        if services:
            document.replace("Adnotacje/P_18", "1")

    def _sum_tagged(self, tag, field="amount_currency"):
        """Return the sum of the items that fill a box of the VAT return.

        :param field: "amount_currency" in the currency of the invoice, "balance" in that of the company
        """
        items = self.line_ids.filtered(lambda line: tag in line._get_jpk_tags())
        currency = self.company_currency_id if field == "balance" else self.currency_id
        return currency.round(sum(items.mapped(field)))

    def _put_exemption(self, document):
        """The provision that exempts, where something is exempt."""
        for basis, text in self._get_exemptions():
            document.replace("Adnotacje/Zwolnienie", [("P_19", "1"), (basis, " ".join(text.split()))])

    def _put_correction(self, document):
        """What is corrected, why, and in which VAT period it counts."""
        origin = self._get_corrected_invoice()
        in_ksef = [("NrKSeF", "1"), ("NrKSeFFaKorygowanej", origin.l10n_pl_edi_number)]
        facts = [("DataWystFaKorygowanej", str(origin.invoice_date)), ("NrFaKorygowanej", origin.name)]
        document.put("PrzyczynaKorekty", self._get_correction_reason())
        document.put("TypKorekty", self.sudo().l10n_pl_correction_type)
        document.put("DaneFaKorygowanej", facts + (in_ksef if origin.l10n_pl_edi_number else [("NrKSeFN", "1")]))

    def _get_overpaid(self):
        """Return what this correction gives back, paid out already or not: its total less what is set off.

        Set off is what was never paid of the corrected invoices, and a fee outside VAT; another invoice of the
        client that the refund pays for is none of it.
        """
        self.ensure_one()
        against = self._get_corrected_invoice() | self._get_set_off_moves()
        matched = self.sudo().line_ids.matched_debit_ids.filtered(lambda match: match.debit_move_id.move_id in against)
        return self.currency_id.round(self.amount_total - sum(matched.mapped("credit_amount_currency")))

    def _get_set_off_moves(self):
        """Return what else is set off against this correction; other addons may know."""
        self.ensure_one()
        return self.browse()

    def _put_refund(self, document):
        """What is given back, in place of the client's own account."""
        if self.move_type != "out_refund":
            return
        document.remove("Platnosc/RachunekBankowy")
        self._remove_own_payments(document)
        overpaid, content = self._get_overpaid(), []
        charges = self._get_ksef_charges()
        for value, reason in charges:
            content.append(("Obciazenia", [("Kwota", amount(value)), ("Powod", reason)]))
        if charges:
            content.append(("SumaObciazen", amount(sum(value for value, _reason in charges))))
        if overpaid:
            content.append(("DoRozliczenia", amount(overpaid)))
        document.put("Rozliczenie", content or False)

    def _remove_own_payments(self, document):
        """Our refund of a resignation is no payment of the buyer: it stands in DoRozliczenia, and only there."""
        if self.sudo().support_termination_id:
            for name in ("Zaplacono", "DataZaplaty", "ZnacznikZaplatyCzesciowej", "ZaplataCzesciowa"):
                document.remove(f"Platnosc/{name}")
