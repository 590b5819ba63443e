from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Cancelling an invoice frees its hours; a credit note does so only with “bill again” (D13)."""

    _inherit = "account.move"

    def write(self, vals):
        # EXTENDS account
        res = super().write(vals)
        if vals.get("state") == "cancel":
            self._free_hours()
            self._withdraw_packages()
        return res

    def unlink(self):
        # EXTENDS account: a package that was never invoiced was never bought
        self._withdraw_packages()
        return super().unlink()

    def _free_hours(self):
        """Let the hours of these invoices be due again; running it twice does nothing."""
        for move in self:
            entries = move.sudo().line_ids.overage_entry_ids
            if entries:
                count = len(entries.line_id)
                entries._free()
                move._message_log(
                    body=self.env._("The hours of this invoice (%(count)s works) are due again.", count=count)
                )

    def _post(self, soft=True):
        # EXTENDS account: hours that were freed may be on another invoice by now
        for move in self.filtered(lambda m: m.move_type == "out_invoice"):
            freed = move.invoice_line_ids.filtered(lambda line: line.is_overage and not line.sudo().overage_entry_ids)
            if freed:
                raise UserError(
                    self.env._(
                        "“%(line)s”: these hours were freed when the invoice was cancelled and may be on another one. "
                        "Delete this line, or make a new invoice from the agreement.",
                        line=freed[0].name,
                    )
                )
        return super()._post(soft)

    def _withdraw_packages(self):
        """Take back what is left of packages that these invoices sold."""
        lots = self.env["support.package"].sudo().search([("invoice_line_id", "in", self.sudo().line_ids.ids)])
        lots._withdraw()

    def _invoice_paid_hook(self):
        # EXTENDS account: bought hours that wait for their payment become usable
        res = super()._invoice_paid_hook()
        lots = self.env["support.package"].sudo()
        lots.search(
            [("invoice_line_id", "in", self.sudo().line_ids.ids), ("awaits_payment", "=", True)]
        )._become_usable(fields.Datetime.now())
        return res
