"""What an organisation pays less, and when it pays (F12, D4, D6, F9, F10).

tests/cases/ngo_benefit.csv, one invoice a row. Given: the benefit (``first_day`` to ``last_day``,
``by_service``: from service months on), the day ``invoiced_on`` and the ``period_start`` of the
service, the agreed ``discounts`` as plan:percent (``others``: all plans that are not named), the
``plan`` and its ``full_price`` of a month. Expected: whether it ``counts``, then the ``percent`` on
the invoice and the ``price`` of a month, net.

tests/cases/ngo_term.csv: ``days`` to pay, the ``debtor`` (the organisation), whether we, the creditor,
are small or medium, whether a ``clause`` was agreed; expected: what is wrong with the term.
"""

from dataclasses import FrozenInstanceError, astuple
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import permutations, product

import pytest
from casebook import cases, day, yes
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ngo_incubator.rules.benefit import (
    BUSINESS,
    DEBTORS,
    LARGE,
    NO_BUSINESS,
    PUBLIC,
    PUBLIC_MEDICAL,
    NegativeNumber,
    PercentOutOfRange,
    TermVerdict,
    UnknownDebtor,
    Window,
    check_percent,
    counts,
    days_to_pay,
    difference,
    find,
    higher,
    is_better,
    judge_term,
    percent_of,
    price,
    term_value,
)
from odoo.addons.ngo_incubator.rules.membership import last_day
from odoo.addons.support_plans.rules.money import NotAnAmount, annual_price
from odoo.addons.support_plans.rules.settlement import settle

ZERO = Decimal("0.00")
GROSZ = Decimal("0.01")
ONE_DAY = timedelta(days=1)
PLANS = ("START", "STANDARD", "PREMIUM")

DAYS = st.integers(0, 40).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
BOTH = st.booleans()
WINDOWS = st.builds(Window, DAYS, st.none() | DAYS, BOTH)
SOME_WINDOWS = st.lists(WINDOWS, max_size=5)
AMOUNTS = st.integers(0, 2_000_000).map(lambda number: Decimal(number) / 100)
PERCENTS = st.integers(0, 10_000).map(lambda number: Decimal(number) / 100)
WRONG_PERCENTS = [Decimal("-0.01"), Decimal("100.01")]
#: Few values, so that two terms are often equal in a point.
FEW = st.integers(0, 2).map(lambda number: Decimal(10 * number))
TERMS = st.tuples(
    st.dictionaries(st.sampled_from([None, "START", "STANDARD"]), FEW), FEW, st.integers(0, 2).map(lambda n: 30 * n)
)


def half_up(exact):
    """Half-up to the grosz, by fractions."""
    return Decimal(int(exact * 100 + Fraction(1, 2))) / 100


def discounts_of(text):
    """The mapping that a cell such as ``others:40 EMAIL:0`` tells."""
    pairs = [entry.split(":") for entry in text.split()]
    return {None if plan == "others" else plan: Decimal(percent) for plan, percent in pairs}


# --- worked examples ----------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("ngo_benefit"))
def test_an_invoice_has_the_discount_of_the_worked_example(case):
    """F12, F9, D6."""
    window = Window(day(case["first_day"]), day(case["last_day"]), yes(case["by_service"]))
    invoiced_on, first = day(case["invoiced_on"]), day(case["period_start"])
    assert counts(window, invoiced_on, first) is yes(case["counts"])
    assert find([window], invoiced_on, first) == (0 if yes(case["counts"]) else None)
    percent = percent_of(discounts_of(case["discounts"]), case["plan"]) if yes(case["counts"]) else ZERO
    assert percent == Decimal(case["percent"])
    assert str(price(Decimal(case["full_price"]), percent)) == case["price"]


