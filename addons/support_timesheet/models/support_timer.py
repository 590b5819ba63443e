from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: A timer that ran longer was probably forgotten: the person is asked to look at the time (seconds).
FORGOTTEN_AFTER = 12 * 3600
#: No work is longer than a day.
LONGEST_MINUTES = 24 * 60


class SupportTimer(models.Model):
    """The stopwatch of a person: one at a time, kept on the server until its time is logged (F3).

    It runs from `started_at`. Stopping sets `stopped_at`; the row stays until the work is saved or thrown
    away, so that no minute is lost when a dialog is closed.
    """

    _name = "support.timer"
    _description = "Timer"
    _rec_name = "ticket_id"

    user_id = fields.Many2one(
        "res.users", string="Person", required=True, default=lambda self: self.env.user, ondelete="cascade"
    )
    ticket_id = fields.Many2one("helpdesk.ticket", required=True, index=True, ondelete="restrict")
    work_type_id = fields.Many2one("support.work.type", string="Kind of Work", required=True, ondelete="restrict")
    started_at = fields.Datetime(
        required=True, default=fields.Datetime.now, help="When resumed: later by the length of the pause."
    )
    stopped_at = fields.Datetime(help="Empty while it runs.")

    _user_uniq = models.Constraint(
        "UNIQUE(user_id)", "You have a timer already, perhaps in another window. Reload the page to see it."
    )
    _order_of_times = models.Constraint(
        "CHECK(stopped_at IS NULL OR stopped_at >= started_at)", "A timer cannot stop before it started."
    )

    @api.constrains("started_at")
    def _check_started_at(self):
        for timer in self:
            if timer.started_at > fields.Datetime.now() + timedelta(minutes=1):
                raise ValidationError(self.env._("A timer cannot start in the future."))

    def write(self, vals):
        """A timer stays with its person; what is written is checked by the rules only before it."""
        if "user_id" in vals and not self.env.su:
            raise AccessError(self.env._("A timer cannot be handed to another person."))
        return super().write(vals)

    # Facts

    @api.model
    def _get_mine(self):
        """Return the timer of the reader, or an empty one."""
        return self.search([("user_id", "=", self.env.uid)])

    @api.model
    def _get_mine_by_id(self, timer_id):
        """Return the timer of the reader when it has this id (as a screen sent it), else an empty one."""
        mine = self._get_mine()
        return mine if mine.ids == [timer_id] else self.browse()

    def _get_seconds(self):
        """Return how long it has run."""
        self.ensure_one()
        return max(int(((self.stopped_at or fields.Datetime.now()) - self.started_at).total_seconds()), 0)

    def _get_minutes(self):
        """Return the minutes that it proposes: whole ones, at least 1 (in favour of the client)."""
        return max(self._get_seconds() // 60, 1)

    def _is_forgotten(self):
        return self._get_seconds() > FORGOTTEN_AFTER

    def _describe_ticket(self):
        """Return number and subject of its ticket; the person's own timer may name it."""
        ticket = self.sudo().ticket_id
        return f"{ticket.number} {ticket.name}" if ticket.number else ticket.name

    def _check_free(self):
        """Refuse a second timer with a sentence that names the first (one running timer a person)."""
        if not self:
            return
        minutes = self.env["helpdesk.ticket"]._format_hours(self._get_minutes())
        if self.stopped_at:
            raise UserError(
                self.env._(
                    "%(time)s on ticket %(ticket)s are not logged yet. Log them, resume them or throw them away first.",
                    time=minutes,
                    ticket=self._describe_ticket(),
                )
            )
        raise UserError(
            self.env._(
                "Your timer runs on ticket %(ticket)s (%(time)s). Stop it and log its time first.",
                ticket=self._describe_ticket(),
                time=minutes,
            )
        )

    # Actions

    @api.model
    def _start(self, ticket, kind):
        """Start the reader's timer on a ticket; when it runs there already, nothing happens.

        :param kind: support.work.type
        """
        self._check_employee(ticket)
        mine = self._get_mine()
        if mine.ticket_id == ticket and not mine.stopped_at:
            return mine
        mine._check_free()
        return self.create({"ticket_id": ticket.id, "work_type_id": kind.id})

    @api.model
    def _check_employee(self, ticket):
        """Time is kept of employees only: say so before the work, not after it."""
        company = ticket.company_id or self.env.company
        employees = self.env["hr.employee"].sudo()
        if not employees.search_count([("user_id", "=", self.env.uid), ("company_id", "=", company.id)], limit=1):
            raise UserError(
                self.env._(
                    "Time is kept of employees, and %(user)s is none of %(company)s. Ask a manager to create "
                    "the employee.",
                    user=self.env.user.name,
                    company=company.name,
                )
            )

    def action_stop(self):
        """Stop and propose the work."""
        for timer in self.filtered(lambda t: not t.stopped_at):
            # Never before the start, whatever the clocks of two servers say
            timer.stopped_at = max(fields.Datetime.now(), timer.started_at)
        return self.action_log()

    def action_resume(self):
        """Run on: the start moves by the pause."""
        for timer in self.filtered("stopped_at"):
            timer.write(
                {"started_at": timer.started_at + (fields.Datetime.now() - timer.stopped_at), "stopped_at": False}
            )
        return True

    def action_throw_away(self):
        """Forget the time; the screen asks before."""
        return self.unlink()

    def action_log(self):
        """Open a new work with what the timer measured. Saving it ends the timer, closing it does not."""
        self.ensure_one()
        day = self.env["account.analytic.line"]._get_start_day(self.started_at)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Time"),
            "res_model": "account.analytic.line",
            "view_mode": "form",
            "views": [(self.env.ref("support_timesheet.support_work_view_form").id, "form")],
            "target": "new",
            "context": {
                "support_timer_id": self.id,
                "default_ticket_id": self.ticket_id.id,
                "default_work_type_id": self.work_type_id.id,
                "default_time_start": fields.Datetime.to_string(self.started_at),
                "default_date": fields.Date.to_string(day),
                "default_unit_amount": min(self._get_minutes(), LONGEST_MINUTES) / 60,
            },
        }

    @api.model
    def _end_logged(self, timer_id):
        """End the reader's own timer, because its time was saved; the id of another's does nothing.

        :param timer_id: what the screen sent
        """
        self._get_mine_by_id(timer_id).unlink()

    # For the screen

    def _get_screen_values(self, ticket):
        """Return what the screen of a ticket shows of the reader's timer; None without one."""
        if not self:
            return None
        return {
            "id": self.id,
            "here": self.ticket_id == ticket,
            "ticket_id": self.ticket_id.id,
            "ticket": self._describe_ticket(),
            "running": not self.stopped_at,
            "seconds": self._get_seconds(),
            "forgotten_after": FORGOTTEN_AFTER,
            "kind_id": self.work_type_id.id,
            "kind": self.work_type_id.name,
        }
