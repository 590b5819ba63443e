"""Months, minimum term, notice, refund date and change of plan (P9, F6, F10, D3, D5, D7)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from casebook import cases, day
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.terms import (
    BeforeStart,
    NegativeTerm,
    UnknownMonthRule,
    earliest_end,
    min_term_end,
    months_worked,
    next_service_month,
    plan_change_on,
    plan_change_refused_until,
    refund_due_on,
    service_month,
    service_month_number,
)

ONE_DAY = timedelta(days=1)
STARTS = st.one_of(
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    st.sampled_from([date(2026, 1, day) for day in (28, 29, 30, 31)] + [date(2028, 2, 29)]),
)


@pytest.mark.parametrize("case", cases("service_months"))
def test_service_month_is_anchored_to_the_start(case):
    """D5, D11."""
    start, number = day(case["start"]), int(case["number"])
    first, last = day(case["first"]), day(case["last"])
    assert service_month(start, number) == (first, last)
    assert service_month_number(start, first) == service_month_number(start, last) == number
    assert next_service_month(start, first) == next_service_month(start, last) == last + ONE_DAY


@pytest.mark.parametrize("case", cases("earliest_end"))
def test_earliest_end_is_the_later_of_minimum_term_and_notice(case):
    """D3, P7, P9, F6."""
    start, months = day(case["start"]), int(case["min_term_months"])
    assert min_term_end(start, months) == day(case["min_term_end"])
    requested, notice = day(case["requested_on"]), int(case["notice_months"])
    assert earliest_end(start, months, requested, notice) == day(case["earliest_end"])


@pytest.mark.parametrize("case", cases("refund_due"))
def test_refund_is_due_on_a_working_day(case):
    """F10, D7, D15."""
    holidays = {day(text) for text in case["holidays"].split()}
    accepted, days = day(case["accepted_on"]), int(case["days"])
    assert accepted + timedelta(days=days) == day(case["plain"])
    assert refund_due_on(accepted, days, holidays) == day(case["due"])


@pytest.mark.parametrize("case", cases("plan_change"))
def test_change_of_plan_begins_with_a_service_month_and_no_downgrade_in_the_minimum_term(case):
    """P9, B8, D5, F9."""
    start = day(case["start"])
    change_on = plan_change_on(start, day(case["requested_on"]), day(case["billed_until"]))
    assert change_on == day(case["change_on"])
    prices = Decimal(case["price_now"]), Decimal(case["price_new"])
    refused = plan_change_refused_until(start, int(case["min_term_months"]), change_on, *prices)
    assert refused == day(case["refused_until"])


# --- day by day ---------------------------------------------------------------------------------


def counted_starts(start, until):
    """Every day that begins a service month, found by walking through the calendar."""
    today, starts = start, []
    while today <= until:
        last_of_month = (today + ONE_DAY).month != today.month
        if today.day == start.day or (last_of_month and today.day < start.day):
            starts.append(today)
        today += ONE_DAY
    return starts


@given(STARTS, st.integers(0, 1200))
def test_walking_day_by_day_finds_the_same_service_months(start, days):
    """D5, D11."""
    on = start + timedelta(days=days)
    starts = counted_starts(start, on + timedelta(days=40))
    number = sum(first <= on for first in starts) - 1
    assert service_month_number(start, on) == number
    assert service_month(start, number) == (starts[number], starts[number + 1] - ONE_DAY)
    assert next_service_month(start, on) == starts[number + 1]
    assert months_worked(start, on) == number + 1
    complete = sum(first - ONE_DAY <= on for first in starts[1:])
    assert months_worked(start, on, "full") == complete


@given(STARTS, st.integers(-60, 800), st.one_of(st.none(), st.integers(-60, 800)))
def test_a_new_plan_begins_after_the_request_and_after_what_is_billed(start, asked, billed):
    """P9, B8."""
    requested = start + timedelta(days=asked)
    billed_until = None if billed is None else start + timedelta(days=billed)
    after = max(requested, billed_until or requested)
    later = [first for first in counted_starts(start, start + timedelta(900)) if first > after]
    assert plan_change_on(start, requested, billed_until) == later[0]


@given(STARTS, st.integers(0, 24), st.integers(0, 900), st.integers(0, 6))
def test_nothing_ends_before_notice_or_minimum_term(start, months, asked, notice):
    """D3, F6."""
    requested = start + timedelta(days=asked)
    end = earliest_end(start, months, requested, notice)
    term_end = min_term_end(start, months)
    assert end >= requested
    if term_end is not None:
        assert end >= term_end
        assert term_end + ONE_DAY == service_month(start, months)[0]
    if end != term_end:
        months_between = (end.year - requested.year) * 12 + end.month - requested.month
        assert months_between == notice
        last_of_month = (end + ONE_DAY).day == 1
        assert end.day == requested.day or (end.day < requested.day and last_of_month)


@given(
    st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    st.integers(0, 40),
    st.sets(st.integers(0, 60), max_size=12),
)
def test_the_refund_is_due_on_the_first_working_day_from_the_last_one(accepted, days, offsets):
    """F10, D7."""
    holidays = {accepted + timedelta(days=offset) for offset in offsets}
    due = refund_due_on(accepted, days, holidays)
    plain = accepted + timedelta(days=days)
    skipped = [plain + timedelta(days=count) for count in range((due - plain).days)]
    assert due >= plain and due not in holidays and due.isoweekday() < 6
    assert all(day in holidays or day.isoweekday() >= 6 for day in skipped)


def test_a_downgrade_on_the_last_day_of_the_minimum_term_is_refused_and_on_the_next_is_not():
    """P9."""
    start, end = date(2026, 1, 15), date(2026, 4, 14)
    prices = Decimal(399), Decimal(129)
    assert plan_change_refused_until(start, 3, end, *prices) == end + ONE_DAY
    assert plan_change_refused_until(start, 3, end + ONE_DAY, *prices) is None


# --- worked months and refusals -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effective", "started", "full"),
    [
        ("2026-01-14", 0, 0),
        ("2026-01-15", 1, 0),
        ("2026-02-13", 1, 0),
        ("2026-02-14", 1, 1),
        ("2026-02-15", 2, 1),
        ("2026-06-14", 5, 5),
        ("2026-06-15", 6, 5),
        ("2027-01-14", 12, 12),
    ],
)
def test_months_worked_are_the_started_or_the_full_ones(effective, started, full):
    """D5, F10."""
    start = date(2026, 1, 15)
    assert months_worked(start, day(effective)) == started
    assert months_worked(start, day(effective), "started") == started
    assert months_worked(start, day(effective), "full") == full


def test_what_makes_no_sense_is_refused_with_its_values():
    """D5."""
    start = date(2026, 1, 15)
    with pytest.raises(BeforeStart) as before:
        service_month_number(start, date(2026, 1, 14))
    assert (before.value.start, before.value.on) == (start, date(2026, 1, 14))
    with pytest.raises(UnknownMonthRule) as unknown:
        months_worked(start, start, "calendar")
    assert unknown.value.rule == "calendar"
    refused = [
        lambda: service_month(start, -1),
        lambda: min_term_end(start, -1),
        lambda: earliest_end(start, -1, start, 1),
        lambda: earliest_end(start, 1, start, -1),
        lambda: refund_due_on(start, -1, ()),
        lambda: plan_change_refused_until(start, -1, start, Decimal(2), Decimal(1)),
    ]
    for question in refused:
        with pytest.raises(NegativeTerm):
            question()
