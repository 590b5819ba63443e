from odoo import api, fields, models

from ..rules import benefit as rules


class ResPartner(models.Model):
    """An organisation and its persons know the memberships; what is in force is asked here (F12)."""

    _inherit = "res.partner"

    ngo_membership_ids = fields.One2many(
        "ngo.membership", "commercial_partner_id", string="NGO Memberships", groups="base.group_user"
    )
    ngo_membership_count = fields.Integer(
        compute="_compute_ngo_membership_count", compute_sudo=True, groups="base.group_user"
    )

    @api.depends("commercial_partner_id.ngo_membership_ids")
    @api.depends_context("allowed_company_ids")
    def _compute_ngo_membership_count(self):
        for partner in self:
            own = partner.commercial_partner_id.ngo_membership_ids
            partner.ngo_membership_count = len(own.filtered(lambda m: m.company_id in self.env.companies))

    def _get_ngo_benefit(self, company, invoiced_on, first, figure=None):
        """Return the benefit that counts for a service period of this client, as superuser; empty for none.

        :param company: res.company that invoices
        :param invoiced_on: the day on which it is invoiced
        :param first: first day of the service period
        :param figure: see `ngo.benefit._find`
        """
        benefits = self.sudo().commercial_partner_id.ngo_membership_ids.benefit_ids
        return benefits._find(company, invoiced_on, first, figure)

    def _prepare_hours_discount(self, company, invoiced_on, first):
        # EXTENDS support_plans
        values = super()._prepare_hours_discount(company, invoiced_on, first)
        benefit = self._get_ngo_benefit(company, invoiced_on, first, lambda x: x._get_hours_percent())
        percent = benefit._get_hours_percent()
        if not percent:
            return values
        return {**values, "discount": float(percent), "ngo_benefit_id": benefit.id}

    def _prepare_longer_term(self, company, invoiced_on, term):
        # EXTENDS support_plans
        values = super()._prepare_longer_term(company, invoiced_on, term)
        benefit = self._get_ngo_benefit(company, invoiced_on, invoiced_on, lambda x: x.payment_days)
        own = max(((line._get_due_date(invoiced_on) - invoiced_on).days for line in term.sudo().line_ids), default=0)
        if not benefit.payment_term_id or rules.days_to_pay(own, benefit.payment_days) == own:
            return values
        return {
            **values,
            "invoice_payment_term_id": benefit.payment_term_id.id,
            "ngo_benefit_id": benefit.id,
            "ngo_usual_days": own,
            "ngo_money_percent": benefit.programme_id.money_cost_percent,
        }

    def action_view_ngo_memberships(self):
        """Show the memberships of this organisation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ngo_incubator.ngo_membership_action")
        memberships = self.env["ngo.membership"].search([("commercial_partner_id", "=", self.commercial_partner_id.id)])
        action["context"] = {"default_partner_id": self.id}
        if len(memberships) == 1:
            return {**action, "views": [(False, "form")], "res_id": memberships.id}
        return {**action, "domain": [("id", "in", memberships.ids)]}
