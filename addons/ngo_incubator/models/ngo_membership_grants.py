from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import benefit as rules


class NgoMembership(models.Model):
    """How agreed terms become a benefit that stays as it is, and how a warning ends it (F12)."""

    _inherit = "ngo.membership"

    is_changed = fields.Boolean(
        string="Terms Not in Force",
        compute="_compute_is_changed",
        help="The agreed terms differ from those in force.",
    )

    @api.depends(
        "state",
        "benefit_ids.last_day",
        "payment_days",
        "payment_clause",
        "promotion_kind",
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
            and self.promotion_kind == benefit.promotion_kind
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
            if membership._is_better_than_now(today):
                membership._grant(today)
                membership._send("ngo_incubator.mail_template_ngo_terms")
            else:
                membership._grant_later(today)
        return True

    def _is_better_than_now(self, today):
        """Whether the agreed terms are at least as good as all that counts now, or was announced."""
        live = self.sudo().benefit_ids.filtered(lambda x: not x.last_day or x.last_day >= today)
        is_better = all(rules.is_better(self._get_terms(), x._get_terms()) for x in live)
        return is_better and not (self._is_in_price() and not all(live.mapped("is_in_price")))

    # Grant

    def _grant(self, first_day, is_by_service=False):
        """Keep the agreed terms as the benefit from a day on.

        :param is_by_service: from service months that begin then, not from invoices
        """
        self.ensure_one()
        terms = self.env["account.payment.term"]
        if self.payment_days:
            terms = terms._get_term_of_days(self.payment_days, self.company_id)
        agreed = {
            **self._prepare_terms_copy(),
            "payment_term_id": terms.id,
            "payment_clause": self.payment_clause,
            "promotion_kind": self.promotion_kind,
            "is_in_price": self._is_in_price(),
        }
        self._keep_benefit(agreed, first_day, is_by_service)

    def _grant_later(self, today):
        """Keep worse terms as the benefit of service months that begin after a warning."""
        day = self._get_last_day(today, None)
        self._end_benefits(day)
        self._grant(fields.Date.add(day, days=1), is_by_service=True)
        self._send("ngo_incubator.mail_template_ngo_terms")

    def _keep_benefit(self, terms, first_day, is_by_service):
        """Create a benefit; the one before it ends, because the database lets only one go on."""
        self._end_benefits(first_day)
        self.sudo().benefit_ids._write_own({"is_warned": False})
        self.env["ngo.benefit"].sudo().create(
            {
                **terms,
                "membership_id": self.id,
                "first_day": first_day,
                "last_day": self.ends_on,
                "is_by_service": is_by_service,
                "is_warned": bool(self.ends_on),
            }
        )

    def _end_benefits(self, day):
        """Let what goes on end with a day."""
        for benefit in self.sudo().benefit_ids.filtered(lambda x: not x.last_day or x.last_day > day):
            benefit._end_on(day)
        self.env["ngo.benefit"].flush_model(["last_day"])

    # Warn

    def _warn_benefits(self, day):
        """End what goes on with the day of a warning, so that its withdrawal knows how it was."""
        self._resume_benefits()
        for benefit in self.sudo().benefit_ids.filtered(lambda x: not x.last_day or x.last_day > day):
            benefit._write_own({"is_warned": True, "planned_last_day": benefit.last_day})
            benefit._end_on(day)

    def _resume_benefits(self):
        """Undo a warning: each benefit that it ended goes on until the day that was planned before."""
        for benefit in self.sudo().benefit_ids.filtered("is_warned"):
            benefit._write_own({"is_warned": False, "last_day": benefit.planned_last_day, "planned_last_day": False})
