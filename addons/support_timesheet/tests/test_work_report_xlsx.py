import io
from datetime import datetime

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.tests import tagged

from .time_common import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestWorkReportXlsx(TimeCommon):
    """The spreadsheet holds dates and numbers that compute, and texts of clients that never do."""

    def export(self, values=False):
        """Return the workbook of June, with formulas or with the values that were stored for them."""
        report = self.env["support.work.report"].create(
            {
                "contract_id": self.agreement.id,
                "period": "free",
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
                "lang": "en_US",
            }
        )
        return load_workbook(io.BytesIO(report._render("xlsx")), data_only=values)

    def get_row(self, sheet, number):
        """Return {title: cell} of a row."""
        titles = [cell.value for cell in sheet[1]]
        return dict(zip(titles, sheet[number], strict=True))

    def test_dates_and_hours_are_real_values(self):
        self.create_work(145, date="2026-06-10")
        self.create_work(26, time_start="2026-06-15 07:30:00")
        sheet = self.export()["Works"]
        row = {title: cell.value for title, cell in self.get_row(sheet, 3).items()}
        self.assertEqual(row["Date"], datetime(2026, 6, 15))
        self.assertEqual(str(row["Start"]), "09:30:00")
        self.assertAlmostEqual(row["Worked (h)"], 26 / 60)
        self.assertEqual((row["Charged (h)"], row["From packages (h)"], row["Beyond (h)"]), (1, 0.5, 0.5))
        self.assertEqual((row["Left after (h)"], row["Rate, net"], row["Beyond, net"]), (0, 165, 82.5))
        self.assertEqual(row["Coverage"], "Partly from the package")

    def test_a_discount_is_said(self):
        """F12: the amounts are after it, the rate is the full one."""
        self.patch(type(self.client), "_prepare_hours_discount", lambda *_args: {"discount": 12.5})
        self.create_work(235, date="2026-06-10")
        book = self.export(values=True)
        row = {title: cell.value for title, cell in self.get_row(book["Works"], 2).items()}
        self.assertEqual((row["Rate, net"], row["Beyond, net"], row["Discount (%)"]), (165, 144.38, 12.5))
        heads = {row[0].value: row[1].value for row in book["Summary"].iter_rows() if row[0].value}
        self.assertEqual(heads["Amounts"], "net, after the discount of 12.5 %")

    def test_the_header_is_frozen_and_filters(self):
        self.create_work(25)
        sheet = self.export()["Works"]
        self.assertEqual((sheet.freeze_panes, sheet.auto_filter.ref), ("A2", "A1:S2"))

    def test_text_of_clients_never_becomes_a_formula(self):
        """Also no link and no number; characters that XML cannot hold do not break the file."""
        texts = ["=1+1", "+cmd|' /C calc'!A0", "https://x.example", "007", "bell \x07 <b>&", "x" * 40000]
        for text in texts:
            self.create_work(25, name=text)
        self.ticket.name = "=HYPERLINK(1)"
        sheet = self.export()["Works"]
        cells = [self.get_row(sheet, number) for number in range(2, 2 + len(texts))]
        self.assertEqual({row["Description"].data_type for row in cells}, {"s"})
        self.assertEqual([row["Description"].value for row in cells[:4]], texts[:4])
        self.assertEqual(len(cells[5]["Description"].value), 32767)
        self.assertEqual((cells[0]["Title"].value, cells[0]["Title"].data_type), ("=HYPERLINK(1)", "s"))
        summary = self.export()["Summary"]
        titles = [row[1] for row in summary.iter_rows() if row[0].value == self.ticket.number]
        self.assertEqual([cell.data_type for cell in titles], ["s"])

    def test_totals_are_formulas_that_follow_the_filter(self):
        self.create_work(145, date="2026-06-10")
        self.create_work(26)
        formulas, values = self.export()["Works"], self.export(values=True)["Works"]
        self.assertEqual(formulas["I4"].value, "=SUBTOTAL(109,I2:I3)")
        self.assertEqual((values["I4"].value, values["Q4"].value), (3.5, 82.5))

    def test_the_summary_is_computed_from_the_works(self):
        self.create_work(145, date="2026-06-10")
        self.create_work(10, "PHONE_SUPPORT")
        other = self.create_ticket(name="Other matter")
        self.create_work(25, ticket_id=other.id)
        formulas, values = self.export()["Summary"], self.export(values=True)["Summary"]
        rows = {row[0].value: row for row in formulas.iter_rows() if row[0].value}
        name = self.kinds["PHONE_SUPPORT"].name
        phone = rows[name]
        self.assertRegex(phone[4].value, r"^=SUMIFS\('Works'!\$I\$2:\$I\$4,'Works'!\$E\$2:\$E\$4,\"=\"&\$A\d+\)$")
        found = {row[0].value: row[4].value for row in values.iter_rows() if row[0].value}
        self.assertEqual((found[self.ticket.number], found[other.number]), (2.75, 0.5))
        self.assertEqual((found[name], found["Total"]), (0.25, 3.25))
        packages = next(row for row in values.iter_rows(values_only=True) if row[0] == self.agreement.display_name)
        self.assertEqual(packages[2:7], (3, 3, 3, 3, 0))

    def test_a_month_without_work_is_an_empty_sheet(self):
        sheet = self.export()["Works"]
        self.assertEqual([cell.value for cell in sheet["A"]], ["Date", "Total"])
