from odoo import models


class ResPartner(models.Model):
    """The discount on hours as a figure, for who shows what is not billed yet (F12)."""

    _inherit = "res.partner"

    def _get_hours_percent(self, company, invoiced_on, first):
        """Return the discount in percent on hours of a (service) month; see `_prepare_hours_discount`."""
        return self._prepare_hours_discount(company, invoiced_on, first).get("discount", 0)
