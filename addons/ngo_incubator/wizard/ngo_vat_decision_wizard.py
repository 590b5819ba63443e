from odoo import api, fields, models

from ..models.ngo_membership_barter import VAT_DECISIONS


class NgoVatDecisionWizard(models.TransientModel):
    """What an accountant decides on the VAT of promotion that is owed, and why."""

    _name = "ngo.vat.decision.wizard"
    _description = "Decide on the VAT of Promotion"

    membership_id = fields.Many2one("ngo.membership", required=True, readonly=True)
    value = fields.Monetary(string="Value of the Promotion", compute="_compute_value")
    currency_id = fields.Many2one(related="membership_id.currency_id", related_sudo=False)
    decision = fields.Selection(VAT_DECISIONS, required=True, default="discount")
    note = fields.Text(string="Reason", required=True, help="For whoever asks in five years: the ruling, the advice.")

    @api.depends("membership_id")
    def _compute_value(self):
        self.membership_id.check_access("read")
        for wizard in self:
            promotions = wizard.membership_id.promotion_ids.filtered(lambda x: x.state != "dropped")
            wizard.value = sum(promotions.mapped("value"))

    def action_decide(self):
        """Keep the decision."""
        self.ensure_one()
        return self.membership_id._decide_vat(self.decision, self.note)
