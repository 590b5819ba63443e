from odoo import fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """An invoice line of a plan fee says which service period it bills, and bills it only once."""

    _inherit = "account.move.line"

    service_period_start = fields.Date(readonly=True)
    service_period_end = fields.Date(readonly=True)
    is_plan_fee = fields.Boolean(
        readonly=True,
        copy=False,
        help="Made by the recurring invoicing of an agreement; copies and credit notes are not.",
    )

    list_price_month = fields.Float(
        string="Monthly List Price",
        digits="Product Price",
        readonly=True,
        copy=False,
        help="Net; what a month costs by the monthly price list: an early end of a paid year is settled with it.",
    )

    replaced_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line of another invoice in whose place this one is billed, once that invoice is credited in full.",
    )
    is_handed_over = fields.Boolean(
        readonly=True, copy=False, help="Its invoice is credited in full, and another one bills this in its place."
    )

    # The guard against billing a period twice, whoever asks for it and however often
    _plan_fee_period_uniq = models.UniqueIndex(
        "(contract_line_id, service_period_start) WHERE is_plan_fee AND parent_state <> 'cancel'",
        "This service period of the agreement is on another invoice already.",
    )

    def _prepare_discount_copy(self):
        """Return the discount of this line as values of a line that gives a part of it back; addons add whose it is."""
        self.ensure_one()
        return {"discount": self.discount}

    def _is_billed_once(self):
        """Whether an invoice that replaces that of this line bills it in its place; addons add what is theirs."""
        self.ensure_one()
        return self.is_plan_fee or self.is_handed_over

    def _take_over(self):
        """Bill what the line that this one replaces billed; never both, as the index has it."""
        self.ensure_one()
        fee = self.replaced_line_id
        if fee.is_plan_fee:
            fee.write({"is_plan_fee": False, "is_handed_over": True})
            fee.flush_recordset(["is_plan_fee"])
            self.write({"is_plan_fee": True, "list_price_month": fee.list_price_month})

    def _take_back(self, copies):
        """Bill again what was handed over: from drafts that replace this line, or when nobody bills it any more.

        :param copies: lines that replace this one, on invoices that are not cancelled
        """
        self.ensure_one()
        if self.contract_line_id.is_plan_fee:
            drafts = copies.filtered(lambda line: line.parent_state == "draft" and line.is_plan_fee)
            drafts.is_plan_fee = False
            drafts.flush_recordset(["is_plan_fee"])
            other = self._get_fee_of_same_period()
            if other:
                self._refuse_to_take_back(other.move_id)
            self.is_plan_fee = True
            self.contract_line_id._sync_last_date_invoiced()
        self.is_handed_over = False

    def _get_fee_of_same_period(self):
        """Return the line that bills the service period of this one."""
        return self.search(
            [
                ("contract_line_id", "=", self.contract_line_id.id),
                ("service_period_start", "=", self.service_period_start),
                ("is_plan_fee", "=", True),
                ("parent_state", "!=", "cancel"),
            ],
            limit=1,
        )

    def _refuse_to_take_back(self, other):
        """Say which invoice bills what this line would bill, too."""
        raise UserError(
            self.env._(
                "%(other)s bills what %(invoice)s billed before it was credited: without the credit note both would be "
                "owed. Reset %(other)s to draft, or delete it, and try again.",
                other=other.display_name,
                invoice=self.move_id.display_name,
            )
        )

    def _is_shorter_than_fee(self):
        """Whether the fee goes on beyond what this line bills of its period."""
        fee, first = self.contract_line_id, self.service_period_start
        billed = fee._get_fee_months(first, self.service_period_end)
        return billed < fee._get_fee_months(first, fee._get_fee_period_end(first))

    def _take_off_drafts(self):
        """Take lines of the plan, and its discounts, off draft invoices.

        A draft with nothing else on it goes, one that was issued once is cancelled: what was issued may be with
        the client, or in KSeF. It keeps its number, and its other lines are not ours.
        """
        gone_lines = self | self._get_discounts_without_fee()
        others = self.move_id.invoice_line_ids.filtered(lambda line: line.display_type == "product") - gone_lines
        mixed = others.move_id.filtered("posted_before")
        if mixed:
            raise UserError(
                self.env._(
                    "%(invoice)s was issued once and is a draft now. It bills the plan for a time that will not be, "
                    "and other things. Post it again, or cancel it, first.",
                    invoice=mixed[0].display_name,
                )
            )
        gone = self.move_id - others.move_id
        issued_once = gone.filtered("posted_before")
        issued_once.button_cancel()
        gone_lines.filtered(lambda line: line.move_id in others.move_id).unlink()
        (gone - issued_once).unlink()

    def _get_discounts_without_fee(self):
        """Return the discounts on the plan that would lower nothing once these lines are off their invoices."""
        fees = self.move_id.invoice_line_ids.filtered("is_plan_fee") - self
        left = self.move_id - fees.move_id
        return self.browse().union(*(move._get_plan_discounts() for move in left))

    def unlink(self):
        # EXTENDS account: deleting a wrong draft makes its period due again (T42)
        fees = self.filtered("is_plan_fee").sudo().contract_line_id
        result = super().unlink()
        fees._sync_last_date_invoiced()
        return result
