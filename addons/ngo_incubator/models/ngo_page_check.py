from odoo import api, fields, models
from odoo.exceptions import UserError

ERRORS = [
    ("address", "Not an address that may be opened"),
    ("unresolved", "The name of the server is unknown"),
    ("private", "The server is in a private network"),
    ("connection", "The server does not answer"),
    ("tls", "The certificate of the server is not trusted"),
    ("timeout", "Too slow"),
    ("redirects", "Too many redirects"),
    ("gone", "The page does not exist"),
    ("status", "The server refuses the page"),
    ("not_html", "Not a web page"),
    ("encoding", "The page is packed in an unknown way"),
    ("too_large", "Larger than 1 MB"),
]


class NgoPageCheck(models.Model):
    """A look at a page on which an organisation promotes the firm: what was there at a time; append-only (F12)."""

    _name = "ngo.page.check"
    _description = "Look at a Page"
    _order = "id desc"

    promotion_id = fields.Many2one("ngo.promotion", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="promotion_id.company_id", store=True, index=True)
    checked_at = fields.Datetime(string="Looked At", required=True, readonly=True)
    url = fields.Char(string="Page", required=True, readonly=True)
    final_url = fields.Char(string="Page That Answered", readonly=True, help="After redirects.")
    status = fields.Integer(string="HTTP Status", readonly=True, aggregator=None, help="0: no answer.")
    expected_text = fields.Char(readonly=True)
    expected_logo = fields.Char(readonly=True)
    is_text_found = fields.Boolean(string="Text", readonly=True)
    is_logo_found = fields.Boolean(string="Logo", readonly=True)
    is_found = fields.Boolean(
        string="Everything Found", readonly=True, help="The page shows everything that was agreed."
    )
    is_answer = fields.Boolean(
        compute="_compute_is_answer", store=True, help="The page was there to be read, or is certain to be gone."
    )
    error = fields.Selection(ERRORS, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True, aggregator=None)

    _found_without_error = models.Constraint(
        "CHECK(error IS NULL OR NOT (is_found OR is_text_found OR is_logo_found))",
        "Nothing is found on a page that was not read.",
    )

    @api.depends("error")
    def _compute_is_answer(self):
        for check in self:
            check.is_answer = check.error in (False, "gone")

    @api.depends("promotion_id", "checked_at")
    def _compute_display_name(self):
        for check in self:
            check.display_name = check.promotion_id.sudo().display_name

    def write(self, vals):
        if vals:
            self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(self.env._("What a page showed at a time stays as it was. Look at the page again."))
