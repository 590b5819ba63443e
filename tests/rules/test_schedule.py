"""Weekly schedules become working intervals (P11, D16, D17).

Checked minute by minute against a reading of the schedule that shares no code with the
rules: it asks, for each minute of UTC, what the clock on the wall shows.
"""

import math
import time
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from casebook import WARSAW, holidays_of, local, moment
from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.clock import InvalidIntervals, ServiceClock
from odoo.addons.support_plans.rules.schedule import (
    InvalidHours,
    UnknownZone,
    WorkingHours,
    compile_intervals,
    seconds_of,
    utc_seconds,
    week_parity,
)

HOUR = 3600
ROUND_THE_CLOCK = [WorkingHours(weekday, 0, 24 * HOUR) for weekday in range(7)]
NIGHT = [WorkingHours(weekday, start * HOUR, end * HOUR) for weekday in range(7) for start, end in ((22, 24), (0, 6))]
OFFICE = [WorkingHours(weekday, start * HOUR, end * HOUR) for weekday in range(5) for start, end in ((8, 12), (13, 17))]


# --- what the clock on the wall shows ---------------------------------------------------------


@cache
def wall_minutes(zone, around):
    """Local time -> the UTC minutes at which a wall clock shows it, two days around a day."""
    shown = {}
    begin = int(datetime(around.year, around.month, around.day, tzinfo=UTC).timestamp())
    for minute in range(begin - 86400, begin + 2 * 86400, 60):
        wall = datetime.fromtimestamp(minute, ZoneInfo(zone)).replace(tzinfo=None)
        shown.setdefault(wall, []).append(minute)
    return shown


@cache
def counted_utc(zone, on, minute):
    """UTC of a local minute: shown twice, the second time; never, as before the change."""
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute)
    shown = wall_minutes(zone, on)
    if wall in shown:
        return max(shown[wall])
    earlier = wall
    while earlier not in shown:
        earlier -= timedelta(minutes=1)
    return shown[earlier][0] + (wall - earlier) // timedelta(seconds=1)


