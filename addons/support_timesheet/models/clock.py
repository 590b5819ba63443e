"""Minutes as people read them."""


def clock(minutes):
    """Return minutes as hours and minutes.

    >>> clock(26), clock(150), clock(-30), clock(0)
    ('0:26', '2:30', '-0:30', '0:00')
    """
    hours, rest = divmod(abs(int(minutes)), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02d}"
