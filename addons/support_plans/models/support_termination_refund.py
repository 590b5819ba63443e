import logging
from datetime import timedelta

from stdnum.iso7064 import mod_97_10

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..rules import interest, terminations
from ..rules import terms as terms_rules
from .isolation import do_each
from .settlement_facts import to_decimal

_logger = logging.getLogger(__name__)

#: A private person gets the refund within this many days, whatever the agreement says (D15).
PRIVATE_REFUND_DAYS = 14
#: Days before the refund is due on which its accountant is reminded.
REMINDERS = (7, 2)


class SupportTermination(models.Model):
    """The refund of a resignation: when it is due, to which account, and what it costs when it is late (F10, D7)."""

    _inherit = "support.termination"

    refund_days = fields.Integer(string="Refund Within (days)", readonly=True)
    refund_plain_due_on = fields.Date(
        string="Due as Counted",
        compute="_compute_refund_due",
        store=True,
        help="Before it is moved off a Saturday, a Sunday or a public holiday.",
    )
    refund_due_on = fields.Date(
        string="Refund Due", compute="_compute_refund_due", store=True, help="The last day of the refund."
    )
    refund_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Refund Account",
        ondelete="restrict",
        groups="base.group_user",
        domain="[('partner_id', '=', commercial_partner_id)]",
        help="The client's account. Use the one the plan was paid from, or one confirmed in writing.",
    )
    is_account_valid = fields.Boolean(compute="_compute_is_account_valid", compute_sudo=True)
    refund_open = fields.Monetary(string="Still to Pay", compute="_compute_refund_open", compute_sudo=True)
    refunded_on = fields.Date(compute="_compute_refund_open", compute_sudo=True)
    overdue_days = fields.Integer(compute="_compute_overdue", search="_search_overdue_days")
    interest = fields.Monetary(
        compute="_compute_overdue", help="Statutory, from the day after the due date (art. 481 of the Civil Code)."
    )
    interest_note = fields.Char(compute="_compute_overdue")
    reminded_days = fields.Integer(readonly=True, copy=False, help="Technical: the last reminder, in days before.")

    @api.depends("accepted_on", "refund_days", "is_private_person")
    def _compute_refund_due(self):
        for termination in self:
            accepted, days = termination.accepted_on, termination._get_refund_days()
            termination.refund_plain_due_on = accepted and terms_rules.refund_plain_due_on(accepted, days)
            termination.refund_due_on = accepted and terms_rules.refund_due_on(
                accepted, days, self.env["resource.calendar"]._get_statutory_holidays(accepted)
            )

    def _get_refund_days(self):
        """Return the days of the agreement; a private person never waits longer than 14 (D15)."""
        return min(self.refund_days, PRIVATE_REFUND_DAYS) if self.is_private_person else self.refund_days

    @api.depends("refund_bank_id.acc_number")
    def _compute_is_account_valid(self):
        for termination in self:
            number = termination.refund_bank_id.acc_number
            termination.is_account_valid = not number or _is_account_number(number)

    def _get_known_account(self):
        """Return the first account of the client that a refund can be sent to."""
        accounts = self.contract_id.commercial_partner_id.bank_ids
        return accounts.filtered(lambda bank: _is_account_number(bank.acc_number))[:1]

    @api.constrains("refund_bank_id")
    def _check_refund_bank(self):
        for termination in self.filtered("refund_bank_id"):
            bank = termination.refund_bank_id
            if bank.partner_id.commercial_partner_id != termination.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "The account %(account)s does not belong to %(client)s.",
                        account=bank.acc_number,
                        client=termination.commercial_partner_id.display_name,
                    )
                )
            if not _is_account_number(bank.acc_number):
                raise ValidationError(
                    self.env._(
                        "The account number %(account)s has a wrong check digit. Compare it with what the client sent.",
                        account=bank.acc_number,
                    )
                )

    @api.depends("refund_move_ids.amount_residual", "refund_move_ids.state", "refund_gross", "state")
    def _compute_refund_open(self):
        for termination in self:
            moves = termination.refund_move_ids.filtered(lambda move: move.state == "posted")
            unpaid = moves.filtered(lambda move: not move._is_refunded())
            is_settled = termination.state in (terminations.CORRECTED, terminations.REFUNDED, terminations.CLOSED)
            termination.refund_open = sum(unpaid.mapped("amount_residual")) if is_settled else termination.refund_gross
            payments = moves._get_reconciled_payments() if is_settled and not unpaid else self.env["account.payment"]
            termination.refunded_on = max(payments.mapped("date"), default=False)

    @api.depends("refund_due_on", "refund_open", "refunded_on", "state")
    @api.depends_context("tz", "lang")
    def _compute_overdue(self):
        today = fields.Date.context_today(self)
        rates = self.env["support.interest.rate"]._get_rates()
        for termination in self:
            owed = termination.refund_due_on and termination.state not in ("withdrawn", "draft", "submitted")
            until = (termination.refunded_on or today) if owed and termination.refund_gross else False
            days = interest.overdue_days(termination.refund_due_on, until) if until else 0
            termination.overdue_days = days
            interest_due = termination._get_interest(until, rates) if days else (0, "")
            termination.interest, termination.interest_note = interest_due

    def _get_interest(self, until, rates):
        """Return the interest until a day, of each part until it was paid; and why, when it cannot be said."""
        try:
            amount = sum(
                interest.statutory_interest(part, self.refund_due_on, min(paid_on, until), rates)
                for part, paid_on in self._get_refund_parts(until)
            )
        except interest.NoRate as error:
            note = self.env._(
                "No interest rate is entered for %(day)s: enter it under Configuration.",
                day=format_date(self.env, error.on),
            )
            return 0, note
        return float(amount), ""

    def _get_refund_parts(self, until):
        """Return [(amount, day of payment)] of the refund; what is open, until a day."""
        lines = self.sudo()._get_corrections().line_ids
        ours = lines.move_id | lines.move_id.reversed_entry_id | self.sudo().debit_note_id
        partials = (lines.matched_debit_ids | lines.matched_credit_ids).filtered(
            lambda partial: (partial.debit_move_id | partial.credit_move_id).move_id - ours
        )
        parts = [(to_decimal(x.credit_amount_currency), x.debit_move_id.date) for x in partials]
        rest = to_decimal(self.refund_gross) - sum(amount for amount, _day in parts)
        return [*parts, (max(rest, to_decimal(0)), until)]

    def _search_overdue_days(self, operator, value):
        if operator not in (">", ">=") or not isinstance(value, int):
            return NotImplemented
        days = value + (operator == ">")
        latest = fields.Date.context_today(self) - timedelta(days=days)
        return [("state", "in", ("accepted", "corrected")), ("refund_gross", ">", 0), ("refund_due_on", "<=", latest)]

    # Pay

    def action_pay_refund(self):
        """Pay with core's payment wizard; the payment closes the resignation."""
        self._check_accountant()
        self._require("pay_refund")
        for termination in self:
            if not termination.refund_bank_id:
                raise UserError(
                    self.env._(
                        "%(resignation)s has no refund account: choose the client's account first.",
                        resignation=termination.display_name,
                    )
                )
        unpaid = self.refund_move_ids.filtered(lambda move: move.state == "posted" and not move._is_refunded())
        return unpaid.action_register_payment()

    # Reminders

    @api.model
    def _cron_remind_refunds(self):
        """Remind of refunds 7 and 2 days before they are due, once each, and clear reminders of what is paid."""
        today = fields.Date.context_today(self)
        open_ = self.search([("state", "in", ("accepted", "corrected")), ("refund_due_on", "!=", False)])
        due = open_.filtered(lambda t: t.refund_gross and (t.refund_due_on - today).days <= max(REMINDERS))
        do_each(
            due,
            lambda one: one._remind(today),
            lambda one, error: _logger.error("The reminder of %s could not be made: %s", one.name, error),
        )
        self._clear_reminders()

    def _remind(self, today):
        """Schedule the reminder of a refund; the second one, 2 days before, makes it urgent."""
        level = min(days for days in REMINDERS if (self.refund_due_on - today).days <= days)
        if self.reminded_days and self.reminded_days <= level:
            return
        self.activity_schedule(
            "support_plans.mail_activity_refund",
            date_deadline=self.refund_due_on - timedelta(days=level),
            user_id=(self.responsible_id or self.accepted_by_id).id,
            summary=self.env._("Pay the refund until %(day)s", day=format_date(self.env, self.refund_due_on)),
        )
        self._write_own({"reminded_days": level})

    @api.model
    def _clear_reminders(self):
        done = self.search([("state", "in", ("refunded", "closed", "withdrawn")), ("activity_ids", "!=", False)])
        done.activity_unlink(["support_plans.mail_activity_refund"])


def _is_account_number(number):
    """Whether an account number (IBAN) has the right check digits; a Polish one may come without the country code."""
    compact = "".join(filter(str.isalnum, number or "")).upper()
    if compact.isdigit():
        compact = f"PL{compact}"
    is_polish = compact.startswith("PL")
    return mod_97_10.is_valid(compact[4:] + compact[:4]) and (not is_polish or len(compact) == 28)
