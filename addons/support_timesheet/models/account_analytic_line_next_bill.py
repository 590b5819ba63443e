from odoo import api, fields, models
from odoo.tools import format_date


class AccountAnalyticLine(models.Model):
    """When work that is not billed yet will be on an invoice (P22, D13)."""

    _inherit = "account.analytic.line"

    next_bill = fields.Char(
        string="Is Billed On",
        compute="_compute_next_bill",
        compute_sudo=True,
        groups="base.group_user",
        help="Day of the agreement's invoice that takes this work: its service month is over then. Work without an "
        "agreement is billed when you want it.",
    )

    @api.depends("entry_ids.invoice_line_id", "entry_ids.minutes", "is_over_ceiling", "approved_by_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_next_bill(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.next_bill = line._describe_next_bill(today)

    def _describe_next_bill(self, today):
        """Return when the part beyond the packages is billed, in words; nothing when there is none, or it is billed."""
        self.ensure_one()
        # Iteration, not filtered(): the agreements of all works of a list are read together
        entry = next((e for e in self.entry_ids if not e.package_id and not e.invoice_line_id), None)
        if not entry or not entry.hourly_rate:
            return ""
        if self._waits_for_client():
            return self.env._("When approved")
        if entry.minutes < 0:
            return self.env._("Set off against later work")
        if not entry.contract_id:
            return self.env._("Now")
        day = entry.contract_id._get_billed_from(entry.month_start)
        return format_date(self.env, day) if day > today else self.env._("With the next run")
