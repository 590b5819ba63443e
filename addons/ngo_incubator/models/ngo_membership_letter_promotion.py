from datetime import date

from odoo import models


class NgoMembership(models.Model):
    """The other side in the yearly letter: what the organisation did, and what is agreed for the year to come (F12)."""

    _inherit = "ngo.membership"

    def _prepare_letter(self, year, lang, given):
        # EXTENDS ngo_incubator
        first, last = date(year, 1, 1), date(year, 12, 31)
        next_first, next_last = date(year + 1, 1, 1), date(year + 1, 12, 31)
        done = self.promotion_ids.filtered(lambda p: p._was_seen(first, last)).sorted(lambda p: (p._get_start(), p.id))
        to_come = self.promotion_ids.filtered(lambda p: p.state == "agreed" and p._overlaps(next_first, next_last))
        return {
            **super()._prepare_letter(year, lang, given),
            "done": [promotion._prepare_letter_row(first, last) for promotion in done],
            "to_come": [promotion._describe_in_letter() for promotion in to_come],
            "panel": f"{self.company_id.get_base_url()}/my/ngo",
            "documents": self._get_documents(),
        }
