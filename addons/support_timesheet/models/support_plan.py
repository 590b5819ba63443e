from odoo import models

from .contract_contract_terms import WorkTerms


class SupportPlan(models.Model):
    """What a plan says about work of clients without an agreement (P1, P3, P22)."""

    _inherit = "support.plan"

    def _get_work_terms(self):
        """Return the `WorkTerms` of the list: a client without an agreement pays the list rate."""
        return WorkTerms(
            plan_id=self.id or False,
            hourly_rate=self.hourly_rate if self else 0.0,
            coverage=self._get_coverage() if self else {},
            rounding=self._get_own_rounding() if self else {},
        )
