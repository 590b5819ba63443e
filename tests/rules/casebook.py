"""Reads the worked examples of tests/cases and the calendars of the price list."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from odoo.addons.support_plans.rules.schedule import WorkingHours, compile_intervals, utc_seconds

CASES = Path(__file__).resolve().parents[1] / "cases"
WARSAW = "Europe/Warsaw"
OFFICE = range(5)

# Service hours of the price list (P11, P12): days, opening and closing hour.
SERVICE_HOURS = {
    "COMMUNITY": (OFFICE, 10, 13),
    "EMAIL": (OFFICE, 9, 15),
    "START": (OFFICE, 8, 16),
    "STANDARD": (OFFICE, 7, 17),
    "PREMIUM": (range(7), 0, 24),
}


def rows(name):
    """The rows of a case file, each as a dictionary."""
    with open(CASES / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name):
    """Each row of a case file as a pytest parameter named by its case and requirement."""
    return [pytest.param(row, id=f"{row['requirement']}: {row['case']}".replace(" ", "_")) for row in rows(name)]


def day(text):
    """A date, or None for an empty cell."""
    return date.fromisoformat(text) if text else None


def yes(text):
    return {"yes": True, "no": False}[text]


def moment(text, zone=WARSAW):
    """UTC seconds of a local time such as 2026-06-15T10:30."""
    return utc_seconds(datetime.fromisoformat(text), zone)


def local(seconds, zone=WARSAW):
    """The wall-clock time of UTC seconds; the inverse of ``moment`` for the reader."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def plan_hours(plan):
    days, opens, closes = SERVICE_HOURS[plan]
    return [WorkingHours(weekday, opens * 3600, closes * 3600) for weekday in days]


def holidays_of(days, zone=WARSAW):
    """Closed days as Odoo's screens write them: 00:00:00 to 23:59:59."""
    return [(moment(f"{text}T00:00:00", zone), moment(f"{text}T23:59:59", zone)) for text in days]


def plan_intervals(plan, holidays, around):
    """The working intervals of a plan in the two months around a day."""
    first, last = around - timedelta(days=10), around + timedelta(days=50)
    return compile_intervals(plan_hours(plan), WARSAW, holidays_of(holidays), first, last)
