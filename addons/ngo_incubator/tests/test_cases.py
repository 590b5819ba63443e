import csv
from pathlib import Path

from odoo import Command, fields
from odoo.tests import tagged

from .common import NgoCommon

CASES = Path(__file__).resolve().parents[3] / "tests/cases"


def read_cases(name):
    """Return the rows of a table of worked examples."""
    with open(CASES / f"{name}.csv", newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@tagged("post_install", "-at_install")
class TestNgoCases(NgoCommon):
    """The worked examples of the tables, on real members, benefits and agreements (F12)."""

    def prepare_discounts(self, text):
        """Return commands for "START:20 others:10"."""
        commands = []
        for item in text.split():
            name, percent = item.split(":")
            plan = self.env["support.plan"].search([("code", "=", name)])
            owner = {"scope": "plans"} if name == "others" else {"scope": "plan", "plan_id": plan.id}
            commands.append(Command.create({**owner, "percent": float(percent)}))
        return commands

    def create_fee(self, number, case):
        """Return the fee line of the agreement that a row asks for; a free plan has none."""
        client = self.create_client(f"Fundacja {number}")
        membership = self.apply(client, krs=f"0000{number:06}")
        self.env["ngo.benefit"].sudo().create(
            {
                "membership_id": membership.id,
                "first_day": case["first_day"],
                "last_day": case["last_day"] or False,
                "is_by_service": case["by_service"] == "yes",
                "discount_ids": self.prepare_discounts(case["discounts"]),
            }
        )
        plan = self.env["support.plan"].search([("code", "=", case["plan"])])
        price = float(case["full_price"])
        agreement = self.create_agreement(plan, client, case["period_start"], list_price_month=price)
        return agreement.plan_fee_line_ids.with_context(ngo_invoiced_on=fields.Date.to_date(case["invoiced_on"]))

    def test_invoice_lines_are_those_of_the_table(self):
        """F12, D4: tests/cases/ngo_benefit.csv."""
        for number, case in enumerate(read_cases("ngo_benefit"), start=1):
            with self.subTest(case=case["case"]):
                fee = self.create_fee(number, case)
                self.assertEqual(len(fee), bool(float(case["full_price"])), "what is free is not invoiced")
                if not fee:
                    continue
                values = fee._prepare_invoice_line()
                self.assertEqual(values["price_unit"], float(case["full_price"]))
                self.assertEqual(values.get("discount", 0), float(case["percent"]))
                self.assertEqual(values["list_price_month"], float(case["price"]))

    def test_terms_of_payment_are_judged_as_in_the_table(self):
        """F12: tests/cases/ngo_term.csv."""
        membership = self.apply()
        for case in read_cases("ngo_term"):
            with self.subTest(case=case["case"]):
                self.programme.creditor_is_small = case["creditor_is_small"] == "yes"
                membership.write(
                    {
                        "payment_days": int(case["days"]),
                        "debtor_kind": case["debtor"],
                        "payment_clause": "Agreed." if case["clause"] == "yes" else False,
                    }
                )
                verdict = membership._judge_term()
                self.assertEqual(verdict.is_refused, case["refused"] == "yes")
                self.assertEqual(bool(membership.payment_warning), case["warns"] == "yes")
