"""The guarantee is decided once, with its reason (P14-P16, P20, P30, P37, P38, D2, D12)."""

from dataclasses import replace
from datetime import date

import pytest
from casebook import cases, day, rows, yes
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.support_plans.rules import guarantee
from odoo.addons.support_plans.rules.guarantee import (
    KINDS,
    REASONS,
    Guarantee,
    GuaranteeRequest,
    GuaranteeTerms,
    UnknownCoverage,
    UnknownKind,
    counts_for_quota,
    decide,
)

TERMS = GuaranteeTerms(
    agreement=True,
    date_start=date(2026, 1, 1),
    date_end=None,
    response_seconds=43200,
    channels=frozenset({"email", "panel"}),
    contacts=frozenset(),
    quota_minutes=180,
    coverage={"EMAIL": "included", "PROGRAMMING": "package"},
)
REQUEST = GuaranteeRequest(date(2026, 6, 15), "email", "question", 7, False, 0)


def terms_of(case):
    return GuaranteeTerms(
        agreement=yes(case["agreement"]),
        date_start=day(case["date_start"]),
        date_end=day(case["date_end"]),
        response_seconds=int(case["response_hours"]) * 3600,
        channels=frozenset(case["channels"].split()),
        contacts=frozenset(int(contact) for contact in case["contacts"].split()),
        quota_minutes=int(case["quota_minutes"]),
        coverage={"EMAIL": case["email"], "PROGRAMMING": case["programming"]},
    )


def request_of(case):
    return GuaranteeRequest(
        registered_on=day(case["registered_on"]),
        channel=case["channel"],
        kind=case["kind"],
        contact=int(case["contact"]) if case["contact"] else None,
        contact_approved=yes(case["contact_approved"]),
        quota_used_minutes=int(case["quota_used_minutes"]),
    )


@pytest.mark.parametrize("case", cases("guarantee"))
def test_guarantee_and_its_reason_are_those_of_the_worked_example(case):
    """P1, P7, P14, P15, P16, P17, P20, P23, P24, P30, P37, P38, B2, B4, F7, D2, D12."""
    expected = Guarantee(yes(case["eligible"]), case["reason"])
    assert decide(terms_of(case), request_of(case)) == expected


def test_every_reason_and_every_kind_has_a_worked_example():
    """D12."""
    examples = rows("guarantee")
    assert {case["reason"] for case in examples} == set(REASONS)
    assert {case["kind"] for case in examples} == set(KINDS)


def test_the_reasons_are_checked_in_the_promised_order():
    """D12."""
    assert REASONS == (
        "no_agreement",
        "agreement_ended",
        "no_response_time",
        "contact",
        "channel",
        "request_kind",
        "quota_used",
        "guaranteed",
    )


def test_mending_one_obstacle_after_another_meets_every_reason_in_order():
    """D12: the first reason in the order wins, whatever else is missing."""
    broken_terms = replace(
        TERMS,
        agreement=False,
        date_end=date(2026, 6, 1),
        response_seconds=0,
        contacts=frozenset({8}),
        coverage={"EMAIL": "none"},
    )
    broken_request = replace(REQUEST, channel="phone", quota_used_minutes=180)
    mendings = [
        ({}, {}),
        ({"agreement": True}, {}),
        ({"date_end": None}, {}),
        ({"response_seconds": 1}, {}),
        ({}, {"contact": 8}),
        ({}, {"channel": "panel"}),
        ({"coverage": {"EMAIL": "included"}}, {}),
        ({}, {"quota_used_minutes": 179}),
    ]
    met = []
    for terms_mended, request_mended in mendings:
        broken_terms = replace(broken_terms, **terms_mended)
        broken_request = replace(broken_request, **request_mended)
        met.append(decide(broken_terms, broken_request).reason)
    assert tuple(met) == REASONS


@given(
    st.sampled_from(KINDS),
    st.sampled_from(guarantee.COVERAGES),
    st.sampled_from(guarantee.COVERAGES),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_quota_binds_only_email_work_that_is_not_a_bug(kind, email, programming, quota, used):
    """P15, P16, P20, P23, P24, P30."""
    coverage = {"EMAIL": email, "PROGRAMMING": programming}
    terms = replace(TERMS, quota_minutes=quota, coverage=coverage)
    reason = decide(terms, replace(REQUEST, kind=kind, quota_used_minutes=used)).reason
    if kind == "programming":
        assert reason == ("request_kind" if programming == "none" else "guaranteed")
    elif email == "none" or (email == "bugs_only" and kind != "bug"):
        assert reason == "request_kind"
    elif kind != "bug" and quota and used >= quota:
        assert reason == "quota_used"
    else:
        assert reason == "guaranteed"


def test_work_that_counts_for_the_quota():
    """P15, P23, P24, D12."""
    counted = {kind for kind in KINDS if counts_for_quota(kind)}
    assert counted == {"question", "consultation", "configuration", "order", "other"}


def test_a_work_type_without_entitlement_is_not_covered():
    """P16, P20."""
    assert decide(replace(TERMS, coverage={}), REQUEST).reason == "request_kind"
    programming = replace(REQUEST, kind="programming")
    only_email = replace(TERMS, coverage={"EMAIL": "included"})
    assert decide(only_email, programming).reason == "request_kind"


def test_channels_may_be_ids_of_records():
    """D2."""
    terms = replace(TERMS, channels=frozenset({3, 4}))
    assert decide(terms, replace(REQUEST, channel=4)).eligible
    assert decide(terms, replace(REQUEST, channel=5)).reason == "channel"


def test_an_unknown_kind_or_coverage_is_refused():
    with pytest.raises(UnknownKind) as kind:
        decide(TERMS, replace(REQUEST, kind="wish"))
    assert kind.value.kind == "wish"
    with pytest.raises(UnknownKind):
        counts_for_quota("wish")
    with pytest.raises(UnknownCoverage) as coverage:
        decide(replace(TERMS, coverage={"EMAIL": "yes"}), REQUEST)
    assert (coverage.value.work_type, coverage.value.coverage) == ("EMAIL", "yes")
