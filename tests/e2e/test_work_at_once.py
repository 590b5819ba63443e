"""Two people, or two runs, at the same moment."""

import datetime
import threading
import uuid

import pytest
from conftest import Client


def _at_once(*calls):
    """Run the calls at the same moment in threads; return results or exceptions in order."""
    results, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(place, call):
        barrier.wait()
        try:
            results[place] = call()
        except Exception as error:  # noqa: BLE001 - told to the caller
            results[place] = error

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def _id(rpc, xml_id):
    [found] = rpc().execute(
        "ir.model.data", "search_read", [("module", "=", "support_plans"), ("name", "=", xml_id)], ["res_id"]
    )
    return found["res_id"]


@pytest.fixture
def colleagues(server, rpc):
    """Two consultants with connections of their own; nobody has a ticket."""
    team, company = _id(rpc, "demo_team"), _id(rpc, "demo_company")
    group = _id(rpc, "group_support_consultant")
    clients = []
    for _ in range(2):
        login = f"colleague-{uuid.uuid4().hex[:8]}"
        user = rpc().execute(
            "res.users",
            "create",
            {
                "name": login,
                "login": login,
                "password": login,
                "email": f"{login}@kabel.example.com",
                "company_id": company,
                "company_ids": [(6, 0, [company])],
                "group_ids": [(4, group)],
            },
        )
        rpc().execute("helpdesk.ticket.team", "write", [team], {"user_ids": [(4, user)]})
        clients.append(Client(server, login))
    return clients


def test_two_consultants_take_two_different_tickets(rpc, colleagues):
    """P28: "Next Ticket" pressed at the same moment never gives the same ticket to both."""
    for number in range(6):
        rpc("owner").execute(
            "helpdesk.ticket",
            "create",
            {
                "name": f"At once {number}",
                "description": "<p>Text</p>",
                "partner_id": _id(rpc, "demo_contact_clinic"),
                "team_id": _id(rpc, "demo_team"),
                "user_id": False,
            },
        )
    for _round in range(3):
        taken = _at_once(*(lambda c=c: c.execute("helpdesk.ticket", "action_next_ticket", []) for c in colleagues))
        assert all(isinstance(action, dict) and action.get("res_id") for action in taken), taken
        first, second = (action["res_id"] for action in taken)
        assert first != second
        for client, ticket in zip(colleagues, (first, second), strict=True):
            [seen] = client.execute("helpdesk.ticket", "read", [ticket], fields=["user_id"])
            assert seen["user_id"][0] == client.uid
            client.execute("helpdesk.ticket", "write", [ticket], {"user_id": False, "is_exceptional": True})
        for ticket in (first, second):
            rpc("owner").execute("helpdesk.ticket", "write", [ticket], {"is_exceptional": False})


def _due_agreement(rpc):
    """A START agreement of a new client that is due today."""
    owner = rpc("owner")
    client = owner.execute("res.partner", "create", {"name": f"Client {uuid.uuid4().hex[:8]}", "is_company": True})
    agreement = owner.execute(
        "contract.contract",
        "create",
        {
            "support_plan_id": _id(rpc, "support_plan_start"),
            "partner_id": client,
            "date_start": datetime.date.today().isoformat(),
        },
    )
    owner.execute("contract.contract", "action_start_agreement", [agreement])
    return client


def _invoices(rpc, client):
    return rpc("owner").execute(
        "account.move", "search_read", [("partner_id", "=", client)], ["amount_untaxed", "amount_total"]
    )


def _run_invoicing(server, rpc):
    [cron] = rpc().execute("ir.cron", "search", [("code", "ilike", "cron_recurring_create_invoice")], limit=1)
    return Client(server, "admin").execute("ir.cron", "method_direct_trigger", [cron])


def test_invoicing_run_twice_bills_once(server, rpc):
    """P8: one started month is one invoice, however often the run comes."""
    client = _due_agreement(rpc)
    _run_invoicing(server, rpc)
    _run_invoicing(server, rpc)
    [invoice] = _invoices(rpc, client)
    assert (invoice["amount_untaxed"], invoice["amount_total"]) == (399.0, 490.77)


def test_invoicing_run_by_two_at_once_bills_once(server, rpc):
    """The second run waits, is refused or finds nothing left."""
    client = _due_agreement(rpc)
    _at_once(lambda: _run_invoicing(server, rpc), lambda: _run_invoicing(server, rpc))
    _run_invoicing(server, rpc)
    assert len(_invoices(rpc, client)) == 1
