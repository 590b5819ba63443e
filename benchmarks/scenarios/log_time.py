"""Claims: logging time on tickets adds at most a quarter to hr_timesheet's own create() and at most eight queries to a
batch of any size; a client with 5000 open works is allocated anew in less than a second; balances of 500 clients take
two queries at most; a client's month costs the same in a firm ten times as large."""

import random
from datetime import timedelta

from odoo import fields

from .. import populate
from ..measure import Claim, Report, Row, compare

NAME = "log_time"
PEER, OURS = "hr_timesheet", "ours"
SIZES = (1, 100, 1000)
#: Below it a wall ratio is noise: only queries are claimed.
SMALL = 100
WALL_LIMIT, QUERY_LIMIT = 1.25, 8
#: Clients of each plan in a batch, and the days over which its works are spread.
PLANS, CLIENTS_OF_PLAN, DAYS = ("START", "STANDARD", "EMAIL"), 10, 30
#: Works by kind, in hundredths.
KIND_SHARES = (("REMOTE", 40), ("PHONE_SUPPORT", 25), ("EMAIL", 20), ("PROGRAMMING", 10), ("ONSITE", 5))
PROJECT = "Benchmark time"

BUSY, BUSIEST = 500, 5000
ALLOCATION_LIMIT_MS = 1000

LOOP, ONE_BY_ONE, TOGETHER = "a loop of the ORM", "ours, one at a time", "ours, together"
#: A hundred times was measured for one sum; these are six figures over two years of packages, of which
#: PostgreSQL alone takes about two thirds of the time.
BALANCE_QUERIES, BALANCE_LIMIT = 2, 50

SMALL_FIRM, LARGE_FIRM = "20,000 works", "200,000 works"
MONTH_LIMIT = 1.3
#: Core's rule on projects asks what the user follows, in a query of its own.
MONTH_QUERIES = 2


def run(databases, rounds):
    """Measure logging, allocating anew, balances and a client's month."""
    report = Report("Time on tickets: logging, allocation, balances, a client's month")
    _measure_logging(report, {PEER: databases["plain"], OURS: databases["ours"]}, rounds)
    firms = {SMALL_FIRM: databases["works"], LARGE_FIRM: databases["works_large"]}
    _measure_allocation(report, firms[SMALL_FIRM], rounds)
    _measure_balances(report, firms[LARGE_FIRM], rounds)
    _measure_month(report, firms, rounds)
    report.notes += _notes()
    return report


def _notes():
    return [
        "Logging: administrator, access rules applied; call, flush and precommit hooks, no COMMIT, rolled back. The "
        f"peer gets the same people, clients, days, hours and texts on one project. Ours: tickets of {CLIENTS_OF_PLAN} "
        f"clients on each of {', '.join(PLANS)}, {len(KIND_SHARES)} kinds of work; each client has "
        f"about {SIZES[-1] // 30} open works before, which every batch allocates anew. The allowances of the months "
        "exist, as the nightly job leaves them, and what is nearly used up was told of.",
        "Allocation: the first work of the client is edited, which changes what is left after each of the others; "
        "the judgement, the allocation and all that they write. The line below it: nothing to change.",
        "Balances: superuser, the agreements are in memory. The loop is what one writes without us: for each client "
        "its packages and two sums of its ledger by the ORM, put together in Python; all three give the same figures. "
        "A client's month: minutes worked and charged by coverage "
        f"(`_read_group`) as {populate.CONSULTANT} with record rules, and the quota. The small firm has a tenth of "
        "the clients, each with as many works a month.",
    ]


# Logging


def _measure_logging(report, who, rounds):
    for database in who.values():
        _set_up_logging(database)
    for count in SIZES:
        small = count <= SMALL
        contestants = {name: _logger(database, count) for name, database in who.items()}
        figures = compare(contestants, rounds * 3 if small else rounds)
        report.rows.append(Row(f"logging, N={count}", count, figures))
        more = figures[OURS].queries - figures[PEER].queries
        report.claims.append(Claim(f"logging, N={count}: queries more than {PEER}", more, QUERY_LIMIT))
        if not small:
            ratio = figures[OURS].wall / figures[PEER].wall
            report.claims.append(Claim(f"logging, N={count}: time against {PEER}", ratio, WALL_LIMIT))


def _logger(database, count):
    """Return a run that logs so many works in one create() call."""

    def log(watch):
        with database.rolled_back() as env:
            vals_list = _prepare_works(env, count)
            env.invalidate_all()
            env.user.fetch(["company_id"])  # known in any request
            with watch.measuring(env.cr):
                env["account.analytic.line"].create(vals_list)
                env.cr.flush()

    return log


