"""Numbers of the Polish registers, without the registers (F12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ngo_incubator.rules.registers import (
    Degenerate,
    NotDigits,
    WrongLength,
    check_digits,
    compact,
    krs,
)

DIGITS = "0123456789"
SEPARATORS = " .-\t\n\u00a0\u2009"
NUMBERS = st.text(DIGITS, min_size=1, max_size=14)
QUESTIONS = (check_digits, krs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0000123456", "0000123456"),
        ("0000 123 456", "0000123456"),
        (" 0000-123-456 ", "0000123456"),
        ("00.00.12.34.56", "0000123456"),
        ("0000\u00a0123\u00a0456", "0000123456"),
        ("0000123456\n", "0000123456"),
        ("9999999998", "9999999998"),
    ],
)
def test_a_krs_number_is_read_in_any_notation(text, expected):
    """F12: "KRS 10 digits", the leading zeros included."""
    assert krs(text) == expected


@pytest.mark.parametrize("text", ["123456", "000123456", "00000123456", "12"])
def test_a_krs_number_of_another_length_is_refused(text):
    """F12: zeros that were left out are not guessed."""
    with pytest.raises(WrongLength) as refused:
        krs(text)
    assert refused.value.values == {"value": text, "digits": 10}


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("length", [9, 10, 14])
def test_a_number_of_equal_digits_is_refused(digit, length):
    """F12: "all-zero and repeated digits refused"; libraries take them."""
    for text in (digit * length, " ".join(digit * length)):
        with pytest.raises(Degenerate) as refused:
            check_digits(text)
        assert refused.value.value == text
    with pytest.raises(Degenerate):
        krs(digit * 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        " ",
        "---",
        "KRS 0000123456",
        "0000l23456",
        "0000/123456",
        "0000_123456",
        "0000,123456",
        "+000123456",
        # Digits of other scripts, and what Python takes for digits.
        "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
        "\uff10\uff10\uff10\uff10\uff11\uff12\uff13\uff14\uff15\uff16",
        "000012345\u00b2",
        "000012345\u0666",
        "000012345\u2460",
        # A dash that is not a hyphen, and a space that cannot be seen.
        "0000\u2013123456",
        "0000\u200b123456",
    ],
)
def test_what_is_no_number_is_refused_as_it_was_written(text):
    """F12."""
    for question in QUESTIONS:
        with pytest.raises(NotDigits) as refused:
            question(text)
        assert refused.value.value == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), (None, ""), (" ", ""), (" .-", ""), ("KRS 1", "KRS1"), ("1/2_3,4", "1/2_3,4"), ("1\t2\n3", "123")],
)
def test_only_spaces_dots_and_dashes_are_left_out(text, expected):
    """F12."""
    assert compact(text) == expected


@given(NUMBERS, st.lists(st.sampled_from(SEPARATORS), max_size=20))
def test_separators_anywhere_change_nothing(number, separators):
    """F12."""
    spread = "".join(digit + "".join(separators[place :: len(number)]) for place, digit in enumerate(number))
    assert compact(spread) == number
    assert compact(compact(spread)) == compact(spread)
    if len(set(number)) > 1:
        assert check_digits(spread) == check_digits(number) == number


@given(NUMBERS)
def test_a_number_is_taken_whole_or_refused(number):
    """F12: a KRS number is one of 10 digits that are not all the same."""
    if len(number) != 10:
        with pytest.raises(WrongLength):
            krs(number)
    elif len(set(number)) == 1:
        with pytest.raises(Degenerate):
            krs(number)
    else:
        assert krs(number) == number


@given(st.text(max_size=14))
def test_any_text_gives_a_number_of_plain_digits_or_a_named_refusal(text):
    """F12."""
    try:
        found = check_digits(text)
    except (NotDigits, Degenerate):
        return
    assert found and set(found) <= set(DIGITS)
