from odoo import models


class AccountMoveReversal(models.TransientModel):
    """The reason that the accountant gives is the reason that KSeF gets, without core's words around it."""

    _inherit = "account.move.reversal"

    def _prepare_default_reversal(self, move):
        # EXTENDS account
        values = super()._prepare_default_reversal(move)
        if self.reason and move._is_support_document():
            values["l10n_pl_correction_reason"] = self.reason
        return values
