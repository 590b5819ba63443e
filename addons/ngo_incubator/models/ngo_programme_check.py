from odoo import fields, models


class NgoProgramme(models.Model):
    """How a programme follows the promotion: whether pages are looked at, how often, when people are reminded (F12)."""

    _inherit = "ngo.programme"

    check_pages = fields.Boolean(
        string="Look at Pages",
        help="The server opens the agreed pages and keeps what it saw. Off: it needs access to the internet.",
    )
    check_every_days = fields.Integer(
        string="Next Look After (days)", default=30, help="So many days after a page was found right, and after Agree."
    )
    remind_days = fields.Integer(
        string="Reminder (days)",
        default=14,
        help="So many days before the end of a promotion, and before its next check, missing evidence is asked for.",
    )

    _check_days_sensible = models.Constraint(
        "CHECK(check_every_days > 0 AND remind_days >= 0)",
        "Pages are looked at again after a day or more, and a reminder comes before the day.",
    )
