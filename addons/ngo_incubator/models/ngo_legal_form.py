from odoo import fields, models

REGISTERS = [
    ("krs", "National Court Register (KRS)"),
    ("starosta", "List kept by the starosta"),
    ("arimr", "National register of rural women's circles (ARiMR)"),
    ("church", "Certificate of the church or of the voivode"),
    ("other", "Another register"),
]


class NgoLegalForm(models.Model):
    """A legal form of organisations: where it is registered, and whether the programme may take it at all."""

    _name = "ngo.legal.form"
    _description = "Legal Form of an Organisation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="For imports and the API.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    register = fields.Selection(REGISTERS, required=True, default="krs")
    needs_krs = fields.Boolean(
        string="Needs a KRS Number", help="The form exists only by its entry in the National Court Register."
    )
    is_eligible = fields.Boolean(default=True, help="Organisations of this form may be members of the programme.")
    refusal_reason = fields.Text(translate=True, help="Why not; the applicant reads it.")

    _code_uniq = models.UniqueIndex("(code)", "There is a legal form with this code already.")
    _refusal_has_reason = models.Constraint(
        "CHECK(is_eligible OR refusal_reason IS NOT NULL)",
        "A legal form that is not eligible needs the reason that applicants read.",
    )
