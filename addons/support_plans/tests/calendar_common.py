from datetime import datetime
from zoneinfo import ZoneInfo

from pytz import timezone

from odoo.fields import Command
from odoo.tests import TransactionCase

UTC = ZoneInfo("UTC")
HOUR = 3600


def utc(local, zone="Europe/Warsaw"):
    """Naive UTC datetime of a local time such as "2026-06-12T14:00"; standard time if in doubt (D17)."""
    moment = timezone(zone).localize(datetime.fromisoformat(local), is_dst=False)
    return moment.astimezone(UTC).replace(tzinfo=None)


class CalendarCase(TransactionCase):
    """Calendars, closed days and the hook's calls, for tests of service hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.Calendar = cls.env["resource.calendar"]

    @classmethod
    def create_calendar(cls, lines, **values):
        """Create a shared calendar of Warsaw from lines (weekdays, from, to): hours as floats."""
        attendances = [
            {"name": f"{day} {start}", "dayofweek": str(day), "hour_from": start, "hour_to": end}
            for days, start, end in lines
            for day in days
        ]
        return cls.Calendar.create(
            {
                "name": "Hours of a test",
                "company_id": False,
                "tz": "Europe/Warsaw",
                "attendance_ids": [Command.create(line) for line in attendances],
                **values,
            }
        )

    @classmethod
    def close(cls, day, calendar=None, company=None, last="23:59:59", **values):
        """Close a local day, of one calendar or of a whole company."""
        leaves = cls.env["resource.calendar.leaves"].with_company(company or cls.company)
        return leaves.create(
            {
                "name": "Closed",
                "calendar_id": calendar.id if calendar else False,
                "date_from": utc(f"{day}T00:00:00"),
                "date_to": utc(f"{day}T{last}"),
                **values,
            }
        )

    def due(self, calendar, registered, hours, company=None):
        """The local deadline, in Warsaw, of a ticket registered at a local time."""
        due = calendar._service_due((company or self.company).id, utc(registered), round(hours * HOUR))
        local = due.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Warsaw"))
        return local.strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00")

    def commit_is_over(self):
        """Do what a commit does with what waits for it; tests never commit."""
        self.env.flush_all()
        self.env.cr.postcommit.run()

    def patch_hook(self):
        """Return the list in which each call of the hook leaves its calendars."""
        calls = []
        original = self.registry["resource.calendar"]._service_hours_changed

        def hook(calendars):
            calls.append(calendars)
            return original(calendars)

        self.patch(self.registry["resource.calendar"], "_service_hours_changed", hook)
        return calls
