from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .given_values import get_defaults

REQUEST_KINDS = [
    ("bug", "Bug"),
    ("question", "Question"),
    ("consultation", "Consultation"),
    ("configuration", "Configuration"),
    ("programming", "Programming"),
    ("order", "Order"),
    ("other", "Other"),
]
GUARANTEE_REASONS = [
    ("guaranteed", "Guaranteed"),
    ("no_agreement", "No agreement"),
    ("agreement_ended", "Agreement ended"),
    ("no_response_time", "The plan promises no response time"),
    ("contact", "Not an authorised contact"),
    ("channel", "Channel without guarantee"),
    ("request_kind", "Kind of request not covered"),
    ("quota_used", "Quota of guaranteed time used up"),
    ("no_service_hours", "No service hours in the calendar"),
]
RESPONSE_STATES = [
    ("none", "No guarantee"),
    ("pending", "Waiting for response"),
    ("met", "Met"),
    ("missed", "Missed"),
]
#: Written only by the code that judges a ticket, never from outside.
DECIDED_FIELDS = frozenset(
    {
        "support_contract_id",
        "support_plan_id",
        "guarantee_reason",
        "guarantee_from",
        "contact_approved_by_id",
        "response_minutes",
        "response_calendar_id",
        "response_counted_from",
        "response_clock_start",
        "response_deadline",
        "response_warning_at",
        "response_warned_at",
        "response_date",
        "response_by_id",
        "response_state",
        "response_late_minutes",
        "queue_rank",
        "first_offered_at",
    }
)
#: Marks that put a ticket before others: a right, and a line in the history.
MARKS = frozenset({"is_critical", "is_exceptional"})
#: Which client, of which company of ours: another one has another agreement.
CLIENT_FIELDS = frozenset({"partner_id", "company_id"})
#: Years of registration that every clock and the queue can count with.
YEARS = range(1970, 2200)


