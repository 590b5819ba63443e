from odoo import models

from .contract_contract_invoices import QUIET


class AccountMove(models.Model):
    """Cancelling an invoice of a plan fee makes its service period due again (T42)."""

    _inherit = "account.move"

    def write(self, vals):
        # EXTENDS account
        if not self:
            return True  # l10n_pl_edi writes on no invoice four times for each new one, and core prepares for it all
        result = super().write(vals)
        if vals.get("state") in ("cancel", "draft"):
            fees = self.line_ids.filtered("is_plan_fee")
            fees.sudo().contract_line_id._sync_last_date_invoiced()
        return result

    def _hand_over_to(self, new):
        """Let the invoice that replaces this one, fully credited, bill the same service periods.

        A settlement then reads the new one, and deleting the new one makes the periods due again.
        """
        self.ensure_one()
        copies = {(line.contract_line_id, line.service_period_start): line for line in new.invoice_line_ids}
        for fee in self.invoice_line_ids.filtered("is_plan_fee"):
            copy = copies.get((fee.contract_line_id, fee.service_period_start))
            if copy:
                copy._take_fee_over(fee)

    def _post_quietly(self):
        """Post new invoices as core does, with one log for all in place of a tracking message each.

        :return: list of the invoices
        """
        self.with_context(**QUIET)._post(soft=False)
        self._message_log_batch(
            {move.id: self.env._("%(invoice)s was posted with the run.", invoice=move.name) for move in self}
        )
        return list(self)
