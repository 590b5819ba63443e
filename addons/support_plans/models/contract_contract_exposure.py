from odoo import api, models

from ..rules import terms as terms_rules
from ..rules.errors import RuleError
from .settlement_facts import to_decimal
from .settlement_result import Terms, settle_agreement


class ContractContract(models.Model):
    """What would be owed if every client with a prepaid year resigned today (F10)."""

    _inherit = "contract.contract"

    @api.model
    def _get_exposed_agreements(self):
        """Return the agreements in force of the present companies that were paid by the year.

        Not those whose resignation is settled: what they get is in the register of refunds.
        """
        settled = self.env["support.termination"]._search([("settled_on", "!=", False), ("withdrawn_on", "=", False)])
        return self.search(
            [
                ("termination_ids", "not in", settled),
                ("support_plan_id", "!=", False),
                ("payment_period", "=", "year"),
                ("support_state", "in", ("running", "notice")),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    def _get_exposure(self, today):
        """Return [(agreement, last day, whether it is that of a resignation today, `Result`, problem)] of all.

        The first last day of each is that of today's notice, or the one that is set; the others are the ends of
        the service months after it, one a calendar month, as long as the paid year lasts. An agreement that cannot
        be settled has one row without a result, and a sentence that says why. The same queries for any number.
        """
        rows = []
        for agreement, periods in self._get_billed_periods().items():
            days = agreement._get_days_to_end(periods, today)
            try:
                results = [settle_agreement(periods, agreement._get_exposed_terms(day)) for day in days]
            except RuleError as error:
                rows.append((agreement, days[0], True, None, agreement._get_contradiction_text(error)))
                continue
            for number, (day, result) in enumerate(zip(days, results, strict=True)):
                rows.append((agreement, day, not number, result, False))
        return rows

    def _get_contradiction_text(self, error):
        """Return the sentence for what `rules/settlement.py` refuses."""
        return self.env._(
            "%(agreement)s cannot be settled: its invoices and their credit notes contradict each other (%(error)s). "
            "Check whether a credit note takes more off a line than was invoiced.",
            agreement=self.display_name,
            error=error,
        )

    def _get_days_to_end(self, periods, today):
        """Return the last days on which what was paid in advance may be given up, in order."""
        self.ensure_one()
        first = self._get_last_day(today)
        days, paid_until = [first], max((period.last for period in periods), default=first)
        if self.date_end:
            return days
        number = terms_rules.service_month_number(self.date_start, first)
        while True:
            day = terms_rules.service_month(self.date_start, number)[1]
            if day >= paid_until:
                return days
            if (day.year, day.month) > (first.year, first.month):
                days.append(day)
            number += 1

    def _is_private_person(self):
        """Whether the client has neither a firm nor a tax number (D15); the accountant may say otherwise later."""
        client = self.commercial_partner_id
        return not client.is_company and not client.vat

    def _get_exposed_terms(self, day):
        """Return the terms to settle a day with: those of the resignation that is open, else those agreed."""
        resignation = self.sudo()._get_open_resignation()
        if resignation.effective_on != day:
            return self._get_settlement_terms(day)
        return resignation._get_settlement_terms(resignation.fee_tax_treatment or "taxable")

    def _get_settlement_terms(self, effective_on):
        """Return the terms of a settlement as agreed, before an accountant has chosen anything."""
        return Terms(
            start=self.date_start,
            effective_on=effective_on,
            month_rule=self.month_rule or "started",
            fee_percent=to_decimal(self.fee_percent, 4),
            treatment=self.fee_tax_treatment or "taxable",
            is_private_person=self._is_private_person(),
        )