def counted_minutes(hours, zone, closed, first, last):
    """Every working minute of the days, as a set of UTC minutes."""
    working = set()
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        for line in hours:
            week = (on.toordinal() - 1) // 7 % 2
            if line.weekday == on.weekday() and line.week in (None, week):
                opens = counted_utc(zone, on, line.start // 60)
                closes = counted_utc(zone, on, line.end // 60)
                working.update(range(opens, closes, 60))
    for begins, ends in closed:
        working.difference_update(range(begins, ends, 60))
    return working


def minutes_of(intervals):
    return {minute for start, end in intervals for minute in range(start, end, 60)}


@st.composite
def weekly(draw):
    """Split days, lunch breaks, nights up to 24:00, hours around 02:00-03:00, two weeks."""
    awkward = [0, 60, 120, 150, 180, 480, 720, 780, 960, 1320, 1440]
    minutes = st.one_of(st.integers(0, 1440), st.sampled_from(awkward))
    lines = draw(st.sampled_from([[], [], ROUND_THE_CLOCK])).copy()
    for _line in range(draw(st.integers(1, 12))):
        start, end = sorted((draw(minutes), draw(minutes)))
        weekday = draw(st.integers(0, 6))
        week = draw(st.sampled_from([None, None, 0, 1]))
        lines.append(WorkingHours(weekday, start * 60, end * 60, week))
    return lines


@st.composite
def closed_days(draw, first):
    """Whole local days, from 00:00 to 24:00 or to 23:59:59, and odd periods."""
    periods = []
    for offset in draw(st.lists(st.integers(-1, 6), max_size=3)):
        on = first + timedelta(days=offset)
        begins = moment(f"{on}T00:00")
        ends = moment(f"{on + timedelta(days=1)}T00:00")
        periods.append((begins, ends - draw(st.sampled_from([0, 1]))))
    for begins, length in draw(st.lists(st.tuples(st.integers(0, 8000), st.integers(1, 900)), max_size=4)):
        begins = moment(f"{first}T00:00") + begins * 60
        periods.append((begins, begins + length * 60 - draw(st.sampled_from([0, 1]))))
    return periods


WEEKS = st.sampled_from(
    [
        date(2026, 3, 26),  # DST begins on 29 March
        date(2026, 10, 22),  # DST ends on 25 October
        date(2026, 12, 23),  # Christmas
        date(2026, 12, 29),  # the year ends
        date(2026, 6, 10),
        date(2033, 3, 24),  # years ahead
        date(2036, 10, 23),
    ]
)


@settings(max_examples=60)
@given(weekly(), WEEKS, st.data())
def test_the_intervals_hold_exactly_the_working_minutes(hours, first, data):
    """P11, P13, D16, D17: both DST changes, holidays, split days, nights, two weeks."""
    last = first + timedelta(days=data.draw(st.integers(0, 6)))
    closed = data.draw(closed_days(first))
    intervals = compile_intervals(hours, WARSAW, closed, first, last)
    full = [(start, end + end % 2) for start, end in closed]  # 23:59:59 is odd, 24:00 even
    assert minutes_of(intervals) == counted_minutes(hours, WARSAW, full, first, last)
    assert all(start % 60 == 0 and end % 60 == 0 for start, end in intervals)
    assert all(start < end for start, end in intervals)
    assert all(one[1] < other[0] for one, other in pairwise(intervals))


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Dublin", date(2026, 3, 27)),
        ("Europe/Dublin", date(2026, 10, 23)),
        ("America/Havana", date(2025, 3, 7)),  # midnight does not exist
        ("America/Havana", date(2025, 10, 31)),  # midnight exists twice
        ("Africa/Cairo", date(2025, 4, 23)),
        ("Africa/Cairo", date(2025, 10, 29)),
        ("Australia/Lord_Howe", date(2026, 4, 3)),  # by half an hour
        ("Asia/Kathmandu", date(2026, 6, 1)),
        ("UTC", date(2026, 6, 1)),
    ],
)
def test_other_time_zones_are_counted_right_as_well(zone, first):
    """D17: also where clocks change at midnight or by half an hour."""
    for hours in (ROUND_THE_CLOCK, NIGHT, OFFICE):
        last = first + timedelta(days=4)
        intervals = compile_intervals(hours, zone, [], first, last)
        assert minutes_of(intervals) == counted_minutes(hours, zone, [], first, last)


@settings(max_examples=40)
@given(
    st.sampled_from([OFFICE, NIGHT, ROUND_THE_CLOCK]),
    st.sampled_from([date(2026, 3, 26), date(2026, 10, 22), date(2026, 12, 23)]),
    st.integers(0, 3 * 1440),
    st.integers(1, 30 * 60),
)
@example(NIGHT, date(2026, 12, 30), 1194, 120)
def test_the_deadline_is_found_by_walking_minute_by_minute(hours, first, minute, promised):
    """P14, P31, D17."""
    last = first + timedelta(days=20)
    holidays = holidays_of([first + timedelta(days=1)])
    clock = ServiceClock(compile_intervals(hours, WARSAW, holidays, first, last))
    closed = [(start, end + 1) for start, end in holidays]
    working = counted_minutes(hours, WARSAW, closed, first, last)
    registered = moment(f"{first}T00:00") + minute * 60
    now = registered
    for _minute in range(promised):
        while now not in working:
            now += 60
        now += 60
    assert clock.due(registered, promised * 60) == now


# --- D17, one by one ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29T02:00", "2026-03-29T01:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30"),
        ("2026-03-29T03:00", "2026-03-29T01:00"),
        ("2026-10-25T01:59:59", "2026-10-24T23:59:59"),
        ("2026-10-25T02:00", "2026-10-25T01:00"),
        ("2026-10-25T02:30", "2026-10-25T01:30"),
        ("2026-10-25T03:00", "2026-10-25T02:00"),
    ],
)
def test_a_local_time_that_exists_twice_or_never_is_standard_time(wall, utc):
    """D17."""
    expected = int(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp())
    assert utc_seconds(datetime.fromisoformat(wall), WARSAW) == expected


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_round_the_clock_has_no_gap_at_midnight_nor_in_a_dst_change(day, hours):
    """D17, P11 (T2)."""
    sunday = date.fromisoformat(day)
    only = compile_intervals(ROUND_THE_CLOCK, WARSAW, [], sunday, sunday)
    assert [end - start for start, end in only] == [hours * HOUR]
    years = compile_intervals(ROUND_THE_CLOCK, WARSAW, [], date(2026, 1, 1), date(2030, 12, 31))
    assert years == [(moment("2026-01-01T00:00"), moment("2031-01-01T00:00"))]


