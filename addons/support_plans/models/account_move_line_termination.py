from odoo import fields, models
from odoo.exceptions import UserError

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

    def _check_nothing_to_match(self):
        """Refuse to take lines off drafts that replace an invoice whose payment may wait to be matched with them.

        Core parts a credited invoice from its payments; what was paid is an open credit of the client until it is
        matched with something, or given back.
        """
        open_ones = self.replaced_line_id.move_id._filter_with_open_credits()
        for line in self.filtered(lambda line: line.replaced_line_id.move_id in open_ones):
            replaced = line.replaced_line_id.move_id
            raise UserError(
                self.env._(
                    "The draft %(draft)s replaces %(invoice)s, which is credited, and %(client)s has a credit that "
                    "is not matched yet: what was paid would count for nothing. Post the draft, and match the "
                    "payment with it, before the resignation is accepted. If the credit is for something else, "
                    "match it with that, or delete the draft.",
                    draft=line.move_id.display_name,
                    invoice=replaced.display_name,
                    client=replaced.commercial_partner_id.display_name,
                )
            )
