import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class AccountMoveSend(models.AbstractModel):
    """The mail of the month's invoice brings the list of the works that it bills (B1)."""

    _inherit = "account.move.send"

    @api.model
    def _get_placeholder_mail_attachments_data(self, move, invoice_edi_format=None, extra_edis=None, pdf_report=None):
        # EXTENDS account: who sends sees what will be attached, and may take it out
        res = super()._get_placeholder_mail_attachments_data(
            move, invoice_edi_format=invoice_edi_format, extra_edis=extra_edis, pdf_report=pdf_report
        )
        names = [report._get_file_name("pdf") for report in move._get_work_reports()]
        return res + [
            {"id": f"placeholder_{name}", "name": name, "mimetype": "application/pdf", "placeholder": True}
            for name in names
        ]

    @api.model
    def _get_mail_params(self, move, move_data):
        # EXTENDS account
        params = super()._get_mail_params(move, move_data)
        if params:
            left_out = {x["name"] for x in move_data.get("mail_attachments_widget") or () if x.get("skip")}
            params["attachments"] = [*params["attachments"], *self._render_work_reports(move, left_out)]
        return params

    @api.model
    def _render_work_reports(self, move, left_out):
        """Return [(file name, bytes)]; a report that cannot be made is told of and keeps no invoice from its client."""
        try:
            with self.env.cr.savepoint():
                reports = move._get_work_reports().filtered(lambda r: r._get_file_name("pdf") not in left_out)
                return [report._get_document("pdf") for report in reports]
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("The work report of invoice %s could not be made", move.id)
            move._message_log(
                body=self.env._("The invoice was sent without its work report: %(error)s", error=str(error))
            )
            return []
