import math
import operator

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.support_plans.models.given_values import get_defaults

COVERAGES = [
    ("package", "From the package"),
    ("partly", "Partly from the package"),
    ("beyond", "Beyond the package"),
    ("included", "Included"),
    ("quota", "Quota of guaranteed time"),
    ("free", "Free"),
    ("none", "Not in the plan"),
]
#: What decides how a work is judged; a billed work keeps them.
WORK_FACTS = frozenset(
    {
        "date",
        "unit_amount",
        "work_type_id",
        "ticket_id",
        "project_id",
        "partner_id",
        "company_id",
        "goodwill_minutes",
        "time_start",
    }
)
#: What the client read on its invoice and in the work report; a billed work keeps it, too.
BILLED_FACTS = WORK_FACTS | {"name", "employee_id", "user_id"}
#: What the judgement and the ledger write; nobody else does, by no way.
JUDGED_VALUES = frozenset(
    {
        "support_contract_id",
        "support_plan_id",
        "worked_minutes",
        "note_minutes",
        "step_minutes",
        "full_minutes",
        "charged_minutes",
        "coverage_basis",
        "coverage",
        "package_minutes",
        "overage_minutes",
        "package_left_minutes",
        "hourly_rate",
        "work_amount",
        "rounding_index",
        "is_over_ceiling",
        "approved_minutes",
        "corrected_line_id",
        "is_billed",
    }
)
#: What nobody else writes: what is judged, and rows that would be written beside a work, with the mark below.
_GUARDED = JUDGED_VALUES | {"entry_ids", "correction_ids"}
_GUARDED_DEFAULTS = frozenset(f"default_{name}" for name in _GUARDED)
#: Context mark of this addon's own writes. An object, so that no client of the API can send it.
_OWN_WRITE = object()


