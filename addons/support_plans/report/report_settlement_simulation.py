from odoo import api, models

from .termination_documents import get_statement_values


class ReportSettlementSimulation(models.AbstractModel):
    """The same statement, as if an agreement ended on a chosen day."""

    _name = "report.support_plans.report_settlement_simulation"
    _description = "Simulated Settlement, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        simulations = self.env["support.settlement.simulation"].browse(docids)
        return get_statement_values(simulations, lambda simulation: simulation.contract_id)
