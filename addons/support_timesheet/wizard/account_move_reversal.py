from odoo import api, fields, models


class AccountMoveReversal(models.TransientModel):
    """A credit note leaves billed hours billed, unless “Bill the hours again” is chosen (D13)."""

    _inherit = "account.move.reversal"

    has_overage = fields.Boolean(compute="_compute_has_overage")
    bill_hours_again = fields.Boolean(
        help="The hours beyond the package on the credited invoices are due again, on the next invoice. Otherwise "
        "they stay billed: the client gets the money back and nothing more is asked."
    )

    @api.depends("move_ids")
    def _compute_has_overage(self):
        for wizard in self:
            wizard.has_overage = bool(wizard.move_ids.sudo().line_ids.overage_entry_ids)

    def _prepare_default_reversal(self, move):
        # EXTENDS account: the hours are free when the credit note is posted, not before
        return {**super()._prepare_default_reversal(move), "bill_hours_again": self.bill_hours_again}

    def reverse_moves(self, is_modify=False):
        # EXTENDS account: the hours and packages go on with the invoice that replaces the credited one
        if not is_modify:
            return super().reverse_moves(is_modify=is_modify)
        self.bill_hours_again = False
        replacing = self.with_context(support_replaced_invoice=True)
        return super(AccountMoveReversal, replacing).reverse_moves(is_modify=is_modify)
