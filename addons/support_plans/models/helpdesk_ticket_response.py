from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .helpdesk_ticket import RESPONSE_STATES
from .mail_thread import AUTOMATIC_MAIL


class HelpdeskTicket(models.Model):
    """The promised response: its deadline, how it came about, and the one response that counts."""

    _inherit = "helpdesk.ticket"

    response_state = fields.Selection(
        RESPONSE_STATES, string="Response", readonly=True, copy=False, default="none", index=True
    )
    response_minutes = fields.Integer(
        string="Promised Response (min)",
        readonly=True,
        copy=False,
        help="Service minutes within which work on the report starts, as promised at registration.",
    )
    response_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    response_counted_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="When this is later than the registration or approval: the mark as critical, or the reopening.",
    )
    response_clock_start = fields.Datetime(string="Clock Starts", readonly=True, copy=False)
    response_deadline = fields.Datetime(string="Respond By", readonly=True, copy=False)
    response_date = fields.Datetime(string="Responded", readonly=True, copy=False)
    response_by_id = fields.Many2one("res.partner", string="Responded By", readonly=True, copy=False)
    response_late_minutes = fields.Integer(
        string="Late (min)",
        readonly=True,
        copy=False,
        help="Service minutes between the deadline and the response.",
    )
    response_explanation = fields.Char(string="How It Came About", compute="_compute_response_explanation")

    _waiting_idx = models.Index("(response_deadline, id) WHERE response_state = 'pending'")
    _promise_whole = models.Constraint(
        "CHECK(response_state <> 'pending' OR response_deadline IS NOT NULL)",
        "A ticket with a guaranteed response has a deadline.",
    )

    @api.depends(
        "registered_at",
        "guarantee_from",
        "contact_approved_by_id",
        "response_counted_from",
        "response_clock_start",
        "response_deadline",
        "response_minutes",
        "response_date",
        "response_state",
        "response_late_minutes",
    )
    @api.depends_context("lang", "tz", "uid")
    def _compute_response_explanation(self):
        for ticket in self:
            ticket.response_explanation = " · ".join(ticket._get_explanation_parts())

    # ------------------------------------------------------------
    # How the deadline came about
    # ------------------------------------------------------------

    def _get_explanation_parts(self):
        """Return the steps from registration to deadline and response, in the reader's language and zone."""
        self.ensure_one()
        if not self.registered_at:
            return []
        parts = [self._explain_registration()]
        if self.response_counted_from:
            moment = self._format_moment(self.response_counted_from)
            parts.append(self.env._("counted from %(moment)s", moment=moment))
        if self.response_deadline:
            parts += [
                self.env._("clock starts %(moment)s", moment=self._format_moment(self.response_clock_start)),
                self._format_hours(self.response_minutes),
                self.env._("due %(moment)s", moment=self._format_moment(self.response_deadline)),
            ]
        if self.response_date:
            parts.append(self._explain_response())
        return parts

    def _explain_registration(self):
        moment = self._get_guarantee_start()
        approved = self.contact_approved_by_id
        counted_at_once = not self.response_counted_from and self.response_clock_start
        outside = counted_at_once and self.response_clock_start > moment
        values = {"moment": self._format_moment(moment)}
        if approved and outside:
            return self.env._("Approved %(moment)s, after hours", **values)
        if approved:
            return self.env._("Approved %(moment)s", **values)
        if outside:
            return self.env._("Registered %(moment)s, after hours", **values)
        return self.env._("Registered %(moment)s", **values)

    def _explain_response(self):
        moment = self._format_moment(self.response_date)
        if self.response_late_minutes:
            return self.env._(
                "responded %(moment)s, %(late)s late",
                moment=moment,
                late=self._format_hours(self.response_late_minutes),
            )
        return self.env._("responded %(moment)s", moment=moment)

    def _format_moment(self, moment):
        """Return a naive UTC moment as "Fri 16:40" (within a week of now) or "Fri 4 Dec 16:40"."""
        near = abs((moment - fields.Datetime.now()).days) < 6
        pattern = "EEE HH:mm" if near else "EEE d MMM y HH:mm"
        return format_datetime(self.env, moment, tz=str(self.env.tz), dt_format=pattern)

    @api.model
    def _format_hours(self, minutes):
        """Return minutes as "8 h", "2 h 30 min" or "25 min"."""
        hours, rest = divmod(int(minutes), 60)
        if hours and rest:
            return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
        if hours:
            return self.env._("%(hours)s h", hours=hours)
        return self.env._("%(minutes)s min", minutes=rest)

    # ------------------------------------------------------------
    # The response, once
    # ------------------------------------------------------------

    def _is_waiting_for_response(self):
        """A guaranteed response is still owed and can still be met or missed."""
        self.ensure_one()
        return self.response_state == "pending" and not self.response_date and not self.closed

    def write(self, vals):
        # EXTENDS helpdesk_mgmt: leaving an unattended stage is a response
        leaving = self._get_leaving_unattended(vals)
        closed = self.filtered(lambda ticket: ticket.stage_id.closed) if vals.get("stage_id") else self.browse()
        res = super().write(vals)
        if closed:
            closed.sudo()._wait_again()
        if leaving:
            leaving._register_response(fields.Datetime.now(), self.env.user.partner_id)
        return res

    def _get_leaving_unattended(self, vals):
        """Return the unanswered tickets that an employee takes out of an unattended stage."""
        if not vals.get("stage_id") or not self._is_employee(self.env.user.partner_id):
            return self.browse()
        stage = self.env["helpdesk.ticket.stage"].sudo().browse(vals["stage_id"])
        if stage.unattended:
            return self.browse()
        return self.filtered(lambda ticket: not ticket.response_date and ticket.stage_id.unattended)

    def _message_post_after_hook(self, message, msg_values):
        # EXTENDS mail: the first public answer of an employee is a response
        res = super()._message_post_after_hook(message, msg_values)
        if not self.response_date and self._is_public_answer(message):
            self._register_response(fields.Datetime.now(), message.author_id)
        return res

    def _is_public_answer(self, message):
        """A message that the client can read, written by a person of the firm: no note, no automatic mail."""
        self.ensure_one()
        return (
            message.message_type in ("comment", "email")
            and not self.env.context.get(AUTOMATIC_MAIL)
            and not message.is_internal
            and message.subtype_id
            and not message.subtype_id.internal
            and message.author_id != self.sudo().partner_id
            and self._is_employee(message.author_id)
        )

    @api.model
    def _is_employee(self, partner):
        """A person behind an active internal user; the robot that runs crons is not active."""
        return any(user.active and not user.share for user in partner.sudo().user_ids)

    def _register_response(self, moment, partner):
        """Keep the first response of each ticket: met or missed, and late by how many service minutes.

        :param moment: naive UTC
        :param partner: the person who responded
        """
        # Nothing written here is tracked: mail need not compare the tracked fields a second time.
        untracked = self.sudo().with_context(tracking_disable=True)
        unanswered = untracked.filtered(lambda ticket: not ticket.response_date)
        for (state, late), tickets in unanswered.grouped(lambda t: t._get_outcome(moment)).items():
            tickets.write(
                {
                    "response_date": moment,
                    "response_by_id": partner.id,
                    "response_state": state,
                    "response_late_minutes": late,
                }
            )

    def _get_outcome(self, moment):
        """Return (response state, service minutes late) of a response at `moment` (P26)."""
        self.ensure_one()
        if self.response_state not in ("pending", "missed"):
            return self.response_state, 0
        if moment <= self.response_deadline:
            return "met", 0
        late = self._get_service_seconds(self.response_deadline, moment)
        return "missed", -(-late // 60)

    def _get_service_seconds(self, start, end):
        """Return the service seconds of this ticket between two naive UTC moments.

        Service hours that were made unusable since (flexible, say) have none: the ticket can still
        be read and answered.
        """
        try:
            return self.sudo().response_calendar_id._service_elapsed(self.company_id.id, start, end)
        except UserError:
            return 0

    def action_accept_and_start(self):
        """Button "Accept and start": the promised response, told to the client (P26)."""
        self.check_access("write")
        for ticket in self:
            if ticket.closed:
                raise UserError(
                    self.env._(
                        "Ticket %(ticket)s is closed. Reopen it before you start working on it.",
                        ticket=ticket.display_name,
                    )
                )
            ticket._accept_and_start()
        return True

    def _accept_and_start(self):
        self.ensure_one()
        values = {}
        if not self.user_id:
            values["user_id"] = self.env.user.id
        if self.stage_id.unattended:
            stages = self.team_id._get_applicable_stages()
            started = stages.filtered(lambda s: not s.unattended and not s.closed)[:1]
            values.update({"stage_id": started.id} if started else {})
        first = not self.response_date
        if values:
            self.write(values)
        self._register_response(fields.Datetime.now(), self.env.user.partner_id)
        if first:
            self._tell_client_accepted()

    def _tell_client_accepted(self):
        reader = self.with_context(lang=self.partner_id.lang or self.env.lang)
        self.message_post(
            body=reader.env._(
                "Your report %(number)s has been accepted and %(person)s has started working on it.",
                number=self.number,
                person=self.env.user.name,
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
            # A person who is not known yet is told, too (B4)
            outgoing_email_to=False if self.partner_id else self.partner_email,
        )
