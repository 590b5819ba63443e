"""Amounts to the grosz. Always ``Decimal``, never a float (D6)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .errors import RuleError

_GROSZ = Decimal("0.01")


class NotAnAmount(RuleError):
    """Not a finite ``Decimal``. Attribute: ``amount``."""


class NotWholeGrosze(RuleError):
    """An amount with parts of a grosz. Attribute: ``amount``."""


class InvalidWeights(RuleError):
    """Nothing to share by: no weights, a negative one, or only zeros. Attribute: ``weights``."""


def round_half_up(amount: Decimal, digits: int = 2) -> Decimal:
    """Rounded "half-up to the grosz" (D6).

    A half goes away from zero, so that a correction mirrors its invoice.
    Raises ``NotAnAmount``.

    >>> round_half_up(Decimal("139.025")), round_half_up(Decimal("-139.025"))
    (Decimal('139.03'), Decimal('-139.03'))
    """
    if not (isinstance(amount, Decimal) and amount.is_finite()):
        raise NotAnAmount(amount=amount)
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Share ``total`` in proportion to ``weights``; the shares add up to it exactly.

    Each share gets its whole grosze, and the grosze that are left go to the largest
    remainders, the earlier first (D6). A negative total is shared like a positive one.
    Raises ``NotAnAmount``, ``NotWholeGrosze`` and ``InvalidWeights``.

    >>> split(Decimal("100.00"), [1, 1, 1])
    [Decimal('33.34'), Decimal('33.33'), Decimal('33.33')]
    """
    if round_half_up(total) != total:
        raise NotWholeGrosze(amount=total)
    parts = [Fraction(weight) for weight in weights]
    if not any(parts) or min(parts) < 0:
        raise InvalidWeights(weights=weights)
    sign = -1 if total < 0 else 1
    grosze = _largest_remainder(int(abs(total) / _GROSZ), parts)
    return [sign * count * _GROSZ for count in grosze]


def annual_price(price_year_month: Decimal, months: int = 12) -> Decimal:
    """Net price of a year paid up front, from its price per month (F9).

    >>> annual_price(Decimal("719.10"))
    Decimal('8629.20')
    """
    return round_half_up(price_year_month * months)


def _largest_remainder(total: int, weights: list[Fraction]) -> list[int]:
    """Whole numbers in proportion to ``weights`` that add up to ``total``."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares
