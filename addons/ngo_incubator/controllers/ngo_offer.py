from odoo import http
from odoo.http import request

from odoo.addons.support_plans.controllers.numbers import to_id


class NgoOffer(http.Controller):
    """The public pages of the programmes: what is offered to organisations, made from the data (F12)."""

    @http.route("/ngo", type="http", auth="public", website=True, methods=["GET"])
    def ngo_programmes(self, **kw):
        """List the published programmes: published is published for everybody, whatever company a visitor is in."""
        programmes = self._get_published()
        values = {"programmes": programmes}
        if len(programmes.company_id) == 1:
            values["res_company"] = programmes.company_id
        return request.render("ngo_incubator.ngo_programmes", values)

    @http.route("/ngo/<int:programme_id>", type="http", auth="public", website=True, methods=["GET"])
    def ngo_offer(self, programme_id, **kw):
        """Show one offer."""
        programme = self._get_programme(programme_id)
        values = {**self._get_page_values(programme), "offer": programme._get_offer_values()}
        return request.render("ngo_incubator.ngo_offer", values)

    def _get_page_values(self, programme):
        """Return what every page of a programme needs; its head shows the firm whose programme it is."""
        return {"programme": programme, "res_company": programme.company_id}

    def _get_published(self):
        """Return the programmes that anyone may read, as superuser."""
        return request.env["ngo.programme"].sudo().search([("is_published", "=", True)])

    def _get_programme(self, programme_id):
        """Return a programme that anyone may read, as superuser; any other one is not found."""
        programme = self._get_published().filtered(lambda p: p.id == to_id(programme_id))
        if not programme:
            raise request.not_found()
        return programme
