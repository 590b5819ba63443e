"""Claim: moving tickets out of an unattended stage, which registers the promised response, costs at most
1.15 of the same by OCA's helpdesk_mgmt alone."""

from .. import populate
from ..measure import Claim, Report, Row, compare

NAME = "move"
PEER, OURS = "helpdesk_mgmt", "ours"
WALL_LIMIT = 1.15
COUNT = populate.MOVABLE


def run(databases, rounds):
    """Measure responses in time, and responses that are all late by different times."""
    report = Report("Moving 1000 tickets from New to In Progress")
    for label, hours_left in (("in time", 8), ("all late", -24)):
        figures = compare(
            {
                PEER: _contestant(databases["plain"], hours_left),
                OURS: _contestant(databases["ours"], hours_left),
            },
            rounds,
        )
        ratio = figures[OURS].wall / figures[PEER].wall
        report.rows.append(Row(label, COUNT, figures))
        report.claims.append(Claim(f"{label}: time against helpdesk_mgmt", ratio, WALL_LIMIT))
    report.notes.append(
        "User admin, access rules applied; one write of the stage on tickets with followers and messages, flush and "
        "precommit hooks (tracking messages) included, rolled back. “All late”: the deadlines of the tickets "
        "passed one to eleven days ago, no two at the same moment."
    )
    return report


def _contestant(database, hours_left):
    def move(watch):
        with database.rolled_back() as env:
            _set_deadlines(env, hours_left)
            tickets = env["helpdesk.ticket"].search([("name", "=", populate.MOVABLE_NAME)])
            stage = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
            env.invalidate_all()
            with watch.measuring(env.cr):
                tickets.write({"stage_id": stage.id})
                env.cr.flush()

    return move


def _set_deadlines(env, hours_left):
    """Write every ticket of the batch: new deadlines where there are some, so that both tables are alike."""
    moment = "now() at time zone 'UTC' + %(hours)s * interval '1 hour' + id %% 1000 * %(step)s * interval '1 minute'"
    columns = {"write_date": "now() at time zone 'UTC'"}
    if "response_deadline" in env["helpdesk.ticket"]._fields:
        columns["response_deadline"] = f"CASE WHEN response_state = 'pending' THEN {moment} END"
    assignments = ", ".join(f"{name} = {value}" for name, value in columns.items())
    env.cr.execute(
        f"UPDATE helpdesk_ticket SET {assignments} WHERE name = %(name)s",
        {"hours": hours_left, "step": 1 if hours_left > 0 else -14, "name": populate.MOVABLE_NAME},
    )
