from odoo import models

from .support_termination import CHARGE


class AccountMove(models.Model):
    """The correction of a resignation in KSeF: what is set off against it, and when it may be sent."""

    _inherit = "account.move"

    def _get_set_off_moves(self):
        # EXTENDS: the invoices of one resignation share one settlement, and the fee outside VAT is part of it
        termination = self.sudo().support_termination_id
        return super()._get_set_off_moves() | termination.refund_move_ids.reversed_entry_id | termination.debit_note_id

    def _get_ksef_charges(self):
        """A fee outside VAT is a debit note, set off against the corrections (D14): the part that this one bears."""
        charges = super()._get_ksef_charges()
        termination = self.sudo().support_termination_id
        note = termination.debit_note_id
        if self.move_type == "out_refund" and note:
            matched = note.line_ids.matched_credit_ids.filtered(lambda match: match.credit_move_id.move_id == self)
            if amount := sum(matched.mapped("credit_amount_currency")):
                charges.append((amount, termination._get_ksef_text(CHARGE)))
        return charges

    def _get_ksef_problems(self, sent_together=()):
        # EXTENDS: what is given back is known when all corrections of the resignation are posted and set off
        problems = super()._get_ksef_problems(sent_together)
        termination = self.sudo().support_termination_id
        if termination and termination._has_unposted_corrections():
            problems.append(
                self.env._(
                    "%(document)s: the resignation %(resignation)s has another correction that is not posted. Post "
                    "it first: what is given back is known when all of them are set off.",
                    document=self.name,
                    resignation=termination.display_name,
                )
            )
        return problems
