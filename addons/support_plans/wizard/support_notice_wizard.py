from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SupportNoticeWizard(models.TransientModel):
    """Give notice of an agreement: proposes the earliest end and says why (P9, F6, D3)."""

    _name = "support.notice.wizard"
    _description = "Give Notice of an Agreement"

    contract_id = fields.Many2one("contract.contract", string="Agreement", required=True, readonly=True)
    requested_on = fields.Date(
        string="Notice Given On",
        required=True,
        default=fields.Date.context_today,
        help="The day on which the notice was received.",
    )
    earliest_end = fields.Date(compute="_compute_earliest_end")
    date_end = fields.Date(
        string="Last Day",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        help="The last day of the agreement. A later day is possible; an earlier one is an exception "
        "and needs a reason.",
    )
    reason = fields.Text()

    @api.depends("contract_id", "requested_on")
    def _compute_earliest_end(self):
        for wizard in self:
            known = wizard.contract_id.date_start and wizard.requested_on
            wizard.earliest_end = known and wizard.contract_id._get_earliest_end(wizard.requested_on)

    @api.depends("earliest_end")
    def _compute_date_end(self):
        for wizard in self:
            wizard.date_end = wizard.earliest_end

    def action_confirm(self):
        """Set the end of the agreement; earlier than the earliest end only with a reason."""
        self.ensure_one()
        self.date_end = self.date_end or self.earliest_end
        if self.requested_on > fields.Date.context_today(self):
            raise UserError(self.env._("The notice cannot be given on a day that is still to come."))
        if self.date_end < self.earliest_end and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "%(agreement)s may end on %(day)s at the earliest. To end it sooner as an "
                    "exception, write the reason.",
                    agreement=self.contract_id.display_name,
                    day=format_date(self.env, self.earliest_end),
                )
            )
        self.contract_id._give_notice(self.requested_on, self.date_end, self.reason or "")
        return {"type": "ir.actions.act_window_close"}
