from babel.dates import get_day_names

from odoo import models
from odoo.tools import babel_locale_parse, get_lang

_WEEK = range(7)
_WEEKEND = (5, 6)
_WHOLE_DAY = ((0, 24 * 60),)


class ResourceCalendar(models.Model):
    """The service hours of a calendar in one short line, for price lists and agreements (P11-P13)."""

    _inherit = "resource.calendar"

    def _get_hours_summary(self, days=_WEEK):
        """Return "Mon–Fri 8:00–16:00", "24/7", or an empty text where these days are closed."""
        self.ensure_one()
        if self.two_weeks_calendar:
            return self.name
        if self._is_always_open():
            return self.env._("24/7")
        week = self._get_week_hours()
        groups = _group_days([(day, week[day]) for day in days if week.get(day)])
        return ", ".join(self._format_days(first, last, hours) for first, last, hours in groups)

    def _get_weekend_summary(self):
        """Return the hours of Saturday and Sunday, or an empty text (P12)."""
        return self._get_hours_summary(_WEEKEND)

    def _is_always_open(self):
        """Every day of the week is open without a gap."""
        self.ensure_one()
        week = self._get_week_hours()
        return all(week.get(day) == _WHOLE_DAY for day in _WEEK)

    def _get_week_hours(self):
        """Return {day of week: ((opens, closes), ...)} in minutes of the day, neighbours merged."""
        week = {}
        lines = self.sudo().attendance_ids.filtered(lambda line: line.day_period != "lunch" and not line.display_type)
        for line in lines.sorted(lambda line: (line.dayofweek, line.hour_from)):
            opens, closes = round(line.hour_from * 60), round(line.hour_to * 60)
            hours = week.setdefault(int(line.dayofweek), [])
            if hours and opens <= hours[-1][1]:
                hours[-1] = (hours[-1][0], max(closes, hours[-1][1]))
            else:
                hours.append((opens, closes))
        return {day: tuple(hours) for day, hours in week.items()}

    def _format_days(self, first, last, hours):
        """Return "Mon–Fri 8:00–12:00, 13:00–16:00" in the language of the reader."""
        names = get_day_names("abbreviated", locale=babel_locale_parse(get_lang(self.env).code))
        days = names[first] if first == last else f"{names[first]}–{names[last]}"
        spans = ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in hours)
        return f"{days} {spans}"


def _group_days(days):
    """Join neighbouring days that have the same hours: [(first day, last day, hours)]."""
    groups = []
    for day, hours in days:
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], day, hours)
        else:
            groups.append((day, day, hours))
    return groups


def _clock(minutes):
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}"