class HelpdeskTicket(models.Model):
    """A ticket and the promise that was made for it: whose agreement, guaranteed or why not, until when."""

    _inherit = "helpdesk.ticket"

    # Not tracked: a change is logged with its reason, see `_log_guarantee_change`
    support_contract_id = fields.Many2one(
        "contract.contract",
        string="Agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    support_plan_id = fields.Many2one(
        "support.plan", string="Plan", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    request_kind = fields.Selection(
        REQUEST_KINDS, string="Kind of Request", required=True, default="question", tracking=True
    )
    is_critical = fields.Boolean(
        string="Critical",
        tracking=True,
        copy=False,
        help="The client cannot work. Critical problems may be reported on days off where the plan says so.",
    )
    is_exceptional = fields.Boolean(
        string="Exceptional Situation",
        tracking=True,
        copy=False,
        help="The client could not use the panel (no internet, say): the ticket goes first.",
    )
    registered_at = fields.Datetime(string="Registered", default=fields.Datetime.now, required=True, copy=False)
    guarantee_from = fields.Datetime(
        string="Guarantee Counted From",
        readonly=True,
        copy=False,
        help="The moment of registration, or of the approval by an authorised contact.",
    )
    guarantee_reason = fields.Selection(GUARANTEE_REASONS, string="Guarantee", readonly=True, copy=False)

    # ------------------------------------------------------------
    # Registration
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # EXTENDS helpdesk_mgmt: who registers a ticket in the queue registers it for the own team
        defaults = super().default_get(fields)
        if self.env.context.get("support_own_team") and "team_id" in fields:
            defaults.setdefault("team_id", self.env.user.helpdesk_team_ids[:1].id)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS helpdesk_mgmt
        vals_list = [dict(vals) for vals in vals_list]
        defaults = self._get_guarded_defaults()
        for vals in vals_list:
            self._check_not_decided_by_hand({**defaults, **vals})
            self._check_marks(name for name in MARKS if {**defaults, **vals}.get(name))
            self._check_registration(vals)
        self._add_support_registration(vals_list)
        tickets = super().create(vals_list)
        tickets._ask_contacts_for_approval()
        return tickets

    def write(self, vals):
        # EXTENDS helpdesk_mgmt
        self._check_decided_facts_stay(vals)
        self._check_marks(n for n in MARKS & vals.keys() if any(t._is_changed(n, vals[n]) for t in self))
        clients = {} if CLIENT_FIELDS.isdisjoint(vals) else {ticket: ticket._get_client() for ticket in self}
        res = super().write(vals)
        moved = self.browse(ticket.id for ticket, client in clients.items() if ticket._get_client() != client)
        moved._judge_for_new_client()
        if "is_critical" in vals:
            (self - moved)._replan_critical()
        return res

    @api.model
    def message_new(self, msg, custom_values=None):
        # EXTENDS helpdesk_mgmt: whoever delivers the message, it came by e-mail, and nobody has it yet
        # (OCA's "Auto assign" would give it to the robot of the gateway)
        channel = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False)
        defaults = {"user_id": False, **({"channel_id": channel.id} if channel else {})}
        return super().message_new(msg, custom_values={**defaults, **(custom_values or {})})

    def _get_client(self):
        """Return (client, company of ours): whose agreement serves the ticket."""
        self.ensure_one()
        return self.commercial_partner_id, self.company_id

    def _get_guarded_defaults(self):
        """Return the defaults of guarded fields that the context brings: they are values like others."""
        return get_defaults(self, DECIDED_FIELDS | MARKS)

    def _check_not_decided_by_hand(self, vals):
        """Refuse values of a new ticket that only its judgement may give; empty ones say nothing."""
        if not self.env.su:
            self._refuse_decided(name for name in vals if name in DECIDED_FIELDS and vals[name])

    def _check_decided_facts_stay(self, vals):
        """Refuse to change, or to erase, what was decided, and the moment of registration."""
        guarded = (DECIDED_FIELDS | {"registered_at"}) & vals.keys()
        if guarded and not self.env.su:
            self._refuse_decided(n for n in sorted(guarded) if any(t._is_changed(n, vals[n]) for t in self))

    def _is_changed(self, name, value):
        """Whether a value given for a field differs from what the ticket has."""
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    def _refuse_decided(self, names):
        name = next(iter(names), None)
        if name:
            raise UserError(
                self.env._(
                    "“%(field)s” of a ticket is decided by the agreement of the client and cannot be "
                    "entered. Leave it out.",
                    field=self._fields[name].get_description(self.env, ["string"])["string"],
                )
            )

    @api.model
    def _check_registration(self, vals):
        """Refuse what cannot be judged, with a sentence that says what to do."""
        kinds = dict(self._fields["request_kind"]._description_selection(self.env))
        kind = vals.get("request_kind")
        if kind and kind not in kinds:
            raise UserError(
                self.env._(
                    "“%(kind)s” is not a kind of request. Use one of: %(kinds)s.",
                    kind=kind,
                    kinds=", ".join(kinds),
                )
            )
        try:
            vals["registered_at"] = fields.Datetime.to_datetime(vals.get("registered_at"))
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "“%(moment)s” is not a moment of registration. Write it in UTC like 2026-11-20 14:30:00.",
                    moment=vals["registered_at"],
                )
            ) from error
        vals["registered_at"] = vals["registered_at"] or fields.Datetime.now()
        if vals["registered_at"].year not in YEARS:
            raise UserError(
                self.env._(
                    "A ticket cannot be registered at %(moment)s: the moment must lie between 1970 and now. "
                    "Correct the date of registration.",
                    moment=vals["registered_at"],
                )
            )

    def _check_marks(self, names):
        """Refuse to set, or to remove, the marks of these names without the right."""
        if self.env.su or self.env.user.has_group("support_plans.group_support_consultant"):
            return
        if any(names):
            raise AccessError(self.env._("Only a consultant may mark a ticket as critical or exceptional."))

    @api.constrains("registered_at")
    def _check_registered_at(self):
        now = fields.Datetime.now()
        for ticket in self:
            if ticket.registered_at > now:
                raise ValidationError(
                    self.env._(
                        "Ticket “%(ticket)s” cannot be registered in the future (%(moment)s). "
                        "Correct the date of registration.",
                        ticket=ticket.name,
                        moment=ticket.registered_at,
                    )
                )
