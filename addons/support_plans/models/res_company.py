from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """How a company invoices its agreements."""

    _inherit = "res.company"

    support_auto_post = fields.Boolean(
        string="Post Plan Invoices at Once",
        help="Invoices of agreements are posted as soon as they are made. Otherwise they stay drafts, "
        "and the accountant posts them.",
    )
    support_debit_note_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Debit Notes",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        help="For handling fees outside VAT (debit notes are no invoices). Empty: a journal of its own is created.",
    )
    support_debit_note_account_id = fields.Many2one(
        "account.account",
        string="Account of Handling Fees",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Income account of handling fees outside VAT.",
    )

    def _get_debit_note_journal(self):
        """Return the journal of debit notes, created with the first one: they have numbers of their own."""
        self.ensure_one()
        company = self.sudo()
        if not company.support_debit_note_journal_id:
            company.support_debit_note_journal_id = company.env["account.journal"].create(
                {
                    "name": self.env._("Debit Notes"),
                    "code": "NOTA",
                    "type": "general",
                    "company_id": company.id,
                    "show_on_dashboard": False,
                }
            )
        return company.support_debit_note_journal_id

    def _get_debit_note_account(self):
        """Return the income account of handling fees outside VAT; raise a sentence when it is not set."""
        self.ensure_one()
        if not self.support_debit_note_account_id:
            raise UserError(
                self.env._(
                    "%(company)s: set the account of handling fees outside VAT in the settings of support plans first.",
                    company=self.display_name,
                )
            )
        return self.support_debit_note_account_id
