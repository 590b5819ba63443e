from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import benefit as rules

DEBTOR_KINDS = [
    ("no_business", "No business activity"),
    ("business", "Runs a business, too"),
    ("large", "Large enterprise"),
    ("public", "Public body"),
    ("public_medical", "Public body, medical"),
]
VAT_DECISIONS = [
    ("discount", "Discount: the base is the price after it"),
    ("in_price", "Part of the price: full price, set off with the organisation's document"),
]


class NgoMembership(models.Model):
    """The terms agreed with an organisation, and how they become a benefit that stays as it is (F12)."""

    _inherit = "ngo.membership"

    debtor_kind = fields.Selection(
        DEBTOR_KINDS,
        string="As a Debtor",
        required=True,
        default="no_business",
        tracking=True,
        help="An organisation without business activity is no party of the act on payment delays: its term is free.",
    )
    payment_warning = fields.Char(compute="_compute_payment_warning")
    asks_payment_clause = fields.Boolean(compute="_compute_payment_warning")
    vat_decision = fields.Selection(
        VAT_DECISIONS,
        string="Accountant's Decision on VAT",
        readonly=True,
        copy=False,
        tracking=True,
        help="Promotion that is owed may be a part of our pay (art. 29a (1) of the VAT act). The accountant decides.",
    )
    vat_decided_on = fields.Date(readonly=True, copy=False)
    vat_decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    vat_note = fields.Text(string="Why So", tracking=True, groups="base.group_user")
    documents = fields.Html(
        string="What Both Sides Document", compute="_compute_documents", help="Where promotion is owed as barter."
    )
    is_changed = fields.Boolean(
        string="Terms Not in Force",
        compute="_compute_is_changed",
        help="The agreed terms differ from those in force.",
    )

    _barter_is_decided = models.Constraint(
        "CHECK(state <> 'active' OR promotion_kind <> 'barter' OR vat_decision IS NOT NULL)",
        "Barter is in force only after an accountant decided on its VAT.",
    )

    # Term of payment

    @api.depends("payment_days", "payment_clause", "debtor_kind", "programme_id.creditor_is_small")
    def _compute_payment_warning(self):
        for membership in self:
            verdict = membership._judge_term()
            membership.asks_payment_clause = verdict.warns and verdict.limit is None
            membership.payment_warning = membership._describe_verdict(verdict)

    def _describe_terms(self):
        # EXTENDS ngo.terms.mixin
        texts = super()._describe_terms()
        if self._is_in_price():
            texts.append(
                self.env._(
                    "your promotion is part of the price: invoices have the full price, and its value is set off"
                )
            )
        return texts

    def _judge_term(self):
        """Return what the law says of the term of payment (`rules.benefit.TermVerdict`)."""
        self.ensure_one()
        return rules.judge_term(
            max(self.payment_days, 0),
            self.debtor_kind or "no_business",
            self.programme_id.creditor_is_small,
            bool(self.payment_clause and self.payment_clause.strip()),
        )

    def _describe_verdict(self, verdict):
        """Return a verdict as a sentence; nothing when there is nothing to say."""
        names = {"days": self.payment_days, "limit": verdict.limit}
        if verdict.limit is not None and verdict.is_refused:
            return self.env._(
                "%(days)s days: the act on payment delays allows at most %(limit)s here, whatever is agreed.", **names
            )
        if verdict.is_refused:
            return self.env._(
                "%(days)s days: more than 60 must be agreed expressly. Enter the clause of the agreement.", **names
            )
        if verdict.needs_clause:
            return self.env._("%(days)s days: longer than usual, expressly agreed by the clause below.", **names)
        if verdict.warns:
            return self.env._(
                "%(days)s days: longer than usual. VAT is due regardless of payment, and relief for bad debts counts "
                "90 days from the longer date. A clause in the agreement is good to have.",
                **names,
            )
        return False

    # Barter

    @api.constrains("promotion_kind", "vat_decision", "state")
    def _check_barter_is_decided(self):
        self.filtered(lambda m: m.state == "active")._require_vat_decision()

    def _require_vat_decision(self):
        for membership in self.filtered(lambda m: m.promotion_kind == "barter" and not m.vat_decision):
            raise UserError(
                self.env._(
                    "%(member)s: the promotion is barter. An accountant decides on its VAT first.",
                    member=membership.display_name,
                )
            )

    def action_decide_discount(self):
        """Button: the accountant treats the promotion as a reason for a discount."""
        return self._decide_vat("discount")

    def action_decide_in_price(self):
        """Button: the accountant treats the promotion as a part of our pay."""
        return self._decide_vat("in_price")

    def _decide_vat(self, decision):
        """Keep the accountant's decision; it counts for invoices made from today on, none is changed."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only an accountant decides how promotion is taxed."))
        self.check_access("read")
        for membership in self.sudo():
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
                }
            )
            if membership.state == "active" and not membership._is_as(membership._get_current()):
                membership._grant(self._get_today())
                membership._send("ngo_incubator.mail_template_ngo_terms")
        return True

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

    # In force

    @api.depends(
        "state",
        "benefit_ids.last_day",
        "payment_days",
        "payment_clause",
        "promotion_kind",
        "vat_decision",
        "discount_ids.percent",
        "discount_ids.plan_id",
        "discount_ids.scope",
    )
    def _compute_is_changed(self):
        for membership in self:
            current = membership._get_current()
            membership.is_changed = bool(membership.state == "active" and current) and not membership._is_as(current)

    def _get_current(self):
        """Return the benefit that was granted last."""
        return self.sudo().benefit_ids.sorted("id")[-1:]

    def _is_as(self, benefit):
        """Whether the agreed terms are those of a benefit."""
        return (
            self._get_terms() == benefit._get_terms()
            and (self.payment_clause or "") == (benefit.payment_clause or "")
            and self._is_in_price() == benefit.is_in_price
        )

    def _is_in_price(self):
        return self.promotion_kind == "barter" and self.vat_decision == "in_price"

    def _check_terms(self):
        """Refuse terms that cannot be granted: against the law, undecided, or beyond the offer."""
        for membership in self:
            if membership._judge_term().is_refused:
                raise UserError(
                    self.env._(
                        "%(member)s: %(problem)s",
                        member=membership.display_name,
                        problem=membership.payment_warning,
                    )
                )
            membership._require_vat_decision()
            membership._check_within_offer()

    def _check_within_offer(self):
        """Coordinators grant what the programme offers; beyond it a support manager decides."""
        if self.env.su or self.env.user.has_group("support_plans.group_support_manager"):
            return
        if not rules.is_better(self.programme_id._get_terms(), self._get_terms()):
            raise UserError(
                self.env._(
                    "%(member)s: the terms are better than the offer of %(programme)s. A support manager puts them in "
                    "force.",
                    member=self.display_name,
                    programme=self.programme_id.name,
                )
            )

    def action_change_terms(self):
        """Button: put changed terms in force. Better ones count at once; for worse ones the member is warned first."""
        self._check_coordinator()
        self._lock()
        self._require("change_terms")
        today = self._get_today()
        for membership in self.filtered("is_changed"):
            if membership.ends_on:
                raise UserError(
                    self.env._(
                        "%(member)s was told that the discount ends. Withdraw the warning before the terms change.",
                        member=membership.display_name,
                    )
                )
            membership._check_terms()
            current = membership._get_current()
            if rules.is_better(membership._get_terms(), current._get_terms()):
                membership._grant(today)
            else:
                membership._grant_later(today)
        return True

    def _grant(self, first_day, is_by_service=False):
        """Keep the agreed terms as the benefit from a day on.

        :param is_by_service: from service months that begin then, not from invoices
        """
        self.ensure_one()
        # What begins later was announced and never came into force; the database keeps one that goes on
        self._end_benefits(first_day)
        values = {**self._prepare_benefit(first_day), "is_by_service": is_by_service}
        self.env["ngo.benefit"].sudo().create(values)

    def _grant_later(self, today):
        """Keep worse terms as the benefit of service months that begin after a warning."""
        day = self._get_last_day(today, None)
        self._end_benefits(day)
        self._grant(fields.Date.add(day, days=1), is_by_service=True)
        self._send("ngo_incubator.mail_template_ngo_terms")

    def _prepare_benefit(self, first_day):
        terms = self.env["account.payment.term"]
        if self.payment_days:
            terms = terms._get_term_of_days(self.payment_days, self.company_id)
        return {
            **self._prepare_terms_copy(),
            "membership_id": self.id,
            "first_day": first_day,
            "last_day": self.ends_on,
            "payment_term_id": terms.id,
            "payment_clause": self.payment_clause,
            "is_in_price": self._is_in_price(),
        }

    def _end_benefits(self, day):
        """Let what goes on end with a day: the database lets only one go on."""
        for benefit in self.sudo().benefit_ids.filtered(lambda x: not x.last_day or x.last_day > day):
            benefit._write_own({"last_day": max(day, fields.Date.subtract(benefit.first_day, days=1))})
        self.env["ngo.benefit"].flush_model(["last_day"])

    def _resume_benefits(self):
        """Undo the end of what was granted: the last one goes on, the one before ends where that one begins."""
        benefits = self.sudo().benefit_ids.sorted("id")
        current, before = benefits[-1:], benefits[-2:-1]
        if current.is_by_service:
            before._write_own({"last_day": fields.Date.subtract(current.first_day, days=1)})
        current._write_own({"last_day": False})
