from odoo import models


class AccountMoveLine(models.Model):
    """An invoice of which only hours are left has the dates of supply that one of hours alone has."""

    _inherit = "account.move.line"

    def unlink(self):
        # EXTENDS account
        others = self.filtered(lambda line: line.display_type == "product" and not line.is_overage)
        moves = others.move_id.filtered(lambda move: move.move_type == "out_invoice" and move.state == "draft")
        res = super().unlink()
        moves.exists()._date_supply_of_hours()
        return res
