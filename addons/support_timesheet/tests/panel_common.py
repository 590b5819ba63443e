"""What the tests of hours in the client panel share. There are no tests here."""

from odoo.http import Request
from odoo.tests import HttpCase

from odoo.addons.support_plans.tests.common import CONSULTANT
from odoo.addons.support_plans.tests.portal_common import PortalCommon

from .time_common import TimeInvoicingCommon, TimeSetup

PAGE = "/my/support-hours"


class PanelHours:
    """The public helpers; mixed into the two base classes below."""

    def open_hours(self, user=None, agreement=None, suffix=""):
        """Open the page of hours as a user and return the response."""
        self.log_in(user or self.user_anna)
        return self.url_open(f"{PAGE}/{(agreement or self.agreement).id}{suffix}")

    def get_text(self, response):
        """Return the text of a page with plain spaces."""
        return " ".join(response.text.replace("\xa0", " ").split())

    def assertRefused(self, response, sentence):
        """The page came back with a sentence of what is wrong, not with a server error."""
        self.assertEqual(response.status_code, 422)
        self.assertIn(sentence, self.get_text(response).replace("&#39;", "'"))


class PanelHoursCommon(PanelHours, TimeSetup, PortalCommon):
    """Two clients with users of the panel; a consultant keeps time on a ticket of the first (START)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultant = cls.create_support_user("consultant_h", CONSULTANT, name="Karol Konsultant")
        cls._setup_time()
        cls.ticket = cls.create_panel_ticket(cls.client_contact)

    @classmethod
    def create_panel_ticket(cls, person, **values):
        """Create a ticket of a person that came from the panel."""
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Printer does not print",
                "description": "<p>Please help.</p>",
                "partner_id": person.id,
                "channel_id": cls.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web").id,
                "request_kind": "question",
                **values,
            }
        )


class PanelInvoicingCommon(PanelHours, TimeInvoicingCommon, HttpCase):
    """Users of the panel and invoices with 23 % VAT."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_anna = cls.create_portal_user("anna_h", cls.client_contact)
        cls.colleague = cls.env["res.partner"].create({"name": "Jan Nowak", "parent_id": cls.client.id})
        cls.user_jan = cls.create_portal_user("jan_h", cls.colleague)
        cls.other_client = cls.create_client("Kowalska Studio")
        cls.user_ewa = cls.create_portal_user("ewa_h", cls.other_client)

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def post(self, url, **data):
        """Send a form with the token that the page of this session would carry."""
        return self.url_open(url, data={"csrf_token": Request.csrf_token(self), **data})
