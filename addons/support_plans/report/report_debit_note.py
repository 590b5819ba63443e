from odoo import api, models

from .termination_documents import get_document_values


class ReportDebitNote(models.AbstractModel):
    """The printed debit note of a fee outside VAT, with the declaration of set-off (D14)."""

    _name = "report.support_plans.report_debit_note"
    _description = "Debit Note, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        values = get_document_values(self.env["support.termination"].browse(docids))
        for doc in values["docs"]:
            set_offs = _get_set_offs(doc["termination"])
            claim = doc["termination"].set_off
            left = doc["termination"].currency_id.round(claim - sum(item["amount"] for item in set_offs))
            doc.update(set_offs=set_offs, note_open=left)
        return values


def _get_set_offs(termination):
    """Return [{name, date, gross, amount}]: the corrections that the debit note is reconciled with."""
    matches = termination.debit_note_id.line_ids.matched_credit_ids
    by_move = matches.filtered(lambda match: match.credit_move_id.move_id in termination.refund_move_ids).grouped(
        lambda match: match.credit_move_id.move_id
    )
    return [
        {
            "name": move.name,
            "date": move.invoice_date,
            "gross": move.amount_total,
            "amount": sum(found.mapped("debit_amount_currency")),
        }
        for move, found in by_move.items()
    ]
