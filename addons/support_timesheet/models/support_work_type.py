from odoo import fields, models


class SupportWorkType(models.Model):
    """Which kinds of work cost nothing when they mend a bug (P16, P24)."""

    _inherit = "support.work.type"

    free_for_bugs = fields.Boolean(
        string="Free for Bugs",
        help="Work of this kind on a ticket that reports a bug is free: it burns neither package nor quota.",
    )
