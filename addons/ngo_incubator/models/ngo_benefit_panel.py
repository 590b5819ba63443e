from odoo import models
from odoo.tools import format_date


class NgoBenefit(models.Model):
    """A benefit as its organisation reads it in the panel (F12)."""

    _inherit = "ngo.benefit"

    def _get_panel_row(self):
        """Return {"days", "terms", "note"} of a benefit, as texts."""
        self.ensure_one()
        first, last = (
            format_date(self.env, day, date_format="d MMM y") if day else "" for day in (self.first_day, self.last_day)
        )
        days = self.env._("from %(first)s", first=first)
        if last:
            days = self.env._("from %(first)s to %(last)s", first=first, last=last)
        note = self.is_in_price and self.env._("Invoices have the full price: your promotion is part of the price.")
        return {"days": days, "terms": self._describe_terms(), "note": note or ""}

    def _counts_ever(self):
        """Whether a benefit has a day at all: one that was replaced before it began has none."""
        self.ensure_one()
        return not self.last_day or self.last_day >= self.first_day
