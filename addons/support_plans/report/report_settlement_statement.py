from odoo import api, models

from .termination_documents import get_statement_values


class ReportSettlementStatement(models.AbstractModel):
    """The printed statement of a settlement."""

    _name = "report.support_plans.report_settlement_statement"
    _description = "Settlement, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        terminations = self.env["support.termination"].browse(docids)
        terminations.check_access("read")
        return get_statement_values(terminations, lambda termination: termination.sudo().contract_id)
