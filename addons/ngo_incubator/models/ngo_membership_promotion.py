from odoo import api, fields, models

from ..rules import promotion as rules


class NgoMembership(models.Model):
    """The promotion that an organisation gives in return, as its membership sees it (F12)."""

    _inherit = "ngo.membership"

    promotion_ids = fields.One2many("ngo.promotion", "membership_id", string="Promotion by the Organisation")
    promotion_count = fields.Integer(
        string="Promotions", compute="_compute_promotion_count", help="Agreed or fulfilled."
    )
    evidenced_count = fields.Integer(
        string="Evidenced", compute="_compute_promotion_count", help="Agreed or fulfilled, with accepted evidence."
    )

    @api.depends("promotion_ids.state", "promotion_ids.evidence_state")
    def _compute_promotion_count(self):
        found = self.env["ngo.promotion"]._read_group(
            [("membership_id", "in", self.ids), ("state", "in", rules.GIVEN)],
            ["membership_id", "evidence_state"],
            ["__count"],
        )
        counts = {(membership.id, state): count for membership, state, count in found}
        for membership in self:
            own = {state: count for (member, state), count in counts.items() if member == membership.id}
            membership.promotion_count = sum(own.values())
            membership.evidenced_count = own.get("accepted", 0)

    def _get_given_promotions(self):
        """Return the promotion that was agreed, and not dropped; fulfilled or not."""
        return self.promotion_ids.filtered(lambda promotion: promotion.state in rules.GIVEN)

    @api.constrains("promotion_kind")
    def _check_promotions(self):
        """What is agreed must fit the new kind, too."""
        self.promotion_ids._check_value()

    def action_view_promotions(self):
        """Show the promotion of this organisation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ngo_incubator.ngo_promotion_action")
        return {
            **action,
            "domain": [("membership_id", "=", self.id)],
            "context": {"default_membership_id": self.id},
        }
