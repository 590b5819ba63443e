"""The settlement of an agreement by `rules/settlement.py`: from what was billed to what is corrected and refunded.

Nothing is read and nothing written here: the same answer serves the statement, the simulation and the correction.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from odoo.tools import groupby

from ..rules import settlement
from .settlement_facts import BilledPeriod, to_decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms with which an agreement is settled. ``start``: of the agreement; ``fee_percent``: agreed."""

    start: date
    effective_on: date
    month_rule: str
    fee_percent: Decimal
    treatment: str
    is_private_person: bool


@dataclass(frozen=True, slots=True)
class SettledPeriod:
    """A plan fee in the settlement, net; ``lowered_tax`` is the VAT of ``lowered`` (D6).

    ``paid``: the net part of what was paid. ``worked``: months. ``unused``: it begins after the end.
    """

    period: BilledPeriod
    worked: int
    unused: bool
    paid: Decimal
    used: Decimal
    covered: Decimal
    fee: Decimal
    lowered: Decimal
    lowered_tax: Decimal


@dataclass(frozen=True, slots=True)
class Result:
    """The settlement of one agreement; amounts of all its periods, net unless they say gross.

    ``fee``: kept, inside the correction or outside VAT. ``set_off``: the part outside VAT (D14).
    """

    periods: tuple[SettledPeriod, ...]
    paid: Decimal
    used: Decimal
    remainder: Decimal
    fee: Decimal
    refund: Decimal
    set_off: Decimal
    refund_gross: Decimal

    @property
    def months_worked(self):
        """Months worked of the paid year that ends early; 0 when none does."""
        return max((item.worked for item in self.periods), default=0)


def settle_agreement(periods, terms):
    """Return the `Result` for the posted plan fees of an agreement (F10).

    What the agreement ends before is settled: a paid year, with the differences of a change of plan within it,
    and what was billed for after the end. A month that was begun is due, a year that is over, too.

    :param periods: list of `BilledPeriod`
    :param terms: `Terms`
    """
    years = groupby(periods, key=lambda period: (period.kind == "month", period.last))
    settled = [_settle_year(year, terms) for _key, year in years if _ends_before(year, terms)]
    items = _add_tax([item for _settlement, _correction, year in settled for item in year])
    zero = to_decimal(0)
    set_off = sum((correction.set_off for _settlement, correction, _year in settled), start=zero)
    totals = {
        name: sum((getattr(one, name) for one, _correction, _year in settled), start=zero)
        for name in ("paid", "used", "remainder", "fee", "refund")
    }
    return Result(periods=tuple(items), set_off=set_off, refund_gross=_get_refund_gross(items, set_off), **totals)


def _ends_before(year, terms):
    """Whether the agreement ends before a paid period, or a paid year, does."""
    first = min(period.first for period in year)
    if first > terms.effective_on:
        return True
    months = max(period.months for period in year)
    is_year = year[0].kind != "month"
    return is_year and settlement.ends_early(terms.start, first, months, terms.effective_on)


def _settle_year(year, terms):
    """Return the settlement and the correction of a paid year, and its periods; see `_add_tax` for their VAT."""
    first = min(period.first for period in year)
    percent = settlement.fee_percent_due(
        terms.fee_percent, terms.treatment, terms.is_private_person, first, terms.effective_on
    )
    usages = [_get_usage(period, terms) for period in year]
    paid = [settlement.net_paid(period.billed, period.invoice.billed, period.invoice.paid) for period in year]
    settled = settlement.settle_usage(sum(paid), usages, percent)
    correction = settlement.correct(sum(period.billed for period in year), settled, terms.treatment)
    originals = [settlement.Original(period.billed, usage.amount) for period, usage in zip(year, usages, strict=True)]
    shares = settlement.correct_each(originals, settled.fee - correction.set_off)
    items = [
        SettledPeriod(
            period=period,
            worked=usage.months,
            unused=period.first > terms.effective_on,
            paid=paid_net,
            used=usage.amount,
            covered=share.covered,
            fee=share.fee,
            lowered=share.lowered,
            lowered_tax=to_decimal(0),
        )
        for period, usage, paid_net, share in zip(year, usages, paid, shares, strict=True)
    ]
    return settled, correction, items


def _get_usage(period, terms):
    worked = settlement.months_of_period(terms.start, period.first, period.months, terms.effective_on, terms.month_rule)
    return settlement.Usage(worked, period.list_price)


def _add_tax(items):
    """Return the periods with the VAT that their correction lowers: VAT before less VAT after, by invoice and rate."""
    state, taxed = {}, []
    for item in items:
        tax = item.period.tax
        key = item.period.invoice.move, tax.tax
        base, amount = state.get(key, (tax.base, tax.amount))
        lowered_tax = to_decimal(0)
        if tax.tax and item.lowered:
            lowered_tax = settlement.vat_difference(base, base - item.lowered, amount, tax.rate)
        state[key] = base - item.lowered, amount - lowered_tax
        taxed.append(replace(item, lowered_tax=lowered_tax))
    return taxed


def _get_refund_gross(items, set_off):
    """Return the bank transfer: what was paid for the invoices less what stays billed on them (D6)."""
    invoices = {item.period.invoice for item in items}
    paid = sum((min(invoice.paid, invoice.billed) for invoice in invoices), start=to_decimal(0))
    billed = sum((invoice.billed for invoice in invoices), start=to_decimal(0))
    lowered = sum((item.lowered + item.lowered_tax for item in items), start=to_decimal(0))
    return settlement.refund_gross(paid, billed - lowered, set_off)
