from odoo import fields, models


class AccountMove(models.Model):
    """A correction invoice of a resignation: made once, and posting it goes on with the resignation (F10)."""

    _inherit = "account.move"

    support_termination_id = fields.Many2one(
        "support.termination",
        string="Resignation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_reason = fields.Char(size=256, copy=False, help="Why the invoice is corrected, as the client reads it.")

    _one_correction = models.UniqueIndex(
        "(support_termination_id, reversed_entry_id) WHERE move_type = 'out_refund' AND state <> 'cancel'",
        "This resignation has a correction of the invoice already.",
    )

    def _is_refunded(self):
        """Whether nothing of a correction is left to pay back: paid, set off, or never paid by the client."""
        self.ensure_one()
        is_paid = self.payment_state in ("paid", "in_payment", "reversed")
        return is_paid or self.currency_id.is_zero(self.amount_residual)

    def _post(self, soft=True):
        # EXTENDS account
        corrections = self.filtered(lambda move: move.move_type == "out_refund" and move.support_termination_id)
        if corrections:
            corrections.sudo().support_termination_id._check_not_stale()
        posted = super()._post(soft=soft)
        if corrections:
            (corrections & posted).sudo().support_termination_id._after_corrections_posted()
        return posted