@pytest.mark.parametrize("case", cases("ngo_term"))
def test_a_term_of_payment_is_judged_as_in_the_worked_example(case):
    """F12: art. 7 and 8 of the act of 8 March 2013."""
    verdict = judge_term(int(case["days"]), case["debtor"], yes(case["creditor_is_small"]), yes(case["clause"]))
    limit = int(case["limit"]) if case["limit"] else None
    assert verdict == TermVerdict(yes(case["warns"]), yes(case["needs_clause"]), limit, yes(case["refused"]))


@pytest.mark.parametrize(
    ("months", "used", "remainder", "fee", "refund"),
    [
        (0, "0.00", "6903.36", "207.10", "6696.26"),
        (1, "639.20", "6264.16", "187.92", "6076.24"),
        (5, "3196.00", "3707.36", "111.22", "3596.14"),
        (10, "6392.00", "511.36", "15.34", "496.02"),
        (11, "7031.20", "-127.84", "0.00", "0.00"),
        (12, "7670.40", "-767.04", "0.00", "0.00"),
    ],
)
def test_a_year_with_the_discount_is_settled_at_the_organisations_own_monthly_price(
    months, used, remainder, fee, refund
):
    """F12, F10, F9, D4, D6: a year of STANDARD less 20 %: 12 x 575.28 paid, each month worked 639.20, 3 % kept."""
    percent = Decimal(20)
    year, listed = price(Decimal("719.10"), percent), price(Decimal("799.00"), percent)
    assert (year, listed, annual_price(year)) == (Decimal("575.28"), Decimal("639.20"), Decimal("6903.36"))
    settlement = settle(annual_price(year), listed, months, Decimal(3))
    found = settlement.used, settlement.remainder, settlement.fee, settlement.refund
    assert found == tuple(map(Decimal, (used, remainder, fee, refund)))


@given(PERCENTS, st.integers(0, 12))
def test_the_discount_gives_no_more_back_than_the_full_price_would(percent, months):
    """F12, F10, D4: who paid less gets less back, and never more than was paid."""
    year, listed = Decimal("719.10"), Decimal("799.00")
    full = settle(annual_price(year), listed, months, Decimal(3))
    paid = annual_price(price(year, percent))
    less = settle(paid, price(listed, percent), months, Decimal(3))
    # Each month is rounded by itself: half a grosz a month on both sides, and one for the fee.
    assert ZERO <= less.refund <= min(paid, full.refund + 13 * GROSZ)


# --- when it counts -----------------------------------------------------------------------------


@given(WINDOWS, DAYS, DAYS)
def test_a_benefit_counts_between_its_grant_and_its_last_day(window, invoiced_on, first):
    """F12: "from the next invoice" or, for worse terms, from the service month; until the month that has begun."""
    granted = first >= window.first_day or (invoiced_on >= window.first_day and not window.by_service)
    ended = window.last_day is not None and first > window.last_day
    assert counts(window, invoiced_on, first) is (granted and not ended)


@given(WINDOWS, DAYS, DAYS, DAYS)
def test_once_granted_a_later_invoice_for_the_same_month_has_the_discount_too(window, invoiced_on, later, first):
    """F12."""
    if counts(window, invoiced_on, first):
        assert counts(window, max(invoiced_on, later), first)


@given(WINDOWS, DAYS, DAYS)
def test_the_days_that_are_compared_are_all_that_matters(window, invoiced_on, first):
    """F12: moved as a whole by a year, nothing changes."""
    year = timedelta(days=365)
    moved = Window(window.first_day + year, window.last_day and window.last_day + year, window.by_service)
    assert counts(window, invoiced_on, first) is counts(moved, invoiced_on + year, first + year)


def test_a_window_goes_on_and_counts_by_invoice_unless_it_says_otherwise():
    """F12."""
    window = Window(date(2026, 3, 10))
    assert (window.last_day, window.by_service) == (None, False)
    assert counts(window, date(2026, 3, 10), date(2026, 2, 1))


