from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import benefit as rules

DEBTOR_KINDS = [
    ("no_business", "No business activity"),
    ("business", "Runs a business, too"),
    ("large", "Large enterprise"),
    ("public", "Public body"),
    ("public_medical", "Public body, medical"),
]


class NgoMembership(models.Model):
    """The terms agreed with an organisation: what the law says of them, and what the programme offers (F12)."""

    _inherit = "ngo.membership"

    debtor_kind = fields.Selection(
        DEBTOR_KINDS,
        string="Kind of Debtor",
        required=True,
        default="no_business",
        tracking=True,
        help="An organisation without business activity is no party of the act on payment delays: its term is free.",
    )
    payment_warning = fields.Char(compute="_compute_payment_warning")
    asks_payment_clause = fields.Boolean(compute="_compute_payment_warning")

    # Term of payment

    @api.depends("payment_days", "payment_clause", "debtor_kind", "programme_id.creditor_is_small")
    def _compute_payment_warning(self):
        for membership in self:
            verdict = membership._judge_term()
            membership.asks_payment_clause = verdict.warns and verdict.limit is None
            membership.payment_warning = membership._describe_verdict(verdict)

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

    @api.constrains("debtor_kind")
    def _check_debtor(self):
        """Refuse that an active member becomes a debtor to whom the agreed term cannot be given."""
        self.filtered(lambda m: m.state == "active")._check_term_is_allowed()

    def _check_term_is_allowed(self):
        for membership in self.filtered(lambda m: m._judge_term().is_refused):
            raise UserError(
                self.env._(
                    "%(member)s: %(problem)s", member=membership.display_name, problem=membership.payment_warning
                )
            )

    # What can be granted

    def _check_terms(self):
        """Refuse terms that cannot be granted: none, against the law, undecided, or beyond the offer."""
        for membership in self:
            if not (membership.discount_ids.filtered("percent") or membership.payment_days):
                raise UserError(
                    self.env._(
                        "%(member)s: there is neither a discount nor a term of payment to grant. Enter the terms "
                        "first.",
                        member=membership.display_name,
                    )
                )
            membership._check_term_is_allowed()
            membership._check_barter()
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
