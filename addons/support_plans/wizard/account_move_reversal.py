from odoo import models


class AccountMoveReversal(models.TransientModel):
    """An invoice that replaces a credited one bills what that one billed, once the credit note is posted (F10, T42)."""

    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        # EXTENDS account: what an earlier attempt left behind takes nothing from this one
        self.move_ids.sudo()._forget_replacements(but_with_credits=False)
        res = super().reverse_moves(is_modify=is_modify)
        if is_modify:
            invoices = self.move_ids.filtered(lambda move: move.move_type == "out_invoice").sudo()
            for move, new in zip(self.move_ids.sudo(), self.new_move_ids.sudo(), strict=True):
                if move in invoices:
                    move._pair_with(new)
            invoices._follow_credits()
        return res
