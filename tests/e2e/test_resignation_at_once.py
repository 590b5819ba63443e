"""Resignations in real transactions: two accountants, the month's run and a crash at the same moment (F10, P9)."""

import xmlrpc.client
from functools import partial

import pytest
from clients import run_in_shell
from conftest import Client
from resignations import RESIGNATION, create_year, first_day, get_invoices, last_day, pay, read, resign
from test_work_at_once import _at_once, _run_invoicing

#: Two transactions of the same database: the second begins before the first one ends, and is run again
#: as Odoo does when PostgreSQL refuses its old snapshot.
TWO_TRANSACTIONS = """
import threading, time
from odoo import api, SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from psycopg2 import IntegrityError

registry, outcome = env.registry, []
env.cr.rollback()

def do_first(env):
    {first}

def do_second(env):
    {second}

def second():
    with registry.cursor() as cr:
        other = api.Environment(cr, SUPERUSER_ID, {{}})
        other["support.termination"].search([]).mapped("state")  # its snapshot is older than the first one's commit
        ready.set()
        first_waits.wait(30)
        for _turn in range(3):
            try:
                do_second(other)
                cr.commit()
                outcome.append("done")
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                outcome.append("again")
            except (UserError, IntegrityError) as error:
                outcome.append("refused " + type(error).__name__)
                cr.rollback()
                return
            cr.rollback()
            other = api.Environment(cr, SUPERUSER_ID, {{}})
            registry.clear_cache()

ready, first_waits = threading.Event(), threading.Event()
thread = threading.Thread(target=second)
thread.start()
ready.wait(30)
with registry.cursor() as cr:
    do_first(api.Environment(cr, SUPERUSER_ID, {{}}))
    cr.flush()
    first_waits.set()
    time.sleep(1)  # the second one is at the row by now, and waits
    cr.commit()
thread.join(60)
print("OUTCOME", ", ".join(outcome))
"""
PREPARE = 'env["support.termination"].browse({0}).action_prepare_correction()'
ACCEPT = 'env["support.termination"].browse({0}).action_accept()'
WITHDRAW = 'env["support.termination"].browse({0}).action_withdraw()'
INVOICE = 'env["contract.contract"].browse({0}).with_company({1})._recurring_create_invoice()'


@pytest.fixture
def accountants(server):
    """Two persons who may settle, with connections of their own."""
    return [Client(server, "accountant"), Client(server, "owner")]


def _two_transactions(server, first, second):
    output = run_in_shell(server, TWO_TRANSACTIONS.format(first=first, second=second))
    return next(line for line in output.splitlines() if line.startswith("OUTCOME"))[8:]


def _assert_one_correction(rpc, agreement, resignation):
    [correction] = get_invoices(rpc, agreement, "out_refund")
    assert (correction["state"], correction["amount_total"]) == ("draft", 2616.47)
    assert read(rpc, resignation, "state", "correction_count") == {
        "id": resignation,
        "state": "accepted",
        "correction_count": 1,
    }


def test_prepare_pressed_by_two_accountants_makes_one_correction(rpc, accountants):
    """Both get an answer, and the same document."""
    for _round in range(3):
        agreement, _invoice = create_year(rpc)
        resignation = resign(rpc, agreement)
        presses = [partial(who.execute, RESIGNATION, "action_prepare_correction", [resignation]) for who in accountants]
        shown = _at_once(*presses)
        assert all(isinstance(action, dict) for action in shown), shown
        assert shown[0]["res_id"] == shown[1]["res_id"]
        _assert_one_correction(rpc, agreement, resignation)


def test_the_second_press_waits_and_finds_the_first_ones_correction(server, rpc):
    """Deterministic: the second one is run again, and makes nothing."""
    agreement, _invoice = create_year(rpc)
    resignation = resign(rpc, agreement)
    press = PREPARE.format(resignation)
    assert _two_transactions(server, press, press) == "again, done"
    _assert_one_correction(rpc, agreement, resignation)


def test_prepared_again_by_two_after_the_draft_was_deleted(server, rpc):
    """The day of the settlement is written already, so nothing of the resignation itself changes."""
    agreement, _invoice = create_year(rpc)
    resignation = resign(rpc, agreement)
    rpc("accountant").execute(RESIGNATION, "action_prepare_correction", [resignation])
    [draft] = get_invoices(rpc, agreement, "out_refund")
    rpc("accountant").execute("account.move", "unlink", [draft["id"]])
    press = PREPARE.format(resignation)
    assert _two_transactions(server, press, press) == "again, done"
    _assert_one_correction(rpc, agreement, resignation)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "state"),
    [
        (ACCEPT, WITHDRAW, "again, done", "withdrawn"),
        (WITHDRAW, ACCEPT, "again, refused UserError", "withdrawn"),
        (ACCEPT, ACCEPT, "again, refused UserError", "accepted"),
        (WITHDRAW, WITHDRAW, "again, refused UserError", "withdrawn"),
    ],
)
def test_accept_and_withdraw_have_one_consistent_end(server, rpc, first, second, outcome, state):
    agreement, _invoice = create_year(rpc)
    resignation = resign(rpc, agreement, accepted=False)
    found = _two_transactions(server, first.format(resignation), second.format(resignation))
    assert found == outcome
    _assert_consistent(rpc, agreement, resignation)
    assert read(rpc, resignation, "state")["state"] == state


