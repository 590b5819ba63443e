import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
BATCH = 100


class HelpdeskTicket(models.Model):
    """Reminders: a warning before the deadline, in service hours only, and a word to the leader at the miss."""

    _inherit = "helpdesk.ticket"

    response_warning_at = fields.Datetime(
        string="Warn At",
        readonly=True,
        copy=False,
        help="Three quarters of the promised service time have passed.",
    )
    response_warned_at = fields.Datetime(string="Warned", readonly=True, copy=False)

    def write(self, vals):
        # EXTENDS helpdesk_mgmt: what comes back from the archive waits by the service hours as they are now
        archived = self.filtered(lambda ticket: not ticket.active) if vals.get("active") else self.browse()
        res = super().write(vals)
        if archived:
            archived.sudo().filtered(lambda ticket: ticket._is_waiting_for_response())._replan()
        return res

    @api.model
    def _cron_remind_response(self):
        """Warn of deadlines that come near, and tell of those that passed; each once."""
        now = fields.Datetime.now()
        self._reorder_programming()
        missed = self._get_missed(now)
        warned = self._get_to_warn(now)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(missed) + len(warned))
        for ticket in missed:
            ticket._isolated(ticket._tell_missed, now)
            cron._commit_progress(1)
        for ticket in warned:
            ticket._isolated(ticket._warn, now)
            cron._commit_progress(1)

    @api.model
    def _get_waiting_domain(self):
        """Tickets that still owe a guaranteed response; the predicate `_is_waiting_for_response` in SQL."""
        return fields.Domain(
            [
                ("response_state", "=", "pending"),
                ("response_date", "=", False),
                ("stage_id.closed", "=", False),
            ]
        )

    @api.model
    def _get_missed(self, now):
        """Return the tickets whose deadline passed before the naive UTC moment `now`, unanswered."""
        passed = fields.Domain("response_deadline", "<", now)
        return self.sudo().search(self._get_waiting_domain() & passed, order="response_deadline, id", limit=BATCH)

    @api.model
    def _get_to_warn(self, now):
        """Return the tickets to warn of at `now`, while their service hours are open."""
        due = fields.Domain(
            [
                ("response_warning_at", "<=", now),
                ("response_warned_at", "=", False),
                ("response_deadline", ">=", now),
            ]
        )
        tickets = self.sudo().search(self._get_waiting_domain() & due, order="response_deadline, id")
        return tickets.filtered(lambda ticket: ticket._is_in_service(now))[:BATCH]

    def _is_in_service(self, now):
        """The service hours of the ticket are open at the naive UTC moment `now`; never those that are wrong."""
        try:
            return self.response_calendar_id._service_opening(self.company_id.id, now) == now
        except UserError:
            return False

    def _isolated(self, action, now):
        """Run `action(now)` so that a ticket that fails does not stop the others."""
        try:
            with self.env.cr.savepoint():
                action(now)
        except Exception:  # whatever is wrong with one ticket, the others are reminded
            _logger.exception("Reminder of ticket %s failed", self.number)

    def _warn(self, now):
        """Warn the assignee, or the team, that the deadline comes near; once."""
        self.ensure_one()
        if self.response_warned_at or not self._is_waiting_for_response():
            return
        self.response_warned_at = now
        team = self.team_id.user_ids.filtered("active")
        for user in self.user_id.filtered("active") or team or self._get_responsible():
            reader = self._for_reader(user)
            reader._notify_reader(
                user,
                reader.env._("Ticket %(ticket)s: respond soon", ticket=reader.display_name),
                reader.env._(
                    "The guaranteed response to %(client)s is due %(moment)s (%(left)s).",
                    client=reader.partner_id.display_name or reader.partner_email or "",
                    moment=reader._format_moment(reader.response_deadline),
                    left=reader.response_left,
                ),
            )

    def _tell_missed(self, now):
        """Mark the response as missed and tell the leader of the team, else the assignee; once."""
        self.ensure_one()
        if not self._is_waiting_for_response():
            return
        self.response_state = "missed"
        for user in self._get_responsible():
            reader = self._for_reader(user)
            reader._notify_reader(
                user,
                reader.env._("Ticket %(ticket)s: response missed", ticket=reader.display_name),
                reader.env._(
                    "The guaranteed response to %(client)s was due %(moment)s and has not been given.",
                    client=reader.partner_id.display_name or reader.partner_email or "",
                    moment=reader._format_moment(reader.response_deadline),
                ),
            )

    def _get_responsible(self):
        """Return who answers for a missed response: nobody may miss the word of it.

        The leader of the team; a ticket without one has the person who is responsible for the
        agreement; and where that is nobody, the support managers of the company.
        """
        managers = self.env.ref("support_plans.group_support_manager").all_user_ids
        return (
            self.team_id.user_id.filtered("active")
            or self.support_contract_id.user_id.filtered("active")
            or managers.filtered(lambda user: user.active and self.company_id in user.company_ids)
        )

    def _for_reader(self, user):
        """Return the ticket in the language and the time zone of the user who will read about it."""
        return self.with_context(lang=user.lang, tz=user.tz or self.response_calendar_id.tz)

    def _notify_reader(self, user, subject, text):
        self.message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup("<p>%s</p>") % text,
            author_id=self.env.ref("base.partner_root").id,
            email_layout_xmlid="mail.mail_notification_light",
        )
