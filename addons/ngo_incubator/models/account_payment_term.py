from odoo import api, fields, models


class AccountPaymentTerm(models.Model):
    """Terms of payment of so many days, made when the first invoice needs them."""

    _inherit = "account.payment.term"

    @api.model
    def _get_term_of_days(self, days, company):
        """Return the term of payment that is due in some days from the invoice, created when there is none.

        :param days: days from the date of the invoice
        :param company: res.company that invoices
        """
        terms = self.sudo()
        found = terms.search(
            [
                ("company_id", "in", [False, company.id]),
                ("line_ids.nb_days", "=", days),
                ("line_ids.delay_type", "=", "days_after"),
                ("early_discount", "=", False),
            ],
            order="id",
        ).filtered(lambda term: len(term.line_ids) == 1 and term.line_ids.value == "percent")
        return found[:1] or terms._create_term_of_days(days)

    @api.model
    def _create_term_of_days(self, days):
        term = self.create(
            {
                "name": self.env._("%(days)s days", days=days),
                "company_id": False,
                "line_ids": [fields.Command.create({"value": "percent", "value_amount": 100, "nb_days": days})],
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            translated = term.with_context(lang=code)
            translated.name = translated.env._("%(days)s days", days=days)
            translated.note = translated.env._("Payment terms: %(days)s days", days=days)
        return term
