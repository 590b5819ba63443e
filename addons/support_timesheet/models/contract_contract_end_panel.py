from odoo import fields, models

from .clock import clock


class ContractContract(models.Model):
    """What becomes of hours, said to the client before the agreement is ended in the panel (P10, C3, D11)."""

    _inherit = "contract.contract"

    def _get_end_consequences(self, termination):
        # EXTENDS support_plans
        rows = super()._get_end_consequences(termination)
        end = self._format_day(termination.effective_on)
        sentences = []
        if self.package_hours:
            sentences.append(
                self.env._(
                    "Each service month that begins until %(end)s still gives its hours in full; what is not used by "
                    "then expires.",
                    end=end,
                )
            )
        left = sum(self._get_bought_lots().mapped("left_minutes"))
        if left:
            sentences.append(
                self.env._(
                    "Of bought hours %(left)s h are left. They can be used until %(end)s at the latest, as hours need "
                    "an agreement in force; the settlement gives nothing back for them.",
                    left=clock(left),
                    end=end,
                )
            )
        if sentences:
            rows.append((self.env._("Hours"), " ".join(sentences)))
        return rows

    def _get_bought_lots(self):
        """Return the bought packages that can still be used, today or when they are paid."""
        today = fields.Date.context_today(self)
        return self.package_ids.filtered(
            lambda lot: lot.origin == "purchase" and lot.left_minutes and (lot.awaits_payment or lot.date_to >= today)
        )
