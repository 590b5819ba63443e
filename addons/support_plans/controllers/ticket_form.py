from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

DEFAULT_KIND = "question"


class TicketForm(HelpdeskTicketController):
    """The form of a new report in the client panel: its kind, and what is promised before it is sent."""

    def _get_create_new_ticket_values(self, **kw):
        # EXTENDS helpdesk_mgmt
        values = super()._get_create_new_ticket_values(**kw)
        self._apply_plan_changes()
        tickets, partner, company = self._get_reporter()
        may_be_critical = tickets._may_report_critical(partner, company)
        kind = kw.get("request_kind") if kw.get("request_kind") in self._get_kinds() else DEFAULT_KIND
        critical = bool(kw.get("is_critical")) and may_be_critical
        values.update(
            page_name="new_ticket",
            request_kinds=self._get_kind_helps(),
            request_kind=kind,
            request_kind_help=next(text for code, _label, text in self._get_kind_helps() if code == kind),
            may_be_critical=may_be_critical,
            is_critical=critical,
            subject=_text(kw, "subject"),
            description=_text(kw, "description"),
            preview=tickets._preview_response(partner, company, kind, critical),
        )
        return values

    def _get_reporter(self):
        """Return (tickets, partner, company) of the user who reports."""
        return request.env["helpdesk.ticket"], request.env.user.partner_id, request.env.company

    def _apply_plan_changes(self):
        """Let a change of plan whose day has come take effect: the form promises what the ticket will get."""
        client = request.env.user.sudo().commercial_partner_id
        request.env["contract.contract"]._apply_plan_changes_of(client)

    def _get_kinds(self):
        """Return {code: label} of the kinds of request."""
        return dict(request.env["helpdesk.ticket"]._fields["request_kind"]._description_selection(request.env))

    def _get_kind_helps(self):
        """Return [(code, label, short help)] in the order of the form."""
        env = request.env
        helps = {
            "bug": env._("Something does not work as described."),
            "question": env._("You want to know how something works."),
            "consultation": env._("You want advice before you decide."),
            "configuration": env._("Settings are to be changed."),
            "programming": env._("Something new is to be made."),
            "order": env._("A plan, hours or other services."),
            "other": env._("Anything else."),
        }
        return [(code, label, helps.get(code, "")) for code, label in self._get_kinds().items()]

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @http.route()
    def submit_ticket(self, **kw):
        # EXTENDS helpdesk_mgmt: whatever is wrong is said on the form, and nothing is written
        if request.httprequest.method != "POST":
            return request.redirect("/new/ticket")
        kw.update(subject=_text(kw, "subject"), description=_text(kw, "description"))
        try:
            self._check_new_ticket(kw)
            with request.env.cr.savepoint():
                return super().submit_ticket(**kw)
        except UserError as error:
            values = self._get_create_new_ticket_values(**kw)
            values.update(form_error=str(error), had_attachments=self._has_attachments())
            return request.render("helpdesk_mgmt.portal_create_ticket", values, status=422)

    def _has_attachments(self):
        return any(upload.filename for upload in request.httprequest.files.getlist("attachment"))

    def _check_new_ticket(self, kw):
        """Refuse a report that cannot be registered, with a sentence for the client."""
        env = request.env
        if not kw["subject"]:
            raise UserError(env._("Write a subject, so that we know what the report is about."))
        if not kw["description"]:
            raise UserError(env._("Describe what happened or what you need."))
        if kw.get("request_kind", DEFAULT_KIND) not in self._get_kinds():
            raise UserError(env._("Choose the kind of request from the list."))
        if kw.get("is_critical") and not self._may_report_critical():
            raise UserError(env._("Your agreement does not include critical reports. Send it without this mark."))
        self._check_choice(kw, "category", self._get_categories(), env._("Choose a category from the list."))
        self._check_choice(kw, "team", self._get_teams(), env._("Choose a team from the list."))

    def _may_report_critical(self):
        tickets, partner, company = self._get_reporter()
        return tickets._may_report_critical(partner, company)

    def _check_choice(self, kw, name, offered, message):
        """Refuse a value that the form did not offer, and a missing one that the firm requires."""
        company = request.env.company
        required = offered and company[f"helpdesk_mgmt_portal_{name}_id_required"]
        value = kw.get(name) or ""
        if (value or required) and value not in {str(record_id) for record_id in (offered or company.browse()).ids}:
            raise UserError(message)

    def _prepare_submit_ticket_vals(self, **kw):
        # EXTENDS helpdesk_mgmt
        vals = super()._prepare_submit_ticket_vals(**kw)
        vals["request_kind"] = kw.get("request_kind", DEFAULT_KIND)
        vals["is_critical"] = bool(kw.get("is_critical"))
        return vals

    # ------------------------------------------------------------
    # Before sending
    # ------------------------------------------------------------

    @http.route("/new/ticket/preview", type="jsonrpc", auth="user", website=True)
    def preview_ticket(self, request_kind=None, is_critical=False, **kw):
        """Return what would be promised if the report were sent now; no ticket is written."""
        self._apply_plan_changes()
        tickets, partner, company = self._get_reporter()
        if not isinstance(request_kind, str) or request_kind not in self._get_kinds():
            return {"guaranteed": False, "text": request.env._("Choose the kind of request from the list.")}
        critical = bool(is_critical) and tickets._may_report_critical(partner, company)
        preview = tickets._preview_response(partner, company, request_kind, critical)
        return {"guaranteed": preview["guaranteed"], "text": preview["text"]}


def _text(values, name):
    """Return a text of the form, without what a database cannot keep."""
    value = values.get(name)
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""
