"""Warnings before a promise is missed (P14, P28, P31)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.clock import NegativeDuration
from odoo.addons.support_plans.rules.reminders import warning_seconds


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