@given(DAYS, DAYS, st.integers(0, 30), st.integers(0, 20), DAYS, DAYS)
def test_a_warning_never_takes_a_month_that_has_begun(granted, warned_on, days, later, invoiced_on, first):
    """F12: "a warning with a date first, then full price from the next service month"."""
    wanted = warned_on + timedelta(days=days + later)
    for end in (last_day(warned_on, days), last_day(warned_on, days, wanted)):
        before, after = Window(granted), Window(granted, end)
        if first <= max(warned_on, end):
            assert counts(after, invoiced_on, first) is counts(before, invoiced_on, first)
        else:
            assert not counts(after, invoiced_on, first)


# --- of several ---------------------------------------------------------------------------------


@given(SOME_WINDOWS, DAYS, DAYS)
def test_of_several_benefits_one_or_none_is_found(windows, invoiced_on, first):
    """F12: the one that was granted last; the discounts of two never add up."""
    counting = [place for place, window in enumerate(windows) if counts(window, invoiced_on, first)]
    place = find(windows, invoiced_on, first)
    if not counting:
        assert place is None
        return
    assert place in counting
    for other in counting:
        assert windows[other].first_day <= windows[place].first_day
        if windows[other].first_day == windows[place].first_day:
            assert other <= place


@given(st.lists(WINDOWS, max_size=4, unique_by=lambda window: window.first_day), DAYS, DAYS)
def test_the_order_in_which_benefits_are_read_does_not_matter(windows, invoiced_on, first):
    """F12."""
    found = set()
    for order in permutations(windows):
        place = find(order, invoiced_on, first)
        found.add(None if place is None else order[place])
    assert len(found) == 1


def test_of_two_that_were_granted_on_one_day_the_later_entry_counts():
    """F12: terms put right on the day of the grant."""
    first_day = date(2026, 3, 10)
    assert find([Window(first_day, first_day), Window(first_day)], first_day, first_day) == 1
    assert find([Window(first_day), Window(first_day, first_day)], first_day, first_day) == 1
    assert find([Window(first_day), Window(first_day, first_day)], first_day, first_day + ONE_DAY) == 0
    assert find([], first_day, first_day) is None


@given(SOME_WINDOWS, WINDOWS, DAYS, DAYS)
def test_what_is_granted_later_changes_nothing_before(windows, new, invoiced_on, first):
    """F12: neither another agreement nor a changed offer touches what was invoiced for a month that had begun."""
    if new.first_day > max(invoiced_on, first):
        assert find([*windows, new], invoiced_on, first) == find(windows, invoiced_on, first)


@given(DAYS, DAYS, DAYS, DAYS)
def test_worse_terms_take_over_from_the_better_ones_without_gap_or_overlap(granted, end, invoiced_on, first):
    """F12: a benefit never counts twice."""
    end = max(granted, end)
    better, worse = Window(granted, end), Window(end + ONE_DAY, None, by_service=True)
    if max(invoiced_on, first) < granted:
        assert not counts(better, invoiced_on, first) and not counts(worse, invoiced_on, first)
    else:
        assert counts(better, invoiced_on, first) + counts(worse, invoiced_on, first) == 1
        assert find([better, worse], invoiced_on, first) == (0 if first <= end else 1)


def test_a_history_is_read_month_by_month():
    """F12: 20 % from January, worse terms announced for July, better again in October, suspended at the year's end."""
    history = [
        Window(date(2026, 1, 10), date(2026, 6, 30)),
        Window(date(2026, 7, 1), date(2026, 10, 5), by_service=True),
        Window(date(2026, 10, 5), date(2026, 12, 31)),
    ]
    begins = [date(2026, month, 5) for month in range(1, 13)] + [date(2027, 1, 5)]
    assert [find(history, first, first) for first in begins] == [None, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, None]
    # June is invoiced in July: its month had begun with the better terms.
    assert find(history, date(2026, 7, 5), date(2026, 6, 5)) == 0


