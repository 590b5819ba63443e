"""Which hours pay for which work (P10, C3, D11, D13).

    "Hours are burned by date of work, the package that expires first first, then the
    older" (D13).

A *lot* is a number of minutes with a first and a last day; an *entry* is charged time on
a day; an *allocation* says which lot gave how many of its minutes, or none: beyond the
package. Nothing here knows what is billed: who asks hands over what may still change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush

from odoo.addons.support_plans.rules.errors import RuleError
from odoo.addons.support_plans.rules.terms import NegativeTerm, service_month

from .increments import not_negative

MONTH = "month"
PURCHASE = "purchase"
ADJUSTMENT = "adjustment"
ORIGINS = (MONTH, PURCHASE, ADJUSTMENT)

# Percent of a lot at which the client and the consultant are told.
ALERTS = (100, 80)


class InvalidLot(RuleError):
    """A lot that is over before it begins, or of no known origin.

    Attributes: ``id``, ``date_from``, ``date_to``, ``origin``.
    """


class UnknownLot(RuleError):
    """An allocation from a lot that was not given. Attribute: ``lot_id``."""


class UnknownEntry(RuleError):
    """Allocations of entries that were not given. Attribute: ``entry_ids``, sorted."""


class TakesBackTooMuch(RuleError):
    """More to take back than was charged. Attributes: ``charged``, ``minutes``."""


class AfterEnd(RuleError):
    """A month that begins after the agreement ended. Attributes: ``date_from``, ``last_day``."""


@dataclass(frozen=True, slots=True)
class Lot:
    """``minutes`` that may pay for work from ``date_from`` to ``date_to``, both days included.

    ``id`` sorts the older lot first among lots of the same days. ``origin``: one of
    ``ORIGINS``, which only ``balance`` reads.
    """

    id: int
    minutes: int
    date_from: date
    date_to: date
    origin: str = MONTH


@dataclass(frozen=True, slots=True)
class Entry:
    """``minutes`` charged for work of the day ``date``; ``id`` orders works of one day."""

    id: int
    date: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """``minutes`` of an entry from a lot; ``lot_id`` None: beyond the package.

    Negative only in a correction (``take_back``).
    """

    entry_id: int
    lot_id: int | None
    minutes: int


@dataclass(frozen=True, slots=True)
class Spent:
    """A row of the ledger: an allocation with the day of the work; ``lot_id`` None: beyond."""

    lot_id: int | None
    date: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Hours of a client on a day, all in minutes.

    ``allowance`` and ``bought`` (adjustments too): in the lots valid on the day. ``used``:
    burned from those lots, the day included. ``expired``: lost in lots that ended before
    the day. ``left``: allowance + bought - used. ``beyond``: worked beyond the package in
    the service month, up to and including the day.
    """

    allowance: int
    bought: int
    used: int
    expired: int
    left: int
    beyond: int


def burn(lots: Iterable[Lot], entries: Iterable[Entry]) -> list[Allocation]:
    """Allocate every entry to lots and beyond.

    "By date of *work*, the package that expires first first, then the older" (D13):
    entries by (date, id); for each, the lots valid on its day by (date_to, date_from, id)
    until it is paid, the rest beyond the package. The order in which they are handed over
    does not matter; entries of no minutes give nothing. n entries and m lots take
    O((n + m) log m). Raises ``NegativeMinutes`` and ``InvalidLot``.

    >>> june = date(2026, 6, 1), date(2026, 6, 30)
    >>> for allocation in burn([Lot(1, 180, *june)], [Entry(7, june[0], 150), Entry(8, june[1], 60)]):
    ...     print(allocation)
    Allocation(entry_id=7, lot_id=1, minutes=150)
    Allocation(entry_id=8, lot_id=1, minutes=30)
    Allocation(entry_id=8, lot_id=None, minutes=30)
    """
    coming = sorted(lots, key=lambda lot: lot.date_from, reverse=True)
    for lot in coming:
        _check_lot(lot)
    allocations = []
    # Lots that have begun, the first to burn on top: [date_to, date_from, id, minutes left].
    begun: list[list] = []
    for entry in _in_order(entries):
        not_negative(minutes=entry.minutes)
        due, day = entry.minutes, entry.date
        while coming and coming[-1].date_from <= day:
            lot = coming.pop()
            heappush(begun, [lot.date_to, lot.date_from, lot.id, lot.minutes])
        while due and begun:
            top = begun[0]
            # Days only go forward: what is over, or empty, stays so.
            if top[0] < day or not top[3]:
                heappop(begun)
                continue
            taken = min(due, top[3])
            top[3] -= taken
            due -= taken
            allocations.append(Allocation(entry.id, top[2], taken))
        if due:
            allocations.append(Allocation(entry.id, None, due))
    return allocations


