from odoo import api, models

from .formats import format_minutes, get_tax_label


class ReportWorkReport(models.AbstractModel):
    """The printed work report: everything in the body, so that it is whole with any build of wkhtmltopdf."""

    _name = "report.support_timesheet.report_work_report"
    _description = "Work Report, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        reports = self.env["support.work.report"].browse(docids)
        return {
            "doc_ids": reports.ids,
            "doc_model": reports._name,
            "docs": [report._get_print_values() for report in reports],
            "hours": format_minutes,
            "tax_label": get_tax_label,
        }
