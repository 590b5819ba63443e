from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-12 12:00:00")  # Friday 14:00 in Warsaw
class TestPortalTicketPage(PortalCommon):
    """The client sees plan, promise and response on the ticket and in the list (F3)."""

    def open_ticket(self, ticket, user=None):
        self.log_in(user or self.user_anna)
        return self.url_open(f"/my/ticket/{ticket.id}")

    def test_a_guaranteed_ticket_shows_deadline_and_how_it_came_about(self):
        """P14, P31: 2 h on Friday and 6 h on Monday."""
        page = self.open_ticket(self.create_ticket(self.client_contact)).text
        self.assertIn("Respond by Mon 14:00", page)
        self.assertIn("Registered Fri 14:00", page)
        self.assertIn("plan START", page)
        self.assertNotIn("no guaranteed response", page)

    def test_the_sidebar_shows_number_and_the_closing_buttons(self):
        """In Odoo 19 the sidebar of OCA's page stayed empty: nobody could close a ticket."""
        self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").close_from_portal = True
        ticket = self.create_ticket(self.client_contact)
        page = self.open_ticket(ticket).text
        self.assertIn(ticket.number, page)
        self.assertIn('action="/ticket/close"', page)

    def test_a_ticket_without_guarantee_says_why(self):
        """P20"""
        page = self.open_ticket(self.create_ticket(self.client_contact, request_kind="programming")).text
        self.assertIn("No guaranteed time", page)
        self.assertIn("The plan does not cover this kind of request.", page)

    def test_the_response_is_shown_in_time_and_late(self):
        """P26"""
        ticket = self.create_ticket(self.client_contact)
        late = self.create_ticket(self.client_contact)
        ticket._register_response(fields.Datetime.to_datetime("2026-06-12 13:00:00"), self.env.user.partner_id)
        late._register_response(fields.Datetime.to_datetime("2026-06-15 13:00:00"), self.env.user.partner_id)
        self.assertIn("Responded Fri 15:00", self.open_ticket(ticket).text)
        self.assertIn("Responded Mon 15:00, 1 h late", self.open_ticket(late).text)

    def test_a_missed_deadline_is_not_hidden(self):
        ticket = self.create_ticket(self.client_contact)
        with freeze_time("2026-06-15 12:30:00"):
            self.assertEqual(ticket._get_panel_badge()[1], "text-bg-danger")
            self.assertIn("Late, was due", ticket._get_panel_badge()[0])

    def test_the_list_shows_respond_by(self):
        self.create_ticket(self.client_contact)
        self.log_in(self.user_anna)
        for query in ("", "?groupby=stage", "?groupby=category"):
            self.assertIn("Respond by Mon 14:00", self.url_open(f"/my/tickets{query}").text)

    def test_times_are_of_the_reader_or_else_of_the_service_hours(self):
        """D17: never UTC just because the user has no time zone."""
        ticket = self.create_ticket(self.client_contact)
        self.user_anna.tz = "Europe/London"
        self.assertIn("Respond by Mon 13:00", self.open_ticket(ticket).text)
        self.user_anna.tz = False
        self.assertIn("Respond by Mon 14:00", self.open_ticket(ticket).text)

    def test_a_stranger_sees_neither_page_nor_row(self):
        ticket = self.create_ticket(self.client_contact)
        page = self.open_ticket(ticket, self.user_ewa)
        self.assertNotIn(ticket.name, page.text)
        self.assertNotIn(ticket.name, self.url_open("/my/tickets").text)

    def test_the_link_with_its_token_shows_the_promise_to_the_public(self):
        ticket = self.create_ticket(self.client_contact)
        self.authenticate(None, None)
        page = self.url_open(f"/my/ticket/{ticket.id}/{ticket._portal_ensure_token()}")
        self.assertIn("Respond by Mon 14:00", page.text)
        self.assertNotIn("/approve", page.text)
