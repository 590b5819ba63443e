from odoo import models


class NgoMembership(models.Model):
    """The organisation as a contact: it may get a company, by which agreements and invoices then know it (F12)."""

    _inherit = "ngo.membership"

    def _follow_organisation(self):
        """Go along with the contact that is the member, when a company was put above it.

        Agreements follow their client there, so the discount would be lost silently. A company that is a member in its
        own right keeps its membership; somebody looks at what this one is now. Called as superuser.
        """
        old, new = self.commercial_partner_id, self.commercial_partner_id.commercial_partner_id
        if new == old:
            return
        names = {"person": old.display_name, "organisation": new.display_name}
        if self._find_open(new, self.company_id):
            text = self.env._(
                "%(person)s belongs to %(organisation)s now, which is in a programme itself: agreements of %(person)s "
                "have the terms of that membership. End one of the two.",
                **names,
            )
            self._give_work("ngo_incubator.mail_activity_ngo_check", self._get_today(), note=text)
        else:
            self._write_own({"commercial_partner_id": new.id})
            self.flush_recordset(["commercial_partner_id"])
            text = self.env._(
                "%(person)s belongs to %(organisation)s now. The membership counts for %(organisation)s, with the same "
                "terms.",
                **names,
            )
        self._message_log(body=text)

    def _get_member(self):
        # EXTENDS ngo.work.mixin
        return self

    def _get_addressee(self):
        """Return who is written to: a contact with an e-mail (res.partner), else the address of the application.

        Both are empty where nobody can be written to. Called as superuser.
        """
        partners = self.partner_id + self.commercial_partner_id
        partner = partners.filtered("email")[:1]
        return partner, "" if partner else (self.applicant_email or "")
