from odoo import fields, http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .numbers import to_id


class AgreementPanel(CustomerPortal):
    """The client reads the support agreement in the panel: every term that was agreed."""

    @http.route("/my/support-agreements", type="http", auth="user", website=True)
    def portal_my_support_agreements(self, **kw):
        agreements = self._get_own_agreements()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_agreement",
            "agreements": agreements,
            "agreement_states": {a.id: a._get_panel_state() for a in agreements},
        }
        if not agreements.filtered(lambda a: a.support_state != "ended"):
            values.update(self._prepare_offer_values())
        return request.render("support_plans.portal_my_support_agreements", values)

    @http.route("/my/support-agreements/<int:agreement_id>", type="http", auth="user", website=True)
    def portal_my_support_agreement(self, agreement_id, **kw):
        agreement = self._get_agreement(agreement_id)
        if not agreement:
            return request.redirect("/my/support-agreements")
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_agreement",
            "agreement": agreement,
            "panel": agreement._get_panel_values(fields.Date.context_today(agreement)),
        }
        return request.render("support_plans.portal_support_agreement", values)

    def _get_own_agreements(self):
        """Return the signed agreements of the user's firm as superuser, running ones first."""
        client = request.env.user.partner_id.commercial_partner_id
        domain = self._get_signed_domain() & Domain("commercial_partner_id", "=", client.id)
        agreements = (
            request.env["contract.contract"]
            .sudo()
            .search(domain & Domain("company_id", "in", request.env.companies.ids), order="date_start desc, id desc")
        )
        return agreements.sorted(lambda a: a.support_state == "ended")

    def _get_signed_domain(self):
        return Domain("support_plan_id", "!=", False) & Domain("support_state", "!=", "draft")

    def _get_agreement(self, agreement_id):
        """Return a signed agreement that the user may read, as superuser; else an empty record."""
        agreements = request.env["contract.contract"].sudo()
        try:
            agreement = self._document_check_access("contract.contract", to_id(agreement_id))
        except (AccessError, MissingError):
            return agreements
        return agreement.filtered_domain(self._get_signed_domain())

    def _prepare_offer_values(self):
        """Return what a client without an agreement has, and the plans to choose from (P1, F11)."""
        company = request.env.company
        plans = request.env["support.plan"].sudo()
        offered = plans.search([("company_id", "in", [company.id, False])])
        return {
            "default_plan": plans._get_default_plan(company),
            **offered._get_comparison_values(),
        }
