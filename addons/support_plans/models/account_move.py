from collections import defaultdict

from odoo import fields, models

from .contract_contract_invoices import QUIET


class AccountMove(models.Model):
    """Cancelling an invoice of a plan fee makes its service period due again (T42)."""

    _inherit = "account.move"

    def write(self, vals):
        # EXTENDS account
        if not self:
            return True  # l10n_pl_edi writes on no invoice four times for each new one, and core prepares for it all
        leaves = vals.get("state") in ("cancel", "draft")
        issued = self.filtered(lambda move: move.state == "posted") if leaves else self.browse()
        result = super().write(vals)
        if leaves:
            fees = self.line_ids.filtered("is_plan_fee")
            fees.sudo().contract_line_id._sync_last_date_invoiced()
            issued._get_corrected_invoices()._follow_credits()
        if vals.get("state") == "cancel":
            self._get_credited_invoices()._forget_replacements()
        return result

    def unlink(self):
        # EXTENDS account
        invoices = self._get_credited_invoices()
        result = super().unlink()
        invoices.exists()._forget_replacements()
        return result

    def _post(self, soft=True):
        # EXTENDS account
        posted = super()._post(soft=soft)
        posted._get_corrected_invoices()._follow_credits()
        return posted

    # An invoice that replaces another, credited in full, bills what that one billed

    def _get_corrected_invoices(self):
        """Return the invoices to which these credit notes, or invoices against credit notes, belong."""
        corrected = self.sudo().reversed_entry_id
        return (corrected | corrected.reversed_entry_id).filtered(lambda move: move.move_type == "out_invoice")

    def _get_credited_invoices(self):
        """Return the invoices to which these credit notes, and drafts of them, belong."""
        credits = self.filtered(lambda move: move._is_credit_note())
        return credits.sudo().reversed_entry_id.filtered(lambda move: move.move_type == "out_invoice")

    def _pair_with(self, new):
        """Remember which line of a new invoice replaces which one of this, where it is ours."""
        self.ensure_one()
        if not any(line._is_billed_once() for line in self.invoice_line_ids):
            return
        lines = zip(self.invoice_line_ids.sorted("id"), new.invoice_line_ids.sorted("id"), strict=True)
        for line, copy in lines:
            if line._is_billed_once():
                # No amount changes
                copy.with_context(skip_invoice_sync=True).replaced_line_id = line

    def _forget_replacements(self, but_with_credits=True):
        """Let drafts that were to replace these invoices, and never did, be drafts like any other.

        Else they would take what a later credit note is for.

        :param but_with_credits: leave those of invoices with a draft credit note: once posted, it hands over to them
        """
        forgotten = self
        if but_with_credits:
            forgotten = self.filtered(lambda move: "draft" not in move.reversal_move_ids.mapped("state"))
        if forgotten:
            copies = self.env["account.move.line"].search(
                [
                    ("replaced_line_id.move_id", "in", forgotten.ids),
                    ("replaced_line_id.is_handed_over", "=", False),
                    ("parent_state", "=", "draft"),
                ]
            )
            copies.with_context(skip_invoice_sync=True).replaced_line_id = False

    def _follow_credits(self):
        """Let what these invoices bill be on those that replace them as long as they are credited in full.

        Running it again does nothing. A settlement reads the invoice that bills a period; deleting that one makes
        the period due again.
        """
        if not self:
            return
        copies = self.env["account.move.line"].search(
            [("replaced_line_id.move_id", "in", self.ids), ("parent_state", "!=", "cancel")], order="id"
        )
        credited = self._filter_credited()
        for copy in copies.filtered(lambda line: line.replaced_line_id.move_id in credited):
            copy._take_over()
        for line in (self - credited).invoice_line_ids.filtered("is_handed_over"):
            line._take_back(copies.filtered(lambda copy, line=line: copy.replaced_line_id == line))

    def _is_credit_note(self):
        return self.move_type == "out_refund"

    def _get_credits(self):
        """Return {invoice: its posted credit notes, and posted invoices that take these back}, as superuser."""
        moves = self.env["account.move"].sudo()
        posted = fields.Domain("state", "=", "posted")
        credits = moves.search(posted & fields.Domain("reversed_entry_id", "in", self.ids))
        undone = moves.search(posted & fields.Domain("reversed_entry_id", "in", credits.ids)) if credits else credits
        found = defaultdict(moves.browse, credits.grouped("reversed_entry_id"))
        for move in undone:
            found[move.reversed_entry_id.reversed_entry_id] |= move
        return found

    def _filter_credited(self):
        """Return those that posted credit notes, less what was invoiced against these, give back in full."""
        credits = self._get_credits()
        return self.filtered(
            lambda move: (
                credits[move]
                and move.currency_id.compare_amounts(credits[move]._sum_credited(), move.amount_total) >= 0
            )
        )

    def _sum_credited(self):
        """Return what these credit notes give back, gross, less what these invoices take back of it."""
        return sum(move.amount_total if move._is_credit_note() else -move.amount_total for move in self)

    def _post_quietly(self):
        """Post new invoices as core does, with one log for all in place of a tracking message each.

        :return: list of the invoices
        """
        self.with_context(**QUIET)._post(soft=False)
        self._message_log_batch(
            {move.id: self.env._("%(invoice)s was posted with the run.", invoice=move.name) for move in self}
        )
        return list(self)
