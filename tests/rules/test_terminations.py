"""Where a resignation stands and what may be done with it (F6, F10, D7, D14)."""

from dataclasses import replace
from itertools import product

import pytest

from odoo.addons.support_plans.rules.terminations import (
    ACCEPTED,
    ALLOWED,
    CLOSED,
    CORRECTED,
    DRAFT,
    REFUNDED,
    STATES,
    SUBMITTED,
    WITHDRAWN,
    Contradiction,
    Facts,
    NotAllowed,
    UnknownAction,
    is_allowed,
    require,
    state,
)

BOTH = (False, True)
EVERY = [Facts(*values) for values in product(BOTH, BOTH, BOTH, BOTH, (0, 2), BOTH, (0, 3))]
ACCEPTED_FACTS = Facts(submitted=True, accepted=True, refund_open=True, handover_open=3)
SETTLED = replace(ACCEPTED_FACTS, settled=True)
DRAFTED = replace(SETTLED, corrections_open=2)


def contradicts(facts):
    """What cannot be, in words: each thing needs the one before it."""
    if facts.accepted and not facts.submitted or facts.settled and not facts.accepted:
        return True
    if facts.corrections_open and not facts.settled:
        return True
    issued = facts.settled and facts.corrections_open == 0
    return facts.withdrawn and (issued or not facts.submitted)


POSSIBLE = [facts for facts in EVERY if not contradicts(facts)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), DRAFT),
        (Facts(handover_open=3), DRAFT),
        (Facts(submitted=True), SUBMITTED),
        (Facts(submitted=True, handover_open=3), SUBMITTED),
        (ACCEPTED_FACTS, ACCEPTED),
        # Nothing is owed yet: being accepted is not being refunded.
        (replace(ACCEPTED_FACTS, refund_open=False, handover_open=0), ACCEPTED),
        (DRAFTED, ACCEPTED),
        (replace(DRAFTED, corrections_open=1), ACCEPTED),
        (SETTLED, CORRECTED),
        (replace(SETTLED, handover_open=0), CORRECTED),
        (replace(SETTLED, refund_open=False), REFUNDED),
        (replace(SETTLED, refund_open=False, handover_open=1), REFUNDED),
        (replace(SETTLED, refund_open=False, handover_open=0), CLOSED),
        (Facts(submitted=True, withdrawn=True), WITHDRAWN),
        (replace(ACCEPTED_FACTS, withdrawn=True), WITHDRAWN),
        (replace(DRAFTED, withdrawn=True), WITHDRAWN),
    ],
)
def test_the_state_follows_from_what_has_happened(facts, expected):
    """F6, F10."""
    assert state(facts) == expected


def test_every_state_can_be_reached_and_no_other():
    """F10."""
    assert {state(facts) for facts in POSSIBLE} == set(STATES)
    assert len(STATES) == len(set(STATES)) == 7


@pytest.mark.parametrize("facts", [facts for facts in EVERY if contradicts(facts)])
def test_facts_that_cannot_be_together_are_refused(facts):
    """F10: withdrawn only "before correction"."""
    with pytest.raises(Contradiction) as refused:
        state(facts)
    assert refused.value.facts == facts


@pytest.mark.parametrize("facts", [replace(SETTLED, corrections_open=-1), replace(SETTLED, handover_open=-1)])
def test_no_fewer_than_none_are_open(facts):
    """F6."""
    with pytest.raises(Contradiction):
        state(facts)


def test_each_thing_done_goes_forward_and_each_undone_back():
    """F10: never skips or turns round."""
    for facts in POSSIBLE:
        if facts.withdrawn:
            continue
        here = STATES.index(state(facts))
        for done in ({"corrections_open": 0}, {"refund_open": False}, {"handover_open": 0}):
            assert STATES.index(state(replace(facts, **done))) >= here


def test_the_table_of_what_may_be_done():
    """F6, F10, D14: the whole table, read across."""
    table = {name: [action for action in ALLOWED if is_allowed(action, name)] for name in STATES}
    assert table == {
        DRAFT: ["edit", "delete", "submit", "change_end", "choose_account"],
        SUBMITTED: [
            "change_end", "accept", "choose_treatment", "choose_account", "hand_over", "withdraw",
        ],
        ACCEPTED: ["choose_treatment", "choose_account", "prepare_correction", "hand_over", "withdraw"],
        CORRECTED: ["choose_account", "pay_refund", "hand_over"],
        REFUNDED: ["hand_over"],
        CLOSED: [],
        WITHDRAWN: [],
    }  # fmt: skip


def test_a_refusal_says_where_it_would_be_possible():
    """F10: after the correction is issued it cannot be withdrawn."""
    require("withdraw", ACCEPTED)
    with pytest.raises(NotAllowed) as refused:
        require("withdraw", CORRECTED)
    assert refused.value.values == {"action": "withdraw", "state": CORRECTED, "allowed": (SUBMITTED, ACCEPTED)}
    for question in (is_allowed, require):
        with pytest.raises(UnknownAction) as unknown:
            question("burn", DRAFT)
        assert unknown.value.action == "burn"


def test_what_may_be_withdrawn_has_no_correction_issued():
    """F10: withdrawing from every state that allows it is no contradiction."""
    for facts in POSSIBLE:
        if not facts.withdrawn and is_allowed("withdraw", state(facts)):
            assert state(replace(facts, withdrawn=True)) == WITHDRAWN
