from odoo import models
from odoo.exceptions import UserError

from .fa3_document import RATES

#: The longest text that KSeF takes.
NAME_LENGTH, ITEM_LENGTH, TEXT_LENGTH = 512, 512, 256


class AccountMove(models.Model):
    """A document that would say something false to KSeF is not sent, and says in plain words why."""

    _inherit = "account.move"

    def _l10n_pl_edi_check_mandatory_fields(self):
        # EXTENDS l10n_pl_edi
        alerts = super()._l10n_pl_edi_check_mandatory_fields()
        for move in self.filtered(lambda x: x._is_support_document()):
            for number, message in enumerate(move._get_ksef_problems(sent_together=self)):
                alerts[f"l10n_pl_support_plans_{move.id}_{number}"] = {"level": "danger", "message": message}
            if warning := move._get_ksef_warning():
                alerts[f"l10n_pl_support_plans_{move.id}"] = {"level": "warning", "message": warning}
        return alerts

    def _raise_ksef_problems(self):
        """Refuse to make a file of a document that must not be sent: the last gate, whoever sends it."""
        problems = self._get_ksef_problems()
        if problems:
            raise UserError("\n".join(problems))

    def _get_ksef_problems(self, sent_together=()):
        """Return the sentences that say why this document cannot be sent.

        :param sent_together: account.move, the documents that are sent in the same go
        """
        self.ensure_one()
        problems = [*self._get_text_problems(), *self._get_rate_problems(), *self._get_exemption_problems()]
        problems += self._get_buyer_problems()
        if self._is_ksef_correction():
            problems += [*self._get_origin_problems(sent_together), *self._get_correction_type_problems()]
        return problems

    def _get_origin_problems(self, sent_together):
        """The corrected invoice must be there, and have its KSeF number when it was sent to KSeF."""
        origin = self._get_corrected_invoice()
        if not origin or origin.state != "posted":
            yield self.env._(
                "%(document)s does not say which posted invoice it corrects. Make the correction from the invoice "
                "(button Credit Note), so that its number and date are known.",
                document=self.name,
            )
        elif origin.l10n_pl_edi_status == "rejected":
            yield self.env._(
                "%(document)s corrects %(invoice)s, which KSeF refused: such an invoice was never issued. Put it "
                "right and send it again, or cancel it; there is nothing to correct.",
                document=self.name,
                invoice=origin.name,
            )
        elif not origin.l10n_pl_edi_number and (origin.l10n_pl_edi_status or origin in sent_together):
            yield self.env._(
                "%(document)s corrects %(invoice)s, which has no KSeF number yet. Wait until KSeF has given the "
                "number (button Check Sending on the invoice), then send the correction.",
                document=self.name,
                invoice=origin.name,
            )

    def _get_correction_type_problems(self):
        """A raise has no right default: it counts in the period of its cause."""
        if not self.sudo().l10n_pl_correction_type:
            yield self.env._(
                "%(document)s is a correction: choose in which VAT period it counts (PL Extra, Effect of the "
                "Correction).",
                document=self.name,
            )

    def _get_ksef_texts(self):
        """Return (what it is, text, longest length) of the texts that KSeF limits."""
        yield self.env._("the name of the client"), self.commercial_partner_id.name, NAME_LENGTH
        for line in self.invoice_line_ids.filtered(lambda x: x._get_jpk_tags()):
            yield self.env._("the description of a line"), line.name, ITEM_LENGTH
        for _basis, text in self._get_exemptions():
            yield self.env._("the legal basis of the exemption"), text, TEXT_LENGTH
        if self._is_ksef_correction():
            yield self.env._("the reason of the correction"), self._get_correction_reason(), TEXT_LENGTH

    def _get_text_problems(self):
        for what, text, limit in self._get_ksef_texts():
            text = " ".join((text or "").split())
            if len(text) > limit:
                yield self.env._(
                    "%(document)s: %(what)s is too long for KSeF, %(length)s characters instead of at most "
                    "%(limit)s: “%(text)s…”",
                    document=self.name,
                    what=what,
                    length=len(text),
                    limit=limit,
                    text=text[:40],
                )

    def _get_rate_problems(self):
        """A line whose VAT rate is not known would be missing in the file, but not in its total."""
        for line in self.invoice_line_ids.filtered(lambda x: x.display_type == "product"):
            if not line._get_jpk_tags() & RATES.keys():
                yield self.env._(
                    "%(document)s: the line “%(line)s” has no VAT rate that KSeF knows. Choose a sales tax of the "
                    "Polish chart of accounts; what is outside VAT belongs on a debit note.",
                    document=self.name,
                    line=" ".join((line.name or "").split())[:40],
                )

    def _get_exemption_problems(self):
        """An exempt sale names exactly one provision (P_19A, P_19B or P_19C)."""
        exemptions = self._get_exemptions()
        if any(not basis or not (text or "").strip() for basis, text in exemptions):
            yield self.env._(
                "%(document)s has a sale exempt from VAT, but not the provision that exempts it. Enter it on the "
                "tax (Basis of Exemption, Provision).",
                document=self.name,
            )
        elif len(exemptions) > 1:
            yield self.env._(
                "%(document)s has exempt sales with different legal bases, and KSeF takes one for each document. "
                "Put them on separate documents.",
                document=self.name,
            )

    def _get_ksef_warning(self):
        """A correction of an invoice that was never sent says that it was issued outside KSeF: is that so?"""
        origin = self._is_ksef_correction() and self._get_corrected_invoice()
        if not origin or origin.l10n_pl_edi_number or origin.l10n_pl_edi_status:
            return False
        return self.env._(
            "%(document)s will say that %(invoice)s was issued outside KSeF, because it was never sent from here. "
            "If it belongs in KSeF, send it first.",
            document=self.name,
            invoice=origin.name,
        )
