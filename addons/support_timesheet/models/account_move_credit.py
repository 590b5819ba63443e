from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """What credit notes, and invoices that take one back, mean for hours and packages (C3, D13).

    Told by amounts: core calls an invoice “reversed” only when nobody had paid it.
    """

    _inherit = "account.move"

    def write(self, vals):
        # EXTENDS account
        leaves = vals.get("state") in ("cancel", "draft")
        issued = self.filtered(lambda move: move.state == "posted") if leaves else self.browse()
        res = super().write(vals)
        if vals.get("state") == "draft":
            refunds = self.filtered(lambda move: move.move_type == "out_refund")
            refunds.sudo().line_ids.overage_entry_ids.filtered("is_given_back")._free()
        undoing = issued.filtered(lambda move: move.move_type == "out_invoice")
        undoing.reversed_entry_id.filtered(lambda move: move.move_type == "out_refund")._give_back_again()
        return res

    # Before they are posted

    def _check_credit_of_hours(self):
        """Refuse credit notes that would give hours back twice."""
        for move in self:
            if move.bill_hours_again:
                move._check_all_hours_credited()
            corrections = move.sudo().line_ids.overage_entry_ids.line_id
            corrections.corrected_line_id._check_not_credited()

    def _check_all_hours_credited(self):
        """Hours that are due again are billed whole: the credit note gives the whole lines of them back, too."""
        billed = self.reversed_entry_id.sudo().invoice_line_ids.filtered("overage_entry_ids")
        credited = self.invoice_line_ids.filtered("is_overage")
        if billed and billed._get_billed_amounts() != credited._get_billed_amounts():
            raise UserError(
                self.env._(
                    "This credit note gives back only a part of the hours of %(invoice)s, and “Bill the hours again” "
                    "would bill all of them anew. Let its lines of hours be those of the invoice, or delete it and "
                    "make a credit note without “Bill the hours again”.",
                    invoice=self.reversed_entry_id.display_name,
                )
            )

    def _check_hours_are_not_due_again(self):
        """Refuse to charge hours by taking a credit note back that let them be due again."""
        lines = self.filtered("reversed_entry_id.bill_hours_again").invoice_line_ids.filtered("is_overage")
        if lines:
            raise UserError(
                self.env._(
                    "Credit note %(refund)s let the hours of its invoice be due again: the next invoice bills them. "
                    "Delete “%(line)s” here, or they are billed twice.",
                    refund=lines[0].move_id.reversed_entry_id.display_name,
                    line=lines[0].name,
                )
            )

    # Once they are posted

    def _follow_hours(self):
        """Do what posted credit notes, and invoices that take one back, mean for the hours on their lines."""
        self.filtered("bill_hours_again").reversed_entry_id._free_hours()
        if self.env.context.get("support_replaced_invoice"):
            return
        undone = self.filtered(lambda move: move.move_type == "out_invoice").reversed_entry_id
        undone.sudo().line_ids._remember_corrections()
        undone._free_hours()
        self.filtered(lambda move: move.move_type == "out_refund")._settle_corrections()

    def _give_back_again(self):
        """Let these credit notes give back what they gave: the invoice that took them back is none any more."""
        self.sudo().line_ids._recall_corrections()
        self.filtered(lambda move: move.state == "posted")._settle_corrections()

    def _settle_corrections(self):
        """Let credit notes hold what corrections have not given back yet, when everything was given back with them.

        Otherwise it would lower a later bill, for an invoice that the client has its money back of.
        """
        for move in self.sudo():
            works = move.reversed_entry_id.line_ids.overage_entry_ids.line_id
            works = works.filtered(lambda work: not work.corrected_line_id) | works.corrected_line_id
            entries = works._filter_given_back().correction_ids.entry_ids
            due = entries.filtered(lambda e: not e.package_id and not e.invoice_line_id and e.minutes < 0)
            lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            if due and lines:
                line = lines.sorted("is_overage", reverse=True)[0]
                due.write({"invoice_line_id": line.id, "is_given_back": True})

    def _follow_credits(self):
        # EXTENDS support_plans: a package whose invoice is credited in full is not sold, and again without that credit
        super()._follow_credits()
        if self.env.context.get("support_replaced_invoice"):
            return
        credited = self._filter_credited()
        lots = self.env["support.package"].sudo()
        lots.search([("invoice_line_id", "in", credited.sudo().line_ids.ids)])._withdraw_credited()
        lots._sell_again((self - credited).sudo().line_ids.filtered("withdrawn_package"))
