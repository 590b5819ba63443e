from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk

from .numbers import to_id


class TicketApproval(CustomerPortalHelpdesk):
    """A contact of the client approves a report of another person with one click (P38)."""

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        # EXTENDS helpdesk_mgmt: what was promised, and who may close or approve it
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        values["panel"] = ticket._get_panel_values()
        user = request.env.user
        values["may_close"] = ticket._may_be_closed_by(user)
        values["may_approve"] = not user._is_public() and ticket._may_be_approved_by(user.partner_id)
        return values

    @http.route(
        "/my/ticket/<int:ticket_id>/approve/<int:contact_id>/<token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
    )
    def ticket_approve_by_link(self, ticket_id, contact_id, token, **kw):
        """Show the report to approve; only the button approves it, because mail scanners open links."""
        ticket, contact = self._get_link_records(ticket_id, contact_id, token)
        if not ticket:
            return self._render_approval("wrong", status=404)
        request.update_context(lang=contact.lang or request.env.lang)
        ticket = ticket.with_context(lang=request.env.lang)
        if not ticket._is_waiting_for_contact():
            return self._render_approval("done", ticket, contact)
        if request.httprequest.method == "POST":
            return self._approve(ticket, contact)
        return self._render_approval("ask", ticket, contact)

    def _get_link_records(self, ticket_id, contact_id, token):
        """Return (ticket, contact) of a genuine link as superuser, else empty records."""
        tickets = request.env["helpdesk.ticket"].sudo()
        ticket_id, contact_id = to_id(ticket_id), to_id(contact_id)
        if not (ticket_id and contact_id and token.isascii()):
            return tickets, request.env["res.partner"]
        return tickets._get_ticket_to_approve(ticket_id, contact_id, token)

    def _approve(self, ticket, contact):
        try:
            ticket._approve_contact(contact)
        except UserError:  # closed in the meantime, say
            return self._render_approval("done", ticket, contact)
        return self._render_approval("approved", ticket, contact)

    def _render_approval(self, outcome, ticket=None, contact=None, status=200):
        values = {
            "page_name": "approval",
            "no_breadcrumbs": True,
            "outcome": outcome,
            "ticket": None,
            "report": ticket,
            "contact": contact,
            "panel": ticket._get_panel_values() if ticket else None,
        }
        return request.render("support_plans.portal_ticket_approval", values, status=status)

    @http.route("/my/ticket/<int:ticket_id>/approve", type="http", auth="user", website=True, methods=["POST"])
    def ticket_approve_in_panel(self, ticket_id, **kw):
        """Button of a contact on the page of the ticket."""
        try:
            ticket = self._document_check_access("helpdesk.ticket", to_id(ticket_id))
        except (AccessError, MissingError):
            return request.redirect("/my")
        contact = request.env.user.partner_id
        if not ticket._is_contact(contact):
            return self._render_approval("stranger", ticket, contact, status=403)
        if not ticket._is_waiting_for_contact():
            return self._render_approval("done", ticket, contact)
        self._approve(ticket, contact)
        return request.redirect(f"/my/ticket/{ticket.id}")
