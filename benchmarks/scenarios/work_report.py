"""Claim: a client's work report as a spreadsheet takes at most 1.3 of the time of a bare loop that writes the same
rows, and at most 40 MB more memory for 100,000 of them."""

import gc
import io
import os
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from odoo import SUPERUSER_ID

from ..measure import Claim, Report, Row, compare

NAME = "work_report"
PEER, OURS = "bare xlsxwriter loop", "ours"
SIZES = (1000, 20_000)
#: Below it the second sheet, of as many formulas as there are tickets, is most of the work: no claim.
CLAIMED_FROM = 20_000
LARGE = 100_000
TIME_LIMIT = 1.3
MEMORY_LIMIT_MB = 40
CLIENT = "Reported client"
#: Works of a day; so many days make a report of so many rows.
PER_DAY = 100
FIRST_DAY = date(2020, 1, 1)
#: A report of so many works before memory is measured: what Odoo loads once is no part of it.
WARM_UP = 1000


def run(databases, rounds):
    """Measure some sizes against the bare loop, and the memory and queries of the largest report."""
    report = Report("A client's work report as a spreadsheet")
    database = databases["ours"]
    _set_up(database)
    memory, queries = _measure_large(database)
    for count in SIZES:
        contestants = {PEER: _contestant(database, count, _write_bare), OURS: _contestant(database, count, _export)}
        figures = compare(contestants, rounds)
        report.rows.append(Row(f"N={count}", count, figures))
        if count >= CLAIMED_FROM:
            ratio = figures[OURS].wall / figures[PEER].wall
            report.claims.append(Claim(f"N={count}: time against the {PEER}", ratio, TIME_LIMIT))
        queries[count] = figures[OURS].queries
    text = f"memory of N={LARGE} at its peak, MB more than before"
    report.claims += [
        Claim(text, memory, MEMORY_LIMIT_MB),
        Claim(f"queries of N={LARGE} more than of N={SIZES[0]}", queries[LARGE] - queries[SIZES[0]], 0),
    ]
    report.notes += _notes(queries)
    return report


def _notes(queries):
    return [
        "Peer: the same rows of the same single query, each cell by the writing method of its type into one sheet in "
        "constant memory, no formats. Ours adds formats, names of coverage, totals, a second sheet of formulas, and "
        "the packages before and after.",
        f"Besides the one query of the rows (a cursor of the server, which Odoo does not count) a report takes "
        f"{queries[LARGE]} queries.",
        "The works are on 500 tickets, so the second sheet has some 3000 formulas at any size: most of the work for "
        "1000 rows, for which nothing is claimed.",
        "Memory: peak of the resident set, after a report of a thousand rows; the finished file is in it.",
    ]


# The runs


def _contestant(database, count, export):
    def write(watch):
        with database.rolled_back() as env:
            report = _create_report(env, count)
            with watch.measuring(env.cr):
                content = export(report)
            if len(content) < count:
                raise AssertionError(f"{len(content)} bytes for {count} rows")

    return write


def _create_report(env, count):
    """Return the report of so many works, with nothing of the firm in memory."""
    env = env(user=SUPERUSER_ID)
    agreement = env["contract.contract"].search([("partner_id.name", "=", CLIENT)])
    report = env["support.work.report"].create(
        {
            "contract_id": agreement.id,
            "period": "free",
            "date_from": FIRST_DAY,
            "date_to": FIRST_DAY + timedelta(days=count // PER_DAY - 1),
            "lang": "en_US",
        }
    )
    env.flush_all()
    env.invalidate_all()
    return report


def _export(report):
    return report._render("xlsx")


def _write_bare(report):
    """Write the rows as they come."""
    output = io.BytesIO()
    workbook = xlsxwriter.Workbook(output, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = workbook.add_worksheet()
    writers = {str: sheet.write_string, date: sheet.write_datetime, datetime: sheet.write_datetime}
    for at, row in enumerate(report._read_rows()):
        for column, value in enumerate(row):
            if value is not None:
                writers.get(type(value), sheet.write_number)(at, column, value)
    workbook.close()
    return output.getvalue()


def _measure_large(database):
    """Return how many MB the largest report takes at its peak beyond what was there before, and {size: queries}."""
    with database.rolled_back() as env:
        _export(_create_report(env, WARM_UP))
    with database.rolled_back() as env:
        report = _create_report(env, LARGE)
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc(5))
        before, queries = _read_memory("VmRSS"), env.cr.sql_log_count
        _export(report)
        return (_read_memory("VmHWM") - before) / 1024, {LARGE: env.cr.sql_log_count - queries}


def _read_memory(name):
    """Return a figure of this process in kB."""
    status = Path(f"/proc/{os.getpid()}/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)[1])


# The client


def _set_up(database):
    """Create a client with the works of the largest report; once for a database."""
    with database.committed() as env:
        if env["res.partner"].search_count([("name", "=", CLIENT)]):
            return
        client = env["res.partner"].create({"name": CLIENT, "is_company": True})
        agreement = env["contract.contract"].create(
            {
                "support_plan_id": env.ref("support_plans.support_plan_email").id,
                "partner_id": client.id,
                "date_start": FIRST_DAY,
            }
        )
        agreement.action_start_agreement()
        _insert_works(env, agreement)
    database.vacuum()


def _insert_works(env, agreement):
    """Insert the works in one statement: here only their reading is measured."""
    project = env["project.project"].create({"name": CLIENT})
    employee = env["hr.employee"].create({"name": "Reported consultant"})
    kinds = env["support.work.type"].search([])
    env.flush_all()
    env.cr.execute(
        """WITH tickets AS (SELECT array_agg(id) AS ids FROM (SELECT id FROM helpdesk_ticket ORDER BY id LIMIT 500) t)
           INSERT INTO account_analytic_line
                  (name, date, time_start, amount, unit_amount, account_id, company_id, currency_id, partner_id,
                   project_id, employee_id, user_id, ticket_id, work_type_id, support_contract_id, coverage_basis,
                   coverage, worked_minutes, full_minutes, charged_minutes, goodwill_minutes, package_minutes,
                   overage_minutes, package_left_minutes, hourly_rate, work_amount, is_billed, create_date)
           SELECT 'Mended the connection of workplace ' || n || ' and told the person how to go on', day,
                  day + interval '9 hours', 0, 0.5, %(account)s, %(company)s, %(currency)s, %(partner)s,
                  %(project)s, %(employee)s, NULL, tickets.ids[1 + n %% array_length(tickets.ids, 1)],
                  (%(kinds)s::int[])[1 + n %% %(kind_count)s], %(agreement)s, 'beyond',
                  'beyond', 25, 30, 30, 0, 0, 30, 0, 165, 82.5, FALSE, now()
             FROM (SELECT n, %(first)s::date + n / %(per_day)s AS day FROM generate_series(0, %(count)s - 1) n) works,
                  tickets""",
        {
            "account": project.account_id.id or None,
            "company": agreement.company_id.id,
            "currency": agreement.company_id.currency_id.id,
            "partner": agreement.partner_id.id,
            "project": project.id,
            "employee": employee.id,
            "kinds": kinds.ids,
            "kind_count": len(kinds),
            "agreement": agreement.id,
            "first": FIRST_DAY,
            "per_day": PER_DAY,
            "count": LARGE,
        },
    )
