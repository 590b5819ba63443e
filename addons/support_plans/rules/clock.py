"""Time counted only while the service is open (P14, P31, D17).

    "Guaranteed reaction time for reports, in working hours."

Moments are integer UTC seconds, durations are integer seconds. An interval
``(opens, closes)`` is half-open: the second ``closes`` is no longer working time.
Nothing here knows calendars or time zones: ``schedule.py`` makes the intervals.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

from .errors import RuleError

_BEGINNING_OF_TIME = -(1 << 62)


class BeyondHorizon(RuleError):
    """The known working time ends (or begins) before the question can be answered.

    Attributes: ``start`` (the moment asked about), ``seconds`` (the duration asked for,
    0 when none), ``since`` and ``until`` (what is known; ``since > until``: nothing).
    """


class InvalidIntervals(RuleError):
    """Intervals are empty, reversed, unsorted, overlapping or touching.

    Attributes: ``interval`` (the first wrong one), ``previous`` (the one before, or None).
    """


class NegativeDuration(RuleError):
    """A promise of less than no time. Attribute: ``seconds``."""


class EndBeforeStart(RuleError):
    """A span that ends before it starts. Attributes: ``start``, ``end``."""


def merge(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort intervals, join those that overlap or touch, drop the empty ones.

    Two intervals that meet at midnight become one: 24/7 has no gap there (D17).
    Raises ``InvalidIntervals`` for a reversed interval.

    >>> merge([(50, 60), (0, 10), (10, 20), (15, 30), (40, 40)])
    [(0, 30), (50, 60)]
    """
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(intervals):
        if opens > closes:
            raise InvalidIntervals(interval=(opens, closes), previous=None)
        if merged and opens <= merged[-1][1]:
            if closes > merged[-1][1]:
                merged[-1] = (merged[-1][0], closes)
        elif opens < closes:
            merged.append((opens, closes))
    return merged


