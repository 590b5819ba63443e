from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..rules.errors import RuleError
from .settlement_facts import to_decimal
from .settlement_result import Terms, settle_agreement
from .support_termination import TREATMENTS


class SupportTermination(models.Model):
    """The settlement of a resignation: each figure with its source, by `rules/settlement.py` (F10, D4-D6, D14, D15).

    Amounts are in the currency of the agreement, net unless they say gross.
    """

    _inherit = "support.termination"

    is_private_person = fields.Boolean(
        string="Private Person", tracking=True, help="No fee, and the refund within 14 days."
    )
    month_rule = fields.Selection(
        [("started", "Every started month"), ("full", "Full months only")], string="Months Counted", readonly=True
    )
    fee_percent = fields.Float(string="Handling Fee (%)", readonly=True)
    fee_tax_treatment = fields.Selection(
        TREATMENTS,
        string="Treatment of the Fee",
        tracking=True,
        help="The accountant's choice; it is frozen with the correction.",
    )
    treatment_by_id = fields.Many2one("res.users", string="Treatment Chosen By", readonly=True, copy=False)
    treatment_on = fields.Date(string="Treatment Chosen On", readonly=True, copy=False)

    list_price_month = fields.Float(
        string="Monthly List Price",
        digits="Product Price",
        readonly=True,
        help="Net, frozen in the agreement when it was signed.",
    )
    months_worked = fields.Integer(readonly=True, help="Service months from the start of the paid year to the end.")
    paid_net = fields.Monetary(
        string="Paid", readonly=True, help="Net, what was really paid, less earlier corrections."
    )
    used_net = fields.Monetary(string="Used", readonly=True, help="Net, the months worked at the monthly list price.")
    remainder = fields.Monetary(readonly=True, help="Paid less used, net.")
    fee = fields.Monetary(string="Handling Fee", readonly=True)
    refund_net = fields.Monetary(string="Refund, Net", readonly=True)
    refund_tax = fields.Monetary(string="VAT", readonly=True, help="VAT before less VAT after the correction.")
    refund_gross = fields.Monetary(string="Refund", readonly=True, help="Gross: the bank transfer to the client.")
    lowered_net = fields.Monetary(
        string="Correction, Net", readonly=True, help="What the correction invoices take off."
    )
    lowered_tax = fields.Monetary(string="Correction, VAT", readonly=True)
    set_off = fields.Monetary(
        string="Fee Set Off", readonly=True, help="The fee outside VAT, set off against the refund."
    )
    refund_if_taxable = fields.Monetary(string="Refund, Fee Taxable", readonly=True)
    refund_if_outside_vat = fields.Monetary(string="Refund, Fee outside VAT", readonly=True)
    refund_if_none = fields.Monetary(string="Refund without Fee", readonly=True)

    def _refresh_settlement(self):
        """Work the settlement out anew from invoices and payments; the same queries for any number."""
        periods = self.contract_id._get_billed_periods()
        quiet = self.sudo().with_context(tracking_disable=True)
        gone, new = self.env["support.termination.line"].sudo(), []
        for termination in quiet:
            figures, lines = termination._prepare_settlement(periods[termination.contract_id.with_env(self.env)])
            changed = {name: value for name, value in figures.items() if termination._differs(name, value)}
            if changed:
                termination._write_own(changed)
            if not termination.line_ids._are_as(lines):
                gone |= termination.line_ids
                new += [{"termination_id": termination.id, **vals} for vals in lines]
        gone._release()
        gone.unlink()
        gone.create(new)

    def _differs(self, name, value):
        field = self._fields[name]
        if field.type == "monetary":
            return bool(self.currency_id.compare_amounts(self[name], float(value)))
        return self[name] != value

    def _prepare_settlement(self, periods):
        """Return the figures of the settlement, and the values of its lines.

        :param periods: of the agreement, see `contract.contract._get_billed_periods`
        """
        results = {treatment: self._settle(periods, treatment) for treatment, _label in TREATMENTS}
        result = results[self.fee_tax_treatment or "taxable"]
        figures = {
            "list_price_month": self.contract_id.list_price_month,
            "months_worked": result.months_worked,
            "paid_net": result.paid,
            "used_net": result.used,
            "remainder": result.remainder,
            "fee": result.fee,
            "refund_net": result.refund,
            "refund_tax": max(result.refund_gross - result.refund, 0) if result.refund else 0,
            "refund_gross": result.refund_gross,
            "set_off": result.set_off,
            "lowered_net": sum(item.lowered for item in result.periods),
            "lowered_tax": sum(item.lowered_tax for item in result.periods),
            **{f"refund_if_{treatment}": one.refund_gross for treatment, one in results.items()},
        }
        lines = self.env["support.termination.line"]
        return figures, [lines._prepare_line(item) for item in result.periods]

    def _settle(self, periods, treatment):
        try:
            return settle_agreement(periods, self._get_settlement_terms(treatment))
        except RuleError as error:
            raise UserError(self.contract_id._get_contradiction_text(error)) from error

    def _get_settlement_terms(self, treatment):
        return Terms(
            start=self.contract_id.date_start,
            effective_on=self.effective_on,
            month_rule=self.month_rule or "started",
            fee_percent=to_decimal(self.fee_percent, 4),
            treatment=treatment,
            is_private_person=self.is_private_person,
        )

    @api.model
    def _simulate(self, agreement, effective_on, treatment=None):
        """Return an unsaved resignation, settled as if the agreement ended on a day; nothing is written.

        Where a correction is issued already, that resignation: nothing is settled twice.
        """
        issued = agreement._get_open_resignation().sudo()
        if any(move.state == "posted" for move in issued.refund_move_ids):
            return issued
        termination = self.new(
            {
                "contract_id": agreement.id,
                "requested_on": fields.Date.context_today(self),
                "effective_on": effective_on,
                "fee_percent": agreement.fee_percent,
                "month_rule": agreement.month_rule or "started",
                "refund_days": agreement.refund_days,
                "fee_tax_treatment": treatment or agreement.fee_tax_treatment or "taxable",
                "is_private_person": agreement._is_private_person(),
            }
        )
        termination.effective_on = effective_on
        figures, lines = termination._prepare_settlement(agreement._get_billed_periods()[agreement])
        termination.update({**figures, "line_ids": [Command.create(vals) for vals in lines]})
        return termination
