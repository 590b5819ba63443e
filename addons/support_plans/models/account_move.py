from odoo import models


class AccountMove(models.Model):
    """Cancelling an invoice of a plan fee makes its service period due again (T42)."""

    _inherit = "account.move"

    def write(self, vals):
        # EXTENDS account
        result = super().write(vals)
        if vals.get("state") in ("cancel", "draft"):
            fees = self.line_ids.filtered("is_plan_fee")
            fees.sudo().contract_line_id._sync_last_date_invoiced()
        return result
