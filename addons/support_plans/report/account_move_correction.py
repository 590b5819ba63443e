from odoo import models


class AccountMove(models.Model):
    """What the printed correction of a resignation has to name (art. 106j ust. 2 of the VAT Act)."""

    _inherit = "account.move"

    def _get_printed_correction(self):
        """Return what is corrected, why, and the period that was served; None of any other document.

        No period where nothing was served: it begins after the end of the agreement and goes back as a whole.
        """
        self.ensure_one()
        move = self.sudo()
        if move.move_type != "out_refund" or not move.support_termination_id:
            return None
        origin = move.reversed_entry_id
        lines = move.invoice_line_ids.filtered(
            lambda line: line.service_period_start and not line.termination_line_id.is_unused
        )
        return {
            "origin": origin,
            "number": origin.name,
            "date": origin.invoice_date,
            "reason": move.correction_reason,
            "first": min(lines.mapped("service_period_start"), default=None),
            "last": max(lines.mapped("service_period_end"), default=None),
        }
