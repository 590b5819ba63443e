from odoo import api, fields, models


class SupportTerminationLine(models.Model):
    """A plan fee in the settlement of a resignation, with the invoice that it comes from; amounts net (F10)."""

    _name = "support.termination.line"
    _description = "Line of a Settlement"
    _order = "period_start, id"

    termination_id = fields.Many2one("support.termination", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="termination_id.company_id", store=True)
    currency_id = fields.Many2one(related="termination_id.currency_id")
    invoice_line_id = fields.Many2one("account.move.line", required=True, index=True, ondelete="restrict")
    move_id = fields.Many2one(
        "account.move", string="Invoice", related="invoice_line_id.move_id", store=True, ondelete="restrict"
    )
    period_start = fields.Date(string="From", readonly=True)
    period_end = fields.Date(string="To", readonly=True)
    months_billed = fields.Integer(readonly=True)
    months_worked = fields.Integer(readonly=True)
    is_unused = fields.Boolean(readonly=True, help="The period begins after the end: all of it goes back, without fee.")
    list_price = fields.Monetary(string="Monthly List Price", readonly=True)
    billed_net = fields.Monetary(string="Billed", readonly=True, help="Less discounts and earlier corrections.")
    discount_net = fields.Monetary(
        string="Discount", readonly=True, help="What negative lines of the invoice take off the plan."
    )
    earlier_net = fields.Monetary(string="Corrected Before", readonly=True)
    paid_net = fields.Monetary(string="Paid", readonly=True)
    used_net = fields.Monetary(string="Used", readonly=True)
    covered_net = fields.Monetary(
        string="For Other Invoices",
        readonly=True,
        help="Used of other invoices of the same year beyond what they billed.",
    )
    fee = fields.Monetary(readonly=True, help="The part of the handling fee inside the correction.")
    lowered_net = fields.Monetary(string="Correction, Net", readonly=True)
    lowered_tax = fields.Monetary(string="Correction, VAT", readonly=True)
    billed_gross = fields.Monetary(string="Invoice, Gross", readonly=True, help="The whole invoice, less corrections.")
    paid_gross = fields.Monetary(string="Invoice, Paid", readonly=True, help="Gross, for the whole invoice.")

    _one_per_fee = models.UniqueIndex("(termination_id, invoice_line_id)", "This fee is in the settlement already.")
    _adds_up = models.Constraint(
        "CHECK(lowered_net IS NULL OR lowered_net = 0 OR lowered_net = billed_net - used_net - covered_net - fee)",
        "What the correction takes off is what was billed less what was used and kept.",
    )

    def _release(self):
        """Let the lines of cancelled corrections go: they were made from an older settlement."""
        lines = self.env["account.move.line"].sudo().search([("termination_line_id", "in", self.ids)])
        lines.filtered(lambda line: line.parent_state == "cancel").termination_line_id = False

    def _is_difference(self):
        """Whether the fee bills a change to a dearer plan: its list price is the difference of two (D4)."""
        return self.invoice_line_id.contract_line_id.plan_fee_kind == "difference"

    def _are_as(self, vals_list):
        """Whether these lines say what a settlement worked out anew says, in its order."""
        if len(self) != len(vals_list):
            return False
        return all(line._is_as(vals) for line, vals in zip(self.sorted("id"), vals_list, strict=True))

    def _is_as(self, vals):
        for name, value in vals.items():
            kind = self._fields[name].type
            if kind == "many2one" and self[name].id != value:
                return False
            if kind == "monetary" and self.currency_id.compare_amounts(self[name], float(value)):
                return False
            if kind not in ("many2one", "monetary") and self[name] != value:
                return False
        return True

    @api.model
    def _prepare_line(self, item):
        """Return the values of a line from a `SettledPeriod`."""
        period = item.period
        return {
            "invoice_line_id": period.line.id,
            "period_start": period.first,
            "period_end": period.last,
            "months_billed": period.months,
            "months_worked": item.worked,
            "is_unused": item.unused,
            "list_price": period.list_price,
            "billed_net": period.billed,
            "discount_net": period.discount,
            "earlier_net": period.earlier,
            "paid_net": item.paid,
            "used_net": item.used,
            "covered_net": item.covered,
            "fee": item.fee,
            "lowered_net": item.lowered,
            "lowered_tax": item.lowered_tax,
            "billed_gross": period.invoice.billed,
            "paid_gross": period.invoice.paid,
        }
