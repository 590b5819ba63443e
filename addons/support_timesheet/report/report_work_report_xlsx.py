from datetime import datetime
from typing import NamedTuple

from odoo import models

from ..models.percents import format_percents
from .formats import get_tax_label
from .work_rows import Totals, WorkRow

#: Length of the longest text in a cell of Excel.
TEXT_LIMIT = 32767


class Column(NamedTuple):
    """A column of the sheet of works: `field` of `WorkRow`, width in characters, what its cells are."""

    field: str
    title: str
    width: int
    kind: str


class ReportWorkReportXlsx(models.AbstractModel):
    """The work report as a spreadsheet: one sheet of works, one of sums by formulas that follow the first.

    Written row by row in constant memory: what is written must never be needed again. Texts of clients
    are written as texts and never become formulas.
    """

    _name = "report.support_timesheet.work_report_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Work Report, Spreadsheet"

    def get_workbook_options(self):
        return {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }

    def generate_xlsx_report(self, workbook, data, objs):
        objs.ensure_one()
        report = objs.with_context(lang=objs.lang)
        report._check_may_print()
        env = report.env
        formats = self._add_formats(workbook)
        works_name, sums_name = env._("Works"), env._("Summary")
        works, sums = workbook.add_worksheet(works_name), workbook.add_worksheet(sums_name)
        totals, last = self._write_works(works, report, formats)
        self._write_summary(sums, report, formats, totals, works_name, last)

    def _add_formats(self, workbook):
        head = {"bold": True, "bg_color": "#EEEEEE", "bottom": 1, "text_wrap": True, "valign": "top"}
        return {
            "head": workbook.add_format(head),
            "head_number": workbook.add_format({**head, "align": "right"}),
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "bold": workbook.add_format({"bold": True, "top": 1}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
            "time": workbook.add_format({"num_format": "hh:mm", "valign": "top"}),
            "text": workbook.add_format({"valign": "top"}),
            "long": workbook.add_format({"valign": "top", "text_wrap": True}),
            "hours": workbook.add_format({"num_format": "0.00", "valign": "top"}),
            "money": workbook.add_format({"num_format": "#,##0.00", "valign": "top"}),
            "count": workbook.add_format({"num_format": "0"}),
            "bold_hours": workbook.add_format({"num_format": "0.00", "bold": True, "top": 1}),
            "bold_money": workbook.add_format({"num_format": "#,##0.00", "bold": True, "top": 1}),
            "bold_count": workbook.add_format({"num_format": "0", "bold": True, "top": 1}),
        }

    def _get_columns(self, env):
        """Return the columns of the sheet of works; hours are decimal, because a correction is negative."""
        return [
            Column("day", env._("Date"), 11, "day"),
            Column("started", env._("Start"), 7, "time"),
            Column("number", env._("Ticket"), 12, "text"),
            Column("title", env._("Title"), 30, "long"),
            Column("kind", env._("Kind of work"), 22, "text"),
            Column("description", env._("Description"), 50, "long"),
            Column("person", env._("Person"), 20, "text"),
            Column("worked", env._("Worked (h)"), 9, "hours"),
            Column("charged", env._("Charged (h)"), 9, "hours"),
            Column("coverage", env._("Coverage"), 22, "text"),
            Column("from_package", env._("From packages (h)"), 10, "hours"),
            Column("beyond", env._("Beyond (h)"), 9, "hours"),
            Column("goodwill", env._("Goodwill (h)"), 9, "hours"),
            Column("reason", env._("Goodwill reason"), 25, "long"),
            Column("left", env._("Left after (h)"), 9, "hours"),
            Column("rate", env._("Rate, net"), 10, "money"),
            Column("amount", env._("Beyond, net"), 11, "money"),
            Column("billed", env._("Billed"), 8, "text"),
            Column("discount", env._("Discount (%)"), 9, "percent"),
        ]

    # Works

    def _write_works(self, sheet, report, formats):
        """Write header, works and the row of totals; return the totals and the last row of works."""
        columns = self._get_columns(report.env)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        for number, column in enumerate(columns):
            numeric = column.kind in ("hours", "money", "percent")
            sheet.write_string(0, number, column.title, formats["head_number" if numeric else "head"])
        totals, last = Totals(), 0
        write = self._get_row_writer(sheet, report, formats)
        for last, values in enumerate(report._read_rows(), start=1):
            row = WorkRow._make(values)
            write(last, row)
            totals.add(row)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.freeze_panes(1, 0)
        self._write_sums_of_works(sheet, report, formats, totals, last)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return totals, last

    def _get_row_writer(self, sheet, report, formats):
        """Return the function that writes a work; everything it needs is looked up once.

        Each cell by its own method: `write()` would look at every value and take "=1+1" for a formula.
        """
        text, number, moment = sheet.write_string, sheet.write_number, sheet.write_datetime
        plain, long, hours, money = (formats[name] for name in ("text", "long", "hours", "money"))
        day, time = formats["day"], formats["time"]
        coverage = report._get_coverage_names()
        yes, midnight = report.env._("yes"), datetime.min.time()

        def write(at, row):
            moment(at, 0, datetime.combine(row.day, midnight), day)
            if row.started:
                moment(at, 1, row.started.time(), time)
            text(at, 2, row.number or "–", plain)
            if row.title:
                text(at, 3, row.title[:TEXT_LIMIT], long)
            text(at, 4, row.kind, plain)
            text(at, 5, (row.description or "")[:TEXT_LIMIT], long)
            if row.person:
                text(at, 6, row.person, plain)
            number(at, 7, row.worked / 60, hours)
            number(at, 8, row.charged / 60, hours)
            text(at, 9, coverage.get(row.coverage, ""), plain)
            if row.from_package:
                number(at, 10, row.from_package / 60, hours)
            if row.beyond:
                number(at, 11, row.beyond / 60, hours)
                number(at, 15, row.rate, money)
                number(at, 16, row.amount, money)
            if row.goodwill:
                number(at, 12, row.goodwill / 60, hours)
                text(at, 13, (row.reason or "")[:TEXT_LIMIT], long)
            if row.left is not None:
                number(at, 14, row.left / 60, hours)
            if row.billed:
                text(at, 17, yes, plain)
            if row.discount:
                number(at, 18, row.discount, plain)

        return write

    def _write_sums_of_works(self, sheet, report, formats, totals, last):
        """Write the row below the works: it sums what the filter shows."""
        at = last + 1
        sheet.write_string(at, 0, report.env._("Total"), formats["bold"])
        for column, minutes in ((7, "worked"), (8, "charged"), (10, "from_package"), (11, "beyond"), (12, "goodwill")):
            letter = chr(ord("A") + column)
            self._write_formula(
                sheet,
                at,
                column,
                f"SUBTOTAL(109,{letter}2:{letter}{last + 1})" if last else "0",
                formats["bold_hours"],
                getattr(totals.overall, minutes) / 60,
            )
        if last:
            formula = f"SUBTOTAL(109,Q2:Q{last + 1})"
            self._write_formula(sheet, at, 16, formula, formats["bold_money"], totals.overall.amount)

    def _write_formula(self, sheet, row, column, formula, style, value):
        """Write a formula with its value, for readers that do not compute."""
        sheet.write_formula(row, column, f"={formula}", style, value)

    # Summary

    def _write_summary(self, sheet, report, formats, totals, works_name, last):
        """Write whose works and when, the packages, and the sums by ticket and kind."""
        env = report.env
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 40)
        sheet.set_column(2, 7, 13)
        client = report.partner_id.sudo().commercial_partner_id
        sheet.write_string(0, 0, env._("Work report"), formats["title"])
        head = [
            (env._("Client"), client.name),
            (get_tax_label(client), client.vat or ""),
            (env._("By"), report.company_id.sudo().name),
            (env._("Period"), report._format_period()),
        ]
        if totals.discounts:
            text = env._("net, after the discount of %(discount)s", discount=format_percents(totals.discounts))
            head.append((env._("Amounts"), text))
        for at, (label, value) in enumerate(head, start=1):
            sheet.write_string(at, 0, label)
            sheet.write_string(at, 1, value)
        at = self._write_balances(sheet, report, formats, len(head) + 2)
        kinds = [((kind, ""), total) for kind, total in totals.kinds.items()]
        at = self._write_groups(sheet, env, formats, at, (env._("Kind of work"), ""), kinds, works_name, "E", last)
        tickets = [((number or "–", title or ""), total) for (number, title), total in totals.tickets.items()]
        titles = (env._("Ticket"), env._("Title"))
        self._write_groups(sheet, env, formats, at, titles, tickets, works_name, "C", last)

    def _write_balances(self, sheet, report, formats, at):
        """Write the packages before and after; return the next free row."""
        env, balances = report.env, report._get_balances()
        if not balances:
            return at
        titles = ["", env._("Left before (h)"), env._("+ new"), env._("– used"), env._("– expired")]
        titles.append(env._("= left after"))
        sheet.write_string(at, 0, env._("Packages of hours"), formats["head"])
        for number, title in enumerate(titles, start=1):
            sheet.write_string(at, number, title, formats["head_number"])
        for balance in balances:
            at += 1
            sheet.write_string(at, 0, balance["agreement"].display_name)
            for number, name in enumerate(("opening", "granted", "used", "expired"), start=2):
                sheet.write_number(at, number, balance[name] / 60, formats["hours"])
            row = at + 1
            closing = balance["closing"] / 60
            self._write_formula(sheet, at, 6, f"C{row}+D{row}-E{row}-F{row}", formats["hours"], closing)
        return at + 2

    def _write_groups(self, sheet, env, formats, at, titles, groups, works_name, key, last):
        """Write the sums of groups of works as formulas on the sheet of works; return the next free row.

        :param groups: [((text that the works have in column `key`, its title), Total)]
        """
        heads = (env._("Works"), env._("Worked (h)"), env._("Charged (h)"), env._("From packages (h)"))
        heads += (env._("Beyond (h)"), env._("Beyond, net"))
        for number, title in enumerate(titles):
            sheet.write_string(at, number, title, formats["head"])
        for number, title in enumerate(heads, start=2):
            sheet.write_string(at, number, title, formats["head_number"])
        first = at + 1
        for at, ((name, title), total) in enumerate(groups, start=first):
            sheet.write_string(at, 0, name, formats["text"])
            sheet.write_string(at, 1, title[:TEXT_LIMIT], formats["text"])
            self._write_group(sheet, formats, at, total, works_name, key, last)
        if not groups:
            return at + 2
        at += 1
        sheet.write_string(at, 0, env._("Total"), formats["bold"])
        sheet.write_blank(at, 1, None, formats["bold"])
        overall = Totals().overall
        for _name, total in groups:
            for figure in ("count", "worked", "charged", "from_package", "beyond", "amount"):
                setattr(overall, figure, getattr(overall, figure) + getattr(total, figure))
        for number, (value, style) in enumerate(self._get_figures(overall), start=2):
            letter = chr(ord("A") + number)
            formula = f"SUM({letter}{first + 1}:{letter}{at})"
            self._write_formula(sheet, at, number, formula, formats[f"bold_{style}"], value)
        return at + 2

    def _write_group(self, sheet, formats, at, total, works_name, key, last):
        quoted = "'" + works_name.replace("'", "''") + "'"
        keys = f"{quoted}!${key}$2:${key}${last + 1}"
        # The sign of equality in front, so that a name such as ">5" is compared and not computed
        wanted = f'"="&$A{at + 1}'
        for number, (value, style) in enumerate(self._get_figures(total), start=2):
            column = (None, "H", "I", "K", "L", "Q")[number - 2]
            formula = f"COUNTIF({keys},{wanted})"
            if column:
                formula = f"SUMIFS({quoted}!${column}$2:${column}${last + 1},{keys},{wanted})"
            self._write_formula(sheet, at, number, formula, formats[style], value)

    def _get_figures(self, total):
        """Return [(value, format)] of the columns of a group."""
        return [
            (total.count, "count"),
            (total.worked / 60, "hours"),
            (total.charged / 60, "hours"),
            (total.from_package / 60, "hours"),
            (total.beyond / 60, "hours"),
            (total.amount, "money"),
        ]
