from odoo import fields, models


class HelpdeskTicket(models.Model):
    """What the client is entitled to, on the ticket itself: the frozen terms of its agreement."""

    _inherit = "helpdesk.ticket"

    agreement_package_hours = fields.Float(related="support_contract_id.package_hours")
    agreement_quota_hours = fields.Float(related="support_contract_id.quota_hours")
    agreement_hourly_rate = fields.Float(related="support_contract_id.hourly_rate")
    agreement_calendar_id = fields.Many2one(
        related="support_contract_id.service_calendar_id", string="Agreed Service Hours"
    )
    agreement_end = fields.Date(related="support_contract_id.date_end", string="Agreement Ends")
    agreement_contact_ids = fields.Many2many(related="support_contract_id.support_contact_ids")
    agreement_entitlement_ids = fields.One2many(related="support_contract_id.entitlement_ids")
