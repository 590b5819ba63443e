from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class NgoMembership(models.Model):
    """The contact of an organisation that applied: found by its numbers, or created from the application (F12)."""

    _inherit = "ngo.membership"

    def _find_contact(self):
        """Return the contact that has the NIP of the application; empty when none or several have."""
        if not self.nip:
            return self.env["res.partner"]
        found = self.env["res.partner"].search(
            [("vat", "in", [self.nip, f"PL{self.nip}"]), ("parent_id", "=", False)], limit=2
        )
        return found if len(found) == 1 else found.browse()

    def action_create_contact(self):
        """Button: create the contact of an organisation that has none, from what the application says."""
        self.ensure_one()
        self._check_coordinator()
        self._lock()
        if not self.partner_id:
            self.write({"partner_id": self.env["res.partner"].create(self._prepare_contact()).id})
        return True

    def _prepare_contact(self):
        """Return the values of the organisation's contact, with the person who applied below it."""
        if not self.applicant_name:
            raise UserError(
                self.env._("The application has no name of an organisation: choose its contact, or enter the name.")
            )
        person = {"name": self.applicant_person, "email": self.applicant_email, "phone": self.applicant_phone}
        return {
            "name": self.applicant_name,
            "is_company": True,
            "vat": self.nip and f"PL{self.nip}",
            "country_id": self.env.ref("base.pl").id,
            "email": self.applicant_email,
            "phone": self.applicant_phone,
            "website": self.applicant_website,
            "lang": self.env["res.lang"]._get_data(code="pl_PL").code or self.env.lang,
            "child_ids": [Command.create(person)] if self.applicant_person else [],
        }
