import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang, ormcache

from .support_terms_mixin import TERMS_FIELDS

#: What a client reads in the price list; a change makes running agreements "on older terms".
VERSIONED_FIELDS = frozenset({*TERMS_FIELDS, "price_month", "entitlement_ids"})


class SupportPlan(models.Model):
    """A plan of the price list (P1-P25): a price, a name and the terms that an agreement freezes."""

    _name = "support.plan"
    _description = "Support Plan"
    _inherit = ["support.terms.mixin", "mail.thread"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="Short name of the plan, such as START; used by imports and the API.")
    active = fields.Boolean(default=True)
    audience = fields.Char(translate=True, help="Whom the plan is for, in one sentence.")
    description = fields.Html(translate=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: the plan is offered by every company.", index="btree_not_null"
    )
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    form = fields.Selection(
        [
            ("free", "Free"),
            ("subscription", "Subscription"),
            ("package", "Hour package"),
            ("adhoc", "Ad hoc"),
        ],
        string="Form of Cooperation",
        required=True,
        default="subscription",
    )
    price_month = fields.Float(
        string="Monthly Price",
        digits="Product Price",
        tracking=True,
        help="Net price of one month in the price list.",
    )
    list_price_month = fields.Float(compute="_compute_list_price_month", store=True)
    product_id = fields.Many2one(
        "product.product",
        string="Product on Invoices",
        ondelete="restrict",
        domain=[("type", "=", "service")],
        help="Gives the name, the account and the taxes of the fee on invoices.",
    )
    is_default = fields.Boolean(
        string="Default Plan",
        help="Clients without an agreement are served by this plan; nothing is ordered.",
    )
    is_individual = fields.Boolean(
        string="Individually Agreed",
        help="Price and terms are agreed with each client; an agreement cannot start before they are filled in.",
    )
    entitlement_ids = fields.One2many("support.entitlement", "plan_id", copy=True)
    terms_version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Another number for other price or terms; the old number when they return.",
    )
    terms_digests = fields.Json(copy=False, help="Technical: {version: digest of price and terms}.")
    agreement_count = fields.Integer(compute="_compute_agreement_count")
    outdated_agreement_count = fields.Integer(
        string="On Older Terms",
        compute="_compute_agreement_count",
        help="Running agreements that keep the price or terms that this plan had before.",
    )
    # Shown in the history of the plan
    price_year_month = fields.Float(tracking=True)
    hourly_rate = fields.Float(tracking=True)
    min_term_months = fields.Integer(tracking=True)
    response_hours = fields.Float(tracking=True)
    quota_hours = fields.Float(tracking=True)
    package_hours = fields.Float(tracking=True)
    service_calendar_id = fields.Many2one(tracking=True)

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "A plan with this code exists already. Choose another code.",
    )
    _default_company_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE is_default AND active",
        "There is one default plan already. Unmark it first.",
    )

    @api.depends("price_month")
    def _compute_list_price_month(self):
        for plan in self:
            plan.list_price_month = plan.price_month

    def _compute_agreement_count(self):
        counts = {}
        groups = (
            self.env["contract.contract"]
            .sudo()
            ._read_group(self._get_running_domain(), ["support_plan_id", "plan_terms_version"], ["__count"])
        )
        for plan, version, count in groups:
            total, outdated = counts.get(plan.id, (0, 0))
            counts[plan.id] = (total + count, outdated + count * (version != plan.terms_version))
        for plan in self:
            plan.agreement_count, plan.outdated_agreement_count = counts.get(plan.id, (0, 0))

    @api.constrains("price_month", "price_year_month")
    def _check_price_year_month(self):
        for plan in self:
            if plan.price_month and plan.price_year_month > plan.price_month:
                raise ValidationError(
                    self.env._(
                        "Plan %(plan)s: the monthly price of a prepaid year (%(year)s) cannot be "
                        "higher than the monthly price (%(month)s).",
                        plan=plan.name,
                        year=formatLang(self.env, plan.price_year_month, dp="Product Price"),
                        month=formatLang(self.env, plan.price_month, dp="Product Price"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        self.env.registry.clear_cache()  # of _get_default_plan_id
        return plans

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def write(self, vals):
        """Changing price or terms never touches a running agreement; it only ages its terms."""
        before = {} if VERSIONED_FIELDS.isdisjoint(vals) else {plan: plan._get_terms_digest() for plan in self}
        res = super().write(vals)
        if not {"is_default", "active", "company_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        for plan, digest in before.items():
            plan._update_terms_version(digest)
        return res

    def _update_terms_version(self, digest_before):
        """Give changed terms a new version, or the old one when they are as they were before."""
        self.ensure_one()
        digest = self._get_terms_digest()
        if digest == digest_before:
            return
        known = {**(self.terms_digests or {}), str(self.terms_version): digest_before}
        again = next((int(version) for version, old in known.items() if old == digest), None)
        version = again or max(map(int, known)) + 1
        self.write({"terms_version": version, "terms_digests": {**known, str(version): digest}})

    def _get_terms_digest(self):
        """Return a short text that is the same for the same price and terms, whatever their history."""
        self.ensure_one()
        terms = [self.price_month, self._prepare_terms(), sorted(self._get_coverage().items())]
        return hashlib.sha256(repr(terms).encode()).hexdigest()[:16]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env["contract.contract"].sudo().with_context(active_test=False)
        contract = used.search([("support_plan_id", "in", self.ids)], limit=1)
        if contract:
            raise UserError(
                self.env._(
                    "Plan %(plan)s cannot be deleted: the agreement %(agreement)s uses it. Archive the plan instead.",
                    plan=contract.support_plan_id.display_name,
                    agreement=contract.display_name,
                )
            )

    def action_view_agreements(self):
        """Show the running agreements with this plan."""
        self.ensure_one()
        return self._get_agreements_action(
            self.env._("Agreements: %(plan)s", plan=self.name), self._get_running_domain()
        )

    def action_view_outdated_agreements(self):
        """Show the running agreements that keep the price or terms which the plan had before."""
        self.ensure_one()
        older = fields.Domain("plan_terms_version", "!=", self.terms_version)
        return self._get_agreements_action(
            self.env._("On older terms: %(plan)s", plan=self.name),
            self._get_running_domain() & older,
        )

    def _get_running_domain(self):
        return fields.Domain("support_plan_id", "in", self.ids) & fields.Domain(
            "support_state", "in", ("running", "notice")
        )

    def _get_agreements_action(self, name, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("support_plans.action_support_agreements")
        return {
            **action,
            "name": name,
            "domain": list(domain),
            "context": {"default_support_plan_id": self.id},
        }

    @api.model
    def _get_default_plan(self, company):
        """Return the plan of clients without an agreement: the company's own, else the shared one (P1)."""
        return self.sudo().browse(self._get_default_plan_id(company.id))

    @api.model
    @ormcache("company_id")
    def _get_default_plan_id(self, company_id):
        return (
            self.sudo()
            .search(
                [("is_default", "=", True), ("company_id", "in", [company_id, False])],
                order="company_id, id",
                limit=1,
            )
            .id
        )
