from odoo import api, fields, models


class SupportPlanComparison(models.TransientModel):
    """Choose plans, see them side by side, print them (P8-P22)."""

    _name = "support.plan.comparison"
    _description = "Support Plan Comparison"

    plan_ids = fields.Many2many(
        "support.plan", string="Plans", required=True, default=lambda self: self._default_plans()
    )
    comparison_html = fields.Html(string="Comparison", compute="_compute_comparison_html", sanitize=False)

    @api.model
    def _default_plans(self):
        """Return the plans that were selected in the list, else all that the company offers."""
        plans = self.env["support.plan"]
        if self.env.context.get("active_model") == plans._name:
            plans = plans.browse(self.env.context.get("active_ids")).exists()
        return plans or plans.search([("company_id", "in", [self.env.company.id, False])])

    @api.depends("plan_ids")
    @api.depends_context("lang")
    def _compute_comparison_html(self):
        for wizard in self:
            values = wizard.plan_ids._origin.sorted()._get_comparison_values()
            wizard.comparison_html = self.env["ir.qweb"]._render("support_plans.support_plan_comparison_table", values)

    def action_print(self):
        self.ensure_one()
        report = self.env.ref("support_plans.action_report_support_plan_comparison")
        return report.report_action(self.plan_ids.sorted().ids, config=False)
