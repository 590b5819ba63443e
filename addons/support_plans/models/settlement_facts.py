"""What the settlement of an agreement starts from, read from its invoices; see `support_termination_facts`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo import models


@dataclass(frozen=True, slots=True)
class BilledInvoice:
    """A posted invoice, less its earlier corrections; amounts gross, in the currency of the invoice.

    ``paid``: what was really paid for it. Money that an earlier correction gives, or gave, back
    does not count, and neither does a correction that was set off against the invoice, or what was written off.
    """

    move: models.BaseModel
    billed: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class BilledTax:
    """A rate of VAT on an invoice, all its lines together, less earlier corrections.

    ``rate``: percent. ``base``: net. ``amount``: VAT. ``tax``: empty for lines without tax.
    """

    tax: models.BaseModel
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BilledPeriod:
    """A plan fee on a posted invoice: what it bills and for which service months; net.

    ``months``: started service months from ``first`` to ``last``. ``billed``: less ``discount``, what lines of the
    invoice took off, and ``earlier``, what corrections took off before. ``list_price``: of a month (D4).
    """

    line: models.BaseModel
    kind: str
    first: date
    last: date
    months: int
    list_price: Decimal
    billed: Decimal
    discount: Decimal
    earlier: Decimal
    invoice: BilledInvoice
    tax: BilledTax


def to_decimal(amount, digits=2):
    """Return an amount of the ORM, a float, as a Decimal to the grosz."""
    return Decimal(f"{amount or 0.0:.{digits}f}")
