from odoo import models


class ResourceCalendar(models.Model):
    """Changed service hours move the deadlines that are still pending, and the team is told which."""

    _inherit = "resource.calendar"

    def _service_hours_changed(self):
        # EXTENDS support_plans: the compiled hours are fresh, now the promises follow
        result = super()._service_hours_changed()
        self.env["helpdesk.ticket"]._replan_pending(self)
        return result
