from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import validity


class ContractContract(models.Model):
    """A package of hours ordered by the client in the panel (C3, B5, B6)."""

    _inherit = "contract.contract"

    def _get_panel_offers(self):
        """Return the offers that this client may order, as superuser."""
        self.ensure_one()
        return (
            self.env["support.package.offer"]
            .sudo()
            .search(
                [
                    ("in_panel", "=", True),
                    ("company_id", "in", [self.company_id.id, False]),
                    ("currency_id", "=", self.currency_id.id),
                ]
            )
        )

    def _get_panel_offer(self, offer_id):
        """Return an offer that this client may order, else an empty record."""
        return self._get_panel_offers().filtered(lambda offer: offer.id == offer_id)

    def _quote_offer(self, offer):
        """Return what an order of this offer costs and gives: texts for the panel, and `terms`, their fingerprint."""
        self.ensure_one()
        agreement = self.sudo()
        net, gross = agreement._get_offer_amounts(offer)
        today = agreement._get_service_day(fields.Datetime.now())
        minutes = round(offer.hours * 60)
        at_once = agreement.company_id.support_hours_usable != "paid" or not gross
        return {
            "offer": offer,
            "hours": agreement._format_term_hours(offer.hours),
            "net": agreement._format_amount(net),
            "tax": agreement._format_amount(gross - net),
            "gross": agreement._format_amount(gross),
            "gross_amount": gross,
            "per_hour": agreement._format_amount(net / offer.hours),
            "months": agreement._format_months(offer.validity_months),
            "at_once": at_once,
            "last": agreement._format_day(validity.valid_to(today, offer.validity_months)),
            "terms": f"{minutes}/{offer.validity_months}/{net:.2f}/{gross:.2f}/{'now' if at_once else 'paid'}",
        }

    def _format_amount(self, amount):
        return self.currency_id.format(amount)

    def _get_offer_amounts(self, offer):
        """Return (net, gross) of an offer as its invoice will have them."""
        client, company = self.invoice_partner_id or self.partner_id, self.company_id
        positions = self.env["account.fiscal.position"].sudo().with_company(company)
        delivery = self.env["res.partner"].sudo().browse(client.address_get(["delivery"])["delivery"])
        position = self.fiscal_position_id or positions._get_fiscal_position(client, delivery=delivery)
        product = offer.product_id.with_company(company)
        taxes = position.map_tax(product.taxes_id._filter_taxes_by_company(company))
        totals = taxes.compute_all(offer.price, currency=self.currency_id, product=product, partner=client)
        return totals["total_excluded"], totals["total_included"]

    def _order_package(self, offer, token, terms, partner):
        """Buy an offer for the client in the name of a person and return the invoice; the same order buys once.

        :param token: of the page that the person confirmed
        :param terms: the fingerprint of what that page said (`_quote_offer`)
        """
        self._check_may_decide(partner)
        agreement = self.sudo()
        # A second click waits here, is run again by Odoo, and finds the package of the first
        agreement._lock_ledger()
        packages = self.env["support.package"].sudo()
        known = packages.search([("order_token", "=", token)], limit=1)
        if known:
            return agreement._get_ordered_invoice(known)
        quote = agreement._quote_offer(offer)
        if quote["terms"] != terms:
            raise UserError(self.env._("The offer has changed since you opened the page. Read it again, please."))
        lot = agreement._buy_offer(offer)
        lot.order_token = token
        invoice = lot.invoice_line_id.move_id
        if agreement.currency_id.compare_amounts(invoice.amount_total, quote["gross_amount"]):
            raise UserError(
                self.env._("We could not work out the price of this order. Nothing was bought; write to us, please.")
            )
        agreement._message_log(
            body=self.env._(
                "%(person)s ordered %(offer)s (%(hours)s h) in the panel.",
                person=partner.name,
                offer=offer.name,
                hours=f"{offer.hours:g}",
            ),
            author_id=partner.id,
        )
        return invoice

    def _get_ordered_invoice(self, lot):
        """Return the invoice of an order that was placed before."""
        if lot.contract_id != self:
            raise UserError(self.env._("This order has been placed already. Open the offer again to buy once more."))
        return lot.invoice_line_id.move_id

    def _buy_offer(self, offer):
        """Buy an offer; the invoice is the firm's own, not made by the client's user."""
        purchase = self._prepare_purchase(offer, round(offer.hours * 60), offer.price, offer.validity_months)
        lot = self._buy_package(purchase, self._get_service_day(fields.Datetime.now()))
        invoice = lot.invoice_line_id.move_id
        if invoice.invoice_user_id.share:
            invoice.invoice_user_id = False
        return lot
