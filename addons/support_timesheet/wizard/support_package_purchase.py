from odoo import api, fields, models
from odoo.exceptions import AccessError


class SupportPackagePurchase(models.TransientModel):
    """Sell a package of hours to a client: an offer of the price list, or a size of its own (C3, B5, B6)."""

    _name = "support.package.purchase"
    _description = "Buy a Package of Hours"

    contract_id = fields.Many2one("contract.contract", string="Agreement", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    offer_id = fields.Many2one(
        "support.package.offer",
        domain="[('company_id', 'in', [company_id, False]), ('currency_id', '=', currency_id)]",
        help="Empty: a package of its own size.",
    )
    hours = fields.Float(compute="_compute_from_offer", store=True, precompute=True, readonly=False, required=True)
    price = fields.Float(
        string="Net Price",
        compute="_compute_from_offer",
        store=True,
        precompute=True,
        readonly=False,
        digits="Product Price",
    )
    validity_months = fields.Integer(
        string="Validity (months)",
        compute="_compute_from_offer",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    day = fields.Date(string="Date", required=True, default=fields.Date.context_today)
    usable = fields.Selection(related="company_id.support_hours_usable")

    @api.depends("offer_id", "contract_id")
    def _compute_from_offer(self):
        for wizard in self:
            offer = wizard.offer_id
            if offer:
                wizard.hours, wizard.price, wizard.validity_months = offer.hours, offer.price, offer.validity_months
            else:
                wizard.hours = wizard.hours or 10
                wizard.price = wizard.price or wizard.hours * wizard.contract_id.hourly_rate
                wizard.validity_months = wizard.validity_months or wizard.company_id.support_package_validity

    def action_buy(self):
        """Make the package and its invoice."""
        self.ensure_one()
        if not self.env.user.has_group("support_plans.group_support_manager") and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            raise AccessError(self.env._("Only support managers and invoicing users sell packages of hours."))
        self.contract_id.check_access("read")
        lot = self.contract_id._buy_package(self._prepare_purchase(), self.day)
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": lot.sudo().invoice_line_id.move_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _prepare_purchase(self):
        """Return the purchase as `contract.contract._buy_package` wants it."""
        return self.contract_id._prepare_purchase(
            self.offer_id, round(self.hours * 60), self.price, self.validity_months
        )
