from odoo import models


class ResPartner(models.Model):
    """What a client pays less, and when it pays: nothing special here, addons that grant discounts know (F2, F12)."""

    _inherit = "res.partner"

    def _prepare_hours_discount(self, company, invoiced_on, first):
        """Return what makes an invoice line of hours cheaper for this client, as values of the line.

        :param company: res.company that invoices
        :param invoiced_on: the day on which they are invoiced
        :param first: first day of the (service) month of the hours
        """
        return {}

    def _prepare_longer_term(self, company, invoiced_on, term):
        """Return what gives this client more time to pay, as values of the invoice.

        :param term: account.payment.term of the invoice without it; empty for the client's own
        """
        return {}