def left_after(lots: Iterable[Lot], entries: Iterable[Entry], allocations: Iterable[Allocation]) -> dict[int, int]:
    """Minutes left after each entry in the lots valid on its day (P10, F3): entry id -> minutes.

    "After" is the order of burning; ``allocations`` are those of ``burn``, or of the
    ledger with its corrections. Raises ``UnknownLot`` and ``UnknownEntry`` for allocations
    of what was not given, and ``InvalidLot`` and ``NegativeMinutes`` for a lot.

    >>> june = date(2026, 6, 1), date(2026, 6, 30)
    >>> lots, works = [Lot(1, 180, *june)], [Entry(7, june[0], 150), Entry(8, june[1], 60)]
    >>> left_after(lots, works, burn(lots, works))
    {7: 30, 8: 0}
    """
    by_start = sorted(lots, key=lambda lot: lot.date_from, reverse=True)
    by_end = sorted(by_start, key=lambda lot: lot.date_to, reverse=True)
    remaining = {lot.id: lot.minutes for lot in by_start}
    for lot in by_start:
        _check_lot(lot)
    of_entry: dict[int, list[Allocation]] = {}
    for allocation in allocations:
        if allocation.lot_id is not None and allocation.lot_id not in remaining:
            raise UnknownLot(lot_id=allocation.lot_id)
        of_entry.setdefault(allocation.entry_id, []).append(allocation)
    valid: set[int] = set()
    total, result = 0, {}
    for entry in _in_order(entries):
        while by_start and by_start[-1].date_from <= entry.date:
            lot = by_start.pop()
            valid.add(lot.id)
            total += remaining[lot.id]
        while by_end and by_end[-1].date_to < entry.date:
            # Begun as well: a lot ends on its first day or later.
            lot = by_end.pop()
            valid.remove(lot.id)
            total -= remaining[lot.id]
        for allocation in of_entry.pop(entry.id, ()):
            if allocation.lot_id is None:
                continue
            remaining[allocation.lot_id] -= allocation.minutes
            if allocation.lot_id in valid:
                total -= allocation.minutes
        result[entry.id] = total
    if of_entry:
        raise UnknownEntry(entry_ids=tuple(sorted(of_entry)))
    return result


def take_back(allocations: Sequence[Allocation], minutes: int) -> list[Allocation]:
    """Negative allocations that undo ``minutes`` of one entry: last burned, first undone.

    "Invoiced allocations never change (a correction is a new entry)" (D13). What went
    beyond the package comes back first, then the lots from the last to the first.
    ``allocations``: all of that entry in the order of burning, earlier corrections of it
    included; the answer carries the entry id of the first. No minutes: no allocations.
    Raises ``NegativeMinutes`` and ``TakesBackTooMuch``.

    >>> billed = [Allocation(8, 1, 30), Allocation(8, None, 30)]
    >>> take_back(billed, 45)
    [Allocation(entry_id=8, lot_id=None, minutes=-30), Allocation(entry_id=8, lot_id=1, minutes=-15)]
    """
    not_negative(minutes=minutes)
    # Beyond the package last, whatever the order of the ledger: it is undone first.
    charged: dict[int | None, int] = {}
    for allocation in sorted(allocations, key=lambda one: one.lot_id is None):
        charged[allocation.lot_id] = charged.get(allocation.lot_id, 0) + allocation.minutes
    if minutes > sum(charged.values()):
        raise TakesBackTooMuch(charged=sum(charged.values()), minutes=minutes)
    undone = []
    for lot_id, taken in reversed(charged.items()):
        back = min(minutes, taken)
        if back > 0:
            undone.append(Allocation(allocations[0].entry_id, lot_id, -back))
            minutes -= back
    return undone


