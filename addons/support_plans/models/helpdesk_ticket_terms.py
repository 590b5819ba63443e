from odoo import api, fields, models

#: Who works with tickets. A follower in the panel, of another firm maybe, reads no terms of the client.
READERS = "helpdesk_mgmt.group_helpdesk_user_own"


class HelpdeskTicket(models.Model):
    """What the client is entitled to, on the ticket itself: the frozen terms of its agreement."""

    _inherit = "helpdesk.ticket"

    agreement_package_hours = fields.Float(related="support_contract_id.package_hours", groups=READERS)
    agreement_quota_hours = fields.Float(related="support_contract_id.quota_hours", groups=READERS)
    agreement_hourly_rate = fields.Float(related="support_contract_id.hourly_rate", groups=READERS)
    agreement_calendar_id = fields.Many2one(
        related="support_contract_id.service_calendar_id", string="Agreed Service Hours", groups=READERS
    )
    agreement_end = fields.Date(related="support_contract_id.date_end", string="Agreement Ends", groups=READERS)
    agreement_contact_ids = fields.Many2many(
        "res.partner",
        string="Support Contacts",
        compute="_compute_agreement_contact_ids",
        compute_sudo=True,
        groups=READERS,
    )
    agreement_entitlement_ids = fields.One2many(related="support_contract_id.entitlement_ids", groups=READERS)

    @api.depends("support_contract_id.support_contact_ids")
    def _compute_agreement_contact_ids(self):
        for ticket in self:
            ticket.agreement_contact_ids = ticket.support_contract_id._get_contacts_that_count()
