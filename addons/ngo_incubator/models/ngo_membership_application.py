from dateutil.relativedelta import relativedelta
from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import mute_logger

#: An application that led to nothing loses what it says of persons after so many months.
KEEP_MONTHS = 12
_NUMBERS = ("krs", "nip", "regon")
_PERSONAL = ("applicant_person", "applicant_email", "applicant_phone", "applicant_message")


class NgoMembership(models.Model):
    """An application from the public form: received once, and without its persons when it led to nothing (F12)."""

    _inherit = "ngo.membership"

    consented_on = fields.Datetime(
        string="Consent Given",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the applicant agreed to the processing of the data in the application.",
    )
    consent_text = fields.Text(
        string="Consent", readonly=True, copy=False, groups="base.group_user", help="What the applicant agreed to."
    )

    # Two at once: the second waits for the first and is refused by the database
    _one_public_krs = models.UniqueIndex(
        "(company_id, krs) WHERE is_public_application AND state = 'applied' AND krs IS NOT NULL",
        "An application with this KRS number waits for verification already.",
    )
    _one_public_nip = models.UniqueIndex(
        "(company_id, nip) WHERE is_public_application AND state = 'applied' AND nip IS NOT NULL",
        "An application with this NIP waits for verification already.",
    )

    @api.model
    def _find_open(self, client, company):
        """Return the membership of a client that has not ended, as superuser."""
        return self.sudo().search(
            [
                ("commercial_partner_id", "=", client.id),
                ("company_id", "=", company.id),
                ("state", "!=", "ended"),
            ],
            limit=1,
        )

    @api.model
    def _receive_application(self, programme, vals, client):
        """Keep an application, in the name of the system, and send the receipt.

        Another one of the same organisation changes nothing and is told to the coordinator; the receipt is the
        same, so that nobody learns from it who applied.

        :param programme: ngo.programme
        :param vals: values that `ngo.application.form` has checked
        :param client: res.partner that applies in its panel; empty for anybody else
        """
        memberships = self.with_user(SUPERUSER_ID).with_context(mail_create_nosubscribe=True)
        vals = {**vals, "programme_id": programme.id, "partner_id": client.id, "is_public_application": True}
        known = memberships._find_same(vals, programme.company_id)
        if known:
            known._note_second_application(vals)
        else:
            known = memberships._create_once(vals)
        programme._send_receipt(vals["applicant_email"])
        return known

    def _create_once(self, vals):
        """Create the application; nothing when the same one came in at the same moment."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create(vals)
        except UniqueViolation:
            return self.browse()

    def _find_same(self, vals, company):
        """Return the membership or application of the same organisation that has not ended; the oldest one."""
        own = [Domain(name, "=", vals[name]) for name in _NUMBERS if vals.get(name)]
        names = ("applicant_name", "applicant_email", "register_number")
        own.append(Domain.AND(Domain(name, "=", vals.get(name) or False) for name in names))
        if vals["partner_id"]:
            own.append(Domain("commercial_partner_id", "=", vals["partner_id"]))
        is_open = Domain("company_id", "=", company.id) & Domain("state", "!=", "ended")
        return self.search(is_open & Domain.OR(own), order="id", limit=1)

    def _note_second_application(self, vals):
        """Tell the coordinator that the organisation applied again, and what it wrote."""
        coordinator = self._get_user_to_tell()
        reader = self.with_context(lang=coordinator.lang or self.env.lang)
        title = reader.env._("A second application of this organisation came from the public form; nothing changed.")
        self.message_post(
            body=Markup("<p>%s</p><ul>%s</ul>") % (title, Markup().join(reader._list_application(vals))),
            partner_ids=coordinator.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _list_application(self, vals):
        """Return what an application says, as items of a list."""
        names = ("applicant_name", "applicant_person", "applicant_email", "applicant_phone", "applicant_website")
        for name in (*names, *_NUMBERS, "register_number", "applicant_message"):
            if vals.get(name):
                yield Markup("<li>%s: %s</li>") % (self._fields[name]._description_string(self.env), vals[name])

    @api.autovacuum
    def _gc_refused_applicants(self):
        """Forget the persons of applications that were refused long ago; the organisation stays as history."""
        before = fields.Date.context_today(self) - relativedelta(months=KEEP_MONTHS)
        refused = self.sudo().search(
            Domain("is_public_application", "=", True)
            & Domain("state", "=", "ended")
            & Domain("benefit_ids", "=", False)
            & Domain("ended_on", "<", before)
            & Domain.OR(Domain(name, "!=", False) for name in _PERSONAL)
        )
        refused.message_ids.filtered(lambda message: not message.tracking_value_ids).unlink()
        refused.write(dict.fromkeys(_PERSONAL, False))
