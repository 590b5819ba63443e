"""Of which day a work is, and whether it can have been done (F3).

"A work that has not been done cannot be charged." "A work is of the day on which it began."
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

#: Two clocks never agree quite.
_TOLERANCE = timedelta(minutes=1)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The day of a naive UTC moment in a time zone.

    >>> from zoneinfo import ZoneInfo
    >>> local_day(datetime(2026, 6, 15, 22, 30), ZoneInfo("Europe/Warsaw"))
    datetime.date(2026, 6, 16)
    """
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def is_of_day(day: date, start: datetime, zones: Iterable[tzinfo]) -> bool:
    """Whether a work that began at ``start`` (naive UTC) may be dated ``day``: it is its day in one of the zones.

    >>> from zoneinfo import ZoneInfo
    >>> warsaw = ZoneInfo("Europe/Warsaw")
    >>> is_of_day(date(2026, 6, 16), datetime(2026, 6, 15, 22, 30), [warsaw])
    True
    >>> is_of_day(date(2026, 6, 15), datetime(2026, 6, 15, 22, 30), [warsaw])
    False
    """
    return any(local_day(start, zone) == day for zone in zones)


def is_to_come(day: date, now: datetime, zones: Iterable[tzinfo]) -> bool:
    """Whether a day has not begun yet, in none of the zones.

    >>> from zoneinfo import ZoneInfo
    >>> late, warsaw = datetime(2026, 6, 15, 22, 30), ZoneInfo("Europe/Warsaw")
    >>> is_to_come(date(2026, 6, 16), late, [UTC]), is_to_come(date(2026, 6, 16), late, [UTC, warsaw])
    (True, False)
    """
    return all(day > local_day(now, zone) for zone in zones)


def has_begun(start: datetime, now: datetime) -> bool:
    """Whether a moment has come; a minute of difference between two clocks is none.

    >>> noon = datetime(2026, 6, 15, 12)
    >>> has_begun(noon, noon - timedelta(seconds=50)), has_begun(noon, noon - timedelta(minutes=2))
    (True, False)
    """
    return start <= now + _TOLERANCE
