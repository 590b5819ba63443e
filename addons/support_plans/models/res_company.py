from odoo import fields, models


class ResCompany(models.Model):
    """How a company invoices its agreements."""

    _inherit = "res.company"

    support_auto_post = fields.Boolean(
        string="Post Plan Invoices at Once",
        help="Invoices of agreements are posted as soon as they are made. Otherwise they stay drafts, "
        "and the accountant posts them.",
    )
