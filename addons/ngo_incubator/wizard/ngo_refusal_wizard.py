from odoo import api, fields, models


class NgoRefusalWizard(models.TransientModel):
    """Why an application is refused; the applicant gets it by mail."""

    _name = "ngo.refusal.wizard"
    _description = "Refuse an Organisation"

    membership_id = fields.Many2one("ngo.membership", required=True, readonly=True)
    reason = fields.Text(
        required=True,
        compute="_compute_reason",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="The applicant reads it.",
    )

    @api.depends("membership_id")
    def _compute_reason(self):
        self.membership_id.check_access("read")
        for wizard in self:
            form = wizard.membership_id.legal_form_id
            wizard.reason = form.refusal_reason if not form.is_eligible else wizard.reason

    def action_refuse(self):
        """Refuse the application."""
        self.ensure_one()
        return self.membership_id.action_refuse(self.reason)
