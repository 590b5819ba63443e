"""Which hours pay for which work (P10, P23, C3, D11, D13).

tests/cases/package.csv: rows of one ``case`` belong together, in the order of their
recording (so the place in the file is the id). ``lot``: ``minutes`` valid from
``date_from`` to ``date_to``; ``left``: what is left of it at the end. ``work``: ``minutes``
charged for work on the day ``date_from``; ``burned``: the lots that give them, as
name:minutes, or beyond:minutes; ``left``: minutes left in the lots valid on that day after
it, in the order of burning.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from random import Random
from time import process_time

import pytest
from casebook import day, rows
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.errors import RuleError
from odoo.addons.support_plans.rules.terms import NegativeTerm, service_month
from odoo.addons.support_timesheet.rules.increments import NegativeMinutes
from odoo.addons.support_timesheet.rules.package import (
    ADJUSTMENT,
    MONTH,
    ORIGINS,
    PURCHASE,
    AfterEnd,
    Allocation,
    Balance,
    Entry,
    InvalidLot,
    Lot,
    Spent,
    TakesBackTooMuch,
    UnknownEntry,
    UnknownLot,
    alert_level,
    balance,
    burn,
    left_after,
    month_lot,
    take_back,
)

CASES = {name: list(members) for name, members in groupby(rows("package"), key=lambda row: row["case"])}
JUNE = date(2026, 6, 1), date(2026, 6, 30)
DAY_ZERO = date(2026, 6, 1)


def some_day(number):
    return DAY_ZERO + timedelta(days=number)


DAYS = st.integers(0, 9).map(some_day)
LOTS = st.lists(
    st.builds(
        lambda lot_id, minutes, first, length, origin: Lot(
            lot_id, minutes, some_day(first), some_day(first + length), origin
        ),
        st.integers(1, 99),
        st.integers(0, 12),
        st.integers(0, 9),
        st.integers(0, 5),
        st.sampled_from(ORIGINS),
    ),
    max_size=6,
    unique_by=lambda lot: lot.id,
)
ENTRIES = st.lists(
    st.builds(Entry, st.integers(1, 99), DAYS, st.integers(0, 12)), max_size=8, unique_by=lambda entry: entry.id
)


def in_order(entries):
    return sorted(entries, key=lambda entry: (entry.date, entry.id))


def minute_by_minute(lots, entries):
    """D13 told plainly: each minute looks at every lot. -> {(entry id, lot id): minutes}"""
    left = {lot.id: lot.minutes for lot in lots}
    taken = {}
    for entry in in_order(entries):
        for _minute in range(entry.minutes):
            valid = [lot for lot in lots if lot.date_from <= entry.date <= lot.date_to and left[lot.id]]
            best = min(valid, key=lambda lot: (lot.date_to, lot.date_from, lot.id), default=None)
            if best:
                left[best.id] -= 1
            key = entry.id, best.id if best else None
            taken[key] = taken.get(key, 0) + 1
    return taken


def spent_rows(entries, allocations):
    """Allocations as rows of the ledger."""
    on = {entry.id: entry.date for entry in entries}
    return [Spent(allocation.lot_id, on[allocation.entry_id], allocation.minutes) for allocation in allocations]


def spent_of(lots, allocations):
    """Minutes taken from each lot."""
    used = dict.fromkeys((lot.id for lot in lots), 0)
    for allocation in allocations:
        if allocation.lot_id is not None:
            used[allocation.lot_id] += allocation.minutes
    return used


@pytest.mark.parametrize("name", CASES)
def test_hours_are_burned_as_in_the_worked_example(name):
    """P10, P22, C3, D11, D13."""
    lot_rows = {number: row for number, row in enumerate(CASES[name], 1) if row["row"] == "lot"}
    work_rows = {number: row for number, row in enumerate(CASES[name], 1) if row["row"] == "work"}
    lots = [
        Lot(number, int(row["minutes"]), day(row["date_from"]), day(row["date_to"])) for number, row in lot_rows.items()
    ]
    works = [Entry(number, day(row["date_from"]), int(row["minutes"])) for number, row in work_rows.items()]
    allocations = burn(lots, works)
    names = {None: "beyond"} | {number: row["name"] for number, row in lot_rows.items()}
    left = left_after(lots, works, allocations)
    for number, row in work_rows.items():
        burned = [f"{names[one.lot_id]}:{one.minutes}" for one in allocations if one.entry_id == number]
        assert " ".join(burned) == row["burned"], row["name"]
        assert left[number] == int(row["left"]), row["name"]
    used = spent_of(lots, allocations)
    assert [lot.minutes - used[lot.id] for lot in lots] == [int(row["left"]) for row in lot_rows.values()]


@given(LOTS, ENTRIES)
def test_burning_is_what_each_minute_would_choose(lots, entries):
    """D13: compared with a minute-by-minute look at every lot."""
    burned = {(one.entry_id, one.lot_id): one.minutes for one in burn(lots, entries)}
    assert burned == minute_by_minute(lots, entries)


@given(LOTS, ENTRIES)
def test_minutes_in_are_minutes_allocated(lots, entries):
    """C3, D13: the sum of each entry is kept, each lot gives at most once to it and never nothing."""
    allocations = burn(lots, entries)
    for entry in entries:
        assert sum(one.minutes for one in allocations if one.entry_id == entry.id) == entry.minutes
    assert all(one.minutes > 0 for one in allocations)
    assert len({(one.entry_id, one.lot_id) for one in allocations}) == len(allocations)


@given(LOTS, ENTRIES)
def test_no_lot_goes_below_zero_or_pays_outside_its_validity(lots, entries):
    """C3, D11, D13."""
    allocations = burn(lots, entries)
    used = spent_of(lots, allocations)
    by_id = {lot.id: lot for lot in lots}
    dates = {entry.id: entry.date for entry in entries}
    assert all(used[lot.id] <= lot.minutes for lot in lots)
    for one in allocations:
        if one.lot_id is not None:
            assert by_id[one.lot_id].date_from <= dates[one.entry_id] <= by_id[one.lot_id].date_to


@given(LOTS, ENTRIES)
def test_work_goes_beyond_only_when_every_valid_lot_is_empty_and_in_order(lots, entries):
    """P10, P22, D13: the sequence of allocations is the order of burning."""
    allocations = burn(lots, entries)
    left = {lot.id: lot.minutes for lot in lots}
    rank = {entry.id: place for place, entry in enumerate(in_order(entries))}
    by_id = {entry.id: entry for entry in entries}
    places = [rank[one.entry_id] for one in allocations]
    assert places == sorted(places)
    for one in allocations:
        on = by_id[one.entry_id].date
        valid = [lot for lot in lots if lot.date_from <= on <= lot.date_to and left[lot.id]]
        first = min(valid, key=lambda lot: (lot.date_to, lot.date_from, lot.id), default=None)
        assert one.lot_id == (first.id if first else None)
        if first:
            left[first.id] -= one.minutes


@given(LOTS, ENTRIES, st.integers(0, 10**6))
def test_the_order_of_handing_over_does_not_matter(lots, entries, seed):
    """D13."""
    random = Random(seed)
    shuffled = burn(random.sample(lots, len(lots)), random.sample(entries, len(entries)))
    assert shuffled == burn(lots, entries)


@given(LOTS, ENTRIES, st.integers(0, 12))
def test_later_work_never_changes_what_was_burned_before(lots, entries, minutes):
    """D13: prefix stability."""
    before = burn(lots, entries)
    last = max((entry.date for entry in entries), default=DAY_ZERO)
    for later in (Entry(100, last, minutes), Entry(0, last + timedelta(days=1), minutes)):
        after = burn(lots, [*entries, later])
        assert after[: len(before)] == before
        assert {one.entry_id for one in after[len(before) :]} <= {later.id}


@given(LOTS, ENTRIES)
def test_left_after_each_work_equals_a_recount(lots, entries):
    """P10, F3."""
    allocations = burn(lots, entries)
    expected = {}
    for place, entry in enumerate(in_order(entries)):
        so_far = {one.id for one in in_order(entries)[: place + 1]}
        used = spent_of(lots, [one for one in allocations if one.entry_id in so_far])
        valid = [lot for lot in lots if lot.date_from <= entry.date <= lot.date_to]
        expected[entry.id] = sum(lot.minutes - used[lot.id] for lot in valid)
    assert left_after(reversed(lots), reversed(entries), reversed(allocations)) == expected


def test_left_after_sees_what_a_correction_gives_back():
    """D13: to the lot that is valid, and to one that is over without counting it."""
    lots = [Lot(1, 60, *JUNE), Lot(2, 60, date(2026, 7, 1), date(2026, 7, 31))]
    works = [
        Entry(1, JUNE[0], 60),
        Entry(2, JUNE[1], -30),
        Entry(3, date(2026, 7, 2), 20),
        Entry(4, lots[1].date_to, 0),
    ]
    rows_of_ledger = [Allocation(1, 1, 60), Allocation(2, 1, -30), Allocation(3, 2, 20), Allocation(4, 1, -10)]
    assert left_after(lots, works, rows_of_ledger) == {1: 0, 2: 30, 3: 40, 4: 40}


def test_left_after_sees_what_was_taken_from_a_lot_before_it_began():
    """D13: billed work stays where it is, also when the days of its lot were moved since."""
    moved = Lot(1, 60, date(2026, 6, 15), JUNE[1])
    works = [Entry(1, JUNE[0], 20), Entry(2, moved.date_from, 10)]
    assert left_after([moved], works, [Allocation(1, 1, 20), Allocation(2, 1, 10)]) == {1: 0, 2: 30}


def test_left_after_refuses_allocations_of_what_was_not_given():
    with pytest.raises(UnknownLot) as lot:
        left_after([], [Entry(1, JUNE[0], 30)], [Allocation(1, 5, 30)])
    assert lot.value.lot_id == 5
    with pytest.raises(UnknownEntry) as entry:
        left_after([Lot(5, 30, *JUNE)], [], [Allocation(8, None, 30), Allocation(7, 5, 30)])
    assert entry.value.entry_ids == (7, 8)


SPLITS = st.lists(st.integers(1, 30), max_size=4), st.integers(0, 30)


@given(*SPLITS, st.data())
def test_a_correction_undoes_the_last_burned_first(from_lots, beyond, data):
    """D13: beyond first, then lots from the last to the first."""
    allocations = [Allocation(7, number, minutes) for number, minutes in enumerate(from_lots, 1)]
    if beyond:
        allocations.append(Allocation(7, None, beyond))
    charged = sum(from_lots) + beyond
    minutes = data.draw(st.integers(0, charged))
    undone = take_back(allocations, minutes)
    assert sum(one.minutes for one in undone) == -minutes
    assert all(one.minutes < 0 and one.entry_id == 7 for one in undone)
    # Told plainly: the minutes in burning order, and the first of them stay.
    burned = [one.lot_id for one in allocations for _minute in range(one.minutes)]
    stays = burned[: charged - minutes]
    for one in allocations:
        given_back = -sum(other.minutes for other in undone if other.lot_id == one.lot_id)
        assert one.minutes - given_back == stays.count(one.lot_id)


@given(LOTS, ENTRIES, st.data())
def test_taking_back_in_two_steps_is_taking_back_at_once(lots, entries, data):
    """D13: an earlier correction is part of what is corrected; all of it taken back leaves nothing."""
    works = [entry for entry in entries if entry.minutes]
    if not works:
        return
    work = data.draw(st.sampled_from(works))
    own = [one for one in burn(lots, entries) if one.entry_id == work.id]
    first = data.draw(st.integers(0, work.minutes))
    second = data.draw(st.integers(0, work.minutes - first))

    def net(*steps):
        sums = {}
        for one in (one for step in steps for one in step):
            sums[one.lot_id] = sums.get(one.lot_id, 0) + one.minutes
        return {lot_id: minutes for lot_id, minutes in sums.items() if minutes}

    undone = take_back(own, first)
    again = take_back([*own, *undone], second)
    assert net(undone, again) == net(take_back(own, first + second))
    assert net(own, take_back(own, work.minutes)) == {}


def test_beyond_comes_back_first_wherever_the_ledger_keeps_it():
    """D13."""
    assert take_back([Allocation(8, None, 30), Allocation(8, 1, 30)], 40) == [
        Allocation(8, None, -30),
        Allocation(8, 1, -10),
    ]


def test_no_more_is_taken_back_than_was_charged():
    """D13."""
    billed = [Allocation(8, 1, 30), Allocation(8, None, 30)]
    for allocations, minutes, charged in ((billed, 61, 60), ([], 1, 0), ([*billed, *take_back(billed, 45)], 16, 15)):
        with pytest.raises(TakesBackTooMuch) as caught:
            take_back(allocations, minutes)
        assert (caught.value.charged, caught.value.minutes) == (charged, minutes)
    assert take_back([], 0) == []


@pytest.mark.parametrize(
    ("start", "number", "carry", "last_day", "first", "last"),
    [
        ("2026-01-15", 0, 0, "", "2026-01-15", "2026-02-14"),
        ("2026-01-31", 1, 0, "", "2026-02-28", "2026-03-30"),
        ("2026-01-31", 1, 1, "", "2026-02-28", "2026-04-29"),
        ("2026-01-01", 2, 3, "", "2026-03-01", "2026-06-30"),
        ("2026-01-01", 2, 3, "2026-04-30", "2026-03-01", "2026-04-30"),
        ("2026-01-01", 2, 0, "2026-03-31", "2026-03-01", "2026-03-31"),
        ("2026-01-01", 2, 0, "2026-03-10", "2026-03-01", "2026-03-10"),
        ("2026-01-01", 2, 0, "2026-03-01", "2026-03-01", "2026-03-01"),
        ("2026-01-01", 2, 1, "2027-12-31", "2026-03-01", "2026-04-30"),
    ],
)
def test_the_monthly_allowance_lives_for_its_service_month_and_those_carried(
    start, number, carry, last_day, first, last
):
    """P10, D11, D5."""
    assert month_lot(day(start), number, 180, carry, day(last_day)) == (day(first), day(last), 180)


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.integers(0, 60), st.integers(0, 12))
def test_without_carry_each_day_has_one_monthly_allowance(start, number, carry):
    """P10, D11: with a carry of N months, N more end no earlier than their month."""
    first, last, minutes = month_lot(start, number, 420, 0)
    assert (first, last) == service_month(start, number)
    assert minutes == 420
    carried = month_lot(start, number, 420, carry)
    assert carried == (first, service_month(start, number + carry)[1], 420)


def test_an_impossible_monthly_allowance_is_refused():
    with pytest.raises(AfterEnd) as caught:
        month_lot(JUNE[0], 1, 180, 0, JUNE[1])
    assert (caught.value.date_from, caught.value.last_day) == (date(2026, 7, 1), JUNE[1])
    with pytest.raises(NegativeMinutes):
        month_lot(JUNE[0], 0, -180, 0)
    for number, carry in ((-1, 0), (0, -1), (2, -1)):
        with pytest.raises(NegativeTerm):
            month_lot(JUNE[0], number, 180, carry)


BALANCE_LOTS = [
    Lot(1, 180, date(2026, 5, 1), date(2026, 5, 31), MONTH),
    Lot(2, 180, date(2026, 6, 1), date(2026, 6, 30), MONTH),
    Lot(3, 600, date(2026, 5, 10), date(2026, 6, 20), PURCHASE),
    Lot(4, 30, date(2026, 6, 15), date(2026, 12, 31), ADJUSTMENT),
]
BALANCE_ROWS = [
    Spent(1, date(2026, 5, 5), 100),
    Spent(None, date(2026, 5, 6), 15),
    Spent(3, date(2026, 5, 20), 60),
    Spent(3, date(2026, 6, 2), 540),
    Spent(2, date(2026, 6, 10), 180),
    Spent(None, date(2026, 6, 11), 45),
    Spent(4, date(2026, 6, 15), 30),
    Spent(None, date(2026, 6, 16), 60),
    Spent(None, date(2026, 6, 17), -20),
]


@pytest.mark.parametrize(
    ("month_first", "on", "expected"),
    [
        ("2026-04-01", "2026-04-30", Balance(0, 0, 0, 0, 0, 0)),
        ("2026-05-01", "2026-05-01", Balance(180, 0, 0, 0, 180, 0)),
        ("2026-05-01", "2026-05-05", Balance(180, 0, 100, 0, 80, 0)),
        ("2026-05-01", "2026-05-31", Balance(180, 600, 160, 0, 620, 15)),
        ("2026-06-01", "2026-06-01", Balance(180, 600, 60, 80, 720, 0)),
        ("2026-06-01", "2026-06-11", Balance(180, 600, 780, 80, 0, 45)),
        ("2026-06-01", "2026-06-15", Balance(180, 630, 810, 80, 0, 45)),
        ("2026-06-01", "2026-06-16", Balance(180, 630, 810, 80, 0, 105)),
        ("2026-06-01", "2026-06-17", Balance(180, 630, 810, 80, 0, 85)),
        ("2026-06-01", "2026-06-21", Balance(180, 30, 210, 80, 0, 85)),
        ("2026-07-01", "2026-07-01", Balance(0, 30, 30, 80, 0, 0)),
        ("2027-01-01", "2027-01-01", Balance(0, 0, 0, 80, 0, 0)),
    ],
)
def test_balance_on_any_day(month_first, on, expected):
    """P10, F3, C3, D11: lost hours stay lost, hours beyond are those of the service month."""
    assert balance(BALANCE_LOTS, BALANCE_ROWS, day(month_first), day(on)) == expected


@given(LOTS, ENTRIES, DAYS, st.integers(0, 9))
def test_balance_accounts_for_every_minute_up_to_the_day(lots, entries, on, month_length):
    """P10, F3, C3."""
    allocations = burn(lots, entries)
    spent = spent_rows(entries, allocations)
    month_first = on - timedelta(days=month_length)
    result = balance(lots, spent, month_first, on)
    assert result.left >= 0 and result.expired >= 0 and result.beyond >= 0
    assert result.allowance + result.bought == result.used + result.left
    begun = [lot for lot in lots if lot.date_from <= on]
    over = {lot.id for lot in begun if lot.date_to < on}
    used_up_then = sum(row.minutes for row in spent if row.lot_id in over)
    granted = sum(lot.minutes for lot in begun)
    assert granted == result.used + result.left + result.expired + used_up_then
    assert result.beyond == sum(row.minutes for row in spent if row.lot_id is None and month_first <= row.date <= on)
    # What comes later changes nothing: asking on any day gives the same answer.
    by_then = [row for row in spent if row.date <= on]
    assert balance(begun, by_then, month_first, on) == result


@given(LOTS, ENTRIES, DAYS)
def test_balance_at_the_end_of_a_day_is_what_is_left_after_its_last_work(lots, entries, on):
    """P10, F3."""
    allocations = burn(lots, entries)
    at_end = Entry(100, on, 0)
    left = left_after(lots, [*entries, at_end], allocations)[at_end.id]
    assert balance(lots, spent_rows(entries, allocations), DAY_ZERO, on).left == left


def test_balance_refuses_a_row_of_an_unknown_lot():
    with pytest.raises(UnknownLot) as caught:
        balance([], [Spent(5, JUNE[0], 30)], *JUNE)
    assert caught.value.lot_id == 5


@pytest.mark.parametrize(
    ("minutes", "used", "level"),
    [(180, 0, 0), (180, 143, 0), (180, 144, 80), (180, 179, 80), (180, 180, 100), (180, 200, 100)]
    + [(7, 5, 0), (7, 6, 80), (1, 0, 0), (1, 1, 100), (0, 0, 0), (0, 5, 0)],
)
def test_people_are_told_at_80_and_at_100_percent(minutes, used, level):
    """P10, C3."""
    assert alert_level(minutes, used) == level


def test_time_below_zero_and_impossible_lots_are_refused():
    lot, entry = Lot(1, 60, *JUNE), Entry(1, JUNE[0], 30)
    refused = [
        lambda: burn([replace(lot, minutes=-1)], [entry]),
        lambda: burn([lot], [replace(entry, minutes=-1)]),
        lambda: left_after([replace(lot, minutes=-1)], [], []),
        lambda: balance([replace(lot, minutes=-1)], [], *JUNE),
        lambda: take_back([], -1),
        lambda: alert_level(-1, 0),
        lambda: alert_level(1, -1),
    ]
    for ask in refused:
        with pytest.raises(NegativeMinutes) as caught:
            ask()
        assert caught.value.value == -1
    asks = [lambda lots: burn(lots, []), lambda lots: left_after(lots, [], []), lambda lots: balance(lots, [], *JUNE)]
    for wrong in (replace(lot, date_to=lot.date_from - timedelta(days=1)), replace(lot, origin="gift")):
        for ask in asks:
            with pytest.raises(InvalidLot) as caught:
                ask([wrong])
            assert (caught.value.id, caught.value.origin) == (1, wrong.origin)
    assert issubclass(InvalidLot, RuleError)


def test_five_thousand_works_and_five_hundred_lots_burn_at_once():
    """Half a second where 10 ms are needed: catches a look at every lot for each work, on any machine."""
    lots = [Lot(number, 300, some_day(number), some_day(number + 365)) for number in range(500)]
    works = [Entry(number, some_day(number % 700), 45) for number in range(5000)]
    began = process_time()
    left = left_after(lots, works, burn(lots, works))
    assert process_time() - began < 0.5
    assert len(left) == len(works)
