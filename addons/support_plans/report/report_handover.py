from odoo import api, models

from .termination_documents import get_document_values


class ReportHandover(models.AbstractModel):
    """The printed protocol of a handover, to be signed (F6)."""

    _name = "report.support_plans.report_handover"
    _description = "Handover Protocol, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        return get_document_values(self.env["support.termination"].browse(docids))
