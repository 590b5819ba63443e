from odoo import api, models


class ReportSupportPlanComparison(models.AbstractModel):
    """The printable comparison: one table, a column for each plan."""

    _name = "report.support_plans.report_support_plan_comparison"
    _description = "Support Plan Comparison Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        plans = self.env["support.plan"].browse(docids).sorted()
        return {
            "doc_ids": plans.ids,
            "doc_model": "support.plan",
            "docs": plans,
            "company": self.env.company,
            **plans._get_comparison_values(),
        }
