from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..report import print_pages
from ..report.print_pages import count_lines, fits, row_height, split_pages
from ..report.work_rows import Totals, WorkRow

ROW = WorkRow(
    day=date(2026, 6, 1),
    started=None,
    number="HT1",
    title="Printer",
    kind="Remote help",
    description="Short",
    person="Anna",
    worked=25,
    charged=30,
    coverage="package",
    from_package=30,
    beyond=0,
    goodwill=0,
    reason=None,
    left=60,
    rate=0,
    amount=0,
    billed=False,
    discount=0,
)


@tagged("post_install", "-at_install")
class TestWorkReportPages(BaseCase):
    """A table that is divided before print: each page has its header, no row is cut."""

    def test_rows_stay_in_order_and_none_is_lost(self):
        rows = [ROW._replace(number=f"HT{number}", description="word " * (number * 7 % 90)) for number in range(200)]
        pages, left = split_pages(rows, {})
        self.assertEqual([row for page in pages for row in page], rows)
        heights = [sum(row_height(row, {}) for row in page) for page in pages]
        self.assertLessEqual(heights[0], print_pages.FIRST_PAGE)
        self.assertLessEqual(max(heights[1:]), print_pages.PAGE)
        self.assertAlmostEqual(left, print_pages.PAGE - heights[-1])

    def test_a_row_that_is_higher_than_a_page_has_one_of_its_own(self):
        rows = [ROW, ROW._replace(description="line\n" * 200), ROW]
        pages, _left = split_pages(rows, {})
        self.assertEqual([len(page) for page in pages], [1, 1, 1])

    def test_the_highest_cell_is_the_height_of_the_row(self):
        plain = row_height(ROW, {})
        for values in (
            {"description": "word " * 60},
            {"title": "word " * 60},
            {"person": "Long Name With Many Parts In It " * 2},
            {"goodwill": 15, "reason": "word " * 30},
        ):
            with self.subTest(values=values):
                self.assertGreater(row_height(ROW._replace(**values), {}), plain)
        self.assertEqual(row_height(ROW._replace(started=datetime(2026, 6, 1, 9)), {}), plain)

    def test_lines_of_a_text(self):
        self.assertEqual([count_lines(text, 10) for text in (None, "", "a", "a\nb", "x" * 30)], [0, 0, 1, 2, 2])
        self.assertEqual(count_lines("W" * 30, 10), 3)

    def test_totals_stand_together_where_there_is_room(self):
        self.assertTrue(fits([2, 3], 300))
        self.assertFalse(fits([20, 3], 300))

    def test_sums_by_ticket_and_kind(self):
        totals = Totals()
        totals.add(ROW)
        totals.add(ROW._replace(kind="Phone", beyond=15, amount=41.25, goodwill=5))
        totals.add(ROW._replace(number=None, title=None))
        self.assertEqual(list(totals.tickets), [("HT1", "Printer"), (None, None)])
        counts = {name: total.count for name, total in totals.kinds.items()}
        self.assertEqual(counts, {"Remote help": 2, "Phone": 1})
        overall = totals.overall
        self.assertEqual((overall.count, overall.worked, overall.charged, overall.from_package), (3, 75, 90, 90))
        self.assertEqual((overall.beyond, overall.amount, overall.goodwill), (15, 41.25, 5))
