from odoo import fields, models


class NgoMembership(models.Model):
    """The organisation as a contact: it may get a company, by which agreements and invoices then know it (F12)."""

    _inherit = "ngo.membership"

    moved_from_id = fields.Many2one(
        "res.partner",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The contact that is the member, where a company was put above it later.",
    )

    def _follow_organisation(self):
        """Go along with the contact that is the member, when a company was put above it, or taken away.

        Agreements follow their client there, so the discount would be lost silently. A company that is a member in its
        own right keeps its membership. Somebody looks whether it is right, in any case. Called as superuser.
        """
        member = self.moved_from_id or self.commercial_partner_id
        new = member.commercial_partner_id
        if new == self.commercial_partner_id:
            return
        names = {"person": member.display_name, "organisation": new.display_name}
        if new != member and self._find_open(new, self.company_id):
            text = self.env._(
                "%(person)s belongs to %(organisation)s now, which is in a programme itself: agreements of %(person)s "
                "have the terms of that membership. End one of the two.",
                **names,
            )
        else:
            self._write_own({"commercial_partner_id": new.id, "moved_from_id": new != member and member.id})
            self.flush_recordset(["commercial_partner_id"])
            text = self._describe_move(new == member, names)
        self._give_work("ngo_incubator.mail_activity_ngo_check", self._get_today(), note=text)
        self._message_log(body=text)

    def _describe_move(self, is_back, names):
        if is_back:
            return self.env._(
                "%(person)s belongs to no company any more. The membership counts for %(person)s again.", **names
            )
        return self.env._(
            "%(person)s belongs to %(organisation)s now. The membership counts for %(organisation)s, with the same "
            "terms.",
            **names,
        )

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
