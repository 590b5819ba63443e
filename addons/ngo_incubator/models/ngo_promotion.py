from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.support_plans.rules.errors import RuleError

from ..rules import address, page
from ..rules import membership as membership_rules
from ..rules import promotion as rules

KINDS = [
    ("page", "Logo or text on a page"),
    ("materials", "Materials"),
    ("event", "Event"),
    ("post", "Post in social media"),
    ("other", "Other"),
]
STATES = [
    ("proposed", "Proposed"),
    ("agreed", "Agreed"),
    ("fulfilled", "Fulfilled"),
    ("dropped", "Dropped"),
]
EVIDENCE_STATES = [
    ("missing", "Missing"),
    ("waiting", "Waiting for acceptance"),
    ("accepted", "Accepted"),
    ("lost", "Not there any more"),
]
#: What may be written by hand, by the step of `rules/promotion.py` that allows it.
EDITABLE = {
    "move": frozenset({"membership_id"}),
    "edit": frozenset(
        {"name", "kind", "place", "url", "expected_text", "expected_logo", "date_from", "date_to", "value"}
    ),
}
#: What only the buttons and the nightly run write.
OWN_FACTS = frozenset(
    {
        "company_id",
        "programme_id",
        "commercial_partner_id",
        "currency_id",
        "state",
        "agreed_on",
        "evidence_state",
        "page_check_ids",
        "checked_on",
        "reminded_on",
        "reminded_for",
    }
)
#: Context mark of this addon's own writes. An object, so that no client of the API can send it.
_OWN_WRITE = object()


