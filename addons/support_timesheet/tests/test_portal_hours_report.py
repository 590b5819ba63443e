import io
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from .panel_common import PAGE, PanelHoursCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestPortalHoursReport(PanelHoursCommon):
    """The client takes the work report of the shown month along (B1, B2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_work(25, date="2026-05-20", name="Work of May")
        cls.create_work(25, date="2026-06-10", name="Work of June", internal_note="Client is nervous")

    def get_report(self, kind="xlsx", user=None, month="2026-06-01", agreement=None):
        self.log_in(user or self.user_anna)
        return self.url_open(f"{PAGE}/{(agreement or self.agreement).id}/report/{kind}?month={month}")

    def get_cells(self, response):
        book = load_workbook(io.BytesIO(response.content), read_only=True)
        return {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}

    def test_the_page_offers_the_report_of_the_shown_month(self):
        page = self.open_hours(suffix="?month=2026-05-03").text
        for kind in ("pdf", "xlsx"):
            self.assertIn(f"{PAGE}/{self.agreement.id}/report/{kind}?month=2026-05-01", page)

    def test_the_spreadsheet_has_the_works_of_that_month_only(self):
        response = self.get_report(month="2026-05-20")
        self.assertEqual(response.status_code, 200)
        self.assertIn(".xlsx", response.headers["Content-Disposition"])
        cells = self.get_cells(response)
        self.assertIn("Work of May", cells)
        self.assertNotIn("Work of June", cells)
        june = self.get_cells(self.get_report(month="x"))
        self.assertIn("Work of June", june)
        self.assertFalse([cell for cell in june if isinstance(cell, str) and "nervous" in cell])

    def test_the_pdf(self):
        response = self.get_report("pdf")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertNotIn(b"nervous", response.content)

    def test_another_client_gets_no_report(self):
        for kind in ("pdf", "xlsx"):
            page = self.get_report(kind, self.user_ewa)
            self.assertTrue(page.url.endswith(PAGE))
            self.assertNotIn("Content-Disposition", page.headers)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(f"{PAGE}/{self.agreement.id}/report/xlsx").url)

    def test_other_kinds_of_file_lead_back_to_the_page(self):
        self.assertTrue(self.get_report("exe").url.endswith(PAGE))

    def test_what_cannot_be_made_gets_a_sentence(self):
        agreements = self.env.registry["contract.contract"]
        with patch.object(agreements, "_get_panel_report", side_effect=UserError("Too long for paper.")):
            self.assertRefused(self.get_report("pdf"), "Too long for paper.")
