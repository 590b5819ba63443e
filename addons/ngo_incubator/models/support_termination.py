from odoo import models


class SupportTermination(models.Model):
    """A year that was paid with a discount ends early: paid is what was paid, a month costs the organisation's price.

    The invoice lines keep both (`discount`, `list_price_month`); here the correction and the figures say so (F10, D4).
    """

    _inherit = "support.termination"

    def _prepare_settlement(self, periods):
        # EXTENDS support_plans: the price that the head shows is the one that the lines are settled with
        figures, lines = super()._prepare_settlement(periods)
        last = max((period.first for period in periods), default=None)
        current = [period for period in periods if period.first <= last <= period.last]
        if current:
            figures["list_price_month"] = float(sum(period.list_price for period in current))
        return figures, lines

    def _prepare_correction_lines(self, line):
        # EXTENDS support_plans: what a correction takes back of a discount, and what the used months keep of it
        prepared = super()._prepare_correction_lines(line)
        origin = line.invoice_line_id
        if not origin.ngo_benefit_id:
            return prepared
        fee = origin.contract_line_id
        full = {
            "back": origin.ngo_full_price,
            "months": fee.list_price_month or fee.contract_id.list_price_month,
        }
        for vals in prepared:
            if vals["termination_part"] in full:
                part = vals["termination_part"]
                vals.update(ngo_benefit_id=origin.ngo_benefit_id.id, ngo_full_price=full[part])
        return prepared
