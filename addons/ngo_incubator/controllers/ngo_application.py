from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .application_form import LENGTHS, ApplicationForm
from .ngo_offer import NgoOffer

#: A field that people do not see; programs that fill in every form fill it in, too.
TRAP = "fax_number"
PANEL = "/my/ngo"


class NgoApplication(NgoOffer):
    """The public form by which organisations apply; a person looks at every application (F12)."""

    @http.route("/ngo/<int:programme_id>/apply", type="http", auth="public", website=True, methods=["GET"])
    def ngo_apply(self, programme_id, **kw):
        """Show the form; a client that is a member reads its membership instead."""
        programme = self._get_programme(programme_id)
        if self._get_membership(programme):
            return request.redirect(PANEL)
        return self._render_application(programme, ApplicationForm(programme, self._get_known()))

    @http.route("/ngo/<int:programme_id>/apply", type="http", auth="public", website=True, methods=["POST"])
    def ngo_send_application(self, programme_id, **kw):
        """Receive an application, or say what is wrong with it."""
        programme = self._get_programme(programme_id)
        if self._get_membership(programme):
            return request.redirect(PANEL)
        if kw.get(TRAP):
            return self._thank(programme)
        form = ApplicationForm(programme, kw)
        if not form.check():
            return self._render_application(programme, form, status=422)
        address = request.httprequest.remote_addr
        senders = request.env["ngo.application.sender"].sudo()
        if not senders._may_send(address):
            return self._render_application(programme, form, status=429)
        senders._remember(address)
        request.env["ngo.membership"]._receive_application(programme, form.vals, self._get_client())
        return self._thank(programme)

    @http.route("/ngo/<int:programme_id>/applied", type="http", auth="public", website=True, methods=["GET"])
    def ngo_applied(self, programme_id, **kw):
        """Thank for an application; the same page for everybody."""
        return request.render("ngo_incubator.ngo_applied", self._get_page_values(self._get_programme(programme_id)))

    def _thank(self, programme):
        return request.redirect(f"/ngo/{programme.id}/applied")

    def _render_application(self, programme, form, status=200):
        values = {
            **self._get_page_values(programme),
            "legal_forms": request.env["ngo.legal.form"].sudo().search([]),
            "typed": form.typed,
            "errors": form.errors,
            "is_too_many": status == 429,
            "lengths": LENGTHS,
            "trap": TRAP,
            "information": programme._describe_processing(),
        }
        return request.render("ngo_incubator.ngo_application", values, status=status)

    # Who applies

    def _get_client(self):
        """Return the client whose user of the panel looks at the page, as superuser; empty for anybody else."""
        user = request.env.user
        is_client = user._is_portal()
        return user.partner_id.sudo().commercial_partner_id if is_client else request.env["res.partner"].sudo()

    def _get_membership(self, programme):
        """Return the client's membership in the company of a programme that has not ended; empty for none."""
        client = self._get_client()
        memberships = request.env["ngo.membership"].sudo()
        return memberships._find_open(client, programme.company_id) if client else memberships

    def _get_known(self):
        """Return what is known of a client, so that it need not be typed again."""
        client = self._get_client()
        if not client:
            return {}
        person = request.env.user.partner_id.sudo()
        return {
            "organisation": client.name,
            "website": client.website,
            "person": person.name,
            "email": person.email or client.email,
            "phone": person.phone or client.phone,
            **self._get_known_numbers(client),
        }

    def _get_known_numbers(self, client):
        """Return the numbers of a client that a register may have given; the number of its register may be either."""
        numbers = {"nip": client.vat, "krs": client.company_registry, "regon": client.company_registry}
        known = {}
        for name, number in numbers.items():
            try:
                known[name] = number and request.env["ngo.membership"]._normalise_number(name, number)
            except UserError:
                continue
        return known
