"""Who pays for a work (P15-P24, P29, P30, P33).

tests/cases/coverage.csv, one work a row: under a ``plan`` of the price list (empty: terms
agreed individually) a work of ``kind`` (code) whose ``pool`` of hours is given, on a ticket
whose request_kind is ``request``; ``free_for_bugs`` (yes/no) of that kind; ``coverage`` of
the plan's entitlement; the ``basis`` that results.
"""

from dataclasses import replace

import pytest
from casebook import cases, rows, yes
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules import guarantee
from odoo.addons.support_plans.rules.errors import RuleError
from odoo.addons.support_timesheet.rules.coverage import (
    BASES,
    BEYOND,
    BURNING,
    COVERAGES,
    FREE,
    INCLUDED,
    NONE,
    PACKAGE,
    PARTLY,
    POOLS,
    QUOTA,
    UnknownFact,
    WorkFacts,
    judge,
    shown,
)

FACTS = st.builds(
    WorkFacts,
    kind=st.sampled_from(["EMAIL", "REMOTE", "PROGRAMMING", "ONSITE", "TRAINING"]),
    pool=st.sampled_from(POOLS),
    coverage=st.sampled_from(COVERAGES),
    is_bug=st.booleans(),
    free_for_bugs=st.booleans(),
)
EMAIL = WorkFacts("EMAIL", "quota", "included", is_bug=False, free_for_bugs=True)


def facts_of(case):
    return WorkFacts(
        kind=case["kind"],
        pool=case["pool"],
        coverage=case["coverage"],
        is_bug=case["request"] == guarantee.BUG,
        free_for_bugs=yes(case["free_for_bugs"]),
    )


@pytest.mark.parametrize("case", cases("coverage"))
def test_basis_is_that_of_the_worked_example(case):
    """P7, P15, P16, P17, P18, P19, P20, P21, P22, P23, P24, P29, P33, F2, F8, B3."""
    assert judge(facts_of(case)) == case["basis"]


def test_every_fact_and_every_basis_has_a_worked_example():
    """P15-P24."""
    examples = rows("coverage")
    assert {case["basis"] for case in examples} == set(BASES)
    assert {case["coverage"] for case in examples} == set(COVERAGES) == set(guarantee.COVERAGES)
    assert {case["pool"] for case in examples} == set(POOLS)
    assert {case["request"] for case in examples} <= set(guarantee.KINDS)


@given(FACTS)
def test_only_an_entitlement_to_the_package_burns_it(facts):
    """P18, P19, P20, P23, P33."""
    if judge(facts) == PACKAGE:
        assert facts.coverage == "package"
        assert not (facts.is_bug and facts.free_for_bugs)
    else:
        assert facts.coverage != "package" or (facts.is_bug and facts.free_for_bugs)


@given(FACTS)
def test_the_quota_is_email_work_that_is_given_and_not_a_bug(facts):
    """P15, P24, P33."""
    expected = facts.pool == "quota" and facts.coverage == "included" and not (facts.is_bug and facts.free_for_bugs)
    assert (judge(facts) == QUOTA) == expected


@given(FACTS)
def test_what_the_plan_gives_is_never_billed(facts):
    """P16, P21, P30: also when the quota is used up."""
    if facts.coverage == "included":
        assert judge(facts) in (INCLUDED, QUOTA, FREE)
        assert judge(facts) not in BURNING


@given(FACTS)
def test_nothing_is_free_but_bugs(facts):
    """P16, P24."""
    if judge(facts) == FREE:
        assert facts.is_bug
        assert facts.free_for_bugs or facts.coverage == "bugs_only"


@given(FACTS)
def test_remote_help_that_is_not_given_has_a_rate_in_every_plan(facts):
    """P22."""
    remote = replace(facts, kind="REMOTE", coverage="none", free_for_bugs=False)
    assert judge(remote) == BEYOND
    other = replace(remote, kind="PROGRAMMING")
    assert judge(other) == (BEYOND if facts.pool == "billable" else NONE)


def test_codes_are_those_that_the_database_keeps():
    """P15-P24."""
    assert BASES == ("package", "beyond", "included", "quota", "free", "none")
    assert PARTLY == "partly"
    assert BURNING == ("package", "beyond", "none")


@pytest.mark.parametrize(
    ("basis", "charged", "package", "overage", "coverage"),
    [
        (PACKAGE, 60, 60, 0, PACKAGE),
        (PACKAGE, 60, 30, 30, PARTLY),
        (PACKAGE, 60, 1, 59, PARTLY),
        (PACKAGE, 60, 0, 60, BEYOND),
        (PACKAGE, 0, 0, 0, FREE),
        (PACKAGE, -60, -60, 0, PACKAGE),
        (PACKAGE, -60, -30, -30, PARTLY),
        (PACKAGE, -30, 0, -30, BEYOND),
        (BEYOND, 30, 0, 30, BEYOND),
        (BEYOND, 0, 0, 0, FREE),
        (NONE, 30, 0, 30, NONE),
        (NONE, 0, 0, 0, FREE),
        (QUOTA, 30, 0, 0, QUOTA),
        (QUOTA, 0, 0, 0, QUOTA),
        (INCLUDED, 30, 0, 0, INCLUDED),
        (INCLUDED, 0, 0, 0, INCLUDED),
        (FREE, 30, 0, 0, FREE),
        (FREE, 0, 0, 0, FREE),
    ],
)
def test_what_is_shown_follows_the_split(basis, charged, package, overage, coverage):
    """P10, P22, P33: goodwill is free; the quota and what is included show themselves."""
    assert shown(basis, charged, package, overage) == coverage


@given(st.sampled_from(BURNING), st.integers(0, 200), st.integers(0, 200))
def test_only_the_package_is_shown_as_split(basis, package, overage):
    """P10."""
    if basis != PACKAGE:
        package = 0
    coverage = shown(basis, package + overage, package, overage)
    if not package + overage:
        assert coverage == FREE
    elif basis == PACKAGE:
        assert (coverage in (PACKAGE, PARTLY)) == bool(package)
        assert (coverage in (PARTLY, BEYOND)) == bool(overage)
    else:
        assert coverage == basis


@pytest.mark.parametrize(("name", "value"), [("pool", "piscine"), ("coverage", "yes"), ("coverage", "")])
def test_an_unknown_pool_or_coverage_is_refused(name, value):
    with pytest.raises(UnknownFact) as caught:
        judge(replace(EMAIL, **{name: value}))
    assert (caught.value.name, caught.value.value) == (name, value)
    assert isinstance(caught.value, RuleError)


@pytest.mark.parametrize("basis", [PARTLY, "goodwill", ""])
def test_an_unknown_basis_is_refused(basis):
    with pytest.raises(UnknownFact) as caught:
        shown(basis, 30, 0, 30)
    assert (caught.value.name, caught.value.value) == ("basis", basis)
