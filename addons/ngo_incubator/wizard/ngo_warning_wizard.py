from odoo import api, fields, models

from ..rules import membership as rules


class NgoWarningWizard(models.TransientModel):
    """Why the discount of an organisation ends, and on which day; the organisation gets both by mail."""

    _name = "ngo.warning.wizard"
    _description = "Warn an Organisation"

    membership_id = fields.Many2one("ngo.membership", required=True, readonly=True)
    end_as = fields.Selection(
        [("suspend", "Suspended: it may come back"), ("end", "Ended")], string="Then", required=True, default="suspend"
    )
    ends_on = fields.Date(
        string="Discount Until",
        required=True,
        compute="_compute_ends_on",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="Service months that begin later are at the full price.",
    )
    reason = fields.Text(required=True, help="The organisation reads it.")

    @api.depends("membership_id")
    def _compute_ends_on(self):
        self.membership_id.check_access("read")
        for wizard in self:
            days = wizard.membership_id.programme_id.warning_days
            wizard.ends_on = rules.last_day(fields.Date.context_today(self), days)

    def action_warn(self):
        """Give the warning."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return self.membership_id._warn(self.reason, today, end_as=self.end_as, wanted=self.ends_on)
