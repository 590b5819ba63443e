"""What people read on the screens of the demo story are words, never names of the program."""

import re

import pytest

TECHNICAL = re.compile(r"\b(support|contract|helpdesk|res|account)\.[a-z_.]+\(|\bundefined\b|\bNaN\b|\[object ")


def _id(rpc, xml_id):
    [found] = rpc().execute(
        "ir.model.data", "search_read", [("module", "=", "support_plans"), ("name", "=", xml_id)], ["res_id"]
    )
    return found["res_id"]


@pytest.mark.parametrize(
    ("login", "path", "xml_id", "wait", "click"),
    [
        ("consultant", "/odoo/support-queue", None, ".o_data_row", None),
        ("consultant", "/odoo/support-queue?view_type=kanban", None, ".o_kanban_record", None),
        ("consultant", "/odoo/support-queue/{}", "demo_ticket_law_print", "[name=support_promise]", None),
        ("owner", "/odoo/support-agreements", None, ".o_data_row", None),
        ("owner", "/odoo/support-agreements/{}", "demo_agreement_law", ".o_notebook", None),
        (
            "owner",
            "/odoo/support-agreements/{}",
            "demo_agreement_clinic",
            "[name=statement_html] table",
            "action_give_notice",
        ),
        (
            "owner",
            "/odoo/support-agreements/{}",
            "demo_agreement_clinic",
            ".modal [name=statement_html] table",
            "action_simulate_settlement",
        ),
        ("consultant", "/odoo/support-resignations", None, ".o_data_row", None),
        ("consultant", "/odoo/support-resignations/{}", "demo_termination_library", ".o_notebook", None),
        ("accountant", "/odoo/support-resignations/{}", "demo_termination_workshop", ".o_notebook", None),
        ("accountant", "/odoo/support-refunds", None, ".o_data_row", None),
        ("owner", "/odoo/action-support_plans.action_support_refund_exposure_open", None, ".o_data_row", None),
        (
            "owner",
            "/odoo/support-agreements/{}",
            "demo_agreement_law",
            ".modal form, .modal .o_form_view",
            "action_change_plan",
        ),
        ("owner", "/odoo/support-plans/{}", "support_plan_start", ".o_notebook", None),
        ("owner", "/odoo/support-responses", None, ".o_pivot, .o_view_nocontent", None),
    ],
    ids=lambda value: value if isinstance(value, str) and not value.startswith((".", "[")) else "",
)
def test_screen_shows_words(page_of, rpc, login, path, xml_id, wait, click):
    page = page_of(login)
    page.goto(path.format(xml_id and _id(rpc, xml_id)))
    if click:
        page.click(f"button[name={click}]")
    page.wait_for_selector(wait)
    text = page.inner_text("body") + " ".join(page.eval_on_selector_all("input", "all => all.map(e => e.value)"))
    found = TECHNICAL.search(text)
    assert not found, text[max(0, found.start() - 100) : found.end() + 100]
