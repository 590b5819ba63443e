"""What the tests of resignations share: prepaid years, invoiced and paid, and a resignation from them."""

from contextlib import contextmanager
from datetime import date

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .common import ACCOUNTANT, CONSULTANT, SupportInvoicingCommon

#: A number with right check digits, made up.
IBAN = "PL61109010140000071219812874"


class TerminationCommon(SupportInvoicingCommon):
    """Prepaid years of START: 12 × 349.00 net paid, 399.00 a month by the price list (F9, F10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan_start.price_year_month = 349
        cls.accountant = cls.create_support_user("resignation_accountant", ACCOUNTANT)
        cls.consultant = cls.create_support_user("resignation_consultant", CONSULTANT)
        cls.bank = cls.env["res.partner.bank"].create({"acc_number": IBAN, "partner_id": cls.client.id})

    @contextmanager
    def assertRefused(self, regex):
        """Expect a sentence, and undo what was done before it, as a request does."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), regex)

    @classmethod
    def create_year(cls, start="2026-01-01", client=None, plan=None, paid=True, **terms):
        """Create an agreement paid by the year, and post and pay its first invoice."""
        with freeze_time(start):
            agreement = cls.create_agreement(plan or cls.plan_start, client or cls.client, start, "year", **terms)
            invoice = agreement._recurring_create_invoice(fields.Date.to_date(start))
            invoice.action_post()
        if paid:
            cls.pay(invoice, paid if paid is not True else None)
        return agreement

    @classmethod
    def pay(cls, invoice, amount=None):
        """Pay an invoice, or a credit note, or a part of it, on its own date."""
        wizard = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        values = {"payment_date": invoice[:1].invoice_date}
        if amount is not None:
            values["amount"] = amount
        return wizard.create(values)._create_payments()

    @classmethod
    def get_invoice(cls, agreement):
        return agreement._get_related_invoices().filtered(lambda move: move.move_type == "out_invoice").sorted("id")

    @classmethod
    def resign(cls, agreement, effective_on, requested_on=None, accept=False, **values):
        """Create and submit a resignation that ends the agreement on a day; accept it when asked to."""
        effective_on = fields.Date.to_date(effective_on)
        termination = cls.env["support.termination"].create(
            {
                "contract_id": agreement.id,
                "requested_on": requested_on or agreement.date_start,
                "effective_on": effective_on,
                "early_reason": "Agreed with the client",
                **values,
            }
        )
        termination.action_submit()
        if accept:
            termination._accept(date(2026, 5, 31))
        return termination

    @classmethod
    def change_plan(cls, agreement, day="2026-05-01"):
        """Give a paid year STANDARD from a day on, and post and pay the difference."""
        day = fields.Date.to_date(day)
        agreement._apply_plan(cls.plan_standard, cls.plan_standard._prepare_terms(), 1, day)
        difference = agreement._recurring_create_invoice(day)
        difference.action_post()
        cls.pay(difference)

    @classmethod
    def create_changed_year(cls):
        """START for 4 months, STANDARD for the rest: two paid invoices of one year."""
        cls.plan_standard.price_year_month = 719.10
        cls.plan_start.price_year_month = 359.10
        agreement = cls.create_year()
        cls.change_plan(agreement)
        return agreement

    @classmethod
    def correct(cls, agreement=None, effective_on="2026-05-31", post=False, **values):
        """Return an accepted resignation, of five months unless told, with its corrections: drafts, or posted."""
        termination = cls.resign(agreement or cls.create_year(), effective_on, accept=True, **values)
        termination.action_prepare_correction()
        if post:
            termination.refund_move_ids.action_post()
        return termination
