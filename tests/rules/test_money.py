"""Amounts to the grosz (D6, F9, F10)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.money import (
    InvalidWeights,
    NotAnAmount,
    NotWholeGrosze,
    annual_price,
    round_half_up,
    split,
)

AMOUNTS = st.integers(-(10**9), 10**9).map(lambda grosze: Decimal(grosze) / 100)
WEIGHTS = st.lists(st.integers(0, 1000) | st.decimals(0, 1000, places=2), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("139.026", "139.03"),
        ("139.025", "139.03"),
        ("139.0249", "139.02"),
        ("0.005", "0.01"),
        ("0.0149", "0.01"),
        ("2.675", "2.68"),
        ("65.79", "65.79"),
        ("-139.025", "-139.03"),
        ("-0.004", "0.00"),
        ("1000000.995", "1000001.00"),
    ],
)
def test_half_a_grosz_goes_up(exact, rounded):
    """D6."""
    assert round_half_up(Decimal(exact)) == Decimal(rounded)
    assert round_half_up(Decimal(exact)).as_tuple().exponent == -2


@given(st.decimals(-(10**6), 10**6, places=5), st.integers(0, 4))
def test_rounding_is_the_nearest_and_mirrors_a_correction(amount, digits):
    """D6."""
    rounded = round_half_up(amount, digits)
    step = Fraction(1, 10**digits)
    assert Fraction(rounded) % step == 0
    off = abs(Fraction(rounded)) - abs(Fraction(amount))
    assert -step / 2 < off <= step / 2
    assert round_half_up(-amount, digits) == -rounded


@given(AMOUNTS, WEIGHTS)
def test_shares_add_up_exactly_and_each_is_off_by_less_than_a_grosz(total, weights):
    """D6."""
    shares = split(total, weights)
    assert sum(shares) == total
    assert len(shares) == len(weights)
    whole = sum(Fraction(weight) for weight in weights)
    for share, weight in zip(shares, weights, strict=True):
        exact = Fraction(total) * Fraction(weight) / whole
        assert abs(Fraction(share) - exact) < Fraction(1, 100)
        assert share.as_tuple().exponent == -2
    assert split(-total, weights) == [-share for share in shares]


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("0.05", [1, 1, 1], ["0.02", "0.02", "0.01"]),
        ("0.01", [1, 2], ["0.00", "0.01"]),
        ("10.00", [0, 1], ["0.00", "10.00"]),
        ("0.00", [3, 1], ["0.00", "0.00"]),
        ("-100.00", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
        ("8629.20", [1] * 12, ["719.10"] * 12),
    ],
)
def test_the_left_grosze_go_to_the_largest_remainders_and_then_to_the_earlier(total, weights, shares):
    """D6."""
    assert split(Decimal(total), weights) == [Decimal(share) for share in shares]


@given(st.integers(1, 10**6), WEIGHTS)
def test_no_share_with_a_smaller_remainder_gets_a_left_grosz_first(grosze, weights):
    """D6: largest remainder."""
    whole = sum(Fraction(weight) for weight in weights)
    exact = [grosze * Fraction(weight) / whole for weight in weights]
    shares = [int(share * 100) for share in split(Decimal(grosze) / 100, weights)]
    pairs = list(zip(exact, shares, strict=True))
    assert all(share in (part // 1, part // 1 + 1) for part, share in pairs)
    raised = [part % 1 for part, share in pairs if share > part]
    left = [part % 1 for part, share in pairs if share <= part]
    if raised and left:
        assert min(raised) >= max(left)


@pytest.mark.parametrize(
    ("price", "months", "total"),
    [("719.10", 12, "8629.20"), ("349", 12, "4188.00"), ("359.10", 6, "2154.60")],
)
def test_a_year_up_front_costs_its_months(price, months, total):
    """F9."""
    assert annual_price(Decimal(price), months) == Decimal(total)
    if months == 12:
        assert annual_price(Decimal(price)) == Decimal(total)


@pytest.mark.parametrize("wrong", [1.5, 3, "2.00", None, Decimal("NaN"), Decimal("Infinity")])
def test_what_is_not_a_decimal_amount_is_refused(wrong):
    """D6: never a float."""
    with pytest.raises(NotAnAmount):
        round_half_up(wrong)


def test_parts_of_a_grosz_and_impossible_weights_are_refused():
    with pytest.raises(NotWholeGrosze):
        split(Decimal("1.001"), [1])
    for weights in ([], [0, 0], [1, -1], [2, -1]):
        with pytest.raises(InvalidWeights):
            split(Decimal("1.00"), weights)
