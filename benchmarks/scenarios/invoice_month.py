"""Claim: the month's posted invoices of agreements take at most 0.6 of the time of OCA contract's own run and
posting, at most six queries each, and one agreement that cannot be invoiced costs at most half as much again."""

import gc
import multiprocessing
import os
import re
from pathlib import Path

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, Command, fields

from .. import firm
from ..measure import Claim, Report, Row, compare

NAME = "invoice_month"
PEER, OURS = "OCA contract", "ours"
PEER_BAD, OURS_BAD = f"{PEER}, one bad", f"{OURS}, one bad"
SIZES = (10, 100, 1000)
#: Size of the case with a bad agreement.
BAD_OF = 100
WALL_LIMIT = 0.6
QUERIES_EACH, QUERIES_ONCE = 6, 200
BAD_LIMIT = 1.5
MEMORY_LIMIT_MB = 60
COMPANY, CLIENT = "Benchmark invoices", "Invoiced client"
PRICE = 399


def run(databases, rounds):
    """Measure every size, one bad agreement among a hundred, and the memory of the largest run."""
    report = Report("The month's invoices, created and posted")
    who = {PEER: databases["plain"], OURS: databases["ours"]}
    for database in who.values():
        _set_up(database)
    memory = _measure_memory(databases["ours"])
    for count in SIZES:
        large = count > BAD_OF
        contestants = {name: _contestant(database, count) for name, database in who.items()}
        figures = compare(contestants, min(rounds, 2) if large else rounds, warm_up=not large)
        report.rows.append(Row(f"N={count}", count, figures))
        report.claims += _claims(count, figures[PEER], figures[OURS])
    report.claims.append(_compare_bad(report, who, rounds))
    text = f"memory of N={SIZES[-1]} at its peak, MB more than before"
    report.claims.append(Claim(text, memory, MEMORY_LIMIT_MB))
    report.notes += _notes()
    return report


def _claims(count, peer, ours):
    claims = [Claim(f"N={count}: queries", ours.queries, QUERIES_EACH * count + QUERIES_ONCE)]
    if count >= BAD_OF:  # what a run costs once weighs on a small one
        claims.append(Claim(f"N={count}: time against {PEER}", ours.wall / peer.wall, WALL_LIMIT))
    return claims


def _compare_bad(report, who, rounds):
    """Add the row of a hundred with a bad one among them, and return the claim."""
    contestants = {
        OURS: _contestant(who[OURS], BAD_OF),
        OURS_BAD: _contestant(who[OURS], BAD_OF, bad=True),
        PEER: _contestant(who[PEER], BAD_OF),
        PEER_BAD: _contestant(who[PEER], BAD_OF, bad=True),
    }
    figures = compare(contestants, rounds, warm_up=False)
    report.rows.append(Row(f"N={BAD_OF}, one bad", BAD_OF, figures))
    peer_ratio = figures[PEER_BAD].wall / figures[PEER].wall
    report.notes.append(f"One bad contract in {BAD_OF} costs {PEER} {peer_ratio:.2f} times its run without.")
    return Claim(
        f"N={BAD_OF}: time with one bad agreement against without",
        figures[OURS_BAD].wall / figures[OURS].wall,
        BAD_LIMIT,
    )


def _notes():
    return [
        "Superuser, as the cron runs; a Polish company with 23 % VAT, one line an invoice, the second month of its "
        "contracts. The peer creates by its cron and posts with one action_post; ours is its own run with “Post plan "
        "invoices at once”. No COMMIT, rolled back; where the scheduler would commit, the caches are emptied, too.",
        "The bad one has payment terms of another company, which core refuses at the end of create().",
        "Memory: peak of the resident set during the first large run of a new process, after a run of ten.",
    ]


# The runs


def _contestant(database, count, bad=False):
    """Return a run of the month's invoices of so many contracts."""

    def invoice(watch):
        with database.rolled_back() as env:
            env = _prepare(env, count, bad)
            with watch.measuring(env.cr):
                _run(env, _get_day())
            _check(env, count - bad)

    return invoice


def _get_day():
    """The day of the measured run, a month after the first."""
    return fields.Date.today() + relativedelta(months=1)


def _run(env, day):
    """What the night and the accountant do: all of it."""
    env["contract.contract"]._cron_recurring_create(day)
    drafts = _get_invoices(env).filtered(lambda move: move.state == "draft")
    if drafts:
        drafts.action_post()
    env.cr.flush()


