from odoo import api, fields, models
from odoo.exceptions import UserError

SOURCES = [
    ("krs", "National Court Register (KRS)"),
    ("opp_list", "List of public benefit organisations (NIW)"),
    ("starosta", "List kept by the starosta"),
    ("arimr", "Register of rural women's circles (ARiMR)"),
    ("statute", "Statute or certificate"),
    ("other", "Another source"),
]


class NgoVerification(models.Model):
    """A look at the registers: what proves that the organisation is what it says; append-only (F12)."""

    _name = "ngo.verification"
    _description = "Verification of an Organisation"
    _order = "checked_on desc, id desc"

    membership_id = fields.Many2one("ngo.membership", required=True, index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="membership_id.company_id", store=True, index=True)
    checked_on = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Checked By", required=True, readonly=True, ondelete="restrict")
    source = fields.Selection(SOURCES, required=True, readonly=True)
    reference = fields.Char(readonly=True, help="Address of the page, number of the extract.")
    attachment_id = fields.Many2one("ir.attachment", string="File", readonly=True, ondelete="restrict")
    is_confirmed = fields.Boolean(string="Confirmed", readonly=True)
    is_opp = fields.Boolean(string="Public Benefit Organisation", readonly=True)
    note = fields.Text(readonly=True)

    _has_proof = models.Constraint(
        "CHECK(reference IS NOT NULL OR attachment_id IS NOT NULL)",
        "A verification needs a proof: a file, or where it can be looked up.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        verifications = super().create(vals_list)
        verifications._own_files()
        return verifications

    def write(self, vals):
        if vals:
            self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        self._refuse_change()

    def _own_files(self):
        """Let who may read the proof read its file, and nobody change it: access to a file is that to its record."""
        for verification in self.filtered("attachment_id"):
            file = verification.attachment_id
            if file.res_id:
                raise UserError(
                    self.env._("The file %(name)s belongs to something else: upload it here again.", name=file.name)
                )
            file.write({"res_model": self._name, "res_id": verification.id})

    def _refuse_change(self):
        raise UserError(self.env._("What was seen in a register on a day stays as it was. Add a new verification."))