def test_of_two_that_count_the_better_one_does():
    """F12: better terms from the next invoice; a month that has begun keeps what it had."""
    before, after = Window(date(2026, 1, 1), date(2026, 3, 10)), Window(date(2026, 3, 10))
    march, april, invoiced_on = date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 2)
    assert find([before, after], invoiced_on, march, [10, 20]) == 1
    assert find([before, after], invoiced_on, march, [20, 10]) == 0
    assert find([before, after], invoiced_on, april, [20, 10]) == 1
    assert find([before, after], invoiced_on, march, [20, 20]) == 1


@given(SOME_WINDOWS, DAYS, DAYS, st.data())
def test_nobody_gets_less_than_any_benefit_that_counts(windows, invoiced_on, first, data):
    """F12."""
    gives = [data.draw(st.integers(0, 100)) for _window in windows]
    place = find(windows, invoiced_on, first, gives)
    counting = [gives[n] for n, window in enumerate(windows) if counts(window, invoiced_on, first)]
    assert (place is None) == (not counting)
    assert place is None or gives[place] == max(counting)


def test_the_months_of_a_suspension_stay_at_the_full_price():
    """F12: who comes back has the discount for service months that begin then."""
    suspended, back = Window(date(2026, 1, 1), date(2026, 3, 31)), Window(date(2026, 6, 1), by_service=True)
    months = [date(2026, month, 1) for month in (3, 4, 5, 6)]
    assert [find([suspended, back], date(2026, 6, 5), month) for month in months] == [0, None, None, 1]


@pytest.mark.parametrize("wrong", [Decimal("NaN"), Decimal("Infinity"), 20.5])
def test_what_is_no_amount_is_refused_by_its_name(wrong):
    """F12, D6."""
    right = Decimal(20)
    for call in (
        lambda: price(wrong, right),
        lambda: price(right, wrong),
        lambda: difference(wrong, right),
        lambda: difference(right, wrong),
        lambda: term_value(wrong, 5, right),
        lambda: term_value(right, 5, wrong),
    ):
        with pytest.raises(NotAnAmount):
            call()


def test_what_was_granted_stays_as_it_was():
    """F12: the rule knows the benefit only, not the offer that it came from."""
    granted = Window(date(2026, 1, 1), date(2026, 6, 30))
    for name in ("first_day", "last_day", "by_service"):
        with pytest.raises(FrozenInstanceError):
            setattr(granted, name, None)
    with pytest.raises(FrozenInstanceError):
        judge_term(30, BUSINESS, True, False).is_refused = True
    offer = {"START": Decimal(20)}
    agreed = dict(offer)
    offer["START"] = Decimal(5)
    assert price(Decimal(399), percent_of(agreed, "START")) == Decimal("319.20")
    assert agreed == {"START": Decimal(20)}


# --- discounts ----------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from([None, *PLANS]), PERCENTS), st.sampled_from(PLANS))
def test_a_plans_own_discount_goes_before_that_of_all_others(discounts, plan):
    """F12."""
    expected = discounts[plan] if plan in discounts else discounts[None] if None in discounts else ZERO
    assert percent_of(discounts, plan) == expected
    assert percent_of(discounts, None) == discounts.get(None, ZERO)
    assert percent_of(discounts, "a plan of next year") == discounts.get(None, ZERO)


@given(PERCENTS, PERCENTS)
def test_two_discounts_do_not_add_up(own, granted):
    """F12: the higher one counts."""
    found = higher(own, granted)
    assert found == higher(granted, own)
    assert found in (own, granted) and found >= own and found >= granted


@pytest.mark.parametrize("percent", WRONG_PERCENTS)
def test_a_discount_is_from_0_to_100_percent(percent):
    """F12."""
    for question in (
        lambda: check_percent(percent),
        lambda: higher(percent, ZERO),
        lambda: higher(ZERO, percent),
        lambda: price(Decimal(399), percent),
        lambda: percent_of({"START": percent}, "START"),
        lambda: percent_of({None: percent}, "START"),
        lambda: is_better(({None: percent}, ZERO, 0), ({}, ZERO, 0)),
    ):
        with pytest.raises(PercentOutOfRange) as refused:
            question()
        assert refused.value.percent == percent
    assert [check_percent(edge) for edge in (ZERO, Decimal(100))] == [ZERO, Decimal(100)]


