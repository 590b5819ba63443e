from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq, hmac


class HelpdeskTicket(models.Model):
    """Single point of contact: a ticket of another person waits for one click of a contact (P38)."""

    _inherit = "helpdesk.ticket"

    contact_approved_by_id = fields.Many2one(
        "res.partner",
        string="Approved By",
        readonly=True,
        copy=False,
        help="The contact of the client, or the employee, who let this person use the support.",
    )

    def _is_waiting_for_contact(self):
        """The ticket is served without guarantee until a contact of the client approves it."""
        self.ensure_one()
        decided = self.response_date or self.contact_approved_by_id
        return self.guarantee_reason == "contact" and not decided and not self.closed

    def _is_contact(self, partner):
        """The partner may use the support of this ticket's agreement."""
        self.ensure_one()
        return partner in self.sudo().support_contract_id._get_contacts_that_count()

    def action_approve_contact(self):
        """Button of consultants: let this person use the support, the guarantee counted from now."""
        self.ensure_one()
        if not self.env.user.has_group("support_plans.group_support_consultant"):
            raise AccessError(self.env._("Only a consultant or a contact of the client may approve a ticket."))
        self._approve_contact(self.env.user.partner_id)
        return True

    def _approve_contact(self, partner):
        """Approve the ticket in the name of `partner`; a second click changes nothing.

        The ticket is then decided as if registered at this moment.
        """
        self.ensure_one()
        ticket = self.sudo()
        ticket.lock_for_update()
        if ticket.contact_approved_by_id:
            return
        if not ticket._is_waiting_for_contact():
            raise UserError(self.env._("Ticket %(ticket)s does not wait for an approval.", ticket=ticket.display_name))
        ticket.contact_approved_by_id = partner
        ticket._message_log(
            body=self.env._("Approved by %(person)s.", person=partner.display_name),
        )
        ticket._decide_guarantee_anew(fields.Datetime.now())

    # ------------------------------------------------------------
    # Asking the contacts
    # ------------------------------------------------------------

    def _ask_contacts_for_approval(self):
        """Send the contacts of the client a message with the link that approves the ticket."""
        for ticket in self.sudo():
            if ticket._is_waiting_for_contact():
                for contact in ticket.support_contract_id._get_contacts_that_count():
                    ticket._ask_contact_for_approval(contact)

    def _ask_contact_for_approval(self, contact):
        reader = self.with_context(lang=contact.lang or self.env.lang)
        button = "padding:8px 16px;background:#714B67;color:#fff;text-decoration:none;border-radius:4px"
        body = Markup("<p>%s</p><p><a href='%s' style='%s'>%s</a></p>") % (
            reader.env._(
                "%(person)s has sent us a report: “%(ticket)s”. You are a contact for support; if you "
                "approve it, the guaranteed response applies from that moment. Without your approval "
                "we serve it too, but without guarantee.",
                person=reader.partner_id.name or reader.partner_email or "",
                ticket=reader.name,
            ),
            self._get_approval_url(contact),
            button,
            reader.env._("Approve the report"),
        )
        firm = self.company_id.partner_id
        self.message_notify(
            partner_ids=contact.ids,
            subject=reader.env._("Report %(number)s waits for your approval", number=self.number),
            body=body,
            # The firm asks, not the reporter; and the only link is the one that approves
            author_id=firm.id,
            email_from=firm.email_formatted,
            email_layout_xmlid="support_plans.mail_layout_plain",
        )

    def _get_approval_url(self, contact):
        """Return the link by which `contact`, and nobody else, approves this ticket."""
        token = self._get_approval_token(contact)
        return f"{self.get_base_url()}/my/ticket/{self.id}/approve/{contact.id}/{token}"

    def _get_approval_token(self, contact):
        return hmac(self.sudo().env, "support_plans-approve", (self.id, contact.id))

    @api.model
    def _get_ticket_to_approve(self, ticket_id, contact_id, token):
        """Return (ticket, contact) as superuser when the link is genuine, else empty records."""
        ticket = self.sudo().browse(ticket_id).exists()
        contact = self.env["res.partner"].sudo().browse(contact_id).exists()
        if ticket and contact and ticket._is_contact(contact):
            if consteq(token, ticket._get_approval_token(contact)):
                return ticket, contact
        return ticket.browse(), contact.browse()
