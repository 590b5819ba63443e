from odoo import fields, models
from odoo.tools import format_date

from .clock import clock


class SupportTermination(models.Model):
    """The hours that are left when an agreement ends, and the work that is not billed yet (P10, C3, D11, F6)."""

    _inherit = "support.termination"

    def _get_open_work(self):
        # EXTENDS support_plans
        rows = super()._get_open_work()
        if not self.contract_id or not self.effective_on:
            return rows
        termination = self.sudo()
        return rows + termination._get_open_packages() + termination._get_work_to_bill()

    def _get_open_packages(self):
        """Return a row for each package that can still be used, or bought and not paid."""
        today = fields.Date.context_today(self)
        lots = self.contract_id.package_ids.filtered(
            lambda lot: lot.origin != "month" and lot.left_minutes and (lot.awaits_payment or lot.date_to >= today)
        )
        rows = [self._get_row_of_package(lot) for lot in lots.sorted("date_to")]
        if self.contract_id.package_hours and self.effective_on >= today:
            rows.insert(0, self._get_row_of_allowance())
        return rows

    def _get_row_of_allowance(self):
        """The allowance is given to the month of the last day, in full, and never lives past that day (D11)."""
        return {
            "what": self.env._("Monthly allowance"),
            "detail": self.env._("%(hours)s h a month", hours=clock(self.contract_id.package_hours * 60)),
            "then": self.env._(
                "Each service month that begins until %(end)s still gives its hours in full; what is not used by then "
                "expires.",
                end=format_date(self.env, self.effective_on),
            ),
        }

    def _get_row_of_package(self, lot):
        """Bought hours need an agreement in force on the day of the work; no rule pays them back."""
        return {
            "what": dict(lot._fields["origin"]._description_selection(self.env))[lot.origin],
            "detail": self.env._(
                "%(left)s of %(all)s h left, valid until %(day)s",
                left=clock(lot.left_minutes),
                all=clock(lot.minutes),
                day=format_date(self.env, lot.date_to),
            ),
            "then": self.env._(
                "Can be used until %(day)s, as hours need an agreement in force. The settlement pays nothing back for "
                "them; if you agree otherwise, credit their invoice: that takes the unused hours away.",
                day=format_date(self.env, min(lot.date_to, self.effective_on)),
            ),
        }

    def _get_work_to_bill(self):
        """Return a row for the minutes beyond the packages that no invoice holds."""
        agreement = self.contract_id
        entries = agreement._search_due_entries()
        minutes = sum(entries.mapped("minutes"))
        if not minutes:
            return []
        return [
            {
                "what": self.env._("Work beyond the packages"),
                "detail": self.env._("%(hours)s h not billed yet", hours=clock(minutes)),
                "then": self.env._(
                    "The first invoicing run after %(end)s bills it; the settlement of the year does not touch it.",
                    end=format_date(self.env, self.effective_on),
                ),
            }
        ]
