"""The promotion that an organisation gives in return: where it stands, what proves it, when it is looked at (F12).

    "... lower rates and longer payment terms in exchange for promotion" (F12).

What a page shows on a day is a fact, no judgement: nothing here changes a discount. A
page that cannot be reached proves nothing, so people are told only when it stays so.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from odoo.addons.support_plans.rules.errors import RuleError

PROPOSED = "proposed"
AGREED = "agreed"
FULFILLED = "fulfilled"
DROPPED = "dropped"
STATES = (PROPOSED, AGREED, FULFILLED, DROPPED)
#: What the organisation gives: it reads these, and they count in the balance.
GIVEN = (AGREED, FULFILLED)

#: Action -> {state in which it is possible: state that it leads to}.
STEPS = {
    "agree": {PROPOSED: AGREED},
    "fulfil": {AGREED: FULFILLED},
    "drop": {PROPOSED: DROPPED, AGREED: DROPPED},
    "edit": {PROPOSED: PROPOSED, AGREED: AGREED},
    "move": {PROPOSED: PROPOSED},
    "add_evidence": {AGREED: AGREED, FULFILLED: FULFILLED},
    "check_page": {AGREED: AGREED},
    "remind": {AGREED: AGREED},
    "delete": {PROPOSED: PROPOSED},
}

#: What a membership asks for in return.
NONE = "none"
COURTESY = "courtesy"
BARTER = "barter"

#: Where the evidence of a promotion stands.
MISSING = "missing"
WAITING = "waiting"
ACCEPTED = "accepted"
LOST = "lost"

#: A page that was not found right is looked at again after so many days.
_AGAIN = (1, 3, 7)
#: On so many days in a row a page must fail before somebody is told.
FAILURES = 3


class UnknownStep(RuleError):
    """Not an action of the table. Attribute: ``step``."""


class NotPossible(RuleError):
    """An action that a state does not have. Attributes: ``step``, ``state``, ``possible``."""


class NothingAgreed(RuleError):
    """The membership is without promotion. No attributes."""


class ValueMissing(RuleError):
    """Barter without a value. No attributes."""


class ValueNotAsked(RuleError):
    """A value of something that nobody owes. Attribute: ``value``."""


def is_possible(step: str, state: str) -> bool:
    """Whether an action may be done in a state. Raises ``UnknownStep``.

    >>> is_possible("fulfil", PROPOSED), is_possible("fulfil", AGREED)
    (False, True)
    """
    if step not in STEPS:
        raise UnknownStep(step=step)
    return state in STEPS[step]


def after(step: str, state: str) -> str:
    """The state that an action leads to. Raises ``NotPossible`` and ``UnknownStep``.

    >>> after("agree", PROPOSED)
    'agreed'
    >>> try:
    ...     after("drop", FULFILLED)
    ... except NotPossible as refusal:
    ...     print(refusal.possible)
    ('proposed', 'agreed')
    """
    if not is_possible(step, state):
        raise NotPossible(step=step, state=state, possible=tuple(name for name in STATES if name in STEPS[step]))
    return STEPS[step][state]


def check_value(kind: str, state: str, value: Decimal | float) -> None:
    """Refuse a promotion that does not fit what the membership asks for.

    "Barter asks for a value ... courtesy must not." What is fulfilled or dropped is history: it
    was right when it was agreed. Raises ``NothingAgreed``, ``ValueMissing``, ``ValueNotAsked``.

    >>> check_value(BARTER, PROPOSED, 0)
    >>> try:
    ...     check_value(BARTER, AGREED, 0)
    ... except ValueMissing as refusal:
    ...     print(refusal)
    ValueMissing()
    """
    if state not in (PROPOSED, AGREED):
        return
    if kind == NONE and state == AGREED:
        raise NothingAgreed
    if kind == BARTER and state == AGREED and value <= 0:
        raise ValueMissing
    if kind == COURTESY and value:
        raise ValueNotAsked(value=value)


def evidence_state(evidence: Collection[str], is_found: bool | None) -> str:
    """Where the evidence of a promotion stands.

    ``evidence``: the state of each; ``is_found``: what the page said when it answered last, None
    when it has not answered since evidence was accepted last, or at all. Accepted evidence is lost
    when the page does not show it any more.

    >>> evidence_state([], None), evidence_state(["rejected", "waiting"], True)
    ('missing', 'waiting')
    >>> evidence_state(["waiting", "accepted"], None), evidence_state(["accepted"], False)
    ('accepted', 'lost')
    """
    if ACCEPTED in evidence:
        return LOST if is_found is False else ACCEPTED
    return WAITING if WAITING in evidence else MISSING


def failures_in_row(checks: Iterable[tuple[date, bool]]) -> int:
    """On how many days in a row a page was not found right, up to the last look.

    ``checks``: day and result, the oldest first. Several looks on one day are one failure.

    >>> monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    >>> failures_in_row([(monday, False), (monday, False), (tuesday, False)])
    2
    >>> failures_in_row([(monday, False), (tuesday, True)])
    0
    """
    days = set()
    for day, is_found in checks:
        days = set() if is_found else days | {day}
    return len(days)


def first_check(agreed_on: date, first_day: date | None, every_days: int) -> date:
    """The day of the first look: the organisation has as long as between two looks.

    >>> first_check(date(2026, 3, 1), date(2026, 3, 11), 30)
    datetime.date(2026, 4, 10)
    """
    return max(agreed_on, first_day or agreed_on) + timedelta(days=every_days)


def next_check(checked_on: date, failures: int, every_days: int, last_day: date | None = None) -> date | None:
    """The day of the next look at a page: sooner after a failure, None when the promotion is over by then.

    >>> day = date(2026, 3, 1)
    >>> [(next_check(day, failures, 30) - day).days for failures in range(5)]
    [30, 1, 3, 7, 7]
    >>> next_check(day, 0, 30, date(2026, 3, 11)), next_check(day, 0, 30, day)
    (datetime.date(2026, 3, 11), None)
    """
    if last_day and last_day <= checked_on:
        return None
    days = min(_AGAIN[min(failures, len(_AGAIN)) - 1], every_days) if failures else every_days
    following = checked_on + timedelta(days=days)
    return min(following, last_day) if last_day else following


def reminder_due(days: Sequence[date], reminded_for: date | None, remind_days: int, today: date) -> date | None:
    """The day for which somebody is reminded now that evidence is missing; None for nothing to do.

    ``days``: the end of the promotion and its next check. Each is reminded of once, from
    ``remind_days`` before it on; when both are near, one reminder speaks of the later.

    >>> end, check = date(2026, 6, 30), date(2026, 6, 15)
    >>> reminder_due([end, check], None, 14, date(2026, 6, 1))
    datetime.date(2026, 6, 15)
    >>> reminder_due([end, check], check, 14, date(2026, 6, 2))
    >>> reminder_due([end, check], check, 14, date(2026, 6, 16))
    datetime.date(2026, 6, 30)
    """
    near = max((day for day in days if day <= today + timedelta(days=remind_days)), default=None)
    return near if near and (reminded_for is None or near > reminded_for) else None
