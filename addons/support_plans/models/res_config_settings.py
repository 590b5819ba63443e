from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The company's settings of support plans, in Invoicing > Settings."""

    _inherit = "res.config.settings"

    support_auto_post = fields.Boolean(related="company_id.support_auto_post", readonly=False)
    support_debit_note_journal_id = fields.Many2one(related="company_id.support_debit_note_journal_id", readonly=False)
    support_debit_note_account_id = fields.Many2one(related="company_id.support_debit_note_account_id", readonly=False)
