"""Values of the panel's forms and addresses, which may hold anything."""

import math
import re
from datetime import date

from odoo.exceptions import UserError


def to_day(value):
    """Return a date that came from outside, None when it is none.

    >>> to_day("2026-06-01"), to_day("yesterday"), to_day(None)
    (datetime.date(2026, 6, 1), None, None)
    """
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def to_hours(env, value):
    """Return a number of hours from a form ("2.5" or "2,5"), else say what is wrong."""
    text = value.strip().replace(",", ".") if isinstance(value, str) else ""
    try:
        hours = float(text)
    except ValueError:
        hours = math.nan
    # "1e3", "nan" and "1_0" are numbers for Python only
    if not math.isfinite(hours) or not re.fullmatch(r"-?[0-9.]+", text):
        raise UserError(env._("Write the ceiling as a number of hours, for example 5 or 2.5."))
    return hours


def to_token(value):
    """Return the token of an order page, empty when it is none.

    >>> to_token("0123456789abcdef" * 2), to_token("x")
    ('0123456789abcdef0123456789abcdef', '')
    """
    return value if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{32}", value) else ""