def test_prepare_and_withdraw_leave_no_correction_of_a_withdrawn_resignation(server, rpc):
    for first, second, outcome in ((PREPARE, WITHDRAW, "again, done"), (WITHDRAW, PREPARE, "again, refused UserError")):
        agreement, _invoice = create_year(rpc)
        resignation = resign(rpc, agreement)
        assert _two_transactions(server, first.format(resignation), second.format(resignation)) == outcome
        assert read(rpc, resignation, "state")["state"] == "withdrawn"
        _assert_consistent(rpc, agreement, resignation)


def test_accept_and_withdraw_by_two_people_at_once(rpc, accountants):
    """One of the two steps comes first; the agreement says the same as the resignation."""
    agreement, _invoice = create_year(rpc)
    resignation = resign(rpc, agreement, accepted=False)
    _at_once(
        lambda: accountants[0].execute(RESIGNATION, "action_accept", [resignation]),
        lambda: accountants[1].execute(RESIGNATION, "action_withdraw", [resignation]),
    )
    _assert_consistent(rpc, agreement, resignation)
    assert read(rpc, resignation, "state")["state"] == "withdrawn"


def _assert_consistent(rpc, agreement, resignation):
    """Withdrawn and running on, or accepted and ending; no correction of what was withdrawn."""
    [found] = rpc("owner").execute(
        "contract.contract", "read", [agreement], ["support_state", "date_end", "notice_on", "resignation_id"]
    )
    if read(rpc, resignation, "state")["state"] == "withdrawn":
        assert (found["support_state"], found["date_end"], found["notice_on"]) == ("running", False, False)
        assert not found["resignation_id"]
        assert not get_invoices(rpc, agreement, "out_refund")
    else:
        assert (found["support_state"], found["date_end"]) == ("notice", last_day().isoformat())
        assert found["resignation_id"][0] == resignation


def test_a_crash_half_way_leaves_nothing_and_it_can_be_done_again(server, rpc):
    """The draft is made, then the machine dies: no correction, no day of settlement, and a second press works."""
    agreement, _invoice = create_year(rpc)
    resignation = resign(rpc, agreement)
    crash = f"""
made = {PREPARE.format(resignation)}
env.flush_all()
print("MADE", bool(made["res_id"]), len(env["support.termination"].browse({resignation}).refund_move_ids))
env.cr.rollback()
"""
    assert "MADE True 1" in run_in_shell(server, crash)
    seen = read(rpc, resignation, "state", "settled_on", "correction_count")
    assert (seen["state"], seen["settled_on"], seen["correction_count"]) == ("accepted", False, 0)
    assert not get_invoices(rpc, agreement, "out_refund")
    rpc("accountant").execute(RESIGNATION, "action_prepare_correction", [resignation])
    _assert_one_correction(rpc, agreement, resignation)


def test_a_crash_while_posting_leaves_the_draft(server, rpc):
    """Nothing is half-posted: the correction is a draft again, and is posted by a second press."""
    agreement, invoice = create_year(rpc)
    resignation = resign(rpc, agreement)
    rpc("accountant").execute(RESIGNATION, "action_prepare_correction", [resignation])
    [draft] = get_invoices(rpc, agreement, "out_refund")
    crash = f"""
env["account.move"].browse({draft["id"]}).action_post()
env.flush_all()
print("STATE", env["support.termination"].browse({resignation}).state)
env.cr.rollback()
"""
    assert "STATE corrected" in run_in_shell(server, crash)
    _assert_one_correction(rpc, agreement, resignation)
    rpc("accountant").execute("account.move", "action_post", [draft["id"]])
    assert read(rpc, resignation, "state")["state"] == "corrected"
    pay(rpc, [draft["id"]])
    assert read(rpc, resignation, "state", "refund_open")["state"] == "refunded"
    [found] = [move for move in get_invoices(rpc, agreement) if move["id"] == invoice]
    assert found["state"] == "posted"


# The month's run


