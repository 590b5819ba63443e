from collections import defaultdict

from odoo import models

from ..rules.money import split
from .settlement_facts import BilledInvoice, BilledPeriod, BilledTax, to_decimal


class ContractContract(models.Model):
    """What was billed and paid of an agreement's plan, for its settlement (F10, D4, D6)."""

    _inherit = "contract.contract"

    def _get_billed_periods(self):
        """Return {agreement: [`BilledPeriod`]} of all posted plan fees, in order; the same queries for any number."""
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("contract_line_id.contract_id", "in", self.ids),
                    ("is_plan_fee", "=", True),
                    ("parent_state", "=", "posted"),
                ],
                order="service_period_start, id",
            )
        )
        credits = self._get_credits_of(lines.move_id)
        invoices = {move: _read_invoice(move, credits[move]) for move in lines.move_id}
        periods = defaultdict(list)
        for line in lines:
            move = line.move_id
            periods[line.contract_line_id.contract_id.id].append(
                _read_period(line, invoices[move], credits[move], _read_tax(line, credits[move]))
            )
        return {agreement: periods[agreement.id] for agreement in self}

    def _get_credits_of(self, moves):
        """Return {invoice: its posted credit notes}."""
        found = (
            self.env["account.move"].sudo().search([("reversed_entry_id", "in", moves.ids), ("state", "=", "posted")])
        )
        by_original = found.grouped("reversed_entry_id")
        return defaultdict(found.browse, by_original)


def _read_invoice(move, credits):
    credited = sum(to_decimal(credit.amount_total) for credit in credits)
    billed = to_decimal(move.amount_total) - credited
    paid = to_decimal(move.amount_total) - to_decimal(move.amount_residual) - credited
    return BilledInvoice(move=move, billed=max(billed, to_decimal(0)), paid=max(paid, to_decimal(0)))


def _read_period(line, invoice, credits, tax):
    billed, earlier = to_decimal(line.price_subtotal), _get_earlier(line, credits)
    fee = line.contract_line_id
    return BilledPeriod(
        line=line,
        kind=fee.plan_fee_kind,
        first=line.service_period_start,
        last=line.service_period_end,
        months=fee._get_fee_months(line.service_period_start, line.service_period_end),
        list_price=to_decimal(line.list_price_month),
        billed=max(billed - earlier, to_decimal(0)),
        earlier=min(earlier, billed),
        invoice=invoice,
        tax=tax,
    )


def _get_earlier(line, credits):
    """Return what earlier corrections took off a plan fee.

    A line of ours says which fee it is for; what an accountant credited by hand counts for the plan unless
    it names another thing of the invoice, hours for instance.
    """
    invoice_lines = line.move_id.invoice_line_ids
    fees = invoice_lines.filtered("is_plan_fee")
    credited = credits.invoice_line_ids.filtered(
        lambda x: x.display_type == "product" and x.product_id not in (invoice_lines - fees).product_id
    )
    own = credited.filtered(lambda x: x.termination_line_id.invoice_line_id == line)
    by_hand = credited.filtered(lambda x: not x.termination_line_id)
    shares = split(_sum_net(by_hand), [_sum_net(fee) for fee in fees]) if by_hand else [to_decimal(0)] * len(fees)
    return _sum_net(own) + shares[fees.ids.index(line.id)]


def _sum_net(lines):
    return sum((to_decimal(line.price_subtotal) for line in lines), start=to_decimal(0))


def _read_tax(line, credits):
    """Return the VAT of the whole invoice at the rate of a line, less earlier corrections."""
    tax, move = line.tax_ids[:1], line.move_id
    base = _sum_base(move, tax) - _sum_base(credits, tax)
    booked = (move.line_ids, credits.line_ids)
    amount = sum(-x.amount_currency for lines in booked for x in lines if tax and x.tax_line_id == tax)
    return BilledTax(tax=tax, rate=to_decimal(tax.amount, 4), base=base, amount=to_decimal(amount))


def _sum_base(moves, tax):
    return _sum_net(moves.invoice_line_ids.filtered(lambda line: tax in line.tax_ids))
