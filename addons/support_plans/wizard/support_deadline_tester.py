from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, format_duration

#: Weekday, date and time in the reader's language, such as “Fri 12 Jun 2026, 14:00”.
MOMENT = "EEE d MMM y, HH:mm"


class SupportDeadlineTester(models.TransientModel):
    """Try out working hours: when would a ticket be due, and which hours would it use (P14, P31)?"""

    _name = "support.deadline.tester"
    _description = "Deadline Tester"

    calendar_id = fields.Many2one("resource.calendar", string="Service Hours", required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The general closed days of this company count, too.",
    )
    registered_at = fields.Datetime(required=True, default=lambda self: fields.Datetime.now().replace(second=0))
    hours = fields.Float(string="Guaranteed Response (hours)", required=True, default=8)
    clock_start = fields.Datetime(string="Clock Starts", compute="_compute_answer")
    due = fields.Datetime(compute="_compute_answer")
    explanation = fields.Html(string="Service Time Used", compute="_compute_answer")

    @api.depends("calendar_id", "company_id", "registered_at", "hours")
    def _compute_answer(self):
        for tester in self:
            tester.clock_start = tester.due = tester.explanation = False
            if not tester.calendar_id or not tester.registered_at or tester.hours < 0:
                continue
            try:
                tester.update(tester._prepare_answer())
            except UserError as error:
                tester.explanation = Markup("<p>%s</p>") % str(error)

    def _prepare_answer(self):
        """Return the values of the answer, from the same clock that judges tickets."""
        calendar, company_id = self.calendar_id._origin, self.company_id.id
        seconds = round(self.hours * 3600)
        request = (self.registered_at, seconds)
        [(clock_start, due, _warning)] = calendar._service_promises(company_id, [request])
        stretches = calendar._service_explain(company_id, *request)
        return {
            "clock_start": clock_start,
            "due": due,
            "explanation": self._format_stretches(stretches),
        }

    def _format_stretches(self, stretches):
        """Return the stretches as a table: from, to, how long."""
        rows = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (self._format_moment(start), self._format_moment(end), self._format_span(start, end))
            for start, end in stretches
        )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("From"),
            self.env._("To"),
            self.env._("Hours"),
        )
        return Markup('<table class="table table-sm">%s%s</table>') % (head, rows)

    def _format_moment(self, moment):
        """The moment in the reader's time zone and language."""
        return format_datetime(self.env, moment, dt_format=MOMENT)

    @staticmethod
    def _format_span(start: datetime, end: datetime) -> str:
        return format_duration((end - start).total_seconds() / 3600)
