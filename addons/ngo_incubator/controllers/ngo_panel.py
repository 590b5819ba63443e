from odoo import fields, http
from odoo.exceptions import LockError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.support_plans.controllers.numbers import to_id

from ..models.ngo_promotion_evidence import MAX_FILE_MB

PAGE = "/my/ngo"
#: Name of a field of the form -> the most characters that it takes.
LENGTHS = {"kind": 20, "url": 2000, "reach": 20, "note": 2000}


class NgoPanel(CustomerPortal):
    """The organisation reads its membership in the panel, and proves the promotion that was agreed (F12)."""

    def _prepare_home_portal_values(self, counters):
        # EXTENDS portal: the card is there for whoever applied or is a member
        values = super()._prepare_home_portal_values(counters)
        if "ngo_membership_count" in counters:
            values["ngo_membership_count"] = len(self._get_own_memberships())
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def portal_my_ngo(self, done=None, **kw):
        """Show where the organisation stands."""
        return self._render_ngo(done=done)

    @http.route(
        f"{PAGE}/promotions/<int:promotion_id>/evidence", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_ngo_evidence(self, promotion_id, **kw):
        """Keep evidence of an own promotion, or say what is wrong with it."""
        promotion = self._get_promotion(promotion_id)
        if not promotion:
            return request.redirect(PAGE)
        typed = {name: _text(kw.get(name), limit) for name, limit in LENGTHS.items()}
        try:
            with request.env.cr.savepoint():
                promotion._add_panel_evidence(request.env.user.partner_id.sudo(), **typed, **self._read_upload(kw))
        except LockError:
            error = request.env._("Somebody adds evidence to this promotion right now. Send yours again.")
            return self._render_ngo(promotion, typed, error)
        except UserError as error:
            return self._render_ngo(promotion, typed, str(error))
        return request.redirect(f"{PAGE}?done={promotion.id}#promotion_{promotion.id}")

    @http.route(
        f"{PAGE}/promotions/<int:promotion_id>/evidence", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_ngo_evidence_page(self, promotion_id, **kw):
        """Lead who reloads the address of the form back to the page."""
        return request.redirect(PAGE)

    @http.route(f"{PAGE}/evidence/<int:evidence_id>/file", type="http", auth="user", website=True, methods=["GET"])
    def portal_ngo_evidence_file(self, evidence_id, **kw):
        """Give back a file that the organisation sent; as a download, so that no browser runs what is in it."""
        shown = self._get_own_memberships()._get_given_promotions().evidence_ids
        evidence = shown.filtered(lambda e: e.id == to_id(evidence_id))
        if not evidence.attachment_id:
            return request.redirect(PAGE)
        stream = request.env["ir.binary"].sudo()._get_stream_from(evidence.attachment_id)
        return stream.get_response(as_attachment=True)

    def _read_upload(self, form):
        """Return the file of a form; not more of it than shows that it is too large."""
        upload = form.get("file")
        if not getattr(upload, "filename", None):
            return {}
        return {"picture": upload.read(MAX_FILE_MB * 1024 * 1024 + 1), "picture_name": upload.filename}

    def _render_ngo(self, promotion=None, typed=None, error="", done=None):
        today = fields.Date.context_today(request.env.user)
        memberships = self._get_own_memberships()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "ngo_membership",
            "panels": [membership._get_panel_values(today) for membership in memberships],
            "may_apply": self._may_apply(memberships),
            "evidence_kinds": request.env["ngo.evidence"]._fields["kind"]._description_selection(request.env),
            "lengths": LENGTHS,
            "largest_file": MAX_FILE_MB,
            "wrong": promotion,
            "typed": typed or {},
            "error": error,
            "done": to_id(done),
        }
        return request.render("ngo_incubator.portal_my_ngo", values, status=422 if error else 200)

    def _may_apply(self, memberships):
        """Whether there is a programme that the organisation may apply for."""
        taken = memberships.filtered(lambda m: m.state != "ended").company_id
        free = [("is_published", "=", True), ("company_id", "not in", taken.ids)]
        return bool(request.env["ngo.programme"].sudo().search_count(free, limit=1))

    def _get_own_memberships(self):
        """Return the memberships of the user's organisation as superuser: the one that counts before older ones.

        In whatever company: a published programme is open to clients of every one.
        """
        client = request.env.user.partner_id.commercial_partner_id
        memberships = request.env["ngo.membership"].sudo()
        if not client:
            return memberships
        found = memberships.search([("commercial_partner_id", "=", client.id)], order="id desc")
        return found.sorted(lambda m: m.state == "ended")

    def _get_promotion(self, promotion_id):
        """Return a promotion of the user's organisation, as superuser; empty for any other one."""
        return self._get_own_memberships().promotion_ids.filtered(
            lambda p: p.id == to_id(promotion_id) and p.state != "proposed"
        )


def _text(value, limit):
    """Return a text of the form, without what a database cannot keep, and no longer than it takes."""
    return value.replace("\x00", "").strip()[:limit] if isinstance(value, str) else ""
