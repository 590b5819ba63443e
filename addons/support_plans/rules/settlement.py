"""Early end of a prepaid year: what is used, what is kept, what goes back (F9, F10, D4, D5, D6, D14, D15).

    "From the full amount paid deduct the amount due for the months worked, at the monthly
    price list; reduce the remainder by 3 % (handling the correction and the resignation)"
    (F10).

Amounts are net unless a name says gross, in the currency of the invoice, ``Decimal`` in
whole grosze. A settlement is *what is owed*; a correction is *what the document lowers*.
They differ when the invoice is not fully paid. Settle and correct each paid year by
itself, together with the differences of a change of plan within it: a year that is over
(``ends_early`` is false) is neither settled nor set off against the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .errors import RuleError
from .money import NotWholeGrosze, round_half_up, split
from .terms import NegativeTerm, months_worked, service_month, service_month_number

TAXABLE = "taxable"
OUTSIDE_VAT = "outside_vat"
NONE = "none"
TREATMENTS = (TAXABLE, OUTSIDE_VAT, NONE)

PAID = "paid"
USAGE = "usage"
REMAINDER = "remainder"
FEE = "fee"
REFUND = "refund"

_ONE_DAY = timedelta(days=1)
_ZERO = Decimal("0.00")


class NegativeAmount(RuleError):
    """An amount or a price below zero. Attributes: ``name``, ``amount``."""


class PercentOutOfRange(RuleError):
    """A percent below 0 or above 100. Attribute: ``percent``."""


class UnknownTreatment(RuleError):
    """Not a treatment of the fee (``TREATMENTS``). Attribute: ``treatment``."""


class UnwantedFee(RuleError):
    """A settlement with a fee is corrected without one. Attribute: ``fee``."""


class PaidMoreThanBilled(RuleError):
    """A payment above the invoice less its corrections. Attributes: ``paid``, ``billed``."""


class MoreThanRemains(RuleError):
    """More to share than the originals have left. Attributes: ``total``, ``most``."""


class BaseGrows(RuleError):
    """A correction that would raise the base. Attributes: ``before``, ``after``."""


@dataclass(frozen=True, slots=True)
class Usage:
    """``months`` worked at ``price``, the monthly list price frozen in the agreement (D4).

    After a change of plan there are several: by plan (4 x 399, 2 x 799), or by invoice,
    where the difference has the difference of the list prices (6 x 399, 2 x 400).
    """

    months: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Net, "rounded half-up to the grosz" (D6)."""
        return round_half_up(self.months * self.price)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the statement: ``amount`` is signed as it is added up.

    ``code``: ``PAID``, ``USAGE``, ``REMAINDER``, ``FEE`` or ``REFUND``. ``months`` and
    ``price`` explain a usage, ``percent`` the fee; they are None on other lines.
    """

    code: str
    amount: Decimal
    months: int | None = None
    price: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a client who paid ``paid`` gets back, net (F10, D6).

    ``used``: the months worked at the list price. ``remainder``: paid - used, which may be
    below zero. ``fee``: kept from a positive remainder. ``refund``: never below zero, never
    above ``paid``.
    """

    paid: Decimal
    usages: tuple[Usage, ...]
    used: Decimal
    remainder: Decimal
    fee_percent: Decimal
    fee: Decimal
    refund: Decimal

    @property
    def steps(self) -> tuple[Step, ...]:
        """The calculation line by line, as an accountant reads it.

        Always: paid, each usage, remainder, fee, refund. What stands above the remainder
        adds up to it; remainder and fee add up to the refund, or to less than zero: then
        the refund is zero.
        """
        return (
            Step(PAID, self.paid),
            *(Step(USAGE, -usage.amount, months=usage.months, price=usage.price) for usage in self.usages),
            Step(REMAINDER, self.remainder),
            Step(FEE, -self.fee, percent=self.fee_percent),
            Step(REFUND, self.refund),
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction invoice does to what was billed, net: ``final`` + ``lowered`` = billed.

    ``final``: what stays billed. ``lowered``: what the correction takes off; zero means that
    there is nothing to correct. ``set_off``: the fee outside VAT, by a debit note (D14).
    """

    final: Decimal
    lowered: Decimal
    set_off: Decimal


@dataclass(frozen=True, slots=True)
class Original:
    """One invoice of a paid year, net: ``billed`` less earlier corrections, ``used`` of it."""

    billed: Decimal
    used: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """One original in a correction: lowered = billed - used - covered - fee.

    ``covered``: what it gives for originals of the same year of which more was used than
    billed. An original with ``lowered`` zero needs no correction; the formula then does not
    hold, as what it lacks is covered by others.
    """

    covered: Decimal
    fee: Decimal
    lowered: Decimal


def ends_early(start: date, first: date, months: int, effective_on: date) -> bool:
    """Whether a paid period of an agreement ends before all of it is used (F10).

    The period has ``months`` service months of the agreement that began on ``start``, and
    begins with the one of the day ``first``. Raises ``NegativeTerm`` and ``BeforeStart``.

    >>> year = date(2026, 1, 15), date(2026, 1, 15), 12
    >>> [ends_early(*year, date(2027, 1, day)) for day in (13, 14)]
    [True, False]
    """
    _not_negative_months(months)
    after = service_month(start, service_month_number(start, first) + months)[0]
    return effective_on + _ONE_DAY < after


def months_of_period(start: date, first: date, months: int, effective_on: date, rule: str = "started") -> int:
    """How many months of a paid period were worked; never more than it has (D5, F10).

    Counted from the start of the agreement, not of the period: "does not drift". A period
    that begins after the end: 0. Arguments as in ``ends_early``; ``rule`` as in
    ``months_worked``. Raises ``NegativeTerm``, ``BeforeStart`` and ``UnknownMonthRule``.

    >>> second_year = date(2028, 2, 29), date(2029, 2, 28), 12
    >>> [months_of_period(*second_year, date(2029, 3, day)) for day in (28, 29)]
    [1, 2]
    """
    _not_negative_months(months)
    worked = months_worked(start, effective_on, rule) - service_month_number(start, first)
    return min(max(worked, 0), months)


def fee_percent_due(
    fee_percent: Decimal, treatment: str, is_private_person: bool, first: date, effective_on: date
) -> Decimal:
    """The percent of the fee to settle with: the agreed one, or 0 where no fee is due.

    "A private person has a separate path: no fee" (D15); the accountant may choose none
    (D14); a period that begins (``first``) after the end was never worked: all of it goes
    back. Raises ``UnknownTreatment``, ``PercentOutOfRange`` and ``NotAnAmount``.

    >>> days = date(2026, 1, 15), date(2026, 6, 14)
    >>> [fee_percent_due(Decimal(3), TAXABLE, is_private, *days) for is_private in (False, True)]
    [Decimal('3'), Decimal('0.00')]
    """
    _check_percent(fee_percent)
    _check_treatment(treatment)
    if treatment == NONE or is_private_person or first > effective_on:
        return _ZERO
    return fee_percent


def net_paid(billed_net: Decimal, billed_gross: Decimal, paid_gross: Decimal) -> Decimal:
    """The net part of what was really paid for an invoice, less earlier corrections (D6).

    In proportion, half-up; fully paid is exactly the net amount. ``billed_...``: the invoice
    less its corrections. What was paid above that is not for the plan: the earlier
    correction gives it back. Raises ``NegativeAmount``, ``NotWholeGrosze``, ``NotAnAmount``.

    >>> net_paid(Decimal("4188.00"), Decimal("5151.24"), Decimal("3000.00"))
    Decimal('2439.02')
    """
    _check_amounts(billed_net=billed_net, billed_gross=billed_gross, paid_gross=paid_gross)
    if paid_gross >= billed_gross:
        return round_half_up(billed_net)
    return round_half_up(billed_net * paid_gross / billed_gross)


def settle(paid_net: Decimal, list_price_month: Decimal, months_worked: int, fee_percent: Decimal) -> Settlement:
    """What goes back when a prepaid year ends early (F10).

    "The monthly list price frozen in the agreement" (D4) for each month worked (D5) is
    deducted from ``paid_net``, "what was really paid". "A remainder of zero or less gives
    refund 0, no fee and no extra charge. The fee is 3 % of a positive remainder" (D6).
    Raises as ``settle_usage``.

    >>> example = settle(Decimal("8629.20"), Decimal(799), 5, Decimal(3))
    >>> example.used, example.remainder, example.fee, example.refund
    (Decimal('3995.00'), Decimal('4634.20'), Decimal('139.03'), Decimal('4495.17'))
    >>> example = settle(Decimal("4188.00"), Decimal(399), 5, Decimal(3))
    >>> example.used, example.remainder, example.fee, example.refund
    (Decimal('1995.00'), Decimal('2193.00'), Decimal('65.79'), Decimal('2127.21'))
    >>> late = settle(Decimal("8629.20"), Decimal(799), 11, Decimal(3))
    >>> late.remainder, late.fee, late.refund
    (Decimal('-159.80'), Decimal('0.00'), Decimal('0.00'))
    """
    return settle_usage(paid_net, (Usage(months_worked, list_price_month),), fee_percent)


def settle_usage(paid_net: Decimal, usages: Sequence[Usage], fee_percent: Decimal) -> Settlement:
    """``settle`` for months at several list prices: one year, one remainder, one fee (F10, D4, P9).

    ``fee_percent``: 3 for 3 %; see ``fee_percent_due``. Raises ``NegativeAmount``,
    ``NegativeTerm``, ``PercentOutOfRange``, ``NotWholeGrosze`` and ``NotAnAmount``.

    >>> changed = settle_usage(
    ...     Decimal("7189.20"), [Usage(4, Decimal(399)), Usage(2, Decimal(799))], Decimal(3))
    >>> for step in changed.steps:
    ...     print(step.code, step.amount)
    paid 7189.20
    usage -1596.00
    usage -1598.00
    remainder 3995.20
    fee -119.86
    refund 3875.34
    """
    _check_amounts(paid=paid_net)
    _check_percent(fee_percent)
    for usage in usages:
        _not_negative_months(usage.months)
        _check_not_negative("price", usage.price)
    paid = round_half_up(paid_net)
    used = sum((usage.amount for usage in usages), start=_ZERO)
    remainder = paid - used
    fee = round_half_up(max(remainder, _ZERO) * fee_percent / 100)
    return Settlement(paid, tuple(usages), used, remainder, fee_percent, fee, max(remainder - fee, _ZERO))


def correct(billed_net: Decimal, settlement: Settlement, treatment: str = TAXABLE) -> Correction:
    """What the correction lowers of ``billed_net``, the invoices less earlier corrections (F10, D14).

    What was used stays billed, and with the taxable treatment the fee too; never more than
    was billed: "no extra charge" (D6). Fully paid, it lowers the refund (taxable) or the
    remainder (outside VAT, where the fee is set off by a debit note). Not fully paid, it
    lowers what the client owes as well. Raises ``PaidMoreThanBilled``, ``UnwantedFee`` (none
    is chosen but the settlement has one), ``UnknownTreatment``, ``NegativeAmount``,
    ``NotWholeGrosze`` and ``NotAnAmount``.

    >>> paid = settle(Decimal("4188.00"), Decimal(399), 5, Decimal(3))
    >>> correct(Decimal("4188.00"), paid)
    Correction(final=Decimal('2060.79'), lowered=Decimal('2127.21'), set_off=Decimal('0.00'))
    >>> correct(Decimal("4188.00"), paid, OUTSIDE_VAT)
    Correction(final=Decimal('1995.00'), lowered=Decimal('2193.00'), set_off=Decimal('65.79'))
    >>> unpaid = settle(Decimal("0.00"), Decimal(399), 5, Decimal(3))
    >>> correct(Decimal("4188.00"), unpaid).lowered
    Decimal('2193.00')
    """
    _check_amounts(billed=billed_net)
    _check_treatment(treatment)
    if settlement.paid > billed_net:
        raise PaidMoreThanBilled(paid=settlement.paid, billed=billed_net)
    if treatment == NONE and settlement.fee:
        raise UnwantedFee(fee=settlement.fee)
    billed = round_half_up(billed_net)
    taxed, set_off = (_ZERO, settlement.fee) if treatment == OUTSIDE_VAT else (settlement.fee, _ZERO)
    final = min(billed, settlement.used + taxed)
    return Correction(final, billed - final, set_off)


def correct_each(originals: Sequence[Original], taxed_fee: Decimal) -> list[Share]:
    """Divide a correction among the originals of one paid year: the year, and its changes of plan (F10).

    "One correction per original that has something to give back". An original of which more
    was used than billed is not corrected: the others cover it first; then they carry the fee
    (0 unless taxable, D14) in proportion to what is left. The sum of ``lowered`` is that of
    ``correct``. Raises ``NegativeAmount``, ``NotWholeGrosze`` and ``NotAnAmount``.

    >>> year, difference = Original(Decimal("4309.20"), Decimal(4389)), Original(Decimal(2880), Decimal(2800))
    >>> for share in correct_each([year, difference], Decimal("0.01")):
    ...     print(share.covered, share.fee, share.lowered)
    0.00 0.00 0.00
    79.80 0.01 0.19
    """
    _check_amounts(taxed_fee=taxed_fee)
    for original in originals:
        _check_amounts(billed=original.billed, used=original.used)
    remainders = [round_half_up(original.billed - original.used) for original in originals]
    left = [max(remainder, _ZERO) for remainder in remainders]
    lacking = sum(left, start=_ZERO) - sum(remainders, start=_ZERO)
    covered, left = _take(left, lacking)
    fees, left = _take(left, taxed_fee)
    return [Share(*values) for values in zip(covered, fees, left, strict=True)]


def allot(remainders: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """Share ``total`` among originals in proportion to what each has left (D6).

    To the grosz, by largest remainder; one with nothing left, or less, gets nothing, and none
    gets more than it has left. Raises ``MoreThanRemains``, ``NegativeAmount``,
    ``NotWholeGrosze`` and ``NotAnAmount``.

    >>> allot([Decimal("1915.20"), Decimal("2080.00"), Decimal("-5.00")], Decimal("119.86"))
    [Decimal('57.46'), Decimal('62.40'), Decimal('0.00')]
    """
    _check_amounts(total=total)
    for remainder in remainders:
        _check_whole_grosze(remainder)
    left = [max(round_half_up(remainder), _ZERO) for remainder in remainders]
    if total > sum(left):
        raise MoreThanRemains(total=total, most=sum(left, start=_ZERO))
    return split(total, left) if total else [_ZERO] * len(left)


def vat_difference(base_before: Decimal, base_after: Decimal, vat_before: Decimal, rate: Decimal) -> Decimal:
    """The VAT that a correction lowers, of one rate: "VAT before less VAT after" (D6).

    Not ``rate`` percent of the difference, which misses the right state after correction by
    a grosz in a quarter of all cases. ``..._before``: the whole original at that rate, less
    earlier corrections, other lines included; ``rate``: 23 for 23 %, 0 for exempt. A base
    that stays leaves its VAT alone, and a lower base never raises it, however the original
    was rounded. Raises ``BaseGrows``, ``PercentOutOfRange``, ``NegativeAmount``,
    ``NotWholeGrosze`` and ``NotAnAmount``.

    >>> vat_difference(Decimal("4188.00"), Decimal("2060.79"), Decimal("963.24"), Decimal(23))
    Decimal('489.26')
    """
    _check_amounts(base_before=base_before, base_after=base_after, vat_before=vat_before)
    _check_percent(rate)
    if base_after > base_before:
        raise BaseGrows(before=base_before, after=base_after)
    if base_after == base_before:
        return _ZERO
    return max(round_half_up(vat_before - round_half_up(base_after * rate / 100)), _ZERO)


def refund_gross(paid_gross: Decimal, final_gross: Decimal, set_off: Decimal = _ZERO) -> Decimal:
    """The bank transfer: "only what was really paid is refunded" (D6, F10).

    What was paid, less what stays billed after the correction, VAT included, less a fee
    outside VAT that is set off (D14). Raises ``NegativeAmount``, ``NotWholeGrosze`` and
    ``NotAnAmount``.

    >>> refund_gross(Decimal("5151.24"), Decimal("2534.77"))
    Decimal('2616.47')
    >>> refund_gross(Decimal("5151.24"), Decimal("2453.85"), Decimal("65.79"))
    Decimal('2631.60')
    """
    _check_amounts(paid_gross=paid_gross, final_gross=final_gross, set_off=set_off)
    return max(round_half_up(paid_gross - final_gross - set_off), _ZERO)


def _take(left: list[Decimal], total: Decimal) -> tuple[list[Decimal], list[Decimal]]:
    """Take ``total``, or all there is, from what is left: what each gives, and what it keeps."""
    taken = allot(left, min(total, sum(left, start=_ZERO)))
    return taken, [have - gives for have, gives in zip(left, taken, strict=True)]


def _check_amounts(**amounts: Decimal) -> None:
    for name, amount in amounts.items():
        _check_whole_grosze(amount)
        _check_not_negative(name, amount)


def _check_whole_grosze(amount: Decimal) -> None:
    if round_half_up(amount) != amount:
        raise NotWholeGrosze(amount=amount)


def _check_not_negative(name: str, amount: Decimal) -> None:
    round_half_up(amount)  # refuses what is not a Decimal
    if amount < 0:
        raise NegativeAmount(name=name, amount=amount)


def _not_negative_months(months: int) -> None:
    if months < 0:
        raise NegativeTerm(number=months)


def _check_percent(percent: Decimal) -> None:
    round_half_up(percent)  # refuses what is not a Decimal
    if not 0 <= percent <= 100:
        raise PercentOutOfRange(percent=percent)


def _check_treatment(treatment: str) -> None:
    if treatment not in TREATMENTS:
        raise UnknownTreatment(treatment=treatment)
