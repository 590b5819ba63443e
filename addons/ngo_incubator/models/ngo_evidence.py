from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [("link", "Link"), ("picture", "Picture"), ("print", "Print")]
STATES = [("waiting", "Waiting"), ("accepted", "Accepted"), ("rejected", "Rejected")]
#: What only the buttons write.
OWN_FACTS = frozenset(
    {
        "membership_id",
        "company_id",
        "commercial_partner_id",
        "state",
        "accepted_on",
        "accepted_by_id",
        "last_check_id",
    }
)
#: Context mark of this addon's own writes. An object, so that no client of the API can send it.
_OWN_WRITE = object()


class NgoEvidence(models.Model):
    """What proves a promotion: a link, a picture, a print; what was decided on stays as it was (F12)."""

    _name = "ngo.evidence"
    _description = "Evidence of a Promotion"
    _order = "date desc, id desc"

    promotion_id = fields.Many2one("ngo.promotion", required=True, index=True, ondelete="restrict")
    membership_id = fields.Many2one(related="promotion_id.membership_id", store=True, index=True)
    company_id = fields.Many2one(related="promotion_id.company_id", store=True, index=True)
    commercial_partner_id = fields.Many2one(
        related="promotion_id.commercial_partner_id", string="Organisation", store=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, default="link")
    date = fields.Date(required=True, default=fields.Date.context_today)
    url = fields.Char(string="Address", help="With http:// or https://.")
    attachment_id = fields.Many2one("ir.attachment", string="File", copy=False, ondelete="restrict")
    file = fields.Binary(
        string="Upload", compute="_compute_file", readonly=False, attachment=False, help="A picture or a PDF."
    )
    file_name = fields.Char(compute="_compute_file", readonly=False)
    reach = fields.Integer(help="How many people it reached, as far as the organisation knows.")
    note = fields.Text()
    added_by_id = fields.Many2one("res.partner", readonly=True, default=lambda self: self.env.user.partner_id)
    state = fields.Selection(STATES, required=True, readonly=True, copy=False, default="waiting", index=True)
    accepted_on = fields.Date(readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    last_check_id = fields.Many2one(
        "ngo.page.check",
        string="Last Look Before",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
        help="The last look at the page when it was accepted: only a later one can say that it is not there any more.",
    )
    rejection_reason = fields.Char(help="The organisation reads it.", copy=False)

    _link_has_url = models.Constraint(
        "CHECK(kind <> 'link' OR COALESCE(url, '') <> '')", "Evidence by link needs the address of the page."
    )
    _rest_has_file = models.Constraint(
        "CHECK(kind = 'link' OR attachment_id IS NOT NULL)", "A picture or a print needs its file."
    )
    _url_is_http = models.Constraint(
        "CHECK(COALESCE(url, '') = '' OR url ~* '^https?://[^/]')", "An address begins with http:// or https://."
    )
    _reach_not_negative = models.Constraint("CHECK(reach >= 0)", "Nobody reaches fewer than no people.")
    _accepted_by_somebody = models.Constraint(
        "CHECK((state = 'accepted') = (accepted_on IS NOT NULL) AND (state = 'accepted') = (accepted_by_id IS NOT "
        "NULL))",
        "Accepted evidence has a day and a person who accepted it.",
    )

    @api.depends("promotion_id", "kind", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for evidence in self:
            names = (evidence.promotion_id.sudo().display_name, labels.get(evidence.kind))
            evidence.display_name = " – ".join(filter(None, names))

    @api.depends("attachment_id")
    def _compute_file(self):
        """What the form uploads is kept as an attachment, which the list names."""
        for evidence in self:
            evidence.file = evidence.attachment_id.datas
            evidence.file_name = evidence.attachment_id.name

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "waiting") != "waiting" or not OWN_FACTS.isdisjoint({*vals} - {"state"}):
                raise UserError(self.env._("Evidence begins as waiting: accept or reject it with its buttons."))
        if not self.env.su:  # who adds it is who is logged in
            vals_list = [{name: value for name, value in vals.items() if name != "added_by_id"} for vals in vals_list]
        evidence = super().create([self._keep_file(vals) for vals in vals_list])
        evidence.promotion_id._require_provable()
        evidence._own_files()
        return evidence

    def write(self, vals):
        if vals and self.env.context.get("ngo_own_write") is not _OWN_WRITE:
            self._check_waiting()
            if not OWN_FACTS.isdisjoint(vals) or "promotion_id" in vals:
                raise UserError(
                    self.env._("Evidence belongs to one promotion, and is accepted or rejected with its buttons.")
                )
            vals = self._keep_file(vals)
        done = super().write(vals)
        if vals.get("attachment_id"):
            self._own_files()
        return done

    def _write_own(self, vals):
        return self.with_context(ngo_own_write=_OWN_WRITE).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_waiting()

    def _check_waiting(self):
        decided = self.filtered(lambda e: e.state != "waiting")[:1]
        if decided:
            raise UserError(
                self.env._(
                    "%(evidence)s: what was accepted or rejected stays as it was. Add new evidence.",
                    evidence=decided.display_name,
                )
            )

    @api.model
    def _keep_file(self, vals):
        """Return values in which an uploaded file is an attachment."""
        vals = dict(vals)
        name, data = vals.pop("file_name", ""), vals.pop("file", None)
        if data:
            file = {"name": name or self.env._("Evidence"), "datas": data, "res_model": self._name}
            vals["attachment_id"] = self.promotion_id._get_files().create(file).id
        return vals

    def _own_files(self):
        """Let who may read the evidence read its file, and nobody else."""
        for evidence in self.filtered("attachment_id"):
            file = evidence.attachment_id
            if file.res_id and (file.res_model, file.res_id) != (self._name, evidence.id):
                raise UserError(
                    self.env._("The file %(name)s belongs to something else: upload it here again.", name=file.name)
                )
            file.write({"res_model": self._name, "res_id": evidence.id})

    def action_open(self):
        """Button: show the evidence by itself, to enter why it is rejected."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evidence"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_accept(self):
        """Button: it proves the promotion."""
        self.promotion_id.membership_id._check_coordinator()
        self.promotion_id._lock()
        waiting = self.filtered(lambda e: e.state != "accepted")
        waiting._check_waiting()
        today = fields.Date.context_today(self)
        accepted = {"state": "accepted", "accepted_on": today, "accepted_by_id": self.env.uid}
        for promotion, evidence in waiting.grouped("promotion_id").items():
            last = promotion.sudo().page_check_ids.sorted("id")[-1:]
            evidence._write_own({**accepted, "rejection_reason": False, "last_check_id": last.id})
        self.promotion_id._follow_evidence()
        return True

    def action_reject(self):
        """Button: it does not prove the promotion; the organisation reads why."""
        self.promotion_id.membership_id._check_coordinator()
        self.promotion_id._lock()
        waiting = self.filtered(lambda e: e.state != "rejected")
        waiting._check_waiting()
        silent = waiting.filtered(lambda e: not (e.rejection_reason or "").strip())[:1]
        if silent:
            raise UserError(
                self.env._(
                    "%(evidence)s: enter the reason first; the organisation reads it.", evidence=silent.display_name
                )
            )
        waiting._write_own({"state": "rejected"})
        waiting._tell_of_rejection()
        self.promotion_id._follow_evidence()
        return True

    def _tell_of_rejection(self):
        """Write to who sent it: what was not accepted, and why."""
        for evidence in self.sudo():
            person = evidence.added_by_id
            if person.commercial_partner_id != evidence.commercial_partner_id:
                continue
            reader = evidence.with_context(lang=person.lang or self.env.lang)
            evidence.promotion_id.message_post(
                body=reader.env._(
                    "What you sent as evidence of “%(promotion)s” was not accepted: %(reason)s Please send other "
                    "evidence in the client panel.",
                    promotion=evidence.promotion_id.name,
                    reason=evidence.rejection_reason,
                ),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=person.ids,
            )

    @api.constrains("date")
    def _check_date(self):
        for evidence in self.filtered(lambda x: x.date > fields.Date.context_today(x)):
            raise UserError(
                self.env._(
                    "%(evidence)s: evidence of a day that has not come proves nothing.", evidence=evidence.display_name
                )
            )