def month_lot(
    start: date, number: int, minutes: int, carry_months: int, last_day: date | None = None
) -> tuple[date, date, int]:
    """First day, last day and minutes of the allowance of a service month (P10).

    "The month of the package is the service month of the agreement. Unused monthly package
    hours are lost at its end unless the terms allow carry-over of N months" (D11): the
    allowance of month ``number`` (0-based) of an agreement that began on ``start`` lives to
    the end of month ``number`` + ``carry_months``, and never past ``last_day``, the
    agreement's end (None: open-ended). A month cut short keeps all its minutes.
    Raises ``NegativeMinutes``, ``NegativeTerm`` and ``AfterEnd``.

    >>> date_from, date_to, minutes = month_lot(date(2026, 1, 31), 1, 180, 1)
    >>> date_from.isoformat(), date_to.isoformat(), minutes
    ('2026-02-28', '2026-04-29', 180)
    """
    not_negative(minutes=minutes)
    if carry_months < 0:
        raise NegativeTerm(number=carry_months)
    date_from, _month_end = service_month(start, number)
    _month_start, date_to = service_month(start, number + carry_months)
    if last_day is None:
        return date_from, date_to, minutes
    if last_day < date_from:
        raise AfterEnd(date_from=date_from, last_day=last_day)
    return date_from, min(date_to, last_day), minutes


def balance(lots: Iterable[Lot], spent: Iterable[Spent], month_first: date, day: date) -> Balance:
    """The hours of a client at the end of ``day``, by lots and ledger (P10, F3, C3).

    ``month_first``: first day of the service month of ``day``. Rows of the ledger after
    ``day`` do not count yet, lots that begin after it neither.
    Raises ``UnknownLot``, ``InvalidLot`` and ``NegativeMinutes``.

    >>> lot, day = Lot(1, 180, date(2026, 6, 1), date(2026, 6, 30)), date(2026, 6, 15)
    >>> rows = [Spent(1, day, 150), Spent(1, date(2026, 6, 16), 30)]
    >>> balance([lot], rows, lot.date_from, day)
    Balance(allowance=180, bought=0, used=150, expired=0, left=30, beyond=0)
    """
    used_of: dict[int, int] = {}
    beyond = 0
    for row in spent:
        if row.date > day:
            continue
        if row.lot_id is not None:
            used_of[row.lot_id] = used_of.get(row.lot_id, 0) + row.minutes
        elif row.date >= month_first:
            beyond += row.minutes
    allowance = bought = used = expired = 0
    for lot in lots:
        _check_lot(lot)
        used_of_lot = used_of.pop(lot.id, 0)
        if lot.date_to < day:
            expired += lot.minutes - used_of_lot
        elif lot.date_from <= day:
            used += used_of_lot
            if lot.origin == MONTH:
                allowance += lot.minutes
            else:
                bought += lot.minutes
    if used_of:
        raise UnknownLot(lot_id=min(used_of))
    return Balance(allowance, bought, used, expired, allowance + bought - used, beyond)


def alert_level(minutes: int, used: int) -> int:
    """Percent of a lot of which people are to be told: 100, 80, or 0 for nothing yet.

    A lot of no minutes alerts nobody. Raises ``NegativeMinutes``.

    >>> [alert_level(180, used) for used in (143, 144, 179, 180)]
    [0, 80, 80, 100]
    """
    not_negative(minutes=minutes, used=used)
    if not minutes:
        return 0
    return next((percent for percent in ALERTS if used * 100 >= minutes * percent), 0)


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in the order of burning (D13)."""
    return sorted(entries, key=lambda entry: (entry.date, entry.id))


def _check_lot(lot: Lot) -> None:
    not_negative(minutes=lot.minutes)
    if lot.date_to < lot.date_from or lot.origin not in ORIGINS:
        raise InvalidLot(id=lot.id, date_from=lot.date_from, date_to=lot.date_to, origin=lot.origin)
