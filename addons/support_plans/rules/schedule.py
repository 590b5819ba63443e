"""From a weekly schedule to the working intervals of the service clock (P11, D16, D17).

The schedule is written in local time, as the price list is ("8:00-16:00 on working
days"); the intervals are integer UTC seconds. Hours of a day are integer seconds after
local midnight, 86400 being 24:00.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .clock import InvalidIntervals, merge
from .errors import RuleError

DAY = 86400
_EPOCH = date(1970, 1, 1).toordinal()
_ONE_SECOND = timedelta(seconds=1)


class InvalidHours(RuleError):
    """Working hours outside a day or a week. Attributes: those of ``WorkingHours``."""


class UnknownZone(RuleError):
    """Not a known IANA time zone name. Attribute: ``zone``."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """One line of a weekly schedule: from ``start`` to ``end`` on a weekday.

    ``weekday`` 0 is Monday; ``start`` and ``end`` are seconds of the local day, ``end`` up
    to 86400 (24:00); ``week`` is 0 or 1 in a schedule of two alternating weeks (see
    ``week_parity``), None for every week. Raises ``InvalidHours``.
    """

    weekday: int
    start: int
    end: int
    week: int | None = None

    def __post_init__(self):
        in_a_week = self.weekday in range(7) and self.week in (None, 0, 1)
        if not (in_a_week and 0 <= self.start <= self.end <= DAY):
            raise InvalidHours(weekday=self.weekday, start=self.start, end=self.end, week=self.week)


def seconds_of(hours: float) -> int:
    """Seconds after midnight of a time that Odoo keeps as a number of hours.

    Rounded to the nearest minute, because that is what screens show (8.33 is shown as
    8:20) and what Odoo's own calendar works with: the clock never disagrees with the
    calendar that a person sees.

    >>> seconds_of(8.5), seconds_of(24.0), seconds_of(11.1666667), seconds_of(8.33)
    (30600, 86400, 40200, 30000)
    """
    return math.floor(hours * 60 + 0.5) * 60


def week_parity(day: date) -> int:
    """Which week of a two-week schedule a day is in: 0 or 1, as Odoo counts it.

    >>> week_parity(date(2026, 6, 14)), week_parity(date(2026, 6, 15))
    (0, 1)
    """
    return (day.toordinal() - 1) // 7 % 2


def utc_seconds(local: datetime, zone: str) -> int:
    """UTC seconds of a local wall-clock time; whole seconds.

    "A local time that exists twice or never is read as standard time" (D17): of the two
    offsets in question, standard time is the smaller one. Raises ``UnknownZone``.

    >>> utc_seconds(datetime(2026, 6, 15, 8, 0), "Europe/Warsaw")   # 06:00 UTC
    1781503200
    >>> never = utc_seconds(datetime(2026, 3, 29, 2, 30), "Europe/Warsaw")
    >>> never == utc_seconds(datetime(2026, 3, 29, 3, 30), "Europe/Warsaw")
    True
    """
    return _utc(local, _zone(zone))


def compile_intervals(
    hours: Iterable[WorkingHours],
    zone: str,
    closed: Iterable[tuple[int, int]],
    first: date,
    last: date,
) -> list[tuple[int, int]]:
    """The working intervals of the days ``first`` to ``last``, ready for ``ServiceClock``.

    "Service hours on working days" (P11), without public holidays (P13, D16).
    ``first`` and ``last`` are local days, both included; ``zone`` is an IANA name;
    ``closed`` are UTC periods when nobody works. A closed period that ends at hh:mm:59
    ends on the next full minute, as its author meant (D17). The result is sorted and
    merged, in UTC seconds. Raises ``UnknownZone``, and ``InvalidIntervals`` for a closed
    period that ends before it starts.

    >>> office = [WorkingHours(day, 8 * 3600, 16 * 3600) for day in range(5)]
    >>> monday = date(2026, 6, 15)
    >>> compile_intervals(office, "Europe/Warsaw", [], monday, monday)
    [(1781503200, 1781532000)]
    """
    working = merge(_weekly(_by_day(hours), _zone(zone), first.toordinal(), last.toordinal()))
    return _without(working, merge(_full_minute(*period) for period in closed))


def _by_day(hours: Iterable[WorkingHours]) -> list[list[tuple[int, int]]]:
    """The hours of each of the 14 days of two weeks, even week first."""
    days: list[list[tuple[int, int]]] = [[] for _day in range(14)]
    for line in hours:
        for week in (0, 1) if line.week is None else (line.week,):
            days[week * 7 + line.weekday].append((line.start, line.end))
    return days


def _weekly(days: list[list[tuple[int, int]]], zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Each working stretch from day number ``first`` to ``last``, in UTC seconds."""
    for number in range(first, last + 1):
        # Day number 1 is a Monday of week 0, so both cycles start there.
        stretches = days[(number - 1) % 14]
        if not stretches:
            continue
        midnight = (number - _EPOCH) * DAY
        offset = _midnight_offset(zone, number)
        if offset == _midnight_offset(zone, number + 1):
            base = midnight - offset
            for start, end in stretches:
                yield base + start, base + end
        else:
            yield from _on_a_day_of_change(stretches, zone, number)


def _on_a_day_of_change(stretches: list[tuple[int, int]], zone: ZoneInfo, number: int) -> Iterator[tuple[int, int]]:
    """The stretches of a day on which clocks change, each end converted by itself.

    A stretch that lies in the missing hour vanishes: its beginning, read as standard
    time, is not before its end.
    """
    for start, end in stretches:
        opens, closes = _wall(number, start, zone), _wall(number, end, zone)
        if opens < closes:
            yield opens, closes


def _wall(number: int, second: int, zone: ZoneInfo) -> int:
    """UTC seconds of the ``second`` of day ``number``; second 86400 is the next midnight."""
    return _utc(datetime.fromordinal(number) + timedelta(seconds=second), zone)


def _utc(local: datetime, zone: ZoneInfo) -> int:
    """UTC seconds of a wall-clock time."""
    wall = (local.toordinal() - _EPOCH) * DAY
    wall += local.hour * 3600 + local.minute * 60 + local.second
    return wall - _standard_offset(local, zone)


def _standard_offset(local: datetime, zone: ZoneInfo) -> int:
    """Seconds east of UTC at a wall-clock time, standard time when in doubt (D17)."""
    first = local.replace(tzinfo=zone)
    offset = first.utcoffset()
    other = first.replace(fold=1).utcoffset()
    return min(offset, other) // _ONE_SECOND


@lru_cache(maxsize=1 << 14)
def _midnight_offset(zone: ZoneInfo, number: int) -> int:
    """Offset at the local midnight with which day ``number`` begins (remembered)."""
    return _standard_offset(datetime.fromordinal(number), zone)


def _zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(zone=name) from error


def _full_minute(start: int, end: int) -> tuple[int, int]:
    """A period that ends at hh:mm:59 was meant to end with the minute (D17)."""
    if start > end:
        raise InvalidIntervals(interval=(start, end), previous=None)
    return start, end + 1 if end % 60 == 59 and start < end else end


def _without(working: Sequence[tuple[int, int]], closed: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What remains of ``working`` outside ``closed``; both sorted and merged."""
    open_time: list[tuple[int, int]] = []
    position = 0
    for start, end in working:
        while position < len(closed) and closed[position][1] <= start:
            position += 1
        ahead = position
        while ahead < len(closed) and closed[ahead][0] < end:
            if start < closed[ahead][0]:
                open_time.append((start, closed[ahead][0]))
            start = closed[ahead][1]
            ahead += 1
        if start < end:
            open_time.append((start, end))
    return open_time
