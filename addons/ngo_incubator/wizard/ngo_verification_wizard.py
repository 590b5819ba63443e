from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.ngo_verification import SOURCES

#: What a verification may put right on the membership.
_IDENTITY = ("partner_id", "legal_form_id", "krs", "nip", "regon", "register_number")


class NgoVerificationWizard(models.TransientModel):
    """What somebody saw in a register: becomes a verification, and verifies the membership when it confirms it."""

    _name = "ngo.verification.wizard"
    _description = "Verify an Organisation"

    membership_id = fields.Many2one("ngo.membership", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        compute="_compute_facts",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="The contact of the organisation. Empty: choose one, or let one be created from the application.",
    )
    applicant_name = fields.Char(related="membership_id.applicant_name", related_sudo=False)
    has_contact = fields.Boolean(compute="_compute_has_contact")
    legal_form_id = fields.Many2one(
        "ngo.legal.form", compute="_compute_facts", compute_sudo=False, store=True, readonly=False, precompute=True
    )
    is_eligible = fields.Boolean(related="legal_form_id.is_eligible")
    refusal_reason = fields.Text(related="legal_form_id.refusal_reason")
    krs = fields.Char(
        string="KRS", compute="_compute_facts", compute_sudo=False, store=True, readonly=False, precompute=True
    )
    nip = fields.Char(
        string="NIP", compute="_compute_facts", compute_sudo=False, store=True, readonly=False, precompute=True
    )
    regon = fields.Char(
        string="REGON", compute="_compute_facts", compute_sudo=False, store=True, readonly=False, precompute=True
    )
    is_identity_fixed = fields.Boolean(compute="_compute_has_contact", help="Who had a benefit stays who it was.")
    register = fields.Selection(related="legal_form_id.register")
    register_number = fields.Char(
        compute="_compute_facts",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="In a register without KRS.",
    )
    is_opp = fields.Boolean(
        string="Public Benefit Organisation",
        compute="_compute_facts",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    checked_on = fields.Date(required=True, default=fields.Date.context_today)
    source = fields.Selection(
        SOURCES, required=True, compute="_compute_source", store=True, readonly=False, precompute=True
    )
    reference = fields.Char(help="Address of the page, number of the extract.")
    proof = fields.Binary(string="File", attachment=False)
    proof_name = fields.Char()
    is_confirmed = fields.Boolean(
        string="The Register Confirms It", default=True, help="Otherwise only the finding is kept."
    )
    note = fields.Text()

    @api.depends("membership_id")
    def _compute_facts(self):
        """Show what is known of a member to who may read it, and to nobody else."""
        self.membership_id.check_access("read")
        for wizard in self:
            member = wizard.membership_id
            wizard.partner_id = member.partner_id or member._find_contact()
            wizard.legal_form_id = member.legal_form_id
            wizard.krs, wizard.nip, wizard.regon = member.krs, member.nip, member.regon
            wizard.is_opp = member.is_opp
            wizard.register_number = member.register_number

    @api.depends("legal_form_id")
    def _compute_source(self):
        """Propose the register in which the legal form is entered."""
        known = dict(SOURCES)
        for wizard in self:
            register = wizard.legal_form_id.register
            wizard.source = register if register in known else "statute"

    @api.depends("membership_id")
    def _compute_has_contact(self):
        self.membership_id.check_access("read")
        for wizard in self:
            wizard.has_contact = bool(wizard.membership_id.partner_id)
            wizard.is_identity_fixed = wizard.membership_id.state not in ("applied", "verified")

    def action_verify(self):
        """Keep the proof and verify the membership."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.checked_on > today:
            raise UserError(
                self.env._(
                    "A register cannot be looked at on %(day)s, which has not come yet.",
                    day=format_date(self.env, self.checked_on),
                )
            )
        if not (self.proof or (self.reference and self.reference.strip())):
            raise UserError(
                self.env._("A verification needs a proof: a file, or the address or number where it can be looked up.")
            )
        self._write_identity()
        self.membership_id._verify(self._prepare_proof(), today)
        return True

    def _write_identity(self):
        """Write what the register says about the organisation; an active one is who it was."""
        member = self.membership_id
        changed = {name: self[name] for name in _IDENTITY if self[name] != member[name]}
        if changed:
            member.write(self._convert_to_write(changed))
        if self.is_confirmed and not member.partner_id:
            member.action_create_contact()

    def _prepare_proof(self):
        values = {name: self[name] for name in ("source", "reference", "is_confirmed", "is_opp", "checked_on")}
        attachment = self.env["ir.attachment"]
        if self.proof:
            attachment = attachment.create(
                {
                    "name": self.proof_name or self.env._("Proof"),
                    "datas": self.proof,
                    "res_model": "ngo.verification",
                }
            )
        return {**values, "note": self.note, "attachment_id": attachment.id}
