from odoo import fields, models

from .support_termination import STATES


class ContractContract(models.Model):
    """An agreement and its resignation."""

    _inherit = "contract.contract"

    termination_ids = fields.One2many("support.termination", "contract_id", string="Resignations")
    resignation_id = fields.Many2one("support.termination", compute="_compute_resignation_id")
    resignation_state = fields.Selection(STATES, string="State of the Resignation", compute="_compute_resignation_id")

    def _compute_resignation_id(self):
        for agreement in self:
            resignation = agreement._get_open_resignation()
            agreement.resignation_id = resignation
            agreement.resignation_state = resignation.state

    def _get_open_resignation(self):
        """Return the resignation that was not withdrawn; there is at most one."""
        return self.termination_ids.filtered(lambda termination: not termination.withdrawn_on)[:1]

    def action_simulate_settlement(self):
        """Button: what would be settled if the agreement ended on a day (F10)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulated Settlement"),
            "res_model": "support.settlement.simulation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id, "dialog_size": "extra-large"},
        }

    def action_open_resignation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resignation"),
            "res_model": "support.termination",
            "res_id": self.resignation_id.id,
            "view_mode": "form",
        }