class ServiceClock:
    """A clock that runs only inside the given working intervals (P31).

    ``intervals`` must be sorted and apart from each other (``merge`` makes them so;
    otherwise ``InvalidIntervals``). Knowledge begins at ``since`` and ends at ``until``;
    without ``since`` all time before the first opening counts as closed, and without
    ``until`` knowledge ends with the last closing. Any question outside raises
    ``BeyondHorizon``: never a silent wrong date. A clock without working time and without
    ``until`` knows nothing, so every question raises it.

    >>> clock = ServiceClock([(100, 200), (300, 400)])
    >>> clock.opening(200), clock.elapsed(150, 350), clock.due(150, 50), clock.due(150, 51)
    (300, 100, 200, 301)
    """

    __slots__ = ("_closes", "_opens", "_worked", "since", "until")

    def __init__(
        self,
        intervals: Iterable[tuple[int, int]],
        since: int | None = None,
        until: int | None = None,
    ):
        spans = list(intervals)
        _check(spans)
        self._opens = [opens for opens, _closes in spans]
        self._closes = [closes for _opens, closes in spans]
        # Working seconds from the beginning up to each closing.
        self._worked = list(accumulate(closes - opens for opens, closes in spans))
        self.since = _BEGINNING_OF_TIME if since is None else since
        last_closing = self._closes[-1] if spans else _BEGINNING_OF_TIME - 1
        self.until = last_closing if until is None else max(until, last_closing)

    def opening(self, start: int) -> int:
        """The earliest working moment at or after ``start``.

        "A ticket registered outside working hours starts at the opening of the next
        service period" (P31); registered exactly at closing, too (D17).
        Raises ``BeyondHorizon`` when no later opening is known.

        >>> clock = ServiceClock([(100, 200), (300, 400)])
        >>> [clock.opening(start) for start in (0, 100, 199, 200, 300)]
        [100, 100, 199, 300, 300]
        """
        position = bisect_right(self._closes, start)
        if start < self.since or position == len(self._closes):
            raise self._beyond(start, 0)
        return max(start, self._opens[position])

    def elapsed(self, start: int, end: int) -> int:
        """Working seconds from ``start`` up to, not including, ``end`` (P14).

        Raises ``EndBeforeStart`` when ``end`` is earlier than ``start``, and
        ``BeyondHorizon`` when either is outside the known time.

        >>> clock = ServiceClock([(100, 200), (300, 400)])
        >>> clock.elapsed(0, 400), clock.elapsed(200, 300), clock.elapsed(199, 301)
        (200, 0, 2)
        """
        if end < start:
            raise EndBeforeStart(start=start, end=end)
        return self._worked_before(end) - self._worked_before(start)

    def due(self, start: int, seconds: int) -> int:
        """The earliest moment by which ``seconds`` of working time have passed (P14).

        No seconds: the start itself. "A deadline that falls exactly at closing time
        stays there" (D17). Raises ``NegativeDuration``, and ``BeyondHorizon`` when the
        known working time ends first.

        >>> clock = ServiceClock([(100, 200), (300, 400)])
        >>> [clock.due(150, seconds) for seconds in (0, 50, 51, 150)]
        [150, 200, 301, 400]
        """
        return self._reached(start, seconds, self._worked_before(start) if seconds > 0 else 0)

    def promise(self, start: int, *durations: int) -> tuple[int, ...]:
        """``opening(start)``, then ``due(start, seconds)`` for each of ``durations``, in one look-up.

        What a ticket asks at registration: when does its clock start, when is the response
        due, when to warn (P14, P31). Same errors as the single questions.

        >>> ServiceClock([(100, 200), (300, 400)]).promise(250, 40, 30)
        (300, 340, 330)
        """
        position = bisect_right(self._closes, start)
        if start < self.since or position == len(self._closes):
            raise self._beyond(start, 0)
        opening = max(start, self._opens[position])
        before = self._worked[position] - (self._closes[position] - opening)
        return opening, *[self._reached(start, seconds, before) for seconds in durations]

    def _reached(self, start: int, seconds: int, before: int) -> int:
        """The moment at which ``seconds`` have been worked since ``start``; ``before`` were worked until then."""
        if seconds <= 0:
            return self._due_at_once(start, seconds)
        total = before + seconds
        position = bisect_left(self._worked, total)
        if position == len(self._worked):
            raise self._beyond(start, seconds)
        return self._closes[position] - (self._worked[position] - total)

    def explain(self, start: int, seconds: int) -> list[tuple[int, int]]:
        """The stretches of working time that ``due`` used, in order.

        They add up to ``seconds`` and the last one ends at the deadline. Same errors as
        ``due``; no seconds: no stretches.

        >>> ServiceClock([(100, 200), (300, 400)]).explain(150, 80)
        [(150, 200), (300, 330)]
        """
        deadline = self.due(start, seconds)
        if not seconds:
            return []
        first = bisect_right(self._closes, start)
        last = bisect_left(self._closes, deadline)
        used = zip(self._opens[first : last + 1], self._closes[first : last + 1], strict=True)
        return [(max(opens, start), min(closes, deadline)) for opens, closes in used]

    def _worked_before(self, moment: int) -> int:
        """Working seconds from the first opening up to ``moment``."""
        if not self.since <= moment <= self.until:
            raise self._beyond(moment, 0)
        position = bisect_right(self._closes, moment)
        if position == len(self._closes):
            return self._worked[-1] if self._worked else 0
        opens = self._opens[position]
        if moment < opens:
            moment = opens
        return self._worked[position] - (self._closes[position] - moment)

    def _due_at_once(self, start: int, seconds: int) -> int:
        """A promise of no time is due at its start; less than that is nonsense."""
        if seconds < 0:
            raise NegativeDuration(seconds=seconds)
        self._worked_before(start)
        return start

    def _beyond(self, start: int, seconds: int) -> BeyondHorizon:
        return BeyondHorizon(start=start, seconds=seconds, since=self.since, until=self.until)


def _check(spans: list[tuple[int, int]]) -> None:
    """Refuse intervals that bisect would answer wrongly, in one pass."""
    previous = None
    for span in spans:
        if span[0] >= span[1] or (previous is not None and span[0] <= previous[1]):
            raise InvalidIntervals(interval=span, previous=previous)
        previous = span