# --- prices -------------------------------------------------------------------------------------


@given(AMOUNTS, PERCENTS)
def test_a_price_is_the_full_one_less_the_percent_to_the_grosz(full, percent):
    """F12, D4, D6."""
    found = price(full, percent)
    assert found == half_up(Fraction(full) * (1 - Fraction(percent) / 100))
    assert ZERO <= found <= full
    assert found.as_tuple().exponent == -2


@given(AMOUNTS, AMOUNTS, PERCENTS, PERCENTS)
def test_a_higher_discount_is_never_a_higher_price(one, other, less, more):
    """F12."""
    less, more = sorted([less, more])
    assert price(one, more) <= price(one, less)
    low, high = sorted([one, other])
    assert price(low, less) <= price(high, less)


@given(AMOUNTS)
def test_no_discount_is_the_full_price_and_all_of_it_is_none(full):
    """F12."""
    assert price(full, ZERO) == full
    assert price(full, Decimal(100)) == ZERO


def test_a_price_is_an_amount_that_is_not_below_zero():
    """F12, D6."""
    with pytest.raises(NegativeNumber) as refused:
        price(Decimal("-0.01"), Decimal(20))
    assert refused.value.values == {"name": "price", "value": Decimal("-0.01")}
    with pytest.raises(NotAnAmount):
        price(Decimal("Infinity"), Decimal(20))
    assert price(ZERO, Decimal(20)) == ZERO


@pytest.mark.parametrize(
    ("now", "now_percent", "new", "new_percent", "expected"),
    [
        # The paid year: START 359.10 less 20 % is 287.28, STANDARD 719.10 less 30 % is 503.37.
        ("359.10", 20, "719.10", 30, "216.09"),
        # The monthly price list: 319.20 and 559.30.
        ("399.00", 20, "799.00", 30, "240.10"),
        ("359.10", 20, "719.10", 20, "288.00"),
        ("359.10", 20, "719.10", 0, "431.82"),
        ("359.10", 0, "719.10", 30, "144.27"),
        # Dearer, and with its discount cheaper: nothing is charged, nothing given back.
        ("359.10", 0, "719.10", 60, "0.00"),
        ("359.10", 20, "359.10", 20, "0.00"),
    ],
)
def test_a_change_of_plan_in_a_paid_year_costs_the_difference_of_the_discounted_prices(
    now, now_percent, new, new_percent, expected
):
    """F12, F9, P9: START to STANDARD, each with its own discount."""
    paid, wanted = price(Decimal(now), Decimal(now_percent)), price(Decimal(new), Decimal(new_percent))
    assert str(difference(wanted, paid)) == expected


@given(AMOUNTS, AMOUNTS)
def test_what_is_paid_and_the_difference_are_the_price_of_the_dearer_plan(new, paid):
    """F12, F9."""
    found = difference(new, paid)
    assert found >= ZERO
    assert paid + found == max(new, paid)
    assert difference(new, new) == ZERO


def test_the_difference_to_a_twelfth_of_a_year_is_rounded_to_the_grosz():
    """F9, D6: a year of 1000.00 is 83.333... a month."""
    twelfth = Decimal(1000) / 12
    assert str(difference(Decimal("319.20"), twelfth)) == "235.87"
    assert str(difference(Decimal("83.34"), twelfth)) == "0.01"
    assert str(difference(Decimal("83.33"), twelfth)) == "0.00"


# --- terms of payment ---------------------------------------------------------------------------


@given(st.integers(0, 365), st.integers(0, 365))
def test_the_longer_term_of_payment_counts(own, granted):
    """F12: "guarantee longer payment terms"; a longer one of the agreement stays."""
    found = days_to_pay(own, granted)
    assert found in (own, granted) and found >= own and found >= granted


