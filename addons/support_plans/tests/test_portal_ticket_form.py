from freezegun import freeze_time

from odoo import fields
from odoo.tests import JsonRpcException, tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-12 14:40:00")  # Friday 16:40 in Warsaw: START is closed
class TestPortalTicketForm(PortalCommon):
    """Sending a report from the client panel (F3, F7, P6, P12, P14)."""

    def send(self, **values):
        report = {"subject": "Printer", "description": "It does not print.", **values}
        return self.post("/submitted/ticket", **report)

    def get_sent(self):
        return self.env["helpdesk.ticket"].search([("partner_id", "=", self.client_contact.id)])

    def call_preview(self, **params):
        return self.make_jsonrpc_request("/new/ticket/preview", params)

    def test_a_report_is_registered_with_its_kind_and_its_promise(self):
        """F7, P14, P31: a panel ticket carries the guarantee, counted from the next opening."""
        self.log_in(self.user_anna)
        response = self.send(request_kind="bug")
        ticket = self.get_sent()
        self.assertTrue(response.url.endswith(f"/my/ticket/{ticket.id}"))
        self.assertEqual(ticket.request_kind, "bug")
        self.assertEqual(ticket.guarantee_reason, "guaranteed")
        self.assertIn("Respond by Mon 16:00", response.text)

    def test_a_report_without_kind_is_a_question(self):
        self.log_in(self.user_anna)
        self.send()
        self.assertEqual(self.get_sent().request_kind, "question")

    def test_the_form_says_when_we_respond_before_it_is_sent(self):
        """P14, P31: the promise is made by the same judgement as at registration."""
        self.log_in(self.user_anna)
        page = self.url_open("/new/ticket")
        self.assertEqual(page.status_code, 200)
        self.assertIn("If you send this now, we respond by Mon 16:00.", page.text)
        self.assertFalse(self.get_sent())

    def test_the_button_of_the_ticket_list_opens_the_form(self):
        self.log_in(self.user_anna)
        self.assertIn('name="request_kind"', self.post("/new/ticket").text)

    def test_the_promise_follows_the_chosen_kind(self):
        """P20: START has no programming."""
        self.log_in(self.user_anna)
        self.assertTrue(self.call_preview(request_kind="bug")["guaranteed"])
        programming = self.call_preview(request_kind="programming")
        self.assertFalse(programming["guaranteed"])
        self.assertIn("does not cover this kind of request", programming["text"])

    def test_an_unknown_kind_gets_a_sentence_and_no_promise(self):
        self.log_in(self.user_anna)
        for kind in ("pizza", None, ["bug"], {}):
            answer = self.call_preview(request_kind=kind)
            self.assertEqual(answer["text"], "Choose the kind of request from the list.")

    def test_the_preview_is_not_for_the_public(self):
        self.authenticate(None, None)
        with self.assertRaises(JsonRpcException), self.assertLogs("odoo.http", "WARNING"):
            self.call_preview(request_kind="bug")

    # What is wrong is said on the form, with what was typed

    def assertRefused(self, sentence, **values):
        response = self.send(**values)
        self.assertEqual(response.status_code, 422)
        self.assertIn(sentence, response.text)
        self.assertFalse(self.get_sent())
        return response

    def test_a_missing_subject_or_description_is_asked_for(self):
        self.log_in(self.user_anna)
        page = self.assertRefused("Write a subject", subject=" ")
        self.assertIn("It does not print.", page.text)
        page = self.assertRefused("Describe what happened", description="")
        self.assertIn('value="Printer"', page.text)
        response = self.post("/submitted/ticket")
        self.assertEqual(response.status_code, 422)

    def test_values_that_the_form_does_not_offer_are_refused(self):
        self.log_in(self.user_anna)
        self.assertRefused("Choose the kind of request from the list.", request_kind="pizza")
        self.assertRefused("Choose the kind of request from the list.", request_kind="")
        self.assertRefused("Choose a category from the list.", category="abc")
        self.assertRefused("Choose a category from the list.", category="999999999999")
        self.assertRefused("Choose a team from the list.", team="1; drop")

    def test_a_team_that_the_panel_does_not_show_cannot_be_chosen(self):
        self.env.company.helpdesk_mgmt_portal_select_team = True
        shown, hidden = self.env["helpdesk.ticket.team"].create(
            [
                {"name": "Support", "show_in_portal": True, "company_id": self.env.company.id},
                {"name": "Board", "show_in_portal": False, "company_id": self.env.company.id},
            ]
        )
        self.log_in(self.user_anna)
        self.assertRefused("Choose a team from the list.", team=str(hidden.id))
        self.send(team=str(shown.id))
        self.assertEqual(self.get_sent().team_id, shown)

    def test_what_a_database_cannot_keep_is_left_out(self):
        self.log_in(self.user_anna)
        self.send(subject="Prin\x00ter")
        self.assertEqual(self.get_sent().name, "Printer")

    def test_opening_the_address_of_sending_leads_to_the_form(self):
        """A report is sent by its form only, never by a link."""
        self.log_in(self.user_anna)
        response = self.url_open("/submitted/ticket?subject=a&description=b")
        self.assertTrue(response.url.endswith("/new/ticket"))
        self.assertFalse(self.get_sent())

    def test_a_report_without_token_is_refused(self):
        self.log_in(self.user_anna)
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open("/submitted/ticket", data={"subject": "a", "description": "b"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.get_sent())

    # Critical

    def test_critical_is_offered_and_taken_where_the_agreement_says_so(self):
        """P6, P12: STANDARD may report critical problems on days off."""
        self.agreement.with_context(support_terms_change=True).critical_on_days_off = True
        self.log_in(self.user_anna)
        self.assertIn('name="is_critical"', self.url_open("/new/ticket").text)
        self.send(request_kind="bug", is_critical="1")
        self.assertTrue(self.get_sent().is_critical)

    def test_critical_is_neither_offered_nor_taken_elsewhere(self):
        """P12: START has no support on days off."""
        self.log_in(self.user_anna)
        self.assertNotIn('name="is_critical"', self.url_open("/new/ticket").text)
        self.assertRefused("does not include critical reports", is_critical="1")
        self.assertTrue(self.call_preview(request_kind="bug", is_critical=True)["guaranteed"])

    def test_an_employee_may_use_the_form_too(self):
        employee = self.create_support_user("employee_panel", password="employee_panel")
        self.log_in(employee)
        self.assertEqual(self.url_open("/new/ticket").status_code, 200)
        self.send()
        ticket = self.env["helpdesk.ticket"].search([("partner_id", "=", employee.partner_id.id)])
        self.assertEqual(ticket.guarantee_reason, "no_agreement")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-12 14:40:00")
class TestPortalTicketClose(PortalCommon):
    def setUp(self):
        super().setUp()
        self.stage = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.stage.close_from_portal = True
        self.ticket = self.create_ticket(self.client_contact)

    def close(self, **values):
        query = "&".join(f"{name}={value}" for name, value in values.items())
        return self.url_open(f"/ticket/close?{query}")

    def test_a_client_closes_the_own_ticket(self):
        self.log_in(self.user_anna)
        self.close(ticket_id=self.ticket.id, stage_id=self.stage.id)
        self.assertEqual(self.ticket.stage_id, self.stage)

    def test_a_stranger_cannot_close_it(self):
        self.log_in(self.user_ewa)
        self.close(ticket_id=self.ticket.id, stage_id=self.stage.id)
        self.assertNotEqual(self.ticket.stage_id, self.stage)

    def test_a_follower_of_another_firm_cannot_close_it(self):
        """Who reads along (a vendor, B10) does not decide for the client."""
        self.ticket.message_subscribe(self.stranger.ids)
        self.log_in(self.user_ewa)
        page = self.close(ticket_id=self.ticket.id, stage_id=self.stage.id)
        self.assertNotEqual(self.ticket.stage_id, self.stage)
        self.assertNotIn('action="/ticket/close"', page.text)
        self.assertIn(self.ticket.number, page.text)

    def test_a_colleague_of_the_reporter_closes_it(self):
        self.log_in(self.user_jan)
        self.close(ticket_id=self.ticket.id, stage_id=self.stage.id)
        self.assertEqual(self.ticket.stage_id, self.stage)

    def test_wrong_numbers_are_no_error(self):
        self.log_in(self.user_anna)
        for ticket_id in ("x", "", "0", 10**12):
            self.assertEqual(self.close(ticket_id=ticket_id, stage_id=self.stage.id).status_code, 200)
        self.assertEqual(self.close(ticket_id=self.ticket.id, stage_id="x").status_code, 200)
        self.assertNotEqual(self.ticket.stage_id, self.stage)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 22:30:00")  # 00:30 of 1 July in Warsaw
class TestPortalTicketFormOnTheDayOfAChange(PortalCommon):
    def test_the_form_promises_by_the_plan_of_the_day(self):
        """D5, D12: what the form says is what the ticket gets, also before the nightly run."""
        with freeze_time("2026-06-12 12:00:00"):
            terms = self.plan_standard._prepare_terms()
            self.agreement._request_plan_change(self.plan_standard, terms, fields.Date.to_date("2026-06-12"))
        self.log_in(self.user_anna)
        page = self.url_open("/new/ticket").text
        self.assertIn("Wed 11:00", page)
        preview = self.make_jsonrpc_request("/new/ticket/preview", {"request_kind": "programming"})
        self.assertTrue(preview["guaranteed"])

    def test_the_preview_alone_knows_it_too(self):
        with freeze_time("2026-06-12 12:00:00"):
            terms = self.plan_standard._prepare_terms()
            self.agreement._request_plan_change(self.plan_standard, terms, fields.Date.to_date("2026-06-12"))
        self.log_in(self.user_anna)
        preview = self.make_jsonrpc_request("/new/ticket/preview", {"request_kind": "programming"})
        self.assertTrue(preview["guaranteed"])


@tagged("post_install", "-at_install")
class TestPortalTicketFormInBrowser(PortalCommon):
    def test_the_promise_changes_with_the_kind_before_anything_is_sent(self):
        """P20, P14: START answers questions in time, programming without a guaranteed time."""
        self.browser_js(
            "/new/ticket",
            """
            const box = document.querySelector("#support_preview");
            const kind = document.querySelector("#request_kind");
            const seen = (text) => new Promise((resolve) => {
                const look = () => box.textContent.includes(text) ? resolve() : setTimeout(look, 50);
                look();
            });
            (async () => {
                await seen("we respond by");
                kind.value = "programming";
                // repeated, because the page may be shown before its script listens
                setInterval(() => kind.dispatchEvent(new Event("change", { bubbles: true })), 500);
                await seen("does not cover this kind of request");
                if (!document.querySelector("#request_kind_help").textContent.includes("new")) {
                    throw new Error("the help did not follow the kind");
                }
                console.log("test successful");
            })();
            """,
            ready="document.readyState === 'complete'",
            login=self.user_anna.login,
            timeout=120,
        )
        self.assertFalse(self.env["helpdesk.ticket"].search([("partner_id", "=", self.client_contact.id)]))
