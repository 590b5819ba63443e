"""Months, minimum term, notice and refund date of an agreement (P9, F6, D3, D5, D7).

Everything is a plain local ``date``; nothing here knows what day it is today.
A *service month* is a month of the agreement, counted from the day it started.
"""

from calendar import monthrange
from collections.abc import Container
from datetime import date, timedelta
from decimal import Decimal

from .errors import RuleError

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class BeforeStart(RuleError):
    """The day lies before the agreement. Attributes: ``start``, ``on``."""


class NegativeTerm(RuleError):
    """A number of months or days below zero. Attribute: ``number``."""


class UnknownMonthRule(RuleError):
    """Not a way to count months worked. Attribute: ``rule``."""


def service_month(start: date, n: int) -> tuple[date, date]:
    """First and last day of service month ``n`` (0-based) of an agreement.

    "Months are anchored to the start day; a day that a month lacks means its last day,
    and does not drift" (D5). Raises ``NegativeTerm``.

    >>> first, last = service_month(date(2026, 1, 31), 1)
    >>> first.isoformat(), last.isoformat()
    ('2026-02-28', '2026-03-30')
    """
    return _months_later(start, n), _months_later(start, n + 1) - _ONE_DAY


def service_month_number(start: date, on: date) -> int:
    """Number (0-based) of the service month in which the day ``on`` falls (D5, D11).

    Raises ``BeforeStart``.

    >>> [service_month_number(date(2026, 1, 31), date(2026, 2, day)) for day in (27, 28)]
    [0, 1]
    """
    if on < start:
        raise BeforeStart(start=start, on=on)
    number = (on.year - start.year) * 12 + on.month - start.month
    return number if _months_later(start, number) <= on else number - 1


def next_service_month(start: date, on: date) -> date:
    """First day of the service month after the one in which ``on`` falls.

    Before the agreement starts, that is the start itself.

    >>> next_service_month(date(2026, 1, 31), date(2026, 2, 28)).isoformat()
    '2026-03-31'
    """
    if on < start:
        return start
    return _months_later(start, service_month_number(start, on) + 1)


def months_worked(start: date, effective_on: date, rule: str = "started") -> int:
    """How many months the client used until the effective end, that day included.

    "Every started service month from the start up to and including the effective end
    (notice included)"; with ``rule`` "full" only the months that are complete (D5, F10).
    An end before the start: 0. Raises ``UnknownMonthRule``.

    >>> start = date(2026, 1, 15)
    >>> [months_worked(start, date(2026, 6, day)) for day in (14, 15)]
    [5, 6]
    >>> [months_worked(start, date(2026, 6, day), "full") for day in (13, 14)]
    [4, 5]
    """
    if rule not in ("started", "full"):
        raise UnknownMonthRule(rule=rule)
    if effective_on < start:
        return 0
    if rule == "started":
        return service_month_number(start, effective_on) + 1
    return service_month_number(start, effective_on + _ONE_DAY)


def min_term_end(start: date, months: int) -> date | None:
    """Last day of the minimum term (P9); None when the plan has none (0 months).

    Raises ``NegativeTerm``.

    >>> min_term_end(date(2026, 1, 31), 3).isoformat()
    '2026-04-29'
    """
    _not_negative(months)
    return service_month(start, months - 1)[1] if months else None


def earliest_end(start: date, min_term_months: int, requested_on: date, notice_months: int) -> date:
    """The first day on which an agreement may end.

    "The later of the end of the minimum term and the end of notice" (D3); notice is one
    month (F6) and ends on the same day number that many months after the request, or on
    the last day of a shorter month. Raises ``NegativeTerm``.

    >>> earliest_end(date(2026, 1, 1), 3, date(2026, 1, 20), 1).isoformat()
    '2026-03-31'
    >>> earliest_end(date(2026, 1, 1), 3, date(2026, 3, 20), 1).isoformat()
    '2026-04-20'
    """
    end_of_notice = _months_later(requested_on, notice_months)
    return max(end_of_notice, min_term_end(start, min_term_months) or end_of_notice)


def refund_plain_due_on(accepted_on: date, days: int) -> date:
    """The last day for the refund as it is counted, before it is moved to a working day.

    "21 calendar days from acceptance, the day of acceptance not counted"; "the screen also
    shows the plain date" (F10, D7). Raises ``NegativeTerm``.

    >>> refund_plain_due_on(date(2026, 12, 3), 21).isoformat()
    '2026-12-24'
    """
    _not_negative(days)
    return accepted_on + timedelta(days=days)


def refund_due_on(accepted_on: date, days: int, holidays: Container[date]) -> date:
    """The last day for the refund.

    "21 calendar days from acceptance, the day of acceptance not counted; if the last day
    is a Saturday, Sunday or public holiday, the next working day" (F10, D7).
    Raises ``NegativeTerm``.

    >>> refund_due_on(date(2026, 12, 3), 21, {date(2026, 12, 24), date(2026, 12, 25)}).isoformat()
    '2026-12-28'
    """
    due = refund_plain_due_on(accepted_on, days)
    while due.weekday() >= _SATURDAY or due in holidays:
        due += _ONE_DAY
    return due


def plan_change_on(start: date, requested_on: date, billed_until: date | None) -> date:
    """The day a new plan begins.

    "Change of plan from the next service month" (P9, B8): the first service month that
    begins after the request and after the last day already billed (None: nothing yet).

    >>> plan_change_on(date(2026, 1, 15), date(2026, 2, 20), None).isoformat()
    '2026-03-15'
    >>> plan_change_on(date(2026, 1, 15), date(2026, 2, 20), date(2026, 4, 14)).isoformat()
    '2026-04-15'
    """
    after = requested_on if billed_until is None else max(requested_on, billed_until)
    return next_service_month(start, after)


def plan_change_refused_until(
    start: date, min_term_months: int, change_on: date, price_now: Decimal, price_new: Decimal
) -> date | None:
    """The earliest day for a change of plan that is refused now; None: it is allowed.

    "Within the minimum term an upgrade is allowed, a downgrade refused with the earliest
    date" (P9, D3). A downgrade is a lower monthly list price; ``change_on`` is the day the
    new plan would begin (``plan_change_on``). Raises ``NegativeTerm``.

    >>> terms = date(2026, 1, 1), 6, date(2026, 4, 1)
    >>> plan_change_refused_until(*terms, Decimal(799), Decimal(399)).isoformat()
    '2026-07-01'
    >>> plan_change_refused_until(*terms, Decimal(399), Decimal(799)) is None
    True
    """
    end = min_term_end(start, min_term_months)
    if end is None or change_on > end or price_new >= price_now:
        return None
    return end + _ONE_DAY


def _months_later(day: date, months: int) -> date:
    """The same day number ``months`` later, or the last day of a shorter month."""
    _not_negative(months)
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _not_negative(number: int) -> None:
    if number < 0:
        raise NegativeTerm(number=number)
