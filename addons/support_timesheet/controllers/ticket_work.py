from odoo.http import request

from odoo.addons.support_plans.controllers.ticket_approval import TicketApproval


class TicketWork(TicketApproval):
    """The time spent on a ticket, on its page in the panel."""

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        # EXTENDS support_plans
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        works = ticket._get_works_for(request.env.user)
        values.update(works=works._get_panel_works(), work_totals=works._get_panel_totals())
        return values
