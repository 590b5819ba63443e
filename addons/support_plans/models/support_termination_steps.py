import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .isolation import do_each

_logger = logging.getLogger(__name__)


class SupportTermination(models.Model):
    """The steps of a resignation: submit, accept, withdraw; each may be called twice, with the same end."""

    _inherit = "support.termination"

    def _lock(self):
        """Take the rows until the end of the transaction; who comes second waits, and reads what the first left."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT 1 FROM support_termination WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", [tuple(self.ids)]
        )
        self.invalidate_recordset()

    # Submit

    def action_submit(self):
        """Receive the resignation: the agreement ends on the last day, and nothing after it is invoiced."""
        self._lock()
        self._require("submit")
        self._check_end()
        for termination in self:
            termination._write_own(
                {
                    "submitted_on": fields.Date.context_today(self),
                    "handover_ids": [fields.Command.create(vals) for vals in termination._prepare_handover()],
                }
            )
            termination._end_agreement()
        self._refresh_settlement()
        return True

    def _prepare_handover(self):
        """Return the points of the handover in the language of the client, who reads them in the panel."""
        items = self.env["support.handover.item"].with_context(lang=self.contract_id._get_client_lang())
        return items._prepare_checklist()

    def _end_agreement(self):
        """Let the agreement end on the last day; also when that day is put off later."""
        if not self.effective_on:
            raise UserError(
                self.env._("%(resignation)s has no last day. Enter it first.", resignation=self.display_name)
            )
        self.contract_id.sudo()._give_notice(self.requested_on, self.effective_on, self.reason or "")

    # Accept

    def action_accept(self):
        """Accept: the days for the refund begin, and drafts for the time after the end are withdrawn (D7).

        Today, unless a letter accepted it on an earlier day (`accept_as_of`).
        """
        today = fields.Date.context_today(self)
        for day, terminations in self.grouped(lambda termination: termination.accept_as_of or today).items():
            terminations._accept(day)
        return True

    def _accept(self, day):
        self._check_accountant()
        self._lock()
        self._require("accept")
        self._check_accepted_on(day)
        self._delete_drafts()
        self._write_own({"accepted_on": day, "accepted_by_id": self.env.uid})
        self._refresh_settlement()
        accountants = self.env.ref("account.group_account_invoice").all_user_ids
        self.filtered(lambda t: t.responsible_id not in accountants)._write_own({"responsible_id": self.env.uid})
        self.env.ref("support_plans.ir_cron_confirm_resignations").sudo()._trigger()
        return True

    def _check_accepted_on(self, day):
        """Refuse a day of acceptance that has not come, or lies before the resignation."""
        for termination in self:
            if not termination.requested_on <= day <= fields.Date.context_today(self):
                raise UserError(
                    self.env._(
                        "%(resignation)s of %(requested)s cannot be accepted on %(day)s: choose a day from the "
                        "resignation until today.",
                        resignation=termination.display_name,
                        requested=format_date(self.env, termination.requested_on),
                        day=format_date(self.env, day),
                    )
                )

    def _delete_drafts(self):
        """Take the plan off drafts for a period that the agreement does not reach the end of.

        The fee of the time until the end is due again, at the monthly price list.
        """
        fees = self.env["account.move.line"].sudo()
        drafts = fees.search(
            [
                ("contract_line_id.contract_id", "in", self.contract_id.ids),
                ("is_plan_fee", "=", True),
                ("parent_state", "=", "draft"),
            ]
        )
        ends = {termination.contract_id: termination.effective_on for termination in self}
        late = drafts.filtered(lambda line: line._is_cut_by(ends[line.contract_line_id.contract_id]))
        late.filtered("replaced_line_id")._check_nothing_to_match()
        late._take_off_drafts()

    # Confirmation

    def _cron_confirm(self):
        """Send the confirmations that are due, each on its own."""
        due = self.search([("accepted_on", "!=", False), ("confirmed_at", "=", False), ("withdrawn_on", "=", False)])
        do_each(
            due,
            lambda one: one._confirm(),
            lambda one, error: _logger.error("The confirmation of %s could not be sent: %s", one.name, error),
        )

    def _confirm(self):
        """Tell the client that the resignation is accepted: last day, settlement, day of the refund."""
        self.ensure_one()
        template = self.env.ref("support_plans.mail_template_resignation_accepted")
        self.message_post_with_source(
            template, subtype_xmlid="mail.mt_comment", partner_ids=self._get_persons_to_tell().ids
        )
        self._write_own({"confirmed_at": fields.Datetime.now()})

    def _get_persons_to_tell(self):
        """Return who resigned, else the client's contacts for support, else the client."""
        agreement = self.contract_id
        return self.requested_by_id or agreement._get_contacts_that_count() or agreement.partner_id

    # Withdraw

    def action_withdraw(self):
        """Take the resignation back before its correction is issued: the agreement runs on as if nothing had been."""
        self._lock()
        # Settled without anything to correct: no document was issued, so there is a way back
        self.filtered(lambda t: t.settled_on and not t._get_corrections())._write_own({"settled_on": False})
        self._require("withdraw")
        if self.filtered("accepted_on"):
            self._check_accountant()
        self._check_agreement_not_over()
        for termination in self:
            termination._drop_corrections()
            termination._write_own({"withdrawn_on": fields.Date.context_today(self), "withdrawn_by_id": self.env.uid})
            agreement = termination.contract_id.sudo()
            if agreement.support_state == "notice":
                agreement._withdraw_notice()
            agreement._message_log(
                body=self.env._(
                    "The resignation %(resignation)s of %(day)s was withdrawn by %(user)s.",
                    resignation=termination.name,
                    day=format_date(self.env, termination.requested_on),
                    user=self.env.user.display_name,
                )
            )
        self.activity_unlink(["support_plans.mail_activity_refund"])
        return True

    def _check_agreement_not_over(self):
        for agreement in self.contract_id.filtered(lambda c: c.support_state == "ended"):
            raise UserError(
                self.env._(
                    "%(agreement)s ended on %(day)s: it cannot run on. Sign a new agreement with the client.",
                    agreement=agreement.display_name,
                    day=format_date(self.env, agreement.date_end),
                )
            )
