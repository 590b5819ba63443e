"""Bad values by XML-RPC and JSON-2: a clear sentence for each, and nothing half-written."""

import datetime

import pytest
from clients import Refused
from conftest import count_records

TICKET = {"name": "From the API", "description": "<p>Text</p>"}


def _id(rpc, xml_id):
    [found] = rpc().execute(
        "ir.model.data", "search_read", [("module", "=", "support_plans"), ("name", "=", xml_id)], ["res_id"]
    )
    return found["res_id"]


@pytest.fixture
def contact(rpc):
    return _id(rpc, "demo_contact_law")


def test_unknown_kind_of_request_is_refused(person, refused, contact):
    vals = {**TICKET, "partner_id": contact, "request_kind": "teleport"}
    message = refused(person("consultant"), "helpdesk.ticket", "create", vals_list=[vals])
    assert "teleport" in message and "bug" in message


@pytest.mark.parametrize("field", ["response_deadline", "response_date"])
def test_decided_field_entered_by_hand_is_refused(person, refused, rpc, contact, field):
    vals = {**TICKET, "partner_id": contact, field: "2030-01-01 10:00:00"}
    assert "decided by the agreement" in refused(person("consultant"), "helpdesk.ticket", "create", vals_list=[vals])
    ticket = _id(rpc, "demo_ticket_law_print")
    message = refused(person("owner"), "helpdesk.ticket", "write", [ticket], vals={field: "2030-01-01 10:00:00"})
    assert "decided by the agreement" in message


def test_registration_in_the_future_is_refused(person, refused, contact):
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
    vals = {**TICKET, "partner_id": contact, "registered_at": moment.strftime("%Y-%m-%d %H:%M:%S")}
    assert "future" in refused(person("consultant"), "helpdesk.ticket", "create", vals_list=[vals])


@pytest.mark.parametrize("moment", ["the day before", "2026-13-45 99:99:99", 5, ["2026-01-01"], {"a": 1}])
def test_registration_that_is_no_moment_is_refused(person, refused, contact, moment):
    vals = {**TICKET, "partner_id": contact, "registered_at": moment}
    message = refused(person("consultant"), "helpdesk.ticket", "create", vals_list=[vals])
    assert "registration" in message


def test_one_bad_ticket_of_a_batch_writes_none(person, refused, contact):
    good = {**TICKET, "partner_id": contact}
    batch = [good, {**good, "request_kind": "teleport"}]
    refused(person("consultant"), "helpdesk.ticket", "create", vals_list=batch)


def test_premium_without_its_terms_does_not_start(person, refused, rpc):
    """P7: PREMIUM is nothing but what was agreed."""
    owner = person("owner")
    [agreement] = owner.call(
        "contract.contract",
        "create",
        vals_list=[
            {
                "support_plan_id": _id(rpc, "support_plan_premium"),
                "partner_id": _id(rpc, "demo_client_cafe"),
                "date_start": datetime.date.today().isoformat(),
            }
        ],
    )
    message = refused(owner, "contract.contract", "action_start_agreement", [agreement])
    assert "PREMIUM" in message and "Guaranteed Response" in message
    [state] = owner.call("contract.contract", "read", [agreement], fields=["support_state", "plan_fee_line_ids"])
    assert (state["support_state"], state["plan_fee_line_ids"]) == ("draft", [])


@pytest.mark.parametrize("term", ["list_price_month", "price_year_month", "hourly_rate", "response_hours"])
def test_negative_term_of_an_agreement_is_refused(person, refused, rpc, term):
    vals = {
        "support_plan_id": _id(rpc, "support_plan_start"),
        "partner_id": _id(rpc, "demo_client_cafe"),
        "date_start": datetime.date.today().isoformat(),
        term: -1,
    }
    assert "negative" in refused(person("owner"), "contract.contract", "create", vals_list=[vals])


