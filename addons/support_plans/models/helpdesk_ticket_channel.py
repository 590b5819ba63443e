from odoo import fields, models

CHANNEL_KINDS = [
    ("panel", "Client panel"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("other", "Other"),
]
#: Order of work when deadlines are equal (F7): the panel before e-mail before phone.
CHANNEL_RANK = {"panel": 0, "email": 1, "phone": 2, "other": 3}


class HelpdeskTicketChannel(models.Model):
    """A channel says what it is, whatever its name: the guarantee never covers the phone (P37, D2)."""

    _inherit = "helpdesk.ticket.channel"

    support_kind = fields.Selection(
        CHANNEL_KINDS,
        string="Kind of Channel",
        required=True,
        default="other",
        help="Tickets from the client panel are taken before e-mail, and e-mail before the phone. "
        "The response guarantee never covers the phone.",
    )
