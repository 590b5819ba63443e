"""Claim: 1000 deadlines, the reading of the calendar included, at least 300 times faster than core's
``resource.calendar.plan_hours``; a single one is never slower, however cold our caches are."""

import random
import sys
from datetime import UTC, datetime, timedelta

from odoo import Command

from ..measure import Claim, Report, Row, compare

NAME = "deadlines"
YEAR = 2026
#: Polish public holidays of 2026 as (month, day).
HOLIDAYS = (
    (1, 1), (1, 6), (4, 5), (4, 6), (5, 1), (5, 3), (5, 24), (6, 4),
    (8, 15), (11, 1), (11, 11), (12, 24), (12, 25), (12, 26),
)  # fmt: skip
#: Promised response in hours.
HOURS = 8
MANY = 1000
PEER = "plan_hours"
STATES = FIRST, COLD, WARM = "first", "cold", "warm"
#: How many times faster, by number and state; nothing is claimed where none is given.
LIMITS = {(MANY, COLD): 300, (MANY, WARM): 300, (1, COLD): 1, (1, WARM): 1}


def run(databases, rounds):
    """Measure both calendars, one and many deadlines, cold and warm."""
    report = Report("1000 deadlines against core's plan_hours")
    with databases["ours"].rolled_back() as env:
        for label, calendar in _create_calendars(env).items():
            for count in (MANY, 1):
                _add_case(report, label, calendar, count, rounds)
    report.notes.append(
        f"Random starts over {YEAR}, {HOURS} h, {len(HOLIDAYS)} public holidays, Europe/Warsaw. Ours answers three "
        "questions at once: clock start, deadline and warning. Cold: the registry's caches are emptied before each "
        "of our runs, so that the calendar is read and compiled in it. First: our table of time zone offsets, which "
        "lives as long as the process, is empty as well (no claim: the peer is never in its first run here). Warm: "
        "the compiled calendar is in the registry's cache. The peer keeps its caches; it has no batch and is called "
        "for each deadline, as OCA's SLA addon does."
    )
    return report


def _add_case(report, label, calendar, count, rounds):
    """One comparison of the peer with ours in every state of the caches."""
    starts = _pick_starts(count)
    contestants = {PEER: lambda watch: _plan_hours(watch, calendar, starts)}
    for state in STATES:
        contestants[f"ours, {state}"] = _contestant(calendar, starts, state)
    figures = compare(contestants, rounds if count > 1 else rounds * 10)
    report.rows.append(Row(f"{label}, N={count}", count, figures))
    for state in STATES:
        limit = LIMITS.get((count, state))
        faster = figures[PEER].wall / figures[f"ours, {state}"].wall
        text = f"{label}: {count} deadline{'s' if count > 1 else ''}, {state}, times faster than plan_hours"
        report.claims += [Claim(text, faster, limit, at_least=True)] if limit else []


def _contestant(calendar, starts, state):
    return lambda watch: _promise(watch, calendar, starts, state)


def _promise(watch, calendar, starts, state):
    """Answer all of them in one call, as the creation of tickets does."""
    env = calendar.env
    requests = [(start, HOURS * 3600) for start in starts]
    company_id = env.company.id
    env.invalidate_all()
    if state != WARM:
        _forget(env, state)
    with watch.measuring(env.cr):
        calendar._service_promises(company_id, requests)


def _plan_hours(watch, calendar, starts):
    """Core has no batch: one call each."""
    aware = [start.replace(tzinfo=UTC) for start in starts]
    calendar.env.invalidate_all()
    with watch.measuring(calendar.env.cr):
        for start in aware:
            calendar.plan_hours(HOURS, start, compute_leaves=True)


def _forget(env, state):
    """Empty every cache that could know the compiled calendar, without slowing the peer afterwards."""
    env.registry.clear_cache()
    if state == FIRST:
        sys.modules["odoo.addons.support_plans.rules.schedule"]._midnight_offset.cache_clear()
    # What both need and what is no part of a deadline: the user's groups and access rules again.
    env["resource.calendar"].search([], limit=1)
    env["resource.calendar.attendance"].search([], limit=1)
    env["resource.calendar.leaves"].search([], limit=1)


def _create_calendars(env):
    """An office and a desk around the clock, committed nowhere; return them by label."""
    calendars = {
        "office": _create_calendar(env, "Office", range(5), [(8, 12), (13, 17)]),
        "24/7": _create_calendar(env, "Around the clock", range(7), [(0, 24)]),
    }
    env.flush_all()
    # New calendars of this transaction are compiled aside, which would hide the registry's cache.
    env.cr.postcommit.clear()
    return calendars


def _create_calendar(env, name, days, hours):
    lines = [
        Command.create({"name": name, "dayofweek": str(day), "hour_from": start, "hour_to": end, "day_period": period})
        for day in days
        for (start, end), period in zip(hours, ("morning", "afternoon"), strict=False)
    ]
    calendar = (
        env["resource.calendar"]
        .sudo()
        .create(
            {
                "name": name,
                "tz": "Europe/Warsaw",
                "company_id": env.company.id,
                "attendance_ids": [Command.clear(), *lines],
            }
        )
    )
    env["resource.calendar.leaves"].sudo().create(
        [
            {
                "name": "Public holiday",
                "calendar_id": calendar.id,
                "company_id": env.company.id,
                # Local midnights of Warsaw are an hour or two earlier in UTC; the hour does not matter here.
                "date_from": datetime(YEAR, month, day) - timedelta(hours=1),
                "date_to": datetime(YEAR, month, day) + timedelta(hours=22, minutes=59, seconds=59),
            }
            for month, day in HOLIDAYS
        ]
    )
    return calendar.with_env(env)


def _pick_starts(count):
    """Random moments of the year as naive UTC."""
    dice = random.Random(count)
    return [datetime(YEAR, 1, 1) + timedelta(seconds=dice.randrange(365 * 86400)) for _i in range(count)]
