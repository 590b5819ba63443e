from odoo import api, fields, models

from ..models.clock import clock


class SupportTimeCorrection(models.TransientModel):
    """Correct a billed work to what was really worked (D13)."""

    _name = "support.time.correction"
    _description = "Correct Billed Work"

    line_id = fields.Many2one("account.analytic.line", string="Work", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    booked_minutes = fields.Integer(string="Charged Until Now (min)", compute="_compute_change")
    hours = fields.Float(
        string="Really Worked (h)", compute="_compute_hours", store=True, precompute=True, readonly=False, required=True
    )
    charged_minutes = fields.Integer(string="Charged Then (min)", compute="_compute_change")
    difference_minutes = fields.Integer(string="Difference (min)", compute="_compute_change")
    amount = fields.Monetary(
        string="On the Bill, Net",
        compute="_compute_change",
        help="Of the part beyond the package, before tax. Negative: given back.",
    )
    change_text = fields.Char(string="What Changes", compute="_compute_change")
    reason = fields.Char(required=True, help="The client reads it.")

    @api.depends("line_id")
    def _compute_currency_id(self):
        for wizard in self:
            line = wizard.line_id.sudo()
            wizard.currency_id = line.support_contract_id.currency_id or line.company_id.currency_id

    @api.depends("line_id")
    def _compute_hours(self):
        for wizard in self:
            line = wizard.line_id.corrected_line_id or wizard.line_id
            wizard.hours = line._get_booked_worked_minutes() / 60 if line else 0

    @api.depends("line_id", "hours")
    @api.depends_context("lang")
    def _compute_change(self):
        for wizard in self:
            preview = wizard.line_id and wizard.line_id._preview_correction(wizard._get_worked_minutes())
            wizard.booked_minutes = preview.booked if preview else 0
            wizard.charged_minutes = preview.charged if preview else 0
            wizard.difference_minutes = wizard.charged_minutes - wizard.booked_minutes
            wizard.amount = preview.amount if preview else 0
            wizard.change_text = preview and wizard._describe_change(preview)

    def _get_worked_minutes(self):
        return max(round(self.hours * 60), 0)

    def _describe_change(self, preview):
        """Return what a correction changes on the bill and in the packages, in words."""
        parts = [self._describe_money(preview), self._describe_package(preview)]
        return " ".join(filter(None, parts)) or self.env._("Nothing changes: the same time is charged.")

    def _describe_money(self, preview):
        money = {"time": clock(abs(preview.beyond)), "amount": self.currency_id.format(abs(preview.amount))}
        if preview.beyond < 0:
            return self.env._(
                "%(time)s h beyond the package, %(amount)s net, is given back: set off against later work of the same "
                "month and rate, or by “Give Back Now” on the correction.",
                **money,
            )
        if preview.beyond > 0:
            return self.env._("%(time)s h beyond the package, %(amount)s net, is on the next invoice.", **money)
        return ""

    def _describe_package(self, preview):
        if preview.package < 0:
            return self.env._("%(time)s h returns to the package.", time=clock(-preview.package))
        if preview.package > 0:
            return self.env._("%(time)s h comes from the package.", time=clock(preview.package))
        return ""

    def action_correct(self):
        """Make the correcting entry and show it beside its work."""
        self.ensure_one()
        correction = self.line_id._correct(self._get_worked_minutes(), self.reason)
        return correction.action_view_corrections()