def _assert_nothing_after_the_end(rpc, agreement, end):
    """What is invoiced after the last day is corrected; what is not invoiced is not for after it."""
    fees = rpc("accountant").execute(
        "account.move.line",
        "search_read",
        [
            ("contract_line_id.contract_id", "=", agreement),
            ("is_plan_fee", "=", True),
            ("parent_state", "!=", "cancel"),
        ],
        ["parent_state", "service_period_end", "price_subtotal"],
    )
    late = [fee for fee in fees if fee["service_period_end"] > end.isoformat()]
    assert not [fee for fee in late if fee["parent_state"] == "draft"], fees
    lines = rpc("accountant").execute(
        "support.termination.line",
        "search_read",
        [("termination_id.contract_id", "=", agreement)],
        ["invoice_line_id", "lowered_net"],
    )
    corrected = {line["invoice_line_id"][0] for line in lines if line["lowered_net"]}
    assert {fee["id"] for fee in late} <= corrected, (fees, lines)


def _invoice_the_rest(rpc, agreement):
    """Invoice what is still due; nothing is when the run was not the one that had to give way."""
    try:
        rpc("owner").execute("contract.contract", "action_create_invoice", [agreement])
    except xmlrpc.client.Fault as fault:
        assert "nothing to invoice" in fault.faultString


@pytest.fixture
def due_year(rpc):
    """An agreement paid by the year of which nothing is invoiced yet."""
    agreement, invoice = create_year(rpc, posted=False)
    rpc("accountant").execute("account.move", "unlink", [invoice])
    assert not get_invoices(rpc, agreement)
    return agreement


@pytest.mark.parametrize("run_is_first", [True, False])
def test_the_run_and_a_submission_in_two_transactions(server, rpc, due_year, run_is_first):
    """The run's draft of the whole year, or a resignation that the run has not seen: no invoice for after the end."""
    [company] = rpc("owner").execute("contract.contract", "read", [due_year], ["company_id"])
    entered = {"contract_id": due_year, "requested_on": first_day().isoformat(), "effective_on": last_day().isoformat()}
    resignation = rpc("consultant").execute(RESIGNATION, "create", {**entered, "way": "phone"})
    run = INVOICE.format(due_year, company["company_id"][0])
    submit = f'env["support.termination"].browse({resignation}).action_submit()'
    outcome = _two_transactions(server, *((run, submit) if run_is_first else (submit, run)))
    assert outcome.endswith("done"), outcome
    rpc("accountant").execute(RESIGNATION, "action_accept", [resignation])
    _invoice_the_rest(rpc, due_year)
    _assert_nothing_after_the_end(rpc, due_year, last_day())
    [invoice] = get_invoices(rpc, due_year)
    assert invoice["amount_untaxed"] == 5 * 399


@pytest.mark.parametrize("run_is_first", [True, False])
def test_the_run_and_an_acceptance_in_two_transactions(server, rpc, due_year, run_is_first):
    """The months until the end are billed once, at the list price; nothing after it."""
    [company] = rpc("owner").execute("contract.contract", "read", [due_year], ["company_id"])
    resignation = resign(rpc, due_year, accepted=False)
    run, accept = INVOICE.format(due_year, company["company_id"][0]), ACCEPT.format(resignation)
    outcome = _two_transactions(server, *((run, accept) if run_is_first else (accept, run)))
    assert outcome.endswith("done"), outcome
    _invoice_the_rest(rpc, due_year)
    _assert_nothing_after_the_end(rpc, due_year, last_day())
    [invoice] = get_invoices(rpc, due_year)
    assert invoice["amount_untaxed"] == 5 * 399


def test_the_draft_of_the_year_is_posted_while_it_is_accepted(server, rpc):
    """Posting or deleting: either the year is posted and settled, or it is gone and its months are billed."""
    for first_is_post in (True, False):
        agreement, invoice = create_year(rpc, posted=False)
        resignation = resign(rpc, agreement, accepted=False)
        post = f'env["account.move"].browse({invoice}).exists().action_post()'
        steps = [post, ACCEPT.format(resignation)]
        _two_transactions(server, *(steps if first_is_post else reversed(steps)))
        assert read(rpc, resignation, "state")["state"] == "accepted"
        _assert_nothing_after_the_end(rpc, agreement, last_day())
        [found] = get_invoices(rpc, agreement) or [None]
        assert bool(found) == first_is_post


def test_the_run_and_an_acceptance_at_once(server, rpc):
    """Through the server, with the scheduler's own job."""
    agreement, invoice = create_year(rpc, posted=False)
    resignation = resign(rpc, agreement, accepted=False)
    accountant = Client(server, "accountant")
    _run, accepted = _at_once(
        lambda: _run_invoicing(server, rpc), lambda: accountant.execute(RESIGNATION, "action_accept", [resignation])
    )
    assert accepted is True
    _run_invoicing(server, rpc)
    _assert_nothing_after_the_end(rpc, agreement, last_day())
    [found] = get_invoices(rpc, agreement)
    assert (found["id"] != invoice, found["amount_untaxed"]) == (True, 5 * 399)
