from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import SupportInvoicingCommon


@tagged("post_install", "-at_install")
class TestAgreementInvoicing(SupportInvoicingCommon):
    """Invoices of agreements through OCA's recurring cron (P8, F9, D5; traps T39-T42)."""

    def _periods(self, moves):
        lines = moves.invoice_line_ids.sorted("service_period_start")
        return [(str(x.service_period_start), str(x.service_period_end)) for x in lines]

    # Amounts

    def test_start_monthly_is_399_net_and_490_77_gross(self):
        """P8, P25"""
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        invoice = self.run_invoicing("2026-01-01")
        self.assertEqual(invoice.amount_untaxed, 399.00)
        self.assertEqual(invoice.amount_total, 490.77)
        self.assertEqual(invoice.partner_id, self.client)
        self.assertEqual(invoice.currency_id.name, "PLN")

    def test_standard_yearly_is_one_invoice_of_twelve_months_in_advance(self):
        """F9: 12 x 719.10 = 8629.20"""
        self.plan_standard.price_year_month = 719.10
        self.create_agreement(self.plan_standard, self.client, "2026-03-15", "year")
        self.assertFalse(self.run_invoicing("2026-03-14"))
        invoice = self.run_invoicing("2026-03-15")
        line = invoice.invoice_line_ids
        self.assertEqual((line.quantity, line.price_unit), (12, 719.10))
        self.assertEqual(invoice.amount_untaxed, 8629.20)
        self.assertEqual(self._periods(invoice), [("2026-03-15", "2027-03-14")])
        self.assertFalse(self.run_invoicing("2027-03-14"))

    def test_a_year_renews_at_its_anniversary(self):
        self.create_agreement(self.plan_start, self.client, "2026-03-15", "year")
        self.run_invoicing("2026-03-15")
        self.assertEqual(self._periods(self.run_invoicing("2027-03-15")), [("2027-03-15", "2028-03-14")])

    def test_the_line_says_the_period_in_the_clients_date_format(self):
        self.client.lang = "en_US"
        self.env["res.lang"]._lang_get("en_US").date_format = "%d.%m.%Y"
        self.create_agreement(self.plan_start, self.client, "2026-01-31")
        line = self.run_invoicing("2026-01-31").invoice_line_ids
        self.assertIn("Service period: 31.01.2026 – 27.02.2026", line.name)
        self.assertIn("START", line.name)

    # Taken over from elsewhere

    def test_an_agreement_taken_over_is_invoiced_from_the_day_agreed(self):
        """The months before were billed elsewhere: none of them is billed again, and none is lost."""
        agreement = self.create_agreement(self.plan_start, self.client, "2025-01-31", invoice_from="2026-02-28")
        self.assertFalse(self.run_invoicing("2026-02-27"))
        invoice = self.run_invoicing("2026-04-15")
        self.assertEqual(self._periods(invoice), [("2026-02-28", "2026-03-30"), ("2026-03-31", "2026-04-29")])
        invoice.unlink()
        self.assertEqual(agreement.recurring_next_date, date(2026, 2, 28))

    def test_the_day_of_taking_over_begins_a_month_or_a_prepaid_year(self):
        with self.assertRaisesRegex(ValidationError, "not the first day of a period"):
            self.create_agreement(self.plan_start, self.client, "2026-01-01", invoice_from="2026-03-02")
        with self.assertRaisesRegex(ValidationError, "The nearest one after it is 01/01/2027"):
            self.create_agreement(self.plan_start, self.client, "2026-01-01", "year", invoice_from="2026-03-01")

    # Anchored periods: no drift (D5, T41)

    def test_months_that_start_on_the_31st_do_not_drift(self):
        """D5, OCA/contract#161: 31 Jan, 28 Feb, 31 Mar, 30 Apr, 31 May."""
        self.create_agreement(self.plan_start, self.client, "2026-01-31")
        invoices = self.run_invoicing("2026-05-31")
        self.assertEqual(
            self._periods(invoices),
            [
                ("2026-01-31", "2026-02-27"),
                ("2026-02-28", "2026-03-30"),
                ("2026-03-31", "2026-04-29"),
                ("2026-04-30", "2026-05-30"),
                ("2026-05-31", "2026-06-29"),
            ],
        )

    def test_the_line_shows_the_anchored_next_period(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31")
        self.run_invoicing("2026-01-31")
        fee = agreement.plan_fee_line_ids
        self.assertEqual(
            (fee.next_period_date_start, fee.next_period_date_end),
            (date(2026, 2, 28), date(2026, 3, 30)),
        )

    def test_a_leap_day_anchors_years(self):
        self.create_agreement(self.plan_start, self.client, "2024-02-29", "year")
        invoices = self.run_invoicing("2028-02-29")
        self.assertEqual(
            [first for first, _last in self._periods(invoices)],
            ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
        )

    def test_each_line_has_its_own_invoiced_until(self):
        """OCA/contract#989, #1065, #1214, #1448: a second line must not take the first one's dates."""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31")
        extra = self.env["contract.line"].create(
            {
                "contract_id": agreement.id,
                "product_id": self.product_a.id,
                "name": "Hosting",
                "specific_price": 50,
                "date_start": "2026-02-10",
                "recurring_rule_type": "monthly",
                "recurring_invoicing_type": "pre-paid",
            }
        )
        self.run_invoicing("2026-03-31")
        fee = agreement.plan_fee_line_ids
        self.assertEqual(fee.last_date_invoiced, date(2026, 4, 29))
        self.assertEqual(fee.recurring_next_date, date(2026, 4, 30))
        self.assertEqual(extra.last_date_invoiced, date(2026, 4, 9))
        self.assertEqual(extra.recurring_next_date, date(2026, 4, 10))
        self.assertEqual(agreement.recurring_next_date, date(2026, 4, 10))

    # Exactly once

    def test_running_twice_bills_nothing_twice(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.assertEqual(len(self.run_invoicing("2026-02-15")), 2)
        self.assertFalse(self.run_invoicing("2026-02-15"))

    def test_the_database_refuses_a_second_invoice_of_a_period(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        line = self.run_invoicing("2026-01-01").invoice_line_ids
        values = {
            "contract_line_id": line.contract_line_id.id,
            "is_plan_fee": True,
            "service_period_start": line.service_period_start,
            "quantity": 1,
            "name": "Again",
        }
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.client.id,
                    "invoice_line_ids": [fields.Command.create(values)],
                }
            )

    def test_a_pointer_that_was_set_back_does_not_bill_again(self):
        """After a crash, or a hand on the date, what is booked decides."""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.run_invoicing("2026-01-01")
        agreement.plan_fee_line_ids.last_date_invoiced = False
        self.assertFalse(self.run_invoicing("2026-01-01"))
        self.assertFalse(agreement.invoice_generation_error)
        self.assertEqual(agreement.recurring_next_date, date(2026, 2, 1))

    def test_a_billed_fee_is_not_deleted(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.run_invoicing("2026-01-01")
        with self.assertRaisesRegex(UserError, "invoiced again"):
            agreement.plan_fee_line_ids.unlink()

    def test_a_credit_note_and_a_copy_do_not_open_or_block_the_period(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        invoice = self.run_invoicing("2026-01-01")
        invoice.action_post()
        credit = invoice._reverse_moves([{"invoice_date": "2026-01-02"}])
        copy = invoice.copy()
        self.assertFalse((credit | copy).invoice_line_ids.filtered("is_plan_fee"))
        self.assertEqual(self._periods(credit), [("2026-01-01", "2026-01-31")])
        self.assertFalse(self.run_invoicing("2026-01-31"))

    def _replace(self, invoice):
        """Return what core's "Reverse and Create Invoice" makes in place of an invoice."""
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.modify_moves()
        return wizard.new_move_ids

    def test_the_invoice_that_replaces_another_bills_its_period(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        first = self.run_invoicing("2026-01-01")
        new = self._replace(first)
        self.assertFalse(first.invoice_line_ids.is_plan_fee)
        self.assertTrue(new.invoice_line_ids.is_plan_fee)
        self.assertEqual(new.invoice_line_ids.list_price_month, first.invoice_line_ids.list_price_month)
        self.assertFalse(self.run_invoicing("2026-01-02"))
        again = self._replace(new)
        self.assertEqual((first | new | again).invoice_line_ids.filtered("is_plan_fee"), again.invoice_line_ids)
        again.unlink()
        self.assertEqual(agreement.recurring_next_date, date(2026, 1, 1), "all is credited, the year is due")

    def test_a_deleted_draft_makes_its_period_due_again(self):
        """T42, OCA/contract PR#810"""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31")
        invoices = self.run_invoicing("2026-03-31")
        middle = invoices.filtered(lambda m: m.invoice_line_ids.service_period_start == date(2026, 2, 28))
        middle.unlink()
        self.assertEqual(agreement.recurring_next_date, date(2026, 2, 28))
        again = self.run_invoicing("2026-03-31")
        self.assertEqual(self._periods(again), [("2026-02-28", "2026-03-30")])
        self.assertEqual(agreement.recurring_next_date, date(2026, 4, 30))

    def test_a_deleted_line_makes_its_period_due_again(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.run_invoicing("2026-01-01").invoice_line_ids.unlink()
        self.assertEqual(agreement.recurring_next_date, date(2026, 1, 1))

    def test_a_cancelled_draft_makes_its_period_due_again(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        wrong = self.run_invoicing("2026-01-01")
        wrong.button_cancel()
        self.assertEqual(agreement.recurring_next_date, date(2026, 1, 1))
        self.assertEqual(len(self.run_invoicing("2026-01-01")), 1)
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            wrong.button_draft()
            self.env.flush_all()

    def test_a_draft_taken_back_from_cancelled_is_booked_again(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        invoice = self.run_invoicing("2026-01-01")
        invoice.button_cancel()
        invoice.button_draft()
        self.assertEqual(agreement.recurring_next_date, date(2026, 2, 1))
        self.assertFalse(self.run_invoicing("2026-01-15"))

    # Others, ends, drafts

    @mute_logger("odoo.addons.contract.models.contract", "odoo.sql_db")
    def test_one_broken_agreement_does_not_stop_the_others(self):
        """T40, OCA/contract#712, #739, #906, #1071"""
        good = self.create_agreement(self.plan_start, self.create_client("Good"), "2026-01-01")
        broken = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        last = self.create_agreement(self.plan_start, self.create_client("Last"), "2026-01-01")
        broken.journal_id = False
        self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)]
        ).type = "general"
        journal = self.env["account.journal"].create({"name": "Plans", "type": "sale", "code": "PLAN"})
        (good | last).journal_id = journal
        journal.flush_recordset()
        self.patch(
            type(self.env["contract.contract"]),
            "_prepare_invoice",
            self._break(broken, type(broken)._prepare_invoice),
        )
        invoices = self.run_invoicing("2026-02-01")
        self.assertEqual(len(invoices), 4)
        self.assertEqual(invoices.invoice_line_ids.contract_line_id.contract_id, good | last)
        self.assertIn("Broken on purpose", broken.invoice_generation_error)
        self.assertTrue(broken.has_invoicing_error)

    def _break(self, broken, original):
        def prepare(contract, *args, **kwargs):
            if contract == broken:
                raise ValueError("Broken on purpose")
            return original(contract, *args, **kwargs)

        return prepare

    def test_nothing_is_invoiced_after_the_end(self):
        """OCA/contract#1086"""
        agreement = self.create_agreement(self.plan_email, self.client, "2026-01-15")
        self.run_invoicing("2026-03-15")
        agreement._give_notice(date(2026, 3, 20), date(2026, 4, 20))
        invoices = self.run_invoicing("2027-01-01")
        self.assertEqual(self._periods(invoices), [("2026-04-15", "2026-04-20")])
        self.assertEqual(invoices.amount_untaxed, 129)  # a started month is charged whole (D5)
        self.assertFalse(agreement.recurring_next_date)

    def test_an_end_inside_an_invoiced_year_bills_nothing_more(self):
        """An annual plan may end early (D3); its line must take the earlier end in one write."""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        self.run_invoicing("2026-01-01")
        agreement._give_notice(date(2026, 4, 10), date(2026, 5, 10))
        fee = agreement.plan_fee_line_ids
        self.assertEqual((fee.date_end, fee.last_date_invoiced), (date(2026, 5, 10),) * 2)
        self.assertFalse(self.run_invoicing("2028-01-01"))

    def test_a_year_cut_short_before_its_invoice_is_billed_by_months_at_the_monthly_price(self):
        """F9: only a whole prepaid year has the lower price."""
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(self.plan_standard, self.client, "2026-01-01", "year")
        self.run_invoicing("2026-01-01")
        agreement._give_notice(date(2026, 12, 20), date(2027, 2, 15))
        invoice = self.run_invoicing("2027-01-01")
        line = invoice.invoice_line_ids
        self.assertEqual((line.quantity, line.price_unit), (2, 799))
        self.assertEqual(self._periods(invoice), [("2027-01-01", "2027-02-15")])

    def test_a_draft_is_not_invoiced(self):
        draft = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        self.env["contract.line"].create(
            {
                "contract_id": draft.id,
                "product_id": self.product_a.id,
                "name": "Hosting",
                "date_start": "2026-01-01",
                "specific_price": 50,
            }
        )
        self.assertFalse(self.run_invoicing("2026-06-01"))
        self.assertFalse(draft.sudo().recurring_create_invoice())

    @freeze_time("2026-01-10")
    def test_the_button_invoices_what_is_due_and_nothing_in_advance(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        action = agreement.action_create_invoice()
        invoice = self.env["account.move"].search(action["domain"])
        self.assertEqual(self._periods(invoice), [("2026-01-01", "2026-01-31")])
        with self.assertRaisesRegex(UserError, "Nothing of .* is due today"):
            agreement.action_create_invoice()
        self.assertFalse(agreement.sudo().recurring_create_invoice())

    def test_the_query_count_of_the_guard_does_not_grow_with_the_agreements(self):
        lines = self.env["contract.line"]
        for number in range(6):
            client = self.create_client(f"Client {number}")
            lines |= self.create_agreement(self.plan_start, client, "2026-01-01").plan_fee_line_ids
        self.run_invoicing("2026-01-01")
        self.env.flush_all()
        for batch in (lines[:3], lines):
            self.env.invalidate_all()
            batch.mapped("contract_id.date_start")
            with self.assertQueryCount(2):
                batch._sync_last_date_invoiced()

    # A start by mistake

    def test_a_start_by_mistake_is_undone_while_nothing_was_posted(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        drafts = self.run_invoicing("2026-02-01")
        self.assertEqual(len(drafts), 2)
        agreement.action_undo_start()
        self.assertEqual(agreement.support_state, "draft")
        self.assertFalse(drafts.exists())
        self.assertFalse(self.run_invoicing("2026-03-01"))
        agreement.date_start = date(2026, 3, 1)
        agreement.action_start_agreement()
        invoice = self.run_invoicing("2026-03-01")
        self.assertEqual(self._periods(invoice), [("2026-03-01", "2026-03-31")])
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "cannot be undone"):
            agreement.action_undo_start()

    def test_the_fee_is_not_edited_beside_the_frozen_price(self):
        """F2: exceptions are made on the agreement, by a manager."""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        accountant = self.create_support_user("chief", "account.group_account_manager")
        fee = agreement.plan_fee_line_ids.with_user(accountant)
        for values in ({"specific_price": 1.0}, {"discount": 50}, {"quantity": 0}):
            with self.assertRaisesRegex(UserError, "only a support manager"):
                fee.write(values)
        with self.assertRaises(AccessError):
            agreement.with_user(accountant).action_undo_start()
