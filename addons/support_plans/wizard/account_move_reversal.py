from odoo import models


class AccountMoveReversal(models.TransientModel):
    """An invoice that replaces a credited one bills what that one billed (F10, T42)."""

    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        # EXTENDS account
        res = super().reverse_moves(is_modify=is_modify)
        if is_modify:
            for move, new in zip(self.move_ids, self.new_move_ids, strict=True):
                move.sudo()._hand_over_to(new.sudo())
        return res