def test_negative_price_of_a_plan_is_refused(person, refused, rpc):
    plan, owner = _id(rpc, "support_plan_start"), person("owner")
    assert "negative" in refused(owner, "support.plan", "write", [plan], vals={"price_year_month": -5})
    prices = {"price_month": -5, "price_year_month": -5}
    assert "negative" in refused(owner, "support.plan", "write", [plan], vals=prices)
    refused(owner, "support.plan", "write", [plan], vals={"price_month": -5})


def test_second_plan_of_a_client_is_refused(person, refused, rpc):
    owner = person("owner")
    [second] = owner.call(
        "contract.contract",
        "create",
        vals_list=[
            {
                "support_plan_id": _id(rpc, "support_plan_email"),
                "partner_id": _id(rpc, "demo_client_law"),
                "date_start": datetime.date.today().isoformat(),
            }
        ],
    )
    message = refused(owner, "contract.contract", "action_start_agreement", [second])
    assert "START" in message and "already" in message


def test_state_of_an_agreement_is_not_written_by_hand(person, refused, rpc):
    law = _id(rpc, "demo_agreement_law")
    message = refused(person("owner"), "contract.contract", "write", [law], vals={"support_state": "ended"})
    assert "not edited by hand" in message


def test_consultant_may_not_touch_terms(person, refused, rpc):
    law = _id(rpc, "demo_agreement_law")
    refused(person("consultant"), "contract.contract", "write", [law], vals={"response_hours": 1})


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("helpdesk.ticket", "_register_response"),
        ("helpdesk.ticket", "_decide_guarantee_anew"),
        ("contract.contract", "_write_own"),
        ("contract.contract", "_give_notice"),
        ("support.plan", "_get_default_plan"),
    ],
)
def test_private_method_is_not_callable(person, rpc, model, method):
    xml_id = {
        "helpdesk.ticket": "demo_ticket_law_print",
        "contract.contract": "demo_agreement_law",
        "support.plan": "support_plan_start",
    }[model]
    before = count_records(rpc)
    with pytest.raises(Refused) as refusal:
        person("admin").call(model, method, [_id(rpc, xml_id)])
    assert "rivate" in refusal.value.message
    assert count_records(rpc) == before


def test_context_of_the_client_does_not_unlock_an_agreement(person, refused, rpc):
    """The mark of the addon's own writes is an object, which no client can send."""
    law = _id(rpc, "demo_agreement_law")
    context = {"support_own_write": True}
    refused(person("owner"), "contract.contract", "write", [law], vals={"payment_period": "year"}, context=context)


def test_good_ticket_gets_its_deadline(person, contact):
    """The same door is open for good values: judged like a ticket of the screen."""
    consultant = person("consultant")
    vals = {**TICKET, "partner_id": contact, "request_kind": "bug"}
    [channel] = consultant.call("helpdesk.ticket.channel", "search", domain=[("support_kind", "=", "email")])
    [ticket] = consultant.call("helpdesk.ticket", "create", vals_list=[{**vals, "channel_id": channel}])
    [seen] = consultant.call(
        "helpdesk.ticket", "read", [ticket], fields=["guarantee_reason", "response_deadline", "response_state"]
    )
    assert (seen["guarantee_reason"], seen["response_state"]) == ("guaranteed", "pending")
    assert seen["response_deadline"]


def test_buttons_answer_through_the_api(person, contact):
    """Accept and start: met, and an answer that XML-RPC can carry (it knows no None)."""
    consultant = person("consultant")
    [channel] = consultant.call("helpdesk.ticket.channel", "search", domain=[("support_kind", "=", "email")])
    vals = {**TICKET, "partner_id": contact, "channel_id": channel}
    [ticket] = consultant.call("helpdesk.ticket", "create", vals_list=[vals])
    consultant.call("helpdesk.ticket", "action_accept_and_start", [ticket])
    [seen] = consultant.call("helpdesk.ticket", "read", [ticket], fields=["response_state"])
    assert seen["response_state"] == "met"
