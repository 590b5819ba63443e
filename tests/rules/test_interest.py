"""Statutory interest on a late refund (F10, D6, D7).

tests/cases/interest.csv: ``amount`` gross, due and paid on a day, ``rates`` as day:percent;
expected: ``days`` late and ``interest``. Rates of years to come are made up.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from casebook import cases, day
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.interest import (
    InvalidRate,
    NegativeDebt,
    NoRate,
    Rate,
    Stretch,
    overdue_days,
    overdue_stretches,
    statutory_interest,
)
from odoo.addons.support_plans.rules.money import NotAnAmount, NotWholeGrosze

DAY_ZERO = date(2025, 1, 1)
ONE_DAY = timedelta(days=1)
AMOUNTS = st.integers(0, 10**8).map(lambda number: Decimal(number) / 100)
PERCENTS = st.integers(0, 2500).map(lambda number: Decimal(number) / 100)
LATER_RATES = st.lists(
    st.builds(Rate, st.integers(1, 90).map(lambda number: DAY_ZERO + timedelta(days=number)), PERCENTS),
    max_size=3,
    unique_by=lambda rate: rate.date_from,
)
TABLES = st.tuples(st.builds(Rate, st.just(DAY_ZERO), PERCENTS), LATER_RATES).map(lambda pair: [*pair[1], pair[0]])
DAYS = st.integers(0, 90).map(lambda number: DAY_ZERO + timedelta(days=number))


def table(text):
    pairs = [entry.split(":") for entry in text.split()]
    return [Rate(day(date_from), Decimal(percent)) for date_from, percent in pairs]


def days_late(due_on, paid_on):
    return [due_on + timedelta(days=count) for count in range(1, (paid_on - due_on).days + 1)]


def rate_on(rates, today):
    return max((rate for rate in rates if rate.date_from <= today), key=lambda rate: rate.date_from).percent


@pytest.mark.parametrize("case", cases("interest"))
def test_interest_is_that_of_the_worked_example(case):
    """F10, D6, D7."""
    due_on, paid_on, rates = day(case["due_on"]), day(case["paid_on"]), table(case["rates"])
    assert overdue_days(due_on, paid_on) == int(case["days"])
    assert sum(stretch.days for stretch in overdue_stretches(due_on, paid_on, rates)) == int(case["days"])
    interest = statutory_interest(Decimal(case["amount"]), due_on, paid_on, rates)
    assert interest == Decimal(case["interest"])
    assert interest.as_tuple().exponent == -2


@given(AMOUNTS, DAYS, DAYS, TABLES)
def test_interest_is_that_of_each_day_at_its_rate(amount, due_on, paid_on, rates):
    """F10, D7: compared with a walk day by day."""
    percents = [Fraction(rate_on(rates, today)) for today in days_late(due_on, paid_on)]
    exact = Fraction(amount) * sum(percents) / 36500
    expected = Decimal(int(exact * 100 + Fraction(1, 2))) / 100
    assert statutory_interest(amount, due_on, paid_on, rates) == expected
    assert overdue_days(due_on, paid_on) == len(percents)


@given(DAYS, DAYS, TABLES)
def test_stretches_follow_each_other_and_cover_each_late_day_once(due_on, paid_on, rates):
    """D7."""
    stretches = overdue_stretches(due_on, paid_on, rates)
    covered = [
        (stretch.first + timedelta(days=count), stretch.percent)
        for stretch in stretches
        for count in range(stretch.days)
    ]
    assert covered == [(today, rate_on(rates, today)) for today in days_late(due_on, paid_on)]
    assert all(earlier.last + ONE_DAY == later.first for earlier, later in pairwise(stretches))
    if stretches:
        assert stretches[0].first == due_on + ONE_DAY and stretches[-1].last == paid_on


@given(AMOUNTS, DAYS, DAYS, TABLES, st.integers(0, 60), AMOUNTS)
def test_paying_later_or_owing_more_never_costs_less(amount, due_on, paid_on, rates, days, more):
    """F10."""
    interest = statutory_interest(amount, due_on, paid_on, rates)
    assert interest >= 0
    assert statutory_interest(amount, due_on, paid_on + timedelta(days=days), rates) >= interest
    assert statutory_interest(amount + more, due_on, paid_on, rates) >= interest


def test_a_day_without_a_rate_is_named_and_no_rate_is_invented():
    """D7: the table is the company's."""
    due_on, paid_on = date(2025, 10, 1), date(2025, 10, 20)
    for rates in ([], [Rate(date(2025, 10, 3), Decimal(10))]):
        with pytest.raises(NoRate) as refused:
            statutory_interest(Decimal("1.00"), due_on, paid_on, rates)
        assert refused.value.on == date(2025, 10, 2)
        assert statutory_interest(Decimal("1.00"), due_on, due_on, rates) == 0
        assert statutory_interest(Decimal("0.00"), due_on, paid_on, rates) == 0
    assert overdue_stretches(due_on, paid_on, [Rate(date(2025, 10, 2), Decimal(10))]) == [
        Stretch(date(2025, 10, 2), paid_on, Decimal(10))
    ]


@pytest.mark.parametrize(
    ("amount", "rates", "error", "values"),
    [
        ("-0.01", [("2025-01-01", "1")], NegativeDebt, {"amount": Decimal("-0.01")}),
        ("0.001", [("2025-01-01", "1")], NotWholeGrosze, {"amount": Decimal("0.001")}),
        ("NaN", [("2025-01-01", "1")], NotAnAmount, None),
        ("1.00", [("2025-01-01", "NaN")], NotAnAmount, None),
        ("1.00", [("2025-01-01", "-1")], InvalidRate, {"date_from": DAY_ZERO, "percent": Decimal(-1)}),
        (
            "1.00",
            [("2025-01-01", "1"), ("2025-01-01", "2")],
            InvalidRate,
            {"date_from": DAY_ZERO, "percent": Decimal(2)},
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_values(amount, rates, error, values):
    """D7."""
    known = [Rate(day(date_from), Decimal(percent)) for date_from, percent in rates]
    with pytest.raises(error) as refused:
        statutory_interest(Decimal(amount), date(2025, 6, 1), date(2025, 7, 1), known)
    assert values is None or refused.value.values == values
