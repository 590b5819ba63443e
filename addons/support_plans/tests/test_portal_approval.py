from urllib.parse import urlsplit

from freezegun import freeze_time

from odoo.tests import tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-12 12:00:00")  # Friday 14:00 in Warsaw
class TestPortalApproval(PortalCommon):
    """A contact of the client approves the report of another person with one click (P38)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.support_contact_ids = cls.client_contact
        cls.env["ir.config_parameter"].sudo().set_param("web.base.url", cls.base_url())

    def setUp(self):
        super().setUp()
        self.ticket = self.create_ticket(self.colleague)

    def get_link(self, contact=None):
        return urlsplit(self.ticket._get_approval_url(contact or self.client_contact)).path

    def assertNotApproved(self):
        self.ticket.invalidate_recordset()
        self.assertFalse(self.ticket.contact_approved_by_id)
        self.assertEqual(self.ticket.guarantee_reason, "contact")

    def assertApprovedBy(self, contact):
        self.ticket.invalidate_recordset()
        self.assertEqual(self.ticket.contact_approved_by_id, contact)
        self.assertEqual(self.ticket.guarantee_reason, "guaranteed")

    # By the link

    def test_opening_the_link_shows_the_report_and_changes_nothing(self):
        """P38: mail scanners open links."""
        self.authenticate(None, None)
        page = self.url_open(self.get_link())
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.ticket.name, page.text)
        self.assertIn("Jan Nowak", page.text)
        self.assertIn("Approve the report", page.text)
        self.assertNotApproved()

    def test_the_button_approves_and_says_when_we_respond(self):
        """P38, P14: decided as if registered at that moment."""
        self.authenticate(None, None)
        self.url_open(self.get_link())
        page = self.post(self.get_link())
        self.assertApprovedBy(self.client_contact)
        self.assertIn("Thank you", page.text)
        self.assertIn("Respond by Mon 14:00", page.text)

    def test_the_button_needs_the_token_of_the_page(self):
        self.authenticate(None, None)
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(self.get_link(), data={"csrf_token": "wrong"})
        self.assertEqual(response.status_code, 400)
        self.assertNotApproved()

    def test_a_used_link_says_who_approved(self):
        self.ticket._approve_contact(self.client_contact)
        self.authenticate(None, None)
        for page in (self.url_open(self.get_link()), self.post(self.get_link())):
            self.assertEqual(page.status_code, 200)
            self.assertIn("approved already by Anna Nowak", page.text)
            self.assertNotIn("Approve the report", page.text)

    def test_a_closed_report_does_not_wait(self):
        self.ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.authenticate(None, None)
        self.assertIn("does not wait for an approval", self.url_open(self.get_link()).text)
        self.post(self.get_link())
        self.assertFalse(self.ticket.contact_approved_by_id)

    def test_a_wrong_link_gets_a_clear_page(self):
        link = self.get_link()
        wrong = [
            link[:-1] + ("0" if link[-1] != "0" else "1"),
            link.rsplit("/", 1)[0] + "/żółw",
            f"/my/ticket/{self.ticket.id}/approve/{self.colleague.id}/{link.rsplit('/', 1)[1]}",
            f"/my/ticket/{10**12}/approve/{self.client_contact.id}/x",
            f"/my/ticket/{self.ticket.id + 1000}/approve/{self.client_contact.id}/x",
        ]
        self.authenticate(None, None)
        for url in wrong:
            for page in (self.url_open(url), self.post(url)):
                self.assertEqual(page.status_code, 404)
                self.assertIn("This link is not valid", page.text)
                self.assertNotIn(self.ticket.name, page.text)
        self.assertNotApproved()

    def test_the_link_of_a_person_who_is_no_contact_any_more_is_worthless(self):
        link = self.get_link()
        self.agreement.support_contact_ids = self.colleague
        self.authenticate(None, None)
        self.assertEqual(self.post(link).status_code, 404)
        self.assertFalse(self.ticket.contact_approved_by_id)

    def test_the_page_speaks_the_language_of_the_contact(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.client_contact.lang = "pl_PL"
        self.authenticate(None, None)
        self.url_open(self.get_link())
        self.assertIn("pon. 14:00", self.post(self.get_link()).text)

    # In the panel

    def approve_in_panel(self, user):
        self.log_in(user)
        return self.post(f"/my/ticket/{self.ticket.id}/approve")

    def test_a_contact_has_the_button_and_others_do_not(self):
        button = f'action="/my/ticket/{self.ticket.id}/approve"'
        self.log_in(self.user_anna)
        self.assertIn(button, self.url_open(f"/my/ticket/{self.ticket.id}").text)
        self.log_in(self.user_jan)
        self.assertNotIn(button, self.url_open(f"/my/ticket/{self.ticket.id}").text)

    def test_a_contact_approves_in_the_panel(self):
        page = self.approve_in_panel(self.user_anna)
        self.assertApprovedBy(self.client_contact)
        self.assertIn("Approved by Anna Nowak", page.text)
        self.assertIn("Respond by Mon 14:00", page.text)

    def test_the_sender_cannot_approve_the_own_report(self):
        page = self.approve_in_panel(self.user_jan)
        self.assertEqual(page.status_code, 403)
        self.assertIn("You cannot approve this ticket", page.text)
        self.assertNotApproved()

    def test_another_clients_user_cannot_approve_nor_see(self):
        page = self.approve_in_panel(self.user_ewa)
        self.assertTrue(page.url.endswith("/my"))
        self.assertNotIn(self.ticket.name, page.text)
        self.assertNotApproved()

    def test_the_public_is_sent_to_the_login(self):
        self.authenticate(None, None)
        page = self.post(f"/my/ticket/{self.ticket.id}/approve")
        self.assertIn("/web/login", page.url)
        self.assertNotApproved()
