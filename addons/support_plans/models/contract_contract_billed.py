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
        credits = lines.move_id._get_credits()
        charged = lines.move_id.union(
            *(moves.filtered(lambda move: not move._is_credit_note()) for moves in credits.values())
        )
        written_off = self._get_written_off(charged)
        invoices = {move: _read_invoice(move, credits[move], written_off) for move in lines.move_id}
        periods = defaultdict(list)
        for line in lines:
            move = line.move_id
            periods[line.contract_line_id.contract_id.id].append(
                _read_period(line, invoices[move], credits[move], _read_tax(line, credits[move]))
            )
        return {agreement: periods[agreement.id] for agreement in self}

    def _get_written_off(self, moves):
        """Return {invoice: gross} of what was closed without money, by a bad debt entry for instance.

        Money is a payment, a bank statement or an entry of a bank or cash journal; credit notes are counted apart,
        and what was set off was paid, see `_is_set_off`. A write-off inside the entry of a payment is not seen.
        """
        lines = moves.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        closed = lines.matched_credit_ids
        entries = closed.credit_move_id.move_id.filtered(_is_entry_without_money)
        amounts = defaultdict(lambda: to_decimal(0))
        for partial in closed.filtered(lambda partial: partial.credit_move_id.move_id in entries):
            amounts[partial.debit_move_id.move_id] += to_decimal(partial.debit_amount_currency)
        return amounts


def _is_entry_without_money(move):
    if move.move_type != "entry" or move.origin_payment_id or move.statement_line_id:
        return False
    if move.journal_id.type in ("bank", "cash", "credit"):
        return False
    debits = move.line_ids.filtered(lambda line: line.balance > 0)
    return 2 * _sum_balance(debits.filtered(_is_set_off)) < _sum_balance(debits)


def _is_set_off(line):
    """Whether the debit side of an entry says that the client's debt was paid otherwise.

    Against a debt of ours, with cash, with another debt once that one is closed, or with what is followed item by
    item: a deposit, the money at a payment provider. Costs and allowances are not, whatever type a chart gives them.
    """
    if line.account_type == "asset_receivable":
        return line.reconciled
    return line.account_type in ("liability_payable", "asset_cash") or (
        line.account_type in ("liability_current", "asset_current") and line.account_id.reconcile
    )


def _sum_balance(lines):
    return sum((to_decimal(line.balance) for line in lines), start=to_decimal(0))


def _read_invoice(move, credits, written_off):
    billed, paid = to_decimal(0), to_decimal(0)
    for document in (move, *credits):
        total = to_decimal(document.amount_total)
        if document._is_credit_note():
            billed, paid = billed - total, paid - total
        else:
            billed += total
            paid += total - to_decimal(document.amount_residual) - written_off[document]
    return BilledInvoice(move=move, billed=max(billed, to_decimal(0)), paid=max(paid, to_decimal(0)))


def _read_period(line, invoice, credits, tax):
    discount = _get_discount(line)
    billed = max(to_decimal(line.price_subtotal) - discount, to_decimal(0))
    earlier = min(max(_get_earlier(line, credits), to_decimal(0)), billed)
    fee = line.contract_line_id
    return BilledPeriod(
        line=line,
        kind=fee.plan_fee_kind,
        first=line.service_period_start,
        last=line.service_period_end,
        months=fee._get_fee_months(line.service_period_start, line.service_period_end),
        list_price=to_decimal(line.list_price_month),
        billed=billed - earlier,
        discount=to_decimal(line.price_subtotal) - billed,
        earlier=earlier,
        invoice=invoice,
        tax=tax,
    )


def _get_discount(line):
    """Return the part of a plan fee in the discounts that stand on the invoice as lines of their own, net."""
    fees = line.move_id.invoice_line_ids.filtered("is_plan_fee")
    return _share(-_sum_net(line.move_id._get_plan_discounts()), fees)[line]


def _get_earlier(line, credits):
    """Return what earlier corrections took off a plan fee, less what was invoiced against them.

    A line of ours says which fee it is for; what an accountant credited by hand counts for the plan unless
    it names another thing of the invoice, hours for instance.
    """
    fees = line.move_id.invoice_line_ids.filtered("is_plan_fee")
    others = line.move_id._get_other_things()
    credited = credits.invoice_line_ids.filtered(
        lambda x: x.display_type == "product" and x.product_id not in others.product_id
    )
    own = credited.filtered(lambda x: x.termination_line_id.invoice_line_id == line)
    by_hand = credited.filtered(lambda x: not x.termination_line_id)
    return _sum_credited(own) + _share(_sum_credited(by_hand), fees)[line]


def _share(total, fees):
    """Return {plan fee: its part of an amount}, in proportion to what they cost; nothing where they cost nothing."""
    weights = [_sum_net(fee) for fee in fees]
    return dict(zip(fees, split(total, weights) if any(weights) else [to_decimal(0)] * len(fees), strict=True))


def _sum_net(lines):
    return sum((to_decimal(line.price_subtotal) for line in lines), start=to_decimal(0))


def _sum_credited(lines):
    """Return the net of lines of credit notes, less that of lines of invoices that take them back."""
    credited = lines.filtered(lambda line: line.move_id._is_credit_note())
    return _sum_net(credited) - _sum_net(lines - credited)


def _read_tax(line, credits):
    """Return the VAT of the whole invoice at the rate of a line, less earlier corrections."""
    tax, move = line.tax_ids[:1], line.move_id
    base = _sum_net(_get_taxed(move, tax)) - _sum_credited(_get_taxed(credits, tax))
    booked = (move.line_ids, credits.line_ids)
    amount = sum(-x.amount_currency for lines in booked for x in lines if tax and x.tax_line_id == tax)
    return BilledTax(tax=tax, rate=to_decimal(tax.amount, 4), base=base, amount=to_decimal(amount))


def _get_taxed(moves, tax):
    return moves.invoice_line_ids.filtered(lambda line: tax in line.tax_ids)
