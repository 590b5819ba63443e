"""The client panel in a real browser, as the client of the demo story."""

import re

import pytest


def _id(rpc, xml_id):
    [found] = rpc().execute(
        "ir.model.data", "search_read", [("module", "=", "support_plans"), ("name", "=", xml_id)], ["res_id"]
    )
    return found["res_id"]


def _report(page, kind, subject):
    page.goto("/new/ticket")
    page.select_option("select[name=request_kind]", kind)
    page.fill("input[name=subject]", subject)
    page.fill("textarea[name=description]", "It happened this morning.")
    page.click("form[action='/submitted/ticket'] button[type=submit]")
    page.wait_for_url(re.compile(r"/my/ticket/\d+"))
    return int(re.search(r"/my/ticket/(\d+)", page.url)[1])


def test_report_shows_its_deadline(page_of, rpc):
    """P14, P26: the promise stands on the page of the ticket."""
    page = page_of("client")
    ticket_id = _report(page, "bug", "The panel's printer")
    [ticket] = rpc("consultant").execute(
        "helpdesk.ticket",
        "read",
        [ticket_id],
        fields=["request_kind", "guarantee_reason", "response_deadline", "response_explanation", "channel_id"],
        context={"tz": "Europe/Warsaw", "lang": "en_US"},
    )
    assert (ticket["request_kind"], ticket["guarantee_reason"]) == ("bug", "guaranteed")
    promise = page.inner_text("#support_promise")
    due = ticket["response_explanation"].split(" · ")[-1].removeprefix("due ")
    assert due in promise, promise
    assert "START" in promise


def test_programming_is_not_covered_by_start_and_says_so(page_of, rpc):
    page = page_of("client")
    page.goto("/new/ticket")
    guaranteed = page.inner_text("#support_preview")
    page.select_option("select[name=request_kind]", "programming")
    page.wait_for_function("before => document.querySelector('#support_preview').innerText != before", arg=guaranteed)
    ticket_id = _report(page, "programming", "A new button")
    assert page.locator("#support_promise .badge.text-bg-info").count() == 0
    [ticket] = rpc("consultant").execute("helpdesk.ticket", "read", [ticket_id], fields=["guarantee_reason"])
    assert ticket["guarantee_reason"] == "request_kind"


def test_report_without_a_subject_keeps_what_was_typed(page_of, rpc):
    page = page_of("client")
    before = rpc().execute("helpdesk.ticket", "search_count", [])
    page.goto("/new/ticket")
    page.evaluate("document.querySelectorAll('[required]').forEach(e => e.removeAttribute('required'))")
    page.fill("textarea[name=description]", "Typed with care")
    page.click("form[action='/submitted/ticket'] button[type=submit]")
    page.wait_for_selector(".alert-danger")
    assert page.input_value("textarea[name=description]") == "Typed with care"
    assert rpc().execute("helpdesk.ticket", "search_count", []) == before


@pytest.mark.parametrize(
    ("xml_id", "path", "secret"),
    [
        ("demo_ticket_clinic_slow", "/my/ticket/%s", "register of patients"),
        ("demo_agreement_clinic", "/my/support-agreements/%s", "Zdrowy"),
        ("demo_agreement_clinic", "/my/contracts/%s", "Zdrowy"),
    ],
)
def test_what_belongs_to_another_client_is_not_reachable(page_of, rpc, xml_id, path, secret):
    page = page_of("client")
    record_id = _id(rpc, xml_id)
    page.goto(path % record_id, wait_until="load")
    assert secret not in page.content()
    assert not page.url.rstrip("/").endswith(f"/{record_id}")


def test_ticket_of_another_client_cannot_be_closed(page_of, rpc):
    page = page_of("client")
    ticket = _id(rpc, "demo_ticket_clinic_slow")
    stage = rpc().execute("helpdesk.ticket.stage", "search", [("closed", "=", True)], limit=1)[0]
    page.goto(f"/ticket/close?ticket_id={ticket}&stage_id={stage}")
    [seen] = rpc().execute("helpdesk.ticket", "read", [ticket], fields=["closed"])
    assert not seen["closed"]


def test_own_agreement_is_readable_with_its_terms(page_of, rpc):
    page = page_of("client")
    page.goto(f"/my/support-agreements/{_id(rpc, 'demo_agreement_law')}")
    text = " ".join(page.inner_text("#wrap").split())
    assert "START" in text, text
    assert "399 zł a month" in text, text
    assert "8 h of service hours" in text, text


def test_contact_approves_the_report_of_a_colleague(page_of, rpc):
    """P38: one click of a contact, and the response is guaranteed from that moment."""
    ticket = _id(rpc, "demo_ticket_law_scanner")
    page = page_of("client")
    page.goto(f"/my/ticket/{ticket}")
    page.click(f"form[action='/my/ticket/{ticket}/approve'] button[type=submit]")
    page.wait_for_selector("#support_promise .badge.text-bg-info")
    [seen] = rpc("consultant").execute(
        "helpdesk.ticket", "read", [ticket], fields=["guarantee_reason", "response_state", "contact_approved_by_id"]
    )
    assert (seen["guarantee_reason"], seen["response_state"]) == ("guaranteed", "pending")
    assert seen["contact_approved_by_id"][1].endswith("Paulina Paragraf")
