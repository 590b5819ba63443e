"""A resignation by XML-RPC and JSON-2: what a script may enter, and a clear sentence for what it may not (F6, F10)."""

import datetime

import pytest
from clients import Refused
from resignations import RESIGNATION, create_year, first_day, get_invoices, last_day, pay, resign
from test_work_at_once import _id

TOMORROW = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def agreement(rpc):
    """A prepaid year that nobody resigned from; every test here leaves it alone."""
    return create_year(rpc)[0]


@pytest.fixture(scope="module")
def submitted(rpc):
    """A resignation that is submitted, of another year; every test here leaves it alone."""
    return resign(rpc, create_year(rpc)[0], accepted=False)


@pytest.fixture
def entered(agreement):
    """Good values of a resignation to the end of the fifth month."""
    return _enter(agreement)


def _enter(agreement):
    return {
        "contract_id": agreement,
        "requested_on": first_day().isoformat(),
        "effective_on": last_day().isoformat(),
        "way": "email",
    }


def _read(client, resignation, *names):
    [found] = client.call(RESIGNATION, "read", [resignation], fields=list(names))
    return [found[name] for name in names]


def test_from_the_letter_to_the_refund_by_the_api(rpc, person):
    """The whole way, each step by its own role; the figures are those of the worked example."""
    agreement = create_year(rpc)[0]
    accountant, consultant = person("accountant"), person("consultant")
    [submitted] = consultant.call(RESIGNATION, "create", vals_list=[_enter(agreement)])
    consultant.call(RESIGNATION, "action_submit", [submitted])
    names = ("paid_net", "used_net", "remainder", "fee", "refund_net", "refund_tax", "refund_gross")
    figures = [4188.00, 1995.00, 2193.00, 65.79, 2127.21, 489.26, 2616.47]
    assert _read(accountant, submitted, *names) == figures
    accountant.call(RESIGNATION, "action_accept", [submitted])
    accountant.call(RESIGNATION, "action_prepare_correction", [submitted])
    [correction] = get_invoices(rpc, agreement, "out_refund")
    assert (correction["state"], correction["amount_total"]) == ("draft", 2616.47)
    accountant.call(RESIGNATION, "action_post_corrections", [submitted])
    assert _read(accountant, submitted, "state", "refund_open") == ["corrected", 2616.47]
    [items] = _read(consultant, submitted, "handover_ids")
    consultant.call("support.handover.item", "action_done", items)
    pay(rpc, [correction["id"]])
    assert _read(accountant, submitted, "state") == ["closed"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"way": "pigeon"}, ("pigeon", "letter")),
        ({"way": 7}, ("7", "letter")),
        ({"way": ["letter"]}, ("letter", "Received By")),
        ({"way": False}, ("Received By", "filled in")),
        ({"initiator": "nobody"}, ("nobody", "firm")),
        ({"requested_on": "yesterday"}, ("yesterday", "2026-11-20")),
        ({"requested_on": "2026-02-30"}, ("2026-02-30", "Resigned On")),
        ({"requested_on": 20261120}, ("20261120", "Resigned On")),
        ({"requested_on": {"a": 1}}, ("Resigned On",)),
        ({"requested_on": False}, ("Resigned On", "filled in")),
        ({"requested_on": TOMORROW}, ("still to come",)),
        ({"effective_on": "soon"}, ("soon", "Last Day")),
        ({"effective_on": "1999-12-31"}, ("begins on",)),
        ({"contract_id": "START"}, ("START", "Agreement")),
        ({"contract_id": [1, 2]}, ("Agreement",)),
        ({"contract_id": False}, ("agreement",)),
        ({"requested_by_id": "Anna"}, ("Anna", "Resigned By")),
    ],
)
def test_bad_values_are_refused_in_a_sentence(person, refused, entered, value, expected):
    message = refused(person("consultant"), RESIGNATION, "create", vals_list=[{**entered, **value}])
    assert all(word in message for word in expected), message


def test_records_that_are_not_there_are_refused(person, refused, entered):
    for name in ("contract_id", "requested_by_id"):
        refused(person("consultant"), RESIGNATION, "create", vals_list=[{**entered, name: 99999999}])


def test_a_resignation_without_an_agreement_is_refused(person, refused):
    assert "agreement" in refused(person("consultant"), RESIGNATION, "create", vals_list=[{"way": "phone"}])


def test_one_bad_resignation_of_a_batch_writes_none(rpc, person, refused, entered):
    other = {**entered, "contract_id": create_year(rpc)[0]}
    refused(person("consultant"), RESIGNATION, "create", vals_list=[other, {**entered, "way": "pigeon"}])


def test_a_second_resignation_is_refused(person, refused, submitted):
    [agreement] = _read(person("consultant"), submitted, "contract_id")
    message = refused(person("consultant"), RESIGNATION, "create", vals_list=[_enter(agreement[0])])
    assert "already" in message and "RES/" in message


