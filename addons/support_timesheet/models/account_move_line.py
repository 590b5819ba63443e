from odoo import fields, models


class AccountMoveLine(models.Model):
    """An invoice line of hours beyond the package knows the ledger entries that it bills."""

    _inherit = "account.move.line"

    support_contract_id = fields.Many2one(
        "contract.contract",
        string="Agreement of Hours",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The agreement whose hours, or whose package, this line bills.",
    )
    is_overage = fields.Boolean(
        string="Hours Beyond the Package", readonly=True, copy=False, help="Made from the ledger of package hours."
    )
    overage_entry_ids = fields.One2many("support.package.entry", "invoice_line_id", string="Works")

    def action_explain(self):
        """Explain this line: its works with minutes, note, rounding and the package before and after."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_timesheet.action_support_ledger")
        return {
            **action,
            "name": self.env._("Works of “%(line)s”", line=self.name),
            "domain": [("invoice_line_id", "=", self.id)],
            "context": {},
        }

    def unlink(self):
        # EXTENDS account: a deleted line bills nothing, its hours are due again
        entries = self.sudo().overage_entry_ids
        res = super().unlink()
        entries._free()
        return res
