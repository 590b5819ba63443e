from datetime import date

from odoo import fields, models

#: Who reads balances.
READERS = "ngo_incubator.group_ngo_coordinator,account.group_account_invoice"
#: The figures of a balance: fields of `ngo.balance` that are added up.
FIGURES = (
    "discount",
    "term_value",
    "given",
    "promotion_value",
    "promotion_count",
    "evidenced_count",
    "reach",
)


class NgoMembership(models.Model):
    """What was given to a member, and what it did in return, in a time (F12)."""

    _inherit = "ngo.membership"

    given_this_year = fields.Monetary(
        compute="_compute_given_this_year",
        groups=READERS,
        help="Discounts and the value of longer terms of payment, of this calendar year.",
    )

    def _compute_given_this_year(self):
        year = self._get_today().year
        balances = self._get_balance(date(year, 1, 1), date(year, 12, 31))
        for membership in self:
            membership.given_this_year = balances[membership]["given"]

    def _get_balance(self, date_from, date_to):
        """Return what was given and done in a time, from a first to a last day, as {membership: {figure: number}}.

        The figures are `FIGURES`: amounts are in the currency of the member's company, discounts and the value of
        promotion net, the value of terms an estimate. One query for any number of members; zeros for nothing.
        """
        rows = self.env["ngo.balance"]._read_group(
            [("membership_id", "in", self.ids), ("date", ">=", date_from), ("date", "<=", date_to)],
            ["membership_id"],
            [f"{figure}:sum" for figure in FIGURES],
        )
        found = {membership.id: dict(zip(FIGURES, sums, strict=True)) for membership, *sums in rows}
        return {membership: found.get(membership.id, dict.fromkeys(FIGURES, 0)) for membership in self}

    def action_view_balance(self):
        """Show the balance of the member, document by document."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ngo_incubator.ngo_balance_action")
        return {
            **action,
            "display_name": self.env._("Balance: %(member)s", member=self.display_name),
            "domain": [("membership_id", "=", self.id)],
            "context": {"search_default_group_year": 1, "search_default_group_kind": 1},
        }

    def action_open_letter(self):
        """Button: print the yearly letter."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Yearly Letter"),
            "res_model": "ngo.letter.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_membership_ids": self.ids},
        }
