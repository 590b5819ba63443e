from odoo import api, models

from .termination_documents import get_document_values


class ReportDebitNote(models.AbstractModel):
    """The printed debit note of a fee outside VAT (D14)."""

    _name = "report.support_plans.report_debit_note"
    _description = "Debit Note, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        return get_document_values(self.env["support.termination"].browse(docids))
