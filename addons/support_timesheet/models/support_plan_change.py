from dataclasses import asdict

from odoo import fields, models


class SupportPlanChange(models.Model):
    """A change of plan keeps the terms of work before it, for time that is entered late (D13)."""

    _inherit = "support.plan.change"

    work_terms_before = fields.Json(
        readonly=True, help="Technical: rate, coverage and rounding until the day before the change."
    )

    def _apply(self):
        # EXTENDS support_plans
        agreement = self.contract_id.sudo()
        before = asdict(agreement._get_work_terms())
        waiting = self.state == "scheduled"
        dated = self.with_context(support_change_of_plan=self.effective_on)
        res = super(SupportPlanChange, dated)._apply()
        if waiting and self.state == "applied":
            self._write_own({"work_terms_before": before})
            agreement._write_own({"terms_since": self.effective_on})
            agreement._judge_work_since(self.effective_on)
        return res
