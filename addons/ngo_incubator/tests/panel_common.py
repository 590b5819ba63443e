"""What the tests of the public pages and of the panel share. There are no tests here."""

import re
from html import unescape

from odoo import Command
from odoo.http import Request
from odoo.tests import HttpCase

from .common import KRS, NgoCommon

#: Numbers with right check digits, made up.
NIP = "9999007779"
REGON = "999007770"
FORM = {
    "organisation": "Fundacja Dobry Start",
    "krs": KRS,
    "person": "Ewa Start",
    "email": "Ewa@DobryStart.example.com",
    "message": "A logo on our website",
    "consent": "1",
}


class NgoPanelCommon(NgoCommon, HttpCase):
    """A published programme of the company that visitors see, and users of two clients' panels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.write(
            {
                "is_published": True,
                "introduction": "Lower prices for those who work for others",
                "expectation": "A short word on your website",
            }
        )
        company = cls.env.company
        cls.env.ref("base.public_user").sudo().write(
            {"company_ids": [Command.link(company.id)], "company_id": company.id, "lang": "en_US"}
        )
        cls.user_ewa = cls.create_portal_user("ewa_ngo", cls.ngo_person)
        cls.other_ngo = cls.create_client("Stowarzyszenie Inni")
        cls.stranger = cls.env["res.partner"].create({"name": "Jan Inny", "parent_id": cls.other_ngo.id})
        cls.user_jan = cls.create_portal_user("jan_ngo", cls.stranger)

    def open(self, url, user=None):
        """Open a page as a user; keep the session when none is named."""
        if user:
            self.authenticate(user.login, user.login)
        return self.url_open(url)

    def post(self, address, /, files=None, **data):
        """Send a form with the token that the page of this session would carry."""
        if not self.session:
            self.authenticate(None, None)
        return self.url_open(address, data={"csrf_token": Request.csrf_token(self), **data}, files=files)

    def send_application(self, **values):
        form = {**FORM, "legal_form": self.foundation.id, **values}
        return self.post(f"/ngo/{self.programme.id}/apply", **form)

    def get_applications(self):
        self.env.invalidate_all()
        return self.env["ngo.membership"].search([("programme_id", "=", self.programme.id)], order="id")

    def get_text(self, page):
        text = re.sub(r"<[^>]+>", " ", page.text.split("<main>")[-1].split("<footer")[0])
        return " ".join(unescape(text).replace("\xa0", " ").split()).replace(" .", ".").replace(" ,", ",")

    def assertSays(self, page, *sentences):
        text = self.get_text(page)
        for sentence in sentences:
            self.assertIn(sentence, text)
