from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


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

    def _compute_invoice_currency_rate(self):
        # EXTENDS account: a correction has the rate of the invoice that it corrects (art. 31b ust. 1 of the VAT act)
        result = super()._compute_invoice_currency_rate()
        for move in self.filtered(lambda move: move.move_type == "out_refund" and move.support_termination_id):
            move.invoice_currency_rate = move.reversed_entry_id.invoice_currency_rate
        return result

    # What stands beside the plan fees of an invoice

    def _get_other_things(self):
        """Return the lines that bill something else than the plan, hours for instance."""
        others = self._get_lines_beside_plan()
        charged = others.filtered(lambda line: line.price_subtotal >= 0)
        return charged | others.filtered(lambda line: line.product_id and line.product_id in charged.product_id)

    def _get_plan_discounts(self):
        """Return the negative lines that lower the plan: a discount that was typed, unless it names another thing."""
        return self._get_lines_beside_plan() - self._get_other_things()

    def _get_lines_beside_plan(self):
        self.ensure_one()
        return self.invoice_line_ids.filtered(lambda line: line.display_type == "product" and not line.is_plan_fee)

    def _filter_with_open_credits(self):
        """Return those of whose client something was paid, or credited, that is matched with nothing."""
        credits = self.env["account.move.line"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "<", 0),
            ]
        )
        clients = {(credit.company_id, credit.partner_id.commercial_partner_id) for credit in credits}
        return self.filtered(lambda move: (move.company_id, move.commercial_partner_id) in clients)

    def _is_refunded(self):
        """Whether nothing of a correction is left to pay back: paid, set off, or never paid by the client."""
        self.ensure_one()
        is_paid = self.payment_state in ("paid", "in_payment", "reversed")
        return is_paid or self.currency_id.is_zero(self.amount_residual)

    def button_draft(self):
        # EXTENDS account
        result = super().button_draft()
        corrections = self.filtered(lambda move: move.move_type == "out_refund")
        corrections.sudo().support_termination_id._reverse_debit_notes()
        return result

    def _check_not_credited_twice(self):
        """Refuse a credit note by hand that, with the correction of a resignation, gives back more than was billed."""
        credits = self.filtered(lambda move: move._is_credit_note() and move.reversed_entry_id)
        posted = credits.reversed_entry_id._get_credits()
        for original, new in credits.grouped("reversed_entry_id").items():
            issued = posted[original] | new.sudo()
            resigned = issued.support_termination_id
            total = issued._sum_credited()
            if resigned and original.currency_id.compare_amounts(total, original.amount_total) > 0:
                raise UserError(
                    self.env._(
                        "%(invoice)s was corrected by the resignation %(resignation)s already: with this credit note "
                        "%(total)s of %(billed)s would be given back. Credit only what is left.",
                        invoice=original.display_name,
                        resignation=resigned[:1].name,
                        total=format_amount(self.env, total, original.currency_id),
                        billed=format_amount(self.env, original.amount_total, original.currency_id),
                    )
                )

    def _post(self, soft=True):
        # EXTENDS account
        corrections = self.filtered(lambda move: move.move_type == "out_refund" and move.support_termination_id)
        if corrections:
            terminations = corrections.sudo().support_termination_id
            terminations._check_settled(corrections)
            terminations._check_not_stale()
            terminations._check_as_settled(corrections.sudo())
        (self - corrections)._check_not_credited_twice()
        posted = super()._post(soft=soft)
        if corrections:
            (corrections & posted).sudo().support_termination_id._after_corrections_posted()
        return posted
