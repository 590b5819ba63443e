from odoo import api, fields, models


class SupportRefundExposure(models.TransientModel):
    """A row of the refund exposure: what an agreement would give back, ended on a day (F10)."""

    _name = "support.refund.exposure"
    _description = "Refund Exposure"
    _order = "effective_on, refund_gross desc, id"

    contract_id = fields.Many2one("contract.contract", string="Agreement", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True, ondelete="cascade")
    support_plan_id = fields.Many2one("support.plan", string="Plan", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="cascade")
    effective_on = fields.Date(string="Last Day", readonly=True)
    is_today = fields.Boolean(
        string="Resigned Today", readonly=True, help="The last day of a resignation of today, or the one that is set."
    )
    has_resigned = fields.Boolean(readonly=True, help="The end of this agreement is set already.")
    months_worked = fields.Integer(readonly=True, aggregator=None)
    paid_net = fields.Monetary(string="Paid, Net", readonly=True)
    used_net = fields.Monetary(string="Used, Net", readonly=True)
    remainder = fields.Monetary(readonly=True)
    fee = fields.Monetary(string="Handling Fee", readonly=True)
    refund_net = fields.Monetary(string="Refund, Net", readonly=True)
    refund_gross = fields.Monetary(string="Refund, Gross", readonly=True)
    problem = fields.Char(readonly=True, help="Why this agreement cannot be settled; it is missing in the sums.")

    @api.model
    def action_open(self):
        """Work the exposure out as of today and show it; what was worked out before is thrown away."""
        self.env["contract.contract"].check_access("read")
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        self._fill(fields.Date.context_today(self))
        action = self.env["ir.actions.act_window"]._for_xml_id("support_plans.action_support_refund_exposure")
        return {**action, "domain": [("create_uid", "=", self.env.uid)]}

    @api.model
    def _fill(self, today):
        """Create the rows of all agreements; the same queries for any number of them."""
        agreements = self.env["contract.contract"]._get_exposed_agreements()
        return self.create([self._prepare_row(*row) for row in agreements._get_exposure(today)])

    @api.model
    def _prepare_row(self, agreement, effective_on, is_today, result, problem):
        return {
            "contract_id": agreement.id,
            "partner_id": agreement.commercial_partner_id.id,
            "support_plan_id": agreement.support_plan_id.id,
            "company_id": agreement.company_id.id,
            "currency_id": agreement.currency_id.id,
            "effective_on": effective_on,
            "is_today": is_today,
            "has_resigned": bool(agreement.date_end),
            "problem": problem,
            **(self._prepare_figures(result) if result else {}),
        }

    @api.model
    def _prepare_figures(self, result):
        return {
            "months_worked": result.months_worked,
            "paid_net": result.paid,
            "used_net": result.used,
            "remainder": result.remainder,
            "fee": result.fee,
            "refund_net": result.refund,
            "refund_gross": result.refund_gross,
        }
