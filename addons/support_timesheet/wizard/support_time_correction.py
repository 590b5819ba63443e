from odoo import api, fields, models

from ..rules import increments


class SupportTimeCorrection(models.TransientModel):
    """Correct a billed work to what was really worked (D13)."""

    _name = "support.time.correction"
    _description = "Correct Billed Work"

    line_id = fields.Many2one("account.analytic.line", string="Work", required=True, ondelete="cascade")
    booked_minutes = fields.Integer(string="Charged Until Now (min)", compute="_compute_minutes")
    hours = fields.Float(
        string="Really Worked (h)", compute="_compute_hours", store=True, precompute=True, readonly=False, required=True
    )
    charged_minutes = fields.Integer(string="Charged Then (min)", compute="_compute_minutes")
    difference_minutes = fields.Integer(string="Difference (min)", compute="_compute_minutes")
    reason = fields.Char(required=True, help="The client reads it.")

    @api.depends("line_id")
    def _compute_hours(self):
        for wizard in self:
            wizard.hours = wizard.line_id.worked_minutes / 60

    @api.depends("line_id", "hours")
    def _compute_minutes(self):
        for wizard in self:
            line = wizard.line_id
            wizard.booked_minutes = line._get_booked_minutes() if line else 0
            worked = max(round(wizard.hours * 60), 0)
            wizard.charged_minutes = increments.charged_minutes(worked, line.note_minutes, line.step_minutes)
            wizard.difference_minutes = wizard.charged_minutes - wizard.booked_minutes

    def action_correct(self):
        """Make the correcting entry and show it beside its work."""
        self.ensure_one()
        correction = self.line_id._correct(max(round(self.hours * 60), 0), self.reason)
        return correction.action_view_corrections()
