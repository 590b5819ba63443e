from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..rules import terms as terms_rules
from .contract_contract import LIVE_STATES

_ONE_DAY = timedelta(days=1)


class ContractContract(models.Model):
    """How an agreement is invoiced: its fee lines, through OCA's recurring cron (P8, F9)."""

    _inherit = "contract.contract"

    plan_fee_line_ids = fields.One2many(
        "contract.line", "contract_id", string="Plan Fees", domain=[("is_plan_fee", "=", True)]
    )

    has_posted_invoice = fields.Boolean(compute="_compute_has_posted_invoice", compute_sudo=True)
    invoice_from = fields.Date(
        copy=False,
        help="For an agreement taken over from elsewhere: the first day that is invoiced here, the "
        "beginning of a service month (of a service year, when it is paid yearly). Empty: from "
        "the start.",
    )

    @api.depends("plan_fee_line_ids")
    def _compute_has_posted_invoice(self):
        posted = self.env["account.move.line"]._read_group(
            [("contract_line_id.contract_id", "in", self.ids), ("parent_state", "=", "posted")],
            ["contract_line_id"],
        )
        agreements = {line.contract_id.id for (line,) in posted}
        for agreement in self:
            agreement.has_posted_invoice = agreement.id in agreements

    @api.constrains("invoice_from", "date_start", "payment_period")
    def _check_invoice_from(self):
        for agreement in self.filtered(lambda c: c.invoice_from and c.date_start):
            if not agreement._is_period_start(agreement.invoice_from):
                raise ValidationError(
                    self.env._(
                        "%(agreement)s: %(day)s is not the first day of a period that is invoiced. "
                        "The nearest one after it is %(next)s.",
                        agreement=agreement.display_name,
                        day=format_date(self.env, agreement.invoice_from),
                        next=format_date(self.env, agreement._get_next_period_start()),
                    )
                )

    def _is_period_start(self, day):
        """Whether a service month, or the service year of a prepaid agreement, begins on a day (D5)."""
        if day < self.date_start:
            return False
        number = terms_rules.service_month_number(self.date_start, day)
        whole_year = self.payment_period == "month" or number % 12 == 0
        return whole_year and terms_rules.service_month(self.date_start, number)[0] == day

    def _get_month_start(self, day):
        """Return the first day of the service month in which a day falls (D5)."""
        number = terms_rules.service_month_number(self.date_start, day)
        return terms_rules.service_month(self.date_start, number)[0]

    def _get_next_period_start(self):
        """Return the first day after `invoice_from` on which a service month, or year, begins."""
        day = terms_rules.next_service_month(self.date_start, self.invoice_from)
        while not self._is_period_start(day):
            day = terms_rules.next_service_month(self.date_start, day)
        return day

    @api.depends("support_plan_id")
    def _compute_recurring_next_date(self):
        # EXTENDS contract: without anything left to bill there is no next date
        agreements = self.filtered("support_plan_id")
        result = super(ContractContract, self - agreements)._compute_recurring_next_date()
        for agreement in agreements:
            lines = agreement.contract_line_ids.filtered(lambda line: not line.is_canceled and line.recurring_next_date)
            agreement.recurring_next_date = min(lines.mapped("recurring_next_date"), default=False)
        return result

    # Fee lines

    def _get_open_fee_lines(self):
        """Return the fee lines that a change of plan has not ended; not the one-off differences."""
        return self.plan_fee_line_ids.filtered(
            lambda line: not line.is_fee_closed and line.plan_fee_kind != "difference"
        )

    def _create_fee_line(self, day):
        """Create the fee of the plan from a day on; a free plan has none."""
        self.ensure_one()
        price, end = self._get_fee_price(), self._get_agreed_end()
        if price and (not end or day <= end):
            line = self._create_plan_line(self.payment_period, price, self.list_price_month, day, end)
            line._sync_last_date_invoiced()

    def _create_plan_line(self, kind, price, list_price, day, day_end):
        values = self._prepare_fee_line(kind, price, list_price, day, day_end)
        return self.env["contract.line"].create(values)

    def _get_fee_price(self):
        """Return the net price of one month for this way of payment (F9)."""
        return self.list_price_month if self.payment_period == "month" else self.price_year_month

    def _prepare_fee_line(self, kind, price, list_price, day, day_end):
        """Return the values of a fee line.

        :param kind: "month", "year" or "difference"; the latter two are billed by 12 months
        :param price: net price of one month
        :param list_price: the monthly list price beside it; of a difference, that of the two plans (D4)
        """
        product = self.support_plan_id.product_id.with_context(lang=self._get_client_lang())
        return {
            "contract_id": self.id,
            "plan_fee_kind": kind,
            "support_plan_id": self.support_plan_id.id,
            "product_id": product.id,
            "name": self._get_fee_text(product, kind),
            "quantity": 1 if kind == "month" else 12,
            "uom_id": product.uom_id.id,
            "automatic_price": False,
            "specific_price": price,
            "list_price_month": list_price,
            "recurring_rule_type": "monthly" if kind == "month" else "yearly",
            "recurring_interval": 1,
            "recurring_invoicing_type": "pre-paid",
            "date_start": day,
            "date_end": day_end,
        }

    def _get_fee_text(self, product, kind):
        """Return the text on the invoice, in the client's language; OCA fills in the period."""
        env = self.with_context(lang=self._get_client_lang()).env
        name = product.get_product_multiline_description_sale()
        if kind == "difference":
            name = env._("Change of plan, difference: %(plan)s", plan=name)
        return f"{name}\n" + env._("Service period: #START# – #END#")

    def _update_fee_prices(self):
        """Let an exception in the price reach the fee that is still to be billed."""
        for agreement in self.filtered(lambda c: c.support_state in LIVE_STATES):
            lines = agreement._get_open_fee_lines()
            lines.write({"specific_price": agreement._get_fee_price(), "list_price_month": agreement.list_price_month})
            if not lines:
                agreement._begin_fee()

    def _begin_fee(self):
        """Bill an agreement that was free until now from its next service month."""
        today = self._get_today()
        day = terms_rules.next_service_month(self.date_start, today)
        self._create_fee_line(max(day, self._get_paid_until(day) + _ONE_DAY))
        line = self._get_open_fee_lines()
        if line:
            self.message_post(
                body=self.env._(
                    "The agreement has a price now. Its fee is invoiced from %(day)s.",
                    day=format_date(self.env, line.date_start),
                )
            )
            self._end_lines()

    def _get_paid_until(self, day):
        """Return the last day that the present fees pay for when the plan, or its price, changes on a day."""
        fees = self.plan_fee_line_ids.filtered(lambda x: x.plan_fee_kind != "difference" and not x.is_canceled)
        paid = [line._get_paid_until(day) for line in fees]
        return max([day - _ONE_DAY, *filter(None, paid)])

    def _get_paid_year_end(self, day):
        """Return the last day of the prepaid year in which a day falls; False when it is not prepaid."""
        lines = self.plan_fee_line_ids.filtered(
            lambda line: (
                line.plan_fee_kind == "year"
                and not line.is_canceled
                and line.date_start <= day
                and (not line.date_end or day <= line.date_end)
            )
        )
        return lines and max(line._get_fee_period_end(day) for line in lines)

    # Buttons

    def action_undo_start(self):
        """Make an agreement that was started by mistake a draft again; not after an invoice was posted."""
        if not self.env.user.has_group("support_plans.group_support_manager"):
            raise AccessError(self.env._("Only a support manager may undo the start of an agreement."))
        for agreement in self:
            if agreement.support_state not in ("running", "notice") or agreement.has_posted_invoice:
                raise UserError(
                    self.env._(
                        "The start of %(agreement)s cannot be undone: it is not running, or an invoice was "
                        "posted. Give notice instead.",
                        agreement=agreement.display_name,
                    )
                )
            if agreement._get_open_resignation():
                raise UserError(
                    self.env._(
                        "%(agreement)s has a resignation: withdraw it before the start is undone.",
                        agreement=agreement.display_name,
                    )
                )
            agreement._undo_start()
        return True

    def _undo_start(self):
        """Take the plan off drafts, delete the fee lines, and go back to draft; the history keeps it."""
        agreement = self.sudo()
        agreement._get_plan_lines_on_drafts()._take_off_drafts()
        agreement.plan_change_ids.filtered(lambda change: change.state == "scheduled").action_cancel()
        agreement.plan_fee_line_ids.unlink()
        agreement._write_own(
            {"support_state": "draft", "plan_terms_version": 0, "notice_on": False, "notice_reason": False}
        )
        self._message_log(body=self.env._("The start was undone by %(person)s.", person=self.env.user.display_name))

    def _get_plan_lines_on_drafts(self):
        """Return the invoice lines on drafts that the plan made; not those of other things of the agreement."""
        drafts = self._get_related_invoices().filtered(lambda move: move.state == "draft")
        return drafts.invoice_line_ids.filtered(lambda line: line.contract_line_id in self.plan_fee_line_ids)

    def action_create_invoice(self):
        """Invoice what is due today. Accountants read agreements, so the dates move as superuser."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only invoicing users may create invoices."))
        moves = self.sudo()._recurring_create_invoice(self._get_today())
        if not moves:
            raise UserError(self._get_nothing_due_message())
        return self.action_show_invoices()

    def _get_nothing_due_message(self):
        if not self.recurring_next_date:
            return self.env._("%(agreement)s has nothing to invoice.", agreement=self.display_name)
        return self.env._(
            "Nothing of %(agreement)s is due today. Its next invoice is made on %(day)s.",
            agreement=self.display_name,
            day=format_date(self.env, self.recurring_next_date),
        )
