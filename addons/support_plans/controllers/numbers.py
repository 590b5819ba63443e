#: The largest id that the database keeps.
_LARGEST_ID = 2**31 - 1


def to_id(value):
    """Return an id that came from outside, 0 when it cannot be one.

    >>> to_id("12"), to_id("x"), to_id(None), to_id(10**12)
    (12, 0, 0, 0)
    """
    try:
        number = int(value or 0)
    except (TypeError, ValueError):
        return 0
    return number if 0 < number <= _LARGEST_ID else 0
