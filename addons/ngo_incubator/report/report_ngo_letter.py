from odoo import api, models


class ReportNgoLetter(models.AbstractModel):
    """The printed yearly letters: all in one document, so that any build of wkhtmltopdf prints several."""

    _name = "report.ngo_incubator.report_ngo_letter"
    _description = "Yearly Letter, Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        wizards = self.env["ngo.letter.wizard"].browse(docids)
        wizards.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": wizards._name,
            "docs": [letter for wizard in wizards for letter in wizard.membership_ids._get_letters(wizard.year)],
        }
