"""The service clock (P14, P31, D17), against the price list and second by second."""

from itertools import pairwise

import pytest
from casebook import cases, day, local, moment, plan_intervals, rows
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.clock import (
    BeyondHorizon,
    EndBeforeStart,
    InvalidIntervals,
    NegativeDuration,
    ServiceClock,
    merge,
)
from odoo.addons.support_plans.rules.schedule import seconds_of

HORIZON = 120


@pytest.mark.parametrize("case", cases("response"))
def test_response_is_due_as_the_worked_example_says(case):
    """P14, P31, P6, P7, P11, P12, P13, D1, D16, D17."""
    if not case["hours"]:
        assert case["plan"] == "COMMUNITY" and not case["due"]
        return
    registered = moment(case["registered"])
    holidays, around = case["holidays"].split(), day(case["registered"][:10])
    clock = ServiceClock(plan_intervals(case["plan"], holidays, around))
    promised = seconds_of(float(case["hours"]))
    due = clock.due(registered, promised)
    assert due == moment(case["due"]), local(due)
    stretches = clock.explain(registered, promised)
    assert sum(end - start for start, end in stretches) == promised


def test_every_plan_of_the_price_list_has_a_worked_example():
    """P14, P11."""
    plans = {row["plan"] for row in rows("response")}
    assert plans == {"COMMUNITY", "EMAIL", "START", "STANDARD", "PREMIUM"}


# --- second by second ---------------------------------------------------------------------


@st.composite
def open_seconds(draw):
    """Which of the seconds 0..HORIZON are working time, as a list of True and False."""
    lengths = draw(st.lists(st.integers(1, 12), min_size=2, max_size=14))
    service = draw(st.booleans())
    seconds = []
    for length in lengths:
        seconds += [service] * length
        service = not service
    return [*seconds[:HORIZON], False]


def intervals_of(seconds):
    """The same working time as intervals."""
    edges = [second for second, (before, now) in enumerate(pairwise([False, *seconds])) if before is not now]
    return list(zip(edges[::2], edges[1::2], strict=True))


def counted_elapsed(seconds, start, end):
    return sum(seconds[start:end])


def counted_due(seconds, start, promised):
    """Walk on, second after second, until the promised number of working ones has passed."""
    passed, now = 0, start
    while passed < promised:
        if now == len(seconds):
            return None
        passed += seconds[now]
        now += 1
    return now


@given(open_seconds(), st.integers(0, HORIZON), st.integers(1, HORIZON))
def test_due_is_the_second_at_which_the_promised_seconds_have_passed(seconds, start, promised):
    """P14, D17."""
    expected = counted_due(seconds, start, promised) if start < len(seconds) else None
    clock = ServiceClock(intervals_of(seconds))
    if expected is None:
        with pytest.raises(BeyondHorizon) as caught:
            clock.due(start, promised)
        assert caught.value.start == start
    else:
        assert clock.due(start, promised) == expected


@given(open_seconds(), st.integers(0, HORIZON), st.integers(0, HORIZON))
def test_elapsed_counts_every_working_second_once(seconds, one, other):
    """P14."""
    start, end = sorted((one, other))
    spans = intervals_of(seconds)
    clock = ServiceClock(spans)
    if spans and end <= spans[-1][1]:
        assert clock.elapsed(start, end) == counted_elapsed(seconds, start, end)
    else:
        with pytest.raises(BeyondHorizon):
            clock.elapsed(start, end)


@given(open_seconds(), st.integers(0, HORIZON))
def test_opening_is_the_first_working_second(seconds, start):
    """P31."""
    later = [second for second in range(start, len(seconds)) if seconds[second]]
    clock = ServiceClock(intervals_of(seconds))
    if later:
        assert clock.opening(start) == later[0]
        assert clock.opening(later[0]) == later[0]
    else:
        with pytest.raises(BeyondHorizon):
            clock.opening(start)


@given(open_seconds(), st.integers(0, HORIZON), st.data())
def test_explanation_is_exactly_the_working_seconds_that_were_used(seconds, start, data):
    """P14, P31."""
    available = sum(seconds[start:])
    if not available:
        return
    promised = data.draw(st.integers(1, available))
    clock = ServiceClock(intervals_of(seconds))
    stretches = clock.explain(start, promised)
    due = clock.due(start, promised)
    used = [second for opens, closes in stretches for second in range(opens, closes)]
    assert used == [second for second in range(start, due) if seconds[second]]
    assert len(used) == promised
    assert all(opens < closes for opens, closes in stretches)
    assert stretches[0][0] == clock.opening(start) and stretches[-1][1] == due
    assert len(stretches) == len({opens for opens, _closes in stretches})


@given(open_seconds(), st.integers(0, HORIZON), st.data())
def test_elapsed_up_to_the_deadline_is_the_promise_and_later_starts_are_due_later(seconds, start, data):
    """P14, P28."""
    available = sum(seconds[start:])
    if not available:
        return
    clock = ServiceClock(intervals_of(seconds))
    promised = data.draw(st.integers(0, available))
    due = clock.due(start, promised)
    assert clock.elapsed(start, due) == promised
    if promised < available:
        assert clock.due(start, promised + 1) > due
        assert clock.elapsed(start, due + 1) - promised in (0, 1)
    if start and promised:
        assert clock.due(start - 1, promised) <= due


# --- the edges ----------------------------------------------------------------------------


def test_a_deadline_exactly_at_closing_stays_there():
    """D17."""
    assert ServiceClock([(100, 200), (300, 400)]).due(150, 50) == 200


