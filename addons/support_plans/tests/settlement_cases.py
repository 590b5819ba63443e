"""The worked examples of settlements on real agreements, invoices and payments. There are no tests here.

``SettlementCases`` is mixed into a class with a chart of accounts. It reads ``tests/cases/settlement.csv`` and
``settlement_originals.csv`` (columns: ``tests/rules/test_settlement.py``), makes what the rows tell, and compares
what the tables expect. All rows are made in one go, as an office with many clients would: it saves minutes.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo import Command, models
from odoo.tools import groupby

from ..models.settlement_facts import to_decimal
from ..rules.terms import service_month

CASES = Path(__file__).resolve().parents[3] / "tests/cases"
#: A day after all that happens in the tables.
TODAY = "2029-06-01"
#: Nobody reads the messages of these documents.
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


@dataclass
class Case:
    """A case of a table, and what was made of it."""

    rows: list
    agreement: models.BaseModel = None
    invoices: models.BaseModel = None
    credits: models.BaseModel = None
    termination: models.BaseModel = None

    @property
    def row(self):
        """The first row, the only one where a year has one original."""
        return self.rows[0]

    @property
    def name(self):
        return self.row["case"]

    @property
    def start(self):
        return date.fromisoformat(self.row["start"])

    @property
    def ends_early(self):
        """Whether the agreement ends before the paid year: a year that is over is not settled."""
        number, months = int(self.row["number"]), int(self.row["months"])
        return date.fromisoformat(self.row["effective_on"]) < service_month(self.start, number + months - 1)[1]

    def first_day(self, row):
        """The first day of the period of an original."""
        return service_month(self.start, int(row["number"]))[0]


def read_cases(name):
    """Return the cases of a table, each with its rows."""
    with open(CASES / f"{name}.csv", encoding="utf-8", newline="") as table:
        return [Case(rows) for _name, rows in groupby(csv.DictReader(table), lambda row: row["case"])]


class SettlementCases:
    """Agreements, invoices, payments, resignations and corrections of whole tables."""

    @classmethod
    def _setup_cases(cls):
        cls.env = cls.env(context={**cls.env.context, **QUIET})
        cls.env.company.support_debit_note_account_id = cls.company_data["default_account_revenue"]

    @classmethod
    def get_case_tax(cls, rate):
        """Return the sales tax of a rate: "23", "8", "5", "0" or "zw"."""
        raise NotImplementedError

    @classmethod
    def prepare_case_client(cls, case):
        """Return the values of the client of a case."""
        return {"name": case.name, "is_company": case.row.get("private") != "yes"}

    # What the tables give

    def create_cases(self, table):
        """Return the cases of a table, resigned from and with drafts of their corrections."""
        cases = read_cases(table)
        self.create_case_agreements(cases)
        for index in range(max(len(case.rows) for case in cases)):
            self.bill_cases([case for case in cases if index < len(case.rows)], index)
        terminations = self.env["support.termination"].create(
            [
                {
                    "contract_id": case.agreement.id,
                    "requested_on": case.start,
                    "effective_on": case.row["effective_on"],
                    "early_reason": "The table",
                }
                for case in cases
            ]
        )
        terminations.action_submit()
        terminations.action_accept()
        terminations.action_prepare_correction()
        for case, termination in zip(cases, terminations, strict=True):
            case.termination = termination
        return cases

    def create_case_agreements(self, cases):
        """Start all agreements; what lies before a later year was billed elsewhere."""
        clients = self.env["res.partner"].create([self.prepare_case_client(case) for case in cases])
        agreements = self.env["contract.contract"].create(
            [
                {
                    "support_plan_id": self.plan_start.id,
                    "partner_id": client.id,
                    "date_start": case.start,
                    "payment_period": "year",
                    "invoice_from": case.first_day(case.row),
                    "price_year_month": float(case.row.get("price_year_month") or case.row["price_month"]),
                    "list_price_month": float(case.row["list_price_month"]),
                    "fee_percent": float(case.row["percent"]),
                    "month_rule": case.row.get("month_rule", "started"),
                    "fee_tax_treatment": case.row.get("treatment", "taxable"),
                }
                for case, client in zip(cases, clients, strict=True)
            ]
        )
        none = self.env["account.move"]
        for case, agreement in zip(cases, agreements, strict=True):
            case.agreement, case.invoices, case.credits = agreement, none, none
            if int(case.row["months"]) < 12:
                agreement.date_end = service_month(case.start, int(case.row["months"]) - 1)[1]
        agreements.action_start_agreement()

    def bill_cases(self, cases, index):
        """Invoice, and pay, one original of each case; one after the first is the difference of a change of plan."""
        facts = {case.agreement: (case, case.rows[index]) for case in cases}
        for case, row in facts.values():
            if index:
                self.change_plan(case, index, case.first_day(row))
        by_day = groupby(facts.values(), lambda fact: (self.get_rate(fact[1]), fact[0].first_day(fact[1])))
        for (rate, day), members in by_day:
            self.plan_start.product_id.taxes_id = [Command.set(self.get_case_tax(rate).ids)]
            agreements = self.env["contract.contract"].union(*(case.agreement for case, _row in members))
            agreements._recurring_create_invoice(day)
        paid = []
        for agreement, (case, row) in facts.items():
            invoice = agreement._get_related_invoices() - case.invoices
            invoice.ensure_one()
            if int(row["months"]) < 12 and not index:
                # Less than a year is billed at the monthly price list; this client was promised the other
                invoice.invoice_line_ids.price_unit = float(row["price_year_month"])
            case.invoices |= invoice
            paid.append((invoice, case, row))
        self.env["account.move"].union(*(invoice for invoice, _case, _row in paid)).action_post()
        self.pay_cases(paid)

    def get_rate(self, row):
        return row.get("vat", "23")

    def change_plan(self, case, index, day):
        """Give an agreement the prices that its next original bills the difference of."""
        rows = case.rows[: index + 1]
        terms = {
            "price_year_month": float(sum(Decimal(row["price_month"]) for row in rows)),
            "list_price_month": float(sum(Decimal(row["list_price_month"]) for row in rows)),
        }
        case.agreement._apply_plan(self.plan_start, {**case.agreement._prepare_terms(), **terms}, 1, day)

    def pay_cases(self, facts):
        """Let the clients pay, and an accountant correct what the table says was corrected before."""
        self.measure_tables()
        in_full = self.env["account.move"]
        for invoice, case, row in facts:
            earlier, gross = Decimal(row.get("earlier", 0)), to_decimal(invoice.amount_total)
            paid = Decimal(row["paid_gross"]) if "paid_gross" in row else gross * (Decimal(row["paid"]) > 0)
            if paid == gross and not earlier:
                in_full |= invoice
                continue
            if paid == gross:
                self.pay_case(invoice)
            if earlier:
                case.credits = self.credit_case(invoice, earlier)
            if 0 < paid < gross:
                self.pay_case(invoice, paid)
        self.pay_case(in_full)
        self.measure_tables()

    def measure_tables(self):
        """Tell PostgreSQL how many rows there are: in one transaction it learns it from nobody else.

        Without it, core's query for the invoices of each payment runs for minutes.
        """
        self.env.flush_all()
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_payment, account_partial_reconcile")

    def pay_case(self, invoices, amount=None):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        values = {"amount": float(amount)} if amount else {"group_payment": False}
        register.create({"payment_date": "2026-02-01", **values})._create_payments()

    def credit_case(self, invoice, amount):
        """Return the posted credit note of a net amount."""
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(invoice.ids)],
                "journal_id": invoice.journal_id.id,
                "company_id": invoice.company_id.id,
                "date": invoice.invoice_date,
            }
        )
        wizard.refund_moves()
        wizard.new_move_ids.invoice_line_ids.write({"quantity": 1, "price_unit": float(amount)})
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    # What the tables expect

    def check_table(self, table, check, check_posted):
        """Make a table and compare it, before and after its corrections are posted; return what was settled."""
        cases = self.create_cases(table)
        settled = [case for case in cases if case.ends_early]
        for case in cases:
            with self.subTest(case=case.name):
                check(case) if case.ends_early else self.check_not_settled(case)
        self.env["account.move"].union(*(case.termination.refund_move_ids for case in settled)).action_post()
        for case in settled:
            with self.subTest(posted=case.name):
                check_posted(case)
        return settled

    def assertAmounts(self, found, row, keys=None):
        """Compare amounts by name with a row; ``keys``: {name: column} where they differ."""
        keys = keys or {name: name for name in found}
        self.assertEqual(
            {keys[name]: to_decimal(amount) for name, amount in found.items()},
            {column: Decimal(row[column]) for column in keys.values()},
        )

    def check_not_settled(self, case):
        """A year that is over: the tables say it with a refund of nothing."""
        self.assertFalse(case.termination.line_ids)
        self.assertFalse(case.termination.refund_gross or case.termination.refund_move_ids)
        lowered = sum(Decimal(row.get("lowered") or row["lowered_net"]) for row in case.rows)
        self.assertEqual((lowered, Decimal(case.row.get("refund") or case.row["refund_net"])), (0, 0))

    def check_settlement(self, case):
        """A year with one original, before its correction is posted."""
        termination, line, row = case.termination, case.termination.line_ids, case.row
        self.assertEqual(line.move_id, case.invoices)
        self.assertEqual((termination.months_worked, line.months_worked), (int(row["worked"]),) * 2)
        self.assertEqual(line.is_unused, row["begun"] == "no")
        self.assertAmounts(
            {
                "billed": line.billed_net,
                "billed_gross": line.billed_gross,
                "paid": termination.paid_net,
                "used": termination.used_net,
                "remainder": termination.remainder,
                "fee": termination.fee,
                "refund_net": termination.refund_net,
                "final_net": line.billed_net - line.lowered_net,
                "lowered_net": termination.lowered_net,
                "lowered_tax": termination.lowered_tax,
                "set_off": termination.set_off,
                "refund_gross": termination.refund_gross,
            },
            row,
        )
        self.assertEqual(len(termination.refund_move_ids), Decimal(row["lowered_net"]) > 0)

    def check_correction(self, case):
        """The posted correction of one original, and what is open after it."""
        correction, row = case.termination.refund_move_ids, case.row
        if not correction:
            return
        found = {
            "lowered_net": correction.amount_untaxed,
            "lowered_tax": correction.amount_tax,
            "refund_gross": correction.amount_residual,
        }
        self.assertAmounts(found, row)
        # What the client still owes of what stays billed, and of a fee outside VAT
        gross, lowered = Decimal(row["billed_gross"]), Decimal(row["lowered_net"]) + Decimal(row["lowered_tax"])
        owed = gross - lowered + Decimal(row["set_off"]) - min(Decimal(row["paid_gross"]), gross)
        receivable = (case.invoices | case.termination.debit_note_id).line_ids
        self.assertEqual(to_decimal(sum(receivable.mapped("amount_residual"))), max(owed, Decimal(0)))

    def check_year(self, case):
        """A year with several originals, before its corrections are posted."""
        termination = case.termination
        found = {name: termination[name] for name in ("remainder", "fee", "refund_net")}
        self.assertAmounts(found, case.row, {"remainder": "remainder", "fee": "fee_total", "refund_net": "refund"})
        self.assertEqual(termination.line_ids.move_id, case.invoices)
        for line, row in zip(termination.line_ids, case.rows, strict=True):
            self.assertEqual(line.months_worked, int(row["worked"]))
            names = {"used_net": "used", "covered_net": "covered", "fee": "fee", "lowered_net": "lowered"}
            self.assertAmounts({name: line[name] for name in names}, row, names)
        self.assertEqual(len(termination.refund_move_ids), sum(Decimal(row["lowered"]) > 0 for row in case.rows))

    def check_year_corrections(self, case):
        """The posted corrections of a year: the sum of what is open is what is refunded."""
        corrections, lines = case.termination.refund_move_ids, case.termination.line_ids.filtered("lowered_net")
        self.assertEqual(corrections.sorted("id").mapped("amount_untaxed"), lines.mapped("lowered_net"))
        found = sum(corrections.mapped("amount_residual"))
        self.assertEqual(to_decimal(found), to_decimal(case.termination.refund_gross))