@pytest.mark.parametrize(
    ("day", "start", "end", "minutes"),
    [
        ("2026-03-29", "02:00", "03:00", 0),
        ("2026-03-29", "02:30", "03:00", 0),
        ("2026-03-29", "02:30", "03:20", 0),
        ("2026-03-29", "02:30", "10:00", 390),
        ("2026-03-29", "01:00", "02:30", 90),
        ("2026-03-29", "02:15", "02:45", 30),
        ("2026-10-25", "02:00", "03:00", 60),
        ("2026-10-25", "00:00", "02:30", 210),
        ("2026-10-25", "02:30", "10:00", 450),
    ],
)
def test_hours_that_begin_or_end_in_a_dst_change_are_read_as_standard_time(day, start, end, minutes):
    """D17."""
    opens, closes = (int(text[:2]) * HOUR + int(text[3:]) * 60 for text in (start, end))
    sunday = date.fromisoformat(day)
    intervals = compile_intervals([WorkingHours(6, opens, closes)], WARSAW, [], sunday, sunday)
    assert sum(closes - opens for opens, closes in intervals) == minutes * 60


def test_a_holiday_that_ends_at_23_59_59_leaves_no_working_second():
    """D17, P13 (T17): on 24/7 exactly the whole day is closed, at both ends."""
    for end in ("2026-12-25T23:59:59", "2026-12-26T00:00:00"):
        closed = [(moment("2026-12-25T00:00:00"), moment(end))]
        assert compile_intervals(ROUND_THE_CLOCK, WARSAW, closed, date(2026, 12, 24), date(2026, 12, 26)) == [
            (moment("2026-12-24T00:00"), moment("2026-12-25T00:00")),
            (moment("2026-12-26T00:00"), moment("2026-12-27T00:00")),
        ]


def test_a_closed_period_can_cut_a_day_and_cover_several():
    """D16."""
    monday, friday = date(2026, 6, 15), date(2026, 6, 19)
    closed = [
        (moment("2026-06-15T10:00"), moment("2026-06-15T10:59:59")),
        (moment("2026-06-16T14:00"), moment("2026-06-19T09:00")),
        (moment("2026-06-17T00:00"), moment("2026-06-17T12:00")),
        (moment("2026-06-19T11:00"), moment("2026-06-19T11:00")),
    ]
    intervals = compile_intervals(OFFICE, WARSAW, closed, monday, friday)
    shown = [(local(start).isoformat(), f"{local(end):%H:%M}") for start, end in intervals]
    assert shown == [
        ("2026-06-15T08:00:00", "10:00"),
        ("2026-06-15T11:00:00", "12:00"),
        ("2026-06-15T13:00:00", "17:00"),
        ("2026-06-16T08:00:00", "12:00"),
        ("2026-06-16T13:00:00", "14:00"),
        ("2026-06-19T09:00:00", "12:00"),
        ("2026-06-19T13:00:00", "17:00"),
    ]


def test_several_closed_periods_in_one_stretch_of_work_are_all_closed():
    """D16, D17: and a period without length closes nothing, not even at hh:mm:59."""
    day = date(2026, 6, 15)
    spans = [("08:00", "08:29:59"), ("12:00", "13:00"), ("12:30", "12:45"), ("20:00", "24:00")]
    midnight = moment("2026-06-16T00:00")
    closed = [
        (moment(f"{day}T{start}"), midnight if end == "24:00" else moment(f"{day}T{end}")) for start, end in spans
    ]
    closed.append((moment("2026-06-15T17:59:59"), moment("2026-06-15T17:59:59")))
    intervals = compile_intervals(ROUND_THE_CLOCK, WARSAW, closed, day, day)
    assert [(f"{local(start):%H:%M}", f"{local(end):%H:%M}") for start, end in intervals] == [
        ("00:00", "08:00"),
        ("08:30", "12:00"),
        ("13:00", "20:00"),
    ]


