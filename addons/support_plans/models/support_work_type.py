from odoo import fields, models

POOLS = [
    ("package", "Package hours"),
    ("quota", "Quota of guaranteed time"),
    ("included", "Included"),
    ("billable", "Always billed"),
]


class SupportWorkType(models.Model):
    """A kind of work: how its time is rounded and which pool of hours pays for it (P23, P34-P36)."""

    _name = "support.work.type"
    _description = "Kind of Work"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Short technical name used by rules, imports and reports, such as REMOTE.",
    )
    active = fields.Boolean(default=True)
    step_minutes = fields.Integer(
        string="Charged per Started (min)",
        help="Time is charged per started unit of so many minutes (remote help 30, phone 15). 0 or 1: exact minutes.",
    )
    note_minutes = fields.Integer(
        string="Note Time (min)",
        help="Minutes for writing down the work, added before rounding.",
    )
    # Not `pool`: Odoo keeps that name on every model class for the registry.
    hours_pool = fields.Selection(
        POOLS,
        required=True,
        default="billable",
        help="Which hours pay for this kind of work: the package (phone, remote, programming), "
        "the quota of guaranteed time (e-mail work on anything but bugs), nothing (included), "
        "or an invoice.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "A kind of work with this code exists already. Choose another code.")
    _step_minutes_positive = models.Constraint(
        "CHECK(step_minutes >= 0)", "The charged unit of a kind of work cannot be negative."
    )
    _note_minutes_positive = models.Constraint(
        "CHECK(note_minutes >= 0)", "The note time of a kind of work cannot be negative."
    )
