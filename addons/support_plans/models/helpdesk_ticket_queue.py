import calendar

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules import queue
from .helpdesk_ticket_channel import CHANNEL_RANK
from .helpdesk_ticket_guarantee import NOT_SERVED

URGENCIES = [
    ("late", "Late"),
    ("soon", "Soon"),
    ("in_time", "In time"),
    ("none", "No guarantee"),
    ("done", "In work"),
]
WAITING_PROGRAMMING = Domain(
    [("queue_rank", "!=", False), ("request_kind", "=", "programming"), ("response_date", "=", False)]
)


class HelpdeskTicket(models.Model):
    """The queue: every open ticket in the order of work, each saying why it stands where it stands."""

    _inherit = "helpdesk.ticket"

    queue_rank = fields.Char(
        compute="_compute_queue_rank",
        store=True,
        copy=False,
        help="Technical: sorts the queue. Empty for closed tickets.",
    )
    queue_reason = fields.Char(string="Why Here", compute="_compute_queue_reason")
    response_left_minutes = fields.Integer(
        string="Service Minutes Left",
        compute="_compute_response_left",
        help="Service minutes to the deadline; negative when it has passed.",
    )
    response_left = fields.Char(string="Time Left", compute="_compute_response_left")
    response_urgency = fields.Selection(URGENCIES, compute="_compute_response_left")

    _queue_idx = models.Index("(queue_rank, id) WHERE queue_rank IS NOT NULL")

    # ------------------------------------------------------------
    # Rank
    # ------------------------------------------------------------

    @api.depends(
        "active",
        "channel_id.support_kind",
        "guarantee_reason",
        "is_exceptional",
        "registered_at",
        "request_kind",
        "response_date",
        "response_deadline",
        "stage_id.closed",
        "support_contract_id.programming_priority",
    )
    def _compute_queue_rank(self):
        for ticket in self:
            in_queue = ticket.active and not ticket.stage_id.closed
            ticket.queue_rank = in_queue and queue.rank(ticket._get_queue_entry())

    def _get_queue_entry(self):
        """Return the facts of the rule that orders the queue (P28, F7, P7)."""
        return queue.QueueEntry(
            exceptional=self.is_exceptional,
            answered=bool(self.response_date),
            deadline=_seconds(self.response_deadline) if self.response_deadline else None,
            channel_rank=CHANNEL_RANK[self.channel_id.support_kind or "other"],
            registered=_seconds(self.registered_at or fields.Datetime.now()),
            programming=self.request_kind == "programming",
            priority_programming=self._has_programming_priority(),
        )

    def _has_programming_priority(self):
        """Programming that goes before other programming (P7); an agreement that has ended gives nothing (P1)."""
        served = self.guarantee_reason not in NOT_SERVED
        return served and self.request_kind == "programming" and self.support_contract_id.programming_priority

    def _filter_programming(self):
        return self.filtered(lambda ticket: ticket.request_kind == "programming")

    def _waits_for_programming(self):
        """Tell whether this is a programming request that stands in the queue without an answer yet."""
        return self.request_kind == "programming" and bool(self.queue_rank) and not self.response_date

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS helpdesk_mgmt
        programming = any(vals.get("request_kind") == "programming" for vals in vals_list)
        # Asked before the tickets exist, so that their places are written once, with their other columns
        places = self._read_programming_places() if programming else {}
        tickets = super().create(vals_list)
        if programming:
            tickets._join_programming(places)
        return tickets

    def write(self, vals):
        # EXTENDS helpdesk_mgmt
        programming = self._filter_programming()
        res = super().write(vals)
        if "queue_rank" not in vals:
            # Also what is no programming any more: others may have stood right before it
            (programming | self._filter_programming())._move_priority_programming_ahead()
        return res

    def _move_priority_programming_ahead(self):
        """Put programming with priority right before the first other waiting programming request (P7).

        Called after anything that may have changed the order of programming requests, on those that changed.
        """
        if self:
            self._reorder_programming(self.sudo().company_id)

    @api.model
    def _reorder_programming(self, companies=None):
        """Put the programming requests of these companies (None: of all) in order (P7); only what moved is written."""
        # All pending columns in one pass; a search would flush its own and leave the rest for a second one
        self.flush_model()
        domain = Domain.TRUE if companies is None else Domain("company_id", "in", companies.ids)
        for first_other, ahead in self._read_programming_places(domain).values():
            ahead._rank_before(first_other)

    @api.model
    def _read_programming_places(self, domain=Domain.TRUE):
        """Return the programming requests that wait, in one query.

        {(company, exceptional): (place of the first request without priority or None, requests with priority)}
        """
        places = {}
        groups = self.sudo()._read_group(
            WAITING_PROGRAMMING & domain,
            ["company_id", "is_exceptional", "support_contract_id.programming_priority", "guarantee_reason"],
            ["queue_rank:min", "id:recordset"],
        )
        for company, exceptional, priority, reason, first, tickets in groups:
            first_other, ahead = places.get((company, exceptional), (None, self.sudo().browse()))
            if priority and reason not in NOT_SERVED:
                ahead |= tickets
            else:
                first_other = min(filter(None, [first_other, first]))
            places[company, exceptional] = (first_other, ahead)
        return places

    def _join_programming(self, places):
        """Order these new tickets among those that waited before, see `_read_programming_places`."""
        joining = self.sudo().filtered(lambda ticket: ticket._waits_for_programming())
        for key, tickets in joining.grouped(lambda t: (t.company_id, t.is_exceptional)).items():
            first_other, waiting = places.get(key, (None, tickets.browse()))
            priority = tickets.filtered(lambda t: t._has_programming_priority())
            others = (tickets - priority).mapped("queue_rank")
            new_first = min(filter(None, [first_other, *others]), default=None)
            moving = priority if new_first == first_other else priority | waiting
            moving._rank_before(new_first)

    def _rank_before(self, first_other):
        """Rank these tickets before the place `first_other` (None: nobody's); write only what changes."""
        for ticket in self:
            wanted = queue.ahead_of(first_other, queue.rank(ticket._get_queue_entry()))
            if ticket.queue_rank != wanted:
                ticket.queue_rank = wanted

    # ------------------------------------------------------------
    # Reading the queue
    # ------------------------------------------------------------

    @api.depends("queue_rank", "response_deadline", "response_date", "guarantee_reason", "is_critical")
    @api.depends_context("lang")
    def _compute_queue_reason(self):
        for ticket in self:
            ticket.queue_reason = ticket.queue_rank and ticket._explain_place()

    def _explain_place(self):
        """Return why the ticket stands where it stands, in the reader's words; critical ones say so."""
        reason = self._explain_rank()
        return self.env._("Critical · %(reason)s", reason=reason) if self.is_critical else reason

    def _explain_rank(self):
        entry = self._get_queue_entry()
        moved = self.queue_rank != queue.rank(entry)
        code = queue.place_reason(entry, moved)
        if code == queue.NO_GUARANTEE:
            reasons = dict(self._fields["guarantee_reason"]._description_selection(self.env))
            return self.env._("No guarantee: %(guarantee)s", guarantee=reasons.get(self.guarantee_reason, ""))
        return {
            queue.EXCEPTIONAL: self.env._("Exceptional situation: goes first"),
            queue.PRIORITY_PROGRAMMING: self.env._("Priority queue for programming"),
            queue.DEADLINE: self.env._("By guaranteed response"),
            queue.IN_WORK: self.env._("Responded, in work"),
        }[code]

    @api.depends("response_deadline", "response_date", "response_state", "response_minutes", "closed")
    @api.depends_context("lang")
    def _compute_response_left(self):
        now = fields.Datetime.now()
        for ticket in self:
            over = ticket.response_date or ticket.closed
            ticket.response_left_minutes = 0
            ticket.response_left = False
            ticket.response_urgency = "done" if over else "none"
            if ticket.response_deadline and not over:
                ticket._set_response_left(now)

    def _set_response_left(self, now):
        """Show the service time between `now` and the deadline, and how urgent it is."""
        start, end = sorted((now, self.response_deadline))
        minutes = self._get_service_seconds(start, end) // 60
        late = now > self.response_deadline
        self.response_left_minutes = -minutes if late else minutes
        if late:
            self.response_urgency = "late"
            self.response_left = self.env._("%(time)s late", time=self._format_hours(minutes))
        else:
            self.response_urgency = "soon" if minutes * 4 <= self.response_minutes else "in_time"
            self.response_left = self.env._("%(time)s left", time=self._format_hours(minutes))

    # ------------------------------------------------------------
    # Next ticket
    # ------------------------------------------------------------

    @api.model
    def _get_next_ticket_domain(self):
        """The unanswered tickets that the user may take: nobody's (or a robot's) or one's own, of one's teams."""
        teams = self.env.user.helpdesk_team_ids
        robot = self.env.ref("base.user_root")
        return (
            Domain("queue_rank", "!=", False)
            & Domain("response_date", "=", False)
            & Domain("user_id", "in", [False, robot.id, self.env.uid])
            & (Domain("team_id", "=", False) | Domain("team_id", "in", teams.ids))
        )

    def action_next_ticket(self):
        """Button "Next ticket": take the first ticket of the queue, assign it, open it.

        A ticket that a colleague takes at the same moment is skipped.
        """
        first = self.search(self._get_next_ticket_domain(), order="queue_rank, id", limit=20)
        ticket = first.try_lock_for_update(limit=1) if first else first
        if not ticket:
            return self._notify_queue_empty()
        if ticket.user_id != self.env.user:
            ticket.user_id = self.env.user
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": ticket.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _notify_queue_empty(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("No ticket is waiting for you."),
            },
        }


def _seconds(moment):
    """Return the UTC seconds of a naive UTC moment."""
    return calendar.timegm(moment.timetuple())
