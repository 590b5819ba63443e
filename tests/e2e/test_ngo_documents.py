"""The NGO programme together with hours and KSeF: addons that do not know each other make one true invoice."""

from clients import run_in_shell

MONTH = """
from datetime import date
from dateutil.relativedelta import relativedelta

from odoo.addons.l10n_pl_support_plans.tests import fa3

company = env.ref("support_plans.demo_company")
env = env(context=dict(env.context, allowed_company_ids=company.ids))  # never committed
if not company.vat:
    company.vat = "PL5795955811"
agreement = env.ref("ngo_incubator.demo_agreement_ngo_readers").with_env(env)
ticket = env["helpdesk.ticket"].create({"name": "Help", "description": "Help", "partner_id": agreement.partner_id.id})
first = date.today().replace(day=1)
env["account.analytic.line"].create({
    "name": "Configured the newsletter", "ticket_id": ticket.id, "date": first, "unit_amount": 5,
    "work_type_id": env.ref("support_plans.support_work_type_remote").id,
    "employee_id": env["hr.employee"].search([("user_id.login", "=", "consultant")], limit=1).id,
})
move = agreement._recurring_create_invoice(first + relativedelta(months=1))[-1]
move.action_post()
for line in move.invoice_line_ids:
    print("LINE", "hours" if line.is_overage else "fee", line.price_unit, line.discount, bool(line.ngo_benefit_id))
print("DAYS", (move.invoice_date_due - move.invoice_date).days)
document = fa3.Fa3(move._l10n_pl_edi_render_xml())
print("PROBLEMS", document.problems())
for row in document.rows():
    print("ROW", row["P_9A"], row["P_10"], row["P_11"])
"""


def test_fee_and_hours_of_an_organisation_have_their_discounts_in_ksef_too(server):
    """F12: START 399 less 20 %, hours at 165 less 15 %, 45 days to pay; P_10 says the discount."""
    lines = run_in_shell(server, MONTH).splitlines()
    assert [line for line in lines if line.startswith("LINE")] == [
        "LINE fee 399.0 20.0 True",
        "LINE hours 165.0 15.0 True",
    ]
    assert "DAYS 45" in lines
    assert "PROBLEMS []" in lines
    fee, hours = (line.split() for line in lines if line.startswith("ROW"))
    assert fee == ["ROW", "399.00", "79.80", "319.20"]
    assert hours[1] == "165.00" and float(hours[2]) > 0
