from odoo import api, fields, models

from ..models.support_termination import TREATMENTS


class SupportSettlementSimulation(models.TransientModel):
    """What a client would get back if the agreement ended on a day; nothing is written but the question (F10)."""

    _name = "support.settlement.simulation"
    _description = "Simulated Settlement"

    contract_id = fields.Many2one("contract.contract", string="Agreement", required=True, readonly=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    effective_on = fields.Date(
        string="Last Day",
        compute="_compute_effective_on",
        store=True,
        readonly=False,
        help="Proposed: the earliest end if notice were given today.",
    )
    fee_tax_treatment = fields.Selection(
        TREATMENTS,
        string="Treatment of the Fee",
        compute="_compute_fee_tax_treatment",
        store=True,
        readonly=False,
    )
    refund_gross = fields.Monetary(string="Refund, Gross", compute="_compute_statement")
    statement_html = fields.Html(string="Statement", compute="_compute_statement", sanitize=False)

    @api.depends("contract_id")
    def _compute_effective_on(self):
        today = fields.Date.context_today(self)
        for simulation in self:
            agreement = simulation.contract_id
            simulation.effective_on = agreement.date_start and agreement._get_last_day(today)

    @api.depends("contract_id")
    def _compute_fee_tax_treatment(self):
        for simulation in self:
            simulation.fee_tax_treatment = simulation.contract_id.fee_tax_treatment or "taxable"

    @api.depends("contract_id", "effective_on", "fee_tax_treatment")
    @api.depends_context("lang", "uid")
    def _compute_statement(self):
        for simulation in self:
            start, end = simulation.contract_id.date_start, simulation.effective_on
            if not start or not end or end < start:
                simulation.refund_gross, simulation.statement_html = 0, False
                continue
            values = simulation._get_statement_values()
            simulation.refund_gross = values["termination"].refund_gross
            simulation.statement_html = self.env["ir.qweb"]._render("support_plans.settlement_statement", values)

    def _get_statement_values(self):
        """Return what the statement is rendered with; see `support.termination`."""
        self.ensure_one()
        termination = self.env["support.termination"]._simulate(
            self.contract_id, self.effective_on, self.fee_tax_treatment
        )
        return termination._get_statement_values(is_simulation=True)

    def action_print(self):
        report = self.env.ref("support_plans.action_report_settlement_simulation")
        return report.report_action(self, config=False)

    def _get_file_name(self):
        """Return the name of the printed statement, in the client's language."""
        env = self.with_context(lang=self.contract_id._get_client_lang()).env
        return f"{env._('Simulated settlement')} {self.contract_id.code or ''} {self.effective_on}".replace("/", "-")
