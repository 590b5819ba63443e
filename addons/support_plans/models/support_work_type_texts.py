from odoo import models


class SupportWorkType(models.Model):
    """How the time of a kind of work is charged, in words (P34-P36, D8-D10)."""

    _inherit = "support.work.type"

    def _describe_charging(self):
        self.ensure_one()
        if self.step_minutes <= 1:
            return self.env._("exact minutes")
        if not self.note_minutes:
            return self.env._("per started %(step)s min", step=self.step_minutes)
        return self.env._(
            "per started %(step)s min, %(note)s min for writing down the work included",
            step=self.step_minutes,
            note=self.note_minutes,
        )
