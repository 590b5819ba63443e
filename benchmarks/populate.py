"""A firm like ours in a database: clients, agreements on every plan, teams, and open tickets.

The same data whether our addon is installed or not, from a fixed seed. People, agreements and the
tickets that get moved come through the ORM, as in reality; the mass of tickets comes through one
INSERT for thousands of rows, with the judgement and the rank that the addon itself computes.
"""

import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, fields

CLIENTS = 300
PERSONS_PER_CLIENT = 2
TEAMS = 3
#: Clients by plan, in hundredths; the rest has no agreement (COMMUNITY).
PLAN_SHARES = (("EMAIL", 25), ("START", 35), ("STANDARD", 20), ("PREMIUM", 5))
#: Terms of PREMIUM are agreed with each client (P7): response in hours, price in PLN net a month.
PREMIUM_TERMS = {
    "response_hours": 2,
    "list_price_month": 1999,
    "price_year_month": 1799,
    "quota_hours": 40,
    "hourly_rate": 120,
}
#: Requests by kind, in hundredths.
KIND_SHARES = (("question", 45), ("bug", 30), ("configuration", 15), ("order", 7), ("programming", 3))
#: Tickets through the ORM, with followers and messages: those that are moved between stages.
MOVABLE = 1000
MOVABLE_NAME = "Moved by the benchmark"
CONSULTANT = "bench_consultant"
#: Rows of one INSERT.
CHUNK = 5000
#: Days over which the tickets came.
DAYS = 60
#: Clients of the firm whose works are counted; works of each in a month, and months.
WORK_CLIENTS = 500
WORKS_A_MONTH, WORK_MONTHS = 17, 24
WORK_CLIENT = "Working client"
#: What pays for works of a kind, where START judges them.
WORK_BASES = {"REMOTE": "package", "PHONE_SUPPORT": "package", "EMAIL": "quota", "ONSITE": "beyond"}
DONE = "benchmarks.populated"


def populate(env, tickets: int, movable: bool, working: int = 0) -> None:
    """Fill a new database; ``tickets`` are open ones, a third of them answered.

    :param movable: create the tickets that are moved, too (a second per 200)
    :param working: clients with works of two years, judged and allocated
    """
    dice = random.Random(2026)
    _set_up_firm(env)
    teams = _create_teams(env, _create_consultant(env))
    persons = _create_clients(env)
    if "support.plan" in env:
        _create_agreements(env)
    _insert_tickets(env, dice, tickets, teams, persons)
    if movable:
        _create_movable(env, teams, persons)
    if working:
        _create_working_clients(env, working)
    env["ir.config_parameter"].set_param(DONE, str(tickets))


def prepare_tickets(env, count: int, persons, seed: int = 1) -> list[dict]:
    """Values of ``count`` new tickets of these persons, by web and e-mail, spread over the teams.

    Without fields of ours: the same for every database.
    """
    dice = random.Random(seed)
    teams = env["helpdesk.ticket.team"].search([("name", "like", "Benchmark team")]).ids
    channels = _get_channels(env)
    return [
        {
            "name": f"Invoice {number} cannot be sent",
            "description": "<p>The message says that the server refused.</p>",
            "partner_id": dice.choice(persons.ids),
            "team_id": dice.choice(teams),
            "channel_id": dice.choice(channels),
            "company_id": env.company.id,
        }
        for number in range(count)
    ]


def get_persons(env, plan: str | None = None):
    """Return the persons of all clients, or of those that are meant for a plan's code."""
    clients = [index for index in range(CLIENTS) if plan in (None, _get_plan(index))]
    names = [_get_client_name(index) for index in clients]
    return env["res.partner"].search([("parent_id.name", "in", names), ("is_company", "=", False)])


def pick_kind(dice: random.Random) -> str:
    """A kind of request, as often as in reality."""
    return dice.choices(*zip(*KIND_SHARES, strict=True))[0]


def _set_up_firm(env):
    """Poland and zloty; the administrator works in Warsaw's time."""
    zloty = env.ref("base.PLN")
    zloty.active = True
    env.company.write({"country_id": env.ref("base.pl").id, "currency_id": zloty.id})
    env.ref("base.user_admin").tz = "Europe/Warsaw"


def _create_consultant(env):
    """A user who sees all tickets of the firm, by our group where it exists."""
    group = env.ref("support_plans.group_support_consultant", raise_if_not_found=False)
    group = group or env.ref("helpdesk_mgmt.group_helpdesk_user")
    return env["res.users"].create(
        {
            "name": "Consultant",
            "login": CONSULTANT,
            "email": "consultant@firm.example",
            "tz": "Europe/Warsaw",
            "group_ids": [Command.set([group.id])],
        }
    )


