from odoo import api, models

#: Fields of a line that say when the service is open.
SERVICE_HOURS_FIELDS = frozenset(
    {
        "calendar_id",
        "dayofweek",
        "hour_from",
        "hour_to",
        "duration_hours",
        "day_period",
        "week_type",
        "display_type",
    }
)


class ResourceCalendarAttendance(models.Model):
    """A line of the working hours: its change is a change of the calendar's service hours (D16)."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["resource.calendar"]._service_hours_change() as changed:
            lines = super().create(vals_list)
            changed.update(lines.sudo().calendar_id.ids)
        return lines

    def write(self, vals):
        if not SERVICE_HOURS_FIELDS & vals.keys():
            return super().write(vals)
        with self.env["resource.calendar"]._service_hours_change() as changed:
            changed.update(self.sudo().calendar_id.ids)
            result = super().write(vals)
            changed.update(self.sudo().calendar_id.ids)
        return result

    def unlink(self):
        with self.env["resource.calendar"]._service_hours_change() as changed:
            changed.update(self.sudo().calendar_id.ids)
            return super().unlink()
