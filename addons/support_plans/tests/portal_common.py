"""What the tests of the client panel share. There are no tests here."""

from odoo.http import Request
from odoo.tests import HttpCase

from .common import SupportCommon


class PortalCommon(SupportCommon, HttpCase):
    """Two clients with users of the panel; the first one has START since January 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.create_agreement(cls.plan_start, cls.client, "2026-01-01")
        cls.user_anna = cls.create_portal_user("anna", cls.client_contact)
        cls.colleague = cls.env["res.partner"].create(
            {"name": "Jan Nowak", "parent_id": cls.client.id, "email": "jan@nowak.example"}
        )
        cls.user_jan = cls.create_portal_user("jan_nowak", cls.colleague)
        cls.other_client = cls.create_client("Kowalska Studio")
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Ewa Kowalska", "parent_id": cls.other_client.id, "email": "ewa@studio.example"}
        )
        cls.user_ewa = cls.create_portal_user("ewa_kowalska", cls.stranger)

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def post(self, url, **data):
        """Send a form with the token that the page of this session would carry."""
        return self.url_open(url, data={"csrf_token": Request.csrf_token(self), **data})

    def create_ticket(self, partner, **values):
        """Create a ticket that came from the panel."""
        return self.env["helpdesk.ticket"].create(
            {
                "name": "Printer does not print",
                "description": "<p>Please help.</p>",
                "partner_id": partner.id,
                "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web").id,
                **values,
            }
        )
