import logging
from datetime import datetime, time, timedelta

import holidays

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules.schedule import utc_seconds

_logger = logging.getLogger(__name__)

#: The statutory list is the Polish one; its names come in these languages, Polish by default.
COUNTRY = "PL"
#: Holidays are made for this year and as many ahead: as far as a service clock looks.
YEARS_AHEAD = 2

_EPOCH = datetime(1970, 1, 1)
_LAST_SECOND = time(23, 59, 59)


class ResourceCalendar(models.Model):
    """Public holidays as closed days of the calendars that want them (P13, D16).

    Each date is made once: what was moved, renamed or deleted by hand stays so.
    """

    _inherit = "resource.calendar"

    support_public_holidays = fields.Boolean(
        string="Closed on Polish Public Holidays",
        help="Statutory holidays of this year and the two next are added as closed days, every month "
        "or with the button. Unticking removes none of them.",
    )
    support_public_holiday_ids = fields.One2many(
        "support.public.holiday", "calendar_id", string="Public Holidays", copy=True
    )

    def action_generate_public_holidays(self):
        """Button: add the public holidays that are not there yet, and say how many."""
        self.ensure_one()
        self._check_may_generate_public_holidays()
        if not self.support_public_holidays:
            raise UserError(
                self.env._(
                    "“%(calendar)s” is open on public holidays: tick “Closed on Polish Public Holidays” first.",
                    calendar=self.display_name,
                )
            )
        added = self.sudo()._generate_public_holidays(fields.Date.context_today(self))
        return self._prepare_holidays_notification(len(added))

    def _check_may_generate_public_holidays(self):
        """Managers of support may, although core lets only administrators write to calendars."""
        self.check_access("read")
        user = self.env.user
        if not (
            self.env.su or user.has_group("support_plans.group_support_manager") or user.has_group("base.group_system")
        ):
            raise AccessError(self.env._("Only managers of support may add public holidays to working hours."))

    def _prepare_holidays_notification(self, count):
        message = (
            self.env._(
                "%(count)s public holidays were added to “%(calendar)s”.",
                count=count,
                calendar=self.display_name,
            )
            if count
            else self.env._("“%(calendar)s” already has all public holidays.", calendar=self.display_name)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_generate_public_holidays(self, today=None):
        """Add the missing public holidays to every calendar that wants them (D16).

        Runs every month although a year is enough: a run that was missed, or a calendar that was
        ticked meanwhile, is made up for. One calendar that cannot be changed stops no other.
        """
        today = today or fields.Date.context_today(self)
        for calendar in self.sudo().search([("support_public_holidays", "=", True)]):
            try:
                with self.env.cr.savepoint():
                    calendar._generate_public_holidays(today)
            except Exception:
                _logger.exception("Public holidays of the working hours %s were not added", calendar.id)

    def _generate_public_holidays(self, today):
        """Create the closed days that are neither there nor were ever made; return them (sudo).

        :param date today: the first year is that of this day
        """
        missing = [
            (calendar, day, name) for calendar in self for day, name in calendar._get_missing_public_holidays(today)
        ]
        closed_days = self.env["resource.calendar.leaves"].create(
            [calendar._prepare_public_holiday(day, name) for calendar, day, name in missing]
        )
        self.env["support.public.holiday"].create(
            [
                {"calendar_id": calendar.id, "date": day, "name": name, "leave_id": closed_day.id}
                for (calendar, day, name), closed_day in zip(missing, closed_days, strict=True)
            ]
        )
        return closed_days

    def _get_missing_public_holidays(self, today):
        """Return [(day, name)] of the statutory list that is left to be made, by date."""
        self.ensure_one()
        statutory = self._get_public_holidays(range(today.year, today.year + YEARS_AHEAD + 1))
        made = set(self.support_public_holiday_ids.mapped("date"))
        missing = [(day, name) for day, name in sorted(statutory.items()) if day not in made]
        closed = self._get_closed_periods() if missing else []
        return [(day, name) for day, name in missing if not self._is_closed_all_day(day, closed)]

    def _get_public_holidays(self, years):
        """Return {day: name} of the Polish statutory list, in the language of the company."""
        company = self.company_id or self.env.company
        language = (company.partner_id.lang or "")[:2]
        names = {code[:2]: code for code in holidays.PL.supported_languages}
        return dict(holidays.country_holidays(COUNTRY, years=years, language=names.get(language, "pl")))

    @api.model
    def _get_statutory_holidays(self, day):
        """Return the days of the Polish statutory list in the year of a day and the next one (D7)."""
        return set(holidays.country_holidays(COUNTRY, years=(day.year, day.year + 1)))

    def _get_closed_periods(self):
        """Return [(from, to)] of the closed days that this calendar already has."""
        closed_days = self.env["resource.calendar.leaves"].search(self._get_closed_days_domain())
        return [(closed.date_from, closed.date_to) for closed in closed_days]

    def _is_closed_all_day(self, day, closed):
        """Whether a closed day made by hand already covers the day: then nothing is missing."""
        first, last = self._get_public_holiday_period(day)
        return any(start <= first and last <= end for start, end in closed)

    def _get_closed_days_domain(self):
        """Closed days of the calendar, and the general ones of the company that owns it."""
        domain = [("resource_id", "=", False), ("time_type", "=", "leave")]
        if not self.company_id:
            return [*domain, ("calendar_id", "=", self.id)]
        general = [("calendar_id", "=", False), ("company_id", "=", self.company_id.id)]
        return [*domain, "|", ("calendar_id", "=", self.id), "&", *general]

    def _get_public_holiday_period(self, day):
        """Return first and last second of the local day as naive UTC datetimes."""
        edges = datetime.combine(day, time.min), datetime.combine(day, _LAST_SECOND)
        return tuple(_EPOCH + timedelta(seconds=utc_seconds(edge, self.tz)) for edge in edges)

    def _prepare_public_holiday(self, day, name):
        """Return the values of a closed day, from the first to the last second of the local day."""
        date_from, date_to = self._get_public_holiday_period(day)
        return {
            "name": name,
            "calendar_id": self.id,
            "resource_id": False,
            "date_from": date_from,
            "date_to": date_to,
            "time_type": "leave",
        }

    def copy(self, default=None):
        # EXTENDS resource: the copy has its own closed days
        copies = super().copy(default)
        for calendar, original in zip(copies, self, strict=True):
            calendar.sudo()._link_copied_holidays(original.sudo())
        return copies

    def _link_copied_holidays(self, original):
        """Let each copied public holiday know its copied closed day."""
        copied = {(d.name, d.date_from, d.date_to): d for d in self.global_leave_ids}
        closed_days = {h.date: h.leave_id for h in original.support_public_holiday_ids}
        for holiday in self.support_public_holiday_ids:
            source = closed_days[holiday.date]
            holiday.leave_id = copied.get((source.name, source.date_from, source.date_to))

    def unlink(self):
        # EXTENDS resource: core would leave the holidays behind as closed days of everybody
        with self._service_hours_change():
            self.sudo().support_public_holiday_ids.leave_id.unlink()
            return super().unlink()
