from datetime import timedelta

from odoo import models

from ..rules import terms as terms_rules

_ONE_DAY = timedelta(days=1)


class ContractLine(models.Model):
    """What is billed: the invoice lines say it, the date on a fee only repeats them (T39, T42)."""

    _inherit = "contract.line"

    def _get_booked_periods(self):
        """Return {line: {first day: last day}} of the periods on invoices that are not cancelled."""
        booked = {line: {} for line in self}
        found = (
            self.env["account.move.line"]
            .sudo()
            .search_fetch(
                [
                    ("contract_line_id", "in", self.ids),
                    ("is_plan_fee", "=", True),
                    ("parent_state", "!=", "cancel"),
                ],
                ["contract_line_id", "service_period_start", "service_period_end"],
            )
        )
        for item in found:
            line = self.browse(item.contract_line_id.id)
            booked[line][item.service_period_start] = item.service_period_end
        return booked

    def _get_billed_until(self, booked):
        """Return the last day billed without a gap from the line's start; False when nothing is.

        What was billed before the agreement was taken over counts (`invoice_from`). A started
        service month is billed whole, so a period that was cut short counts to its end.
        """
        anchor = self.contract_id.date_start
        until, first = False, self.date_start
        taken_over_on = self.contract_id.invoice_from
        if taken_over_on and taken_over_on > first:
            until, first = taken_over_on - _ONE_DAY, taken_over_on
        while first in booked:
            number = terms_rules.service_month_number(anchor, booked[first])
            until = terms_rules.service_month(anchor, number)[1]
            first = until + _ONE_DAY
        return until

    def _sync_last_date_invoiced(self):
        """Make what is due again follow what is booked: a deleted or cancelled draft is due again.

        In an agreement that ends, only until its end: what was on a draft, a difference for one, was not cut before.
        """
        fees = self.filtered("is_plan_fee")
        if fees:
            fees._follow_booked(fees._get_booked_periods())
        for line in fees:
            end = line.contract_id.date_end
            if end and (not line.last_date_invoiced or line.last_date_invoiced < end):
                line._end_with_agreement(end)

    def _follow_booked(self, booked):
        """Set the date of each fee to the last day billed.

        :param booked: {line: {first day: last day}}, see `_get_booked_periods`
        """
        for line in self:
            until = line._get_billed_until(booked[line])
            if until and line.date_end:
                until = min(until, line.date_end)
            if until != line.last_date_invoiced:
                line.last_date_invoiced = until

    def _can_be_invoiced(self, date_ref):
        # EXTENDS contract: no period begins after the end of the agreement; OCA's cron sees to it
        # by a date that leaves out the last month in arrears, too
        end = self.contract_id.support_plan_id and self.contract_id.date_end
        is_over = end and self.next_period_date_start and self.next_period_date_start > end
        return super()._can_be_invoiced(date_ref) and not is_over
