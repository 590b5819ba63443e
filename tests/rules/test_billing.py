"""What an invoice asks for work beyond the package (P22, B1, D6, D13).

tests/cases/overage.csv: rows of one ``case`` belong together. ``work``: a row of the ledger
that is not billed yet, with the service month's first day, the net hourly rate and its
minutes beyond the package. ``line``: an invoice line that results, in order, with its
quantity (hours) and net amount. A case without lines bills nothing.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from random import Random

import pytest
from casebook import day, rows
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.money import NotAnAmount
from odoo.addons.support_timesheet.rules.billing import DueEntry, DueLine, amount, group_due, hours

CASES = {name: list(members) for name, members in groupby(rows("overage"), key=lambda row: row["case"])}
RATES = st.sampled_from([Decimal("165.00"), Decimal("140.00"), Decimal("0.00")])
MONTHS = st.sampled_from([day("2026-05-15"), day("2026-06-15"), day("2026-07-15")])
DUE = st.lists(
    st.builds(DueEntry, st.integers(1, 99), MONTHS, RATES, st.integers(-60, 120)),
    max_size=15,
    unique_by=lambda entry: entry.id,
)


def due_entries(works):
    return [
        DueEntry(number, day(row["month_start"]), Decimal(row["rate"]), int(row["minutes"]))
        for number, row in enumerate(works, 1)
    ]


@pytest.mark.parametrize("name", CASES)
def test_lines_are_those_of_the_worked_example(name):
    """P22, P7, B1, D6, D13."""
    works = [row for row in CASES[name] if row["row"] == "work"]
    expected = [row for row in CASES[name] if row["row"] == "line"]
    lines = group_due(due_entries(works))
    assert [(line.month_start, line.rate, line.minutes) for line in lines] == [
        (day(row["month_start"]), Decimal(row["rate"]), int(row["minutes"])) for row in expected
    ]
    for line, row in zip(lines, expected, strict=True):
        assert hours(line.minutes) == Decimal(row["hours"])
        assert amount(line.minutes, line.rate) == Decimal(row["amount"])


@given(DUE)
def test_every_minute_is_in_one_line_or_stays_due(entries):
    """P22, B1, D13: one line per month and rate, never for nothing or less."""
    lines = group_due(entries)
    keys = [(line.month_start, line.rate) for line in lines]
    assert all(earlier < later for earlier, later in pairwise(keys))
    billed = [entry_id for line in lines for entry_id in line.entry_ids]
    assert len(billed) == len(set(billed))
    by_id = {entry.id: entry for entry in entries}
    for line in lines:
        assert line.minutes == sum(by_id[entry_id].minutes for entry_id in line.entry_ids) > 0
        assert list(line.entry_ids) == sorted(line.entry_ids)
        assert {(by_id[one].month_start, by_id[one].rate) for one in line.entry_ids} == {(line.month_start, line.rate)}
    waiting = {}
    for entry in entries:
        if entry.id not in billed:
            key = entry.month_start, entry.rate
            waiting[key] = waiting.get(key, 0) + entry.minutes
    assert not set(waiting) & set(keys)
    assert all(minutes <= 0 for minutes in waiting.values())


@given(DUE)
def test_billing_again_bills_nothing(entries):
    """P22: what has a line is not due any more; corrections that wait bill nothing."""
    billed = {entry_id for line in group_due(entries) for entry_id in line.entry_ids}
    assert group_due([entry for entry in entries if entry.id not in billed]) == []


@given(DUE, st.integers(0, 10**6))
def test_the_order_of_the_works_does_not_matter(entries, seed):
    """P22."""
    shuffled = Random(seed).sample(entries, len(entries))
    assert group_due(shuffled) == group_due(entries)


def test_one_rate_written_in_two_ways_is_one_line():
    """P22: 165 and 165.00 zł are the same rate."""
    month = day("2026-06-01")
    entries = [DueEntry(1, month, Decimal("165"), 30), DueEntry(2, month, Decimal("165.00"), 30)]
    assert group_due(entries) == [DueLine(month, Decimal(165), 60, (1, 2))]


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_hours_are_the_nearest_and_mirror_a_correction(minutes, digits):
    """D6."""
    rounded = hours(minutes, digits)
    step = Fraction(1, 10**digits)
    assert Fraction(rounded) % step == 0
    off = abs(Fraction(rounded)) - Fraction(abs(minutes), 60)
    assert -step / 2 < off <= step / 2
    assert hours(-minutes, digits) == -rounded
    assert rounded.as_tuple().exponent == -digits


@given(st.integers(-(10**5), 10**5), st.integers(0, 10**5).map(lambda grosze: Decimal(grosze) / 100))
def test_the_amount_is_quantity_times_rate_to_the_grosz(minutes, rate):
    """P22, D6: as any reader of the invoice computes it."""
    exact = Fraction(hours(minutes)) * Fraction(rate)
    off = abs(Fraction(amount(minutes, rate))) - abs(exact)
    assert -Fraction(1, 200) < off <= Fraction(1, 200)
    assert amount(minutes, rate).as_tuple().exponent == -2
    assert amount(-minutes, rate) == -amount(minutes, rate)


@pytest.mark.parametrize(
    ("minutes", "digits", "quantity"),
    [(3, 1, "0.1"), (3, 2, "0.05"), (30, 0, "1"), (20, 4, "0.3333"), (40, 3, "0.667")],
)
def test_half_of_the_last_place_goes_up(minutes, digits, quantity):
    """D6: also where invoices are set to other decimal places of a quantity."""
    assert str(hours(minutes, digits)) == quantity


def test_the_amount_follows_the_decimal_places_of_the_quantity():
    """D6."""
    assert amount(20, Decimal("165.00")) == Decimal("54.45")
    assert amount(20, Decimal("165.00"), 4) == Decimal("54.99")


def test_a_rate_that_is_a_float_is_refused():
    """D6: never a float."""
    with pytest.raises((NotAnAmount, TypeError)):
        amount(30, 165.0)
