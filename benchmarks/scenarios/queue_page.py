"""Claim: the first page of the queue over 100,000 open tickets is one query that reads an index in order,
and takes at most 1.5 of the time over 10,000."""

import ast
import json

from lxml import etree

from odoo.fields import Domain
from odoo.tools import SQL

from ..measure import Claim, Report, Row, compare
from ..populate import CONSULTANT

NAME = "queue"
SMALL, LARGE = "10,000 tickets", "100,000 tickets"
PAGE = 80
ORDER = "queue_rank, id"
#: Stored columns that the list shows; labels of linked records are read apart from the page.
COLUMNS = (
    "number", "name", "commercial_partner_id", "support_plan_id", "request_kind", "response_deadline",
    "response_state", "team_id", "user_id", "stage_id", "queue_rank",
)  # fmt: skip
TIME_LIMIT = 1.5


def run(databases, rounds):
    """Measure the page with and without the filter that the queue opens with, and the whole request."""
    report = Report("First page of 80 of the queue")
    pair = {SMALL: databases["ours"], LARGE: databases["large"]}
    for label, domain in _get_domains(databases["large"]).items():
        figures = compare({name: _reader(database, domain) for name, database in pair.items()}, rounds * 10)
        report.rows.append(Row(label, PAGE, figures))
        nodes = _explain(databases["large"], domain)
        report.claims += [
            Claim(f"{label}: time over 100,000 against 10,000", figures[LARGE].wall / figures[SMALL].wall, TIME_LIMIT),
            Claim(f"{label}: queries", figures[LARGE].queries, 1),
            Claim(f"{label}: Sort nodes in the plan", sum("Sort" in node for node in nodes), 0),
        ]
        report.notes.append(f"{label}, plan: {' > '.join(nodes)}")
    figures = compare({name: _list_opener(database) for name, database in pair.items()}, rounds * 3)
    report.rows.append(Row("whole request of the list (web_search_read, with labels and count)", PAGE, figures))
    report.notes.append(
        f"User {CONSULTANT} (group Consultant), record rules applied, stored columns of the list. The whole request "
        "counts the tickets as well, up to 10,001 as the web client asks; no claim about it."
    )
    return report


def _get_domains(database):
    """The domain of the queue's action, alone and with the filter that it opens with."""
    with database.rolled_back() as env:
        action = env.ref("support_plans.helpdesk_ticket_action_queue")
        open_tickets = Domain(ast.literal_eval(action.domain))
        return {
            "all open": list(open_tickets),
            "waiting for response (default filter)": list(open_tickets & Domain(_get_default_filter(env))),
        }


def _get_default_filter(env):
    """Read the domain of the filter from the view, so that a change there is measured."""
    view = env.ref("support_plans.helpdesk_ticket_view_search")
    [found] = etree.fromstring(view.arch_db).xpath("//filter[@name='waiting_response']")
    return ast.literal_eval(found.get("domain"))


def _reader(database, domain):
    def read(watch):
        with database.rolled_back(CONSULTANT) as env:
            tickets = env["helpdesk.ticket"]
            tickets.search(domain, limit=1)  # the user's groups and rules are no part of a page
            env.invalidate_all()
            with watch.measuring(env.cr):
                page = tickets.search_fetch(domain, COLUMNS, order=ORDER, limit=PAGE)
            if len(page) != PAGE:
                raise ValueError(f"{database.name} has only {len(page)} tickets in the queue")

    return read


def _list_opener(database):
    def open_list(watch):
        with database.rolled_back(CONSULTANT) as env:
            tickets = env["helpdesk.ticket"]
            view = env.ref("support_plans.helpdesk_ticket_view_list_queue")
            views = tickets.get_views([(view.id, "list")])
            names = views["models"]["helpdesk.ticket"]["fields"]
            shown = _get_specification(tickets, views["views"]["list"]["arch"], names)
            domain = ast.literal_eval(env.ref("support_plans.helpdesk_ticket_action_queue").sudo().domain)
            env.invalidate_all()
            with watch.measuring(env.cr):
                tickets.web_search_read(domain, shown, limit=PAGE, order=ORDER, count_limit=10001)

    return open_list


def _get_specification(tickets, arch, names):
    """What the web client asks for: labels of linked records beside the fields of the list."""
    shown = {node.get("name") for node in etree.fromstring(arch).iter("field")} & set(names)
    many2one = {name for name in shown if tickets._fields[name].type == "many2one"}
    return {name: {"fields": {"display_name": {}}} if name in many2one else {} for name in shown}


def _explain(database, domain):
    """Return the nodes of the plan of the page's query, outermost first."""
    with database.rolled_back(CONSULTANT) as env:
        query = env["helpdesk.ticket"]._search(domain, order=ORDER, limit=PAGE)
        env.cr.execute(SQL("EXPLAIN (FORMAT JSON) %s", query.select()))
        [(plan,)] = env.cr.fetchall()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return list(_nodes(plan[0]["Plan"]))


def _nodes(plan):
    yield " ".join(filter(None, (plan["Node Type"], plan.get("Index Name"))))
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
