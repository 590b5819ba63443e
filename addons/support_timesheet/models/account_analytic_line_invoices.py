from odoo import api, fields, models


class AccountAnalyticLine(models.Model):
    """On which invoices a work is (P22, D13)."""

    _inherit = "account.analytic.line"

    invoice_names = fields.Char(
        string="Invoice", compute="_compute_invoice_names", compute_sudo=True, groups="base.group_user"
    )

    @api.depends("entry_ids.invoice_line_id.move_id.name")
    @api.depends_context("lang")
    def _compute_invoice_names(self):
        for line in self:
            line.invoice_names = ", ".join(
                line.entry_ids.invoice_id.mapped(lambda move: move.name or move.display_name)
            )

    def action_view_invoices(self):
        """Open the invoices, and credit notes, that this work is on."""
        self.ensure_one()
        self.check_access("read")
        invoices = self.sudo().entry_ids.invoice_id
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Invoices")}
        if len(invoices) == 1:
            return {**action, "res_id": invoices.id, "view_mode": "form", "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", invoices.ids)], "view_mode": "list,form"}
