from odoo import models
from odoo.tools import format_date

from ..rules import billing
from .clock import clock


class ContractContract(models.Model):
    """Hours of the month that is not over stay for a later invoice: who makes an invoice is told (P22, D13)."""

    _inherit = "contract.contract"

    def _get_billed_from(self, month_start):
        """Return the first day on which hours beyond the package of a service month are billed."""
        self.ensure_one()
        _first, last = self._get_month_bounds(self, month_start)
        return billing.billed_from(last, self.date_end or None)

    def _get_waiting_overage(self, day):
        """Return {agreement: (minutes, first day on which they are billed)} of what an invoice of a day leaves out."""
        waiting = {}
        for agreement, group in self._search_due_entries().grouped("contract_id").items():
            first_open = agreement._get_first_open_month(day)
            entries = group.filtered(lambda e, first=first_open: e.hourly_rate and e.month_start >= first)
            minutes = sum(entries.mapped("minutes"))
            if minutes > 0:
                waiting[agreement] = minutes, agreement._get_billed_from(min(entries.mapped("month_start")))
        return waiting

    def _describe_waiting(self, minutes, day):
        """Return what stays for a later invoice, in words."""
        return self.env._(
            "%(time)s h beyond the package of the service month that is not over are not on it: they stay for the "
            "invoice of %(day)s.",
            time=clock(minutes),
            day=format_date(self.env, day),
        )

    def action_create_invoice(self):
        # EXTENDS support_plans
        action = super().action_create_invoice()
        waiting = self.sudo()._get_waiting_overage(self._get_today())
        if not waiting:
            return action
        [figures] = waiting.values()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("The invoice is created"),
                "message": self._describe_waiting(*figures),
                "type": "info",
                "sticky": True,
                "next": action,
            },
        }

    def _get_nothing_due_message(self):
        # EXTENDS support_plans
        message = super()._get_nothing_due_message()
        waiting = self.sudo()._get_waiting_overage(self._get_today())
        return " ".join([message, *(self._describe_waiting(*figures) for figures in waiting.values())])

    def _create_agreement_invoices(self, day):
        # EXTENDS support_plans
        pairs = super()._create_agreement_invoices(day)
        self._log_waiting_overage(dict(reversed(pairs)), day)
        return pairs

    def _log_waiting_overage(self, moves, day):
        """Tell on the new invoices which hours are not on them; the same few queries for one and for many.

        :param moves: {agreement: its invoice}
        """
        agreements = self.env["contract.contract"].union(*moves).sudo()
        waiting = agreements._get_waiting_overage(day) if agreements else {}
        texts = {moves[agreement].id: agreement._describe_waiting(*figures) for agreement, figures in waiting.items()}
        self.env["account.move"].browse(texts)._message_log_batch(texts)
