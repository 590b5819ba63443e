from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.support_plans.models.contract_contract_guarantee import DEFAULT_ZONE

from ..models.percents import format_percents
from ..models.support_package_entry_writer import net_amount
from ..report.print_pages import fits, split_pages
from ..report.work_rows import Totals, WorkRow, fetch_rows, select_works

#: Works that a print holds; more are for the spreadsheet.
PRINT_LIMIT = 5000
_DISCOUNT = WorkRow._fields.index("discount")


def _deduct(row):
    """Return a row of the query with its amount after the discount, rounded as the works of the panel are."""
    if not row[_DISCOUNT]:
        return row
    work = WorkRow._make(row)
    return work._replace(amount=net_amount(work.beyond, work.rate, work.discount))


class SupportWorkReport(models.TransientModel):
    """What a work report says: its works by one query, their totals, the packages before and after."""

    _inherit = "support.work.report"

    # Works

    def _read_rows(self):
        """Yield the works of the report as tuples in the order of `WorkRow`: one query, constant memory."""
        self._check_may_print()
        self.env.flush_all()
        zone = self.contract_id.sudo().service_tz or DEFAULT_ZONE
        query = select_works(self._get_condition(), self.lang, zone, self._get_due_discounts())
        return map(_deduct, fetch_rows(self.env, query))

    def _get_due_discounts(self):
        """Return {first day of a month: percent} of its hours that no invoice has yet, as if they were billed today."""
        client, company = self.partner_id.sudo().commercial_partner_id, self.company_id.sudo()
        whose = SQL("partner_id = %s", client.id)
        if self.contract_id:
            whose = SQL("contract_id = %s", self.contract_id.id)
        months = self.env.execute_query(
            SQL(
                """SELECT DISTINCT month_start FROM support_package_entry
                    WHERE %s AND company_id = %s AND date BETWEEN %s AND %s
                      AND package_id IS NULL AND invoice_line_id IS NULL""",
                whose,
                company.id,
                self.date_from,
                self.date_to,
            )
        )
        today = fields.Date.context_today(self)
        found = {month: client._get_hours_percent(company, today, month) for (month,) in months}
        return {month: percent for month, percent in found.items() if percent}

    def _get_condition(self):
        """Return whose works and when, as SQL on the table `line`; the client is always asked for.

        Works that the client does not read in the panel are not in the report either.
        """
        self.ensure_one()
        whose = SQL("line.partner_id = %s", self.partner_id.sudo().commercial_partner_id.id)
        if self.contract_id:
            whose = SQL("line.support_contract_id = %s", self.contract_id.id)
        return SQL(
            "line.work_type_id IS NOT NULL AND %s AND %s AND line.company_id = %s AND line.date BETWEEN %s AND %s",
            whose,
            self.env["account.analytic.line"]._has_minutes("line"),
            self.company_id.id,
            self.date_from,
            self.date_to,
        )

    def _get_coverage_names(self):
        """Return {coverage: as shown} in the language of the report."""
        works = self.env["account.analytic.line"].with_context(lang=self.lang)
        return dict(works._fields["coverage"]._description_selection(works.env))

    # Print

    def _get_print_values(self):
        """Return what the print shows."""
        self.ensure_one()
        rows, totals = self._read_print_rows()
        return {
            "report": self,
            "company": self.company_id.sudo(),
            "client": self.partner_id.sudo().commercial_partner_id,
            "agreement": self.contract_id.sudo(),
            "period": self._format_period(),
            "rows": rows,
            **self._get_pages(rows, totals),
            "totals": totals,
            "discounts": format_percents(totals.discounts),
            "balances": self._get_balances(),
            "coverage": self._get_coverage_names(),
            "currency": self.contract_id.sudo().currency_id or self.company_id.sudo().currency_id,
        }

    def _read_print_rows(self):
        rows, totals = [], Totals()
        for row in map(WorkRow._make, self._read_rows()):
            if len(rows) == PRINT_LIMIT:
                raise UserError(
                    self.env._(
                        "These are more than %(limit)s works, too many for a print. Export them as a spreadsheet, or "
                        "choose a shorter period.",
                        limit=PRINT_LIMIT,
                    )
                )
            rows.append(row)
            totals.add(row)
        return rows, totals

    def _get_pages(self, rows, totals):
        """Return the rows in pages; a build that divides the table by itself gets them all in one."""
        if _wkhtml().is_patched_qt:
            return {"pages": [rows], "totals_on_next_page": False}
        pages, left = split_pages(rows, self._get_coverage_names())
        together = fits([len(totals.tickets), len(totals.kinds)], left)
        return {"pages": pages, "totals_on_next_page": not together}

    def _format_period(self):
        return " – ".join(format_date(self.env, day, lang_code=self.lang) for day in (self.date_from, self.date_to))

    # Packages

    def _get_balances(self):
        """Return what happened to the packages in the period, for each agreement that has any.

        :return: [{"agreement", "opening", "granted", "expired", "used", "closing"}], in minutes;
            opening + granted - expired - used = closing
        """
        found = []
        for agreement in self._get_agreements():
            before = agreement._get_balances(self.date_from - timedelta(days=1)).get(agreement.id)
            after = agreement._get_balances(self.date_to).get(agreement.id)
            figures = self._get_balance(agreement, before, after)
            if any(figures.values()):
                found.append({"agreement": agreement, **figures})
        return found

    def _get_balance(self, agreement, before, after):
        opening = before.left if before else 0
        expired = after.expired - (before.expired if before else 0)
        used = self._get_used_minutes(agreement)
        return {
            "opening": opening,
            "granted": after.left - opening + expired + used,
            "expired": expired,
            "used": used,
            "closing": after.left,
        }

    def _get_used_minutes(self, agreement):
        """Return the minutes that works of the period took from packages of an agreement."""
        [(minutes,)] = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(entry.minutes), 0)::int
                     FROM support_package_entry entry
                     JOIN support_package lot ON lot.id = entry.package_id
                    WHERE lot.contract_id = %s AND entry.date BETWEEN %s AND %s""",
                agreement.id,
                self.date_from,
                self.date_to,
            )
        )
        return minutes

    def _get_agreements(self):
        """Return the agreements of the report that were in force on a day of the period, as superuser."""
        agreements = self.contract_id.sudo()
        if not agreements:
            agreements = agreements.search(
                [
                    ("commercial_partner_id", "=", self.partner_id.sudo().commercial_partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("support_plan_id", "!=", False),
                    ("support_state", "!=", "draft"),
                ],
                order="date_start, id",
            )
        return agreements.filtered(
            lambda c: c.date_start <= self.date_to and (not c.date_end or c.date_end >= self.date_from)
        )

    # Documents

    def _get_file_name(self, kind):
        """Return the name of the file in the client's language; its days sort."""
        env = self.with_context(lang=self.lang).env
        return env._(
            "Work report %(client)s %(first)s – %(last)s",
            client=self.partner_id.sudo().commercial_partner_id.name.replace("/", "-"),
            first=self.date_from.isoformat(),
            last=self.date_to.isoformat(),
        ) + (f".{kind}" if kind else "")

    def _render(self, kind):
        """Return the report as bytes.

        :param kind: "pdf" or "xlsx"
        """
        self._check_may_print()
        reports = self.env["ir.actions.report"]
        if kind == "xlsx":
            return reports._render_xlsx("support_timesheet.work_report_xlsx", self.ids, {})[0]
        return reports._render_qweb_pdf("support_timesheet.report_work_report", self.ids)[0]

    def _get_document(self, kind):
        """Return (file name, bytes); what is too long for a print comes as a spreadsheet."""
        if kind == "pdf" and self._is_too_long():
            kind = "xlsx"
        return self._get_file_name(kind), self._render(kind)

    def _is_too_long(self):
        self.env.flush_all()
        limited = SQL(
            "SELECT COUNT(*) FROM (SELECT FROM account_analytic_line line WHERE %s LIMIT %s) AS few",
            self._get_condition(),
            PRINT_LIMIT + 1,
        )
        return self.env.execute_query(limited)[0][0] > PRINT_LIMIT
