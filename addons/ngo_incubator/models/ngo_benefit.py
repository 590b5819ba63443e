from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules import benefit as benefit_rules
from .ngo_membership import PROMOTION_KINDS

#: Context mark of this addon's own writes. An object, so that no client of the API can send it.
_OWN_WRITE = object()


class NgoBenefit(models.Model):
    """Terms that were put in force for a member, from a day to a day; append-only (F12).

    What was granted stays readable when the membership ends or the offer changes. Only the last day is
    written later, by a warning or its withdrawal.
    """

    _name = "ngo.benefit"
    _description = "Benefit of an Organisation"
    _inherit = ["ngo.terms.mixin"]
    _order = "first_day desc, id desc"

    membership_id = fields.Many2one(
        "ngo.membership", string="Member", required=True, readonly=True, index=True, ondelete="restrict"
    )
    programme_id = fields.Many2one(related="membership_id.programme_id", store=True, index=True)
    company_id = fields.Many2one(related="membership_id.company_id", store=True, index=True)
    commercial_partner_id = fields.Many2one(related="membership_id.commercial_partner_id", store=True, index=True)
    first_day = fields.Date(
        string="From", required=True, readonly=True, help="Invoices made from this day on have the discount."
    )
    last_day = fields.Date(
        string="Until",
        readonly=True,
        help="Service months that begin later are at the full price. Empty: it goes on.",
    )
    is_by_service = fields.Boolean(
        string="From Service Months",
        readonly=True,
        help="It begins with the service months from its first day on: what is invoiced later for an earlier month "
        "keeps the better terms.",
    )
    discount_ids = fields.One2many("ngo.discount", "benefit_id", string="Discounts", readonly=True)
    payment_days = fields.Integer(readonly=True)
    payment_term_id = fields.Many2one("account.payment.term", readonly=True, ondelete="restrict")
    payment_clause = fields.Text(string="Clause on Payment", readonly=True)
    is_warned = fields.Boolean(readonly=True, help="A warning that can be withdrawn ended it.")
    planned_last_day = fields.Date(readonly=True, help="Its last day before the warning.")
    promotion_kind = fields.Selection(PROMOTION_KINDS, string="Promotion", readonly=True)
    is_in_price = fields.Boolean(
        string="Promotion Is Part of the Price",
        readonly=True,
        help="Barter: the invoice has the full price, and what the organisation's promotion is worth is set off by "
        "documents of both sides. The discount is not on the invoices.",
    )

    _days_ordered = models.Constraint(
        "CHECK(last_day IS NULL OR last_day >= first_day - 1)", "A benefit does not end before it begins."
    )
    _one_open = models.UniqueIndex(
        "(membership_id) WHERE last_day IS NULL", "This member has a benefit that goes on already."
    )

    @api.depends("membership_id", "first_day", "last_day")
    def _compute_display_name(self):
        for benefit in self:
            days = filter(None, (benefit.first_day, benefit.last_day))
            benefit.display_name = " – ".join(
                [benefit.membership_id.display_name or "", *(format_date(self.env, day) for day in days)]
            )

    def write(self, vals):
        if self.env.context.get("ngo_own_write") is not _OWN_WRITE:
            self._refuse_change()
        return super().write(vals)

    def _write_own(self, vals):
        return self.with_context(ngo_own_write=_OWN_WRITE).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_granted(self):
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "A benefit that was granted stays as it was: invoices were made by it. Change the terms of the "
                "membership and put them in force, or give a warning."
            )
        )

    def _is_in_price(self):
        # EXTENDS ngo.terms.mixin
        return self.is_in_price

    def _end_on(self, day):
        """Let it end on a day; one that begins later never counts."""
        self._write_own({"last_day": max(day, fields.Date.subtract(self.first_day, days=1))})

    def _prepare_copy(self):
        """Return the same terms as values for another benefit."""
        return {
            **self._prepare_terms_copy(),
            "payment_term_id": self.payment_term_id.id,
            "payment_clause": self.payment_clause,
            "promotion_kind": self.promotion_kind,
        }

    # What it gives

    def _find(self, company, invoiced_on, first, figure=None):
        """Return the benefit that counts for a service period; empty for none.

        :param company: res.company that invoices
        :param invoiced_on: the day on which it is invoiced
        :param first: first day of the service period
        :param figure: what a benefit gives, as a function of it; of several that count, the highest one does
        """
        ordered = sorted((x for x in self if x.company_id == company), key=lambda x: x.id)
        windows = [benefit_rules.Window(x.first_day, x.last_day or None, x.is_by_service) for x in ordered]
        gives = [figure(x) for x in ordered] if figure else ()
        place = benefit_rules.find(windows, invoiced_on, first, gives)
        return self.browse() if place is None else ordered[place]

    def _get_fee_percent(self, plan):
        """Return the discount on invoices for the fee of a plan; 0 where the promotion is part of the price."""
        if not self or self.is_in_price:
            return Decimal(0)
        return benefit_rules.percent_of(self._get_plan_discounts(), plan.id)

    def _get_hours_percent(self):
        """Return the discount on invoices for hours by the hourly rate."""
        if not self or self.is_in_price:
            return Decimal(0)
        return self._get_hours_discount()
