from odoo import api, fields, models


class SupportEntitlement(models.Model):
    """The agreement's own step and note time for a kind of work (D10)."""

    _inherit = "support.entitlement"

    has_own_rounding = fields.Boolean(
        string="Own Rounding", help="Use the step and note time of this line instead of those of the kind of work."
    )
    step_minutes = fields.Integer(
        string="Charged per Started (min)",
        compute="_compute_rounding",
        store=True,
        readonly=False,
        help="Time is charged per started unit of so many minutes. 0 or 1: exact minutes.",
    )
    note_minutes = fields.Integer(
        string="Note Time (min)",
        compute="_compute_rounding",
        store=True,
        readonly=False,
        help="Minutes for writing down the work, added before rounding.",
    )

    _step_minutes_positive = models.Constraint("CHECK(step_minutes >= 0)", "The charged unit cannot be negative.")
    _note_minutes_positive = models.Constraint("CHECK(note_minutes >= 0)", "The note time cannot be negative.")

    @api.depends("has_own_rounding", "work_type_id.step_minutes", "work_type_id.note_minutes")
    def _compute_rounding(self):
        """Show the kind's own values until the agreement has others."""
        for item in self.filtered(lambda e: not e.has_own_rounding):
            item.step_minutes = item.work_type_id.step_minutes
            item.note_minutes = item.work_type_id.note_minutes
