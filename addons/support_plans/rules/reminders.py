"""When to warn that a promise runs out (P14, P28)."""

from .clock import NegativeDuration


def warning_seconds(response_seconds: int) -> int:
    """Working seconds after which a warning is due: three quarters of the promise.

    Rounded up to a whole second. Raises ``NegativeDuration``.

    >>> warning_seconds(4 * 3600), warning_seconds(10), warning_seconds(0)
    (10800, 8, 0)
    """
    if response_seconds < 0:
        raise NegativeDuration(seconds=response_seconds)
    return -(-3 * response_seconds // 4)
