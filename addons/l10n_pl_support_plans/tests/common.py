"""What the tests of this addon, and of addons built on it, share. There are no tests here.

``KsefCommon`` is a Polish firm with the Polish chart of accounts, registered in KSeF, and gives:

- ``cls.tax_23``, ``tax_8``, ``tax_5``, ``tax_0``, ``tax_exempt``, ``tax_eu``: taxes of the chart;
- ``cls.bill()`` an agreement, ``accept()`` as KSeF does, ``pay()``, ``credit()`` with core's wizard,
  ``settle()`` with the three kinds of lines of a resignation;
- ``rendered()`` a document's file, checked.
"""

from odoo import Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.support_plans.tests.common import MANAGER, SupportSetup

from . import fa3

SELLER, BUYER = "5795955811", "5260250274"
KSEF_NUMBER = f"{SELLER}-20260401-010203ABCDEF-4D"


class KsefCommon(SupportSetup, AccountTestInvoicingCommon):
    """A Polish firm in KSeF and its client."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("pl")
    @AccountTestInvoicingCommon.setup_chart_template("pl")
    def setUpClass(cls):
        super().setUpClass()
        cls._setup_support()
        cls.env.company.write(
            {
                "name": "Wsparcie Sp. z o.o.",
                "vat": f"PL{SELLER}",
                "street": "ul. Prosta 1",
                "zip": "00-001",
                "city": "Warszawa",
            }
        )
        cls.client.write(
            {
                "vat": f"PL{BUYER}",
                "street": "ul. Długa 5",
                "zip": "00-002",
                "city": "Warszawa",
                "country_id": cls.env.ref("base.pl").id,
                "email": "biuro@nowak.example",
            }
        )
        # Odoo asks for a certificate that is valid today; no file is signed here
        company = type(cls.env["res.company"])
        cls.classPatch(
            company, "_compute_l10n_pl_edi_register", lambda self: self.update({"l10n_pl_edi_register": True})
        )
        chart = cls.env["account.chart.template"].with_company(cls.env.company)
        cls.tax_23, cls.tax_8, cls.tax_5, cls.tax_0, cls.tax_exempt, cls.tax_eu = (
            chart.ref(f"vs_{name}") for name in ("kraj_usl_23", "kraj_8", "kraj_5", "kraj_0", "kraj_zw", "dostu")
        )
        cls._tax_plans(cls.tax_23)

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref(MANAGER)

    @classmethod
    def _tax_plans(cls, tax):
        plans = cls.plan_email | cls.plan_start | cls.plan_standard | cls.plan_premium
        plans.product_id.taxes_id = [Command.set(tax.ids)]

    @classmethod
    def bill(cls, start="2026-04-01", period="month", tax=None, price=None, discount=0, post=True, client=None):
        """Return the first invoice of a new agreement, made by its recurring invoicing."""
        plan = cls.plan_start
        if price:
            plan[f"price_{'year_' if period == 'year' else ''}month"] = price
        if tax:
            cls._tax_plans(tax)
        agreement = cls.create_agreement(plan, client or cls.client, start, period)
        invoice = agreement._recurring_create_invoice(fields.Date.to_date(start))
        if discount:
            invoice.invoice_line_ids.discount = discount
        if post and invoice.state == "draft":
            invoice.action_post()
        return invoice

    @classmethod
    def next_client(cls):
        """Return one more client: nobody has a plan twice."""
        return cls.client.copy({"name": "Kowalski Sp. z o.o."})

    @classmethod
    def accept(cls, invoice, number=KSEF_NUMBER):
        """Let KSeF accept an invoice."""
        invoice.write({"l10n_pl_edi_status": "accepted", "l10n_pl_edi_ref": "ref", "l10n_pl_edi_number": number})
        return invoice

    @classmethod
    def pay(cls, invoice, amount):
        """Let the client pay an amount of an invoice."""
        register = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        register.create({"amount": amount, "payment_date": invoice.invoice_date})._create_payments()

    @classmethod
    def credit(cls, invoice, reason=False, date="2026-08-31", post=True):
        """Return the credit note that core's wizard makes of an invoice."""
        wizard = cls.env["account.move.reversal"].create(
            {
                "move_ids": invoice.ids,
                "journal_id": invoice.journal_id.id,
                "company_id": invoice.company_id.id,
                "reason": reason,
                "date": date,
            }
        )
        wizard.refund_moves()
        if post:
            wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    @classmethod
    def settle(cls, invoice, months, list_price, fee, end, reason="Rozwiązanie umowy", post=True, **values):
        """Return the correction of a prepaid year: the year back, the months at list price, the fee."""
        billed = invoice.invoice_line_ids
        kinds = [("back", billed.quantity, billed.price_unit), ("months", -months, list_price), ("fee", -1, fee)]
        lines = [
            {
                "name": f"{billed.name} ({kind})",
                "product_id": billed.product_id.id,
                "quantity": quantity,
                "price_unit": price,
                "discount": billed.discount if kind == "back" else 0,
                "tax_ids": [Command.set(billed.tax_ids.ids)],
                "service_period_start": billed.service_period_start,
                "service_period_end": end,
            }
            for kind, quantity, price in kinds
            if quantity and price
        ]
        correction = cls.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "journal_id": invoice.journal_id.id,
                "currency_id": invoice.currency_id.id,
                "reversed_entry_id": invoice.id,
                "invoice_date": end,
                "invoice_date_due": fields.Date.add(fields.Date.to_date(end), days=21),
                "l10n_pl_correction_reason": reason,
                "invoice_line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )
        if post:
            correction.action_post()
        return correction

    def rendered(self, move):
        """Return the file of a document, checked."""
        return fa3.check(move._l10n_pl_edi_render_xml())
