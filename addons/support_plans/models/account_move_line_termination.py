from odoo import fields, models

from .support_termination_correction import PARTS


class AccountMoveLine(models.Model):
    """Which part of a settlement a line of a correction shows."""

    _inherit = "account.move.line"

    termination_line_id = fields.Many2one(
        "support.termination.line", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    termination_part = fields.Selection(PARTS, readonly=True, copy=False)

    def _is_cut_by(self, day):
        """Whether the period of a plan fee begins after a day, or is a paid year that does not end by it."""
        self.ensure_one()
        is_year = self.contract_line_id.plan_fee_kind != "month"
        return self.service_period_start > day or (is_year and self.service_period_end > day)
