"""Warnings before a promise is missed (P14, P28, P31)."""

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from casebook import moment, plan_intervals
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.support_plans.rules.clock import BeyondHorizon, NegativeDuration, ServiceClock
from odoo.addons.support_plans.rules.reminders import in_service, is_due, warning_seconds

START = ServiceClock(plan_intervals("START", [], date(2026, 6, 12)))
WAITING = {"answered": False, "closed": False, "sent": False}


@pytest.mark.parametrize(("hours", "warning"), [(12, 9), (8, 6), (4, 3), (0, 0)])
def test_the_warning_comes_at_three_quarters_of_the_promise(hours, warning):
    """P14."""
    assert warning_seconds(hours * 3600) == warning * 3600


@given(st.integers(0, 10**6))
def test_three_quarters_are_rounded_up_to_a_whole_second(promised):
    warning = warning_seconds(promised)
    assert 0 <= warning - Fraction(3 * promised, 4) < 1
    assert warning <= promised


def test_a_negative_promise_has_no_warning():
    with pytest.raises(NegativeDuration):
        warning_seconds(-1)


@pytest.mark.parametrize(
    ("now", "working"),
    [
        ("2026-06-12T07:59:59", False),
        ("2026-06-12T08:00", True),
        ("2026-06-12T15:59:59", True),
        ("2026-06-12T16:00", False),
        ("2026-06-13T10:00", False),
        ("2026-06-13T00:00", False),
    ],
)
def test_service_hours_include_the_opening_and_not_the_closing(now, working):
    """P11, D17 (T3)."""
    assert in_service(START, moment(now)) is working


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-06-12T15:29:59", False),
        ("2026-06-12T15:30", True),
        ("2026-06-12T15:59:59", True),
        ("2026-06-12T16:00", False),
        ("2026-06-13T00:00", False),
        ("2026-06-14T12:00", False),
        ("2026-06-15T07:59:59", False),
        ("2026-06-15T08:00", True),
    ],
)
def test_a_reminder_waits_for_service_hours(now, due):
    """P31 (T3)."""
    assert is_due(START, moment(now), moment("2026-06-12T15:30"), **WAITING) is due


def test_a_reminder_comes_once_and_never_for_answered_or_closed_tickets():
    """P14 (T4, T18)."""
    now = moment("2026-06-12T10:00")
    for answered, closed, sent in product((False, True), repeat=3):
        expected = not (answered or closed or sent)
        assert is_due(START, now, now, answered=answered, closed=closed, sent=sent) is expected


def test_a_reminder_after_the_known_working_time_is_refused_but_not_for_finished_tickets():
    late = moment("2027-06-12T10:00")
    with pytest.raises(BeyondHorizon):
        is_due(START, late, late, **WAITING)
    assert is_due(START, late, late, answered=True, closed=False, sent=False) is False
