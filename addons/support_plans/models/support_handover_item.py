from odoo import api, fields, models
from odoo.exceptions import UserError

from .given_values import get_given

KINDS = [
    ("data", "Data"),
    ("files", "Files"),
    ("access", "Access and passwords"),
    ("work", "Open work"),
    ("informed", "Persons or firms to inform"),
    ("meeting", "Handover meeting"),
    ("other", "Other"),
]


class SupportHandoverItem(models.Model):
    """A point of the handover at the end of an agreement: what, to whom, done by whom and when (F5, F6)."""

    _name = "support.handover.item"
    _description = "Point of a Handover"
    _order = "sequence, id"

    termination_id = fields.Many2one("support.termination", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="termination_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="other")
    name = fields.Char(string="What", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="To Whom",
        ondelete="restrict",
        help="Who takes over, or is informed: the client names them.",
    )
    planned_on = fields.Date(string="Planned")
    user_id = fields.Many2one("res.users", string="Who", help="Who does it.")
    note = fields.Char()
    done_on = fields.Date(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_done_by_hand(get_given(self, vals))
        items = super().create(vals_list)
        items._check_open()
        return items

    def write(self, vals):
        self._check_not_done_by_hand(vals)
        self._check_open()
        result = super().write(vals)
        if "termination_id" in vals:
            self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_open()
        if not self.env.su and self.filtered("done_on"):
            raise UserError(self.env._("What is handed over stays on the list. Undo it first."))

    def _check_not_done_by_hand(self, vals):
        """Who did it and when is written by the buttons only."""
        if not self.env.su and (vals.get("done_on") or vals.get("done_by_id")):
            raise UserError(self.env._("Use the button “Mark Done”: it writes who handed over, and when."))

    def _check_open(self):
        """Points of a resignation that is closed or withdrawn are history."""
        if not self.env.su:
            self.termination_id.filtered(lambda t: t.state != "draft")._require("hand_over")

    def action_done(self):
        """Tick points off; what is done already keeps its day and person."""
        self.termination_id._require("hand_over")
        todo = self.filtered(lambda item: not item.done_on)
        todo.sudo().write({"done_on": fields.Date.context_today(self), "done_by_id": self.env.uid})
        return True

    def action_undo(self):
        self.termination_id._require("hand_over")
        self.sudo().write({"done_on": False, "done_by_id": False})
        return True

    @api.model
    def _prepare_checklist(self):
        """Return the points that every handover has (F6)."""
        return [
            {"kind": "data", "sequence": 10, "name": self.env._("Hand over the client's data")},
            {"kind": "files", "sequence": 20, "name": self.env._("Hand over working files and documents")},
            {"kind": "access", "sequence": 30, "name": self.env._("Hand over or revoke access and passwords")},
            {"kind": "work", "sequence": 40, "name": self.env._("Finish or hand over open work")},
            {"kind": "informed", "sequence": 50, "name": self.env._("Inform the persons or firms the client named")},
            {"kind": "meeting", "sequence": 60, "name": self.env._("Meet the client and hand over in person")},
        ]
