from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import contract_contract_run
from ..models.contract_contract_invoices import QUIET_CREATE
from .common import SupportInvoicingCommon

CONTRACT_LOG = "odoo.addons.contract.models.contract"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-10")
class TestInvoiceRun(SupportInvoicingCommon):
    """The month's run: all invoices, each once, quickly, and none lost for another's sake (P8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whatever else the database has to invoice is not of this test
        others = cls.env["contract.contract"].sudo().search([])
        others.active = False
        cls.contracts = cls.env["contract.contract"].sudo()
        cls.cron = cls.env.ref("contract.contract_cron_for_invoice").sudo()

    def create_agreements(self, count, **terms):
        agreements = self.contracts.browse()
        for number in range(count):
            client = self.create_client(f"Client {number:03d}")
            agreements |= self.create_agreement(self.plan_start, client, "2026-01-01", **terms).sudo()
        return agreements

    def get_invoices(self, agreements):
        lines = self.env["account.move.line"].sudo()
        return lines.search([("contract_line_id.contract_id", "in", agreements.ids)]).move_id

    def run_cron(self):
        """Run the scheduled action as the scheduler does, commits and all."""
        with self.enter_registry_test_mode():
            return self.cron.method_direct_trigger()

    def set_batches(self, chunk, batch):
        self.patch(contract_contract_run, "CHUNK", chunk)
        self.patch(contract_contract_run, "BATCH", batch)

    def spoil(self, agreements):
        """Give agreements the payment terms of another company: core refuses them when the invoices are complete."""
        company = self.env["res.company"].sudo().create({"name": "Another firm"})
        term = self.env["account.payment.term"].sudo().create({"name": "Theirs", "company_id": company.id})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE contract_contract SET payment_term_id = %s WHERE id = ANY(%s)", [term.id, agreements.ids]
        )
        self.env.invalidate_all()

    # The same invoices

    def test_the_run_makes_the_invoices_of_the_button(self):
        """F9, P8: amounts, taxes, accounts and dates; quick creation leaves out nothing that core does."""
        self.plan_start.product_id.taxes_id += self.vat_23.copy({"name": "Fee in the price", "amount": 5})
        pairs = [self.create_agreements(2) for _times in range(2)]
        for agreement in pairs[0] | pairs[1]:
            extra = {"contract_id": agreement.id, "date_start": "2026-01-01", "recurring_invoicing_type": "pre-paid"}
            self.env["contract.line"].create(
                [
                    {
                        **extra,
                        "name": "Hosting",
                        "product_id": self.product_a.id,
                        "specific_price": 33.33,
                        "quantity": 3,
                    },
                    {**extra, "name": "A note", "display_type": "line_note", "sequence": 99},
                ]
            )
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        quick = self.get_invoices(pairs[0] | pairs[1])
        facts = self._get_facts(quick[:1])
        self.assertEqual(len(quick), 4)
        for move in quick:
            self.assertEqual(self._get_facts(move), facts)
        self.assertEqual(self._get_facts(self._create_slowly(quick[:1])), facts)

    def _create_slowly(self, move):
        """Create the same invoice as core does it when nobody asks for speed."""
        lines = [
            Command.create(line.copy_data({"contract_line_id": line.contract_line_id.id})[0])
            for line in move.invoice_line_ids
        ]
        for command in lines:
            for name in ("balance", "amount_currency", "debit", "credit", "tax_ids", "account_id", "currency_id"):
                command[2].pop(name, None)
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": move.partner_id.id,
                "invoice_date": move.invoice_date,
                "invoice_line_ids": lines,
            }
        )

    def _get_facts(self, move):
        names = ("display_type", "account_id", "balance", "debit", "credit", "amount_currency", "amount_residual")
        names += (
            "price_subtotal",
            "price_total",
            "tax_ids",
            "tax_line_id",
            "tax_tag_ids",
            "tax_base_amount",
            "quantity",
        )
        lines = [tuple(line[name] for name in (*names, "date_maturity", "currency_id")) for line in move.line_ids]
        totals = ("amount_untaxed", "amount_tax", "amount_total", "amount_residual", "invoice_date", "invoice_date_due")
        return sorted(str([str(value) for value in line]) for line in lines), [
            move[name] for name in (*totals, "journal_id", "currency_id", "state")
        ]

    def test_a_fee_in_another_currency_and_with_the_tax_in_the_price(self):
        """The balances are in the company's currency, whichever way the price is given."""
        self.vat_23.price_include_override = "tax_included"
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({"currency_id": euro.id, "name": "2026-01-01", "rate": 0.25})
        agreements = self.create_agreements(1)
        agreements.manual_currency_id = euro
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        quick = self.get_invoices(agreements)
        self.assertEqual(quick.currency_id, euro)
        self.assertEqual((quick.amount_total, quick.amount_untaxed), (399, 324.39))
        fee = quick.invoice_line_ids
        self.assertAlmostEqual(fee.balance, -324.39 / fee.currency_rate, delta=0.02)
        self.assertEqual((fee.debit, fee.credit), (0, -fee.balance))
        self.assertEqual(sum(quick.line_ids.mapped("balance")), 0)

    def test_every_due_period_is_caught_up_in_one_run(self):
        agreements = self.create_agreements(2)
        self.contracts._run_agreement_invoices(date(2026, 3, 10))
        invoices = self.get_invoices(agreements)
        periods = invoices.invoice_line_ids.mapped("service_period_start")
        self.assertEqual(sorted(periods), sorted([date(2026, month, 1) for month in (1, 2, 3)] * 2))
        self.assertEqual(agreements.mapped("recurring_next_date"), [date(2026, 4, 1)] * 2)

    def test_the_last_month_in_arrears_is_invoiced_and_nothing_after_the_end(self):
        """OCA's cron leaves out the former; a line without an end would be billed for ever."""
        agreement = self.create_agreements(1)
        agreement._give_notice(date(2026, 1, 1), date(2026, 2, 28))
        line = {"contract_id": agreement.id, "product_id": self.product_a.id, "date_start": "2026-01-01"}
        self.env["contract.line"].create(
            [
                {**line, "name": "In arrears", "recurring_invoicing_type": "post-paid", "date_end": "2026-02-28"},
                {**line, "name": "Without an end", "recurring_invoicing_type": "pre-paid"},
            ]
        )
        self.contracts._run_agreement_invoices(date(2026, 6, 1))
        names = self.get_invoices(agreement).invoice_line_ids.filtered(lambda x: not x.is_plan_fee).mapped("name")
        self.assertEqual(sorted(names), ["In arrears"] * 2 + ["Without an end"] * 2)

    # Chatter and followers

    def test_the_chatter_says_where_an_invoice_comes_from(self):
        [agreement] = self.create_agreements(1)
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        [message] = self.get_invoices(agreement).message_ids
        self.assertIn("Invoice Created by contract <a", message.body)
        self.assertIn(f'data-oe-id="{agreement.id}"', message.body)
        self.assertIn(agreement.display_name, message.body)

    def test_who_follows_the_invoices_of_an_agreement_follows_the_new_one(self):
        first, second, third = self.create_agreements(3)
        agreements = first | second | third
        agreements.message_unsubscribe(agreements.message_partner_ids.ids)
        first.message_subscribe(self.client_contact.ids)
        modification = self.env.ref("contract.mail_message_subtype_contract_modification")
        second.message_subscribe(self.client_contact.ids, subtype_ids=modification.ids)
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        self.assertIn(self.client_contact, self.get_invoices(first).message_partner_ids)
        self.assertFalse(self.get_invoices(second | third).message_partner_ids)

    def test_the_invoices_behave_normally_afterwards(self):
        agreements = self.create_agreements(1)
        loud = dict.fromkeys(
            ("tracking_disable", "mail_notrack", "mail_create_nolog", "mail_create_nosubscribe"), False
        )
        moves = agreements.with_context(**loud)._recurring_create_invoice(date(2026, 1, 10))
        self.assertEqual(len(moves.message_ids), 1)
        self.assertFalse(any(moves.env.context.get(name) for name in QUIET_CREATE))
        self.env.cr.flush()  # as the commit would; until then core tracks nothing of what it created
        moves.action_post()
        self.env.cr.flush()  # tracking messages are written before the commit
        moves.invalidate_recordset(["message_ids"])
        self.assertIn("state", moves.message_ids.tracking_value_ids.field_id.mapped("name"))

    # Posting

    def test_drafts_wait_for_the_accountant_unless_the_company_wants_them_posted(self):
        agreements = self.create_agreements(2)
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        self.assertEqual(set(self.get_invoices(agreements).mapped("state")), {"draft"})

    def test_posted_at_once_is_posted_as_by_the_accountant(self):
        by_hand, at_once = self.create_agreements(2)
        [slow] = by_hand._recurring_create_invoice(date(2026, 1, 10))
        slow.action_post()
        self.env["res.config.settings"].sudo().create({"support_auto_post": True}).execute()
        self.assertTrue(self.env.company.support_auto_post)
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        quick = self.get_invoices(at_once)
        self.assertEqual(quick.state, "posted")
        self.assertEqual(self._get_facts(quick), self._get_facts(slow))
        self.assertEqual(quick.sequence_number, slow.sequence_number + 1)
        self.assertEqual(quick.payment_state, "not_paid")
        names = [name for name in quick._fields if name.startswith("l10n_pl_edi")]
        self.assertEqual([quick[name] for name in names], [slow[name] for name in names])
        self.assertEqual(len(quick.message_ids), 2)
        self.assertIn(f"{quick.name} was posted", quick.message_ids[0].body)
        self.assertEqual(at_once.partner_id.customer_rank, by_hand.partner_id.customer_rank)

    def test_the_button_posts_at_once_too(self):
        self.env.company.support_auto_post = True
        agreement = self.create_agreements(1)
        agreement.action_create_invoice()
        self.assertEqual(self.get_invoices(agreement).state, "posted")

    @mute_logger(CONTRACT_LOG)
    def test_an_invoice_that_cannot_be_posted_stays_a_draft_and_the_others_are_posted(self):
        self.env.company.support_auto_post = True
        agreements = self.create_agreements(5)
        bad = agreements[2]
        self._refuse_to_post(bad)
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        self.assertEqual(self.get_invoices(bad).state, "draft")
        self.assertEqual(self.get_invoices(agreements - bad).mapped("state"), ["posted"] * 4)
        self.assertIn("Refused on purpose", bad.invoice_generation_error)
        self.assertFalse((agreements - bad).filtered("invoice_generation_error"))

    def _refuse_to_post(self, bad):
        def post(moves, soft=True):
            if bad & moves.invoice_line_ids.contract_line_id.contract_id:
                raise ValidationError("Refused on purpose")
            return original(moves, soft)

        original = self.env.registry["account.move"]._post
        self.patch(self.env.registry["account.move"], "_post", post)

    # Bad ones

    @mute_logger(CONTRACT_LOG, "odoo.sql_db")
    def test_a_bad_agreement_loses_no_other_invoice_and_is_reported_once(self):
        """T40"""
        self.set_batches(10, 5)
        agreements = self.create_agreements(12)
        bad = agreements[6]
        self.spoil(bad)
        for _times in range(2):
            self.contracts._run_agreement_invoices(date(2026, 1, 10))
        self.assertEqual(len(self.get_invoices(agreements - bad)), 11)
        self.assertFalse(self.get_invoices(bad))
        self.assertEqual(agreements.filtered("invoice_generation_error"), bad)
        self.assertIn("company", bad.invoice_generation_error)
        told = bad.message_ids.filtered(lambda message: "generation failed" in message.body)
        self.assertEqual((len(told), len(bad.activity_ids)), (1, 1))

    @mute_logger(CONTRACT_LOG)
    def test_a_failure_while_preparing_leaves_its_billing_dates_alone(self):
        agreements = self.create_agreements(6)
        bad = agreements[3]
        line_type = self.env.registry["contract.line"]
        original = line_type._update_last_date_invoiced

        def fail_after(lines):
            original(lines)
            if lines.contract_id == bad:
                raise ValueError("Broken on purpose")

        with patch.object(line_type, "_update_last_date_invoiced", fail_after):
            self.contracts._run_agreement_invoices(date(2026, 2, 10))
        self.assertEqual(len(self.get_invoices(agreements - bad)), 10)
        self.assertEqual(bad.recurring_next_date, date(2026, 1, 1))
        self.assertFalse(bad.contract_line_ids.last_date_invoiced)
        self.contracts._run_agreement_invoices(date(2026, 2, 10))
        self.assertEqual(len(self.get_invoices(bad)), 2)
        self.assertFalse(bad.invoice_generation_error)

    # The scheduler

    def test_the_scheduler_bills_once(self):
        agreements = self.create_agreements(3)
        self.run_cron()
        self.assertEqual(len(self.get_invoices(agreements)), 3)
        self.run_cron()
        self.assertEqual(len(self.get_invoices(agreements)), 3)

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_a_crash_between_chunks_loses_nothing_and_bills_nothing_twice(self):
        self.set_batches(2, 2)
        agreements = self.create_agreements(5)
        crons = self.env.registry["ir.cron"]
        original, calls = crons._commit_progress, []

        def crash(cron, *args, **kwargs):
            calls.append(args)
            if len(calls) == 2:
                raise MemoryError("Killed on purpose")
            return original(cron, *args, **kwargs)

        with patch.object(crons, "_commit_progress", crash), patch.object(crons, "_callback", self._callback_once()):
            self.run_cron()
        self.assertEqual(len(self.get_invoices(agreements)), 2)
        self.run_cron()
        invoices = self.get_invoices(agreements)
        self.assertEqual(len(invoices), 5)
        self.assertEqual(len(invoices.invoice_line_ids.contract_line_id), 5)

    def _callback_once(self):
        """The scheduler calls a job again at once; here the worker is gone after the first call."""
        original, calls = self.env.registry["ir.cron"]._callback, []

        def callback(cron, *args):
            calls.append(cron)
            if len(calls) > 1:
                raise MemoryError("The worker is gone")
            return original(cron, *args)

        return callback

    def test_a_run_ends_when_its_time_is_over_and_goes_on_with_the_next_call(self):
        self.set_batches(2, 2)
        agreements = self.create_agreements(5)
        crons = self.env.registry["ir.cron"]
        original, left = crons._commit_progress, []

        def time_is_over(cron, *args, **kwargs):
            original(cron, *args, **kwargs)
            left.append(kwargs["remaining"])
            return 0

        plain = self._create_plain_contract()
        run, runs = self.env.registry["contract.contract"]._run_agreement_invoices, []

        def count_runs(contracts, day):
            runs.append(run(contracts, day))
            return runs[-1]

        self.patch(self.env.registry["contract.contract"], "_run_agreement_invoices", count_runs)
        with patch.object(crons, "_commit_progress", time_is_over):
            self.run_cron()
        self.assertEqual((left, runs), ([3, 1, 0], [3, 1, 0]))
        self.assertEqual(len(self.get_invoices(agreements | plain)), 6)

    @mute_logger(CONTRACT_LOG, "odoo.sql_db")
    def test_agreements_that_fail_do_not_keep_the_others_from_their_turn(self):
        """The run goes on after the end of its time with those that failed before: none is tried for ever."""
        self.set_batches(2, 2)
        agreements = self.create_agreements(5)
        self.spoil(agreements[:3])
        crons = self.env.registry["ir.cron"]
        original, left = crons._commit_progress, []

        def time_is_over(cron, *args, **kwargs):
            original(cron, *args, **kwargs)
            left.append(kwargs["remaining"])
            return 0

        with patch.object(crons, "_commit_progress", time_is_over):
            self.run_cron()
        self.assertEqual(len(self.get_invoices(agreements)), 2)
        self.assertEqual(left[-1], 0)
        self.assertLess(len(left), 8)

    def test_contracts_without_a_plan_are_invoiced_by_oca(self):
        plain, [agreement] = self._create_plain_contract(), self.create_agreements(1)
        self.run_cron()
        self.assertEqual(self.get_invoices(plain).amount_untaxed, 50)
        self.assertEqual(len(self.get_invoices(plain).message_ids.filtered(lambda m: "by contract" in m.body)), 1)
        self.assertEqual(len(self.get_invoices(agreement)), 1)

    def _create_plain_contract(self):
        line = {
            "product_id": self.product_a.id,
            "name": "Hosting",
            "specific_price": 50,
            "date_start": "2026-01-01",
            "recurring_invoicing_type": "pre-paid",
        }
        values = {"name": "Hosting", "partner_id": self.client.id, "line_recurrence": True}
        return self.contracts.create({**values, "contract_line_ids": [Command.create(line)]})

    def test_each_company_invoices_its_own(self):
        other = self.setup_other_company(name="Second firm")["company"]
        other.write({"currency_id": self.env.company.currency_id.id, "support_auto_post": True})
        [ours] = self.create_agreements(1)
        theirs = self.create_agreement(self.plan_start, self.create_client("Theirs"), "2026-01-01", company_id=other.id)
        self.contracts._run_agreement_invoices(date(2026, 1, 10))
        self.assertEqual(self.get_invoices(ours).company_id, self.env.company)
        self.assertEqual(self.get_invoices(theirs).company_id, other)
        self.assertEqual(self.get_invoices(theirs).journal_id.company_id, other)
        self.assertEqual((self.get_invoices(ours) | self.get_invoices(theirs)).mapped("state"), ["draft", "posted"])

    # Cost

    def test_an_invoice_costs_at_most_six_queries_posting_included(self):
        """Ours are O(1) for a batch: N and 2N differ by what core needs for each number."""
        self.env.company.support_auto_post = True
        first, second, third = (self.create_agreements(count) for count in (5, 20, 40))
        (first | second | third).partner_id.customer_rank = 1  # they had an invoice before
        self._count_queries(first)
        few, many = self._count_queries(second), self._count_queries(third)
        self.assertLessEqual(many - few, 6 * 20)
        self.assertLessEqual(many, 6 * 40 + 200)

    def _count_queries(self, agreements):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        agreements._invoice_chunk(date(2026, 1, 10))
        self.env.flush_all()
        count = self.env.cr.sql_log_count - before
        self.assertEqual(set(self.get_invoices(agreements).mapped("state")), {"posted"})
        return count
