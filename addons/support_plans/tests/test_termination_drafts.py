from datetime import date

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from .common import MANAGER
from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
class TestTerminationDrafts(TerminationCommon):
    """Drafts for a time that will not be: what goes, what stays, and what is billed in their place (F9, F10)."""

    def bill(self, agreement, day="2026-01-01"):
        return agreement._recurring_create_invoice(fields.Date.to_date(day))

    def add_hosting(self, agreement):
        """Sell something else with the agreement, 100.00 a month."""
        return self.env["contract.line"].create(
            {
                "contract_id": agreement.id,
                "name": "Hosting",
                "product_id": self.product_a.id,
                "quantity": 1,
                "specific_price": 100,
                "automatic_price": False,
                "recurring_rule_type": "monthly",
                "recurring_invoicing_type": "pre-paid",
                "date_start": agreement.date_start,
            }
        )

    def get_billed(self, invoices):
        return [(x.service_period_end, x.quantity, x.price_unit) for x in invoices.invoice_line_ids]

    # A difference, and a year that a change of plan closed

    def change_with_a_draft(self, agreement):
        """STANDARD from 1 May, 360.00 dearer by the year and 400.00 by the month; its invoices stay drafts."""
        self.plan_standard.price_year_month = 709
        agreement._apply_plan(
            self.plan_standard, self.plan_standard._prepare_terms(), 1, fields.Date.to_date("2026-05-01")
        )
        return self.bill(agreement, "2026-05-01")

    def test_a_difference_is_billed_anew_until_the_end_only(self):
        """Its months cost the difference of the list prices, as in the settlement of one that was paid."""
        agreement = self.create_year()
        draft = self.change_with_a_draft(agreement)
        self.assertEqual(self.get_billed(draft), [(date(2026, 12, 31), 8, 360)])
        self.resign(agreement, "2026-06-10", accept=True)
        self.assertFalse(draft.exists())
        self.assertEqual(self.get_billed(self.run_invoicing("2026-12-31")), [(date(2026, 6, 10), 2, 400)])

    def test_a_closed_year_is_billed_anew_until_the_end_only(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        drafts = self.bill(agreement)
        drafts |= self.change_with_a_draft(agreement)
        self.resign(agreement, "2026-06-10", accept=True)
        self.assertFalse(drafts.exists())
        billed = sorted(self.get_billed(self.run_invoicing("2026-12-31")), key=lambda line: line[2])
        self.assertEqual(billed, [(date(2026, 6, 10), 6, 399), (date(2026, 6, 10), 2, 400)])

    def test_a_second_year_is_billed_anew_until_the_end_only(self):
        agreement = self.create_year("2025-01-01")
        drafts = self.bill(agreement)
        drafts |= self.change_with_a_draft(agreement)
        self.resign(agreement, "2026-06-10", accept=True)
        self.assertFalse(drafts.exists())
        billed = sorted(self.get_billed(self.run_invoicing("2026-12-31")), key=lambda line: line[2])
        self.assertEqual(billed, [(date(2026, 6, 10), 6, 399), (date(2026, 6, 10), 2, 400)])

    def test_a_year_that_was_taken_over_is_billed_anew_until_the_end_only(self):
        agreement = self.create_agreement(
            self.plan_start, self.client, "2025-01-01", "year", invoice_from=date(2026, 1, 1)
        )
        drafts = self.bill(agreement)
        drafts |= self.change_with_a_draft(agreement)
        self.resign(agreement, "2026-06-10", accept=True)
        self.assertFalse(drafts.exists())
        billed = sorted(self.get_billed(self.run_invoicing("2026-12-31")), key=lambda line: line[2])
        self.assertEqual(billed, [(date(2026, 6, 10), 6, 399), (date(2026, 6, 10), 2, 400)])

    def test_a_difference_deleted_by_hand_is_cut_as_well(self):
        agreement = self.create_year()
        draft = self.change_with_a_draft(agreement)
        termination = self.resign(agreement, "2026-06-10")
        draft.unlink()
        self.assertEqual(self.get_billed(self.run_invoicing("2026-12-31")), [(date(2026, 6, 10), 2, 400)])
        termination.action_withdraw()

    # What else is on them

    def test_other_things_on_a_draft_stay(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        hosting = self.add_hosting(agreement)
        draft = self.bill(agreement)
        draft.invoice_line_ids = [Command.create({"name": "Cable", "price_unit": 20})]
        self.resign(agreement, "2026-05-31", accept=True)
        self.assertEqual(draft.invoice_line_ids.mapped("price_subtotal"), [100, 20])
        self.assertEqual(hosting.last_date_invoiced, date(2026, 1, 31))
        self.assertTrue(agreement.recurring_next_date)

    def test_a_discount_on_the_plan_goes_with_it(self):
        """A draft of a discount alone would be a negative invoice."""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        draft = self.bill(agreement)
        draft.invoice_line_ids = [Command.create({"name": "Discount", "price_unit": -200})]
        self.resign(agreement, "2026-05-31", accept=True)
        self.assertFalse(draft.exists())

    def test_a_discount_on_the_plan_goes_and_other_things_stay(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        self.add_hosting(agreement)
        draft = self.bill(agreement)
        hosting = {"name": "A month of hosting free", "product_id": self.product_a.id, "price_unit": -50}
        draft.invoice_line_ids = [
            Command.create({"name": "Discount", "price_unit": -200}),
            Command.create(hosting),
        ]
        self.resign(agreement, "2026-05-31", accept=True)
        self.assertEqual(draft.invoice_line_ids.mapped("price_subtotal"), [100, -50])

    def test_a_discount_stays_with_another_fee_of_its_draft(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        draft = self.change_with_a_draft(agreement)
        year, difference = draft.invoice_line_ids.sorted("service_period_start")
        draft.invoice_line_ids = [Command.create({"name": "Discount", "price_unit": -200})]
        difference._take_off_drafts()
        self.assertEqual(draft.invoice_line_ids.mapped("price_subtotal"), [year.price_subtotal, -200])

    def test_undoing_the_start_leaves_other_things(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        self.add_hosting(agreement)
        draft = self.bill(agreement)
        agreement.action_undo_start()
        self.assertEqual(draft.invoice_line_ids.mapped("price_subtotal"), [100])

    # Issued once

    def issue_once(self, agreement):
        invoice = self.bill(agreement)
        invoice.action_post()
        invoice.button_draft()
        return invoice

    def test_what_was_issued_once_is_cancelled_and_keeps_its_number(self):
        chief = self.create_support_user("chief", "account.group_account_manager", MANAGER)
        for user in (self.accountant, chief):
            with self.subTest(user.login):
                client = self.create_client(user.login)
                agreement = self.create_agreement(self.plan_start, client, "2026-01-01", "year")
                invoice, name = self.issue_once(agreement), self.get_invoice(agreement).name
                termination = self.resign(agreement, "2026-05-31")
                termination.with_user(user).action_accept()
                self.assertEqual((invoice.state, invoice.name), ("cancel", name))
                self.assertEqual(self.get_billed(self.bill(agreement, "2026-06-01")), [(date(2026, 5, 31), 5, 399)])

    def test_the_start_is_undone_and_an_issued_invoice_kept(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        invoice = self.issue_once(agreement)
        agreement.with_user(self.create_support_user("owner", MANAGER)).action_undo_start()
        self.assertEqual((invoice.state, agreement.support_state), ("cancel", "draft"))

    def test_issued_once_with_other_things_is_left_to_the_accountant(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        self.add_hosting(agreement)
        invoice = self.issue_once(agreement)
        termination = self.resign(agreement, "2026-05-31")
        with self.assertRefused(f"{invoice.name}.*was issued once"):
            termination.action_accept()

    # A draft that replaces what was paid

    def replace(self, agreement):
        invoice = self.get_invoice(agreement)
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": [Command.set(invoice.ids)], "journal_id": invoice.journal_id.id, "date": "2026-01-02"}
        )
        wizard.modify_moves()
        return wizard.new_move_ids

    def match_all(self):
        """Match what is open between the client and us."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.client.id),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
            ]
        )
        lines.reconcile()

    def test_a_draft_in_place_of_a_paid_invoice_is_posted_first(self):
        agreement = self.create_year()
        draft = self.replace(agreement)
        termination = self.resign(agreement, "2026-05-31")
        with self.assertRefused("Post the draft, and match the payment"):
            termination.action_accept()
        draft.action_post()
        self.match_all()
        termination.action_accept()
        self.assertEqual((termination.paid_net, termination.refund_gross), (4188, 2616.47))

    def test_a_draft_in_place_of_an_unpaid_invoice_is_taken_off(self):
        agreement = self.create_year(paid=False)
        draft = self.replace(agreement)
        self.resign(agreement, "2026-05-31", accept=True)
        self.assertFalse(draft.exists())
        self.assertEqual(self.get_billed(self.run_invoicing("2026-06-01")), [(date(2026, 5, 31), 5, 399)])

    def test_what_was_paid_and_given_back_keeps_no_draft(self):
        agreement = self.create_year()
        invoice = self.get_invoice(agreement)
        draft = self.replace(agreement)
        back = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.client.id,
                "amount": invoice.amount_total,
                "date": "2026-01-03",
            }
        )
        back.action_post()
        self.match_all()
        self.resign(agreement, "2026-05-31", accept=True)
        self.assertFalse(draft.exists())

    # Withdrawn after the months until the end were billed

    @freeze_time("2026-06-01")
    def test_withdrawn_a_year_that_was_billed_short_is_billed_whole(self):
        """P9: no trace in billing"""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        termination = self.resign(agreement, "2026-05-31", accept=True)
        short = self.bill(agreement, "2026-06-01")
        self.assertEqual(self.get_billed(short), [(date(2026, 5, 31), 5, 399)])
        termination.action_withdraw()
        self.assertFalse(short.exists())
        self.assertEqual(self.get_billed(self.run_invoicing("2026-06-01")), [(date(2026, 12, 31), 12, 349)])

    @freeze_time("2026-06-01")
    def test_withdrawn_the_rest_of_a_year_costs_the_yearly_price(self):
        """What is issued is the accountant's; the history says what to do."""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        termination = self.resign(agreement, "2026-05-31", accept=True)
        short = self.bill(agreement, "2026-06-01")
        short.action_post()
        termination.action_withdraw()
        self.assertEqual(short.state, "posted")
        self.assertIn("give the difference back", "".join(agreement.message_ids.mapped("body")))
        self.assertEqual(self.get_billed(self.run_invoicing("2026-06-01")), [(date(2026, 12, 31), 7, 349)])
        again = self.resign(agreement, "2026-08-31", accept=True)
        self.assertEqual(self.get_billed(self.run_invoicing("2026-09-01")), [(date(2026, 8, 31), 3, 399)])
        again.action_withdraw()
