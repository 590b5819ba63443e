from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..rules import terms as terms_rules

FEE_KINDS = [
    ("month", "Month in advance"),
    ("year", "Year in advance"),
    ("difference", "Difference to a dearer plan"),
]
_ONE_DAY = timedelta(days=1)
#: What the client pays; on a fee it is the agreement's, and the agreement's are frozen.
FEE_TERMS = frozenset(
    {"price_unit", "specific_price", "automatic_price", "quantity", "discount", "product_id", "date_start", "date_end"}
)


class ContractLine(models.Model):
    """A line of an agreement; the lines of kind "fee" bill its plan by anchored service months (P9, F9, D5)."""

    _inherit = "contract.line"

    plan_fee_kind = fields.Selection(
        FEE_KINDS,
        string="Plan Fee",
        readonly=True,
        copy=False,
        help="Set on the lines that bill the plan: a month, a prepaid year, or the difference to a "
        "dearer plan until the end of a prepaid year.",
    )
    is_plan_fee = fields.Boolean(compute="_compute_is_plan_fee", store=True)
    support_plan_id = fields.Many2one(
        "support.plan",
        string="Plan",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The plan that this fee is for: a change of plan leaves it as it is.",
    )
    list_price_month = fields.Float(
        string="Monthly List Price",
        digits="Product Price",
        readonly=True,
        copy=False,
        help="Net price of a month by the monthly price list, when the agreement or its plan was signed.",
    )
    is_fee_closed = fields.Boolean(
        readonly=True, copy=False, help="A change of plan ended this fee: it is never prolonged."
    )
    is_end_cut = fields.Boolean(
        readonly=True, copy=False, help="The agreement ends before this line does by itself; see its own end."
    )
    own_end = fields.Date(readonly=True, copy=False, help="Last day before the end of the agreement cut it.")

    @api.depends("plan_fee_kind")
    def _compute_is_plan_fee(self):
        for line in self:
            line.is_plan_fee = bool(line.plan_fee_kind)

    @api.depends("plan_fee_kind", "contract_id.date_start")
    def _compute_next_period_date_end(self):
        # EXTENDS contract: OCA adds a month to the last period, so the 31st drifts to the 28th (D5)
        fees = self.filtered("is_plan_fee")
        result = super(ContractLine, self - fees)._compute_next_period_date_end()
        for line in fees:
            first = line.next_period_date_start
            line.next_period_date_end = first and line._get_fee_period_end(first)
        return result

    @api.constrains("plan_fee_kind", "date_start")
    def _check_fee_start(self):
        for line in self.filtered("is_plan_fee"):
            anchor = line.contract_id.date_start
            number = line.date_start >= anchor and terms_rules.service_month_number(anchor, line.date_start)
            if number is False or terms_rules.service_month(anchor, number)[0] != line.date_start:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s: a plan fee begins on the first day of a service month; %(day)s is not one.",
                        agreement=line.contract_id.display_name,
                        day=format_date(self.env, line.date_start),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed_fee(self):
        billed = self.filtered(lambda line: line.is_plan_fee and line.last_date_invoiced)
        if billed:
            raise UserError(
                self.env._(
                    "The fee %(fee)s of %(agreement)s is on invoices and cannot be deleted: its "
                    "periods would be invoiced again.",
                    fee=billed[0].display_name,
                    agreement=billed[0].contract_id.display_name,
                )
            )

    # Periods

    def _get_fee_period_end(self, first):
        """Return the last day to bill with the period in which `first` falls: not past the line's end."""
        end = self._get_fee_anchored_end(first)
        return min(end, self.date_end) if self.date_end else end

    def _get_fee_anchored_end(self, first):
        """Return the last day of the service month, or of the prepaid year, in which `first` falls (D5).

        Years count from the day this line begins, months from the start of the agreement.
        """
        self.ensure_one()
        anchor = self.contract_id.date_start
        number = terms_rules.service_month_number(anchor, first)
        if self.plan_fee_kind != "month":
            begin = terms_rules.service_month_number(anchor, self.date_start)
            number += 11 - (number - begin) % 12
        return terms_rules.service_month(anchor, number)[1]

    def _get_fee_months(self, first, last):
        """Return how many service months are started from `first` to `last`, both included (D5)."""
        anchor = self.contract_id.date_start
        numbers = [terms_rules.service_month_number(anchor, day) for day in (first, last)]
        return numbers[1] - numbers[0] + 1

    def _get_paid_until(self, day):
        """Return the last day that this fee pays for when the plan changes on a day; False for none.

        The period in which the day before falls is paid to its end, and so is what is invoiced ahead.
        """
        if self.is_fee_closed:
            return self.date_end
        before = day - _ONE_DAY
        begun = self.date_start <= before and self._get_fee_period_end(before)
        return max(filter(None, (begun, self.last_date_invoiced)), default=False)

    def _get_period_to_invoice(self, last_date_invoiced, recurring_next_date, stop_at_date_end=True):
        # EXTENDS contract
        if not self.is_plan_fee or not recurring_next_date:
            return super()._get_period_to_invoice(
                last_date_invoiced, recurring_next_date, stop_at_date_end=stop_at_date_end
            )
        first = last_date_invoiced + _ONE_DAY if last_date_invoiced else self.date_start
        end = self._get_fee_period_end if stop_at_date_end else self._get_fee_anchored_end
        return first, end(first), recurring_next_date

    # Invoice lines

    def _get_quantity_to_invoice(self, period_first_date, period_last_date, invoice_date):
        # EXTENDS contract: a year is billed by its started months, 12 unless it is cut short
        if self.plan_fee_kind in ("year", "difference"):
            return self._get_fee_months(period_first_date, period_last_date)
        return super()._get_quantity_to_invoice(period_first_date, period_last_date, invoice_date)

    def _get_fee_price(self, first, last):
        """Return the net price of one month: the lower yearly price only to the end of a paid year (F9).

        What the end of the agreement cuts costs the monthly list price, a difference that of the two plans; the
        rest of a year whose first months were billed so, because of a notice that was withdrawn, does not.
        """
        return self.list_price_month if self._is_cut_short(first, last) else self.price_unit

    def _is_cut_short(self, first, last):
        """Whether a period lacks months until the end of its paid year."""
        if self.plan_fee_kind == "month":
            return False
        whole = self._get_fee_anchored_end(first)
        if self.plan_fee_kind == "difference":
            whole = self.own_end if self.is_end_cut else self.date_end
        return self._get_fee_months(first, last) < self._get_fee_months(first, whole)

    def _get_net_price(self, first, last):
        """Return the net price of one month after any discount, for previews; the invoice line shows both."""
        return self._get_fee_price(first, last) * (1 - self.discount / 100)

    def _prepare_invoice_line(self):
        # EXTENDS contract
        values = super()._prepare_invoice_line()
        if not self.is_plan_fee or not values:
            return values
        first, last, _day = self._get_period_to_invoice(self.last_date_invoiced, self.recurring_next_date)
        return {
            **values,
            "price_unit": self._get_fee_price(first, last),
            "list_price_month": self.list_price_month,
            "is_plan_fee": True,
            "service_period_start": first,
            "service_period_end": last,
        }

    def _insert_markers(self, first_date_invoiced, last_date_invoiced):
        # EXTENDS contract: OCA falls back to the American date format
        if not self.is_plan_fee:
            return super()._insert_markers(first_date_invoiced, last_date_invoiced)
        lang = self.contract_id._get_client_lang()
        name = self.name
        for marker, day in (("#START#", first_date_invoiced), ("#END#", last_date_invoiced)):
            name = name.replace(marker, format_date(self.env, day, lang_code=lang))
        return name

    def write(self, vals):
        # EXTENDS contract: the fee follows the agreement's frozen price; it is not edited beside it
        if not FEE_TERMS.isdisjoint(vals) and not self.env.su:
            self.check_access("write")
            fee = self.filtered(lambda line: line.is_plan_fee and line.contract_id.support_state != "draft")[:1]
            if fee and not self.env.user.has_group("support_plans.group_support_manager"):
                raise UserError(
                    self.env._(
                        "The fee of %(agreement)s follows its frozen terms: only a support manager may change it.",
                        agreement=fee.contract_id.display_name,
                    )
                )
        return super().write(vals)

    # The end of the agreement cuts its lines; a notice that is withdrawn gives them their own end back

    def _end_with_agreement(self, day):
        """End what would run past the last day of the agreement, and keep its own end."""
        for line in self.filtered(lambda x: not x.is_canceled and (not x.date_end or x.date_end > day)):
            line.write({"is_end_cut": True, "own_end": line.date_end})
            line._end_on(day)

    def _restore_own_end(self):
        """Undo `_end_with_agreement`."""
        for line in self.filtered("is_end_cut"):
            line._end_on(line.own_end)
            line.write({"is_end_cut": False, "own_end": False})

    def _end_on(self, day):
        """End one line on a day, or with a later day or False prolong it."""
        if self.is_plan_fee:
            self._end_fee_on(day)
        elif day and self.date_start and self.date_start > day:
            self.is_canceled = True
        else:
            self.write({"is_canceled": False, "date_end": day and max(day, self.last_date_invoiced or day)})

    def _end_fee_on(self, day):
        """End, or with a later day or False prolong, a fee; `last_date_invoiced` follows in the same write."""
        for line, booked in self._get_booked_periods().items():
            if day and line.date_start > day:
                line.is_canceled = True
                continue
            until = line._get_billed_until(booked)
            line.write(
                {
                    "is_canceled": False,
                    "date_end": day,
                    "last_date_invoiced": min(until, day) if until and day else until,
                }
            )
