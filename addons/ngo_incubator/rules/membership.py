"""Where the membership of an organisation stands, what may be done there, and when it is looked at again (F12).

One table says it for buttons, API and nightly run alike. Nothing is granted before a
person verified the organisation, and nothing ends without a warning with a date.
"""

from datetime import date, timedelta

from odoo.addons.support_plans.rules.errors import RuleError

APPLIED = "applied"
VERIFIED = "verified"
ACTIVE = "active"
SUSPENDED = "suspended"
ENDED = "ended"
STATES = (APPLIED, VERIFIED, ACTIVE, SUSPENDED, ENDED)

#: Action -> {state in which it is possible: state that it leads to}.
STEPS = {
    "verify": {APPLIED: VERIFIED, VERIFIED: VERIFIED, ACTIVE: ACTIVE, SUSPENDED: SUSPENDED},
    "refuse": {APPLIED: ENDED, VERIFIED: ENDED},
    "activate": {VERIFIED: ACTIVE, SUSPENDED: ACTIVE},
    "change_terms": {ACTIVE: ACTIVE},
    "warn": {ACTIVE: ACTIVE},
    "withdraw_warning": {ACTIVE: ACTIVE},
    "suspend": {ACTIVE: SUSPENDED},
    "end": {ACTIVE: ENDED, SUSPENDED: ENDED},
    # Who is another organisation than the one that was looked up is looked up again; who had a benefit stays who it was
    "edit_identity": {APPLIED: APPLIED, VERIFIED: APPLIED},
    "edit_terms": {APPLIED: APPLIED, VERIFIED: VERIFIED, ACTIVE: ACTIVE, SUSPENDED: SUSPENDED},
    "add_evidence": {VERIFIED: VERIFIED, ACTIVE: ACTIVE, SUSPENDED: SUSPENDED},
}

#: The list of public benefit organisations shows 30 November and is out by 15 December.
LIST_MONTH, LIST_DAY = 12, 15


class UnknownStep(RuleError):
    """Not an action of the table. Attribute: ``step``."""


class NotPossible(RuleError):
    """An action that a state does not have. Attributes: ``step``, ``state``, ``possible``."""


class TooSoon(RuleError):
    """An end without enough warning. Attributes: ``day``, ``earliest``."""


def is_possible(step: str, state: str) -> bool:
    """Whether an action may be done in a state. Raises ``UnknownStep``.

    >>> is_possible("activate", APPLIED), is_possible("activate", VERIFIED)
    (False, True)
    """
    if step not in STEPS:
        raise UnknownStep(step=step)
    return state in STEPS[step]


def after(step: str, state: str) -> str:
    """The state that an action leads to. Raises ``NotPossible`` and ``UnknownStep``.

    >>> after("verify", APPLIED)
    'verified'
    >>> try:
    ...     after("activate", APPLIED)
    ... except NotPossible as refusal:
    ...     print(refusal.possible)
    ('verified', 'suspended')
    """
    if not is_possible(step, state):
        raise NotPossible(step=step, state=state, possible=tuple(name for name in STATES if name in STEPS[step]))
    return STEPS[step][state]


def next_check(checked_on: date) -> date:
    """The day of the next yearly look at the registers: "yearly, after 15 December".

    >>> next_check(date(2026, 12, 15)), next_check(date(2026, 12, 16))
    (datetime.date(2026, 12, 16), datetime.date(2027, 12, 16))
    """
    this_year = date(checked_on.year, LIST_MONTH, LIST_DAY) + timedelta(days=1)
    return this_year if checked_on < this_year else this_year.replace(year=checked_on.year + 1)


def warning_due(next_check_on: date | None, grace_days: int, today: date) -> bool:
    """Whether the organisation is warned now, because its proof is older than the check allows.

    The check is our work, so the organisation hears of it only when the days of grace are over.

    >>> [warning_due(date(2026, 12, 16), 30, date(2027, 1, day)) for day in (15, 16)]
    [False, True]
    """
    return next_check_on is not None and today > next_check_on + timedelta(days=grace_days)


def last_day(warned_on: date, warning_days: int, wanted: date | None = None) -> date:
    """The last day on which a service month may begin with the discount: "a warning with a date first".

    ``wanted``: a later day than the earliest one, when somebody chose it. Raises ``TooSoon``.

    >>> last_day(date(2026, 3, 1), 30)
    datetime.date(2026, 3, 31)
    """
    earliest = warned_on + timedelta(days=warning_days)
    if wanted and wanted < earliest:
        raise TooSoon(day=wanted, earliest=earliest)
    return wanted or earliest


def is_over(ends_on: date | None, today: date) -> bool:
    """Whether the day of a warning has passed.

    >>> [is_over(date(2026, 3, 31), day) for day in (date(2026, 3, 31), date(2026, 4, 1))]
    [False, True]
    """
    return ends_on is not None and today > ends_on
