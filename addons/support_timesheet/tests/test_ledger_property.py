import random
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..rules import package
from .time_common import TimeInvoicingCommon

KINDS = ("REMOTE", "PHONE_SUPPORT", "ONSITE", "EMAIL", "PROGRAMMING")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestLedgerProperty(TimeInvoicingCommon):
    """Random edits, deletions and billings: what is billed stays, nothing is lost, a re-run equals itself (D13)."""

    def test_random_stories_keep_the_ledger_sound(self):
        for seed in range(6):
            with self.subTest(seed=seed):
                self.tell_story(random.Random(seed))

    def tell_story(self, dice):
        client = self.create_client(f"Story {dice.random()}")
        agreement = self.create_agreement(
            self.plan_start, client, "2026-01-31", package_carry_months=dice.choice([0, 0, 1])
        )
        self.run_invoicing("2026-06-20")
        ticket = self.create_time_ticket(client)
        works = self.env["account.analytic.line"]
        invoices = self.env["account.move"]
        for _step in range(25):
            open_works = works.exists().filtered(lambda line: not line.is_billed and not line.correction_ids)
            step = dice.choice(
                ["add", "add", "add", "edit", "edit", "move", "delete", "buy", "bill", "cancel", "correct"]
            )
            before = self.get_billed(works)
            if step == "add":
                kind, minutes = dice.choice(KINDS), dice.randrange(0, 200)
                works |= self.create_work(minutes, kind, self.pick_day(dice), ticket_id=ticket.id)
            elif step == "edit" and open_works:
                dice.choice(open_works).unit_amount = dice.randrange(0, 200) / 60
            elif step == "move" and open_works:
                dice.choice(open_works).date = self.pick_day(dice)
            elif step == "delete" and open_works:
                dice.choice(open_works).unlink()
            elif step == "buy":
                agreement._buy_package(
                    agreement._prepare_purchase(self.env["support.package.offer"], dice.randrange(30, 300), 100, 12),
                    agreement._get_today(),
                )
            elif step == "bill":
                day = dice.choice(["2026-06-20", "2026-07-01", "2026-08-01"])
                invoices |= self.run_invoicing(day)
                self.assertFalse(self.run_invoicing(day))
                before = {}
            elif step == "cancel" and invoices.filtered(lambda m: m.state == "draft"):
                dice.choice(invoices.filtered(lambda m: m.state == "draft")).button_cancel()
                before = {}
            elif step == "correct":
                billed = works.exists().filtered(lambda line: line.is_billed and line.worked_minutes > 1)
                if billed:
                    self.correct(dice, dice.choice(billed))
            after = self.get_billed(works)
            self.assertEqual({line: after.get(line) for line in before}, before, "what is billed never changes")
            self.assertLedgerIsSound()
            self.assertRunAgainEqualsItself(agreement)
        for day in (date(2026, 5, 15), date(2026, 6, 20), date(2026, 7, 31)):
            self.assertEqual(agreement._get_balances(day)[agreement.id], self.balance_by_the_rule(agreement, day))

    def balance_by_the_rule(self, agreement, day):
        """P10, D11: what the rule says of the same packages and ledger; the models add up in SQL."""
        agreement._ensure_month_lots(day)
        lots = self.env["support.package"].search([("contract_id", "=", agreement.id)])
        entries = self.env["support.package.entry"].search([("contract_id", "=", agreement.id)])
        return package.balance(
            [package.Lot(x.id, x.minutes, x.date_from, x.date_to, x.origin) for x in lots if x.date_from <= day],
            [
                package.Spent(x.package_id.id or None, x.date, x.minutes)
                for x in entries
                if not x.package_id or x.package_id.date_from <= day
            ],
            agreement._get_month_start(day),
            day,
        )

    def correct(self, dice, work):
        original = work.corrected_line_id or work
        worked = dice.randrange(0, 200)
        try:
            original._correct(worked, "Miscounted")
        except Exception as error:
            self.assertIn("nothing to correct", str(error))

    def pick_day(self, dice):
        month = dice.choice([4, 5, 6])
        return f"2026-0{month}-{dice.randrange(1, 21 if month == 6 else 31):02}"

    def get_billed(self, works):
        """Return what billed works say, with their ledger rows."""
        billed = works.exists().filtered("is_billed")
        return {
            line.id: (
                line.charged_minutes,
                line.package_minutes,
                line.overage_minutes,
                sorted((e.package_id.id or 0, e.minutes, e.invoice_line_id.id or 0) for e in line.entry_ids),
            )
            for line in billed
        }

    def get_rows(self, agreement):
        return sorted(
            (e.line_id.id, e.package_id.id or 0, e.minutes)
            for e in self.env["support.package.entry"].search([("contract_id", "=", agreement.id)])
        )

    def assertRunAgainEqualsItself(self, agreement):
        rows = self.get_rows(agreement)
        agreement._allocate_work()
        self.assertEqual(self.get_rows(agreement), rows)
