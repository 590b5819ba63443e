from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import float_utils

from odoo.addons.support_plans.controllers.agreement_panel import AgreementPanel
from odoo.addons.support_plans.controllers.numbers import to_id

from .form_values import to_day, to_hours

PAGE = "/my/support-hours"


class HoursPanel(AgreementPanel):
    """The client reads hours and works in the panel, sets the own ceiling and approves work above it."""

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal: the card is there for whoever has an agreement
        values = super()._prepare_home_portal_values(counters)
        if "support_hours_count" in counters:
            values["support_hours_count"] = len(self._get_own_agreements())
        return values

    @http.route([PAGE, f"{PAGE}/<int:agreement_id>"], type="http", auth="user", website=True)
    def portal_my_support_hours(self, agreement_id=None, month=None, done=None, **kw):
        agreements = self._get_own_agreements()
        agreement = agreements[:1] if agreement_id is None else self._get_own_agreement(agreement_id)
        if not agreement and agreement_id is not None:
            return request.redirect(PAGE)
        return self._render_hours(agreement, agreements, month=month, done=done)

    @http.route(f"{PAGE}/<int:agreement_id>/ceiling", type="http", auth="user", website=True, methods=["POST"])
    def portal_set_ceiling(self, agreement_id, hours=None, month=None, **kw):
        agreement = self._get_own_agreement(agreement_id)
        if not agreement:
            return request.redirect(PAGE)
        try:
            with request.env.cr.savepoint():
                agreement._set_own_ceiling(to_hours(request.env, hours), request.env.user.partner_id)
        except UserError as error:
            return self._render_hours(agreement, month=month, error=str(error), ceiling=hours)
        return self._redirect_done(agreement, month, "ceiling")

    @http.route(
        f"{PAGE}/<int:agreement_id>/approve/<int:work_id>", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_approve_work(self, agreement_id, work_id, minutes=None, month=None, **kw):
        agreement = self._get_own_agreement(agreement_id)
        if not agreement:
            return request.redirect(PAGE)
        try:
            with request.env.cr.savepoint():
                agreement._approve_own_work(to_id(work_id), to_id(minutes), request.env.user.partner_id)
        except UserError as error:
            return self._render_hours(agreement, month=month, error=str(error))
        return self._redirect_done(agreement, month, "approved")

    def _redirect_done(self, agreement, month, done):
        """Show the page again, with a sentence of what was done."""
        day = to_day(month)
        suffix = f"&month={day}" if day else ""
        return request.redirect(f"{PAGE}/{agreement.id}?done={done}{suffix}")

    def _get_own_agreement(self, agreement_id):
        """Return a signed agreement of the user's firm as superuser, else an empty record."""
        return self._get_own_agreements().filtered(lambda agreement: agreement.id == to_id(agreement_id))

    def _render_hours(self, agreement, agreements=None, month=None, done=None, error=None, ceiling=None):
        """Render the page of hours, with what went wrong when something did."""
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_hours",
            "agreement": agreement,
            "agreements": self._get_own_agreements() if agreements is None else agreements,
            "done": self._get_done_texts().get(done),
            "error": error,
        }
        if agreement:
            may_decide = agreement._may_decide(request.env.user.partner_id)
            panel = agreement._get_hours_panel(to_day(month))
            values.update(
                hours=panel,
                may_decide=may_decide,
                may_buy=may_decide and panel["is_running"] and bool(agreement._get_panel_offers()),
                ceiling=_show_hours(agreement.overage_ceiling_hours) if ceiling is None else ceiling,
            )
        return request.render("support_timesheet.portal_my_support_hours", values, status=422 if error else 200)

    def _get_done_texts(self):
        """Return {code of the address: sentence}."""
        return {
            "ceiling": request.env._("Your ceiling is saved."),
            "approved": request.env._("Thank you, the work is approved."),
        }


def _show_hours(hours):
    return f"{float_utils.float_round(hours, precision_digits=2):g}"
