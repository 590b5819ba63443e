from odoo import models

#: What KSeF reads is Polish, whoever prepares the correction and whatever the client reads.
REASON = "Rozwiązanie z dniem {day:%d.%m.%Y} umowy {agreement}"
CHARGE = "Opłata za obsługę rezygnacji z umowy {agreement}"
LONGEST = 256


class SupportTermination(models.Model):
    """What a resignation tells KSeF: the reason of its corrections, and of a fee outside VAT."""

    _inherit = "support.termination"

    def _prepare_correction(self, move, lines):
        # EXTENDS support_plans
        return {**super()._prepare_correction(move, lines), "l10n_pl_correction_reason": self._get_ksef_text(REASON)}

    def _get_ksef_text(self, text):
        """Return a Polish text about this resignation, as short as KSeF wants it."""
        agreement = self.contract_id.code or self.contract_id.name
        return " ".join(text.format(day=self.effective_on, agreement=agreement).split())[:LONGEST].rstrip()

    def _has_unposted_corrections(self):
        """Whether corrections wait for their posting: what is given back is known when all are set off."""
        self.ensure_one()
        return "draft" in self.refund_move_ids.mapped("state")
