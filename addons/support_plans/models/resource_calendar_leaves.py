from odoo import api, models
from odoo.fields import Domain

#: Fields of a closed period that say when and for whom the service is closed.
SERVICE_HOURS_FIELDS = frozenset({"calendar_id", "company_id", "date_from", "date_to", "resource_id", "time_type"})


class ResourceCalendarLeaves(models.Model):
    """A closed period without a person is a change of service hours; a person's time off is not (D16)."""

    _inherit = "resource.calendar.leaves"

    @api.depends("calendar_id")
    def _compute_company_id(self):
        # EXTENDS resource: a closed day of hours that companies share belongs to none of them
        result = super()._compute_company_id()
        for period in self.filtered("calendar_id"):
            calendar = period.calendar_id
            if not (period.resource_id or calendar.company_id) and calendar.is_support_calendar:
                period.company_id = False
        return result

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["resource.calendar"]._service_hours_change() as changed:
            leaves = super().create(vals_list)
            changed.update(leaves._get_closed_calendars().ids)
        return leaves

    def write(self, vals):
        if not SERVICE_HOURS_FIELDS & vals.keys():
            return super().write(vals)
        with self.env["resource.calendar"]._service_hours_change() as changed:
            changed.update(self._get_closed_calendars().ids)
            result = super().write(vals)
            changed.update(self._get_closed_calendars().ids)
        return result

    def unlink(self):
        with self.env["resource.calendar"]._service_hours_change() as changed:
            changed.update(self._get_closed_calendars().ids)
            return super().unlink()

    def _get_closed_calendars(self):
        """Return the calendars (sudo) that these periods close: their own, or all of the company."""
        calendars = self.env["resource.calendar"].sudo().with_context(active_test=False)
        closing = self.sudo().filtered(lambda p: not p.resource_id and p.time_type == "leave")
        general = closing.filtered(lambda p: not p.calendar_id)
        calendars |= closing.calendar_id
        if general:
            calendars |= calendars.search(general._get_company_calendars_domain())
        return calendars

    def _get_company_calendars_domain(self):
        """Calendars of the companies of these periods and shared ones; all, if one has no company."""
        if any(not period.company_id for period in self):
            return Domain.TRUE
        return Domain("company_id", "in", [*self.company_id.ids, False])
