"""How long bought hours live (C3)."""

from datetime import date

from odoo.addons.support_plans.rules.errors import RuleError
from odoo.addons.support_plans.rules.terms import service_month

SHORTEST, LONGEST = 1, 12


class InvalidValidity(RuleError):
    """Bought hours live from 1 to 12 months. Attributes: ``months``."""


def valid_to(first: date, months: int) -> date:
    """Last day of hours that begin on ``first`` and live for some months.

    "Hour package: valid 1 to 12 months" (C3). Months are counted as service months are
    (D5): a day that the last month lacks means its last day. Raises ``InvalidValidity``.

    >>> valid_to(date(2026, 1, 31), 1).isoformat(), valid_to(date(2026, 3, 10), 12).isoformat()
    ('2026-02-27', '2027-03-09')
    """
    if not SHORTEST <= months <= LONGEST:
        raise InvalidValidity(months=months)
    return service_month(first, months - 1)[1]