@pytest.mark.parametrize("days", [(-1, 45), (45, -1)])
def test_no_term_of_payment_is_below_zero(days):
    """F12."""
    with pytest.raises(NegativeNumber) as refused:
        days_to_pay(*days)
    assert refused.value.values == {"name": "days", "value": -1}
    with pytest.raises(NegativeNumber) as refused:
        judge_term(-1, BUSINESS, True, True)
    assert refused.value.values == {"name": "days", "value": -1}
    assert days_to_pay(0, 0) == 0


def test_only_those_who_stand_somewhere_in_the_act_are_judged():
    """F12."""
    assert set(DEBTORS) == {"no_business", "business", "large", "public", "public_medical"}
    assert (NO_BUSINESS, BUSINESS, LARGE, PUBLIC, PUBLIC_MEDICAL) == DEBTORS
    with pytest.raises(UnknownDebtor) as refused:
        judge_term(30, "church", True, True)
    assert refused.value.debtor == "church"


ANY_TERM = st.tuples(st.integers(0, 130), st.sampled_from(DEBTORS), BOTH)


@given(ANY_TERM, BOTH)
def test_a_term_is_not_refused_without_a_word(term, has_clause):
    """F12: refused implies warned; a clause is asked for only where one helps."""
    verdict = judge_term(*term, has_clause)
    assert verdict.warns or not verdict.is_refused
    assert verdict.warns or not verdict.needs_clause
    if verdict.needs_clause:
        assert verdict.is_refused is not has_clause
    elif verdict.is_refused:
        assert term[0] > verdict.limit


@given(ANY_TERM)
def test_a_clause_never_makes_it_worse(term):
    """F12: it changes nothing but a refusal."""
    with_it, without = judge_term(*term, True), judge_term(*term, False)
    assert without.is_refused or not with_it.is_refused
    assert astuple(with_it)[:3] == astuple(without)[:3]


@given(ANY_TERM, st.integers(0, 130), BOTH)
def test_a_shorter_term_is_never_worse(term, days, has_clause):
    """F12."""
    length, *rest = term
    shorter, longer = (judge_term(number, *rest, has_clause) for number in sorted([length, days]))
    assert longer.is_refused or not shorter.is_refused
    assert longer.warns or not shorter.warns
    assert longer.limit == shorter.limit


def test_the_table_of_the_longest_terms():
    """F12: art. 7 (2), 7 (2a), 8 (2): the longest term without a word, with one, and with a clause; by debtor."""
    longest = {}
    for debtor, is_small in product(DEBTORS, (True, False)):
        quiet, granted, clause = (
            max((days for days in range(400) if is_fine(days, debtor, is_small)), default=None)
            for is_fine in (
                lambda *term: not judge_term(*term, False).warns,
                lambda *term: not judge_term(*term, False).is_refused,
                lambda *term: not judge_term(*term, True).is_refused,
            )
        )
        longest[debtor, is_small] = quiet, granted, clause
    assert longest == {
        (NO_BUSINESS, True): (60, 399, 399),
        (NO_BUSINESS, False): (60, 399, 399),
        (BUSINESS, True): (60, 60, 399),
        (BUSINESS, False): (60, 60, 399),
        (LARGE, True): (60, 60, 60),
        (LARGE, False): (60, 60, 399),
        (PUBLIC, True): (30, 30, 30),
        (PUBLIC, False): (30, 30, 30),
        (PUBLIC_MEDICAL, True): (60, 60, 60),
        (PUBLIC_MEDICAL, False): (60, 60, 60),
    }


