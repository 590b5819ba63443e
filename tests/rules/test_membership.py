"""Where the membership of an organisation stands, and when it is looked at again (F12)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ngo_incubator.rules.membership import (
    ACTIVE,
    APPLIED,
    ENDED,
    STATES,
    STEPS,
    SUSPENDED,
    VERIFIED,
    NotPossible,
    TooSoon,
    UnknownStep,
    after,
    is_over,
    is_possible,
    last_day,
    next_check,
    warning_due,
)

ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
FEW_DAYS = st.integers(0, 90)


def reachable(start, without=()):
    """The states that steps lead to from a state, itself included, when some steps are not taken."""
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for step in STEPS:
            if step in without or not is_possible(step, here):
                continue
            there = after(step, here)
            if there not in found:
                found.add(there)
                waiting.append(there)
    return found


# --- steps --------------------------------------------------------------------------------------


def test_the_table_of_what_may_be_done():
    """F12: the whole table, read across; the arrow is left out where the state stays."""
    table = {
        state: [
            step if after(step, state) == state else f"{step} -> {after(step, state)}"
            for step in STEPS
            if is_possible(step, state)
        ]
        for state in STATES
    }
    assert table == {
        "applied": ["verify -> verified", "refuse -> ended", "edit_identity", "edit_terms"],
        "verified": [
            "verify", "refuse -> ended", "activate -> active", "edit_identity -> applied", "edit_terms", "add_evidence",
        ],
        "active": [
            "verify", "change_terms", "warn", "withdraw_warning", "suspend -> suspended", "end -> ended", "edit_terms",
            "add_evidence",
        ],
        "suspended": ["verify", "activate -> active", "end -> ended", "edit_terms", "add_evidence"],
        "ended": [],
    }  # fmt: skip


def test_the_states_are_in_the_order_of_a_membership():
    """F12."""
    assert STATES == (APPLIED, VERIFIED, ACTIVE, SUSPENDED, ENDED)
    assert reachable(APPLIED) == set(STATES)


def test_nothing_is_granted_before_a_person_verified_it():
    """F12: every way from an application to a discount goes through "verify"."""
    assert {state for state in STATES if is_possible("activate", state)} == {VERIFIED, SUSPENDED}
    assert ACTIVE not in reachable(APPLIED, without={"verify"})
    assert SUSPENDED not in reachable(APPLIED, without={"verify"})
    assert ACTIVE not in reachable(APPLIED, without={"activate"})
    moves = [(step, here, there) for step, ways in STEPS.items() for here, there in ways.items() if here != there]
    assert {step for step, _here, there in moves if there == ACTIVE} == {"activate"}


def test_an_application_becomes_nothing_but_verified_or_ended():
    """F12."""
    assert {after(step, APPLIED) for step in STEPS if is_possible(step, APPLIED)} == {APPLIED, VERIFIED, ENDED}
    assert not is_possible("add_evidence", APPLIED)


def test_nothing_leaves_the_end():
    """F12: "a partner that loses membership keeps history"."""
    assert reachable(ENDED) == {ENDED}
    assert not any(is_possible(step, ENDED) for step in STEPS)


def test_an_active_membership_ends_only_by_being_suspended_or_ended():
    """F12: both come after a warning, which is the model's to keep."""
    leaving = {step for step in STEPS if is_possible(step, ACTIVE) and after(step, ACTIVE) != ACTIVE}
    assert leaving == {"suspend", "end"}
    assert reachable(ACTIVE, without=leaving) == {ACTIVE}
    assert {state for state in STATES if is_possible("warn", state)} == {ACTIVE}
    assert {state for state in STATES if is_possible("withdraw_warning", state)} == {ACTIVE}


def test_who_is_active_stays_who_it_is():
    """F12: the verified organisation is not exchanged for another while it has the discount."""
    assert not is_possible("edit_identity", ACTIVE)
    assert not is_possible("refuse", ACTIVE)


def test_every_step_leads_from_and_to_known_states():
    """F12."""
    for ways in STEPS.values():
        assert ways and {*ways, *ways.values()} <= set(STATES)


@pytest.mark.parametrize(
    ("step", "state", "possible"),
    [
        ("activate", APPLIED, (VERIFIED, SUSPENDED)),
        ("activate", ENDED, (VERIFIED, SUSPENDED)),
        ("end", APPLIED, (ACTIVE, SUSPENDED)),
        ("refuse", ACTIVE, (APPLIED, VERIFIED)),
        ("warn", SUSPENDED, (ACTIVE,)),
        ("verify", ENDED, (APPLIED, VERIFIED, ACTIVE, SUSPENDED)),
    ],
)
def test_a_refusal_says_where_it_would_be_possible(step, state, possible):
    """F12."""
    with pytest.raises(NotPossible) as refused:
        after(step, state)
    assert refused.value.values == {"step": step, "state": state, "possible": possible}


