"""Claim: our guarantee adds at most a tenth to the creation of tickets by OCA's helpdesk_mgmt alone, and
at most six queries to a batch of any size, for any number of plans."""

import random

from .. import populate
from ..measure import Claim, Report, Row, compare

NAME = "create"
PEER, SLA = "helpdesk_mgmt", "helpdesk_mgmt_sla"
ONE_PLAN, FIVE_PLANS = "ours, 1 plan", "ours, 5 plans"
EVERY_KIND = "ours, 5 plans, every kind of request"
#: Plans of the tickets of one batch; None: clients without an agreement.
PLANS = {ONE_PLAN: ("START",)}
ALL_PLANS = ("EMAIL", "START", "STANDARD", "PREMIUM", None)
WALL_LIMIT = 1.10
QUERY_LIMIT = 6
SIZES = (1, 100, 1000)
#: Below it a wall ratio is noise: only queries are claimed.
SMALL = 100


def run(databases, rounds):
    """Measure every size on helpdesk_mgmt alone, with ours, and with OCA's SLA addon."""
    report = Report("Creating tickets in one create() call")
    if "sla" in databases:
        _use_sla(databases["sla"])
    for count in SIZES:
        small = count <= SMALL
        contestants = {name: _contestant(database, name, count) for name, database in _who(databases).items()}
        figures = compare(contestants, rounds * 3 if small else rounds, warm_up=small)
        report.rows.append(Row(f"N={count}", count, figures))
        report.claims += [
            claim
            for name in (ONE_PLAN, FIVE_PLANS, EVERY_KIND)
            for claim in _claims(f"{name}, N={count}", count, figures[PEER], figures[name])
        ]
    report.notes += _notes(databases)
    return report


def _who(databases):
    """The contestants by name; the clients' plans differ, the tickets do not."""
    who = {PEER: databases["plain"]}
    who |= dict.fromkeys((ONE_PLAN, FIVE_PLANS, EVERY_KIND), databases["ours"])
    return who | ({SLA: databases["sla"]} if "sla" in databases else {})


def _claims(label, count, peer, ours):
    claims = [Claim(f"{label}: queries more than helpdesk_mgmt", ours.queries - peer.queries, QUERY_LIMIT)]
    if count > SMALL:
        claims.append(Claim(f"{label}: time against helpdesk_mgmt", ours.wall / peer.wall, WALL_LIMIT))
    return claims


def _notes(databases):
    return [
        "User admin, access rules applied; call, flush and precommit hooks, no COMMIT, rolled back. Three databases "
        "of the same data, one without our addon; the runs alternate. The clients of “5 plans” are on EMAIL, "
        "START, STANDARD, PREMIUM and without an agreement (COMMUNITY); the peers get the same tickets.",
        "“Every kind of request” has 3 % programming requests, which are put in order among those that wait.",
        "helpdesk_mgmt_sla: one rule of 8 hours for every team."
        if "sla" in databases
        else "helpdesk_mgmt_sla could not be had: it is missing here.",
    ]


def _contestant(database, name, count):
    """Return a run on this database; the kind of request exists only with our addon."""

    def create(watch):
        with database.rolled_back() as env:
            vals_list = _prepare(env, PLANS.get(name, ALL_PLANS), count)
            if name == EVERY_KIND:
                dice = random.Random(count)
                vals_list = [{**vals, "request_kind": populate.pick_kind(dice)} for vals in vals_list]
            env.invalidate_all()
            with watch.measuring(env.cr):
                env["helpdesk.ticket"].create(vals_list)
                env.cr.flush()

    return create


def _prepare(env, plans, count):
    """Values of the tickets, in equal parts from clients of each plan."""
    batches = []
    for number, plan in enumerate(plans):
        persons = populate.get_persons(env, plan) if plan else _get_persons_without_plan(env)
        part = count // len(plans) + (number < count % len(plans))
        batches += populate.prepare_tickets(env, part, persons, seed=number)
    return batches


def _get_persons_without_plan(env):
    with_plan = env["res.partner"].union(*(populate.get_persons(env, plan) for plan in ALL_PLANS if plan))
    return populate.get_persons(env) - with_plan


def _use_sla(database):
    """One rule for every team, as in the OCA addon's own demo."""
    with database.committed() as env:
        if env["helpdesk.sla"].search_count([]):
            return
        teams = env["helpdesk.ticket.team"].search([])
        teams.write({"use_sla": True, "resource_calendar_id": env.company.resource_calendar_id.id})
        stage = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        env["helpdesk.sla"].create({"name": "Response", "hours": 8, "stage_id": stage.id})