class AccountAnalyticLine(models.Model):
    """A work: time on a ticket, with its kind, what is charged for it and who pays (F3, P23-P36, B2)."""

    _inherit = "account.analytic.line"

    # Consultants read the time of colleagues on tickets, not what their hour costs
    amount = fields.Monetary(
        groups="hr_timesheet.group_hr_timesheet_approver,account.group_account_invoice,"
        "account.group_account_readonly,analytic.group_analytic_accounting"
    )
    ticket_id = fields.Many2one("helpdesk.ticket", index="btree_not_null", ondelete="restrict")
    # No index: of few values, and each index makes logging time slower
    work_type_id = fields.Many2one("support.work.type", string="Kind of Work", ondelete="restrict")
    time_start = fields.Datetime(string="Start", help="When the work began. Empty: only its duration is known.")
    internal_note = fields.Text(groups="base.group_user", help="For the team. The client never sees it.")
    support_contract_id = fields.Many2one(
        "contract.contract", string="Agreement", readonly=True, copy=False, index=False, ondelete="restrict"
    )
    support_plan_id = fields.Many2one("support.plan", string="Plan", readonly=True, copy=False, ondelete="restrict")

    worked_minutes = fields.Integer(string="Worked (min)", readonly=True, copy=False)
    note_minutes = fields.Integer(
        string="Note Time (min)", readonly=True, copy=False, aggregator=None, help="Added before rounding."
    )
    step_minutes = fields.Integer(
        string="Charged per Started (min)", readonly=True, copy=False, aggregator=None, help="0 or 1: exact minutes."
    )
    full_minutes = fields.Integer(
        string="By the Terms (min)", readonly=True, copy=False, help="What the terms charge for this work."
    )
    goodwill_minutes = fields.Integer(string="Goodwill (min)", copy=False, help="Minutes that are not charged.")
    goodwill_reason = fields.Char(copy=False, help="Why less is charged. The client reads it.")
    charged_minutes = fields.Integer(string="Charged (min)", readonly=True, copy=False)
    rounding_index = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(16, 2),
        help="Charged to worked time: what rounding and note time add. Of a group: of its sums.",
    )
    coverage_basis = fields.Selection(
        COVERAGES, readonly=True, copy=False, help="Technical: what the entitlement says, before any package is asked."
    )
    coverage = fields.Selection(COVERAGES, readonly=True, copy=False)
    package_minutes = fields.Integer(string="From Packages (min)", readonly=True, copy=False)
    overage_minutes = fields.Integer(string="Beyond (min)", readonly=True, copy=False)
    package_left_minutes = fields.Integer(
        string="Left After (min)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="What was left in the client's valid packages after this work.",
    )
    hourly_rate = fields.Float(
        digits="Product Price",
        readonly=True,
        copy=False,
        aggregator=None,
        groups="base.group_user",
        help="Net per hour for what goes beyond the package.",
    )
    work_amount = fields.Float(
        string="Beyond, Net",
        digits="Product Price",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="At the rate, before a discount of the client: the invoice line has it.",
    )

    entry_ids = fields.One2many("support.package.entry", "line_id", string="Ledger")
    is_billed = fields.Boolean(string="Billed", compute="_compute_is_billed", store=True, copy=False)
    corrected_line_id = fields.Many2one(
        "account.analytic.line",
        string="Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The billed work that this entry corrects.",
    )
    correction_ids = fields.One2many("account.analytic.line", "corrected_line_id", string="Corrections")
    is_over_ceiling = fields.Boolean(
        string="Above the Ceiling",
        readonly=True,
        copy=False,
        help="Goes beyond the client's own monthly ceiling: billed only when a contact of the client approved it.",
    )
    approved_by_id = fields.Many2one(
        "res.partner",
        copy=False,
        ondelete="restrict",
        help="The client's contact who approved this work above the ceiling; it may be billed then.",
    )
    approved_minutes = fields.Integer(
        string="Approved (min)", readonly=True, copy=False, help="Minutes beyond the package when it was approved."
    )
    approved_on = fields.Date(compute="_compute_approved_on", store=True, copy=False)

    _support_minutes_allocated = models.Constraint(
        """CHECK(coverage_basis IS NULL
            OR (coverage_basis IN ('package', 'beyond', 'none')
                AND charged_minutes = package_minutes + overage_minutes)
            OR (coverage_basis NOT IN ('package', 'beyond', 'none')
                AND package_minutes = 0 AND overage_minutes = 0))""",
        "Every charged minute of a work comes from a package or goes beyond it.",
    )
    _support_goodwill = models.Constraint(
        "CHECK(goodwill_minutes IS NULL OR goodwill_minutes >= 0)",
        "Goodwill charges less, never more.",
    )
    _support_agreement_idx = models.Index("(support_contract_id, date, id) WHERE support_contract_id IS NOT NULL")
    # The quota of a service month is asked for each ticket: a small index of its own (P15, D12)
    _support_quota_idx = models.Index(
        "(support_contract_id, date) INCLUDE (charged_minutes) WHERE coverage_basis = 'quota'"
    )
    # company_id inside, because the record rules read it (a month of one client over years of lines)
    _support_client_idx = models.Index("(partner_id, date, company_id) WHERE work_type_id IS NOT NULL")

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: the index of a group is that of its sums, not the mean of its works'
        if aggregate_spec != "rounding_index:avg":
            return super()._read_group_select(aggregate_spec, query)
        charged = super()._read_group_select("charged_minutes:sum", query)
        worked = super()._read_group_select("worked_minutes:sum", query)
        return SQL("%s::float / NULLIF(%s, 0)", charged, worked)

    @api.depends("name", "work_type_id")
    def _compute_display_name(self):
        # EXTENDS hr_timesheet: a work is known by what was done
        works = self.filtered("work_type_id")
        res = super(AccountAnalyticLine, self - works)._compute_display_name()
        for line in works:
            line.display_name = line.name or line.work_type_id.display_name
        return res

    @api.depends("entry_ids.invoice_line_id")
    def _compute_is_billed(self):
        """A work is billed when minutes of it are on an invoice; from then on it does not change (D13)."""
        for line in self:
            line.is_billed = any(entry.invoice_line_id for entry in line.entry_ids)

    @api.depends("approved_by_id")
    def _compute_approved_on(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.approved_on = line.approved_by_id and today

    @api.depends("ticket_id.partner_id")
    def _compute_partner_id(self):
        # EXTENDS hr_timesheet: work on a ticket is the client's, whatever the project says, and never of a person of it
        kept = self.filtered(lambda line: line.is_billed or line.corrected_line_id or line.correction_ids)
        on_ticket = (self - kept).filtered("ticket_id")
        others = self - on_ticket - kept
        res = super(AccountAnalyticLine, others)._compute_partner_id()
        for line in kept:
            line.partner_id = line.partner_id
        for line in on_ticket:
            # A saved work goes to another client with its ticket only: see `_follow_ticket`
            is_settled = line._origin.ticket_id == line.ticket_id
            line.partner_id = line._origin.partner_id if is_settled else line._get_client_of_ticket()
        for line in others.filtered("work_type_id"):
            line.partner_id = line.partner_id.commercial_partner_id
        return res

    # Constraints

    @api.constrains("unit_amount", "work_type_id", "ticket_id", "project_id", "name")
    def _check_work(self):
        for line in self.filtered(lambda x: not x.corrected_line_id):
            line._check_kind()
            if line.work_type_id:
                line._check_worked_time()

    def _check_kind(self):
        """Time for a client needs its kind and a description, also in the timesheet app."""
        for_client = self.ticket_id or (
            self.unit_amount and self.project_id == self.company_id.sudo().support_project_id
        )
        if for_client and not self.work_type_id:
            raise ValidationError(
                self.env._(
                    "“%(work)s” needs a kind of work: choose one. Without it nobody knows what is charged.",
                    work=self.name,
                )
            )
        if self.work_type_id and (self.name or "/").strip() in ("", "/"):
            raise ValidationError(self.env._("Describe what was done: the client reads it."))

    def _check_goodwill_given(self):
        """Check goodwill against what the terms charge; after the judgement, which says it."""
        for line in self.filtered(lambda x: x.goodwill_minutes and not x.corrected_line_id):
            line._check_goodwill()

    def _check_worked_time(self):
        if not 0 <= self.unit_amount <= 24:
            raise ValidationError(
                self.env._(
                    "%(work)s: %(hours)s hours cannot be the time of one work. Enter 0 to 24 hours.",
                    work=self.name or self.display_name,
                    hours=f"{self.unit_amount:g}",
                )
            )

    def _check_goodwill(self):
        if self.goodwill_minutes and not self.goodwill_reason:
            raise ValidationError(
                self.env._("%(work)s: say why less is charged (Goodwill Reason).", work=self.name or self.display_name)
            )
        if not 0 <= self.goodwill_minutes <= self.full_minutes:
            raise ValidationError(
                self.env._(
                    "%(work)s: goodwill of %(goodwill)s min is not possible, %(full)s min are charged by the terms.",
                    work=self.name or self.display_name,
                    goodwill=self.goodwill_minutes,
                    full=self.full_minutes,
                )
            )

    @api.constrains("approved_by_id", "partner_id")
    def _check_approved_by(self):
        for line in self.filtered("approved_by_id"):
            agreement = line.sudo().support_contract_id
            if not agreement or not agreement._may_decide(line.approved_by_id):
                raise ValidationError(
                    self.env._(
                        "%(person)s is no support contact of %(client)s and cannot approve its work.",
                        person=line.approved_by_id.display_name,
                        client=line.partner_id.display_name,
                    )
                )

    @api.constrains("work_type_id", "partner_id", "ticket_id")
    def _check_client(self):
        """Work belongs to a client; on a ticket the person may still be unknown, and is served all the same (B4)."""
        for line in self:
            if line.work_type_id and not line.partner_id and not line.ticket_id:
                raise ValidationError(
                    self.env._(
                        "%(work)s has no client: choose a ticket with a client, or the client.",
                        work=line.name or line.work_type_id.display_name,
                    )
                )

    # Create, write, delete

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS hr_timesheet
        self = self._without_guarded_defaults()
        self._check_judged_values({name for vals in vals_list for name in vals if vals[name]})
        own = self.env.context.get("support_own_write") is _OWN_WRITE
        # Copies: when Odoo runs the request again after a conflict, the caller's values must be as they were
        defaults = self._get_work_defaults()
        vals_list = [{**defaults, **vals} for vals in vals_list]
        works = [] if own else [vals for vals in vals_list if vals.get("work_type_id") or vals.get("ticket_id")]
        if not works:
            return super().create(vals_list)
        for vals in works:
            vals.update(self._convert_values(vals))
        # What is approved, is known when it is judged
        approvers = [vals.get("approved_by_id") for vals in vals_list]
        for vals in vals_list:
            if vals.get("approved_by_id"):
                vals["approved_by_id"] = False
        self._complete_works(works)
        self._complete_derived(works)
        marks = {"support_own_write": _OWN_WRITE, "support_cost_later": _OWN_WRITE}
        lines = super(AccountAnalyticLine, self.with_context(**marks)).create(vals_list).with_env(self.env)
        lines._keep_derived(vals_list)
        lines._write_cost(vals_list)
        lines._check_goodwill_given()
        lines._allocate_lines()
        for line, approver in zip(lines, approvers, strict=True):
            if approver:
                line._write_approval(approver)
        return lines

    def _get_work_defaults(self):
        """Return the facts of a work that the context gives as defaults: a work is judged with them."""
        defaults = get_defaults(self, BILLED_FACTS | {"approved_by_id"})
        return {name: value for name, value in defaults.items() if value}

    def _without_guarded_defaults(self):
        """Return the model without defaults of the context for what is judged: core would write them unseen."""
        given = _GUARDED_DEFAULTS.intersection(self.env.context)
        return self.with_context(**dict.fromkeys(given, False)) if given else self

    @api.model
    def _convert_values(self, vals):
        """Return the values with the facts of a work as the ORM keeps them; a bad one is refused with a sentence."""
        return {name: self._convert_value(name, value) if name in WORK_FACTS else value for name, value in vals.items()}

    @api.model
    def _convert_value(self, name, value):
        field = self._fields[name]
        try:
            if field.type == "many2one":
                return value and operator.index(value)
            if field.type in ("float", "integer"):
                number = float(value or 0)
                return number if field.type == "float" and math.isfinite(number) else int(number)
            return field.to_date(value) if field.type == "date" else fields.Datetime.to_datetime(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(
                self.env._(
                    "“%(value)s” is not a value of “%(field)s”. Write hours as 1.5, days as 2026-11-20, moments in UTC "
                    "as 2026-11-20 14:30:00, records by their id.",
                    value=value,
                    field=field.get_description(self.env, ["string"])["string"],
                )
            ) from error

    def write(self, vals):
        # EXTENDS hr_timesheet
        if self.env.context.get("support_own_write") is _OWN_WRITE:
            return super().write(vals)
        self._check_judged_values(vals)  # also empty ones: a bill, a ceiling or a rate is taken off with them
        if "approved_by_id" in vals:
            rest = {name: value for name, value in vals.items() if name != "approved_by_id"}
            if rest:
                self.write(rest)
            return self._write_approval(vals["approved_by_id"])
        self._check_not_billed(vals)
        if WORK_FACTS.isdisjoint(vals):
            return super().write(vals)
        vals = self._complete_day(self._convert_values(vals))
        self._check_goodwill_right([vals], self)
        before = self.support_contract_id
        clients = {line: (line.ticket_id, line.partner_id) for line in self}
        res = super().write(vals)
        works = self.filtered(lambda line: line.work_type_id or line.coverage_basis)
        if works:
            works._settle_clients(clients)
            works._judge_again()
            works._check_goodwill_given()
            works._allocate_lines(before)
        return res

    def unlink(self):
        agreements = self.support_contract_id
        res = super().unlink()
        agreements._allocate_work()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed_work(self):
        may_withdraw = self.env.su or self.env.user.has_group("account.group_account_invoice")
        withdrawn = self.filtered(lambda x: x.corrected_line_id and not x.is_billed) if may_withdraw else self.browse()
        (self - withdrawn)._check_not_billed({"unit_amount": -1, "work_type_id": False})

    def _is_readonly(self):
        # EXTENDS hr_timesheet: the timesheet app shows billed work, and corrections, as they are
        return super()._is_readonly() or self.is_billed or bool(self.corrected_line_id)

    @api.model
    def _get_own_mark(self):
        return _OWN_WRITE

    def _write_own(self, vals):
        """Write what only the judgement and the ledger may write; see `JUDGED_VALUES`."""
        return self.with_context(support_own_write=_OWN_WRITE).write(vals)

    @api.model
    def _check_judged_values(self, names):
        """Refuse values that follow from the terms: minutes are charged less by goodwill, never by hand.

        :param names: of the fields that are given
        """
        given = min(_GUARDED.intersection(names), default=None)
        if given and self.env.context.get("support_own_write") is not _OWN_WRITE:
            raise UserError(
                self.env._(
                    "“%(field)s” follows from the worked time and the client's terms and is not written by hand. To "
                    "charge less, use Goodwill with its reason.",
                    field=self._fields[given].get_description(self.env, ["string"])["string"],
                )
            )

    def _check_not_billed(self, vals):
        """Refuse to change what an invoice was made of (D13)."""
        for line in self.filtered(lambda x: x.is_billed or x.correction_ids or x.corrected_line_id):
            changed = [n for n in BILLED_FACTS & set(vals) if line._is_work_changed(n, vals[n])]
            if changed and line.corrected_line_id and not line.is_billed:
                raise UserError(
                    self.env._(
                        "%(work)s is a correction and stays as it is. An invoicing user may withdraw it.",
                        work=line.name,
                    )
                )
            if changed:
                raise UserError(
                    self.env._(
                        "%(work)s of %(day)s is billed (%(invoice)s) and stays as it is. Use “Correct” on it: the "
                        "difference becomes a new entry on the next invoice.",
                        work=line.name,
                        day=fields.Date.to_string(line.date),
                        invoice=", ".join(line.entry_ids.sudo().invoice_id.mapped("display_name")) or "–",
                    )
                )

    def _check_ticket_stays(self):
        """Refuse to delete a ticket with time on it: recorded time is never lost (F3)."""
        if self:
            ticket = self[0].ticket_id
            raise UserError(
                self.env._(
                    "Ticket %(ticket)s has recorded time and cannot be deleted. Move its time to another ticket first, "
                    "or archive the ticket.",
                    ticket=ticket.display_name,
                )
            )

    def _is_work_changed(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    @api.model
    def _check_goodwill_right(self, vals_list, lines=()):
        """Goodwill is given, and taken away, by a person with the right (a support manager).

        :param lines: the works that are written; none when they are created
        """
        before = {line.goodwill_minutes for line in lines} or {0}
        changed = any(before != {vals.get("goodwill_minutes")} for vals in vals_list if "goodwill_minutes" in vals)
        if changed and not (self.env.su or self.env.user.has_group("support_timesheet.group_support_goodwill")):
            raise UserError(
                self.env._("Charging less than the terms say needs the right “Goodwill”. Ask a support manager.")
            )
