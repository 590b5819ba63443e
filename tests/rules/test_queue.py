"""The order of work (P28, F7, P7)."""

from dataclasses import replace
from itertools import groupby, pairwise

import pytest
from casebook import moment, rows, yes
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.queue import (
    PLACE_REASONS,
    OutOfRange,
    QueueEntry,
    ahead_of,
    place_reason,
    rank,
)

CHANNELS = ("panel", "email", "phone", "other")
QUEUES = {name: list(tickets) for name, tickets in groupby(rows("queue"), key=lambda row: row["case"])}
TICKET = QueueEntry(False, False, 1781532000, 1, 1781503200, False, False)


def entry_of(row):
    return QueueEntry(
        exceptional=yes(row["exceptional"]),
        answered=yes(row["answered"]),
        deadline=moment(row["deadline"]) if row["deadline"] else None,
        channel_rank=CHANNELS.index(row["channel"]),
        registered=moment(row["registered"]),
        programming=yes(row["programming"]),
        priority_programming=yes(row["priority_programming"]),
    )


def is_other_programming(entry):
    return entry.programming and not entry.priority_programming and not entry.answered


def place(entry, queue):
    """The place of an entry among others, as the ORM computes it."""
    own = rank(entry)
    if not entry.priority_programming:
        return own
    others = [rank(other) for other in queue if is_other_programming(other) and other.exceptional == entry.exceptional]
    return ahead_of(min(others, default=None), own)


@pytest.mark.parametrize("name", QUEUES)
def test_queue_is_in_the_order_of_the_worked_example_with_its_reasons(name):
    """P7, P28, F7."""
    tickets = QUEUES[name]
    entries = [entry_of(row) for row in tickets]
    places = [place(entry, entries) for entry in entries]
    # From the last to the first, so that no tie is decided by the order of the file.
    in_order = sorted(reversed(range(len(tickets))), key=places.__getitem__)
    assert [tickets[position]["ticket"] for position in in_order] == [
        row["ticket"] for row in sorted(tickets, key=lambda row: int(row["place"]))
    ]
    for row, entry, given_place in zip(tickets, entries, places, strict=True):
        assert place_reason(entry, given_place != rank(entry)) == row["reason"], row["ticket"]


def test_every_reason_for_a_place_has_a_worked_example():
    """P7, P28, F7."""
    assert {row["reason"] for row in rows("queue")} == set(PLACE_REASONS)


ENTRIES = st.builds(
    QueueEntry,
    exceptional=st.booleans(),
    answered=st.booleans(),
    deadline=st.none() | st.integers(0, 5) | st.integers(0, 4102444800),
    channel_rank=st.integers(0, 3),
    registered=st.integers(0, 5) | st.integers(0, 4102444800),
    programming=st.booleans(),
    priority_programming=st.booleans(),
)


def by_the_sentences(entry):
    """The order of F7 and P28 as a tuple, without the text."""
    deadline = entry.deadline if entry.deadline is not None else float("inf")
    return (
        entry.answered,
        not entry.exceptional,
        0 if entry.answered else deadline,
        entry.channel_rank,
        entry.registered,
    )


@given(st.lists(ENTRIES, min_size=2, max_size=12))
def test_sorting_the_texts_sorts_the_tickets(entries):
    """P28, F7: total order, ties only between tickets alike in all that counts."""
    by_text = sorted(entries, key=rank)
    assert [by_the_sentences(entry) for entry in by_text] == sorted(by_the_sentences(entry) for entry in entries)
    for one, other in pairwise(by_text):
        assert (rank(one) == rank(other)) == (by_the_sentences(one) == by_the_sentences(other))


@given(ENTRIES)
def test_a_place_is_digits_of_one_width_so_that_any_collation_sorts_it_alike(entry):
    """P28."""
    text = rank(entry)
    assert len(text) == 23 and text.isascii() and text.isdigit()
    assert ahead_of(text, rank(replace(entry, registered=7))).isdigit()


WAITING = st.builds(
    QueueEntry,
    exceptional=st.sampled_from([False, False, False, True]),
    answered=st.sampled_from([False, False, False, True]),
    deadline=st.none() | st.integers(0, 9),
    channel_rank=st.integers(0, 1),
    registered=st.integers(0, 9),
    programming=st.sampled_from([True, True, False]),
    priority_programming=st.booleans(),
)


@settings(max_examples=100)
@given(st.lists(WAITING, min_size=3, max_size=12))
def test_premium_programming_stands_before_all_other_programming_and_moves_nobody_else(entries):
    """P7, P28."""
    entries = [
        replace(entry, priority_programming=entry.programming and entry.priority_programming) for entry in entries
    ]
    places = [place(entry, entries) for entry in entries]
    for entry, own in zip(entries, places, strict=True):
        assert own <= rank(entry)
        assert own[0] == rank(entry)[0]
        if not entry.priority_programming or entry.answered:
            assert own == rank(entry)
            continue
        for other, others_place in zip(entries, places, strict=True):
            same_lane = other.exceptional == entry.exceptional
            if is_other_programming(other) and same_lane and rank(other) != rank(entry):
                assert own < others_place
            if other.priority_programming and not other.answered and same_lane:
                assert (own < others_place) == (rank(entry) < rank(other))


@given(st.lists(ENTRIES, min_size=1, max_size=10))
def test_nobody_stands_between_a_moved_ticket_and_the_request_it_was_put_before(entries):
    """P7: immediately before, so that tickets due sooner keep their place (P28)."""
    others = [rank(entry) for entry in entries]
    premium = rank(replace(TICKET, deadline=None, exceptional=False))
    for other in others:
        moved = ahead_of(other, premium)
        if moved != premium:
            assert moved < other
            assert not [text for text in others if moved < text < other]


def test_an_answered_ticket_and_one_in_another_lane_do_not_move():
    """P7, F7."""
    other = rank(replace(TICKET, programming=True))
    premium = replace(TICKET, programming=True, priority_programming=True, deadline=None)
    answered = rank(replace(premium, answered=True))
    assert ahead_of(other, answered) == answered
    exceptional = rank(replace(TICKET, exceptional=True, programming=True))
    assert ahead_of(exceptional, rank(premium)) == rank(premium)
    assert ahead_of(other, rank(premium)) != rank(premium)


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": -1},
        {"deadline": 10**10},
        {"channel_rank": 10},
        {"channel_rank": -1},
        {"registered": 10**10},
        {"registered": -1},
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_its_digits_is_refused(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(OutOfRange) as caught:
        rank(replace(TICKET, **wrong))
    assert (caught.value.name, caught.value.value) == (name, value)