def test_an_earlier_day_is_not_for_a_consultant(person, refused, entered):
    """D3: notice of a month; the day itself is far too early."""
    early = {**entered, "requested_on": last_day(-1).isoformat(), "effective_on": last_day(-1).isoformat()}
    message = refused(person("consultant"), RESIGNATION, "create", vals_list=[{**early, "early_reason": "Why not"}])
    assert "Only a support manager" in message


def test_somebody_elses_person_is_refused(rpc, person, refused, entered):
    stranger = _id(rpc, "demo_contact_law")
    message = refused(person("consultant"), RESIGNATION, "create", vals_list=[{**entered, "requested_by_id": stranger}])
    assert "does not belong" in message


FIGURES = {
    "refund_gross": 1000000.0,
    "fee": 0.0,
    "fee_percent": 0.0,
    "paid_net": 1.0,
    "months_worked": 1,
    "list_price_month": 1.0,
    "refund_days": 1,
    "refund_due_on": "2030-01-01",
    "state": "closed",
    "accepted_on": "2026-01-01",
    "submitted_on": "2026-01-01",
    "settled_on": "2026-01-01",
    "withdrawn_on": "2026-01-01",
    "treatment_on": "2026-01-01",
    "name": "X",
    "line_ids": [],
    "refund_move_ids": [],
    "debit_note_id": 1,
}


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_and_steps_are_not_written(person, refused, submitted, name):
    message = refused(person("owner"), RESIGNATION, "write", [submitted], vals={name: FIGURES[name]})
    assert "not written by hand" in message


def test_no_role_and_no_context_opens_the_figures(person, refused, submitted):
    """Not the accountant, and not with the context that the addon itself uses."""
    values, context = {"refund_gross": 1000000.0}, {"support_own_write": True}
    for login in ("accountant", "owner", "admin"):
        message = refused(person(login), RESIGNATION, "write", [submitted], vals=values, context=context)
        assert "not written by hand" in message


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"name"}))
def test_figures_are_not_entered_with_a_new_resignation(person, refused, entered, name):
    message = refused(person("owner"), RESIGNATION, "create", vals_list=[{**entered, name: FIGURES[name]}])
    assert "not written by hand" in message


def test_lines_of_the_settlement_are_not_written(person, refused, submitted):
    [lines] = _read(person("owner"), submitted, "line_ids")
    for method, keywords in (("write", {"vals": {"used_net": 0}}), ("unlink", {})):
        refused(person("owner"), "support.termination.line", method, lines, **keywords)


def test_the_treatment_is_not_the_consultants(person, refused, entered, submitted):
    """D14, D15: neither later nor with the resignation itself."""
    consultant = person("consultant")
    for values in ({"fee_tax_treatment": "none"}, {"is_private_person": True}):
        assert "accountant" in refused(consultant, RESIGNATION, "write", [submitted], vals=values)
        assert "accountant" in refused(consultant, RESIGNATION, "create", vals_list=[{**entered, **values}])


def test_a_bad_treatment_is_refused(person, refused, submitted):
    message = refused(person("accountant"), RESIGNATION, "write", [submitted], vals={"fee_tax_treatment": "free"})
    assert "free" in message and "outside_vat" in message


@pytest.mark.parametrize(
    "step", ["action_accept", "action_prepare_correction", "action_post_corrections", "action_pay_refund"]
)
def test_a_consultant_does_not_settle(person, refused, submitted, step):
    assert "accountant" in refused(person("consultant"), RESIGNATION, step, [submitted])


@pytest.mark.parametrize("step", ["action_prepare_correction", "action_pay_refund", "action_submit"])
def test_a_step_out_of_turn_says_where_it_is_possible(person, refused, submitted, step):
    assert "this step is possible only in" in refused(person("accountant"), RESIGNATION, step, [submitted])


def test_who_handed_over_is_written_by_the_button(person, refused, submitted):
    [items] = _read(person("consultant"), submitted, "handover_ids")
    message = refused(person("consultant"), "support.handover.item", "write", items[:1], vals={"done_on": "2026-01-01"})
    assert "Mark Done" in message
    command = [[1, items[0], {"done_by_id": 1}]]
    refused(person("consultant"), RESIGNATION, "write", [submitted], vals={"handover_ids": command})


def test_it_is_neither_deleted_nor_copied(person, refused, submitted):
    assert "Withdraw it instead" in refused(person("owner"), RESIGNATION, "unlink", [submitted])
    assert "duplicated" in refused(person("owner"), RESIGNATION, "copy", [submitted])


@pytest.mark.parametrize("method", ["_accept", "_write_own", "_refresh_settlement", "_end_agreement", "_simulate"])
def test_private_steps_are_not_callable(person, submitted, method):
    with pytest.raises(Refused) as refusal:
        person("admin").call(RESIGNATION, method, [submitted])
    assert "rivate" in refusal.value.message
