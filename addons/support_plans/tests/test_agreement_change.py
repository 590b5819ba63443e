from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import SupportInvoicingCommon


@tagged("post_install", "-at_install")
class TestAgreementChange(SupportInvoicingCommon):
    """Change of plan from the next service month (B8, P9, F9, D3, D5)."""

    def _request(self, agreement, plan, day, **terms):
        """Ask for a plan on a day, as the wizard does."""
        wizard = self.env["support.plan.change.wizard"].create(
            {
                "contract_id": agreement.id,
                "new_plan_id": plan.id,
                "requested_on": day,
                **terms,
            }
        )
        with freeze_time(day):
            wizard.action_confirm()
        return agreement.scheduled_change_id

    def _lines(self, moves):
        return [
            (str(x.service_period_start), x.quantity, x.price_unit)
            for x in moves.invoice_line_ids.sorted("service_period_start")
        ]

    # Monthly

    def test_an_upgrade_begins_with_the_next_service_month(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31")
        self.run_invoicing("2026-02-28")
        change = self._request(agreement, self.plan_standard, "2026-03-10")
        self.assertEqual(change.effective_on, date(2026, 3, 31))
        self.assertEqual(
            agreement.scheduled_change_text,
            "On 31 Mar 2026 the plan changes from START to STANDARD.",
        )

        agreement._apply_due_plan_changes(date(2026, 3, 30))
        self.assertEqual(agreement.support_plan_id, self.plan_start)
        agreement._apply_due_plan_changes(date(2026, 3, 31))
        self.assertEqual(agreement.support_plan_id, self.plan_standard)
        self.assertEqual(agreement.response_hours, 4)
        self.assertEqual(agreement._get_coverage(), self.plan_standard._get_coverage())
        self.assertEqual(agreement.name, "STANDARD – Nowak Sp. z o.o.")
        self.assertEqual(agreement.plan_terms_version, self.plan_standard.terms_version)

        old, new = agreement.plan_fee_line_ids.sorted("date_start")
        self.assertEqual((old.date_end, new.date_start), (date(2026, 3, 30), date(2026, 3, 31)))
        self.assertEqual(
            self._lines(self.run_invoicing("2026-04-30")),
            [("2026-03-31", 1, 799), ("2026-04-30", 1, 799)],
        )

    def test_a_change_waits_for_the_end_of_what_is_billed(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.run_invoicing("2026-04-01")
        change = self._request(agreement, self.plan_standard, "2026-02-10")
        self.assertEqual(change.effective_on, date(2026, 5, 1))

    def test_months_not_yet_billed_before_the_change_keep_the_old_price(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self._request(agreement, self.plan_standard, "2026-02-10")
        self.assertEqual(
            self._lines(self.run_invoicing("2026-03-01")),
            [("2026-01-01", 1, 399), ("2026-02-01", 1, 399), ("2026-03-01", 1, 799)],
        )

    def test_a_change_before_the_start_replaces_the_fee(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-03-01")
        change = self._request(agreement, self.plan_standard, "2026-02-10")
        self.assertEqual(change.effective_on, date(2026, 3, 1))
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual(agreement.plan_fee_line_ids.price_unit, 799)

    def test_a_downgrade_in_the_minimum_term_is_refused_with_the_earliest_date(self):
        """P9, D3"""
        agreement = self.create_agreement(self.plan_standard, self.client, "2026-01-01")
        with self.assertRaises(UserError) as caught:
            self._request(agreement, self.plan_start, "2026-03-10")
        self.assertIn("06/30/2026", str(caught.exception))
        self.assertIn("07/01/2026", str(caught.exception))
        change = self._request(agreement, self.plan_start, "2026-06-10")
        self.assertEqual(change.effective_on, date(2026, 7, 1))

    def test_an_upgrade_in_the_minimum_term_does_not_restart_it(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self._request(agreement, self.plan_standard, "2026-01-10")
        agreement._apply_due_plan_changes(date(2026, 2, 1))
        self.assertEqual(agreement.min_term_end, date(2026, 6, 30))

    # Prepaid year

    def _yearly(self):
        self.plan_start.price_year_month = 359.10
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-15", "year")
        self.run_invoicing("2026-01-15")
        return agreement

    def test_an_upgrade_of_a_prepaid_year_bills_the_difference_of_the_months_that_remain(self):
        """F9: 8 months x (719.10 - 359.10); the new year at the new price."""
        agreement = self._yearly()
        change = self._request(agreement, self.plan_standard, "2026-05-10")
        self.assertEqual(change.effective_on, date(2026, 5, 15))
        self.assertFalse(self.run_invoicing("2026-05-14"))
        invoice = self.run_invoicing("2026-05-15")
        self.assertEqual(self._lines(invoice), [("2026-05-15", 8, 360)])
        self.assertIn("difference", invoice.invoice_line_ids.name)
        self.assertEqual(invoice.invoice_line_ids.service_period_end, date(2027, 1, 14))
        self.assertEqual(agreement.support_plan_id, self.plan_standard)
        self.assertFalse(self.run_invoicing("2027-01-14"))
        self.assertEqual(
            self._lines(self.run_invoicing("2028-01-15")),
            [("2027-01-15", 12, 719.10), ("2028-01-15", 12, 719.10)],
        )

    def test_a_second_upgrade_in_the_year_bills_only_the_further_difference(self):
        agreement = self._yearly()
        self._request(agreement, self.plan_standard, "2026-05-10")
        self.run_invoicing("2026-05-15")
        self._request(
            agreement,
            self.plan_premium,
            "2026-10-01",
            list_price_month=2000,
            price_year_month=1800,
            hourly_rate=120,
            response_hours=1,
        )
        self.assertEqual(self._lines(self.run_invoicing("2026-10-15")), [("2026-10-15", 3, 1080.90)])
        self.assertEqual(self._lines(self.run_invoicing("2027-01-15")), [("2027-01-15", 12, 1800)])

    def test_an_upgrade_of_a_year_that_ends_with_the_agreement(self):
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(
            self.plan_start, self.client, "2026-01-15", "year", date_end=date(2027, 1, 14)
        )
        self.run_invoicing("2026-01-15")
        self._request(agreement, self.plan_standard, "2026-05-10")
        self.assertEqual(self._lines(self.run_invoicing("2028-01-15")), [("2026-05-15", 8, 320.10)])

    def test_a_downgrade_of_a_prepaid_year_waits_for_its_end(self):
        self.plan_start.price_year_month = 359.10
        agreement = self.create_agreement(self.plan_standard, self.client, "2026-01-15", "year")
        self.run_invoicing("2026-01-15")
        change = self._request(agreement, self.plan_start, "2026-08-10")
        self.assertEqual(change.effective_on, date(2027, 1, 15))
        self.assertEqual(self._lines(self.run_invoicing("2027-01-15")), [("2027-01-15", 12, 359.10)])
        self.assertEqual(agreement.support_plan_id, self.plan_start)

    def _yearly_billed_ahead(self):
        """START for 2026, and the year 2027 invoiced on 20 December already."""
        self.plan_start.price_year_month = 359.10
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        self.run_invoicing("2027-01-01")
        return agreement

    def test_an_upgrade_after_the_next_year_was_invoiced_bills_its_difference(self):
        agreement = self._yearly_billed_ahead()
        change = self._request(agreement, self.plan_standard, "2026-12-20")
        self.assertEqual(change.effective_on, date(2027, 1, 1))
        self.assertEqual(self._lines(self.run_invoicing("2027-01-01")), [("2027-01-01", 12, 360)])
        self.assertEqual(agreement.support_plan_id, self.plan_standard)
        self.assertEqual(self._lines(self.run_invoicing("2028-01-01")), [("2028-01-01", 12, 719.10)])

    def test_an_upgrade_before_the_start_of_a_year_that_is_invoiced(self):
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(self.plan_start, self.client, "2027-01-01", "year")
        self.run_invoicing("2027-01-01")
        self._request(agreement, self.plan_standard, "2026-12-20")
        self.assertEqual(
            self._lines(self.run_invoicing("2028-01-01")), [("2027-01-01", 12, 320.10), ("2028-01-01", 12, 719.10)]
        )

    def test_a_downgrade_waits_for_the_end_of_what_is_invoiced_ahead(self):
        agreement = self.create_agreement(self.plan_standard, self.client, "2026-01-01", "year")
        self.run_invoicing("2027-01-01")
        change = self._request(agreement, self.plan_start, "2026-12-20")
        self.assertEqual(change.effective_on, date(2028, 1, 1))

    def test_the_wizard_speaks_of_a_difference_only_in_a_year_that_is_paid(self):
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        self.run_invoicing("2026-01-01")
        wizard = self.env["support.plan.change.wizard"].new(
            {"contract_id": agreement.id, "new_plan_id": self.plan_standard.id, "requested_on": date(2026, 12, 20)}
        )
        wizard._onchange_new_plan_id()
        self.assertIn("719.10", wizard.explanation)
        self.assertNotIn("difference", wizard.explanation)

    # Notice in between

    PREMIUM_TERMS = {"list_price_month": 2000, "price_year_month": 1800, "hourly_rate": 120, "response_hours": 1}

    def _yearly_from_january(self):
        """START for the year 2026, paid, upgraded to STANDARD on 1 March."""
        self.plan_start.price_year_month = 359.10
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        self.run_invoicing("2026-01-01")
        self._request(agreement, self.plan_standard, "2026-02-10")
        return agreement

    def test_a_difference_is_billed_only_to_the_last_day(self):
        agreement = self._yearly_from_january()
        self.run_invoicing("2026-03-01")
        self._request(agreement, self.plan_premium, "2026-03-10", **self.PREMIUM_TERMS)
        agreement._give_notice(date(2026, 3, 15), date(2026, 5, 15))
        # F9, F10: the months until the end cost the monthly price list, 2000 less 799
        self.assertEqual(self._lines(self.run_invoicing("2026-04-01")), [("2026-04-01", 2, 1201)])
        self.assertFalse(self.run_invoicing("2028-01-01"))
        # Withdrawn: the draft goes, the whole difference comes, and the next year at the new price
        agreement.action_withdraw_notice()
        self.assertEqual(
            self._lines(self.run_invoicing("2027-01-01")), [("2026-04-01", 9, 1080.90), ("2027-01-01", 12, 1800)]
        )

    def test_withdrawing_gives_an_unbilled_difference_its_months_back(self):
        agreement = self._yearly_from_january()
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        agreement._give_notice(date(2026, 3, 15), date(2026, 4, 30))
        agreement.action_withdraw_notice()
        self.assertEqual(self._lines(self.run_invoicing("2026-03-20")), [("2026-03-01", 10, 360)])
        self.assertEqual(self._lines(self.run_invoicing("2027-01-01")), [("2027-01-01", 12, 719.10)])

    def test_a_monthly_change_during_notice_survives_its_withdrawal(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self._request(agreement, self.plan_standard, "2026-02-10")
        agreement._give_notice(date(2026, 2, 15), date(2026, 3, 31))
        invoices = self.run_invoicing("2026-12-01")
        self.assertEqual([price for _day, _quantity, price in self._lines(invoices)], [399, 399, 799])
        agreement.action_withdraw_notice()
        self.assertEqual(self._lines(self.run_invoicing("2026-04-01")), [("2026-04-01", 1, 799)])

    # Which changes make sense

    def test_premium_needs_its_terms(self):
        """P7"""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "PREMIUM.*Monthly List Price"):
            self._request(agreement, self.plan_premium, "2026-02-10")
        self._request(
            agreement,
            self.plan_premium,
            "2026-02-10",
            list_price_month=2500,
            hourly_rate=120,
            response_hours=1,
        )
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual((agreement.list_price_month, agreement.response_hours), (2500, 1))

    def test_the_same_terms_free_plans_and_drafts_are_refused(self):
        draft = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "not running"):
            self._request(draft, self.plan_standard, "2026-02-10")
        draft.action_start_agreement()
        with self.assertRaisesRegex(UserError, "on its current terms"):
            self._request(draft, self.plan_start, "2026-02-10")
        with self.assertRaisesRegex(UserError, "give notice"):
            self._request(draft, self.plan_community, "2026-06-10")

    def test_an_agreement_on_older_terms_may_move_to_the_present_ones(self):
        plan = self.plan_start.copy({"code": "START-2"})
        agreement = self.create_agreement(plan, self.client, "2026-01-01")
        plan.price_month = 420
        self.assertEqual(plan.outdated_agreement_count, 1)
        self._request(agreement, plan, "2026-02-10")
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual(agreement.list_price_month, 420)
        plan.invalidate_recordset()
        self.assertFalse(plan.outdated_agreement_count)

    def _start_with_programming(self):
        """START with the exception that programming is done from the package (F2)."""
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        programming = agreement.entitlement_ids.filtered(lambda e: e.work_type_id.code == "PROGRAMMING")
        programming.coverage = "package"
        agreement.action_start_agreement()
        return agreement

    def test_newer_terms_of_the_same_plan_leave_the_entitlements_as_agreed(self):
        agreement = self._start_with_programming()
        self.plan_start.price_month = 420
        change = self._request(agreement, self.plan_start, "2026-02-10")
        self.assertNotIn("Programming", change.old_summary + change.new_summary)
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual(agreement.list_price_month, 420)
        self.assertEqual(agreement._get_coverage()["PROGRAMMING"], "package")

    def test_another_plan_shows_what_becomes_of_the_entitlements(self):
        self.plan_standard.entitlement_ids.filtered(lambda e: e.work_type_id.code == "PROGRAMMING").unlink()
        agreement = self._start_with_programming()
        wizard = self.env["support.plan.change.wizard"].create(
            {"contract_id": agreement.id, "new_plan_id": self.plan_start.id}
        )
        self.assertFalse(wizard.coverage_change)
        wizard.new_plan_id = self.plan_standard
        self.assertIn("Programming: From the package → Not covered", wizard.coverage_change)
        change = self._request(agreement, self.plan_standard, "2026-02-10")
        self.assertIn("Programming: From the package", change.old_summary)
        self.assertIn("Programming: Not covered", change.new_summary)
        self.assertNotIn("Bug", change.new_summary)
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual(agreement._get_coverage(), self.plan_standard._get_coverage())

    @freeze_time("2026-11-21")
    def test_a_change_does_not_begin_in_the_past(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        wizard = self.env["support.plan.change.wizard"].create(
            {"contract_id": agreement.id, "new_plan_id": self.plan_standard.id, "requested_on": "2026-01-10"}
        )
        with self.assertRaisesRegex(UserError, "would begin on 02/01/2026"):
            wizard.action_confirm()
        wizard.requested_on = "2026-11-20"
        wizard.action_confirm()
        self.assertEqual(agreement.scheduled_change_id.effective_on, date(2026, 12, 1))

    def test_the_price_agreed_at_the_request_holds(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self._request(agreement, self.plan_standard, "2026-02-10")
        self.plan_standard.price_month = 900
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual(agreement.list_price_month, 799)
        self.assertEqual(agreement.plan_terms_version, self.plan_standard.terms_version - 1)

    # History

    def test_who_when_old_and_new_stay_readable(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        change = self._request(agreement, self.plan_standard, "2026-02-10", note="By e-mail")
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.plan_start.write({"price_month": 1, "price_year_month": 1})
        self.assertEqual(change.requested_by_id, self.env.user)
        self.assertEqual((change.old_plan_id, change.new_plan_id), (self.plan_start, self.plan_standard))
        self.assertIn("Monthly List Price: 399.00", change.old_summary)
        self.assertIn("Monthly List Price: 799.00", change.new_summary)
        self.assertEqual(change.state, "applied")
        self.assertTrue(change.applied_at)
        with self.assertRaisesRegex(UserError, "is history"):
            change.unlink()
        bodies = " ".join(agreement.message_ids.mapped("body"))
        self.assertIn("from START to STANDARD", bodies)

    def test_applying_twice_does_nothing_the_second_time(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        change = self._request(agreement, self.plan_standard, "2026-02-10")
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        lines = agreement.plan_fee_line_ids
        change._apply()
        agreement._apply_due_plan_changes(date(2026, 5, 1))
        self.assertEqual(agreement.plan_fee_line_ids, lines)

    def test_a_scheduled_change_may_be_cancelled_once(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        change = self._request(agreement, self.plan_standard, "2026-02-10")
        change.action_cancel()
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual(agreement.support_plan_id, self.plan_start)
        with self.assertRaisesRegex(UserError, "not scheduled any more"):
            change.action_cancel()

    def test_notice_cancels_a_change_planned_for_later(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        change = self._request(agreement, self.plan_standard, "2026-03-10")
        agreement._give_notice(date(2026, 3, 11), date(2026, 3, 31))
        self.assertEqual(change.state, "cancelled")

    # Nightly run

    def test_the_nightly_run_applies_each_change_on_its_own(self):
        broken = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        good = self.create_agreement(self.plan_start, self.create_client("Good"), "2026-01-01")
        self._request(broken, self.plan_standard, "2026-02-10")._write_own({"new_terms": {"no_such_term": 1}})
        self._request(good, self.plan_standard, "2026-02-10")
        cron = self.env.ref("support_plans.ir_cron_apply_plan_changes")
        with (
            freeze_time("2026-03-01"),
            mute_logger("odoo.addons.support_plans.models.support_plan_change"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.assertEqual(good.support_plan_id, self.plan_standard)
        self.assertEqual(broken.support_plan_id, self.plan_start)
        self.assertIn("could not be made", broken.message_ids[:1].body)

    def test_a_failure_is_told_once_and_tried_again_by_billing_not_by_tickets(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        change = self._request(agreement, self.plan_standard, "2026-02-10")
        terms = change.new_terms
        change._write_own({"new_terms": {"no_such_term": 1}})
        with self.assertLogs("odoo.addons.support_plans.models.support_plan_change", "ERROR") as logs:
            agreement._apply_due_plan_changes(date(2026, 3, 1))
            posts = len(agreement.message_ids)
            agreement.message_post(body="A post in between")
            agreement._apply_due_plan_changes(date(2026, 3, 1))
            agreement._apply_due_plan_changes(date(2026, 3, 1), retry=True)
        self.assertEqual(len(logs.records), 1)
        self.assertEqual(len(agreement.message_ids), posts + 1)
        self.assertIn("no_such_term", change.last_error)
        change._write_own({"new_terms": terms})
        agreement._apply_due_plan_changes(date(2026, 3, 1))
        self.assertEqual(change.state, "scheduled")
        agreement._apply_due_plan_changes(date(2026, 3, 1), retry=True)
        self.assertEqual((change.state, change.last_error), ("applied", False))

    def test_a_free_agreement_is_billed_from_its_first_paid_month(self):
        agreement = self.create_agreement(self.plan_community, self.client, "2026-01-01")
        self._request(agreement, self.plan_start, "2026-02-10")
        self.assertEqual(self._lines(self.run_invoicing("2026-03-01")), [("2026-03-01", 1, 399)])

    # Wizard

    def test_texts_without_content_are_empty(self):
        """An alert that hides when empty must not show the name of a model."""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        draft = self.create_draft_agreement(self.plan_start, self.create_client("Draft"), "2026-01-01")
        empty = self.env["contract.contract"].new({})
        wizard = self.env["support.plan.change.wizard"].new({"contract_id": agreement.id})
        for record in (agreement, draft, empty):
            self.assertIs(record.scheduled_change_text, False)
        for record in (draft, empty):
            self.assertFalse(record.earliest_end_explanation)
            self.assertIsInstance(record.earliest_end_explanation, (bool, str))
        for name in ("explanation", "coverage_change", "effective_on"):
            self.assertIs(wizard[name], False, name)
        form = Form(self.env["support.plan.change.wizard"].with_context(default_contract_id=agreement.id))
        self.assertIs(form.explanation, False)
        form = Form(agreement, view="support_plans.support_agreement_view_form")
        self.assertIs(form.scheduled_change_text, False)

    def test_the_wizard_says_when_and_for_how_much(self):
        agreement = self._yearly()
        form = Form(self.env["support.plan.change.wizard"].with_context(default_contract_id=agreement.id))
        form.requested_on = date(2026, 5, 10)
        form.new_plan_id = self.plan_standard
        self.assertEqual(form.effective_on, date(2026, 5, 15))
        self.assertEqual(form.response_hours, 4)
        self.assertIn("360.00", form.explanation)
        self.assertIn("01/14/2027", form.explanation)

    def test_due_changes_are_found_in_one_query_for_any_number_of_agreements(self):
        agreements = self.env["contract.contract"]
        for number in range(4):
            client = self.create_client(f"Client {number}")
            agreements |= self.create_agreement(self.plan_start, client, "2026-01-01")
        self.env.flush_all()
        for batch in (agreements[:2], agreements):
            with self.assertQueryCount(1):
                batch._apply_due_plan_changes(date(2026, 2, 1))

    def test_a_minimum_term_that_runs_is_not_shortened_by_an_upgrade(self):
        """D3, P9: else an upgrade to PREMIUM would open the way to any downgrade."""
        with freeze_time("2026-10-10"):
            agreement = self.create_agreement(self.plan_standard, self.client, "2026-10-05")
            terms = {
                **self.plan_premium._prepare_terms(),
                "list_price_month": 850,
                "price_year_month": 850,
                "hourly_rate": 100,
                "response_hours": 4,
            }
            agreement._request_plan_change(self.plan_premium, terms, date(2026, 10, 10))
        with freeze_time("2026-11-06"):
            agreement._apply_due_plan_changes(date(2026, 11, 6))
            self.assertEqual(agreement.support_plan_id, self.plan_premium)
            self.assertEqual(agreement.min_term_end, date(2027, 4, 4))
            with self.assertRaisesRegex(UserError, "minimum term"):
                agreement._request_plan_change(self.plan_email, self.plan_email._prepare_terms(), date(2026, 11, 6))
