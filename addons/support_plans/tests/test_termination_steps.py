from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
class TestTerminationSteps(TerminationCommon):
    """Submitted, accepted, withdrawn: what each step does to the agreement and its invoices (F6, P9, D3, D7)."""

    def create_resignation(self, agreement, **values):
        return self.env["support.termination"].create({"contract_id": agreement.id, **values})

    # The last day

    @freeze_time("2026-03-10")
    def test_the_earliest_end_is_proposed(self):
        """D3: a paid year may end with the notice, a monthly agreement not before its minimum term."""
        year = self.create_year()
        self.assertEqual(self.create_resignation(year).effective_on, date(2026, 4, 10))
        monthly = self.create_agreement(self.plan_standard, self.create_client("Monthly"), "2026-01-01")
        self.assertEqual(self.create_resignation(monthly).effective_on, date(2026, 6, 30))

    @freeze_time("2026-03-10")
    def test_a_later_day_is_free_an_earlier_one_needs_a_manager_and_a_reason(self):
        resignation = self.create_resignation(self.create_year())
        resignation.effective_on = "2026-06-30"
        with self.assertRefused("write the reason"):
            resignation.effective_on = "2026-03-31"
        resignation.write({"effective_on": "2026-03-31", "early_reason": "Agreed"})
        with self.assertRefused("Only a support manager"):
            resignation.with_user(self.consultant).write({"effective_on": "2026-03-30", "early_reason": "Why not"})

    @freeze_time("2026-03-10")
    def test_bad_dates_and_strangers_are_refused(self):
        agreement = self.create_year()
        with self.assertRefused("still to come"):
            self.create_resignation(agreement, requested_on="2026-03-11")
        with self.assertRefused("begins on"):
            self.create_resignation(agreement, effective_on="2025-12-31", early_reason="x")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRefused("does not belong"):
            self.create_resignation(agreement, requested_by_id=stranger.id)
        draft = self.create_draft_agreement(self.plan_start, self.create_client("Draft"), "2026-01-01")
        with self.assertRefused("not running"):
            self.create_resignation(draft)

    def test_one_open_resignation_an_agreement(self):
        agreement = self.create_year()
        self.resign(agreement, "2026-05-31").action_withdraw()
        self.resign(agreement, "2026-05-31")
        with self.assertRefused("already"):
            self.create_resignation(agreement)
        other = self.create_year(client=self.create_client("Twice"))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["support.termination"].create([{"contract_id": other.id}] * 2)

    # Submitted

    def test_submitting_ends_the_agreement(self):
        agreement = self.create_year()
        termination = self.resign(agreement, "2026-05-31", reason="Own staff")
        self.assertEqual((agreement.support_state, agreement.date_end), ("notice", date(2026, 5, 31)))
        self.assertEqual(agreement.notice_reason, "Own staff")
        self.assertEqual((termination.state, len(termination.handover_ids)), ("submitted", 6))
        self.assertFalse(self.run_invoicing("2027-01-01"))
        with self.assertRefused("possible only in"):
            termination.action_submit()

    def test_a_later_last_day_follows_to_the_agreement(self):
        agreement = self.create_year()
        termination = self.resign(agreement, "2026-05-31")
        termination.effective_on = "2026-06-30"
        self.assertEqual(agreement.date_end, date(2026, 6, 30))
        self.assertEqual((termination.months_worked, termination.used_net), (6, 2394.00))

    def test_a_monthly_agreement_ends_with_its_last_month(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.run_invoicing("2026-03-01")
        termination = self.resign(agreement, "2026-04-30", accept=True)
        self.assertEqual(termination.refund_gross, 0)
        self.assertEqual(self.run_invoicing("2026-09-01").amount_untaxed, 399)
        self.assertFalse(self.run_invoicing("2026-12-01"))
        termination.action_prepare_correction()
        self.assertFalse(termination.refund_move_ids)
        self.assertEqual(termination.state, "refunded")

    def test_a_month_invoiced_after_the_end_is_corrected_without_fee(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        invoices = self.run_invoicing("2026-04-01")
        invoices.action_post()
        self.pay(invoices)
        termination = self.resign(agreement, "2026-03-31", accept=True)
        self.assertEqual((termination.fee, termination.refund_gross), (0, 490.77))

    # Accepted

    def test_accepting_starts_the_days_of_the_refund(self):
        """D7: 21 days, the day itself not counted; 21 June 2026 is a Sunday."""
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        self.assertEqual(termination.refund_plain_due_on, date(2026, 6, 21))
        self.assertEqual(termination.refund_due_on, date(2026, 6, 22))
        self.assertEqual(termination.state, "accepted")

    def test_a_private_person_gets_it_within_14_days(self):
        """D15"""
        person = self.env["res.partner"].create({"name": "Private Client"})
        termination = self.resign(self.create_year(client=person), "2026-05-31", accept=True)
        self.assertEqual(termination.refund_due_on, date(2026, 6, 15))  # 14 June 2026 is a Sunday

    def test_a_draft_of_the_year_is_deleted_and_its_months_billed_at_the_list_price(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        draft = agreement._recurring_create_invoice(fields.Date.to_date("2026-01-01"))
        termination = self.resign(agreement, "2026-05-31", accept=True)
        self.assertFalse(draft.exists())
        self.assertEqual(termination.refund_gross, 0)
        invoice = self.run_invoicing("2026-06-01")
        self.assertEqual((invoice.amount_untaxed, invoice.invoice_line_ids.price_unit), (5 * 399.00, 399.00))

    def test_the_client_gets_a_confirmation_once(self):
        termination = self.resign(self.create_year(), "2026-05-31", accept=True, requested_by_id=self.client_contact.id)
        with self.enter_registry_test_mode():
            for _run in range(2):
                self.env.ref("support_plans.ir_cron_confirm_resignations").method_direct_trigger()
        mails = termination.message_ids.filtered(lambda message: self.client_contact in message.partner_ids)
        self.assertEqual(len(mails), 1)
        self.assertIn("2,616.47", mails.body)
        self.assertTrue(termination.confirmed_at)

    # Withdrawn

    def test_withdrawing_undoes_everything(self):
        agreement = self.create_year()
        termination = self.resign(agreement, "2026-05-31", accept=True)
        termination.action_prepare_correction()
        draft = termination.refund_move_ids
        termination.action_withdraw()
        self.assertFalse(draft.exists())
        self.assertEqual((termination.state, agreement.support_state), ("withdrawn", "running"))
        self.assertFalse(agreement.date_end)
        renewed = self.run_invoicing("2027-01-01")
        self.assertEqual(renewed.invoice_line_ids.service_period_start, date(2027, 1, 1))
        self.assertEqual(termination.withdrawn_by_id, self.env.user)
        self.assertTrue(agreement.message_ids.filtered(lambda message: termination.name in (message.body or "")))

    def test_after_the_correction_it_says_what_to_do_instead(self):
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        termination.action_prepare_correction()
        termination.refund_move_ids.action_post()
        with self.assertRefused("sign a new agreement"):
            termination.action_withdraw()
        with self.assertRefused("Withdraw it instead"):
            termination.unlink()

    def test_an_agreement_that_is_over_does_not_run_on(self):
        agreement = self.create_year()
        termination = self.resign(agreement, "2026-05-31", accept=True)
        agreement._mark_ended()
        with self.assertRefused("Sign a new agreement"):
            termination.action_withdraw()

    def test_a_settlement_that_is_issued_is_not_simulated_again(self):
        """The fee that was kept would count as paid."""
        agreement = self.create_year()
        termination = self.resign(agreement, "2026-05-31", accept=True)
        termination.action_prepare_correction()
        termination.refund_move_ids.action_post()
        simulated = self.env["support.termination"]._simulate(agreement, fields.Date.to_date("2026-05-31"))
        self.assertEqual((simulated, simulated.refund_gross), (termination, 2616.47))

    def test_a_start_is_not_undone_under_a_resignation(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        termination = self.resign(agreement, "2026-04-30")
        with self.assertRefused("withdraw it before"):
            agreement.action_undo_start()
        termination.action_withdraw()
        agreement.action_undo_start()
        self.assertEqual(agreement.support_state, "draft")

    # By hand

    def test_figures_and_states_are_not_written_by_hand(self):
        termination = self.resign(self.create_year(), "2026-05-31")
        for vals in ({"refund_gross": 1}, {"state": "closed"}, {"accepted_on": "2026-05-31"}, {"line_ids": []}):
            with self.subTest(vals), self.assertRaises(UserError):
                termination.write(vals)
        with self.assertRaises(UserError):
            self.create_resignation(self.create_year(client=self.create_client("Other")), refund_gross=1)

    def test_the_treatment_is_frozen_with_the_correction(self):
        """D14: who chose it and when"""
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        termination.with_user(self.accountant).fee_tax_treatment = "none"
        self.assertEqual(termination.treatment_by_id, self.accountant)
        self.assertEqual((termination.fee, termination.refund_gross), (0, 2697.39))
        termination.action_prepare_correction()
        termination.refund_move_ids.action_post()
        with self.assertRaises(UserError):
            termination.fee_tax_treatment = "taxable"

    # Refund

    def test_a_wrong_account_number_is_refused(self):
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "PL61109010140000071219812875", "partner_id": self.client.id}
        )
        with self.assertRefused("check digit"):
            self.resign(self.create_year(), "2026-05-31", refund_bank_id=bank.id)

    @freeze_time("2026-07-02")
    def test_interest_runs_after_the_due_date(self):
        """10 days late at 10 % and, from 1 July, at 9.5 %: rates that the test enters"""
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        self.assertEqual((termination.overdue_days, termination.interest), (10, 0))
        self.assertIn("No interest rate", termination.interest_note)
        self.env["support.interest.rate"].create(
            [
                {"date_from": "2026-01-01", "percent": 10, "source": "Test"},
                {"date_from": "2026-07-01", "percent": 9.5, "source": "Test"},
            ]
        )
        termination.invalidate_recordset()
        # 2616.47 × (8 × 10 + 2 × 9.5) / 36500
        self.assertEqual((termination.interest, termination.interest_note), (7.10, ""))
        overdue = self.env["support.termination"].search([("overdue_days", ">", 0)])
        self.assertIn(termination, overdue)

    def test_the_accountant_is_reminded_7_and_2_days_before(self):
        termination = self.resign(self.create_year(), "2026-05-31", accept=True)
        counts = []
        for day in ("2026-06-14", "2026-06-15", "2026-06-15", "2026-06-20", "2026-06-21"):
            with freeze_time(day), self.enter_registry_test_mode():
                self.env.ref("support_plans.ir_cron_remind_refunds").method_direct_trigger()
            counts.append(len(termination.activity_ids))
        self.assertEqual(counts, [0, 1, 1, 2, 2])
        termination.action_withdraw()
        self.assertFalse(termination.activity_ids)