class NgoPromotion(models.Model):
    """What an organisation does in return: what was agreed, until when, what it is worth and what proves it (F12)."""

    _name = "ngo.promotion"
    _description = "Promotion by an Organisation"
    _inherit = ["ngo.work.mixin"]
    _order = "date_to, id desc"

    membership_id = fields.Many2one(
        "ngo.membership", string="Member", required=True, index=True, ondelete="restrict", tracking=True
    )
    programme_id = fields.Many2one(related="membership_id.programme_id", store=True, index=True)
    company_id = fields.Many2one(related="membership_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="membership_id.commercial_partner_id", string="Organisation", store=True, index=True
    )
    promotion_kind = fields.Selection(related="membership_id.promotion_kind", string="Kind of Deal")
    state = fields.Selection(
        STATES, default="proposed", required=True, readonly=True, copy=False, tracking=True, index=True
    )

    name = fields.Char(string="What Was Agreed", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="page", tracking=True)
    place = fields.Char(tracking=True, help="Page, leaflet, hall, profile: where people see it.")
    url = fields.Char(string="Page", tracking=True, help="The page that is looked at, with http:// or https://.")
    expected_text = fields.Char(tracking=True, help="Words that people must see on the page, whatever their case.")
    expected_logo = fields.Char(
        tracking=True,
        help="Name of the picture, or a part of its address or description, such as acme-logo.",
    )
    date_from = fields.Date(string="From", tracking=True)
    date_to = fields.Date(string="Until", tracking=True)
    value = fields.Monetary(
        string="Value (net)", tracking=True, help="Barter only: what this promotion is worth, by agreement."
    )
    agreed_on = fields.Date(readonly=True, copy=False)
    note = fields.Text(string="Internal Note", groups="base.group_user")

    evidence_ids = fields.One2many("ngo.evidence", "promotion_id")
    evidence_state = fields.Selection(
        EVIDENCE_STATES, string="State of Evidence", compute="_compute_evidence_state", store=True, index=True
    )
    page_check_ids = fields.One2many(
        "ngo.page.check", "promotion_id", string="Page Checks", readonly=True, groups="base.group_user"
    )
    checked_on = fields.Date(string="Last Look", readonly=True, copy=False)
    next_check_on = fields.Date(
        string="Next Check",
        copy=False,
        tracking=True,
        help="The page is looked at on this day where the programme does so; else somebody looks whether all is well.",
    )
    reminded_on = fields.Date(readonly=True, copy=False, groups="base.group_user")
    reminded_for = fields.Date(readonly=True, copy=False, groups="base.group_user")

    _days_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_to >= date_from)",
        "A promotion does not end before it begins.",
    )
    _value_not_negative = models.Constraint("CHECK(value >= 0)", "A promotion is worth nothing or more, never less.")
    _url_is_http = models.Constraint(
        "CHECK(COALESCE(url, '') = '' OR url ~* '^https?://[^/]')",
        "The address of the page begins with http:// or https://.",
    )
    _agreed_on_a_day = models.Constraint(
        "CHECK(agreed_on IS NOT NULL OR state IN ('proposed', 'dropped'))",
        "A promotion that is agreed has the day on which it was.",
    )

    # Computes

    @api.depends("name", "membership_id")
    def _compute_display_name(self):
        for promotion in self:
            partner = promotion.sudo().commercial_partner_id
            promotion.display_name = " – ".join(filter(None, (partner.name, promotion.name)))

    @api.depends(
        "evidence_ids.state", "evidence_ids.last_check_id", "page_check_ids.is_found", "page_check_ids.is_answer"
    )
    def _compute_evidence_state(self):
        for promotion in self.sudo():
            known = max(promotion.evidence_ids.last_check_id.ids, default=0)
            answers = promotion.page_check_ids.filtered(lambda x, known=known: x.is_answer and x.id > known)
            last = answers.sorted("id")[-1:]
            promotion.evidence_state = rules.evidence_state(
                promotion.evidence_ids.mapped("state"), last.is_found if last else None
            )

    # Constraints

    @api.constrains("url")
    def _check_url(self):
        for promotion in self.filtered("url"):
            try:
                address.parse(promotion.url)
            except RuleError as error:
                raise ValidationError(
                    self.env._(
                        "“%(url)s” is no address of a public page: write it as in the browser, with http:// or "
                        "https://, without a user name and without a port.",
                        url=promotion.url,
                    )
                ) from error

    @api.constrains("state", "url", "expected_text", "expected_logo")
    def _check_something_to_find(self):
        """Refuse an agreed page on which nothing is expected: any page would do."""
        for promotion in self.filtered(lambda p: p.state == "agreed" and p.url):
            if not page.normalise(f"{promotion.expected_text or ''}{promotion.expected_logo or ''}"):
                raise ValidationError(
                    self.env._(
                        "%(promotion)s: enter the text or the logo that people see on the page; otherwise any page "
                        "would do.",
                        promotion=promotion.display_name,
                    )
                )

    @api.constrains("state", "value", "membership_id")
    def _check_value(self):
        """Refuse what does not fit the membership's kind of promotion; asked again when that changes."""
        for promotion in self:
            names = {"promotion": promotion.display_name, "member": promotion.membership_id.display_name}
            try:
                rules.check_value(promotion.membership_id.promotion_kind, promotion.state, promotion.value)
            except rules.NothingAgreed as error:
                raise ValidationError(
                    self.env._(
                        "%(promotion)s: the membership %(member)s asks for no promotion, so none is agreed. Choose "
                        "courtesy or barter there, or drop the promotion.",
                        **names,
                    )
                ) from error
            except rules.ValueMissing as error:
                raise ValidationError(
                    self.env._(
                        "%(promotion)s is barter: enter what it is worth, more than zero, before it is agreed.", **names
                    )
                ) from error
            except rules.ValueNotAsked as error:
                raise ValidationError(
                    self.env._(
                        "%(promotion)s is a courtesy that nobody owes: it has no value. Leave the value empty, or "
                        "choose barter on the membership.",
                        **names,
                    )
                ) from error

    # Create, write, delete

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "proposed") != "proposed" or not OWN_FACTS.isdisjoint({*vals} - {"state"}):
                raise UserError(
                    self.env._("A promotion begins as a proposal. Agree on it with the button “Agree”, then prove it.")
                )
        return super().create(vals_list)

    def write(self, vals):
        if self.env.context.get("ngo_own_write") is not _OWN_WRITE:
            self._check_editable(vals)
        return super().write(vals)

    def _write_own(self, vals):
        return self.with_context(ngo_own_write=_OWN_WRITE).write(vals)

    def _check_editable(self, vals):
        """Refuse by hand what only the steps write, and what a state keeps."""
        if not OWN_FACTS.isdisjoint(vals):
            raise UserError(
                self.env._("State, evidence and looks at a promotion follow from its buttons: agree, accept, check.")
            )
        for step, names in EDITABLE.items():
            if not names.isdisjoint(vals):
                self._require(step)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        kept = self.filtered(lambda p: not rules.is_possible("delete", p.state) or p.evidence_ids)[:1]
        if kept:
            raise UserError(
                self.env._(
                    "%(promotion)s was agreed or dropped, or has evidence, and stays as history.",
                    promotion=kept.display_name,
                )
            )

    # Steps

    def _require(self, step):
        """Refuse a step that the state does not have, with a sentence that says where it is possible."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for promotion in self:
            try:
                rules.after(step, promotion.state)
            except rules.NotPossible as refusal:
                raise UserError(
                    self.env._(
                        "%(promotion)s is in the state “%(state)s”: this is possible only in %(possible)s.",
                        promotion=promotion.display_name,
                        state=labels[promotion.state],
                        possible=", ".join(f"“{labels[state]}”" for state in refusal.possible),
                    )
                ) from refusal

    def _require_member(self):
        """Refuse where the organisation is not verified, or no member any more."""
        for promotion in self:
            if not membership_rules.is_possible("add_evidence", promotion.membership_id.state):
                raise UserError(
                    self.env._(
                        "%(member)s is not verified yet, or no member any more: promotion is agreed and proved only "
                        "while it is.",
                        member=promotion.membership_id.display_name,
                    )
                )

    def _step(self, step, **values):
        for promotion in self:
            promotion._write_own({"state": rules.after(step, promotion.state), **values})
        self.membership_id._ask_accountant()

    def action_agree(self):
        """Button: the promotion is agreed; its first check is as far away as later ones are from each other."""
        self.membership_id._check_coordinator()
        self._lock()
        self._require("agree")
        self._require_member()
        today = fields.Date.context_today(self)
        for promotion in self:
            every = promotion.programme_id.check_every_days
            first = rules.first_check(today, promotion.date_from or None, every)
            if promotion.date_to:
                first = min(first, max(promotion.date_to, today))
            promotion._step("agree", agreed_on=today, next_check_on=promotion.next_check_on or first)
        return True

    def action_fulfil(self):
        """Button: the organisation has done it all, and evidence that somebody accepted says so."""
        self.membership_id._check_coordinator()
        self._lock()
        self._require("fulfil")
        unproved = self.filtered(lambda p: "accepted" not in p.evidence_ids.mapped("state"))[:1]
        if unproved:
            raise UserError(
                self.env._(
                    "%(promotion)s: accept the evidence first, or add what you have seen yourself.",
                    promotion=unproved.display_name,
                )
            )
        self._step("fulfil", next_check_on=False)
        return self._close_activities()

    def action_drop(self):
        """Button: nobody expects it any more; what was agreed and proved stays as history."""
        self.membership_id._check_coordinator()
        self._lock()
        self._require("drop")
        self._step("drop", next_check_on=False)
        return self._close_activities()

    def _close_activities(self):
        self.activity_unlink(
            ["ngo_incubator.mail_activity_ngo_evidence_missing", "ngo_incubator.mail_activity_ngo_page_lost"]
        )
        return True

    def _get_member(self):
        # EXTENDS ngo.work.mixin
        return self.membership_id
