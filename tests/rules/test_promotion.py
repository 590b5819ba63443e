"""Where a promotion stands, what proves it, and when it is looked at (F12)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ngo_incubator.rules import promotion
from odoo.addons.ngo_incubator.rules.promotion import (
    ACCEPTED,
    AGREED,
    BARTER,
    COURTESY,
    DROPPED,
    FULFILLED,
    LOST,
    MISSING,
    NONE,
    PROPOSED,
    STATES,
    STEPS,
    WAITING,
    NothingAgreed,
    NotPossible,
    UnknownStep,
    ValueMissing,
    ValueNotAsked,
    after,
    check_value,
    evidence_state,
    failures_in_row,
    first_check,
    is_possible,
    next_check,
    reminder_due,
)

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
EVIDENCE = st.lists(st.sampled_from([WAITING, ACCEPTED, "rejected"]))
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_the_table_answers_for_every_step_in_every_state(step, state):
    if is_possible(step, state):
        assert after(step, state) in STATES
    else:
        with pytest.raises(NotPossible) as refused:
            after(step, state)
        assert refused.value.possible == tuple(name for name in STATES if is_possible(step, name))


def test_what_is_over_stays_over():
    for state in (FULFILLED, DROPPED):
        assert {step for step in STEPS if is_possible(step, state)} <= {"add_evidence"}


def test_an_unknown_step_is_no_step():
    for question in (is_possible, after):
        with pytest.raises(UnknownStep):
            question("frame", AGREED)


@pytest.mark.parametrize(
    ("kind", "state", "value", "refusal"),
    [
        (BARTER, PROPOSED, 0, None),
        (BARTER, AGREED, 0, ValueMissing),
        (BARTER, AGREED, Decimal("0.01"), None),
        (COURTESY, PROPOSED, 100, ValueNotAsked),
        (COURTESY, AGREED, 100, ValueNotAsked),
        (COURTESY, AGREED, 0, None),
        (NONE, PROPOSED, 100, None),
        (NONE, AGREED, 0, NothingAgreed),
        (NONE, FULFILLED, 0, None),
        (COURTESY, FULFILLED, 100, None),
        (COURTESY, DROPPED, 100, None),
    ],
)
def test_barter_asks_for_a_value_and_courtesy_must_not(kind, state, value, refusal):
    """F12: "Barter asks for a value ... courtesy must not"."""
    if refusal is None:
        check_value(kind, state, value)
        return
    with pytest.raises(refusal):
        check_value(kind, state, value)


@given(EVIDENCE, st.sampled_from([None, True, False]))
def test_only_accepted_evidence_proves_and_only_a_page_that_answered_takes_it_away(evidence, is_found):
    stands = evidence_state(evidence, is_found)
    assert (stands in (ACCEPTED, LOST)) == (ACCEPTED in evidence)
    assert (stands == LOST) == (ACCEPTED in evidence and is_found is False)
    if ACCEPTED not in evidence:
        assert stands == (WAITING if WAITING in evidence else MISSING)


@given(st.lists(st.tuples(DAYS, st.booleans())))
def test_a_page_that_is_found_begins_the_count_anew(checks):
    checks = sorted(checks)
    assert failures_in_row([*checks, (date(2031, 1, 1), True)]) == 0
    assert failures_in_row([*checks, (date(2031, 1, 1), False)]) == failures_in_row(checks) + 1


@given(st.integers(1, 9))
def test_one_bad_day_counts_once_however_often_somebody_looks(times):
    """F12: a site that is down for a day is no breach."""
    assert failures_in_row([(TODAY, False)] * times) == 1 < promotion.FAILURES


@given(DAYS, st.integers(0, 9), st.integers(1, 400), st.none() | DAYS)
def test_the_next_look_is_later_but_never_after_the_end(day, failures, every, last):
    following = next_check(day, failures, every, last)
    if last and last <= day:
        assert following is None
        return
    assert day < following <= day + timedelta(days=every)
    assert not last or following <= last


@given(DAYS, st.integers(1, 9))
def test_a_failure_is_looked_at_again_sooner_and_then_less_often(day, failures):
    days = [(next_check(day, count, 30) - day).days for count in range(1, failures + 1)]
    assert days == sorted(days)
    assert set(days) <= {1, 3, 7}


@given(DAYS, st.none() | DAYS, st.integers(1, 400))
def test_the_first_look_leaves_the_organisation_its_time(agreed, first_day, every):
    first = first_check(agreed, first_day, every)
    assert first - timedelta(days=every) == max(agreed, first_day or agreed)


@given(st.lists(DAYS, max_size=2), st.integers(0, 60), DAYS)
def test_a_day_is_reminded_of_once(days, remind_days, today):
    due = reminder_due(days, None, remind_days, today)
    if due is None:
        assert all(day > today + timedelta(days=remind_days) for day in days)
        return
    assert due in days
    assert reminder_due(days, due, remind_days, today) is None


@given(DAYS, st.integers(0, 60))
def test_the_reminder_comes_so_many_days_before(day, remind_days):
    first = day - timedelta(days=remind_days)
    assert reminder_due([day], None, remind_days, first) == day
    assert reminder_due([day], None, remind_days, first - timedelta(days=1)) is None