# --- what waiting costs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gross", "days", "percent", "expected"),
    [
        ("1230.00", 31, "6", "6.27"),
        ("1230.00", 365, "6", "73.80"),
        ("1230.00", 1, "6", "0.20"),
        ("1230.00", 0, "6", "0.00"),
        ("1230.00", -14, "6", "0.00"),
        ("1230.00", 31, "0", "0.00"),
        # 392.62 gross is START less 20 %; 45 days where 14 are usual.
        ("392.62", 31, "7.5", "2.50"),
        ("-1230.00", 31, "6", "-6.27"),
    ],
)
def test_waiting_costs_simple_interest_by_days(gross, days, percent, expected):
    """F12: the value of longer terms in the balance of an organisation."""
    assert str(term_value(Decimal(gross), days, Decimal(percent))) == expected


@given(AMOUNTS, st.integers(-400, 400), PERCENTS)
def test_a_days_value_is_a_365th_of_a_years(gross, days, percent):
    """F12, D6."""
    exact = Fraction(gross) * max(days, 0) * Fraction(percent) / 36500
    found = term_value(gross, days, percent)
    assert found == half_up(exact)
    assert found >= ZERO and (days > 0 or found == ZERO)


@given(AMOUNTS, st.integers(0, 400), st.integers(0, 400), PERCENTS)
def test_days_add_up_but_for_rounding(gross, one, other, percent):
    """F12."""
    apart = term_value(gross, one, percent) + term_value(gross, other, percent)
    assert abs(term_value(gross, one + other, percent) - apart) <= GROSZ


def test_money_costs_something_or_nothing():
    """F12."""
    with pytest.raises(NegativeNumber) as refused:
        term_value(Decimal(1230), 31, Decimal("-0.01"))
    assert refused.value.values == {"name": "percent", "value": Decimal("-0.01")}
    with pytest.raises(NotAnAmount):
        term_value(Decimal("Infinity"), 31, Decimal(6))


# --- better or worse ----------------------------------------------------------------------------


def points(terms):
    """What terms give, point by point: every plan that matters, any other plan, hours, days."""
    discounts, hours, days = terms
    plans = [discounts.get(plan, discounts.get(None, ZERO)) for plan in ("START", "STANDARD", "any other")]
    return [*plans, hours, days]


@given(TERMS, TERMS)
def test_terms_are_better_when_no_point_is_worse(new, old):
    """F12: only worse terms need a warning."""
    expected = all(now >= before for now, before in zip(points(new), points(old), strict=True))
    assert is_better(new, old) is expected


@given(TERMS, TERMS, TERMS)
def test_better_is_an_order(one, other, third):
    """F12: reflexive, transitive; better in both directions is the same in every point."""
    assert is_better(one, one)
    if is_better(one, other) and is_better(other, third):
        assert is_better(one, third)
    assert (is_better(one, other) and is_better(other, one)) is (points(one) == points(other))


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        (({"START": 20}, 10, 45), ({"START": 20}, 10, 45), True),
        (({"START": 19}, 10, 45), ({"START": 20}, 10, 45), False),
        (({"START": 20}, 9, 45), ({"START": 20}, 10, 45), False),
        (({"START": 20}, 10, 44), ({"START": 20}, 10, 45), False),
        # The same in other words.
        (({None: 20}, 10, 45), ({"START": 20, None: 20}, 10, 45), True),
        # A plan loses its own discount, but all plans have as much now; the other way round the rest lose.
        (({None: 20}, 10, 45), ({"START": 20}, 10, 45), True),
        (({"START": 20}, 10, 45), ({None: 20}, 10, 45), False),
        # One plan is left out of what all had, although the others gain.
        (({None: 50, "EMAIL": 0}, 10, 45), ({None: 10}, 10, 45), False),
        (({}, 0, 0), ({}, 0, 0), True),
        (({}, 0, 0), ({}, 0, 1), False),
    ],
)
def test_which_change_of_terms_needs_a_warning(new, old, expected):
    """F12."""

    def terms(discounts, hours, days):
        return {plan: Decimal(percent) for plan, percent in discounts.items()}, Decimal(hours), days

    assert is_better(terms(*new), terms(*old)) is expected
