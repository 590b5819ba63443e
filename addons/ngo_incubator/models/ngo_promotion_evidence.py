import re

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.support_plans.rules.errors import RuleError

from ..rules import address
from ..rules import membership as membership_rules
from ..rules import promotion as rules
from .ngo_evidence import KINDS

MAX_FILE_MB = 10
_MAX_REACH = 2**31 - 1
_MAX_NAME = 100
_SPACES = re.compile(r"\s")


class NgoPromotion(models.Model):
    """How evidence of a promotion comes in, from the panel above all, and what follows when it is decided on (F12)."""

    _inherit = "ngo.promotion"

    def _may_add_evidence(self):
        """Whether evidence may be added now; asked by the panel and by its form."""
        self.ensure_one()
        return rules.is_possible("add_evidence", self.state) and membership_rules.is_possible(
            "add_evidence", self.membership_id.state
        )

    def _require_provable(self):
        """Refuse evidence of what is not agreed, and of organisations that are no members."""
        self._require_member()
        self._require("add_evidence")

    def _follow_evidence(self):
        """Close what somebody was to do about the evidence, once nothing waits; proved ones are looked at later."""
        for promotion in self:
            if promotion.evidence_state != rules.WAITING:
                promotion.activity_unlink(["ngo_incubator.mail_activity_ngo_evidence"])
            if promotion.evidence_state == rules.ACCEPTED:
                promotion.activity_unlink(["ngo_incubator.mail_activity_ngo_evidence_missing"])

    # From the panel

    def _add_panel_evidence(self, partner, kind, url="", picture=None, picture_name="", reach="", note=""):
        """Add what a person of the organisation sends as evidence; the same sent twice is kept once.

        Called as superuser, by a controller that has checked that the person belongs to the organisation.
        Everything is judged before anything is written.

        :param partner: res.partner, the person
        :param kind: "link", "picture" or "print"
        :param picture: content of the file, bytes
        :param reach: number of people, as typed
        :return: ngo.evidence
        """
        self.ensure_one()
        self._lock()
        self._require_provable()
        if kind == "link" and picture and not (url or "").strip():
            kind = "picture"  # who sends a file and no address means the file
        values = {
            "promotion_id": self.id,
            "kind": self._read_kind(kind),
            "url": self._read_url(url, kind),
            "reach": self._read_reach(reach),
            "note": (note or "").strip() or False,
            "added_by_id": partner.id,
        }
        file = self._read_file(picture, picture_name, kind)
        same = self._find_same_evidence(values, file)
        return same or self._create_panel_evidence(values, file, partner)

    def _read_kind(self, kind):
        if kind not in dict(KINDS):
            raise UserError(self.env._("Choose what you send as evidence: a link, a picture or a print."))
        return kind

    def _read_url(self, url, kind):
        """Return an address as it is kept; False for none."""
        text = (url or "").strip()
        if not text and kind == "link":
            raise UserError(self.env._("Enter the address of the page that shows the promotion."))
        try:
            return address.parse(text) and text if text else False
        except RuleError as error:
            raise UserError(
                self.env._(
                    "“%(url)s” is no address of a public page. Copy it from the browser: it begins with http:// or "
                    "https://.",
                    url=text,
                )
            ) from error

    def _read_reach(self, reach):
        """Return a number of people; 0 for nothing entered."""
        text = _SPACES.sub("", str(reach or ""))
        if text and not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= _MAX_REACH):
            raise UserError(
                self.env._("The reach is a number of people: write a whole number, zero or more, or leave it empty.")
            )
        return int(text or 0)

    def _read_file(self, content, name, kind):
        """Return the values of the attachment; an empty dictionary for no file."""
        if not content:
            if kind != "link":
                raise UserError(self.env._("Choose the file: a picture or a PDF of what you send as evidence."))
            return {}
        if len(content) > MAX_FILE_MB * 1024 * 1024:
            raise UserError(
                self.env._("The file is larger than %(limit)s MB. Send a smaller picture or PDF.", limit=MAX_FILE_MB)
            )
        mimetype = guess_mimetype(content, default="")
        is_picture = mimetype.startswith("image/") and "svg" not in mimetype  # drawings may carry scripts
        if not is_picture and mimetype != "application/pdf":
            raise UserError(
                self.env._("The file is neither a picture nor a PDF. Send a photo, a screenshot, a scan or a PDF.")
            )
        name = re.split(r"[\\/]", name or "")[-1].strip()[-_MAX_NAME:]
        return {"name": name or self.env._("Evidence"), "raw": content, "mimetype": mimetype}

    def _find_same_evidence(self, values, file):
        """Return what was sent before with the same content, while it waits or on the same day; empty for nothing."""
        today = fields.Date.context_today(self)
        checksum = self.env["ir.attachment"]._compute_checksum(file["raw"]) if file else False
        names = ("kind", "url", "reach", "note")
        return self.evidence_ids.filtered(
            lambda e: (
                (e.state == "waiting" or (e.state == "accepted" and e.date == today))
                and all(e[name] == values[name] for name in names)
                and e.attachment_id.checksum == checksum
            )
        )[:1]

    def _get_files(self):
        """Return the model of files; what is sent as evidence is kept as it is, not made smaller."""
        return self.env["ir.attachment"].with_context(image_no_postprocess=True)

    def _create_panel_evidence(self, values, file, partner):
        if file:
            values["attachment_id"] = self._get_files().create({**file, "res_model": "ngo.evidence"}).id
        evidence = self.env["ngo.evidence"].create(values)
        self.message_post(
            body=self.env._("%(person)s added evidence in the panel.", person=partner.name), author_id=partner.id
        )
        self._give_work("ngo_incubator.mail_activity_ngo_evidence", fields.Date.context_today(self))
        return evidence
