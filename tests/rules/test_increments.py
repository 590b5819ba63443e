"""From minutes worked to minutes charged (P34, P35, P36, D8, D9, D10).

tests/cases/increments.csv, one session a row: minutes ``worked``, ``note`` and ``step``
in minutes, what is ``charged``, and ``to_next``: minutes until one more unit starts
(empty: exact minutes). ``kind`` is the code of a kind of work.
"""

from itertools import pairwise

import pytest
from casebook import cases, rows
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.errors import RuleError
from odoo.addons.support_timesheet.rules.increments import (
    NegativeMinutes,
    charged_minutes,
    minutes_to_next_unit,
    not_negative,
)

WORKED = st.integers(0, 200) | st.integers(0, 10**6)
NOTES = st.integers(0, 70)
STEPS = st.sampled_from([0, 1, 15, 30, 60]) | st.integers(0, 120)
UNITS = st.sampled_from([2, 15, 30, 60]) | st.integers(2, 120)


@pytest.mark.parametrize("case", cases("increments"))
def test_charged_minutes_are_those_of_the_worked_example(case):
    """P34, P35, P36, D8, D9, D10."""
    session = int(case["worked"]), int(case["note"]), int(case["step"])
    assert charged_minutes(*session) == int(case["charged"])
    assert minutes_to_next_unit(*session) == (int(case["to_next"]) if case["to_next"] else None)


def test_kinds_of_the_price_list_have_worked_examples():
    """P34, P35, D10."""
    kinds = {case["kind"] for case in rows("increments")}
    assert kinds >= {"EMAIL", "PHONE_SUPPORT", "PHONE_CONSULTATION", "REMOTE", "PROGRAMMING", "ONSITE"}


@given(WORKED, NOTES, STEPS)
def test_more_work_never_costs_less(worked, note, step):
    """P34, P35."""
    assert charged_minutes(worked, note, step) <= charged_minutes(worked + 1, note, step)


@given(WORKED, NOTES, STEPS)
def test_charged_is_the_started_unit_and_not_one_more(worked, note, step):
    """P34, P35, P36, D8, D10: at least work and note, a multiple, less than one step above."""
    charged = charged_minutes(worked, note, step)
    if not worked:
        assert charged == 0
        return
    unit = max(step, 1)
    assert worked + note <= charged < worked + note + unit
    assert charged % unit == 0


@given(st.integers(1, 50), NOTES, UNITS)
def test_an_exact_multiple_does_not_jump_and_a_minute_more_does(units, note, step):
    """D9."""
    worked = units * step - note
    if worked > 0:
        assert charged_minutes(worked, note, step) == units * step
        assert charged_minutes(worked + 1, note, step) == (units + 1) * step


@given(WORKED, NOTES, UNITS)
def test_the_next_unit_starts_right_after_the_minutes_left(worked, note, step):
    """P34, P35, P36: 0 worked minutes are asked as if the first unit had begun."""
    free = minutes_to_next_unit(worked, note, step)
    # Before any work the whole first unit is left, all of it without note time.
    assert 0 <= free < (step if worked else step + 1)
    charged = charged_minutes(max(worked, 1), note, step)
    assert charged_minutes(worked + free, note, step) == charged
    assert charged_minutes(worked + free + 1, note, step) == charged + step


@given(WORKED, NOTES)
def test_exact_minutes_have_no_units(worked, note):
    """D10."""
    for step in (0, 1):
        assert charged_minutes(worked, note, step) == (worked + note if worked else 0)
        assert minutes_to_next_unit(worked, note, step) is None


def test_a_timer_counts_down_to_each_next_unit():
    """P34, P36: minute by minute of an hour of remote help."""
    left = [minutes_to_next_unit(worked, 5, 30) for worked in range(61)]
    assert left[0] == 25
    assert [minute for minute in range(61) if not left[minute]] == [25, 55]
    assert all(later == earlier - 1 or (earlier, later) == (0, 29) for earlier, later in pairwise(left))


@pytest.mark.parametrize("name", ["worked", "note", "step"])
@pytest.mark.parametrize("rule", [charged_minutes, minutes_to_next_unit])
def test_time_below_zero_is_refused(rule, name):
    with pytest.raises(NegativeMinutes) as caught:
        rule(**{"worked": 10, "note": 5, "step": 30, name: -1})
    assert (caught.value.name, caught.value.value) == (name, -1)
    assert isinstance(caught.value, RuleError)


def test_zero_is_not_below_zero():
    not_negative(minutes=0, used=0)
