from odoo import api, fields, models


class SupportPublicHoliday(models.Model):
    """A public holiday that was made in a calendar, once (D16).

    The row remembers the date: the closed day may be moved, renamed or deleted by hand and is not
    made again. Deleting the row lets the next run make it again.
    """

    _name = "support.public.holiday"
    _description = "Public Holiday of Service Hours"
    _order = "calendar_id, date"

    calendar_id = fields.Many2one("resource.calendar", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    name = fields.Char(required=True)
    leave_id = fields.Many2one(
        "resource.calendar.leaves",
        string="Closed Day",
        ondelete="set null",
        copy=False,
        index="btree_not_null",
    )
    state = fields.Selection(
        [("kept", "As generated"), ("changed", "Changed by hand"), ("deleted", "Deleted by hand")],
        compute="_compute_state",
    )

    _calendar_date_uniq = models.Constraint(
        "UNIQUE(calendar_id, date)", "A public holiday is made once in each calendar."
    )

    @api.depends(
        "date",
        "name",
        "leave_id.date_from",
        "leave_id.date_to",
        "leave_id.name",
        "leave_id.calendar_id",
        "leave_id.time_type",
    )
    def _compute_state(self):
        for holiday in self:
            closed_day = holiday.leave_id.sudo()
            if not closed_day:
                holiday.state = "deleted"
            elif holiday._is_as_generated(closed_day):
                holiday.state = "kept"
            else:
                holiday.state = "changed"

    def _is_as_generated(self, closed_day):
        period = self.calendar_id._get_public_holiday_period(self.date)
        return (
            (closed_day.date_from, closed_day.date_to) == period
            and closed_day.name == self.name
            and closed_day.calendar_id == self.calendar_id
            and closed_day.time_type == "leave"
        )

    @api.depends("name", "date")
    def _compute_display_name(self):
        for holiday in self:
            holiday.display_name = f"{holiday.date} {holiday.name}"
