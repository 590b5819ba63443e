from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class SupportPlanChangeWizard(models.TransientModel):
    """Ask for another plan: which, from when, on which terms, and what it costs (B8, P9, F9)."""

    _name = "support.plan.change.wizard"
    _description = "Change the Plan of an Agreement"
    _inherit = "support.terms.mixin"

    contract_id = fields.Many2one("contract.contract", string="Agreement", required=True, readonly=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    company_id = fields.Many2one(related="contract_id.company_id")
    old_plan_id = fields.Many2one(related="contract_id.support_plan_id", string="Present Plan")
    new_plan_id = fields.Many2one(
        "support.plan",
        required=True,
        domain="[('company_id', 'in', [company_id, False]), ('form', '!=', 'free')]",
    )
    is_individual = fields.Boolean(related="new_plan_id.is_individual")
    requested_on = fields.Date(required=True, default=fields.Date.context_today)
    effective_on = fields.Date(string="New Plan From", compute="_compute_effective_on")
    explanation = fields.Char(compute="_compute_effective_on")
    coverage_change = fields.Text(compute="_compute_coverage_change")
    note = fields.Text()

    @api.depends("contract_id", "new_plan_id", "requested_on", "list_price_month", "price_year_month")
    def _compute_effective_on(self):
        for wizard in self:
            known = bool(wizard.contract_id and wizard.new_plan_id and wizard.requested_on)
            wizard.effective_on = known and wizard.contract_id._get_plan_change_day(
                wizard.list_price_month, wizard.requested_on
            )
            wizard.explanation = known and wizard._explain()

    @api.depends("contract_id", "new_plan_id")
    def _compute_coverage_change(self):
        """Say before it happens which kinds of work will be covered otherwise: exceptions may be among them."""
        for wizard in self:
            plan = wizard.new_plan_id
            changes = wizard.contract_id._get_coverage_difference(plan) if plan else []
            wizard.coverage_change = "\n".join(f"{kind}: {old} → {new}" for kind, old, new in changes) or False

    def _explain(self):
        """Return in a sentence what happens when, and what is invoiced for it."""
        agreement = self.contract_id
        day = format_date(self.env, self.effective_on)
        price = self.list_price_month
        paid = False
        if agreement.payment_period == "year":
            price = self.price_year_month
            paid = agreement._get_paid_until(self.effective_on)
        facts = {"plan": self.new_plan_id.display_name, "day": day}
        if paid and paid >= self.effective_on:
            return self.env._(
                "%(plan)s begins on %(day)s. The year is paid until %(paid)s: the difference of "
                "%(difference)s a month, net, is invoiced for the months that remain.",
                paid=format_date(self.env, paid),
                difference=self._format(max(0, price - agreement.price_year_month)),
                **facts,
            )
        return self.env._("%(plan)s begins on %(day)s, at %(price)s a month, net.", price=self._format(price), **facts)

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    @api.onchange("new_plan_id")
    def _onchange_new_plan_id(self):
        if self.new_plan_id:
            self.update(self.new_plan_id._prepare_terms())

    @api.model_create_multi
    def create(self, vals_list):
        """Take the terms that are not given from the new plan, also without a screen."""
        plans = self.env["support.plan"].browse([vals.get("new_plan_id") for vals in vals_list])
        return super().create(
            [{**plan._prepare_terms(), **vals} if plan else vals for plan, vals in zip(plans, vals_list, strict=True)]
        )

    def action_confirm(self):
        """Schedule the change, or refuse it with the reason."""
        self.ensure_one()
        self._check_not_past()
        self.contract_id._request_plan_change(
            self.new_plan_id, self._prepare_terms(), self.requested_on, self.note or ""
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_not_past(self):
        """Refuse a change that would bill or promise something for days that are over."""
        if self.effective_on < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "Requested on %(requested)s, the plan %(plan)s would begin on %(day)s, a day that is "
                    "over. Choose a later day of the request.",
                    requested=format_date(self.env, self.requested_on),
                    plan=self.new_plan_id.display_name,
                    day=format_date(self.env, self.effective_on),
                )
            )
