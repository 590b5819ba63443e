import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

from .contract_contract import _OWN_WRITE

_logger = logging.getLogger(__name__)

CHANGE_STATES = [
    ("scheduled", "Scheduled"),
    ("applied", "Applied"),
    ("cancelled", "Cancelled"),
]


class SupportPlanChange(models.Model):
    """A change of an agreement's plan: who asked for it and when, what was before and what comes (B8)."""

    _name = "support.plan.change"
    _description = "Change of Plan"
    _order = "effective_on desc, id desc"
    _rec_name = "new_plan_id"

    contract_id = fields.Many2one(
        "contract.contract", string="Agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    old_plan_id = fields.Many2one("support.plan", string="From Plan", ondelete="restrict")
    new_plan_id = fields.Many2one("support.plan", string="To Plan", required=True, ondelete="restrict")
    requested_on = fields.Date(required=True)
    effective_on = fields.Date(required=True, help="First day of the service month in which the new plan begins.")
    requested_by_id = fields.Many2one("res.users", readonly=True)
    applied_at = fields.Datetime(readonly=True)
    state = fields.Selection(CHANGE_STATES, required=True, default="scheduled", readonly=True)
    note = fields.Text()
    old_summary = fields.Text(
        string="Terms Before", help="The terms that change, in words, as they were at the request."
    )
    new_summary = fields.Text(string="Terms After", help="The terms that change, in words, as they will be.")
    new_terms = fields.Json(help="Technical: the new terms as agreed at the request.")
    last_error = fields.Text(readonly=True, copy=False, help="Why the change could not be made when it was last tried.")
    new_terms_version = fields.Integer(help="Version of the new plan's terms on the day of the request.")

    _one_scheduled = models.UniqueIndex(
        "(contract_id) WHERE state = 'scheduled'",
        "Another change of plan is scheduled for this agreement. Cancel it first.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_own_write()
        return super().create(vals_list)

    def write(self, vals):
        """A change is history: only its own steps write it, whoever asks; a note may be added."""
        if set(vals) - {"note"}:
            self._check_own_write()
        return super().write(vals)

    def _write_own(self, vals):
        """Write what only the change's own steps may write; see `write`."""
        return self.with_context(support_own_write=_OWN_WRITE).write(vals)

    def _check_own_write(self):
        if self.env.context.get("support_own_write") is not _OWN_WRITE:
            raise UserError(
                self.env._(
                    "A change of plan is not edited by hand. Request it with “Change plan” on the "
                    "agreement, and take it back with “Cancel”."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if self.filtered(lambda change: change.state == "applied"):
            raise UserError(self.env._("A change of plan that was applied is history and cannot be deleted."))

    def action_cancel(self):
        """Cancel scheduled changes; the agreements keep their plan."""
        for change in self:
            if change.state != "scheduled":
                raise UserError(
                    self.env._(
                        "The change of %(agreement)s to %(plan)s is not scheduled any more.",
                        agreement=change.contract_id.display_name,
                        plan=change.new_plan_id.display_name,
                    )
                )
            change._write_own({"state": "cancelled"})
            change._post_history()
        return True

    def _apply(self):
        """Apply one change: fee lines, plan and terms together; safe to call again."""
        self.ensure_one()
        self._lock()
        if self.state != "scheduled":
            return
        change = self.with_user(SUPERUSER_ID)
        agreement = change.contract_id.with_company(change.company_id)
        agreement._apply_plan(change.new_plan_id, change.new_terms, change.new_terms_version, change.effective_on)
        change._write_own({"state": "applied", "applied_at": fields.Datetime.now(), "last_error": False})
        change._post_history()

    def _lock(self):
        """Wait for a transaction that works on the same change, and read what it left."""
        self.flush_recordset()
        self.env.cr.execute("SELECT 1 FROM support_plan_change WHERE id = %s FOR UPDATE", [self.id])
        self.invalidate_recordset(["state"])

    def _apply_isolated(self):
        """Apply each change on its own; one that fails is reported on its agreement, once."""
        for change in self:
            try:
                with self.env.cr.savepoint():
                    change._apply()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                change._report_failure(error)

    def _report_failure(self, error):
        """Tell a failure in the log and on the agreement; the same one is not told again."""
        if str(error) == self.last_error:
            return
        _logger.exception("The plan change %s could not be applied", self.id)
        self._write_own({"last_error": str(error)})
        body = self.env._(
            "The change to the plan %(plan)s could not be made: %(error)s",
            plan=self.new_plan_id.display_name,
            error=error,
        )
        self.contract_id.message_post(body=body)

    def _post_history(self):
        """Leave a note on the agreement: from which plan to which, when, and asked for by whom."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for change in self:
            change.contract_id.message_post(
                body=self.env._(
                    "Change of plan from %(old)s to %(new)s on %(day)s, requested by %(user)s: %(state)s.",
                    old=change.old_plan_id.display_name,
                    new=change.new_plan_id.display_name,
                    day=format_date(self.env, change.effective_on),
                    user=change.requested_by_id.display_name,
                    state=labels[change.state].lower(),
                )
            )