def test_a_ticket_registered_exactly_at_closing_starts_at_the_next_opening():
    """D17, P31."""
    clock = ServiceClock([(100, 200), (300, 400)])
    assert clock.opening(200) == 300
    assert clock.due(200, 1) == 301
    assert clock.explain(200, 10) == [(300, 310)]


def test_no_promised_time_is_due_at_once_and_has_no_stretches():
    clock = ServiceClock([(100, 200)])
    assert clock.due(50, 0) == 50 and clock.due(200, 0) == 200
    assert clock.explain(150, 0) == []


def test_a_clock_without_working_time_refuses_every_question():
    """D17: never a silent wrong date."""
    clock = ServiceClock([])
    questions = [
        lambda: clock.opening(0),
        lambda: clock.elapsed(0, 0),
        lambda: clock.elapsed(-5, 5),
        lambda: clock.due(0, 0),
        lambda: clock.due(0, 1),
        lambda: clock.explain(0, 0),
        lambda: clock.explain(0, 1),
    ]
    for question in questions:
        with pytest.raises(BeyondHorizon):
            question()


def test_beyond_the_last_closing_is_refused_with_the_values():
    clock = ServiceClock([(100, 200)])
    assert clock.due(150, 50) == 200
    with pytest.raises(BeyondHorizon) as caught:
        clock.due(150, 51)
    error = caught.value
    assert (error.start, error.seconds, error.until) == (150, 51, 200)
    for question in (lambda: clock.elapsed(150, 201), lambda: clock.due(201, 0)):
        with pytest.raises(BeyondHorizon):
            question()


def test_before_the_first_known_moment_is_refused_too():
    """An imported old ticket must not get the first opening that happens to be known."""
    clock = ServiceClock([(100, 200)], since=90)
    assert (clock.opening(90), clock.due(90, 5), clock.elapsed(90, 105)) == (100, 105, 5)
    questions = [
        lambda: clock.opening(89),
        lambda: clock.due(89, 5),
        lambda: clock.elapsed(89, 105),
        lambda: clock.explain(89, 5),
    ]
    for question in questions:
        with pytest.raises(BeyondHorizon):
            question()
    assert ServiceClock([(100, 200)]).opening(89) == 100


def test_a_negative_promise_and_a_reversed_span_are_refused():
    clock = ServiceClock([(100, 200)])
    with pytest.raises(NegativeDuration):
        clock.due(100, -1)
    with pytest.raises(NegativeDuration):
        clock.explain(100, -1)
    with pytest.raises(EndBeforeStart):
        clock.elapsed(151, 150)


@pytest.mark.parametrize(
    "wrong",
    [[(5, 5)], [(6, 5)], [(10, 20), (0, 5)], [(0, 10), (9, 20)], [(0, 10), (10, 20)]],
    ids=["empty", "reversed", "unsorted", "overlapping", "touching"],
)
def test_intervals_that_would_be_answered_wrongly_are_refused(wrong):
    with pytest.raises(InvalidIntervals):
        ServiceClock(wrong)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 15)), max_size=10))
def test_merging_keeps_every_second_and_leaves_intervals_apart(pairs):
    """D17: two intervals that meet at midnight are one."""
    spans = [(start, start + length) for start, length in pairs]
    merged = merge(spans)
    covered = {second for start, end in spans for second in range(start, end)}
    assert [second for start, end in merged for second in range(start, end)] == sorted(covered)
    assert all(one[1] < other[0] for one, other in pairwise(merged))
    if merged:
        ServiceClock(merged)


def test_merging_refuses_a_reversed_interval():
    with pytest.raises(InvalidIntervals):
        merge([(0, 5), (9, 8)])


def test_known_closed_time_after_the_last_closing_counts_as_no_service_time():
    """P14: late in the holidays at the end of the known years is zero, not an error."""
    clock = ServiceClock([(100, 200)], since=0, until=1000)
    assert clock.elapsed(150, 900) == 50
    assert clock.elapsed(300, 900) == 0
    with pytest.raises(BeyondHorizon):
        clock.elapsed(150, 1001)
    with pytest.raises(BeyondHorizon):
        clock.opening(200)


def test_an_until_before_the_last_closing_does_not_forget_working_time():
    assert ServiceClock([(100, 200)], until=150).due(100, 100) == 200


def test_a_known_time_without_any_service_has_no_elapsed_time_and_no_opening():
    clock = ServiceClock([], since=0, until=1000)
    assert clock.elapsed(0, 1000) == 0
    with pytest.raises(BeyondHorizon):
        clock.opening(0)
    with pytest.raises(BeyondHorizon):
        clock.due(0, 1)


@given(st.data())
def test_a_promise_answers_as_the_single_questions_do(data):
    """P14, P31: opening, deadline and warning from one look-up are those of three."""
    edges = data.draw(st.lists(st.integers(0, 500), min_size=2, max_size=12, unique=True).map(sorted))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    clock = ServiceClock(spans, since=0, until=600)
    start, seconds, warning = (data.draw(st.integers(0, 600)) for _question in range(3))
    try:
        alone = (clock.opening(start), clock.due(start, seconds), clock.due(start, warning))
    except BeyondHorizon:
        with pytest.raises(BeyondHorizon):
            clock.promise(start, seconds, warning)
    else:
        assert clock.promise(start, seconds, warning) == alone


def test_a_promise_of_less_than_no_time_is_nonsense():
    with pytest.raises(NegativeDuration):
        ServiceClock([(100, 200)]).promise(150, -1)
