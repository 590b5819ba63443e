"""Claim: settling resignations, from accepting them to the posted corrections, takes at most a quarter of the time of
core's credit notes (one wizard for all, each draft edited, all posted), at most thirty queries each, however many."""

from odoo import SUPERUSER_ID, Command, fields

from .. import firm
from ..measure import Claim, Report, Row, compare

NAME = "settle_year"
PEER, OURS = "core's wizard", "ours"
SIZES = (10, 100)
WALL_LIMIT, QUERIES_EACH, GROWTH_LIMIT = 0.25, 30, 1.1
COMPANY, CLIENT = "Benchmark settlements", "Resigned client"
#: A year paid in advance; five months are used at the list price, 3 % of the remainder is kept.
MONTHS, PRICE, LIST_PRICE, USED = 12, 349, 399, 5
REFUND = 2616.47


def run(databases, rounds):
    """Measure both sizes."""
    report = Report("Settlements of paid years, accepted, corrected and posted")
    who = {PEER: databases["plain"], OURS: databases["ours"]}
    for database in who.values():
        _set_up(database)
    for count in SIZES:
        contestants = {PEER: _contestant(who[PEER], count, _credit), OURS: _contestant(who[OURS], count, _settle)}
        figures = compare(contestants, min(rounds, 3) if count > SIZES[0] else rounds)
        report.rows.append(Row(f"N={count}", count, figures))
        report.claims += _claims(count, figures[PEER], figures[OURS])
    few, many = (row.figures[OURS].wall / row.items for row in report.rows)
    report.claims.append(Claim(f"one of {SIZES[1]} against one of {SIZES[0]}", many / few, GROWTH_LIMIT))
    report.notes += _notes()
    return report


def _claims(count, peer, ours):
    return [
        Claim(f"N={count}: queries each", ours.queries / count, QUERIES_EACH),
        Claim(f"N={count}: time against {PEER}", ours.wall / peer.wall, WALL_LIMIT),
    ]


def _notes():
    return [
        "Superuser, a Polish company with 23 % VAT; years of 12 × 349.00 net, invoiced, posted and paid. The peer: one "
        "reversal wizard for all invoices, on each draft the quantity of what is given back, one action_post. Ours: "
        "submitted resignations are accepted, settled, corrected and posted, with the same chatter of core.",
        "Both refund 2616.47 gross each; no COMMIT, rolled back.",
    ]


# The runs


def _contestant(database, count, action):
    def settle(watch):
        with database.rolled_back() as env:
            env = env(user=SUPERUSER_ID)
            company = env["res.company"].search([("name", "=", COMPANY)])
            env = env(context={"allowed_company_ids": company.ids})
            records = _get_records(env, count)
            env.invalidate_all()
            with watch.measuring(env.cr):
                action(records)
                env.cr.flush()
            _check(env, count)

    return settle


def _get_records(env, count):
    """Return so many resignations, or invoices where there are none."""
    if "support.termination" in env:
        return env["support.termination"].search([("company_id", "=", env.company.id)], order="id", limit=count)
    invoices = [("company_id", "=", env.company.id), ("move_type", "=", "out_invoice")]
    return env["account.move"].search(invoices, order="id", limit=count)


def _credit(invoices):
    """What an accountant does by hand, as fast as core can."""
    journal = invoices.journal_id
    wizard = invoices.env["account.move.reversal"].create(
        {"move_ids": [Command.set(invoices.ids)], "journal_id": journal.id, "reason": "Early end"}
    )
    wizard.refund_moves()
    for credit in wizard.new_move_ids:
        credit.invoice_line_ids.write({"quantity": 1, "price_unit": 2127.21})
    wizard.new_move_ids.action_post()


def _settle(terminations):
    terminations.action_accept()
    terminations.action_prepare_correction()
    terminations.action_post_corrections()


def _check(env, count):
    """Both did the same work: refuse to measure anything else."""
    credits = env["account.move"].search([("company_id", "=", env.company.id), ("move_type", "=", "out_refund")])
    found = {(move.state, round(move.amount_total, 2)) for move in credits}
    if len(credits) != count or found != {("posted", REFUND)}:
        raise AssertionError(f"{len(credits)} credit notes in place of {count}: {found}")


# The firm


def _set_up(database):
    """Create the company with its paid years, and the resignations; once for a database."""
    with database.committed() as env:
        if env["res.company"].search_count([("name", "=", COMPANY)]):
            return
        env = firm.create_company(env, COMPANY)
        clients = firm.create_clients(env, CLIENT, SIZES[-1])
        start = fields.Date.add(fields.Date.today(), months=-USED, days=1)
        if database.has_support_plans:
            agreements = _create_agreements(env, clients, start)
            invoices = agreements._recurring_create_invoice(start)
        else:
            invoices = _create_invoices(env, clients, start)
        invoices.filtered(lambda move: move.state == "draft").action_post()
        env["account.payment.register"].with_context(active_model="account.move", active_ids=invoices.ids).create(
            {"group_payment": False}
        ).action_create_payments()
        if database.has_support_plans:
            _create_resignations(env, agreements)
    database.vacuum()


def _create_agreements(env, clients, start):
    plan = env.ref("support_plans.support_plan_start")
    plan.price_year_month = PRICE
    plan.product_id.taxes_id |= firm.get_tax(env)
    agreements = env["contract.contract"].create(
        [
            {
                "support_plan_id": plan.id,
                "partner_id": client.id,
                "company_id": env.company.id,
                "date_start": start,
                "payment_period": "year",
            }
            for client in clients
        ]
    )
    agreements.action_start_agreement()
    return agreements


def _create_resignations(env, agreements):
    resignations = env["support.termination"].create(
        [
            {
                "contract_id": agreement.id,
                "requested_on": agreement.date_start,
                "effective_on": fields.Date.today(),
                "way": "letter",
            }
            for agreement in agreements
        ]
    )
    resignations.action_submit()


def _create_invoices(env, clients, start):
    product = env["product.product"].create(
        {"name": "START", "type": "service", "taxes_id": [Command.set(firm.get_tax(env).ids)], "list_price": PRICE}
    )
    line = {"product_id": product.id, "quantity": MONTHS, "price_unit": PRICE}
    return env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": client.id,
                "invoice_date": start,
                "invoice_line_ids": [Command.create(line)],
            }
            for client in clients
        ]
    )
