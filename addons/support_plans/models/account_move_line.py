from odoo import fields, models


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

    # The guard against billing a period twice, whoever asks for it and however often
    _plan_fee_period_uniq = models.UniqueIndex(
        "(contract_line_id, service_period_start) WHERE is_plan_fee AND parent_state <> 'cancel'",
        "This service period of the agreement is on another invoice already.",
    )

    def _take_fee_over(self, fee):
        """Bill the service period of another line in its place; never both, as the index has it."""
        fee.is_plan_fee = False
        fee.flush_recordset(["is_plan_fee"])
        self.write({"is_plan_fee": True, "list_price_month": fee.list_price_month})

    def unlink(self):
        # EXTENDS account: deleting a wrong draft makes its period due again (T42)
        fees = self.filtered("is_plan_fee").sudo().contract_line_id
        result = super().unlink()
        fees._sync_last_date_invoiced()
        return result
