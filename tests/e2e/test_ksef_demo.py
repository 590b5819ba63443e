"""Every document of the demo story, as KSeF gets it: schema, sums, and the state after its corrections."""

from clients import run_in_shell

CHECK = """
from collections import Counter

from odoo.addons.l10n_pl_support_plans.tests import fa3

company = env.ref("support_plans.demo_company")
env = env(context=dict(env.context, allowed_company_ids=company.ids))
documents = env["account.move"].search(
    [("company_id", "=", company.id), ("move_type", "in", ("out_invoice", "out_refund")), ("state", "=", "posted")],
    order="id",
)
if not company.vat:
    company.vat = "PL5795955811"  # never committed; the story invents no number of a real firm
seen, files = Counter(), {}
for move in documents.filtered(lambda move: move._is_support_document()):
    files[move] = fa3.Fa3(move._l10n_pl_edi_render_xml())
    seen[move.move_type] += 1
    seen["resignation"] += bool(move.support_termination_id)
    print("".join(f"WRONG {move.name}: {problem}\\n" for problem in files[move].problems()), end="")
for move, invoice in files.items():
    if move.move_type == "out_invoice":
        corrections = [files[credit] for credit in move.reversal_move_ids if credit in files]
        fa3.state_after(invoice, *corrections)
print("SEEN", dict(seen))
"""


def test_every_document_of_the_demo_is_true_in_ksef(server):
    lines = run_in_shell(server, CHECK).splitlines()
    assert not [line for line in lines if line.startswith("WRONG")]
    [seen] = [line for line in lines if line.startswith("SEEN")]
    for kind in ("out_invoice", "out_refund", "resignation"):
        assert f"'{kind}': 0" not in seen and f"'{kind}'" in seen, seen
