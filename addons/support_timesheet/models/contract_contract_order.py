from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import validity

#: An order of an offer that was ordered so short a time ago is asked about: it may be the browser's Back.
ASK_AGAIN_WITHIN = timedelta(minutes=30)


class ContractContract(models.Model):
    """A package of hours ordered by the client in the panel (C3, B5, B6)."""

    _inherit = "contract.contract"

    def _get_panel_offers(self):
        """Return the offers that this client may order, as superuser.

        None where no package pays for any work (COMMUNITY, EMAIL): the hours could never be used (P2, P22).
        """
        self.ensure_one()
        offers = self.env["support.package.offer"].sudo()
        if not self.sudo()._uses_packages():
            return offers
        return offers.search(
            [
                ("in_panel", "=", True),
                ("company_id", "in", [self.company_id.id, False]),
                ("currency_id", "=", self.currency_id.id),
            ]
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

    # Once, or again on purpose

    def _get_recent_order(self, offer):
        """Return the client's last package of an offer when it was bought a short time ago, else an empty record.

        Whoever bought it, on whichever agreement of the client: two colleagues may mean the same hours.
        """
        self.ensure_one()
        return (
            self.env["support.package"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", self.sudo().commercial_partner_id.id),
                    ("offer_id", "=", offer.id),
                    ("origin", "=", "purchase"),
                    ("create_date", ">", fields.Datetime.now() - ASK_AGAIN_WITHIN),
                ],
                order="id desc",
                limit=1,
            )
        )

    def _ask_about(self, recent):
        """Return the question before an offer is ordered again; empty when there is nothing to ask."""
        if not recent:
            return ""
        minutes = (fields.Datetime.now() - recent.create_date) // timedelta(minutes=1)
        if not minutes:
            return self.env._("Your firm ordered this package a moment ago. Order another?")
        return self.env._("Your firm ordered this package %(minutes)s min ago. Order another?", minutes=minutes)

    # The order

    def _order_package(self, offer, token, terms, partner, again=0):
        """Buy an offer for the client in the name of a person and return the package; the same order buys once.

        :param token: of the page that the person confirmed
        :param terms: the fingerprint of what that page said (`_quote_offer`)
        :param again: id of the package of which that page asked whether another is wanted
        """
        self._check_may_decide(partner)
        agreement = self.sudo()
        # A second click waits here, is run again by Odoo, and finds the package of the first
        agreement._lock_ledger()
        known = agreement._get_package_of_order(token)
        if known:
            return known
        recent = agreement._get_recent_order(offer)
        if recent and recent.id != again:
            raise UserError(self._ask_about(recent))
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
        return lot

    def _get_package_of_order(self, token):
        """Return the package that an order page has bought already, as superuser; an empty record when none."""
        lot = self.env["support.package"].sudo().search([("order_token", "=", token)], limit=1)
        if lot and lot.contract_id != self:
            raise UserError(self.env._("This order has been placed already. Open the offer again to buy once more."))
        return lot

    def _buy_offer(self, offer):
        """Buy an offer; the invoice is the firm's own, not made by the client's user."""
        purchase = self._prepare_purchase(offer, round(offer.hours * 60), offer.price, offer.validity_months)
        lot = self._buy_package(purchase, self._get_service_day(fields.Datetime.now()))
        invoice = lot.invoice_line_id.move_id
        if invoice.invoice_user_id.share:
            invoice.invoice_user_id = False
        return lot

    # After it

    def _get_ordered_package(self, package_id):
        """Return a package that was bought for this agreement, as superuser, else an empty record."""
        return self.sudo().package_ids.filtered(lambda lot: lot.id == package_id and lot.origin == "purchase")

    def _describe_order(self, lot):
        """Return what was ordered, its invoice, and when the hours may be used: texts for the panel."""
        agreement = self.sudo()
        invoice = lot.invoice_line_id.move_id
        return {
            "lot": lot,
            "name": lot.offer_id.name or self.env._("Package of hours"),
            "hours": agreement._format_term_hours(lot.hours),
            "invoice": invoice,
            "gross": agreement._format_amount(invoice.amount_total),
            "due": agreement._format_day(invoice.invoice_date_due) if invoice.invoice_date_due else "",
            "months": agreement._format_months(lot.validity_months),
            "first": agreement._format_day(lot.date_from),
            "last": agreement._format_day(lot.date_to),
        }