def _prepare_works(env, count):
    """Values of works: of tickets, of kinds, with our addon, else on the project."""
    dice = random.Random(count)
    employee = env["hr.employee"].search([("user_id", "=", env.uid)], limit=1)
    common = [
        {
            "name": f"Mended the connection of workplace {number}",
            "date": fields.Date.today() - timedelta(days=dice.randrange(DAYS)),
            "unit_amount": dice.randrange(1, 90) / 60,
            "employee_id": employee.id,
        }
        for number in range(count)
    ]
    tickets = dice.choices(_get_tickets(env), k=count)
    if "support.plan" not in env:
        project = env["project.project"].search([("name", "=", PROJECT)])
        return [
            {**vals, "project_id": project.id, "partner_id": ticket.commercial_partner_id.id}
            for vals, ticket in zip(common, tickets, strict=True)
        ]
    kinds = {kind.code: kind.id for kind in env["support.work.type"].search([])}
    codes = dice.choices(*zip(*KIND_SHARES, strict=True), k=count)
    return [
        {**vals, "ticket_id": ticket.id, "work_type_id": kinds[code]}
        for vals, ticket, code in zip(common, tickets, codes, strict=True)
    ]


def _get_tickets(env):
    """Return the tickets of some clients on each plan."""
    clients = env["res.partner"].union(
        *(populate.get_persons(env, plan).parent_id.sorted("id")[:CLIENTS_OF_PLAN] for plan in PLANS)
    )
    return env["helpdesk.ticket"].search([("commercial_partner_id", "in", clients.ids)], order="id")


def _set_up_logging(database):
    """Create the project, and the works and allowances that are there before; once for a database."""
    with database.committed() as env:
        if env["project.project"].search_count([("name", "=", PROJECT)]):
            return
        env["project.project"].create({"name": PROJECT, "allow_timesheets": True})
        if database.has_support_plans:
            agreements = env["contract.contract"].search([("support_state", "=", "running")])
            agreements._ensure_month_lots(fields.Date.today())
        user = env.ref("base.user_admin")
        lines = env["account.analytic.line"].with_user(user)
        lines.create(_prepare_works(lines.env, SIZES[-1]))
        if database.has_support_plans:
            now = {"alert_80_at": fields.Datetime.now(), "alert_100_at": fields.Datetime.now()}
            env["support.package"].search([]).write(now)  # told already
    database.vacuum()


# Allocating anew


def _measure_allocation(report, database, rounds):
    cases = {count: _get_busy_client(database, count) for count in (BUSY, BUSIEST)}
    for text, action in (("an edit", _edit_first), ("no change", _allocate)):
        contestants = {f"{count} open works": _allocator(database, of, action) for count, of in cases.items()}
        figures = compare(contestants, rounds)
        report.rows.append(Row(f"allocation after {text}", 1, figures))
        few, many = figures.values()
        report.claims += [
            Claim(f"allocation after {text}: ms for {BUSIEST} open works", many.wall * 1000, ALLOCATION_LIMIT_MS),
            Claim(f"allocation after {text}: queries more than for {BUSY}", many.queries - few.queries, 0),
        ]


def _edit_first(agreement, first):
    first.unit_amount = 2 if first.unit_amount != 2 else 3


def _allocate(agreement, first):
    agreement._allocate_work()


def _allocator(database, agreement_id, action):
    def allocate(watch):
        with database.rolled_back() as env:
            agreement = env["contract.contract"].browse(agreement_id)
            works = [("support_contract_id", "=", agreement_id)]
            first = env["account.analytic.line"].search(works, order="date, id", limit=1)
            env.invalidate_all()
            with watch.measuring(env.cr):
                action(agreement, first)
                env.cr.flush()

    return allocate


def _get_busy_client(database, count):
    """Return the id of the agreement of a client with so many open works; created once for a database."""
    with database.committed() as env:
        name = f"Busy client {count}"
        found = env["contract.contract"].search([("partner_id.name", "=", name)])
        if not found:
            client = env["res.partner"].create({"name": name, "is_company": True})
            found = populate.create_agreements(env, client, "START", populate.get_first_day(1))
            lot = {"contract_id": found.id, "minutes": 20 * count, "date_from": found.date_start}
            env["support.package"].create({**lot, "date_to": fields.Date.today()})
            populate.insert_works(env, found, 1, count)
            found._allocate_work()
        return found.id


# Balances