def _create_teams(env, consultant):
    return env["helpdesk.ticket.team"].create(
        [
            {
                "name": f"Benchmark team {number}",
                "company_id": env.company.id,
                "user_ids": [Command.set(consultant.ids)],
            }
            for number in range(TEAMS)
        ]
    )


def _create_clients(env):
    """Create the client companies and return their persons."""
    clients = env["res.partner"].create(
        [{"name": _get_client_name(number), "is_company": True} for number in range(CLIENTS)]
    )
    return env["res.partner"].create(
        [
            {
                "name": f"Person {number} of {client.name}",
                "parent_id": client.id,
                "email": f"person{number}@client{client.id}.example",
            }
            for client in clients
            for number in range(PERSONS_PER_CLIENT)
        ]
    )


def _get_client_name(number):
    return f"Benchmark client {number:03d}"


def _get_plan(number):
    """The plan's code of a client, None for those without an agreement; a third has each in turn."""
    place = number * 37 % 100
    for code, share in PLAN_SHARES:
        if place < share:
            return code
        place -= share
    return None


def _create_agreements(env):
    """Sign and start the agreements, half a year ago."""
    plans = {plan.code: plan for plan in env["support.plan"].search([])}
    clients = env["res.partner"].search([("name", "like", "Benchmark client"), ("is_company", "=", True)])
    start = fields.Date.today() - timedelta(days=180)
    codes = {client: _get_plan(int(client.name[-3:])) for client in clients}
    agreements = env["contract.contract"].create(
        [
            {
                "support_plan_id": plans[code].id,
                "partner_id": client.id,
                "date_start": start,
                **(PREMIUM_TERMS if code == "PREMIUM" else {}),
            }
            for client, code in codes.items()
            if code
        ]
    )
    agreements.action_start_agreement()


def _get_channels(env):
    """Web and e-mail, the channels that are guaranteed."""
    return [env.ref(f"helpdesk_mgmt.helpdesk_ticket_channel_{kind}").id for kind in ("web", "email")]


# ------------------------------------------------------------
# The mass of tickets
# ------------------------------------------------------------


def _insert_tickets(env, dice, count, teams, persons):
    choices = _get_choices(env, teams, persons)
    for first in range(0, count, CHUNK):
        rows = [_prepare_row(env, dice, number, choices) for number in range(first, min(first + CHUNK, count))]
        if "support.plan" in env:
            _judge(env, dice, rows)
        ids = _insert(env, rows)
        if "support.plan" in env:
            _rank(env, ids)
        env.invalidate_all()


def _get_choices(env, teams, persons):
    """What the columns of a ticket are chosen from, read once."""
    stages = {name: env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}") for name in ("new", "in_progress")}
    return {
        "stages": {name: {"stage_id": stage.id, "unattended": stage.unattended} for name, stage in stages.items()},
        "channels": _get_channels(env),
        "teams": teams.ids,
        "persons": [{"partner_id": p.id, "commercial_partner_id": p.parent_id.id} for p in persons],
        "now": fields.Datetime.now(),
    }


def _prepare_row(env, dice, number, choices):
    """Columns of one ticket that helpdesk_mgmt knows; a third is in work."""
    moment = choices["now"] - timedelta(seconds=dice.randrange(DAYS * 86400))
    return {
        "number": f"BENCH{number:06d}",
        "name": f"Report {number}",
        "description": "<p>Something does not work.</p>",
        **dice.choice(choices["persons"]),
        **choices["stages"]["in_progress" if dice.random() < 1 / 3 else "new"],
        "team_id": dice.choice(choices["teams"]),
        "channel_id": dice.choice(choices["channels"]),
        "company_id": env.company.id,
        "priority": "1",
        "sequence": 10,
        "active": True,
        "create_uid": env.uid,
        "create_date": moment,
        "last_stage_update": moment,
    }


def _judge(env, dice, rows):
    """Add agreement, guarantee and deadline, in place, by the addon's own judgement."""
    for row in rows:
        row.update(
            registered_at=row["create_date"],
            request_kind=pick_kind(dice),
            is_critical=False,
            is_exceptional=dice.random() < 0.002,
        )
    env["helpdesk.ticket"]._add_support_registration(rows)
    for row in rows:
        row["response_date"] = None if row["unattended"] else row["create_date"] + timedelta(hours=1)
        if row["response_date"] and row["response_state"] == "pending":
            row["response_state"] = "met"


def _insert(env, rows):
    """Insert the rows in one statement and return their ids."""
    columns = [name for name in rows[0] if env["helpdesk.ticket"]._fields[name].column_type]
    names = ", ".join(f'"{name}"' for name in columns)
    template = "(" + ", ".join(["%s"] * len(columns)) + ")"
    values = [_to_column(env, name, row[name]) for row in rows for name in columns]
    places = ", ".join([template] * len(rows))
    env.cr.execute(f"INSERT INTO helpdesk_ticket ({names}) VALUES {places} RETURNING id", values)
    return [row[0] for row in env.cr.fetchall()]


