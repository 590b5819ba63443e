import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules import terms as terms_rules
from .contract_contract import LIVE_STATES

_logger = logging.getLogger(__name__)


class ContractContract(models.Model):
    """How an agreement ends: minimum term, notice, and the last day (P9, F6, D3)."""

    _inherit = "contract.contract"

    notice_on = fields.Date(string="Notice Given On", readonly=True, copy=False, tracking=True)
    notice_reason = fields.Text(copy=False, groups="base.group_user")
    agreed_end = fields.Date(
        readonly=True,
        copy=False,
        help="The last day that was agreed before the notice; a notice that is withdrawn restores it.",
    )
    earliest_end = fields.Date(compute="_compute_earliest_end", help="When notice were given today.")
    earliest_end_explanation = fields.Char(compute="_compute_earliest_end")

    @api.depends(
        "support_state",
        "date_start",
        "date_end",
        "notice_on",
        "min_term_end",
        "notice_months",
        "payment_period",
    )
    @api.depends_context("lang", "tz")
    def _compute_earliest_end(self):
        today = self._get_today()
        for contract in self:
            contract.earliest_end = contract._get_last_day(today)
            contract.earliest_end_explanation = contract._explain_earliest_end(today)

    def _get_last_day(self, today):
        """Return the end that is set, else the earliest one possible today; False for drafts."""
        if not self.support_plan_id or self.support_state == "draft":
            return False
        return self.date_end or self._get_earliest_end(today)

    def _get_earliest_end(self, requested_on):
        """Return the first day on which the agreement may end when notice is given on a day (D3).

        Monthly: the later of the end of the minimum term and the end of notice. A prepaid year may
        end at the end of notice; what is left of it is settled (F10).
        """
        months = self.min_term_months if self.payment_period == "month" else 0
        end = max(
            self.date_start,
            terms_rules.earliest_end(self.date_start, months, requested_on, self.notice_months),
        )
        agreed = self._get_agreed_end()
        return min(end, agreed) if agreed else end

    def _get_agreed_end(self):
        """Return the last day that the parties agreed, whatever notice was given since; False for none."""
        return self.agreed_end if self.support_state == "notice" else self.date_end

    def _explain_earliest_end(self, today):
        """Return one or two sentences on how this agreement ends, in the reader's language."""
        if not self.support_plan_id or self.support_state == "draft":
            return ""
        if self.date_end:
            return self._explain_end(today)
        notice = terms_rules.earliest_end(self.date_start, 0, today, self.notice_months)
        facts = {
            "notice": self._format_day(notice),
            "earliest": self._format_day(self._get_earliest_end(today)),
        }
        if self.payment_period == "year":
            return self._explain_year(today, facts)
        if not self.min_term_end:
            return self.env._(
                "There is no minimum term; notice given today ends %(notice)s; the earliest end is %(earliest)s.",
                **facts,
            )
        if self.min_term_end < today:
            return self.env._(
                "The minimum term ended %(term)s; notice given today ends %(notice)s; the earliest "
                "end is %(earliest)s.",
                term=self._format_day(self.min_term_end),
                **facts,
            )
        return self.env._(
            "Minimum term ends %(term)s; notice given today ends %(notice)s; the earliest end is %(earliest)s.",
            term=self._format_day(self.min_term_end),
            **facts,
        )

    def _explain_year(self, today, facts):
        paid = self._get_paid_year_end(max(today, self.date_start))
        if not paid:
            return self.env._("Notice given today ends %(notice)s; the earliest end is %(earliest)s.", **facts)
        return self.env._(
            "The prepaid year runs until %(paid)s; notice given today ends %(notice)s; the "
            "earliest end is %(earliest)s, and what is left of the year is settled.",
            paid=self._format_day(paid),
            **facts,
        )

    def _explain_end(self, today):
        end = self._format_day(self.date_end)
        if self.date_end < today:
            return self.env._("The agreement ended %(end)s.", end=end)
        if not self.notice_on:
            return self.env._("The agreement ends %(end)s, as agreed.", end=end)
        return self.env._(
            "Notice was given %(notice)s; the agreement ends %(end)s.",
            notice=self._format_day(self.notice_on),
            end=end,
        )

    def _format_day(self, day):
        return format_date(self.env, day, date_format="d MMM y")

    # Steps

    def action_give_notice(self):
        """Button: enter a resignation; the one that there is, is shown."""
        self.ensure_one()
        if self._get_open_resignation():
            return self.action_open_resignation()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resignation"),
            "res_model": "support.termination",
            "view_mode": "form",
            "context": {"default_contract_id": self.id},
        }

    def _give_notice(self, requested_on, day, reason=""):
        """Set the last day after a notice; the resignation has checked the day.

        :param requested_on: date on which the client, or the firm, gave notice
        :param day: last day of the agreement
        """
        self.ensure_one()
        self._check_live()
        agreed = self._get_agreed_end()
        if agreed and day > agreed:
            raise UserError(
                self.env._(
                    "%(agreement)s ends on %(end)s, as agreed: a notice does not make it longer.",
                    agreement=self.display_name,
                    end=format_date(self.env, agreed),
                )
            )
        self._end_on(day)
        self._write_own(
            {
                "support_state": "notice",
                "agreed_end": agreed,
                "notice_on": requested_on,
                "notice_reason": reason,
            }
        )

    def action_withdraw_notice(self):
        """Take a notice back: the agreement and its lines end again as they did before it."""
        for agreement in self:
            resignation = agreement._get_open_resignation()
            if resignation:
                resignation.action_withdraw()
            else:
                agreement._withdraw_notice()
        return True

    def _withdraw_notice(self):
        self.ensure_one()
        if self.support_state != "notice":
            raise UserError(self.env._("%(agreement)s is not in notice.", agreement=self.display_name))
        noticed_end = self.date_end
        self._end_on(self.agreed_end)
        self._write_own({"support_state": "running", "agreed_end": False, "notice_on": False, "notice_reason": False})
        self._bill_cut_years_anew(noticed_end)

    def _bill_cut_years_anew(self, day):
        """Let a paid year that a notice had cut be billed whole; an invoice that is issued is left to the accountant.

        :param day: the last day by the notice that was withdrawn
        """
        cut = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("contract_line_id", "in", self.plan_fee_line_ids.ids),
                    ("contract_line_id.plan_fee_kind", "!=", "month"),
                    ("is_plan_fee", "=", True),
                    ("service_period_end", "=", day),
                    ("parent_state", "!=", "cancel"),
                ]
            )
        )
        cut = cut.filtered(lambda line: line._is_shorter_than_fee())
        drafts = cut.filtered(lambda line: line.parent_state == "draft")
        drafts._take_off_drafts()
        for move in (cut - drafts).move_id:
            self._message_log(
                body=self.env._(
                    "%(invoice)s bills the months until %(day)s at the monthly price list, but the agreement runs on. "
                    "The rest of the year is invoiced at the yearly price: give the difference back by a credit note.",
                    invoice=move.display_name,
                    day=format_date(self.env, day),
                )
            )

    def _check_live(self):
        if self.support_state not in LIVE_STATES:
            raise UserError(
                self.env._(
                    "%(agreement)s is not running, so it cannot be ended.",
                    agreement=self.display_name,
                )
            )

    def _end_on(self, day):
        """Set the last day of a started agreement, an earlier or a later one, or False for none.

        Its lines end with it but keep their own end (`_end_with_agreement`), nothing after it is
        invoiced, and a change of plan planned for later is cancelled. Invoices that exist stay as
        they are: settling them is the resignation's work.
        """
        self.ensure_one()
        if day and day < self.date_start:
            raise UserError(
                self.env._(
                    "%(agreement)s begins on %(start)s and cannot end on %(end)s.",
                    agreement=self.display_name,
                    start=format_date(self.env, self.date_start),
                    end=format_date(self.env, day),
                )
            )
        late = self.scheduled_change_id.filtered(lambda c: day and c.effective_on > day)
        late.action_cancel()
        self.contract_line_ids._restore_own_end()
        self._write_own({"date_end": day})
        self._end_lines()

    def _end_lines(self):
        """Let no line run past the last day; a one-off difference, or closed fee, that is billed stays."""
        if self.date_end:
            billed = self.plan_fee_line_ids.filtered("last_date_invoiced") - self._get_open_fee_lines()
            (self.contract_line_ids - billed)._end_with_agreement(self.date_end)

    @api.model
    def _cron_end_agreements(self):
        """Mark agreements as ended the day after their last day, each on its own; safe to repeat."""
        over = self.search(
            [
                ("support_plan_id", "!=", False),
                ("support_state", "in", LIVE_STATES),
                ("date_end", "<", self._get_today()),
            ]
        )
        for done, agreement in enumerate(over, 1):
            agreement._mark_ended()
            self.env["ir.cron"]._commit_progress(1, remaining=len(over) - done)

    def _mark_ended(self):
        for agreement in self:
            try:
                with self.env.cr.savepoint():
                    agreement._write_own({"support_state": "ended"})
            except Exception:
                _logger.exception("The agreement %s could not be marked as ended", agreement.id)
