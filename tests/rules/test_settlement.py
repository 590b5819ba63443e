"""Early end of a prepaid year (F9, F10, D4, D5, D6, D14, D15).

tests/cases/settlement.csv, one original a row. Given: the agreement's ``start``; the paid
period, ``months`` service months from month ``number`` (0-based) on at ``price_year_month``;
``earlier``: net that an earlier correction took off; ``vat``: percent or zw (exempt);
``paid_gross``: all payments; ``percent``, ``treatment``, ``private`` and ``begun`` (the period
begins before the end) decide the fee. Expected: ``billed`` (net) and ``billed_gross`` after
the earlier correction; ``paid``: the net of it that is paid; ``worked`` months; ``used`` to
``refund_net``: the settlement; ``final_net``, ``lowered_net``, ``lowered_tax``: the correction;
``set_off``: the debit note; ``refund_gross``: the transfer.

tests/cases/settlement_originals.csv: rows of one ``case`` are the originals of one year
(F9: the year itself, then the differences of changes of plan, whose prices are differences
too), fully billed, ``paid`` net. Expected of each: ``worked`` to ``lowered``; of all together:
``remainder``, ``fee_total`` and ``refund``.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

import pytest
from casebook import cases, day, rows, yes
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules.money import NotAnAmount, NotWholeGrosze, annual_price, round_half_up
from odoo.addons.support_plans.rules.settlement import (
    FEE,
    NONE,
    OUTSIDE_VAT,
    PAID,
    REFUND,
    REMAINDER,
    TAXABLE,
    TREATMENTS,
    USAGE,
    BaseGrows,
    MoreThanRemains,
    NegativeAmount,
    Original,
    PaidMoreThanBilled,
    PercentOutOfRange,
    Share,
    Step,
    UnknownTreatment,
    UnwantedFee,
    Usage,
    allot,
    correct,
    correct_each,
    ends_early,
    fee_percent_due,
    months_of_period,
    net_paid,
    refund_gross,
    settle,
    settle_usage,
    vat_difference,
)
from odoo.addons.support_plans.rules.terms import (
    BeforeStart,
    NegativeTerm,
    UnknownMonthRule,
    months_worked,
    refund_due_on,
    refund_plain_due_on,
    service_month,
)

YEARS = {name: list(members) for name, members in groupby(rows("settlement_originals"), key=lambda row: row["case"])}
ZERO = Decimal("0.00")
GROSZ = Decimal("0.01")
ONE_DAY = timedelta(days=1)


def grosze(highest, lowest=0):
    return st.integers(lowest, highest).map(lambda number: Decimal(number) / 100)


AMOUNTS = grosze(2_000_000)
PRICES = grosze(200_000)
PERCENTS = st.integers(0, 10_000).map(lambda number: Decimal(number) / 100)
USAGES = st.lists(st.builds(Usage, st.integers(0, 12), PRICES), max_size=3)
RATES = st.sampled_from([Decimal(rate) for rate in (0, 5, 8, 23)])
STARTS = st.one_of(
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.sampled_from([date(2026, 1, 29), date(2026, 1, 30), date(2026, 1, 31), date(2028, 2, 29)]),
)


def half_up(exact):
    """Half-up to the grosz, by fractions."""
    return Decimal(int(exact * 100 + Fraction(1, 2))) / 100


def amounts(row, *names):
    return tuple(Decimal(row[name]) for name in names)


def rate_of(text):
    return ZERO if text == "zw" else Decimal(text)


# --- worked examples ----------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("settlement"))
def test_a_year_is_settled_and_corrected_as_in_the_worked_example(case):
    """F9, F10, D4, D5, D6, D14, D15."""
    rate, treatment = rate_of(case["vat"]), case["treatment"]
    start, end, months = day(case["start"]), day(case["effective_on"]), int(case["months"])
    first = service_month(start, int(case["number"]))[0]
    invoiced = annual_price(Decimal(case["price_year_month"]), months)
    billed = invoiced - Decimal(case["earlier"])
    vat = round_half_up(invoiced * rate / 100)
    vat -= vat_difference(invoiced, billed, vat, rate)
    billed_gross, paid_gross = billed + vat, Decimal(case["paid_gross"])
    assert (billed, billed_gross) == amounts(case, "billed", "billed_gross")

    worked = months_of_period(start, first, months, end, case["month_rule"])
    paid = net_paid(billed, billed_gross, paid_gross)
    percent = fee_percent_due(Decimal(case["percent"]), treatment, yes(case["private"]), first, end)
    assert (first <= end) is yes(case["begun"])
    settlement = settle(paid, Decimal(case["list_price_month"]), worked, percent)
    assert (worked, paid) == (int(case["worked"]), Decimal(case["paid"]))
    found = settlement.used, settlement.remainder, settlement.fee, settlement.refund
    assert found == amounts(case, "used", "remainder", "fee", "refund_net")

    correction = correct(billed, settlement, treatment)
    tax = vat_difference(billed, correction.final, vat, rate)
    final_gross = billed_gross - correction.lowered - tax
    found = correction.final, correction.lowered, tax, correction.set_off
    assert found == amounts(case, "final_net", "lowered_net", "lowered_tax", "set_off")
    refund = refund_gross(min(paid_gross, billed_gross), final_gross, correction.set_off)
    assert refund == Decimal(case["refund_gross"])


@pytest.mark.parametrize("name", YEARS)
def test_the_originals_of_one_year_share_one_settlement(name):
    """F9, F10, P9, D6, D14."""
    members = YEARS[name]
    usages, originals, paid = [], [], ZERO
    for row in members:
        start, months = day(row["start"]), int(row["months"])
        first = service_month(start, int(row["number"]))[0]
        usage = Usage(
            months_of_period(start, first, months, day(row["effective_on"])), Decimal(row["list_price_month"])
        )
        assert (usage.months, usage.amount) == (int(row["worked"]), Decimal(row["used"]))
        usages.append(usage)
        originals.append(Original(annual_price(Decimal(row["price_month"]), months), usage.amount))
        paid += Decimal(row["paid"])
    settlement = settle_usage(paid, usages, Decimal(members[0]["percent"]))
    found = settlement.remainder, settlement.fee, settlement.refund
    assert found == amounts(members[0], "remainder", "fee_total", "refund")
    shares = correct_each(originals, settlement.fee)
    assert shares == [Share(*amounts(row, "covered", "fee", "lowered")) for row in members]
    billed = sum(original.billed for original in originals)
    assert sum(share.lowered for share in shares) == correct(billed, settlement).lowered


def test_a_statement_reads_from_what_was_paid_to_what_goes_back():
    """F10."""
    paid, percent = Decimal("7189.20"), Decimal(3)
    changed = settle_usage(paid, [Usage(4, Decimal(399)), Usage(2, Decimal(799))], percent)
    assert changed.steps == (
        Step(PAID, paid),
        Step(USAGE, Decimal("-1596.00"), months=4, price=Decimal(399)),
        Step(USAGE, Decimal("-1598.00"), months=2, price=Decimal(799)),
        Step(REMAINDER, Decimal("3995.20")),
        Step(FEE, Decimal("-119.86"), percent=percent),
        Step(REFUND, Decimal("3875.34")),
    )
    late = settle(Decimal("8629.20"), Decimal(799), 11, percent)
    assert [step.code for step in late.steps] == [PAID, USAGE, REMAINDER, FEE, REFUND]
    assert [step.amount for step in late.steps[2:]] == [Decimal("-159.80"), ZERO, ZERO]


@given(st.integers(0, 12), st.integers(0, 12), AMOUNTS, PERCENTS)
def test_months_by_plan_and_months_by_invoice_give_the_same(before, after, paid, percent):
    """P9, F10: 4 x 399 and 2 x 799 are 6 x 399 and 2 x (799 - 399)."""
    start, standard = Decimal(399), Decimal(799)
    by_plan = settle_usage(paid, [Usage(before, start), Usage(after, standard)], percent)
    by_invoice = settle_usage(paid, [Usage(before + after, start), Usage(after, standard - start)], percent)
    for name in ("used", "remainder", "fee", "refund"):
        assert getattr(by_plan, name) == getattr(by_invoice, name)


# --- settle -------------------------------------------------------------------------------------


@given(AMOUNTS, PRICES, st.integers(0, 12), PERCENTS)
def test_settling_is_the_sentence_of_the_agreement(paid, price, months, percent):
    """F10, D4, D6."""
    settlement = settle(paid, price, months, percent)
    assert settlement == settle_usage(paid, [Usage(months, price)], percent)
    assert settlement.used == months * price
    assert settlement.remainder == paid - months * price
    if settlement.remainder > 0:
        assert settlement.fee == half_up(Fraction(settlement.remainder) * Fraction(percent) / 100)
        assert settlement.refund == settlement.remainder - settlement.fee
    else:
        assert settlement.fee == settlement.refund == 0
    assert 0 <= settlement.refund <= paid


@given(AMOUNTS, USAGES, PERCENTS)
def test_the_steps_add_up(paid, usages, percent):
    """F10, D6."""
    settlement = settle_usage(paid, usages, percent)
    *above, remainder, fee, refund = settlement.steps
    assert [step.code for step in above] == [PAID] + [USAGE] * len(usages)
    assert sum(step.amount for step in above) == remainder.amount
    assert max(ZERO, remainder.amount + fee.amount) == refund.amount == settlement.refund
    assert all(step.amount.as_tuple().exponent == -2 for step in settlement.steps)
    assert 0 <= settlement.refund <= paid


@given(AMOUNTS, PRICES, st.integers(0, 11), PERCENTS)
def test_a_month_more_never_gives_more_back(paid, price, months, percent):
    """F10."""
    assert settle(paid, price, months + 1, percent).refund <= settle(paid, price, months, percent).refund


def test_a_price_with_parts_of_a_grosz_is_rounded_once_for_all_months():
    """D6."""
    assert Usage(3, Decimal("0.335")).amount == Decimal("1.01")
    assert settle(Decimal("2.00"), Decimal("0.335"), 3, ZERO).refund == Decimal("0.99")


# --- correct ------------------------------------------------------------------------------------


@given(AMOUNTS, AMOUNTS, USAGES, PERCENTS, st.sampled_from([TAXABLE, OUTSIDE_VAT]))
def test_a_correction_never_lowers_more_than_was_billed_and_never_charges_more(one, other, usages, percent, treatment):
    """D6, D14."""
    paid, billed = sorted([one, other])
    settlement = settle_usage(paid, usages, percent)
    correction = correct(billed, settlement, treatment)
    assert correction.final + correction.lowered == billed
    assert 0 <= correction.lowered <= billed
    # What the client has overpaid after it is the refund, with the fee set off or not.
    assert max(ZERO, paid - correction.final - correction.set_off) == settlement.refund
    if settlement.used >= billed:
        assert correction.lowered == 0
    if paid == billed:
        assert correction.lowered == settlement.refund + correction.set_off


@given(AMOUNTS, USAGES, PERCENTS)
def test_both_treatments_give_the_same_net_refund(paid, usages, percent):
    """D14."""
    settlement = settle_usage(paid, usages, percent)
    taxable = correct(paid, settlement)
    outside = correct(paid, settlement, OUTSIDE_VAT)
    assert taxable == correct(paid, settlement, TAXABLE)
    assert taxable.set_off == 0
    assert outside.set_off == settlement.fee
    assert outside.lowered - outside.set_off == taxable.lowered
    free = settle_usage(paid, usages, ZERO)
    assert correct(paid, free, NONE) == correct(paid, free, TAXABLE)


@given(AMOUNTS, st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=4), PERCENTS)
def test_a_year_is_corrected_as_one_whatever_its_originals(paid, pairs, percent):
    """F10, D6."""
    originals = [Original(*pair) for pair in pairs]
    billed = sum(original.billed for original in originals)
    settlement = settle_usage(min(paid, billed), [Usage(1, original.used) for original in originals], percent)
    shares = correct_each(originals, settlement.fee)
    assert sum(share.lowered for share in shares) == correct(billed, settlement).lowered
    lacking = sum(max(ZERO, original.used - original.billed) for original in originals)
    for original, share in zip(originals, shares, strict=True):
        assert min(share.covered, share.fee, share.lowered) >= 0
        if original.billed > original.used:
            assert share.covered + share.fee + share.lowered == original.billed - original.used
        else:
            assert share == Share(ZERO, ZERO, ZERO)
    if any(share.lowered for share in shares):
        assert sum(share.covered for share in shares) == lacking
        assert sum(share.fee for share in shares) == settlement.fee


# --- allot --------------------------------------------------------------------------------------


@given(st.lists(grosze(1_000_000, -1_000_000), max_size=5), st.integers(0, 1000))
def test_a_share_is_in_proportion_and_never_above_what_remains(remainders, permille):
    """D6."""
    left = [max(ZERO, remainder) for remainder in remainders]
    total = half_up(Fraction(sum(left, ZERO)) * permille / 1000)
    shares = allot(remainders, total)
    assert sum(shares, ZERO) == total
    for share, have in zip(shares, left, strict=True):
        assert 0 <= share <= have
        if total:
            assert abs(Fraction(share) - Fraction(total) * Fraction(have) / Fraction(sum(left))) < Fraction(1, 100)
    with pytest.raises(MoreThanRemains) as refused:
        allot(remainders, sum(left, ZERO) + GROSZ)
    assert refused.value.total - GROSZ == refused.value.most == sum(left, ZERO)


# --- VAT and gross ------------------------------------------------------------------------------


@given(AMOUNTS, AMOUNTS, RATES, st.integers(-3, 3))
def test_the_vat_of_a_correction_leads_to_the_right_vat_after_it(one, other, rate, off):
    """D6."""
    after, before = sorted([one, other])
    vat_before = max(ZERO, half_up(Fraction(before) * Fraction(rate) / 100) + off * GROSZ)
    difference = vat_difference(before, after, vat_before, rate)
    assert 0 <= difference <= vat_before
    right = half_up(Fraction(after) * Fraction(rate) / 100)
    if after == before:
        assert difference == 0
    elif right <= vat_before:
        assert vat_before - difference == right
    else:
        assert difference == 0


@pytest.mark.parametrize(
    ("before", "after", "vat_before", "difference"),
    [
        ("1.00", "0.50", "0.23", "0.11"),  # 0.115 after is 0.12
        ("100.00", "99.99", "22.99", "0.00"),  # rounded by lines: 23.00 after would be more than before
        ("100.00", "100.00", "22.99", "0.00"),
        ("100.00", "0.00", "22.99", "22.99"),
    ],
)
def test_the_vat_after_is_rounded_and_never_above_the_vat_before(before, after, vat_before, difference):
    """D6."""
    found = vat_difference(Decimal(before), Decimal(after), Decimal(vat_before), Decimal(23))
    assert found == Decimal(difference)


@given(AMOUNTS, st.lists(AMOUNTS, max_size=4), RATES)
def test_corrections_one_after_another_end_at_the_right_vat(base, lower, rate):
    """D6: no grosz is lost between corrections."""
    bases = sorted([base, *(min(base, other) for other in lower)], reverse=True)
    vat = half_up(Fraction(base) * Fraction(rate) / 100)
    for before, after in pairwise(bases):
        vat -= vat_difference(before, after, vat, rate)
    assert vat == half_up(Fraction(bases[-1]) * Fraction(rate) / 100)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_transfer_is_what_is_overpaid(paid, final, set_off):
    """D6, D14."""
    refund = refund_gross(paid, final, set_off)
    assert 0 <= refund <= paid
    assert refund == max(ZERO, paid - final - set_off)
    assert refund_gross(paid, final) == refund_gross(paid, final, ZERO)


@given(AMOUNTS, RATES, st.integers(0, 1000))
def test_the_net_of_a_payment_is_in_proportion(net, rate, permille):
    """D6, F10."""
    gross = net + half_up(Fraction(net) * Fraction(rate) / 100)
    paid = half_up(Fraction(gross) * permille / 1000)
    part = net_paid(net, gross, paid)
    assert 0 <= part <= net
    if gross:
        assert abs(Fraction(part) - Fraction(net) * Fraction(paid) / Fraction(gross)) <= Fraction(1, 200)
    assert net_paid(net, gross, gross) == net == net_paid(net, gross, gross + 1)


# --- months of a period --------------------------------------------------------------------------


@given(STARTS, st.integers(0, 24), st.integers(0, 12), st.integers(-40, 1200), st.sampled_from(["started", "full"]))
def test_months_of_a_period_are_those_that_lie_in_it(start, number, months, days, rule):
    """D5, F10: counted month by month, in a period that need not begin with the agreement."""
    end = start + timedelta(days=days)
    spans = [service_month(start, number + count) for count in range(months)]
    reached = sum((first if rule == "started" else last) <= end for first, last in spans)
    first = service_month(start, number)[0]
    assert months_of_period(start, first, months, end, rule) == reached
    assert months_of_period(start, first + ONE_DAY, months, end, rule) == reached
    if rule == "started":
        assert months_of_period(start, first, months, end) == reached
    if months:
        last = spans[-1][1]
        assert ends_early(start, first, months, end) is (end < last)
        assert ends_early(start, first, months, last - ONE_DAY)
        assert not ends_early(start, first, months, last)


def test_a_year_after_a_leap_day_ends_where_the_agreement_says():
    """D5: the year from 28 February 2031 lasts to 28 February 2032, as the next begins on the 29th."""
    year = date(2028, 2, 29), date(2031, 2, 28), 12
    assert ends_early(*year, date(2032, 2, 27))
    assert not ends_early(*year, date(2032, 2, 28))
    assert months_of_period(*year, date(2032, 2, 28), "full") == 12


@given(STARTS, st.integers(-40, 1200), st.integers(0, 60))
def test_months_worked_only_grow_with_the_end(start, days, later):
    """D5: monotone, never negative, full ones are among the started ones."""
    end = start + timedelta(days=days)
    for rule in ("started", "full"):
        assert 0 <= months_worked(start, end, rule) <= months_worked(start, end + timedelta(days=later), rule)
    started, full = (months_worked(start, end, rule) for rule in ("started", "full"))
    assert full <= started <= full + 1


@given(STARTS, st.integers(0, 36), st.integers(-40, 1200))
def test_months_of_consecutive_periods_are_the_months_worked(start, number, days):
    """D5: nothing is counted twice or lost where one paid period ends and the next begins."""
    end = start + timedelta(days=days)
    next_first = service_month(start, number)[0]
    for rule in ("started", "full"):
        parts = months_of_period(start, start, number, end, rule) + months_of_period(start, next_first, 99, end, rule)
        assert parts == months_worked(start, end, rule)


@given(STARTS, st.integers(0, 48))
def test_service_months_do_not_drift(start, number):
    """D5."""
    first, last = service_month(start, number)
    assert first.day == start.day or (first.day < start.day and (first + ONE_DAY).day == 1)
    assert months_worked(start, first) == months_worked(start, last) == number + 1
    assert months_worked(start, last, "full") == number + 1 == months_worked(start, last - ONE_DAY, "full") + 1


# --- the fee --------------------------------------------------------------------------------------


def test_no_fee_where_none_is_due():
    """D14, D15, F10."""
    first, percent = date(2026, 1, 15), Decimal("2.5")
    agreed = [fee_percent_due(percent, treatment, False, first, first) for treatment in TREATMENTS]
    assert agreed == [percent, percent, 0]
    assert not any(fee_percent_due(percent, treatment, True, first, first) for treatment in TREATMENTS)
    before = first - ONE_DAY
    assert not any(fee_percent_due(percent, treatment, False, first, before) for treatment in TREATMENTS)


# --- the last day for the refund --------------------------------------------------------------------


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
def test_the_plain_day_of_the_refund_stands_beside_the_moved_one(accepted, days):
    """D7, F10: 21 days, the day of acceptance not counted."""
    plain = refund_plain_due_on(accepted, days)
    assert (plain - accepted).days == days
    moved = refund_due_on(accepted, days, ())
    assert moved == plain if plain.isoweekday() < 6 else moved.isoweekday() == 1
    with pytest.raises(NegativeTerm):
        refund_plain_due_on(accepted, -1)


# --- refusals -------------------------------------------------------------------------------------


ONE = Decimal("1.00")
YEAR = date(2026, 1, 15), date(2026, 1, 15)


@pytest.mark.parametrize(
    ("question", "error", "values"),
    [
        (lambda: settle(-ONE, ONE, 1, ONE), NegativeAmount, {"name": "paid", "amount": -ONE}),
        (lambda: settle(ONE, -GROSZ / 10, 1, ONE), NegativeAmount, {"name": "price", "amount": -GROSZ / 10}),
        (lambda: settle(ONE, ONE, -1, ONE), NegativeTerm, {"number": -1}),
        (lambda: settle(ONE, ONE, 1, -GROSZ), PercentOutOfRange, {"percent": -GROSZ}),
        (lambda: settle(ONE, ONE, 1, 100 + GROSZ), PercentOutOfRange, {"percent": 100 + GROSZ}),
        (lambda: settle(1.0, ONE, 1, ONE), NotAnAmount, {"amount": 1.0}),
        (lambda: settle(ONE, 1.0, 1, ONE), NotAnAmount, {"amount": 1.0}),
        (lambda: settle(ONE, ONE, 1, 3), NotAnAmount, {"amount": 3}),
        (lambda: settle(GROSZ / 10, ONE, 1, ONE), NotWholeGrosze, {"amount": GROSZ / 10}),
        (lambda: correct(-ONE, settle(ZERO, ONE, 1, ONE)), NegativeAmount, {"name": "billed", "amount": -ONE}),
        (
            lambda: correct(ONE, settle(ONE + GROSZ, ONE, 1, ONE)),
            PaidMoreThanBilled,
            {"paid": ONE + GROSZ, "billed": ONE},
        ),
        (lambda: correct(ONE, settle(ONE, ZERO, 1, ONE), NONE), UnwantedFee, {"fee": GROSZ}),
        (lambda: correct(ONE, settle(ONE, ONE, 1, ONE), "netto"), UnknownTreatment, {"treatment": "netto"}),
        (lambda: fee_percent_due(ONE, "netto", True, *YEAR), UnknownTreatment, {"treatment": "netto"}),
        (lambda: fee_percent_due(101 * ONE, NONE, True, *YEAR), PercentOutOfRange, {"percent": 101 * ONE}),
        (lambda: correct_each([Original(-ONE, ONE)], ONE), NegativeAmount, {"name": "billed", "amount": -ONE}),
        (lambda: correct_each([Original(ONE, -ONE)], ONE), NegativeAmount, {"name": "used", "amount": -ONE}),
        (lambda: correct_each([], -ONE), NegativeAmount, {"name": "taxed_fee", "amount": -ONE}),
        (lambda: allot([ONE], -ONE), NegativeAmount, {"name": "total", "amount": -ONE}),
        (lambda: allot([GROSZ / 10], ZERO), NotWholeGrosze, {"amount": GROSZ / 10}),
        (lambda: vat_difference(ONE, ONE + GROSZ, ONE, ONE), BaseGrows, {"before": ONE, "after": ONE + GROSZ}),
        (lambda: vat_difference(ONE, ONE, -ONE, ONE), NegativeAmount, {"name": "vat_before", "amount": -ONE}),
        (lambda: vat_difference(ONE, ONE, ONE, 101 * ONE), PercentOutOfRange, {"percent": 101 * ONE}),
        (lambda: refund_gross(ONE, ONE, -ONE), NegativeAmount, {"name": "set_off", "amount": -ONE}),
        (lambda: net_paid(ONE, ONE, -ONE), NegativeAmount, {"name": "paid_gross", "amount": -ONE}),
        (lambda: months_of_period(*YEAR, -1, YEAR[0]), NegativeTerm, {"number": -1}),
        (lambda: ends_early(*YEAR, -1, YEAR[0]), NegativeTerm, {"number": -1}),
        (lambda: months_of_period(*YEAR, 12, YEAR[0], "calendar"), UnknownMonthRule, {"rule": "calendar"}),
        (
            lambda: months_of_period(YEAR[0], YEAR[0] - ONE_DAY, 12, YEAR[0]),
            BeforeStart,
            {"start": YEAR[0], "on": YEAR[0] - ONE_DAY},
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_values(question, error, values):
    """D6."""
    with pytest.raises(error) as refused:
        question()
    assert refused.value.values == values


def test_a_settlement_cannot_be_changed_afterwards():
    """D14: frozen."""
    settlement = settle(ONE, ONE, 1, ONE)
    for name in ("fee", "refund"):
        with pytest.raises(AttributeError):
            setattr(settlement, name, ONE)
