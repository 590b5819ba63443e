from odoo import api, fields, models

from ..rules import terms as terms_rules

SUPPORT_STATES = [
    ("draft", "Draft"),
    ("running", "Running"),
    ("notice", "In notice"),
    ("ended", "Ended"),
]
PAYMENT_PERIODS = [("month", "Monthly"), ("year", "Yearly, in advance")]


class ContractContract(models.Model):
    """An agreement: a contract with a support plan, whose terms are frozen for the client."""

    _name = "contract.contract"
    _inherit = ["contract.contract", "support.terms.mixin"]

    support_plan_id = fields.Many2one(
        "support.plan", string="Plan", index="btree_not_null", ondelete="restrict", tracking=True
    )
    plan_terms_version = fields.Integer(
        copy=False,
        readonly=True,
        help="Version of the plan's terms that this agreement was signed on.",
    )
    support_state = fields.Selection(
        SUPPORT_STATES, string="Agreement State", default="draft", copy=False, readonly=True,
        tracking=True, index="btree_not_null",
    )
    payment_period = fields.Selection(
        PAYMENT_PERIODS, string="Payment", default="month", required=True, tracking=True
    )
    support_contact_ids = fields.Many2many(
        "res.partner",
        "contract_support_contact_rel",
        "contract_id",
        "partner_id",
        string="Support Contacts",
        help="Persons of the client who may use the support (single point of contact). "
        "Empty: every person of the client.",
    )
    entitlement_ids = fields.One2many(
        "support.entitlement",
        "contract_id",
        string="Entitlements",
        compute="_compute_support_entitlements",
        store=True,
        readonly=False,
        copy=True,
    )

    # Terms: copied from the plan, editable, frozen from then on
    list_price_month = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    price_year_month = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    hourly_rate = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    min_term_months = fields.Integer(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    notice_months = fields.Integer(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    service_calendar_id = fields.Many2one(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    critical_calendar_id = fields.Many2one(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    critical_on_days_off = fields.Boolean(compute="_compute_support_terms", store=True, readonly=False)
    response_hours = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    guaranteed_channel_ids = fields.Many2many(
        relation="contract_guaranteed_channel_rel",
        compute="_compute_support_terms", store=True, readonly=False,
    )
    quota_hours = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    package_hours = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    package_carry_months = fields.Integer(compute="_compute_support_terms", store=True, readonly=False)
    programming_priority = fields.Boolean(compute="_compute_support_terms", store=True, readonly=False)
    configuration_help = fields.Selection(compute="_compute_support_terms", store=True, readonly=False)
    fee_percent = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    fee_tax_treatment = fields.Selection(
        compute="_compute_support_terms", store=True, readonly=False, required=False
    )
    refund_days = fields.Integer(compute="_compute_support_terms", store=True, readonly=False)
    month_rule = fields.Selection(
        compute="_compute_support_terms", store=True, readonly=False, required=False
    )

    @api.depends("support_plan_id")
    def _compute_support_terms(self):
        """Copy the plan's terms once, when the plan is chosen: later changes of the plan change nothing."""
        for contract in self.filtered("support_plan_id"):
            contract.update(contract.support_plan_id._prepare_terms())

    @api.depends("support_plan_id")
    def _compute_support_entitlements(self):
        for contract in self.filtered("support_plan_id"):
            contract.entitlement_ids = [
                fields.Command.clear(), *contract.support_plan_id._prepare_entitlements()
            ]