def _prepare(env, count, bad=False):
    """Return the environment of the cron, with so many contracts due and nothing in memory."""
    env = env(user=SUPERUSER_ID)
    contracts = _keep_due(env, count)
    if bad:
        _spoil(env, contracts[count // 2])
    env.invalidate_all()
    return env


def _keep_due(env, count):
    """Let nothing be due but the first so many contracts of the benchmark; return their ids."""
    contracts = env["contract.contract"].search([("partner_id.name", "=like", f"{CLIENT} %")], order="id", limit=count)
    env.cr.execute("UPDATE contract_contract SET recurring_next_date = NULL WHERE id <> ALL(%s)", [contracts.ids])
    return contracts.ids


def _spoil(env, contract_id):
    """Give a contract the payment terms of another company, behind the ORM's back."""
    other = env["res.company"].search([("name", "!=", COMPANY)], limit=1)
    term = env["account.payment.term"].create({"name": "Not ours", "company_id": other.id})
    env.flush_all()
    env.cr.execute("UPDATE contract_contract SET payment_term_id = %s WHERE id = %s", [term.id, contract_id])


def _get_invoices(env):
    return env["account.move"].search([("company_id.name", "=", COMPANY)])


def _check(env, count):
    """Both did the same work: refuse to measure anything else."""
    invoices = _get_invoices(env).filtered(lambda move: move.invoice_date == _get_day())
    found = {(move.state, move.amount_untaxed, move.amount_total) for move in invoices}
    if len(invoices) != count or found != {("posted", PRICE, round(PRICE * 1.23, 2))}:
        raise AssertionError(f"{len(invoices)} invoices in place of {count}: {found}")


def _measure_memory(database):
    """Return how many MB the largest run takes at its peak, beyond what the process had before it.

    In a process of its own: what this one took before, and gave back, would hide it.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure_peak, (database.name,))


def _measure_peak(name):
    from .. import inside  # which imports the scenarios

    inside.start()
    database = inside.Database(name)
    for count in (SIZES[0], SIZES[-1]):
        with database.rolled_back() as env:
            env = _prepare(env, count)
            gc.collect()
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc(5))
            before = _read_memory("VmRSS")
            _run(env, _get_day())
            peak = _read_memory("VmHWM") - before
            _check(env, count)
    return peak / 1024


def _read_memory(name):
    """Return a figure of this process in kB."""
    status = Path(f"/proc/{os.getpid()}/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)[1])


# The firm


def _set_up(database):
    """Create a company with a Polish chart and its contracts, and invoice their first month; once for a database.

    Without a month that is there already, the database's planner takes the tables for empty.
    """
    with database.committed() as env:
        if env["res.company"].search_count([("name", "=", COMPANY)]):
            return
        env = firm.create_company(env, COMPANY)
        create = _create_agreements if database.has_support_plans else _create_contracts
        create(env, env.company, firm.get_tax(env))
    with database.committed() as env:
        _keep_due(env, SIZES[-1])
        _run(env, fields.Date.today())
    database.vacuum()


def _create_contracts(env, company, tax):
    product = env["product.product"].create(
        {"name": "START", "type": "service", "taxes_id": [Command.set(tax.ids)], "list_price": PRICE}
    )
    line = {
        "product_id": product.id,
        "name": "START\nService period: #START# – #END#",
        "quantity": 1,
        "specific_price": PRICE,
        "date_start": fields.Date.today(),
        "recurring_rule_type": "monthly",
        "recurring_invoicing_type": "pre-paid",
    }
    env["contract.contract"].create(
        [
            {
                "name": f"START – {client.name}",
                "partner_id": client.id,
                "company_id": company.id,
                "line_recurrence": True,
                "contract_line_ids": [Command.create(line)],
            }
            for client in firm.create_clients(env, CLIENT, SIZES[-1])
        ]
    )


def _create_agreements(env, company, tax):
    company.support_auto_post = True
    plan = env.ref("support_plans.support_plan_start")
    plan.product_id.taxes_id |= tax
    agreements = env["contract.contract"].create(
        [
            {
                "support_plan_id": plan.id,
                "partner_id": client.id,
                "company_id": company.id,
                "date_start": fields.Date.today(),
            }
            for client in firm.create_clients(env, CLIENT, SIZES[-1])
        ]
    )
    agreements.action_start_agreement()
