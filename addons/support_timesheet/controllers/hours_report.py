from odoo import SUPERUSER_ID, http
from odoo.exceptions import UserError
from odoo.http import request

from .form_values import to_day
from .hours_panel import PAGE, HoursPanel

#: Kinds of file that the panel gives, with what the browser is told of them.
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class HoursReport(HoursPanel):
    """The client takes the work report of a service month along, for print or as a spreadsheet (B1, B2)."""

    @http.route(f"{PAGE}/<int:agreement_id>/report/<string:kind>", type="http", auth="user", website=True)
    def portal_hours_report(self, agreement_id, kind, month=None, **kw):
        agreement = self._get_own_agreement(agreement_id)
        if not agreement or kind not in CONTENT_TYPES:
            return request.redirect(PAGE)
        first, last = agreement._get_shown_month(to_day(month))
        # As the superuser, not with `sudo()`: the spreadsheet engine drops it, and clients read no models
        agreement = agreement.with_user(SUPERUSER_ID)
        try:
            name, content = agreement._get_panel_report(first, last, kind)
        except UserError as error:
            return self._render_hours(self._get_own_agreement(agreement_id), month=month, error=str(error))
        headers = {
            "Content-Type": CONTENT_TYPES[kind],
            "Content-Disposition": http.content_disposition(name),
            "X-Content-Type-Options": "nosniff",
        }
        return request.make_response(content, headers=list(headers.items()))
