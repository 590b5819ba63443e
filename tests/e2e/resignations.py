"""What the tests of resignations share: a prepaid year of a new client, and a resignation from it."""

import datetime
import uuid

from test_work_at_once import _id

MONTHS = 5
RESIGNATION = "support.termination"


def first_day(months=MONTHS - 1, today=None):
    """The first day of the month so many months ago: today is in service month ``months`` + 1."""
    today = today or datetime.date.today()
    number = today.year * 12 + today.month - 1 - months
    return datetime.date(number // 12, number % 12 + 1, 1)


def last_day(months=0):
    """The last day of the month that is so many months away."""
    return first_day(-months - 1) - datetime.timedelta(days=1)


def create_year(rpc, paid=True, posted=True):
    """An agreement of START paid by the year, 12 x 349.00 net, in its fifth month; (agreement, invoice)."""
    owner, accountant = rpc("owner"), rpc("accountant")
    client = owner.execute("res.partner", "create", {"name": f"Client {uuid.uuid4().hex[:8]}", "is_company": True})
    agreement = owner.execute(
        "contract.contract",
        "create",
        {
            "support_plan_id": _id(rpc, "support_plan_start"),
            "partner_id": client,
            "date_start": first_day().isoformat(),
            "payment_period": "year",
            "price_year_month": 349,
        },
    )
    owner.execute("contract.contract", "action_start_agreement", [agreement])
    owner.execute("contract.contract", "action_create_invoice", [agreement])
    [invoice] = get_invoices(rpc, agreement)
    if posted:
        accountant.execute("account.move", "action_post", [invoice["id"]])
    if paid and posted:
        pay(rpc, [invoice["id"]])
    return agreement, invoice["id"]


def pay(rpc, moves):
    """Pay documents with core's wizard, as the accountant does."""
    accountant = rpc("accountant")
    context = {"active_model": "account.move", "active_ids": moves}
    wizard = accountant.execute("account.payment.register", "create", {}, context=context)
    accountant.execute("account.payment.register", "action_create_payments", [wizard], context=context)


def get_invoices(rpc, agreement, move_type="out_invoice"):
    """The documents with a plan fee of an agreement, in order."""
    domain = [
        ("invoice_line_ids.contract_line_id.contract_id", "=", agreement)
        if move_type == "out_invoice"
        else ("support_termination_id.contract_id", "=", agreement),
        ("move_type", "=", move_type),
        ("state", "!=", "cancel"),
    ]
    names = ["state", "amount_untaxed", "amount_total", "amount_residual"]
    return rpc("accountant").execute("account.move", "search_read", domain, names, order="id")


def resign(rpc, agreement, accepted=True, end=None):
    """Enter a resignation to the end of the fifth month as a consultant, submit it; the accountant accepts."""
    consultant = rpc("consultant")
    values = {
        "contract_id": agreement,
        "requested_on": first_day().isoformat(),
        "effective_on": (end or last_day()).isoformat(),
        "way": "letter",
    }
    resignation = consultant.execute(RESIGNATION, "create", values)
    consultant.execute(RESIGNATION, "action_submit", [resignation])
    if accepted:
        rpc("accountant").execute(RESIGNATION, "action_accept", [resignation])
    return resignation


def read(rpc, resignation, *names):
    """Values of a resignation, as the accountant sees them."""
    [found] = rpc("accountant").execute(RESIGNATION, "read", [resignation], list(names))
    return found
