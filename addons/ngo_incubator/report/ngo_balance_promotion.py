from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("promotion", "Promotion agreed"),
    ("evidence", "Evidence accepted"),
]


class NgoBalance(models.Model):
    """The other side of the balance: promotion that was agreed, and the evidence of it (F12).

    A promotion that is agreed or fulfilled counts once, with its whole value, in the year it begins; evidence
    counts in the year it is of, once somebody accepted it.
    """

    _inherit = "ngo.balance"
    _depends = {
        "ngo.promotion": ["agreed_on", "date_from", "evidence_state", "membership_id", "name", "state", "value"],
        "ngo.evidence": ["date", "promotion_id", "reach", "state"],
    }

    kind = fields.Selection(selection_add=KINDS)
    promotion_id = fields.Many2one("ngo.promotion", readonly=True)
    promotion_value = fields.Monetary(
        string="Barter Value", readonly=True, help="Barter: what it is worth by agreement, net."
    )
    promotion_count = fields.Integer(string="Agreed", readonly=True)
    evidenced_count = fields.Integer(string="Evidenced", readonly=True, help="Agreed, with evidence that was accepted.")
    reach = fields.Integer(readonly=True, help="How many people accepted evidence says it reached.")

    @api.model
    def _get_facts(self):
        return [*super()._get_facts(), self._get_promotions(), self._get_evidence()]

    @api.model
    def _get_figures(self):
        zeros = dict.fromkeys(("promotion_count", "evidenced_count", "reach"), SQL("0"))
        return {
            **super()._get_figures(),
            "promotion_id": SQL("NULL::integer"),
            "promotion_value": SQL("0.0"),
            **zeros,
        }

    @api.model
    def _get_promotions(self):
        """Return the query of promotions: one row for each that was agreed."""
        return self._select(
            "promotion",
            SQL("FROM ngo_promotion AS promotion WHERE promotion.state IN ('agreed', 'fulfilled')"),
            id=SQL("promotion.id * 4 + 2"),
            membership_id=SQL("promotion.membership_id"),
            promotion_id=SQL("promotion.id"),
            name=SQL("promotion.name"),
            date=SQL("COALESCE(promotion.date_from, promotion.agreed_on)"),
            promotion_value=SQL("COALESCE(promotion.value, 0)"),
            promotion_count=SQL("1"),
            evidenced_count=SQL("CASE WHEN promotion.evidence_state = 'accepted' THEN 1 ELSE 0 END"),
        )

    @api.model
    def _get_evidence(self):
        """Return the query of evidence: one row for each that was accepted."""
        return self._select(
            "evidence",
            SQL(
                """
                FROM ngo_evidence AS evidence
                JOIN ngo_promotion AS promotion ON promotion.id = evidence.promotion_id
                WHERE evidence.state = 'accepted'
                """
            ),
            id=SQL("evidence.id * 4 + 3"),
            membership_id=SQL("promotion.membership_id"),
            promotion_id=SQL("promotion.id"),
            name=SQL("promotion.name"),
            date=SQL("evidence.date"),
            reach=SQL("COALESCE(evidence.reach, 0)"),
        )

    def action_open_document(self):
        # EXTENDS ngo_incubator
        self.ensure_one()
        if self.promotion_id:
            return self.promotion_id._get_records_action()
        return super().action_open_document()
