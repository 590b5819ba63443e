from odoo import fields, models


class AccountMove(models.Model):
    """An invoice knows the benefit that gave it a longer term of payment, and what the term was without it (F12)."""

    _inherit = "account.move"

    ngo_benefit_id = fields.Many2one(
        "ngo.benefit",
        string="Term of Payment By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    ngo_usual_days = fields.Integer(
        string="Usual Term of Payment (days)",
        readonly=True,
        copy=False,
        help="Without the longer term of the NGO programme.",
    )
    ngo_money_percent = fields.Float(
        string="Cost of Money (% a year)",
        readonly=True,
        copy=False,
        help="What the programme assumed when the invoice was made: it values the longer term in the balance.",
    )
