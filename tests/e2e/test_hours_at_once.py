"""Time logged by two people at the same moment: nobody spends the last half hour twice (D13, T29)."""

import pytest
from clients import run_in_shell
from conftest import Client
from test_work_at_once import _at_once, _id

#: Two transactions of the same database, the second begun before the first one ends.
TWO_TRANSACTIONS = """
import threading, time
from odoo import api, SUPERUSER_ID
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

ticket = env.ref("support_plans.demo_ticket_law_account")
values = {{
    "name": "At once", "ticket_id": ticket.id, "unit_amount": 2.0, "date": {day!r},
    "work_type_id": env.ref("support_plans.support_work_type_remote").id,
    "employee_id": env.ref("support_timesheet.demo_employee_consultant").id,
}}
registry, outcome = env.registry, []
env.cr.rollback()

def second():
    with registry.cursor() as cr:
        other = api.Environment(cr, SUPERUSER_ID, {{}})
        other["account.analytic.line"].search_count([])  # its snapshot is older than the first one's commit
        ready.set()
        first_waits.wait(30)
        try:
            other["account.analytic.line"].create(dict(values))
            outcome.append("written")
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            outcome.append("retry")
            cr.rollback()

ready, first_waits = threading.Event(), threading.Event()
thread = threading.Thread(target=second)
thread.start()
ready.wait(30)
with registry.cursor() as cr:
    first = api.Environment(cr, SUPERUSER_ID, {{}})
    first["account.analytic.line"].create(dict(values))
    first_waits.set()
    time.sleep(1)  # the second one is at the row by now, and waits
    cr.commit()
thread.join(60)
print("OUTCOME", outcome[0])
"""


def _get_state(rpc):
    """Return the demo client's packages and works."""
    agreement = _id(rpc, "demo_agreement_law")
    lots = rpc().execute(
        "support.package", "search_read", [("contract_id", "=", agreement)], ["minutes", "used_minutes"]
    )
    works = rpc().execute(
        "account.analytic.line",
        "search_read",
        [("support_contract_id", "=", agreement)],
        ["charged_minutes", "package_minutes", "overage_minutes", "coverage_basis"],
    )
    entries = rpc().execute(
        "support.package.entry", "search_read", [("contract_id", "=", agreement)], ["minutes", "package_id"]
    )
    return lots, works, entries


def _assert_sound(rpc):
    """Minutes in = minutes allocated, and no package gives more than it has."""
    lots, works, entries = _get_state(rpc)
    burning = [work for work in works if work["coverage_basis"] in ("package", "beyond", "none")]
    assert all(0 <= lot["used_minutes"] <= lot["minutes"] for lot in lots)
    assert sum(work["charged_minutes"] for work in burning) == sum(entry["minutes"] for entry in entries)
    used = sum(entry["minutes"] for entry in entries if entry["package_id"])
    assert used == sum(lot["used_minutes"] for lot in lots) == sum(work["package_minutes"] for work in burning)


@pytest.fixture
def day(rpc):
    """The first day of the agreement: of a service month whose package nobody has used."""
    agreement = _id(rpc, "demo_agreement_law")
    [found] = rpc().execute("contract.contract", "read", [agreement], ["date_start"])
    return found["date_start"]


def test_the_second_of_two_transactions_waits_and_is_run_again(server, rpc, day):
    """Deterministic: the second one waits for the row of the agreement, and PostgreSQL refuses its old snapshot."""
    assert "OUTCOME retry" in run_in_shell(server, TWO_TRANSACTIONS.format(day=day))
    _assert_sound(rpc)


def test_two_people_who_log_time_at_once_never_overspend(server, rpc, day):
    """The last half hour of a package is spent once; each of the two has the time in the ledger."""
    line = {
        "ticket_id": _id(rpc, "demo_ticket_law_account"),
        "work_type_id": _id(rpc, "support_work_type_remote"),
        "date": day,
    }
    people = [Client(server, "owner"), Client(server, "consultant")]
    for number in range(4):
        made = _at_once(
            *(
                lambda person=person, number=number: person.execute(
                    "account.analytic.line", "create", {**line, "name": f"At once {number}", "unit_amount": 25 / 60}
                )
                for person in people
            )
        )
        assert all(isinstance(found, int) for found in made), made
    _assert_sound(rpc)


def test_logging_time_while_the_month_is_billed_loses_nothing(server, rpc, day):
    """A retry and a wait: minutes in = minutes allocated or billed."""
    line = {
        "name": "While billing",
        "ticket_id": _id(rpc, "demo_ticket_law_account"),
        "work_type_id": _id(rpc, "support_work_type_remote"),
        "date": day,
        "unit_amount": 25 / 60,
    }
    agreement = _id(rpc, "demo_agreement_law")
    results = _at_once(
        lambda: Client(server, "consultant").execute("account.analytic.line", "create", line),
        lambda: Client(server, "accountant").execute("contract.contract", "action_create_invoice", [agreement]),
        lambda: Client(server, "owner").execute("account.analytic.line", "create", line),
    )
    assert isinstance(results[0], int) and isinstance(results[2], int), results
    _assert_sound(rpc)
