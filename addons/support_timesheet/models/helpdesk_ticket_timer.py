from odoo import api, models
from odoo.exceptions import UserError

#: Kind of work that is most likely on a ticket that came by a channel; others: remote help.
KIND_BY_CHANNEL = {"email": "EMAIL"}
USUAL_KIND = "REMOTE"


class HelpdeskTicket(models.Model):
    """The reader's timer on a ticket. What the screen shows of it is in `time_card` (F3)."""

    _inherit = "helpdesk.ticket"

    def action_start_timer(self, work_type_id=False):
        """Start the reader's timer.

        :param work_type_id: id of the kind of work; empty: the most likely one
        """
        self.ensure_one()
        self.check_access("read")
        kind = self.env["support.work.type"].browse(work_type_id or ()) or self._get_likely_kind()
        if not kind:
            raise UserError(self.env._("There is no kind of work yet. Ask a manager to create one."))
        self.env["support.timer"]._start(self, kind)
        return True

    def action_set_timer_kind(self, work_type_id):
        """Change the kind of work of the reader's timer on this ticket."""
        self.ensure_one()
        timer = self.env["support.timer"]._get_mine()
        if timer.ticket_id == self:
            timer.work_type_id = self.env["support.work.type"].browse(work_type_id)
        return True

    def action_stop_timer(self):
        """Stop the reader's timer, wherever it runs, and propose the work."""
        return self._get_timer().action_stop()

    def action_log_timer(self):
        """Propose the work of the stopped timer again."""
        return self._get_timer().action_log()

    def action_resume_timer(self):
        return self._get_timer().action_resume()

    def action_throw_away_timer(self):
        return self._get_timer().action_throw_away()

    def _get_timer(self):
        """Return the reader's timer; without one, another window was faster."""
        timer = self.env["support.timer"]._get_mine()
        if not timer:
            raise UserError(
                self.env._("Your timer is gone: its time was logged or thrown away in another window. Reload the page.")
            )
        return timer

    @api.model
    def _get_kinds_of_work(self):
        """Return the kinds of work that can be chosen."""
        return self.env["support.work.type"].search([("active", "=", True)])

    def _get_likely_kind(self, kinds=None):
        """Return the kind of work that the reader probably does next on this ticket.

        That of the reader's last work here, else by the channel. It is a proposal, nothing depends on it.
        """
        self.ensure_one()
        last = (
            self.env["account.analytic.line"]
            .sudo()
            .search(
                [("ticket_id", "in", self.ids), ("user_id", "=", self.env.uid), ("work_type_id", "!=", False)],
                order="date desc, id desc",
                limit=1,
            )
        )
        kinds = self._get_kinds_of_work() if kinds is None else kinds
        if last.work_type_id in kinds:
            return last.work_type_id.with_env(self.env)
        code = KIND_BY_CHANNEL.get(self.channel_id.support_kind, USUAL_KIND)
        return kinds.filtered(lambda kind: kind.code == code)[:1] or kinds[:1]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_timer(self):
        timer = self.env["support.timer"].sudo().search([("ticket_id", "in", self.ids)], limit=1)
        if timer:
            raise UserError(
                self.env._(
                    "%(user)s has a timer on ticket %(ticket)s. Its time is logged or thrown away before the ticket "
                    "can be deleted.",
                    user=timer.user_id.name,
                    ticket=timer.ticket_id.display_name,
                )
            )
