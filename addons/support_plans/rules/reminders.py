"""Warnings before a promise is missed, only while somebody is at work (P14, P28)."""

from .clock import NegativeDuration, ServiceClock


def warning_seconds(response_seconds: int) -> int:
    """Working seconds after which a warning is due: three quarters of the promise.

    Rounded up to a whole second. Raises ``NegativeDuration``.

    >>> warning_seconds(4 * 3600), warning_seconds(10), warning_seconds(0)
    (10800, 8, 0)
    """
    if response_seconds < 0:
        raise NegativeDuration(seconds=response_seconds)
    return -(-3 * response_seconds // 4)


def in_service(clock: ServiceClock, now: int) -> bool:
    """Whether ``now`` (UTC seconds) is working time of the plan (P11).

    Raises ``BeyondHorizon`` after the last known closing.

    >>> clock = ServiceClock([(100, 200), (300, 400)])
    >>> [in_service(clock, now) for now in (99, 100, 199, 200)]
    [False, True, True, False]
    """
    return clock.opening(now) == now


def is_due(clock: ServiceClock, now: int, remind_at: int, *, answered: bool, closed: bool, sent: bool) -> bool:
    """Whether to send a reminder now: once, never for answered or closed tickets.

    ``remind_at`` is the moment of the warning or of the miss (an answer at the deadline is
    still in time: a miss begins one second later), ``now`` the present, both in UTC
    seconds. Outside service hours the reminder waits for the opening (P31).
    Raises ``BeyondHorizon``.

    >>> clock = ServiceClock([(100, 200), (300, 400)])
    >>> waiting = dict(answered=False, closed=False, sent=False)
    >>> [is_due(clock, now, 180, **waiting) for now in (179, 180, 200, 300)]
    [False, True, False, True]
    """
    if answered or closed or sent or now < remind_at:
        return False
    return in_service(clock, now)
