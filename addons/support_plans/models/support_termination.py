from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..rules import terminations
from .given_values import get_given

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("accepted", "Accepted"),
    ("corrected", "Corrected"),
    ("refunded", "Refunded"),
    ("closed", "Completed"),
    ("withdrawn", "Withdrawn"),
]
WAYS = [
    ("panel", "Client panel"),
    ("letter", "Letter"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("meeting", "Meeting"),
]
TREATMENTS = [
    ("taxable", "Taxable, inside the correction"),
    ("outside_vat", "Outside VAT, by debit note"),
    ("none", "No fee"),
]
#: What may be written by hand, by the action of `rules/terminations.py` that allows it.
EDITABLE = {
    "edit": frozenset({"contract_id", "requested_on", "requested_by_id", "way", "initiator", "reason"}),
    "change_end": frozenset({"effective_on", "early_reason"}),
    "choose_treatment": frozenset({"fee_tax_treatment", "is_private_person"}),
    "choose_account": frozenset({"refund_bank_id"}),
    "accept": frozenset({"accept_as_of"}),
    "hand_over": frozenset({"handover_ids"}),
}
#: What anyone with write access may write at any time.
ALWAYS = frozenset({"note", "responsible_id", "message_main_attachment_id"})
#: What the chatter writes.
_CHATTER = frozenset({"activity_ids", "message_follower_ids", "message_ids"})
#: Context mark of this addon's own writes. An object, so that no client of the API can send it.
_OWN_WRITE = object()


class SupportTermination(models.Model):
    """A resignation: who ended an agreement, when and how, and what follows until it is closed (F6, F10, D3-D7)."""

    _name = "support.termination"
    _description = "Resignation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "requested_on desc, id desc"

    name = fields.Char(string="Number", readonly=True, copy=False)
    contract_id = fields.Many2one(
        "contract.contract",
        string="Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("support_plan_id", "!=", False), ("support_state", "in", ("running", "notice"))],
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Client", store=True, index=True)
    commercial_partner_id = fields.Many2one(related="contract_id.commercial_partner_id", store=True, index=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True)
    payment_period = fields.Selection(related="contract_id.payment_period")

    requested_on = fields.Date(
        string="Resigned On",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="The day on which the resignation was received. The notice is counted from it.",
    )
    requested_by_id = fields.Many2one(
        "res.partner", string="Resigned By", ondelete="restrict", help="The person of the client who resigned."
    )
    way = fields.Selection(WAYS, string="Received By", required=True, default="letter")
    initiator = fields.Selection(
        [("client", "Client"), ("firm", "Our firm")],
        string="Ended By",
        required=True,
        default="client",
        help="When our firm ends an agreement, no handling fee is kept.",
    )
    reason = fields.Text()
    note = fields.Text(string="Internal Note", groups="base.group_user")
    responsible_id = fields.Many2one(
        "res.users",
        string="Refund Watched By",
        groups="base.group_user",
        default=lambda self: self.env.user if not self.env.user.share else False,
        help="Is reminded 7 and 2 days before the refund is due.",
    )

    earliest_on = fields.Date(
        string="Earliest End", compute="_compute_earliest_on", store=True, help="By minimum term and notice."
    )
    effective_on = fields.Date(
        string="Last Day",
        compute="_compute_effective_on",
        store=True,
        readonly=False,
        tracking=True,
        help="The last day of the agreement. A later day is always possible; an earlier one is an exception "
        "that a support manager makes, with a reason.",
    )
    early_reason = fields.Char(string="Why Earlier", help="Why the agreement ends before the earliest day.")

    submitted_on = fields.Date(readonly=True, copy=False, tracking=True)
    accepted_on = fields.Date(
        readonly=True, copy=False, tracking=True, help="The refund is due so many days after this day."
    )
    accept_as_of = fields.Date(
        string="Accept as of", copy=False, help="The day of a letter that accepts the resignation. Empty: today."
    )
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False, help="When the confirmation was sent to the client.")
    settled_on = fields.Date(readonly=True, copy=False)
    withdrawn_on = fields.Date(readonly=True, copy=False, tracking=True)
    withdrawn_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    state = fields.Selection(STATES, compute="_compute_state", store=True, tracking=True, index=True)

    line_ids = fields.One2many("support.termination.line", "termination_id", string="Settlement", readonly=True)
    handover_ids = fields.One2many("support.handover.item", "termination_id")
    refund_move_ids = fields.One2many(
        "account.move",
        "support_termination_id",
        string="Corrections",
        domain=[("move_type", "=", "out_refund")],
        readonly=True,
    )

    _one_open = models.UniqueIndex(
        "(contract_id) WHERE withdrawn_on IS NULL",
        "This agreement has a resignation already. Open it, or withdraw it first.",
    )
    _steps_ordered = models.Constraint(
        """CHECK((accepted_on IS NULL OR submitted_on IS NOT NULL)
             AND (settled_on IS NULL OR accepted_on IS NOT NULL)
             AND (submitted_on IS NULL OR effective_on IS NOT NULL))""",
        "A resignation is submitted, then accepted, then settled.",
    )

    @api.depends("contract_id")
    def _compute_currency_id(self):
        """Stored: the agreement works its currency out anew each time it is asked."""
        for termination in self:
            termination.currency_id = termination.contract_id.currency_id

    # Dates

    @api.depends("contract_id", "requested_on")
    def _compute_earliest_on(self):
        for termination in self:
            agreement = termination.contract_id
            known = agreement.date_start and termination.requested_on
            termination.earliest_on = known and agreement._get_earliest_end(termination.requested_on)

    @api.depends("earliest_on")
    def _compute_effective_on(self):
        for termination in self:
            if terminations.is_allowed("change_end", termination.state or "draft"):
                termination.effective_on = termination.earliest_on

    # State

    @api.depends(
        "submitted_on",
        "accepted_on",
        "withdrawn_on",
        "settled_on",
        "line_ids.lowered_net",
        "refund_move_ids.state",
        "refund_move_ids.payment_state",
        "handover_ids.done_on",
    )
    def _compute_state(self):
        for termination in self:
            termination.state = terminations.state(termination._get_facts())

    def _get_facts(self):
        """Return what has happened so far, for `rules/terminations.py`."""
        self.ensure_one()
        live = self._get_corrections()
        is_settled = bool(self.settled_on) and self._get_moves_to_correct() <= live.reversed_entry_id
        return terminations.Facts(
            submitted=bool(self.submitted_on),
            accepted=bool(self.accepted_on),
            withdrawn=bool(self.withdrawn_on),
            settled=is_settled,
            corrections_open=len(live.filtered(lambda move: move.state == "draft")) if is_settled else 0,
            refund_open=any(not move._is_refunded() for move in live),
            handover_open=len(self.handover_ids.filtered(lambda item: not item.done_on)),
        )

    def _get_moves_to_correct(self):
        """Return the invoices of which the settlement takes something off."""
        return self.line_ids.filtered("lowered_net").move_id

    def _require(self, action):
        """Refuse an action that the state does not allow, with a sentence that says what to do instead."""
        for termination in self:
            is_issued = action == "withdraw" and "posted" in termination.sudo().refund_move_ids.mapped("state")
            if is_issued or not terminations.is_allowed(action, termination.state):
                raise UserError(termination._get_refusal(action))

    def _get_refusal(self, action):
        if action == "withdraw" and self.state in ("accepted", "corrected", "refunded", "closed"):
            return self.env._(
                "%(resignation)s cannot be withdrawn: its correction invoice is issued. To go on with the client, "
                "sign a new agreement; a correction that was wrong is itself corrected by an invoice.",
                resignation=self.display_name,
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        allowed = [labels[name] for name in terminations.STATES if name in terminations.ALLOWED[action]]
        return self.env._(
            "%(resignation)s is in the state “%(state)s”; this step is possible only in: %(allowed)s.",
            resignation=self.display_name,
            state=labels[self.state],
            allowed=", ".join(allowed),
        )

    # Constraints

    @api.constrains("contract_id", "requested_on")
    def _check_agreement(self):
        for termination in self:
            agreement = termination.contract_id
            if not agreement.support_plan_id or agreement.support_state not in ("running", "notice"):
                raise ValidationError(
                    self.env._(
                        "%(agreement)s is not running, so nobody can resign from it.", agreement=agreement.display_name
                    )
                )
            if termination.requested_on > fields.Date.context_today(self):
                raise ValidationError(self.env._("The resignation cannot be received on a day that is still to come."))

    @api.constrains("requested_by_id", "contract_id")
    def _check_requested_by(self):
        for termination in self:
            person, client = termination.requested_by_id, termination.contract_id.commercial_partner_id
            if person and termination.initiator == "client" and person.commercial_partner_id != client:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(client)s and cannot resign for it.",
                        person=person.display_name,
                        client=client.display_name,
                    )
                )

    @api.constrains("effective_on", "early_reason", "earliest_on")
    def _check_end(self):
        """The earliest end may be put off by anyone, and anticipated by a manager with a reason (D3, F2)."""
        for termination in self.filtered(lambda t: t.effective_on and t.earliest_on):
            if termination.effective_on < termination.contract_id.date_start:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s begins on %(start)s and cannot end on %(end)s.",
                        agreement=termination.contract_id.display_name,
                        start=format_date(self.env, termination.contract_id.date_start),
                        end=format_date(self.env, termination.effective_on),
                    )
                )
            if termination.effective_on < termination.earliest_on:
                termination._check_may_end_early()

    def _check_may_end_early(self):
        names = {
            "agreement": self.contract_id.display_name,
            "day": format_date(self.env, self.earliest_on),
        }
        # By the user, not by `su`: constraints run as superuser
        if self.env.uid != SUPERUSER_ID and not self.env.user.has_group("support_plans.group_support_manager"):
            raise ValidationError(
                self.env._(
                    "%(agreement)s may end on %(day)s at the earliest. Only a support manager may let it end sooner.",
                    **names,
                )
            )
        if not (self.early_reason or "").strip():
            raise ValidationError(
                self.env._(
                    "%(agreement)s may end on %(day)s at the earliest. To end it sooner as an exception, write the "
                    "reason.",
                    **names,
                )
            )

    # Create, write, delete

    @api.model_create_multi
    def create(self, vals_list):
        known = frozenset().union(*EDITABLE.values(), ALWAYS)
        for vals in vals_list:
            given = get_given(self, vals)
            self._check_own_values(set(given) - known - {"name"})
            if any(given.get(name) for name in EDITABLE["choose_treatment"]):
                self._check_accountant()
            vals["name"] = self.env["ir.sequence"].next_by_code("support.termination")
        resignations = super().create(vals_list)
        resignations._set_defaults_of_client()
        return resignations

    def _set_defaults_of_client(self, anew=False):
        """Take from agreement and client what the settlement starts with.

        :param anew: the agreement, or who ended it, is another: what was proposed before does not count
        """
        if anew:
            self._write_own({"fee_tax_treatment": False, "is_private_person": False, "refund_bank_id": False})
        for termination in self:
            agreement = termination.contract_id
            vals = {
                "fee_percent": agreement.fee_percent,
                "month_rule": agreement.month_rule or "started",
                "refund_days": agreement.refund_days,
            }
            if not termination.fee_tax_treatment:
                vals["fee_tax_treatment"] = agreement.fee_tax_treatment or "taxable"
            if not termination.is_private_person:
                vals["is_private_person"] = agreement._is_private_person()
            if termination.initiator == "firm":
                vals["fee_tax_treatment"] = "none"
            if not termination.refund_bank_id:
                vals["refund_bank_id"] = termination._get_known_account().id
            termination._write_own(vals)

    def write(self, vals):
        if self.env.context.get("support_own_write") is _OWN_WRITE:
            return super().write(vals)
        self.check_access("write")
        self._check_own_values(set(vals) - frozenset().union(*EDITABLE.values(), ALWAYS) - _CHATTER)
        for action, names in EDITABLE.items():
            if not names.isdisjoint(vals):
                self._require(action)
        if not EDITABLE["choose_treatment"].isdisjoint(vals):
            self._check_may_choose()
        result = super().write(vals)
        self._follow_changes(vals)
        return result

    def _check_may_choose(self):
        """Refuse another treatment of the fee to others than accountants, and once the correction is prepared (D14)."""
        self._check_accountant()
        for termination in self:
            if termination._get_corrections():
                raise UserError(
                    self.env._(
                        "The correction of %(resignation)s is prepared. Delete its draft first, then choose.",
                        resignation=termination.display_name,
                    )
                )

    def _follow_changes(self, vals):
        """Let what was changed by hand reach the agreement and the settlement."""
        if {"contract_id", "initiator"} & set(vals):
            self._set_defaults_of_client(anew=True)
        if "effective_on" in vals:
            for termination in self.filtered("submitted_on"):
                termination._end_agreement()
        if not EDITABLE["choose_treatment"].isdisjoint(vals):
            self._write_own({"treatment_by_id": self.env.uid, "treatment_on": fields.Date.context_today(self)})
        if vals.get("fee_tax_treatment") == "outside_vat":
            self._check_debit_note_account()
        if {"effective_on", "fee_tax_treatment", "is_private_person"} & set(vals):
            self.filtered("submitted_on")._refresh_settlement()
        if "refund_bank_id" in vals:
            for termination in self:
                unpaid = termination.sudo()._get_corrections().filtered(lambda move: not move._is_refunded())
                unpaid.partner_bank_id = termination.refund_bank_id

    def _check_own_values(self, names):
        """Refuse values that only the steps of a resignation write."""
        if names and self.env.context.get("support_own_write") is not _OWN_WRITE:
            labels = [self._get_field_label(name) for name in sorted(names)]
            raise UserError(
                self.env._(
                    "“%(fields)s” follows from the steps of the resignation and is not written by hand: use its "
                    "buttons.",
                    fields=", ".join(labels),
                )
            )

    def _get_field_label(self, name):
        field = self._fields.get(name)
        return field.get_description(self.env, ["string"])["string"] if field else name

    def _write_own(self, vals):
        """Write what only the steps of a resignation write; see `write`."""
        return self.with_context(support_own_write=_OWN_WRITE).write(vals)

    def _check_accountant(self):
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only an accountant may accept, settle and correct a resignation."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        kept = self.filtered(lambda termination: not terminations.is_allowed("delete", termination.state))
        if kept:
            raise UserError(
                self.env._(
                    "%(resignation)s belongs to the client's history and cannot be deleted. Withdraw it instead.",
                    resignation=kept[0].display_name,
                )
            )

    def copy_data(self, default=None):
        raise UserError(self.env._("A resignation cannot be duplicated."))

    @api.depends("name", "contract_id")
    def _compute_display_name(self):
        for termination in self:
            parts = filter(None, [termination.name, termination.contract_id.name])
            termination.display_name = " · ".join(parts) or self.env._("New resignation")
