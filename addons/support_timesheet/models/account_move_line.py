from odoo import fields, models
from odoo.exceptions import UserError

#: What a line of hours asks for. It follows from the works that it bills.
LEDGER_VALUES = ("product_id", "product_uom_id", "quantity", "price_unit")


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
    withdrawn_package = fields.Json(
        readonly=True, copy=False, help="Technical: what was taken back of the package when its invoice was credited."
    )
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
            "views": [(self.env.ref("support_timesheet.support_package_entry_view_list_explain").id, "list")],
            "domain": [("invoice_line_id", "=", self.id)],
            "context": {},
        }

    def write(self, vals):
        # EXTENDS account
        if not vals.keys().isdisjoint(LEDGER_VALUES):
            self._check_hours_stay(vals)
        return super().write(vals)

    def _check_hours_stay(self, vals):
        """Refuse another quantity, unit or price than the ledger's: the works of the line say what it bills (D13)."""
        will_change = self.env["account.move"]._field_will_change
        for line in self.filtered(lambda x: x.sudo().overage_entry_ids):
            changed = next((name for name in LEDGER_VALUES if will_change(line, vals, name)), None)
            if changed:
                raise UserError(
                    self.env._(
                        "“%(line)s”: %(field)s follows from the works of this line and is not changed by hand. To "
                        "charge less, enter a discount on the line. Or delete the line, which makes its hours due "
                        "again, give goodwill on the works, and create the invoice anew.",
                        line=line.name,
                        field=self._fields[changed].get_description(self.env, ["string"])["string"],
                    )
                )

    def _get_billed_amounts(self):
        """Return what these lines ask for, to compare: [(quantity, net)], sorted."""
        return sorted(zip(self.mapped("quantity"), self.mapped("price_subtotal"), strict=True))

    def unlink(self):
        # EXTENDS account: a deleted line bills nothing, its hours are due again, its package was not sold
        entries = self.sudo().overage_entry_ids
        self.env["support.package"].sudo().search([("invoice_line_id", "in", self.ids)])._withdraw()
        res = super().unlink()
        entries._free()
        return res

    # An invoice that replaces another bills the same hours and packages

    def _is_billed_once(self):
        # EXTENDS support_plans
        return super()._is_billed_once() or self.is_overage or self.is_package_sale

    def _take_over(self):
        # EXTENDS support_plans
        res = super()._take_over()
        replaced = self.replaced_line_id
        if replaced._move_hours_to(self):
            replaced.is_handed_over = True
        return res

    def _take_back(self, copies):
        # EXTENDS support_plans: hours that were freed may be on another invoice, or worked for nothing
        if self.is_overage or self.is_package_sale:
            for copy in copies.filtered(lambda line: line.parent_state == "draft"):
                copy._move_hours_to(self)
            if not self._has_hours():
                self._refuse_freed_hours(copies)
        return super()._take_back(copies)

    def _get_lots_sold(self):
        return self.env["support.package"].sudo().search([("invoice_line_id", "in", self.ids)])

    def _has_hours(self):
        """Whether this line bills works, or a package that was not taken back."""
        return bool(self.sudo().overage_entry_ids or self._get_lots_sold())

    def _move_hours_to(self, line):
        """Let another line bill the works and packages of this one; return whether there were any."""
        entries, lots = self.sudo().overage_entry_ids, self._get_lots_sold()
        entries.invoice_line_id = lots.invoice_line_id = line
        return bool(entries or lots)

    def _refuse_freed_hours(self, copies):
        """Say why the credit note of this line stays."""
        other = copies.filtered(lambda line: line._has_hours())
        if other:
            self._refuse_to_take_back(other[0].move_id)
        raise UserError(
            self.env._(
                "“%(line)s” of %(invoice)s: the invoice that replaced it was deleted or cancelled, so its hours are "
                "due again, or its package was taken back. The credit note stays: create a new invoice from the "
                "agreement.",
                line=self.name,
                invoice=self.move_id.display_name,
            )
        )
