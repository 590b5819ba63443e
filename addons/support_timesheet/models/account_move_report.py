from datetime import timedelta

from odoo import models


class AccountMove(models.Model):
    """Which work reports belong to an invoice (B1, B2)."""

    _inherit = "account.move"

    def _get_work_reports(self):
        """Return the work reports of the months of this invoice, as superuser; an empty one where there are none.

        Of hours beyond the package: each of their months. Of a plan fee, where the client wants monthly
        reports: the service month before the one that is paid for.
        """
        self.ensure_one()
        reports = self.env["support.work.report"].sudo()
        if self.move_type != "out_invoice":
            return reports
        lines = self.sudo().invoice_line_ids
        months = self._get_overage_months(lines) | self._get_fee_months(lines)
        ordered = sorted(months, key=lambda month: (month[1], month[0].id))
        return reports.union(*(self._create_work_report(*month) for month in ordered))

    def _get_overage_months(self, lines):
        """Return {(agreement or none, first day, last day)} of the hours beyond packages on these lines."""
        return {
            (line.overage_entry_ids.contract_id[:1], line.service_period_start, line.service_period_end)
            for line in lines
            if line.is_overage and line.overage_entry_ids and line.service_period_start
        }

    def _get_fee_months(self, lines):
        """Return {(agreement, first day, last day)} of the service months before those that these lines bill."""
        months = set()
        for line in lines.filtered(lambda x: x.is_plan_fee and x.service_period_start):
            agreement = line.contract_line_id.contract_id
            day = line.service_period_start - timedelta(days=1)
            if agreement.work_report_monthly and day >= agreement.date_start:
                months.add((agreement, *agreement._get_month_bounds(agreement, day)))
        return months

    def _create_work_report(self, agreement, first, last):
        if agreement:
            return agreement._create_work_report(first, last)
        return (
            self.env["support.work.report"]
            .sudo()
            .create(
                {
                    "partner_id": self.commercial_partner_id.id,
                    "company_id": self.company_id.id,
                    "period": "free",
                    "date_from": first,
                    "date_to": last,
                }
            )
        )