def _to_column(env, name, value):
    """No value is NULL, but False is a value of a boolean and 0 one of a number."""
    if value is False and env["helpdesk.ticket"]._fields[name].type != "boolean":
        return None
    return value


def _rank(env, ids):
    """Let the ORM compute the places in the queue."""
    tickets = env["helpdesk.ticket"].browse(ids)
    env.add_to_compute(tickets._fields["queue_rank"], tickets)
    tickets.flush_recordset(["queue_rank"])


def _create_movable(env, teams, persons):
    """Create the tickets that are moved later, as the administrator would."""
    user = env["helpdesk.ticket"].with_user(env.ref("base.user_admin"))
    vals_list = prepare_tickets(user.env, MOVABLE, persons)
    user.create([{**vals, "name": MOVABLE_NAME} for vals in vals_list])


# ------------------------------------------------------------
# The mass of works
# ------------------------------------------------------------


def get_first_day(months: int):
    """The first day of the month so many months ago: no agreement here begins within a month."""
    return fields.Date.today().replace(day=1) - relativedelta(months=months)


def get_working_agreements(env):
    """Return the agreements of the clients with works of two years, oldest first."""
    return env["contract.contract"].search([("partner_id.name", "=like", f"{WORK_CLIENT} %")], order="id")


def create_agreements(env, clients, plan: str, start):
    """Sign and start agreements of these clients, with the allowance of every month until today."""
    terms = {"support_plan_id": env["support.plan"].search([("code", "=", plan)]).id, "date_start": start}
    agreements = env["contract.contract"].create([{**terms, "partner_id": client.id} for client in clients])
    agreements.action_start_agreement()
    agreements._ensure_month_lots(fields.Date.today())
    return agreements


def insert_works(env, agreements, months: int, works: int) -> None:
    """Insert so many works of each agreement and month in one statement, as they are when they were judged."""
    project = env.company._get_support_project()
    kinds = env["support.work.type"].search([("code", "in", list(WORK_BASES))])
    env.flush_all()
    env.cr.execute(
        """WITH judged AS (
                SELECT contract.*, first + n %% 28 AS day, 5 + n * 7 %% 80 AS worked, n,
                       (%(kinds)s::int[])[1 + n %% %(count)s] AS kind,
                       (%(bases)s::varchar[])[1 + n %% %(count)s] AS basis
                  FROM contract_contract contract,
                       generate_series(%(first)s::date, CURRENT_DATE - 28, interval '1 month') AS month(first_moment),
                       CAST(first_moment AS date) AS first,
                       generate_series(1, %(works)s) AS n
                 WHERE contract.id = ANY(%(agreements)s)),
              charged AS (
                SELECT judged.*, CEIL((worked + 5) / 30.0) * 30 AS minutes, basis IN ('package', 'beyond') AS burns
                  FROM judged)
           INSERT INTO account_analytic_line
                  (name, date, amount, unit_amount, account_id, company_id, currency_id, partner_id, project_id,
                   work_type_id, support_contract_id, support_plan_id, coverage_basis, coverage, worked_minutes,
                   note_minutes, step_minutes, full_minutes, charged_minutes, goodwill_minutes, package_minutes,
                   overage_minutes, package_left_minutes, hourly_rate, work_amount, is_billed, create_date)
           SELECT 'Mended the connection of workplace ' || n, day, 0, worked / 60.0, %(account)s, company_id,
                  %(currency)s, partner_id, %(project)s, kind, id, support_plan_id, basis, basis, worked, 5, 30,
                  minutes, minutes, 0, 0, CASE WHEN burns THEN minutes ELSE 0 END, 0, hourly_rate,
                  CASE WHEN burns THEN minutes * hourly_rate / 60 ELSE 0 END, FALSE, now()
             FROM charged""",
        {
            "first": get_first_day(months),
            "works": works,
            "agreements": agreements.ids,
            "kinds": [kinds.filtered(lambda kind, code=code: kind.code == code).id for code in WORK_BASES],
            "bases": list(WORK_BASES.values()),
            "count": len(WORK_BASES),
            "account": project.account_id.id,
            "currency": env.company.currency_id.id,
            "project": project.id,
        },
    )
    env.invalidate_all()


def _create_working_clients(env, count):
    """Create clients on START with works of two years, allocated."""
    clients = env["res.partner"].create(
        [{"name": f"{WORK_CLIENT} {number:03d}", "is_company": True} for number in range(count)]
    )
    agreements = create_agreements(env, clients, "START", get_first_day(WORK_MONTHS))
    insert_works(env, agreements, WORK_MONTHS, WORKS_A_MONTH)
    for start in range(0, count, 50):
        agreements[start : start + 50]._allocate_work()
