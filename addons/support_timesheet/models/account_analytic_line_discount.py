from odoo import fields, models

from .support_package_entry_writer import net_amount


class AccountAnalyticLine(models.Model):
    """What the client pays for a work: after the discount of its invoice line, or the one of today's invoice (F12)."""

    _inherit = "account.analytic.line"

    def _get_hours_discounts(self):
        """Return {work: percent} of the discount on what goes beyond the package; works without one are not in it.

        What is billed has the discount of its invoice line; the rest has what it would have if it were billed today.
        """
        today = fields.Date.context_today(self)
        found, due = {}, {}
        for line in self.sudo():
            # Iteration, not filtered(): the invoice lines of all works are read together
            entry = next((e for e in line.entry_ids if not e.package_id), None)
            if not entry:
                continue
            key = (entry.partner_id, entry.company_id, entry.month_start)
            if entry.invoice_line_id:
                percent = entry.invoice_line_id.discount
            elif key in due:
                percent = due[key]
            else:
                percent = due[key] = entry.partner_id._get_hours_percent(entry.company_id, today, entry.month_start)
            if percent:
                found[line] = percent
        return found

    def _get_amount_after(self, percent):
        """Return what goes beyond the package, net, after a discount in percent."""
        return net_amount(self.overage_minutes, self.hourly_rate, percent) if percent else self.work_amount
