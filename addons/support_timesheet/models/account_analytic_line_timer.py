from odoo import api, fields, models


class AccountAnalyticLine(models.Model):
    """Saving the work that a timer proposed ends the timer (F3)."""

    _inherit = "account.analytic.line"

    timer_warning = fields.Char(compute="_compute_timer_warning", groups="base.group_user")

    @api.depends_context("support_timer_id", "uid", "lang")
    def _compute_timer_warning(self):
        """A timer that ran very long was probably forgotten: let the person look at the time."""
        timer_id = self.env.context.get("support_timer_id")
        timer = self.env["support.timer"]
        timer = timer._get_mine_by_id(timer_id) if timer_id else timer
        self.timer_warning = (
            self.env._(
                "This timer ran for %(time)s. Was it forgotten? Enter the time that was really worked.",
                time=self.env["helpdesk.ticket"]._format_hours(timer._get_minutes()),
            )
            if timer and timer._is_forgotten()
            else False
        )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS support_timesheet
        lines = super().create(vals_list)
        timer_id = self.env.context.get("support_timer_id")
        if timer_id and lines.filtered("work_type_id"):
            self.env["support.timer"]._end_logged(timer_id)
        return lines
