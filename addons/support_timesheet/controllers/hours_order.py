from uuid import uuid4

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.support_plans.controllers.numbers import to_id

from .form_values import to_token
from .hours_panel import PAGE, HoursPanel


class HoursOrder(HoursPanel):
    """The client orders a package of hours in the panel: what it costs is said before, and one order buys once."""

    @http.route(f"{PAGE}/<int:agreement_id>/buy", type="http", auth="user", website=True)
    def portal_hours_offers(self, agreement_id, **kw):
        agreement = self._get_own_agreement(agreement_id)
        if not agreement:
            return request.redirect(PAGE)
        return self._render_offers(agreement)

    @http.route(
        f"{PAGE}/<int:agreement_id>/buy/<int:offer_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_order_hours(self, agreement_id, offer_id, order=None, terms=None, again=None, **kw):
        """Show what the order costs and means; only the button orders."""
        agreement = self._get_own_agreement(agreement_id)
        if not agreement:
            return request.redirect(PAGE)
        offer = agreement._get_panel_offer(to_id(offer_id))
        if not offer:
            error = request.env._("This package is not offered any more. Choose another one.")
            return self._render_offers(agreement, error, status=404)
        refusal = self._get_refusal(agreement)
        if refusal:
            return self._render_offers(agreement, status=403)
        if request.httprequest.method == "POST":
            return self._order(agreement, offer, to_token(order), terms, to_id(again))
        return self._render_order(agreement, offer)

    @http.route(f"{PAGE}/<int:agreement_id>/ordered/<int:package_id>", type="http", auth="user", website=True)
    def portal_hours_ordered(self, agreement_id, package_id, twice=None, **kw):
        """Say what was ordered; the page may be loaded as often as one likes."""
        agreement = self._get_own_agreement(agreement_id)
        lot = agreement and agreement._get_ordered_package(to_id(package_id))
        if not lot:
            return request.redirect(PAGE)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_hours_ordered",
            "agreement": agreement,
            "order": agreement._describe_order(lot),
            "twice": bool(twice and lot.offer_id),
        }
        return request.render("support_timesheet.portal_hours_ordered", values)

    def _order(self, agreement, offer, token, terms, again):
        if not token:
            return self._render_order(agreement, offer, request.env._("Read the order and confirm it, please."))
        try:
            with request.env.cr.savepoint():
                known = agreement._get_package_of_order(token)
                lot = agreement._order_package(offer, token, terms, request.env.user.partner_id, again)
        except UserError as error:
            return self._render_order(agreement, offer, str(error))
        suffix = "?twice=1" if known else ""
        return request.redirect(f"{PAGE}/{agreement.id}/ordered/{lot.id}{suffix}")

    def _get_refusal(self, agreement):
        """Return why this user cannot order for this agreement now, empty when it is possible."""
        env = request.env
        if not agreement._may_decide(env.user.partner_id):
            return env._("Only a contact for support of your firm's agreement can order hours.")
        if not agreement._covers(agreement._get_service_day(fields.Datetime.now())):
            return env._("Hours are bought for a running agreement; this one is not in force today.")
        return ""

    def _render_offers(self, agreement, error=None, status=200):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_hours_buy",
            "agreement": agreement,
            "quotes": [agreement._quote_offer(offer) for offer in agreement._get_panel_offers()],
            "refusal": self._get_refusal(agreement),
            "error": error,
        }
        return request.render("support_timesheet.portal_hours_offers", values, status=status)

    def _render_order(self, agreement, offer, error=None):
        recent = agreement._get_recent_order(offer)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_hours_buy",
            "agreement": agreement,
            "quote": agreement._quote_offer(offer),
            "offer": offer,
            "order": uuid4().hex,
            "recent": recent,
            "question": agreement._ask_about(recent),
            "error": error,
        }
        return request.render("support_timesheet.portal_hours_order", values, status=422 if error else 200)
