from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import terms as terms_rules
from .given_values import get_given
from .support_terms_mixin import TERMS_FIELDS

SUPPORT_STATES = [
    ("draft", "Draft"),
    ("running", "Running"),
    ("notice", "In notice"),
    ("ended", "Ended"),
]
PAYMENT_PERIODS = [("month", "Monthly"), ("year", "Yearly, in advance")]
#: States of an agreement that is in force.
LIVE_STATES = ("running", "notice")
#: Facts of a started agreement that only its buttons change, whoever writes.
FROZEN_FACTS = frozenset(
    {
        "support_plan_id",
        "plan_terms_version",
        "support_state",
        "partner_id",
        "company_id",
        "date_start",
        "date_end",
        "agreed_end",
        "invoice_from",
        "payment_period",
        "notice_on",
        "active",
    }
)
#: Terms of a started agreement: exceptions are always possible (F2), a manager makes them.
FROZEN_TERMS = frozenset({*TERMS_FIELDS, "entitlement_ids"})
#: Context mark of this addon's own writes. An object, so that no client of the API can send it.
_OWN_WRITE = object()


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
        SUPPORT_STATES,
        string="Agreement State",
        default="draft",
        copy=False,
        readonly=True,
        tracking=True,
        index="btree_not_null",
    )
    payment_period = fields.Selection(PAYMENT_PERIODS, string="Payment", default="month", required=True, tracking=True)
    support_contact_ids = fields.Many2many(
        "res.partner",
        "contract_support_contact_rel",
        "contract_id",
        "partner_id",
        string="Support Contacts",
        help="Persons of the client who may use the support (single point of contact). "
        "Empty: every person of the client.",
    )
    currency_id = fields.Many2one(compute_sudo=True)
    date_end = fields.Date(tracking=True)
    min_term_end = fields.Date(string="Minimum Term Until", compute="_compute_min_term_end", store=True)
    has_invoicing_error = fields.Boolean(compute="_compute_has_invoicing_error", groups="base.group_user")
    # Only for the team: clients read their agreements, also by RPC
    note = fields.Text(groups="base.group_user")
    invoice_generation_error = fields.Text(groups="base.group_user")
    invoice_generation_error_date = fields.Datetime(groups="base.group_user")
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
    critical_on_days_off = fields.Boolean(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    response_hours = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    guaranteed_channel_ids = fields.Many2many(
        relation="contract_guaranteed_channel_rel",
        compute="_compute_support_terms",
        store=True,
        readonly=False,
        tracking=True,
    )
    quota_hours = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    package_hours = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    package_carry_months = fields.Integer(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    programming_priority = fields.Boolean(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    configuration_help = fields.Selection(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    fee_percent = fields.Float(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    fee_tax_treatment = fields.Selection(
        compute="_compute_support_terms", store=True, readonly=False, required=False, tracking=True
    )
    refund_days = fields.Integer(compute="_compute_support_terms", store=True, readonly=False, tracking=True)
    month_rule = fields.Selection(
        compute="_compute_support_terms", store=True, readonly=False, required=False, tracking=True
    )

    _one_running_plan = models.Constraint(
        """EXCLUDE USING gist (
            int4range(commercial_partner_id, commercial_partner_id, '[]') WITH &&,
            int4range(company_id, company_id, '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        ) WHERE (support_plan_id IS NOT NULL AND support_state <> 'draft')""",
        "This client has another agreement with a support plan in the same period. End it, or change its plan.",
    )
    _support_dates_ordered = models.Constraint(
        "CHECK(support_plan_id IS NULL OR date_end IS NULL OR date_end >= date_start)",
        "An agreement cannot end before it starts.",
    )

    # Terms and dates

    @api.depends("support_plan_id")
    def _compute_support_terms(self):
        """Copy the plan's terms once, when the plan is chosen: later changes of the plan change nothing."""
        for contract in self.filtered("support_plan_id"):
            contract.update(contract.support_plan_id._prepare_terms())

    @api.depends("support_plan_id")
    def _compute_support_entitlements(self):
        for contract in self.filtered("support_plan_id"):
            contract.entitlement_ids = [fields.Command.clear(), *contract.support_plan_id._prepare_entitlements()]

    @api.depends("date_start", "min_term_months", "support_plan_id")
    def _compute_min_term_end(self):
        """Last day of the minimum term (P9), counted from the start: a change of plan does not restart it."""
        for contract in self:
            known = bool(contract.support_plan_id and contract.date_start)
            contract.min_term_end = known and terms_rules.min_term_end(contract.date_start, contract.min_term_months)

    @api.depends("support_plan_id")
    def _compute_date_end(self):
        # EXTENDS contract: an agreement ends when its parties say so, not with its last line (T45)
        agreements = self.filtered("support_plan_id")
        result = super(ContractContract, self - agreements)._compute_date_end()
        for agreement in agreements:
            agreement.date_end = agreement.date_end
        return result

    @api.depends("invoice_generation_error")
    def _compute_has_invoicing_error(self):
        for contract in self:
            contract.has_invoicing_error = bool(contract.invoice_generation_error)

    # Constraints

    @api.constrains("support_contact_ids", "partner_id")
    def _check_support_contacts(self):
        for contract in self:
            strangers = contract.support_contact_ids.filtered(
                lambda person, c=contract: person.commercial_partner_id != c.commercial_partner_id
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(client)s and cannot be a support contact of %(agreement)s.",
                        person=strangers[0].display_name,
                        client=contract.commercial_partner_id.display_name,
                        agreement=contract.display_name,
                    )
                )

    @api.constrains("support_plan_id", "support_state", "partner_id", "company_id", "date_start", "date_end")
    def _check_one_running_plan(self):
        """Name the other agreement before the database refuses (one running plan at a time)."""
        self.filtered(lambda c: c.support_plan_id and c.support_state != "draft")._check_no_overlap()

    def _check_no_overlap(self):
        """Refuse agreements whose client has another plan in the same period."""
        others = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
        )
        for agreement in self:
            other = others.filtered(agreement._is_in_the_way)[:1]
            if other:
                raise ValidationError(agreement._get_overlap_message(other))

    def _is_in_the_way(self, other):
        """Whether another agreement gives the same client a plan in the same period."""
        self.ensure_one()
        return (
            other != self
            and other.support_plan_id
            and other.support_state != "draft"
            and other.commercial_partner_id == self.commercial_partner_id
            and other.company_id == self.company_id
            and (not other.date_end or self.date_start <= other.date_end)
            and (not self.date_end or other.date_start <= self.date_end)
        )

    def _get_overlap_message(self, other):
        return self.env._(
            "%(client)s has the plan %(plan)s in the same period already, by the agreement "
            "%(other)s. End that agreement, or change its plan, before %(agreement)s starts.",
            client=self.commercial_partner_id.display_name,
            plan=other.support_plan_id.display_name,
            other=other.display_name,
            agreement=self.display_name,
        )

    # Create, write, delete

    @api.model_create_multi
    def create(self, vals_list):
        agreements = [vals for vals in vals_list if vals.get("support_plan_id")]
        for vals in vals_list:
            given = get_given(self, vals)
            if given.get("support_state", "draft") != "draft" or given.get("notice_on"):
                raise UserError(
                    self.env._(
                        "An agreement is created as a draft. Start it with the button “Start Agreement”, or "
                        "with the method action_start_agreement."
                    )
                )
        for vals in agreements:
            self._complete_agreement_vals(vals)
        return super().create(vals_list)

    @api.model
    def _complete_agreement_vals(self, vals):
        """Add what a new agreement gets by itself: number, name, and the plan's terms beside those given.

        The terms share one compute method; the ORM runs it for all of them or, as soon as one is
        given, for none.
        """
        plan = self.env["support.plan"].browse(vals["support_plan_id"])
        client = self.env["res.partner"].browse(vals.get("partner_id"))
        given = set(vals)
        vals.update(line_recurrence=True, contract_type="sale")
        vals["code"] = vals.get("code") or self.env["ir.sequence"].next_by_code("support.agreement")
        vals["name"] = vals.get("name") or self._get_agreement_name(plan, client)
        offered = {**plan._prepare_terms(), "entitlement_ids": plan._prepare_entitlements()}
        vals.update({name: value for name, value in offered.items() if name not in given})

    @api.model
    def _get_agreement_name(self, plan, client):
        return f"{plan.code} – {client.display_name}"

    def write(self, vals):
        if self.env.context.get("support_own_write") is not _OWN_WRITE:
            self.check_access("write")
            self._check_frozen(vals)
        named = self._get_named_by_default(vals)
        before = self._get_started_coverage() if "entitlement_ids" in vals else {}
        if vals.get("support_plan_id"):
            result = self._write_plan(vals)
        else:
            result = super().write(vals)
            self._follow_terms(vals, before)
        for agreement in named:
            agreement.name = agreement._get_agreement_name(agreement.support_plan_id, agreement.partner_id)
        return result

    def _get_named_by_default(self, vals):
        """Return the agreements whose name follows the plan and client that are written."""
        if "name" in vals or {"support_plan_id", "partner_id"}.isdisjoint(vals):
            return self.browse()
        return self.filtered(
            lambda c: c.support_plan_id and c.name == c._get_agreement_name(c.support_plan_id, c.partner_id)
        )

    def _follow_terms(self, vals, before):
        """Let terms that were changed by hand reach the history and the fee.

        :param before: {agreement: text of its entitlements before}
        """
        for agreement, coverage in before.items():
            agreement._post_coverage(coverage)
        if not {"list_price_month", "price_year_month"}.isdisjoint(vals):
            self._update_fee_prices()

    def _write_plan(self, vals):
        """Set a plan: terms that are not given come from it, and a first plan brings a number.

        An agreement that has the plan already keeps its own entitlements: naming the field, even
        without a command, keeps the ORM from computing it anew.
        """
        plan = self.env["support.plan"].browse(vals["support_plan_id"])
        terms = plan._prepare_terms()
        for contract in self:
            own = {"entitlement_ids": [], **contract._prepare_entitlements_of(plan)}
            if not contract.code:
                own["code"] = self.env["ir.sequence"].next_by_code("support.agreement")
            super(ContractContract, contract).write({**terms, "line_recurrence": True, **own, **vals})
        return True

    def _prepare_entitlements_of(self, plan):
        """Return the entitlements of another plan as values; nothing when the plan stays the same."""
        if plan == self.support_plan_id:
            return {}
        return {"entitlement_ids": [fields.Command.clear(), *plan._prepare_entitlements()]}

    def _get_started_coverage(self):
        """Return {started agreement: text of its entitlements}, for their history."""
        started = self.filtered(lambda c: c.support_plan_id and c.support_state != "draft")
        return {agreement: agreement._get_coverage_text() for agreement in started}

    def _get_coverage_text(self):
        labels = self.env["support.entitlement"]._get_coverage_labels()
        return ", ".join(f"{item.work_type_id.name}: {labels[item.coverage]}" for item in self.entitlement_ids)

    def _post_coverage(self, before):
        """Keep the old and the new entitlements readable, as field tracking does for other terms."""
        after = self._get_coverage_text()
        if after != before:
            self.message_post(
                body=self.env._(
                    "Entitlements changed. Before: %(before)s. After: %(after)s.",
                    before=before,
                    after=after,
                )
            )

    def _write_own(self, vals):
        """Write facts that only the agreement's own steps may change; see `_check_frozen`."""
        return self.with_context(support_own_write=_OWN_WRITE).write(vals)

    def _check_frozen(self, vals):
        """Refuse to change the facts of a started agreement by hand, and its terms without the right."""
        agreements = self.filtered("support_plan_id") if not vals.get("support_plan_id") else self
        if vals.get("support_state", "draft") != "draft" and self:
            raise UserError(self[0]._get_frozen_message("support_state"))
        started = agreements.filtered(lambda c: c.support_state != "draft")
        changed = (FROZEN_FACTS | FROZEN_TERMS) & set(vals)
        facts = sorted(changed & FROZEN_FACTS)
        for agreement in started if changed else ():
            fact = next((name for name in facts if agreement._is_changed(name, vals)), None)
            if fact:
                raise UserError(agreement._get_frozen_message(fact))
            agreement._check_terms_right(changed)

    def _is_changed(self, name, vals):
        """Whether the value given for a field differs from what the agreement has."""
        field = self._fields[name]
        return field.convert_to_cache(vals[name], self) != field.convert_to_cache(self[name], self)

    def _get_frozen_message(self, name):
        return self.env._(
            "%(agreement)s: “%(field)s” of an agreement is not edited by hand once it is started. "
            "Use “Undo Start”, “Change Plan” or “Give Notice”.",
            agreement=self.display_name,
            field=self._get_term_label(name),
        )

    def _check_terms_right(self, changed):
        if self.env.su or self.env.user.has_group("support_plans.group_support_manager"):
            return
        terms = [n for n in TERMS_FIELDS if n in changed] or sorted(changed & FROZEN_TERMS)
        if terms:
            raise UserError(
                self.env._(
                    "%(agreement)s is running and its terms are frozen: only a support manager may change “%(field)s”.",
                    agreement=self.display_name,
                    field=self._get_term_label(terms[0]),
                )
            )

    def copy_data(self, default=None):
        # EXTENDS contract: a copy is a new draft from today, with a number, name and fee lines of its own
        vals_list = super().copy_data(default)
        fresh = {"code": False, "name": False, "date_start": self._get_today(), "date_end": False}
        for agreement, vals in zip(self, vals_list, strict=True):
            if agreement.support_plan_id:
                vals.update(fresh, **(default or {}))
                vals["contract_line_ids"] = agreement._copy_other_lines()
        return vals_list

    def _copy_other_lines(self):
        """Return commands for the lines that are not plan fees."""
        lines = self.contract_line_ids.filtered(lambda line: not line.is_plan_fee)
        return [fields.Command.create(vals) for vals in lines.copy_data()]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        started = self.filtered(lambda c: c.support_plan_id and c.support_state != "draft")
        if started:
            raise UserError(
                self.env._(
                    "%(agreement)s was started and cannot be deleted: its history belongs to the "
                    "client. End it instead.",
                    agreement=started[0].display_name,
                )
            )

    # Start

    def action_start_agreement(self):
        """Start drafts: check them, freeze the terms and create the fee that will be invoiced."""
        for agreement in self:
            agreement._check_can_start()
            agreement._write_own(
                {
                    "support_state": "running",
                    "plan_terms_version": agreement.support_plan_id.terms_version,
                }
            )
            agreement._create_fee_line(agreement.date_start)
        return True

    def _check_can_start(self):
        """Raise a sentence that says what the draft still lacks."""
        self.ensure_one()
        if not self.support_plan_id or not self.date_start:
            raise UserError(
                self.env._(
                    "%(agreement)s has no plan or no start date. Choose both first.",
                    agreement=self.display_name,
                )
            )
        if self.support_state != "draft":
            raise UserError(self.env._("%(agreement)s is started already.", agreement=self.display_name))
        self._check_plan_fits(self.support_plan_id, self._get_missing_terms(), self.list_price_month)
        self._check_no_overlap()

    def _get_missing_terms(self):
        # EXTENDS: what an individual plan must name (P7), and the yearly price of a prepaid year (F9)
        missing = super()._get_missing_terms() if self.support_plan_id.is_individual else []
        if self.payment_period == "year" and self.list_price_month and not self.price_year_month:
            missing.append(self._get_term_label("price_year_month"))
        return missing

    def _check_plan_fits(self, plan, missing, price):
        """Refuse a plan that cannot be served or invoiced here.

        :param missing: labels of the terms that are still empty
        :param price: net price of a month, 0 for a free plan
        """
        names = {"agreement": self.display_name, "plan": plan.display_name}
        if missing:
            raise UserError(
                self.env._(
                    "%(agreement)s cannot use the plan %(plan)s yet. Fill in first: %(terms)s.",
                    terms=", ".join(missing),
                    **names,
                )
            )
        if price and not plan.product_id:
            raise UserError(
                self.env._(
                    "Plan %(plan)s has no product for invoices, so %(agreement)s cannot be "
                    "invoiced. Set it on the plan.",
                    **names,
                )
            )
        self._check_plan_company(plan, names)

    def _check_plan_company(self, plan, names):
        """Refuse a plan of another company or in another currency."""
        if plan.company_id and plan.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "Plan %(plan)s is offered by %(plan_company)s only; %(agreement)s belongs to %(company)s.",
                    plan_company=plan.company_id.display_name,
                    company=self.company_id.display_name,
                    **names,
                )
            )
        if plan.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "Plan %(plan)s has prices in %(plan_currency)s, but %(agreement)s is invoiced in "
                    "%(currency)s. Choose a plan or a journal in the same currency.",
                    plan_currency=plan.currency_id.name,
                    currency=self.currency_id.name,
                    **names,
                )
            )

    # Facts that others ask for

    def _covers(self, day):
        """Whether the agreement is in force on a day: the one predicate, by dates, not by the nightly cron."""
        self.ensure_one()
        return bool(
            self.support_plan_id
            and self.support_state != "draft"
            and self.date_start <= day
            and (not self.date_end or day <= self.date_end)
        )

    def _get_client_lang(self):
        """Return the language code in which the client reads."""
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang or "en_US"

    def _get_today(self):
        return fields.Date.context_today(self)

    def get_formview_id(self, access_uid=None):
        # EXTENDS contract: an agreement opens in its own form
        if len(self) == 1 and self.support_plan_id:
            return self.env.ref("support_plans.support_agreement_view_form").id
        return super().get_formview_id(access_uid=access_uid)