def _measure_balances(report, database, rounds):
    ways = {LOOP: _ask_orm, ONE_BY_ONE: _ask_each, TOGETHER: _ask_all}
    _check_same_balances(database, ways.values())
    figures = compare({name: _balancer(database, ask) for name, ask in ways.items()}, rounds)
    report.rows.append(Row("balances", populate.WORK_CLIENTS, figures))
    ratio = figures[LOOP].wall / figures[TOGETHER].wall
    text = f"balances of {populate.WORK_CLIENTS} clients"
    report.claims += [
        Claim(f"{text}: queries", figures[TOGETHER].queries, BALANCE_QUERIES),
        Claim(f"{text}: times faster than {LOOP}", ratio, BALANCE_LIMIT, at_least=True),
    ]


def _ask_orm(agreements, day):
    return [{agreement.id: _ask_orm_one(agreement, day)} for agreement in agreements]


def _ask_orm_one(agreement, day):
    """Return (allowance, bought, used, expired, left, beyond) as anyone would add them up with the ORM."""
    env = agreement.env
    lots = env["support.package"].search(
        [("contract_id", "=", agreement.id), ("date_from", "<=", day), ("awaits_payment", "=", False)]
    )
    ledger, until = env["support.package.entry"], [("contract_id", "=", agreement.id), ("date", "<=", day)]
    used = dict(ledger._read_group([*until, ("package_id", "in", lots.ids)], ["package_id"], ["minutes:sum"]))
    month = [("package_id", "=", False), ("month_start", "=", agreement._get_month_start(day))]
    [[beyond]] = ledger._read_group([*until, *month], [], ["minutes:sum"])
    valid = lots.filtered(lambda lot: lot.date_to >= day)
    allowance = sum(lot.minutes for lot in valid if lot.origin == "month")
    bought = sum(lot.minutes for lot in valid if lot.origin != "month")
    used_now = sum(used.get(lot, 0) for lot in valid)
    expired = sum(lot.minutes - used.get(lot, 0) for lot in lots - valid)
    return allowance, bought, used_now, expired, allowance + bought - used_now, beyond or 0


def _check_same_balances(database, ways):
    """Refuse to compare ways that do not give the same figures."""
    with database.rolled_back() as env:
        agreements, day = populate.get_working_agreements(env).sudo(), fields.Date.today()
        found = [
            {agreement: _as_tuple(balance) for part in ask(agreements, day) for agreement, balance in part.items()}
            for ask in ways
        ]
        if any(answer != found[0] for answer in found):
            raise AssertionError("the ways to ask for balances differ")


def _as_tuple(balance):
    names = ("allowance", "bought", "used", "expired", "left", "beyond")
    return balance if isinstance(balance, tuple) else tuple(getattr(balance, name) for name in names)


def _ask_each(agreements, day):
    return [agreement._get_balances(day) for agreement in agreements]


def _ask_all(agreements, day):
    return [agreements._get_balances(day)]


def _balancer(database, ask):
    def balance(watch):
        with database.rolled_back() as env:
            agreements = populate.get_working_agreements(env).sudo()
            agreements._get_balances(fields.Date.today())
            with watch.measuring(env.cr):
                found = ask(agreements, fields.Date.today())
            if sum(len(part) for part in found) != populate.WORK_CLIENTS:
                raise AssertionError("a client without a balance")

    return balance


# A client's month


def _measure_month(report, firms, rounds):
    for text, ask in (("a client's month by coverage", _sum_by_coverage), ("a client's quota", _sum_quota)):
        figures = compare({name: _asker(database, ask) for name, database in firms.items()}, rounds * 10)
        report.rows.append(Row(text, 1, figures))
        ratio = figures[LARGE_FIRM].wall / figures[SMALL_FIRM].wall
        report.claims += [
            Claim(f"{text}: time over {LARGE_FIRM} against {SMALL_FIRM}", ratio, MONTH_LIMIT),
            Claim(f"{text}: queries", figures[LARGE_FIRM].queries, MONTH_QUERIES),
        ]


def _sum_by_coverage(env, agreement, day):
    first, last = agreement._get_month_bounds(agreement, day)
    return env["account.analytic.line"]._read_group(
        [
            ("work_type_id", "!=", False),
            ("partner_id", "=", agreement.partner_id.id),
            ("date", ">=", first),
            ("date", "<=", last),
        ],
        ["coverage"],
        ["worked_minutes:sum", "charged_minutes:sum"],
    )


def _sum_quota(env, agreement, day):
    return agreement._get_quota_used_minutes({(agreement, day)})


def _asker(database, ask):
    def read(watch):
        with database.rolled_back(populate.CONSULTANT) as env:
            agreement = populate.get_working_agreements(env.user.sudo().env)[20]
            days = [fields.Date.today() - timedelta(days=days) for days in (100, 60)]
            ask(env, agreement, days[0])  # the user's groups and rules are no part of it
            with watch.measuring(env.cr):
                found = ask(env, agreement, days[1])
            if not found:
                raise AssertionError(f"{database.name} has no works in that month")

    return read
