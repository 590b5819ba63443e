from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..rules import billing


class SupportPackageEntry(models.Model):
    """The ledger: which minutes of a work came from which package, or go beyond it (D13, P22).

    Written by the allocation only (`contract.contract._allocate_work`). What is on an invoice never
    changes; a later correction is a new entry.
    """

    _name = "support.package.entry"
    _description = "Ledger of Package Hours"
    _order = "date, id"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        "account.analytic.line", string="Work", required=True, index=True, readonly=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(
        "contract.contract", string="Agreement", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Client", index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    package_id = fields.Many2one(
        "support.package",
        readonly=True,
        ondelete="restrict",
        help="Empty: beyond the package.",
    )
    date = fields.Date(required=True, readonly=True, help="Day of the work.")
    month_start = fields.Date(
        string="Month", required=True, readonly=True, help="First day of the (service) month of the work."
    )
    minutes = fields.Integer(required=True, readonly=True)
    hourly_rate = fields.Float(
        digits="Product Price", readonly=True, groups="base.group_user", help="Net per hour beyond the package."
    )
    invoice_line_id = fields.Many2one(
        "account.move.line", index="btree_not_null", readonly=True, copy=False, ondelete="set null"
    )
    invoice_id = fields.Many2one(related="invoice_line_id.move_id", string="Invoice")
    is_given_back = fields.Boolean(
        readonly=True, copy=False, help="The credit note of the whole invoice gave back what this correction would."
    )

    source = fields.Char(string="Paid By", compute="_compute_source")

    # What explains the entry, read from the work
    ticket_id = fields.Many2one(related="line_id.ticket_id")
    work_type_id = fields.Many2one(related="line_id.work_type_id")
    name = fields.Char(related="line_id.name", string="Description")
    user_id = fields.Many2one(related="line_id.user_id", string="Person")
    coverage_basis = fields.Selection(related="line_id.coverage_basis")
    worked_minutes = fields.Integer(related="line_id.worked_minutes")
    note_minutes = fields.Integer(related="line_id.note_minutes")
    step_minutes = fields.Integer(related="line_id.step_minutes")
    goodwill_minutes = fields.Integer(related="line_id.goodwill_minutes")
    charged_minutes = fields.Integer(related="line_id.charged_minutes")
    package_minutes = fields.Integer(related="line_id.package_minutes")
    package_left_minutes = fields.Integer(related="line_id.package_left_minutes")
    package_before_minutes = fields.Integer(
        string="Package Before", compute="_compute_package_before_minutes", help="Minutes left before this work."
    )

    _minutes_not_zero = models.Constraint("CHECK(minutes <> 0)", "A ledger entry has minutes.")
    _once = models.UniqueIndex("(line_id, COALESCE(package_id, 0))", "This work has an entry for this package already.")
    _package_is_not_billed = models.Constraint(
        "CHECK(package_id IS NULL OR invoice_line_id IS NULL)",
        "Hours from a package are paid for with the package; only hours beyond it are on an invoice.",
    )
    # What a package gave after a day, and what a month took beyond it: balances (P10)
    _package_idx = models.Index("(package_id, date) WHERE package_id IS NOT NULL")
    _beyond_idx = models.Index("(contract_id, month_start) INCLUDE (date, minutes) WHERE package_id IS NULL")
    _due_idx = models.Index("(contract_id, month_start) WHERE package_id IS NULL AND invoice_line_id IS NULL")

    @api.depends("package_id")
    def _compute_source(self):
        for entry in self:
            entry.source = entry.package_id.display_name or self.env._("Beyond the package")

    @api.depends("package_minutes", "package_left_minutes")
    def _compute_package_before_minutes(self):
        for entry in self:
            entry.package_before_minutes = entry.package_left_minutes + entry.package_minutes

    def _prepare_credit_note(self, billed):
        """Return the values of a credit note that gives these minutes back; it then holds the entry.

        :param billed: the invoice line that billed the work
        """
        self.ensure_one()
        period = (billed.service_period_start, billed.service_period_end)
        line = self._prepare_hours_line(billed.product_id, -self.minutes, self.hourly_rate, period)
        return {
            "move_type": "out_refund",
            "partner_id": billed.move_id.partner_id.id,
            "company_id": billed.company_id.id,
            "journal_id": billed.move_id.journal_id.id,
            "currency_id": billed.currency_id.id,
            "fiscal_position_id": billed.move_id.fiscal_position_id.id,
            "reversed_entry_id": billed.move_id.id,
            "ref": self.line_id.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        **line,
                        "name": f"{self.line_id.name}, {-self.minutes} min",
                        **billed._prepare_discount_copy(),
                        "tax_ids": [Command.set(billed.tax_ids.ids)],
                    }
                )
            ],
        }

    def _prepare_hours_line(self, product, minutes, rate, period):
        """Return the values of an invoice line that bills these entries; its text is the caller's.

        :param minutes: together, as a positive number
        :param rate: net per hour
        :param period: (first day, last day) of the month
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            "product_id": product.id,
            "quantity": float(billing.hours(minutes, digits)),
            "product_uom_id": product.uom_id.id,
            "price_unit": float(rate),
            "service_period_start": period[0],
            "service_period_end": period[1],
            "is_overage": True,
            "support_contract_id": self.contract_id.id,
            "overage_entry_ids": [Command.link(entry.id) for entry in self],
        }

    def _free(self):
        """Make entries due again: their invoice line is gone, and their works may be edited and re-allocated."""
        entries = self.exists()
        if not entries:
            return
        works = entries.line_id
        entries.write({"invoice_line_id": False, "is_given_back": False})
        works._allocate_lines()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        billed = self.filtered("invoice_line_id")[:1]
        if billed:
            raise UserError(
                self.env._(
                    "%(work)s is on invoice %(invoice)s: its ledger entry cannot be deleted. Correct the work instead.",
                    work=billed.line_id.display_name,
                    invoice=billed.invoice_id.display_name,
                )
            )
