"""What an invoice asks for work beyond the package (P22, B1).

"Settlement is a list of works with their time."
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from odoo.addons.support_plans.rules.money import round_half_up

_HOUR = 60


@dataclass(frozen=True, slots=True)
class DueEntry:
    """A row of the ledger that no invoice line has yet.

    ``month_start``: first day of the service month of the work. ``rate``: net per hour.
    ``minutes`` are negative on a correction.
    """

    id: int
    month_start: date
    rate: Decimal
    minutes: int


@dataclass(frozen=True, slots=True)
class DueLine:
    """An invoice line to be made: ``minutes`` of the works ``entry_ids`` (sorted) at one rate."""

    month_start: date
    rate: Decimal
    minutes: int
    entry_ids: tuple[int, ...]


def group_due(entries: Iterable[DueEntry]) -> list[DueLine]:
    """One line for each service month and rate, by month and then by rate (P22).

    "Quantity = minutes due less minutes already billed": who asks hands over only what no
    invoice line has, so billing again right away bills nothing. A correction (negative)
    is set off against other work of its month and rate. Where nothing or less than nothing
    remains there is no line: those entries stay due, until later work of that month and
    rate makes up for them (or a credit note does). The order of ``entries`` does not matter.

    >>> june, rate = date(2026, 6, 1), Decimal("165.00")
    >>> [line.minutes for line in group_due([DueEntry(1, june, rate, 60), DueEntry(2, june, rate, -30)])]
    [30]
    >>> group_due([DueEntry(2, june, rate, -30)])
    []
    """
    groups: dict[tuple[date, Decimal], list[DueEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.month_start, entry.rate), []).append(entry)
    lines = []
    for (month_start, rate), group in sorted(groups.items(), key=lambda item: item[0]):
        minutes = sum(entry.minutes for entry in group)
        if minutes > 0:
            ids = tuple(sorted(entry.id for entry in group))
            lines.append(DueLine(month_start, rate, minutes, ids))
    return lines


def billed_from(month_end: date, agreement_end: date | None = None) -> date:
    """The first day on which work beyond the package of a service month is billed: month or agreement are over.

    >>> billed_from(date(2026, 6, 30)), billed_from(date(2026, 6, 30), date(2026, 6, 15))
    (datetime.date(2026, 7, 1), datetime.date(2026, 6, 16))
    """
    last = min(month_end, agreement_end) if agreement_end else month_end
    return last + timedelta(days=1)


def hours(minutes: int, digits: int = 2) -> Decimal:
    """The quantity of an invoice line: hours, rounded half-up to ``digits`` places.

    >>> hours(30), hours(20), hours(-20)
    (Decimal('0.50'), Decimal('0.33'), Decimal('-0.33'))
    """
    return round_half_up(Decimal(minutes) / _HOUR, digits)


def amount(minutes: int, rate: Decimal, digits: int = 2) -> Decimal:
    """Net amount of an invoice line: its quantity (``hours``) times the rate (P22, D6).

    From the rounded quantity, so that the line adds up for the reader of the invoice.
    Raises ``NotAnAmount``.

    >>> amount(30, Decimal("165.00")), amount(20, Decimal("165.00"))
    (Decimal('82.50'), Decimal('54.45'))
    """
    return round_half_up(hours(minutes, digits) * rate)


def exact_amount(minutes: int, rate: Decimal, discount: Decimal = Decimal(0)) -> Decimal:
    """Net amount of one work, from its exact minutes: what the works of an invoice line add up to (B1).

    ``discount``: in percent, as the invoice line has it (F12).
    Raises ``NotAnAmount``.

    >>> exact_amount(20, Decimal("165.00")) * 3 == amount(60, Decimal("165.00"))
    True
    >>> exact_amount(20, Decimal("165.00"), Decimal(10))
    Decimal('49.50')
    """
    return round_half_up(minutes * rate * (100 - discount) / (100 * _HOUR))
