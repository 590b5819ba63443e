"""Statutory interest on a refund that is paid too late (F10, D7).

Simple interest, actual days of a year of 365, no VAT. The rates are not known here: they
change, and come from an editable table with the days from which they hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .errors import RuleError
from .money import NotWholeGrosze, round_half_up

_ONE_DAY = timedelta(days=1)
_DAYS_OF_A_YEAR = 365


class NoRate(RuleError):
    """No rate is known for a day. Attribute: ``on``, the first such day."""


class InvalidRate(RuleError):
    """A rate below zero, or a second one from the same day. Attributes: ``date_from``, ``percent``."""


class NegativeDebt(RuleError):
    """An overdue amount below zero. Attribute: ``amount``."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``percent`` a year from the day ``date_from`` until the next rate: 9.75 for 9.75 %."""

    date_from: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days late at one rate, ``first`` and ``last`` included."""

    first: date
    last: date
    percent: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def overdue_days(due_on: date, on: date) -> int:
    """How many days a payment is late on a day: "21 days" are still in time, the next is late (F10, D7).

    >>> [overdue_days(date(2026, 6, 29), date(2026, 6, day)) for day in (28, 29, 30)]
    [0, 0, 1]
    """
    return max((on - due_on).days, 0)


def overdue_stretches(due_on: date, paid_on: date, rates: Iterable[Rate]) -> list[Stretch]:
    """The days late by rate, in order: from the day after ``due_on`` to ``paid_on``, that day included.

    Each day has the rate that holds on it; rates may come in any order. In time: none.
    Raises ``NoRate`` and ``InvalidRate``.

    >>> rates = [Rate(date(2025, 11, 6), Decimal("9.75")), Rate(date(2025, 12, 4), Decimal("9.5"))]
    >>> for stretch in overdue_stretches(date(2025, 11, 30), date(2025, 12, 10), rates):
    ...     print(stretch.first, stretch.last, stretch.days, stretch.percent)
    2025-12-01 2025-12-03 3 9.75
    2025-12-04 2025-12-10 7 9.5
    """
    table = _checked(rates)
    first, stretches = due_on + _ONE_DAY, []
    if first > paid_on:
        return stretches
    if not table or first < table[0].date_from:
        raise NoRate(on=first)
    for rate, following in zip(table, [*table[1:], None], strict=True):
        begins = max(first, rate.date_from)
        ends = paid_on if following is None else min(paid_on, following.date_from - _ONE_DAY)
        if begins <= ends:
            stretches.append(Stretch(begins, ends, rate.percent))
    return stretches


def statutory_interest(amount: Decimal, due_on: date, paid_on: date, rates: Iterable[Rate]) -> Decimal:
    """Interest for a late refund, to the grosz, half-up once at the end (F10, D7, D6).

    ``amount``: gross, what should have been paid by ``due_on``. Days and rates as in
    ``overdue_stretches``; nothing late, or nothing owed: 0. Raises ``NoRate``,
    ``InvalidRate``, ``NegativeDebt``, ``NotWholeGrosze`` and ``NotAnAmount``.

    >>> rates = [Rate(date(2025, 11, 6), Decimal("9.75")), Rate(date(2025, 12, 4), Decimal("9.5"))]
    >>> statutory_interest(Decimal("2616.47"), date(2025, 11, 30), date(2025, 12, 10), rates)
    Decimal('6.86')
    """
    if round_half_up(amount) != amount:
        raise NotWholeGrosze(amount=amount)
    if amount < 0:
        raise NegativeDebt(amount=amount)
    if not amount:
        return round_half_up(amount)
    percent_days = sum(stretch.percent * stretch.days for stretch in overdue_stretches(due_on, paid_on, rates))
    return round_half_up(amount * percent_days / (100 * _DAYS_OF_A_YEAR))


def _checked(rates: Iterable[Rate]) -> list[Rate]:
    """The rates by date; each valid, and one a day."""
    table = sorted(rates, key=lambda rate: rate.date_from)
    known = set()
    for rate in table:
        round_half_up(rate.percent)  # refuses what is not a Decimal
        if rate.percent < 0 or rate.date_from in known:
            raise InvalidRate(date_from=rate.date_from, percent=rate.percent)
        known.add(rate.date_from)
    return table