def test_a_closed_period_that_ends_before_it_starts_is_refused():
    """T17."""
    with pytest.raises(InvalidIntervals):
        compile_intervals(OFFICE, WARSAW, [(100, 50)], date(2026, 6, 15), date(2026, 6, 15))


def test_eight_hours_of_an_odd_split_day_end_at_its_closing():
    """D17: 9:00-11:10 and 11:30-17:20; core's float hours move this to Monday."""
    hours = [
        WorkingHours(weekday, seconds_of(start), seconds_of(end))
        for weekday in range(5)
        for start, end in ((9.0, 11 + 10 / 60), (11.5, 17 + 20 / 60))
    ]
    friday, monday = date(2026, 6, 12), date(2026, 6, 15)
    clock = ServiceClock(compile_intervals(hours, WARSAW, [], friday, monday))
    assert local(clock.due(moment("2026-06-12T07:00"), 8 * HOUR)) == datetime(2026, 6, 12, 17, 20)


def test_a_night_shift_that_ends_the_promise_at_midnight_stays_there():
    """D17: 22:00-24:00 and 0:00-6:00; core is a whole day late."""
    clock = ServiceClock(compile_intervals(NIGHT, WARSAW, [], date(2026, 12, 30), date(2027, 1, 3)))
    assert local(clock.due(moment("2026-12-31T21:54:42"), 2 * HOUR)) == datetime(2027, 1, 1)
    assert clock.opening(moment("2027-01-01T00:00")) == moment("2027-01-01T00:00")


def test_without_hours_or_days_there_is_no_working_time():
    """D17."""
    monday = date(2026, 6, 15)
    assert compile_intervals([], WARSAW, [], monday, date(2026, 6, 19)) == []
    assert compile_intervals(OFFICE, WARSAW, [], monday, date(2026, 6, 14)) == []
    assert compile_intervals([WorkingHours(0, 100, 100)], WARSAW, [], monday, monday) == []


# --- the schedule itself ------------------------------------------------------------------------


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_the_two_week_parity_is_that_of_odoo(day):
    assert week_parity(day) == int(math.floor((day.toordinal() - 1) / 7) % 2)


def test_two_alternating_weeks():
    """P11."""
    hours = [WorkingHours(0, 0, HOUR, week=0), WorkingHours(1, 0, HOUR, week=1)]
    intervals = compile_intervals(hours, WARSAW, [], date(2026, 6, 8), date(2026, 6, 28))
    assert [local(start).date() for start, _end in intervals] == [
        date(2026, 6, 8),
        date(2026, 6, 16),
        date(2026, 6, 22),
    ]


@pytest.mark.parametrize(
    "line",
    [(7, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 2, 1), (0, 0, 86401), (0, 0, 1, 2)],
)
def test_hours_outside_a_day_or_a_week_are_refused(line):
    with pytest.raises(InvalidHours) as caught:
        WorkingHours(*line)
    assert (caught.value.weekday, caught.value.start, caught.value.end) == line[:3]


@pytest.mark.parametrize("zone", ["Europe/Warszawa", "", "../etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_refused(zone):
    with pytest.raises(UnknownZone):
        compile_intervals(OFFICE, zone, [], date(2026, 6, 15), date(2026, 6, 15))


def test_every_minute_of_the_day_typed_as_hours_comes_back_exactly():
    """D17: a person types 11:10, Odoo keeps 11.1666..., at full or at six digits."""
    for minute in range(1441):
        typed = minute / 60
        assert seconds_of(typed) == seconds_of(round(typed, 6)) == minute * 60
        assert seconds_of(round(typed, 2)) == minute * 60


def test_three_years_of_an_office_calendar_compile_in_milliseconds():
    holidays = holidays_of(f"{year}-12-25" for year in (2026, 2027, 2028))
    best = 1.0
    for _attempt in range(5):
        begin = time.perf_counter()
        compile_intervals(OFFICE, WARSAW, holidays, date(2026, 1, 1), date(2028, 12, 31))
        best = min(best, time.perf_counter() - begin)
    assert best < 0.02
