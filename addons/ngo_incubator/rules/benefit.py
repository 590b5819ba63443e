"""What a non-profit organisation pays less, and when it pays: discount and term of payment (F12).

    "As part of cooperation we provide services at lower rates and guarantee longer
    payment terms in exchange for promotion" (F12).

A benefit is frozen when it comes into force: another agreement with the organisation is
another benefit. "Applied from the next invoice", so it counts for what is invoiced from
its first day on; "full price from the next service month", so it ends with the service
months, never within one. What is invoiced stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.addons.support_plans.rules.errors import RuleError
from odoo.addons.support_plans.rules.money import round_half_up

#: How the client stands in the act on payment delays (of 8 March 2013).
NO_BUSINESS = "no_business"
BUSINESS = "business"
LARGE = "large"
PUBLIC = "public"
PUBLIC_MEDICAL = "public_medical"
DEBTORS = (NO_BUSINESS, BUSINESS, LARGE, PUBLIC, PUBLIC_MEDICAL)

#: Beyond so many days a term must be agreed expressly (art. 7 (2)).
USUAL_DAYS = 60
#: Days that no agreement may exceed (art. 8 (2); for large firms that buy from smaller ones art. 7 (2a)).
HARD_LIMITS = {PUBLIC: 30, PUBLIC_MEDICAL: 60}

#: Discounts by plan (None: all others), discount of hours, days to pay.
Terms = tuple[Mapping[str | None, Decimal], Decimal, int]

_HUNDRED = Decimal(100)
_ZERO = Decimal("0.00")
_YEAR = 365


class PercentOutOfRange(RuleError):
    """A discount below 0 or above 100. Attribute: ``percent``."""


class NegativeNumber(RuleError):
    """Days or a price below zero. Attributes: ``name``, ``value``."""


class UnknownDebtor(RuleError):
    """Not one of ``DEBTORS``. Attribute: ``debtor``."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a benefit counts. ``first_day``: it is granted; ``last_day``: of its warning, None while it goes on.

    ``by_service``: it begins with the service months from ``first_day`` on, not with the invoices: worse
    terms after a warning.
    """

    first_day: date
    last_day: date | None = None
    by_service: bool = False


@dataclass(frozen=True, slots=True)
class TermVerdict:
    """What is wrong with a term of payment.

    ``warns``: it is longer than usual, so people are told. ``needs_clause``: the law wants it
    expressly agreed. ``limit``: the most that the law allows here, None when it sets none.
    ``is_refused``: the term cannot be granted as it stands.
    """

    warns: bool
    needs_clause: bool
    limit: int | None
    is_refused: bool


def counts(window: Window, invoiced_on: date, first: date) -> bool:
    """Whether a benefit counts for a service period that begins on ``first`` and is invoiced on a day.

    Granted: "from the next invoice", whenever the service was; worse terms only from a service
    month that begins after the warning. Ended: a service month that has begun by the last day
    keeps the discount, "full price from the next service month".

    >>> granted = Window(date(2026, 3, 10), date(2026, 6, 20))
    >>> [counts(granted, date(2026, 3, 10), date(2026, 3, 1)), counts(granted, date(2026, 3, 9), date(2026, 3, 1))]
    [True, False]
    >>> [counts(granted, date(2026, 7, 1), date(2026, 6, 20)), counts(granted, date(2026, 6, 1), date(2026, 6, 21))]
    [True, False]
    """
    begun = window.first_day <= (first if window.by_service else max(invoiced_on, first))
    return begun and (window.last_day is None or first <= window.last_day)


def find(windows: Sequence[Window], invoiced_on: date, first: date, gives: Sequence[Decimal | int] = ()) -> int | None:
    """The place of the benefit that counts: of several, the one that gives most; None for none.

    ``gives``: what each gives (a discount, days). Of those that give the same, the one that was
    granted last. So better terms count "from the next invoice", and a service month that has
    begun keeps what it had.

    >>> two = [Window(date(2026, 1, 1), date(2026, 5, 1)), Window(date(2026, 5, 1))]
    >>> [find(two, day, day) for day in (date(2025, 12, 31), date(2026, 4, 30), date(2026, 5, 1))]
    [None, 0, 1]
    >>> [find(two, date(2026, 5, 9), date(2026, 4, 1), gives) for gives in ((20, 10), (20, 25))]
    [0, 1]
    """
    worth = gives or [0] * len(windows)
    places = [place for place, window in enumerate(windows) if counts(window, invoiced_on, first)]
    return max(places, key=lambda place: (worth[place], windows[place].first_day, place), default=None)


def percent_of(discounts: Mapping[str | None, Decimal], plan: str | None) -> Decimal:
    """The discount on the fee of a plan: its own when there is one, else that of all plans (key None), else 0.

    Raises ``PercentOutOfRange``.

    >>> agreed = {None: Decimal(10), "START": Decimal(25)}
    >>> [percent_of(agreed, "START"), percent_of(agreed, "STANDARD"), percent_of({}, "START")]
    [Decimal('25'), Decimal('10'), Decimal('0.00')]
    """
    return check_percent(discounts.get(plan, discounts.get(None, _ZERO)))


def higher(own: Decimal, granted: Decimal) -> Decimal:
    """The discount that counts where the client has another one already: the higher one; they do not add up.

    Raises ``PercentOutOfRange``.

    >>> higher(Decimal(10), Decimal(25))
    Decimal('25')
    """
    return max(check_percent(own), check_percent(granted))


def price(full: Decimal, percent: Decimal) -> Decimal:
    """The organisation's own price of a month or an hour, net, to the grosz.

    This is the "monthly price list" of its agreement (D4): an annual plan that ends early is
    settled with it. Raises ``PercentOutOfRange``, ``NegativeNumber`` and ``NotAnAmount``.

    >>> price(Decimal("399.00"), Decimal("12.5"))
    Decimal('349.13')
    """
    _not_negative("price", round_half_up(full))
    return round_half_up(full * (_HUNDRED - check_percent(percent)) / _HUNDRED)


def difference(new: Decimal, paid: Decimal) -> Decimal:
    """What a month costs more after a change of plan in a prepaid year: the new price less the price that is paid.

    Both net, after the discount of each. Never below zero: a dearer plan with a higher discount
    may cost the same, and what was invoiced is not given back (F9, F12).

    >>> [difference(Decimal("503.37"), Decimal("287.28")), difference(Decimal("200.00"), Decimal("287.28"))]
    [Decimal('216.09'), Decimal('0.00')]
    """
    return max(round_half_up(new) - round_half_up(paid), _ZERO)


def days_to_pay(own: int, granted: int) -> int:
    """The term of payment in days: the longer of the agreement's own and the granted one.

    Raises ``NegativeNumber``.

    >>> [days_to_pay(14, 45), days_to_pay(90, 45)]
    [45, 90]
    """
    _not_negative("days", own)
    _not_negative("days", granted)
    return max(own, granted)


def judge_term(days: int, debtor: str, creditor_is_small: bool, has_clause: bool) -> TermVerdict:
    """Whether a term of payment can be granted (act of 8 March 2013 on payment delays, art. 7 and 8).

    "Not longer than 60 days ... unless the parties expressly agree otherwise and it is not
    grossly unfair" (art. 7 (2)): beyond it a clause is needed. No agreement helps where a large
    firm owes a small or medium one (60 days, art. 7 (2a)) or where a public body owes (30 days;
    60 for medical ones, art. 8). An organisation without business activity is no party of the
    act: the term is free. Raises ``UnknownDebtor`` and ``NegativeNumber``.

    >>> verdict = judge_term(90, BUSINESS, creditor_is_small=True, has_clause=False)
    >>> verdict.warns, verdict.needs_clause, verdict.limit, verdict.is_refused
    (True, True, None, True)
    >>> judge_term(90, BUSINESS, creditor_is_small=True, has_clause=True).is_refused
    False
    >>> judge_term(61, LARGE, creditor_is_small=True, has_clause=True).limit
    60
    >>> judge_term(90, NO_BUSINESS, creditor_is_small=True, has_clause=False).is_refused
    False
    """
    _not_negative("days", days)
    if debtor not in DEBTORS:
        raise UnknownDebtor(debtor=debtor)
    limit = USUAL_DAYS if debtor == LARGE and creditor_is_small else HARD_LIMITS.get(debtor)
    beyond = limit is not None and days > limit
    is_long = days > USUAL_DAYS
    needs_clause = is_long and not beyond and debtor != NO_BUSINESS
    return TermVerdict(is_long or beyond, needs_clause, limit, beyond or (needs_clause and not has_clause))


def term_value(gross: Decimal, days: int, percent_a_year: Decimal) -> Decimal:
    """What it costs to wait for an amount: simple interest by days of a year of 365, to the grosz.

    ``days``: beyond the usual term; nothing for zero or less. Raises ``NegativeNumber`` and ``NotAnAmount``.

    >>> term_value(Decimal("1230.00"), 31, Decimal("6"))
    Decimal('6.27')
    """
    _not_negative("percent", round_half_up(percent_a_year, 4))
    return round_half_up(round_half_up(gross) * max(days, 0) * percent_a_year / _HUNDRED / _YEAR)


def is_better(new: Terms, old: Terms) -> bool:
    """Whether new terms are at least as good as the old ones in every point, so that nobody must be warned.

    >>> old = {None: Decimal(10)}, Decimal(5), 30
    >>> is_better(({None: Decimal(10)}, Decimal(5), 45), old)
    True
    >>> is_better(({"START": Decimal(50)}, Decimal(5), 45), old)
    False
    """
    new_plans, *new_rest = new
    old_plans, *old_rest = old
    named = {*new_plans, *old_plans, None}
    fees = all(percent_of(new_plans, plan) >= percent_of(old_plans, plan) for plan in named)
    return fees and all(now >= before for now, before in zip(new_rest, old_rest, strict=True))


def check_percent(percent: Decimal) -> Decimal:
    """Return a percent, or raise ``PercentOutOfRange`` or ``NotAnAmount``.

    >>> check_percent(Decimal(100))
    Decimal('100')
    """
    if not 0 <= round_half_up(percent, 4) <= _HUNDRED:
        raise PercentOutOfRange(percent=percent)
    return percent


def _not_negative(name: str, value: Decimal | int) -> None:
    if value < 0:
        raise NegativeNumber(name=name, value=value)
