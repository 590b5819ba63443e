from odoo import fields, models


class ContractContract(models.Model):
    """An agreement and its resignation."""

    _inherit = "contract.contract"

    termination_ids = fields.One2many("support.termination", "contract_id", string="Resignations")
    resignation_id = fields.Many2one("support.termination", compute="_compute_resignation_id")

    def _compute_resignation_id(self):
        for agreement in self:
            agreement.resignation_id = agreement._get_open_resignation()

    def _get_open_resignation(self):
        """Return the resignation that was not withdrawn; there is at most one."""
        return self.termination_ids.filtered(lambda termination: not termination.withdrawn_on)[:1]

    def action_open_resignation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resignation"),
            "res_model": "support.termination",
            "res_id": self.resignation_id.id,
            "view_mode": "form",
        }
