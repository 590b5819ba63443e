from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .ngo_membership import PROMOTION_KINDS

VAT_DECISIONS = [
    ("discount", "Discount: the base is the price after it"),
    ("in_price", "Part of the price: full price, set off with the organisation's document"),
]

#: What an accountant's decision writes.
_DECISION = ("vat_decision", "vat_decided_on", "vat_decided_by_id", "vat_note")
_VAT_ACTIVITY = "ngo_incubator.mail_activity_ngo_vat"


class NgoMembership(models.Model):
    """Promotion that is owed for the discount: its value, the accountant's decision, documents of both sides (F12)."""

    _inherit = "ngo.membership"

    promotion_kind = fields.Selection(
        PROMOTION_KINDS,
        string="Promotion",
        required=True,
        default="courtesy",
        tracking=True,
        help="Courtesy: thanks or a logo that nobody can demand. Barter: promotion with scope, time and value that the "
        "organisation owes for the discount.",
    )
    vat_decision = fields.Selection(
        VAT_DECISIONS,
        string="Accountant's Decision on VAT",
        readonly=True,
        copy=False,
        tracking=True,
        help="Promotion that is owed may be a part of our pay (art. 29a (1) of the VAT act). The accountant decides.",
    )
    vat_decided_on = fields.Date(string="Decided On", readonly=True, copy=False)
    vat_decided_by_id = fields.Many2one("res.users", string="Decided By", readonly=True, copy=False)
    vat_note = fields.Text(
        string="Reason of the Decision", readonly=True, copy=False, tracking=True, groups="base.group_user"
    )
    documents = fields.Html(
        string="What Both Sides Document", compute="_compute_documents", help="Where promotion is owed as barter."
    )

    def _is_in_price(self):
        return self.promotion_kind == "barter" and self.vat_decision == "in_price"

    def _check_barter(self):
        """Refuse barter without a value, or without a decision; courtesy needs neither."""
        for membership in self.filtered(lambda m: m.promotion_kind == "barter"):
            if not membership._has_agreed_value():
                raise UserError(
                    self.env._(
                        "%(member)s: the promotion is barter. Enter it with its value, and agree on it, first.",
                        member=membership.display_name,
                    )
                )
            if not membership.vat_decision:
                raise UserError(
                    self.env._(
                        "%(member)s: the promotion is barter. An accountant decides on its VAT first.",
                        member=membership.display_name,
                    )
                )

    def _has_agreed_value(self):
        return any(self._get_given_promotions().mapped("value"))

    def write(self, vals):
        # Another kind of promotion is another deal: what was decided on the old one does not count for it
        others = self.filtered(lambda m: m.promotion_kind != vals.get("promotion_kind", m.promotion_kind))
        done = super().write(vals)
        if decided := others.filtered("vat_decision"):
            decided._write_own(dict.fromkeys(_DECISION, False))
        if "promotion_kind" in vals:
            self._ask_accountant()
        return done

    # The decision

    def _ask_accountant(self):
        """Give the programme's accountant the decision to make while promotion is owed; else take it back."""
        for membership in self.sudo().filtered(lambda m: m.state != "ended"):
            is_open = membership.promotion_kind == "barter" and not membership.vat_decision
            if is_open and membership._has_agreed_value():
                accountant = membership.programme_id.accountant_id.filtered(membership._can_be_asked)
                membership._give_work(_VAT_ACTIVITY, self._get_today(), accountant)
            else:
                membership.activity_unlink([_VAT_ACTIVITY])

    def action_open_vat_decision(self):
        """Button: the accountant decides, and says why."""
        self.ensure_one()
        self._check_accountant()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on VAT"),
            "res_model": "ngo.vat.decision.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_membership_id": self.id},
        }

    def _check_accountant(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only an accountant decides how promotion is taxed."))
        self.check_access("read")

    def _decide_vat(self, decision, note):
        """Keep the accountant's decision; it counts for invoices made from today on, none is changed.

        :param decision: "discount" or "in_price"
        :param note: why so
        """
        self._check_accountant()
        for membership in self.sudo():
            membership._lock()
            if membership.promotion_kind != "barter":
                raise UserError(
                    self.env._(
                        "%(member)s: nothing is to be decided, its promotion is not owed as barter.",
                        member=membership.display_name,
                    )
                )
            membership._write_own(
                {
                    "vat_decision": decision,
                    "vat_decided_on": self._get_today(),
                    "vat_decided_by_id": self.env.uid,
                    "vat_note": note,
                }
            )
            membership.activity_feedback([_VAT_ACTIVITY], feedback=note)
            membership._follow_decision(self._get_today())
        return True

    def _follow_decision(self, today):
        """Let the benefit in force follow the decision: its terms stay, also when others were agreed since."""
        current = self._get_current()
        if self.state != "active" or current.promotion_kind != "barter" or current.is_in_price == self._is_in_price():
            return
        kept = {**current._prepare_copy(), "is_in_price": self._is_in_price()}
        self._keep_benefit(kept, max(today, current.first_day), current.is_by_service and current.first_day > today)
        self._send("ngo_incubator.mail_template_ngo_terms")

    # Documents

    @api.depends("promotion_kind", "vat_decision")
    @api.depends_context("lang")
    def _compute_documents(self):
        for membership in self:
            items = Markup().join(Markup("<li>%s</li>") % text for text in membership._get_documents())
            membership.documents = items and Markup("<ul>%s</ul>") % items

    def _get_documents(self):
        """Return what both sides must document, as sentences; nothing unless the promotion is owed."""
        self.ensure_one()
        if self.promotion_kind != "barter":
            return []
        common = [
            self.env._(
                "Agreement: scope, channel, time and value of the promotion, licence for the logo, and what follows "
                "without it."
            ),
            self.env._(
                "Evidence: address of the page with dated checks, pictures, prints, reach; a record of acceptance."
            ),
        ]
        if self.vat_decision == "discount":
            return [
                *common,
                self.env._("Our invoices: price before and after the discount; VAT on the price after it."),
                self.env._(
                    "The accountant's note why the promotion is no pay for the service (art. 29a (7) 2 of the VAT act)."
                ),
            ]
        return [
            *common,
            self.env._("Our invoices: the full price, VAT on all of it (art. 29a (1) of the VAT act)."),
            self.env._(
                "The organisation: an invoice for advertising, or a bill when it is exempt, for the value of the "
                "promotion."
            ),
            self.env._("Both: a statement of set-off (art. 498 of the Civil Code); only the rest is paid."),
        ]
