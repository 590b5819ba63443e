from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .agreement_panel import AgreementPanel
from .numbers import to_id
from .ticket_form import _text

PAGE = "/my/resignations"


class TerminationPanel(AgreementPanel):
    """The client ends an agreement in the panel, knowing what follows, and sees how it goes on (F6, F10)."""

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal: the card is there for whoever has a resignation
        values = super()._prepare_home_portal_values(counters)
        if "support_resignation_count" in counters:
            values["support_resignation_count"] = len(self._get_own_resignations())
        return values

    # Before it

    @http.route(
        "/my/support-agreements/<int:agreement_id>/resign",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_resign(self, agreement_id, **kw):
        """Say what the end means, on any possible day; only the button ends the agreement."""
        agreement = self._get_agreement(agreement_id)
        if not agreement:
            return request.redirect("/my/support-agreements")
        person = request.env.user.partner_id
        known = agreement._get_panel_resignation()
        if known and agreement._may_decide(person):
            return request.redirect(f"{PAGE}/{known.id}?done=again")
        refusal = agreement._get_end_refusal(person)
        if refusal:
            return self._render_resign(agreement, refusal=refusal)
        if request.httprequest.method == "POST" and kw.get("step") == "resign":
            return self._resign(agreement, person, kw)
        return self._render_resign(agreement, kw)

    def _resign(self, agreement, person, form):
        typed = {name: _text(form, name) for name in ("terms", "reason", "account", "informed")}
        try:
            with request.env.cr.savepoint():
                resignation = agreement._resign(person, _text(form, "date"), **typed)
        except UserError as error:
            return self._render_resign(agreement, form, error=str(error))
        return request.redirect(f"{PAGE}/{resignation.id}?done=resigned")

    def _render_resign(self, agreement, form=None, error="", refusal=""):
        """Render the page with what was typed; a wrong day is said, and the earliest one shown."""
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_resign",
            "agreement": agreement,
            "refusal": refusal,
        }
        if not refusal:
            form, today = form or {}, agreement._get_firm_day()
            try:
                day = agreement._read_end_day(_text(form, "date"), today)
            except UserError as wrong:
                error, day = str(wrong), agreement._read_end_day("", today)
            values["end"] = agreement._preview_end(day, today)
            values["typed"] = {name: _text(form, name) for name in ("reason", "account", "informed")}
            values["error"] = error
        return request.render("support_plans.portal_support_resign", values, status=self._get_status(error, refusal))

    def _get_status(self, error, refusal):
        if refusal:
            return 403
        return 422 if error else 200

    # After it

    @http.route(PAGE, type="http", auth="user", website=True)
    def portal_my_resignations(self, **kw):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_resignation",
            "resignations": self._get_own_resignations(),
        }
        return request.render("support_plans.portal_my_resignations", values)

    @http.route(f"{PAGE}/<int:termination_id>", type="http", auth="user", website=True)
    def portal_my_resignation(self, termination_id, done=None, **kw):
        resignation = self._get_resignation(termination_id)
        if not resignation:
            return request.redirect(PAGE)
        return self._render_resignation(resignation, done=done)

    @http.route(f"{PAGE}/<int:termination_id>/withdraw", type="http", auth="user", website=True, methods=["POST"])
    def portal_withdraw_resignation(self, termination_id, **kw):
        resignation = self._get_resignation(termination_id)
        if not resignation:
            return request.redirect(PAGE)
        try:
            with request.env.cr.savepoint():
                resignation._withdraw_in_panel(request.env.user.partner_id)
        except UserError as error:
            return self._render_resignation(resignation, error=str(error))
        return request.redirect(f"{PAGE}/{resignation.id}")

    def _render_resignation(self, resignation, done=None, error=""):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "support_resignation",
            "resignation": resignation,
            "panel": resignation._get_panel_values(),
            "done": self._get_resignation_done_texts().get(done) if resignation.state == "submitted" else None,
            "error": error,
        }
        return request.render("support_plans.portal_my_resignation", values, status=422 if error else 200)

    def _get_resignation_done_texts(self):
        """Return {code of the address: sentence}."""
        return {
            "resigned": request.env._("Thank you, we have received your resignation. You need not send anything else."),
            "again": request.env._("Your firm has resigned from this agreement already. Here is the resignation."),
        }

    def _get_own_resignations(self):
        """Return the resignations of the user's firm as superuser, the latest first."""
        resignations = request.env["support.termination"]
        if not resignations.has_access("read"):
            return resignations.sudo()
        client = request.env.user.partner_id.commercial_partner_id
        return resignations.search([("commercial_partner_id", "=", client.id), ("state", "!=", "draft")]).sudo()

    def _get_resignation(self, termination_id):
        """Return a received resignation that the user may read, as superuser; else an empty record."""
        resignations = request.env["support.termination"].sudo()
        try:
            resignation = self._document_check_access("support.termination", to_id(termination_id))
        except (AccessError, MissingError):
            return resignations
        return _as_user(resignation).filtered(lambda termination: termination.state != "draft")

    def _get_agreement(self, agreement_id):
        # EXTENDS support_plans: who looks and who writes is the user, not the system
        return _as_user(super()._get_agreement(agreement_id))


def _as_user(records):
    """Return records with all rights, in the name of the user; core's check returns them in the name of the system."""
    return records.with_user(request.env.user).sudo()
