from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules import membership as rules

STATES = [
    ("applied", "Applied"),
    ("verified", "Verified"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("ended", "Ended"),
]
PROMOTION_KINDS = [
    ("none", "None"),
    ("courtesy", "Courtesy"),
    ("barter", "Barter"),
]
#: What may be written by hand, by the step of `rules/membership.py` that allows it.
EDITABLE = {
    "edit_identity": frozenset(
        {"partner_id", "programme_id", "legal_form_id", "krs", "nip", "regon", "register_number", "is_opp"}
    ),
    "edit_terms": frozenset({"discount_ids", "payment_days", "payment_clause", "debtor_kind", "promotion_kind"}),
}
#: What only the buttons write.
OWN_FACTS = frozenset(
    {
        "state",
        "verified_on",
        "verified_by_id",
        "next_check_on",
        "warned_on",
        "ends_on",
        "end_as",
        "end_reason",
        "is_check_late",
        "suspended_on",
        "ended_on",
        "vat_decision",
        "vat_decided_on",
        "vat_decided_by_id",
        "vat_note",
        "benefit_ids",
        "verification_ids",
    }
)
#: What follows from other fields, and what an application said of itself.
FOLLOWING = frozenset(
    {
        "commercial_partner_id",
        "moved_from_id",
        "company_id",
        "applied_on",
        "is_public_application",
        "consent_text",
        "consented_on",
    }
)
COORDINATORS = "ngo_incubator.group_ngo_coordinator"
#: Context mark of this addon's own writes. An object, so that no client of the API can send it.
_OWN_WRITE = object()


class NgoMembership(models.Model):
    """An organisation in a programme: who it is, what proves it, what was agreed, and where it stands (F12)."""

    _name = "ngo.membership"
    _description = "Membership of an Organisation"
    _inherit = ["ngo.work.mixin", "ngo.terms.mixin"]
    _order = "applied_on desc, id desc"
    _rec_names_search = ("partner_id", "applicant_name")

    programme_id = fields.Many2one(
        "ngo.programme",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._get_default_programme(),
    )
    company_id = fields.Many2one(related="programme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    coordinator_id = fields.Many2one(
        "res.users",
        compute="_compute_coordinator_id",
        store=True,
        readonly=False,
        tracking=True,
        domain="[('share', '=', False)]",
        groups="base.group_user",
    )
    state = fields.Selection(
        STATES, default="applied", required=True, readonly=True, copy=False, tracking=True, index=True
    )
    state_text = fields.Char(compute="_compute_state_text", help="Where the membership stands, in a sentence.")

    # Who
    partner_id = fields.Many2one(
        "res.partner",
        string="Organisation",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The organisation, or a person of it: the discount counts for all agreements of the organisation.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", compute="_compute_commercial_partner_id", store=True, index="btree_not_null"
    )
    applied_on = fields.Date(required=True, default=fields.Date.context_today, readonly=True, copy=False)
    applicant_name = fields.Char(string="Name in the Application", groups="base.group_user")
    applicant_person = fields.Char(string="Person", groups="base.group_user")
    applicant_email = fields.Char(string="E-mail", groups="base.group_user")
    applicant_phone = fields.Char(string="Phone", groups="base.group_user")
    applicant_website = fields.Char(string="Website", groups="base.group_user")
    applicant_message = fields.Text(string="Message", groups="base.group_user")
    is_public_application = fields.Boolean(readonly=True, copy=False, groups="base.group_user")

    legal_form_id = fields.Many2one("ngo.legal.form", required=True, ondelete="restrict", tracking=True)
    register = fields.Selection(related="legal_form_id.register")
    register_number = fields.Char(tracking=True, help="Number in a register that is not the KRS, where it gives one.")
    krs = fields.Char(string="KRS", tracking=True)
    nip = fields.Char(string="NIP", tracking=True)
    regon = fields.Char(string="REGON", tracking=True)
    is_opp = fields.Boolean(
        string="Public Benefit Organisation",
        tracking=True,
        help="A status (OPP), not a legal form; it is entered in the KRS.",
    )

    # Proof
    verification_ids = fields.One2many("ngo.verification", "membership_id", string="Verifications", readonly=True)
    verified_on = fields.Date(readonly=True, copy=False, tracking=True)
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    next_check_on = fields.Date(
        string="Next Check",
        readonly=True,
        copy=False,
        tracking=True,
        help="Yearly, after 15 December, when the list of public benefit organisations is out.",
    )

    # Terms: agreed here, kept by the benefits
    discount_ids = fields.One2many(
        "ngo.discount",
        "membership_id",
        string="Discounts",
        compute="_compute_discount_ids",
        store=True,
        readonly=False,
        copy=True,
    )
    payment_days = fields.Integer(compute="_compute_payment_days", store=True, readonly=False, tracking=True)
    payment_clause = fields.Text(
        string="Clause on Payment",
        tracking=True,
        help="The words of the agreement that allow more than 60 days expressly.",
    )
    benefit_ids = fields.One2many("ngo.benefit", "membership_id", string="Benefits", readonly=True)

    # The end
    warned_on = fields.Date(readonly=True, copy=False)
    ends_on = fields.Date(
        string="Discount Until",
        readonly=True,
        copy=False,
        tracking=True,
        help="The last day on which a service month may begin with the discount.",
    )
    end_as = fields.Selection([("suspend", "Suspended"), ("end", "Ended")], readonly=True, copy=False)
    end_reason = fields.Text(readonly=True, copy=False)
    is_check_late = fields.Boolean(
        string="Warned for a Late Check", readonly=True, copy=False, help="The next verification withdraws the warning."
    )
    suspended_on = fields.Date(readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    note = fields.Text(string="Internal Note", groups="base.group_user")

    _one_open = models.UniqueIndex(
        "(commercial_partner_id, company_id) WHERE state <> 'ended' AND commercial_partner_id IS NOT NULL",
        "This organisation is in a programme of the company already.",
    )
    _has_name = models.Constraint(
        "CHECK(partner_id IS NOT NULL OR COALESCE(TRIM(applicant_name), '') <> '')",
        "An application names the organisation: choose its contact, or enter its name.",
    )
    _known_when_verified = models.Constraint(
        "CHECK(partner_id IS NOT NULL OR state IN ('applied', 'ended'))",
        "A membership is verified for an organisation that is a contact.",
    )
    _verified_before_active = models.Constraint(
        "CHECK(verified_on IS NOT NULL OR state IN ('applied', 'ended'))",
        "Nothing is granted before a person verified the organisation.",
    )
    _warned_before_end = models.Constraint(
        "CHECK((ends_on IS NULL) = (warned_on IS NULL) AND (ends_on IS NULL) = (end_as IS NULL))",
        "A warning has a day on which it was given and a day on which the discount ends.",
    )

    def _get_default_programme(self):
        return self.env["ngo.programme"].search([("company_id", "=", self.env.company.id)], limit=1)

    # Computes

    @api.depends("partner_id", "applicant_name")
    def _compute_display_name(self):
        for membership in self:
            membership.display_name = membership.partner_id.sudo().display_name or membership.sudo().applicant_name

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        """Of the day on which the contact was chosen: who changes employer does not take the membership along.

        Where the contact is the organisation itself, `_follow_organisation` goes along with it.
        """
        for membership in self:
            membership.commercial_partner_id = membership.sudo().partner_id.commercial_partner_id

    @api.depends("programme_id")
    def _compute_coordinator_id(self):
        for membership in self:
            membership.coordinator_id = membership.programme_id.coordinator_id

    @api.depends("programme_id")
    def _compute_discount_ids(self):
        """Take over the offer when the programme is chosen; later changes of the offer change nothing."""
        for membership in self.filtered("programme_id"):
            offered = membership.programme_id.discount_ids
            membership.discount_ids = [fields.Command.clear(), *offered._prepare_copies()]

    @api.depends("programme_id")
    def _compute_payment_days(self):
        for membership in self:
            membership.payment_days = membership.programme_id.payment_days

    @api.depends("state", "ends_on", "promotion_kind", "vat_decision", "benefit_ids")
    @api.depends_context("lang")
    def _compute_state_text(self):
        for membership in self:
            membership.state_text = membership._describe_state()

    def _describe_state(self):
        """Return where the membership stands, as a sentence that the organisation may read, too."""
        day = format_date(self.env, self.ends_on) if self.ends_on else ""
        if self.state == "active" and day and self.end_as == "end":
            return self.env._(
                "The membership ends: service months that begin after %(day)s are at the full price.", day=day
            )
        if self.state == "active" and day:
            return self.env._(
                "The discount ends: service months that begin after %(day)s are at the full price.", day=day
            )
        if self.state == "verified" and self.promotion_kind == "barter" and not self.vat_decision:
            return self.env._(
                "The organisation is verified. Its promotion is barter: an accountant decides on the VAT before the "
                "discount can begin."
            )
        if self.state == "ended" and not self.benefit_ids:
            return self.env._("The application was refused.")
        texts = {
            "applied": self.env._("The application waits for our look at the registers. Nothing is granted yet."),
            "verified": self.env._("The organisation is verified. The discount begins when the terms are agreed."),
            "active": self.env._("The discount is in force."),
            "suspended": self.env._("The discount is suspended: new service months are at the full price."),
            "ended": self.env._("The membership has ended."),
        }
        return texts[self.state]

    @api.constrains("partner_id", "programme_id", "state")
    def _check_one_open(self):
        """Name the other membership before the database refuses."""
        live = self.filtered(lambda m: m.commercial_partner_id and m.state != "ended")
        found = self.sudo().search(
            [("commercial_partner_id", "in", live.commercial_partner_id.ids), ("state", "!=", "ended")]
        )
        for membership in live:
            other = found.filtered(
                lambda m, mine=membership: (
                    m != mine
                    and (m.commercial_partner_id, m.company_id) == (mine.commercial_partner_id, mine.company_id)
                )
            )[:1]
            if other:
                raise UserError(
                    self.env._(
                        "%(organisation)s is in the programme %(programme)s already. Open that membership, or end "
                        "it first.",
                        organisation=membership.commercial_partner_id.sudo().display_name,
                        programme=other.programme_id.name,
                    )
                )

    # State

    def _require(self, step):
        """Refuse a step that the state does not have, with a sentence that says what would be possible."""
        for membership in self:
            try:
                rules.after(step, membership.state)
            except rules.NotPossible as refusal:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(member)s is in the state “%(state)s”: this is possible only in %(possible)s.",
                        member=membership.display_name,
                        state=labels[membership.state],
                        possible=", ".join(f"“{labels[state]}”" for state in refusal.possible),
                    )
                ) from refusal

    def _step(self, step, **values):
        """Write what a step does, with the state that it leads to."""
        for membership in self:
            membership._write_own({"state": rules.after(step, membership.state), **values})
        self.flush_recordset(["state"])
        self.filtered(lambda m: m.state == "ended")._drop_work()

    # Create, write, delete

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("ngo_own_write") is not _OWN_WRITE:
            for vals in vals_list:
                wrong = (OWN_FACTS | {"commercial_partner_id", "moved_from_id", "company_id"}) & ({*vals} - {"state"})
                if vals.get("state", "applied") != "applied" or wrong:
                    raise UserError(
                        self.env._(
                            "A membership begins as an application. Verify it with the button “Verify”, then activate "
                            "it."
                        )
                    )
        for vals in vals_list:
            self._normalise_numbers(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._normalise_numbers(vals)
        if self.env.context.get("ngo_own_write") is _OWN_WRITE:
            return super().write(vals)
        self._check_editable(vals)
        others = self._get_others_by(vals)
        done = super().write(vals)
        others._forget_verification()
        return done

    def _get_others_by(self, vals):
        """Return the memberships that become another organisation by these values."""
        will_change = self.env["account.move"]._field_will_change
        named = [name for name in EDITABLE["edit_identity"] if name in vals]
        return self.filtered(lambda m: any(will_change(m, vals, name) for name in named))

    def _forget_verification(self):
        """Let who is another organisation now be looked up again before anything is granted."""
        proof = dict.fromkeys(("next_check_on", "verified_on", "verified_by_id"), False)
        self.filtered("verified_on")._step("edit_identity", **proof)

    def _write_own(self, vals):
        return self.with_context(ngo_own_write=_OWN_WRITE).write(vals)

    def _check_editable(self, vals):
        """Refuse by hand what only the steps write, and what a state keeps."""
        if not (OWN_FACTS | FOLLOWING).isdisjoint(vals):
            raise UserError(
                self.env._(
                    "State, verification and dates of a membership follow from its buttons: verify, activate, warn."
                )
            )
        for step, names in EDITABLE.items():
            if not names.isdisjoint(vals):
                self._require(step)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        kept = self.filtered(lambda m: m.state != "applied" or m.sudo().verification_ids)[:1]
        if kept.state == "ended":
            raise UserError(self.env._("%(member)s has ended and stays as history.", member=kept.display_name))
        if kept:
            raise UserError(
                self.env._(
                    "%(member)s was looked up in a register once and stays as history. Refuse the application, or end "
                    "the membership, instead.",
                    member=kept.display_name,
                )
            )
