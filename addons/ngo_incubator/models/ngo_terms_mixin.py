from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class NgoTermsMixin(models.AbstractModel):
    """The terms for organisations: on the programme as offered, on the membership as agreed, on the benefit as kept."""

    _name = "ngo.terms.mixin"
    _description = "Terms for Organisations"

    payment_days = fields.Integer(
        string="Term of Payment (days)",
        help="Days from the date of the invoice. 0: the term of the agreement; a longer one of the agreement stays.",
    )

    @api.constrains("payment_days")
    def _check_payment_days(self):
        for terms in self:
            if not 0 <= terms.payment_days <= 365:
                raise ValidationError(
                    self.env._(
                        "%(record)s: a term of payment has from 0 to 365 days, not %(days)s.",
                        record=terms.display_name,
                        days=terms.payment_days,
                    )
                )

    def _get_plan_discounts(self):
        """Return {plan id, None for all others: percent as Decimal}, for `rules/benefit.py`."""
        self.ensure_one()
        fees = self.discount_ids.filtered(lambda x: x.scope != "hours")
        return {x.plan_id.id or None: _to_percent(x.percent) for x in fees}

    def _get_hours_discount(self):
        """Return the percent on hours that are billed by the hour."""
        self.ensure_one()
        return _to_percent(sum(self.discount_ids.filtered(lambda x: x.scope == "hours").mapped("percent")))

    def _get_terms(self):
        """Return the terms as `rules/benefit.py` compares them."""
        return self._get_plan_discounts(), self._get_hours_discount(), self.payment_days

    def _prepare_terms_copy(self):
        """Return the same terms as values for another record."""
        self.ensure_one()
        return {"payment_days": self.payment_days, "discount_ids": self.discount_ids._prepare_copies()}

    def _is_in_price(self):
        """Whether promotion is a part of the price, so that invoices have no discount."""
        return False

    def _describe_terms(self):
        """Return the terms as a list of sentences, for people."""
        self.ensure_one()
        texts = [discount._describe() for discount in self.discount_ids]
        if self._is_in_price():
            texts = [
                self.env._(
                    "invoices have the full price; what your promotion is worth is set off by documents of both sides"
                )
            ]
        if self.payment_days:
            texts.append(self.env._("invoices are due in %(days)s days", days=self.payment_days))
        return texts


def _to_percent(value):
    return Decimal(str(value))
