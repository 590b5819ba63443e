from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..rules import validity


class ContractContract(models.Model):
    """Buying a package of hours: invoice at once, hours at once or when paid (C3, B5, B6)."""

    _inherit = "contract.contract"

    def _buy_package(self, purchase, day):
        """Sell hours to the client of this agreement and return the package, with its posted invoice.

        :param purchase: dict with `minutes`, `price` (net, whole package), `validity_months`, `name`,
            `product` (product.product) and `offer` (support.package.offer or empty)
        :param day: day of the purchase
        """
        self.ensure_one()
        self._check_can_buy(purchase, day)
        agreement = self.sudo()
        invoice = agreement._create_purchase_invoice(purchase, day)
        line = invoice.invoice_line_ids[:1]
        # A package that costs nothing is paid as soon as it is posted
        waits = agreement.company_id.support_hours_usable == "paid" and invoice.amount_total > 0
        lot = (
            self.env["support.package"]
            .sudo()
            .create(
                {
                    "contract_id": agreement.id,
                    "origin": "purchase",
                    "minutes": purchase["minutes"],
                    "date_from": day,
                    "date_to": validity.valid_to(day, purchase["validity_months"]),
                    "validity_months": purchase["validity_months"],
                    "awaits_payment": waits,
                    "offer_id": purchase["offer"].id,
                    "invoice_line_id": line.id,
                }
            )
        )
        invoice.action_post()
        agreement.message_post(
            body=self.env._(
                "%(hours)s h were bought: %(invoice)s.", hours=f"{purchase['minutes'] / 60:g}", invoice=invoice.name
            )
        )
        return lot

    def _prepare_purchase(self, offer, minutes, price, validity_months):
        """Return a purchase for `_buy_package`, with its text in the client's language.

        :param offer: support.package.offer, empty for a size of its own
        :param price: net, of the whole package
        """
        lang = self._get_client_lang()
        env = self.with_context(lang=lang).env
        product = offer.sudo().product_id or self.company_id._get_support_hour_product()
        text = env._(
            "%(name)s: %(hours)s h, valid for %(months)s months",
            name=offer.with_env(env).name or env._("Package of hours"),
            hours=f"{minutes / 60:g}",
            months=validity_months,
        )
        return {
            "minutes": minutes,
            "price": price,
            "validity_months": validity_months,
            "name": text,
            "product": product,
            "offer": offer,
        }

    def action_buy_package(self):
        """Button: sell hours to the client."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "support.package.purchase",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Buy a Package of Hours"),
            "context": {"default_contract_id": self.id},
        }

    def _check_can_buy(self, purchase, day):
        """Refuse a purchase that could not be used or invoiced."""
        if not self._covers(day):
            raise UserError(
                self.env._(
                    "%(agreement)s is not in force on that day: hours are bought for a running agreement.",
                    agreement=self.display_name,
                )
            )
        if not self.sudo()._uses_packages():
            raise UserError(
                self.env._(
                    "No kind of work of %(agreement)s is paid from a package, so bought hours could never be used. "
                    "Change its entitlements first, or bill the work by the hour.",
                    agreement=self.display_name,
                )
            )
        months = range(validity.SHORTEST, validity.LONGEST + 1)
        if purchase["minutes"] <= 0 or purchase["price"] < 0 or purchase["validity_months"] not in months:
            raise UserError(
                self.env._(
                    "A package has at least one minute, a price that is not negative, and lives from 1 to 12 months."
                )
            )

    def _create_purchase_invoice(self, purchase, day):
        """Create the invoice of a package: one line, its price for the whole package."""
        values = {**self._prepare_invoice(day), **self.env["account.move"]._prepare_supply_dates(day)}
        product = purchase["product"]
        values["invoice_line_ids"] = [
            Command.create(
                {
                    "product_id": product.id,
                    "name": purchase["name"],
                    "quantity": 1,
                    "product_uom_id": product.uom_id.id,
                    "price_unit": purchase["price"],
                    "support_contract_id": self.id,
                    "is_package_sale": True,
                }
            )
        ]
        return self.env["account.move"].with_company(self.company_id).create(values)
