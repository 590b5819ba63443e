from odoo import api, fields, models


class ContractContract(models.Model):
    """An agreement with an organisation: its discount and its term of payment, on every invoice that is made (F12)."""

    _inherit = "contract.contract"

    ngo_membership_id = fields.Many2one(
        "ngo.membership",
        string="NGO Membership",
        compute="_compute_ngo_membership_id",
        compute_sudo=True,
        groups="base.group_user",
        help="The membership that counts for this client now, or did last.",
    )
    ngo_terms = fields.Text(
        string="NGO Terms", compute="_compute_ngo_terms", groups="base.group_user", help="What an invoice of today has."
    )

    @api.depends("commercial_partner_id.ngo_membership_ids.state", "company_id")
    def _compute_ngo_membership_id(self):
        for agreement in self:
            own = agreement.commercial_partner_id.ngo_membership_ids.filtered(
                lambda m, a=agreement: m.company_id == a.company_id
            )
            agreement.ngo_membership_id = own.sorted(lambda m: (m.state != "ended", m.id))[-1:]

    @api.depends(
        "commercial_partner_id.ngo_membership_ids.benefit_ids.last_day",
        "support_plan_id",
        "list_price_month",
        "hourly_rate",
    )
    @api.depends_context("lang")
    def _compute_ngo_terms(self):
        today = self._get_today()
        for agreement in self:
            known = agreement.support_plan_id and agreement.ngo_membership_id
            agreement.ngo_terms = known and "\n".join(agreement._describe_ngo_terms(today))

    def _get_ngo_benefit(self, invoiced_on, first, figure=None):
        """Return the benefit that counts for a service period of this agreement; empty for none.

        :param figure: see `ngo.benefit._find`
        """
        self.ensure_one()
        if not self.support_plan_id:
            return self.env["ngo.benefit"]
        return self.commercial_partner_id._get_ngo_benefit(self.company_id, invoiced_on, first, figure)

    def _get_ngo_fee_percent(self, invoiced_on, first):
        """Return the discount on the fee of the plan, as Decimal."""
        plan = self.support_plan_id
        return self._get_ngo_benefit(invoiced_on, first, lambda x: x._get_fee_percent(plan))._get_fee_percent(plan)

    # Invoices

    def _prepare_agreement_invoices(self, day):
        # EXTENDS support_plans: the lines would read the discounts of one client after the other
        self.sudo().commercial_partner_id.ngo_membership_ids.benefit_ids.discount_ids.fetch(
            ["scope", "plan_id", "percent"]
        )
        return super()._prepare_agreement_invoices(day)

    def _prepare_due_periods(self, day, booked):
        # EXTENDS support_plans: "from the next invoice" needs the day of the invoice on each line
        return super(ContractContract, self.with_context(ngo_invoiced_on=day))._prepare_due_periods(day, booked)

    def _prepare_invoice(self, date_invoice, journal=None):
        # EXTENDS contract
        values = super()._prepare_invoice(date_invoice, journal)
        if not self.support_plan_id:
            return values
        client = self.invoice_partner_id
        if client.commercial_partner_id != self.commercial_partner_id:
            return values  # the longer term is for the organisation, not for who else pays
        own = self.payment_term_id or client.with_company(self.company_id).property_payment_term_id
        return {**values, **client._prepare_longer_term(self.company_id, date_invoice, own)}
