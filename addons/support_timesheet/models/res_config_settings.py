from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The company's decisions about hours, in the settings."""

    _inherit = "res.config.settings"

    support_project_id = fields.Many2one(related="company_id.support_project_id", readonly=False)
    support_hour_product_id = fields.Many2one(related="company_id.support_hour_product_id", readonly=False)
    support_hours_usable = fields.Selection(related="company_id.support_hours_usable", readonly=False)
    support_package_validity = fields.Integer(related="company_id.support_package_validity", readonly=False)
