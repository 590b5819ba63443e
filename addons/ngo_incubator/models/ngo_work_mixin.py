from markupsafe import Markup, escape

from odoo import fields, models
from odoo.exceptions import LockError


class NgoWorkMixin(models.AbstractModel):
    """What memberships and promotions share: one person at a time, work for people, mails to the organisation (F12)."""

    _name = "ngo.work.mixin"
    _description = "Work for Organisations"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    def _get_member(self):
        """Return the membership whose people are asked and told."""
        raise NotImplementedError

    def _lock(self):
        """Take the rows until the end of the transaction, and read what others left; refuse who comes second."""
        self.flush_recordset()
        busy = self - self.try_lock_for_update()
        if busy:
            raise LockError(
                self.env._(
                    "Somebody is working on %(records)s right now. Wait a moment, then try again.",
                    records=", ".join(busy.mapped("display_name")),
                )
            )
        self.invalidate_recordset()

    def _give_work(self, kind, day, user=None, note=""):
        """Give the coordinator, or another user, something to do; where the same is open already, add the note to it.

        :param kind: xml id of a mail.activity.type
        :param day: when it should be done
        :param user: res.users; empty: nobody is asked
        :param note: plain text
        """
        record = self.sudo()
        user = record._get_member()._get_user_to_tell() if user is None else user
        kind_of_work = record.env.ref(kind)
        open_work = record.activity_ids.filtered(lambda work: work.activity_type_id == kind_of_work)[:1]
        if open_work and note:
            open_work.note = Markup("%s<p>%s</p>") % (open_work.note or "", note)
        elif user and not open_work:
            reader = record.with_context(lang=user.lang or self.env.lang)
            reader.activity_schedule(kind, date_deadline=day, user_id=user.id, note=escape(note))

    def _send(self, template):
        """Send a mail to the organisation and keep it in the history; without an address somebody is asked to tell it.

        :param template: xml id of a mail.template
        """
        self.ensure_one()
        member = self.sudo()._get_member()
        partner, address = member._get_addressee()
        record = self.sudo().with_context(lang=member.partner_id.lang or self.env.lang)
        message = record.message_post_with_source(
            self.env.ref(template), subtype_xmlid="mail.mt_comment", partner_ids=partner.ids
        )
        if address:
            values = {"email_to": address, "recipient_ids": []}
            self.env.ref(template).sudo().send_mail(self.id, email_values=values)
        elif not partner:
            today = fields.Date.context_today(self)
            member._give_work("ngo_incubator.mail_activity_ngo_tell", today, note=message.subject)
