"""A resignation: where it stands, and what may be done with it there (F6, F10, D7).

The state is never chosen: it follows from what has happened. What happened later counts
only on top of what comes before it, so a correction that is made a draft again, or a
payment that is taken back, takes the resignation back as well.
"""

from dataclasses import dataclass

from .errors import RuleError

DRAFT = "draft"
SUBMITTED = "submitted"
ACCEPTED = "accepted"
CORRECTED = "corrected"
REFUNDED = "refunded"
CLOSED = "closed"
WITHDRAWN = "withdrawn"

# In the order in which a resignation goes through them; withdrawn is off the road.
STATES = (DRAFT, SUBMITTED, ACCEPTED, CORRECTED, REFUNDED, CLOSED, WITHDRAWN)

# The one table of what may be done, and where.
ALLOWED = {
    "edit": frozenset({DRAFT}),
    "delete": frozenset({DRAFT}),
    "submit": frozenset({DRAFT}),
    "change_end": frozenset({DRAFT, SUBMITTED}),
    "accept": frozenset({SUBMITTED}),
    "choose_treatment": frozenset({SUBMITTED, ACCEPTED}),
    "choose_account": frozenset({DRAFT, SUBMITTED, ACCEPTED, CORRECTED}),
    "prepare_correction": frozenset({ACCEPTED}),
    "pay_refund": frozenset({CORRECTED}),
    "hand_over": frozenset({SUBMITTED, ACCEPTED, CORRECTED, REFUNDED}),
    "withdraw": frozenset({SUBMITTED, ACCEPTED}),
}


class Contradiction(RuleError):
    """Facts that cannot be true together. Attribute: ``facts``."""


class UnknownAction(RuleError):
    """Not an action of the table (``ALLOWED``). Attribute: ``action``."""


class NotAllowed(RuleError):
    """The action is not possible now. Attributes: ``action``, ``state``, ``allowed`` (states, in order)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What has happened so far.

    ``settled``: the settlement is frozen and its corrections exist, or nothing is to be
    corrected. ``corrections_open``: how many of them are not posted. ``refund_open``: money
    is still to be paid back. ``handover_open``: points of the checklist that are not done.
    """

    submitted: bool = False
    accepted: bool = False
    withdrawn: bool = False
    settled: bool = False
    corrections_open: int = 0
    refund_open: bool = False
    handover_open: int = 0


def state(facts: Facts) -> str:
    """One of ``STATES``: how far a resignation has come (F6, F10).

    A termination without anything to pay back is refunded as soon as it is corrected, and
    closed when the last point of the handover is done. Raises ``Contradiction``: accepted
    before submitted, settled before accepted, corrections without a settlement, a number
    below zero, or withdrawn although "the correction has been issued".

    >>> state(Facts(submitted=True, accepted=True))
    'accepted'
    >>> state(Facts(submitted=True, accepted=True, settled=True, corrections_open=1, refund_open=True))
    'accepted'
    >>> state(Facts(submitted=True, accepted=True, settled=True, refund_open=True))
    'corrected'
    >>> state(Facts(submitted=True, accepted=True, settled=True))
    'closed'
    """
    _check(facts)
    if facts.withdrawn:
        return WITHDRAWN
    reached = (
        (SUBMITTED, facts.submitted),
        (ACCEPTED, facts.accepted),
        (CORRECTED, facts.settled and not facts.corrections_open),
        (REFUNDED, not facts.refund_open),
        (CLOSED, not facts.handover_open),
    )
    current = DRAFT
    for name, is_reached in reached:
        if not is_reached:
            break
        current = name
    return current


def is_allowed(action: str, current: str) -> bool:
    """Whether an action of the table is possible in a state. Raises ``UnknownAction``.

    >>> is_allowed("withdraw", ACCEPTED), is_allowed("withdraw", CORRECTED)
    (True, False)
    """
    if action not in ALLOWED:
        raise UnknownAction(action=action)
    return current in ALLOWED[action]


def require(action: str, current: str) -> None:
    """Refuse an action that is not possible in a state, with the states in which it is.

    Raises ``NotAllowed`` and ``UnknownAction``.

    >>> try:
    ...     require("withdraw", CORRECTED)
    ... except NotAllowed as refusal:
    ...     print(refusal.allowed)
    ('submitted', 'accepted')
    """
    if not is_allowed(action, current):
        allowed = tuple(name for name in STATES if name in ALLOWED[action])
        raise NotAllowed(action=action, state=current, allowed=allowed)


def _check(facts: Facts) -> None:
    """Refuse facts that the order of events rules out."""
    issued = facts.settled and not facts.corrections_open
    wrong = (
        facts.accepted and not facts.submitted,
        facts.settled and not facts.accepted,
        facts.corrections_open and not facts.settled,
        facts.corrections_open < 0 or facts.handover_open < 0,
        facts.withdrawn and (issued or not facts.submitted),
    )
    if any(wrong):
        raise Contradiction(facts=facts)