def test_a_step_that_is_not_in_the_table_is_refused_everywhere():
    """F12."""
    for question in (is_possible, after):
        for state in STATES:
            with pytest.raises(UnknownStep) as unknown:
                question("grant", state)
            assert unknown.value.step == "grant"


# --- the yearly look ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checked_on", "expected"),
    [
        (date(2026, 1, 1), date(2026, 12, 16)),
        (date(2026, 11, 30), date(2026, 12, 16)),
        (date(2026, 12, 14), date(2026, 12, 16)),
        (date(2026, 12, 15), date(2026, 12, 16)),
        (date(2026, 12, 16), date(2027, 12, 16)),
        (date(2026, 12, 17), date(2027, 12, 16)),
        (date(2026, 12, 31), date(2027, 12, 16)),
        (date(2028, 2, 29), date(2028, 12, 16)),
    ],
)
def test_the_registers_are_looked_at_again_after_15_december(checked_on, expected):
    """F12: "next check (yearly, after 15 December)"."""
    assert next_check(checked_on) == expected


@given(DAYS)
def test_the_next_look_is_on_a_16_december_within_a_year(checked_on):
    """F12."""
    found = next_check(checked_on)
    assert (found.month, found.day) == (12, 16)
    assert ONE_DAY <= found - checked_on <= timedelta(days=366)


@given(DAYS, DAYS)
def test_who_is_looked_at_later_is_not_looked_at_again_earlier(one, other):
    """F12."""
    early, late = sorted([one, other])
    assert next_check(early) <= next_check(late)


@given(DAYS, FEW_DAYS, DAYS)
def test_a_late_look_is_told_only_when_the_days_of_grace_are_over(due, grace, today):
    """F12: the look is our work."""
    assert warning_due(due, grace, today) is ((today - due).days > grace)
    assert not warning_due(due, grace, due + timedelta(days=grace))
    assert warning_due(due, grace, due + timedelta(days=grace + 1))


def test_who_was_never_looked_at_is_not_late():
    """F12: None is an application."""
    assert warning_due(None, 0, date(2099, 1, 1)) is False
    assert [warning_due(date(2026, 12, 16), 0, date(2026, 12, number)) for number in (15, 16, 17)] == [
        False, False, True,
    ]  # fmt: skip


# --- the warning --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("warned_on", "days", "wanted", "expected"),
    [
        (date(2026, 3, 1), 30, None, date(2026, 3, 31)),
        (date(2026, 3, 1), 30, date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 3, 1), 30, date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 3, 1), 30, date(2026, 12, 31), date(2026, 12, 31)),
        (date(2026, 3, 1), 0, None, date(2026, 3, 1)),
        (date(2028, 2, 1), 30, None, date(2028, 3, 2)),
    ],
)
def test_a_warning_has_a_date(warned_on, days, wanted, expected):
    """F12: "a warning with a date first"."""
    assert last_day(warned_on, days, wanted) == expected


def test_an_end_without_enough_warning_is_refused():
    """F12."""
    with pytest.raises(TooSoon) as refused:
        last_day(date(2026, 3, 1), 30, date(2026, 3, 30))
    assert refused.value.values == {"day": date(2026, 3, 30), "earliest": date(2026, 3, 31)}


@given(DAYS, FEW_DAYS, st.integers(-30, 90))
def test_the_last_day_is_the_wanted_one_or_it_is_too_soon(warned_on, days, more):
    """F12."""
    earliest = last_day(warned_on, days)
    wanted = earliest + timedelta(days=more)
    assert earliest - warned_on == timedelta(days=days)
    if more >= 0:
        assert last_day(warned_on, days, wanted) == wanted
    else:
        with pytest.raises(TooSoon):
            last_day(warned_on, days, wanted)


@given(DAYS, FEW_DAYS, st.integers(-90, 180))
def test_nothing_is_over_before_the_day_of_the_warning_has_passed(warned_on, days, more):
    """F12: the whole last day still counts."""
    end = last_day(warned_on, days)
    assert is_over(end, end + timedelta(days=more)) is (more > 0)
    assert not is_over(end, warned_on)


def test_without_a_warning_nothing_is_over():
    """F12."""
    assert is_over(None, date(2099, 1, 1)) is False
