from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

from .numbers import to_id


class TicketClose(HelpdeskTicketController):
    """Closing from the panel: by the client whose ticket it is, or by an employee who may see it."""

    @http.route()
    def support_ticket_close(self, **kw):
        # EXTENDS helpdesk_mgmt: it closed the ticket of anybody
        ticket = request.env["helpdesk.ticket"].browse(to_id(kw.get("ticket_id"))).exists()
        if not ticket or not ticket.has_access("read"):
            return request.redirect("/my")
        if not ticket._may_be_closed_by(request.env.user):
            return request.redirect(f"/my/ticket/{ticket.id}")
        return super().support_ticket_close(ticket_id=ticket.id, stage_id=to_id(kw.get("stage_id")))
