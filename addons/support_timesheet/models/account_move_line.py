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
        string="Hours Beyond the Package", readonly=True, help="Made from the ledger of package hours."
    )
    is_package_sale = fields.Boolean(string="Sale of a Package", readonly=True, help="Sells a package of hours.")
    overage_entry_ids = fields.One2many("support.package.entry", "invoice_line_id", string="Works")

    def action_explain(self):
        """Explain this line: its works with minutes, note, rounding and the package before and after."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_timesheet.action_support_ledger")
        title = self.env._("Works of “%(line)s”", line=self.name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("invoice_line_id", "=", self.id)],
            "context": {},
        }

    def unlink(self):
        # EXTENDS account: a deleted line bills nothing, its hours are due again, its package was not sold
        entries = self.sudo().overage_entry_ids
        self.env["support.package"].sudo().search([("invoice_line_id", "in", self.ids)])._withdraw()
        res = super().unlink()
        entries._free()
        return res
