from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import MANAGER, SupportCommon


@tagged("post_install", "-at_install")
class TestAgreementTerms(SupportCommon):
    """An agreement copies the terms of its plan, may differ from them, and then is frozen."""

    # Copy and exceptions

    def test_the_terms_are_copied_from_the_plan(self):
        agreement = self.create_draft_agreement(self.plan_standard, self.client, "2026-01-01")
        self.assertEqual(agreement._prepare_terms(), self.plan_standard._prepare_terms())
        self.assertEqual(agreement._get_coverage(), self.plan_standard._get_coverage())

    def test_an_exception_leaves_the_other_terms_as_in_the_plan(self):
        """F2: exceptions per client are always possible."""
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01", response_hours=4)
        self.assertEqual(agreement.response_hours, 4)
        self.assertEqual(agreement.list_price_month, 399)
        self.assertEqual(agreement.quota_hours, 8)
        self.assertEqual(agreement.guaranteed_channel_ids, self.plan_start.guaranteed_channel_ids)

    def test_a_draft_that_changes_its_plan_takes_the_terms_of_the_other(self):
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        agreement.write({"support_plan_id": self.plan_standard.id, "quota_hours": 20})
        self.assertEqual(agreement.list_price_month, 799)
        self.assertEqual(agreement.quota_hours, 20)
        self.assertEqual(agreement._get_coverage(), self.plan_standard._get_coverage())

    def test_the_form_shows_the_terms_of_the_chosen_plan(self):
        form = Form(self.env["contract.contract"], view="support_plans.support_agreement_view_form")
        form.partner_id = self.client
        form.support_plan_id = self.plan_standard
        self.assertEqual(form.response_hours, 4)
        form.response_hours = 2
        agreement = form.save()
        self.assertEqual(agreement.response_hours, 2)
        self.assertEqual(agreement.package_hours, 7)
        self.assertEqual(agreement._get_coverage(), self.plan_standard._get_coverage())

    def test_number_name_and_form_come_by_themselves(self):
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        self.assertTrue(agreement.code)
        self.assertEqual(agreement.name, "START – Nowak Sp. z o.o.")
        self.assertTrue(agreement.line_recurrence)
        form = self.env.ref("support_plans.support_agreement_view_form")
        self.assertEqual(agreement.get_formview_id(), form.id)

    def test_a_contract_that_gets_a_plan_gets_a_number_and_the_terms(self):
        contract = self.env["contract.contract"].create({"name": "Old one", "partner_id": self.client.id})
        contract.support_plan_id = self.plan_start
        self.assertTrue(contract.code)
        self.assertTrue(contract.line_recurrence)
        self.assertEqual(contract._get_coverage(), self.plan_start._get_coverage())
        self.assertEqual(contract.list_price_month, 399)

    def test_a_copy_is_a_new_draft_with_its_own_number_and_no_fee(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        copy = agreement.copy()
        self.assertEqual(copy.support_state, "draft")
        self.assertNotEqual(copy.code, agreement.code)
        self.assertFalse(copy.contract_line_ids)
        self.assertEqual(copy._get_coverage(), agreement._get_coverage())

    @freeze_time("2026-11-21")
    def test_a_copy_begins_today_and_takes_the_name_of_its_client(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2025-01-01", invoice_from="2025-02-01")
        copy = agreement.copy({"partner_id": self.create_client("Second").id})
        self.assertEqual(copy.date_start, date(2026, 11, 21))
        self.assertEqual(copy.name, "START – Second")
        self.assertFalse(copy.invoice_from)
        other = agreement.copy()
        other.partner_id = self.create_client("Third")
        self.assertEqual(other.name, "START – Third")
        other.name = "Own name"
        other.write({"support_plan_id": self.plan_standard.id, "partner_id": self.client.id})
        self.assertEqual(other.name, "Own name")

    # Start

    def test_start_freezes_the_version_of_the_terms(self):
        self.plan_start.quota_hours = 9
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.assertEqual(agreement.support_state, "running")
        self.assertEqual(agreement.plan_terms_version, self.plan_start.terms_version)
        with self.assertRaisesRegex(UserError, "started already"):
            agreement.action_start_agreement()

    def test_a_free_plan_has_no_fee(self):
        """P1: COMMUNITY, nothing is ordered."""
        agreement = self.create_agreement(self.plan_community, self.client, "2026-01-01")
        self.assertFalse(agreement.contract_line_ids)
        self.assertFalse(agreement.recurring_next_date)

    def test_premium_with_an_empty_term_is_refused_by_a_sentence(self):
        """P7: every term of PREMIUM is agreed individually."""
        agreement = self.create_draft_agreement(self.plan_premium, self.client, "2026-01-01")
        with self.assertRaises(UserError) as caught:
            agreement.action_start_agreement()
        for word in ("PREMIUM", agreement.name, "Monthly List Price", "Guaranteed Response"):
            self.assertIn(word, str(caught.exception))
        self.assertEqual(agreement.support_state, "draft")

        agreement.write({"list_price_month": 2500, "hourly_rate": 120, "response_hours": 1})
        agreement.action_start_agreement()
        self.assertEqual(agreement.plan_fee_line_ids.price_unit, 2500)

    def test_a_prepaid_year_needs_its_price(self):
        """F9"""
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01", "year", price_year_month=0)
        with self.assertRaisesRegex(UserError, "Year Prepaid"):
            agreement.action_start_agreement()

    def test_another_currency_is_refused_by_a_sentence(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.plan_start.currency_id = euro
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "EUR.*PLN"):
            agreement.action_start_agreement()

    def test_a_plan_of_another_company_is_refused_by_a_sentence(self):
        other = self.env["res.company"].create({"name": "Second firm"})
        self.plan_start.company_id = other
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "offered by Second firm only"):
            agreement.action_start_agreement()

    def test_a_plan_without_product_is_refused_by_a_sentence(self):
        self.plan_start.product_id = False
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "no product for invoices"):
            agreement.action_start_agreement()

    # No way around

    def test_creating_a_started_agreement_is_refused(self):
        with self.assertRaisesRegex(UserError, "created as a draft"):
            self.create_draft_agreement(self.plan_premium, self.client, "2026-01-01", support_state="running")

    def test_importing_a_started_agreement_is_refused(self):
        result = self.env["contract.contract"].load(
            ["name", "partner_id/.id", "support_plan_id/.id", "date_start", "support_state"],
            [["X", str(self.client.id), str(self.plan_premium.id), "2026-01-01", "running"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("created as a draft", result["messages"][0]["message"])

    def test_writing_the_state_is_refused_also_for_the_superuser(self):
        agreement = self.create_draft_agreement(self.plan_premium, self.client, "2026-01-01")
        for env in (self.env, self.env(su=True)):
            with self.assertRaises(UserError):
                agreement.with_env(env).support_state = "running"
        with self.assertRaises(UserError):
            agreement.with_context(support_own_write=True).write({"support_state": "running"})

    def test_the_facts_of_a_started_agreement_are_not_edited_by_hand(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        other = self.create_client("Other")
        for vals in (
            {"partner_id": other.id},
            {"support_plan_id": self.plan_standard.id},
            {"date_start": "2026-02-01"},
            {"date_end": "2026-02-01"},
            {"payment_period": "year"},
            {"support_state": "draft"},
            {"active": False},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "not edited by hand"):
                agreement.write(vals)

    def test_sending_the_same_value_again_is_no_change(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        agreement.write({"date_start": "2026-01-01", "partner_id": self.client.id, "note": "x"})
        self.assertEqual(agreement.note, "x")

    def test_a_manager_may_agree_on_an_exception_and_it_is_tracked(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        manager = self.create_support_user("h4_manager", MANAGER)
        agreement.with_user(manager).write({"list_price_month": 350, "response_hours": 6})
        self.assertEqual(agreement.plan_fee_line_ids.price_unit, 350)
        self.assertEqual(agreement.response_hours, 6)

    @freeze_time("2026-03-10")
    def test_a_free_trial_is_billed_from_the_month_after_it_gets_a_price(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31", list_price_month=0)
        self.assertFalse(agreement.plan_fee_line_ids)
        agreement.list_price_month = 399
        line = agreement.plan_fee_line_ids
        self.assertEqual((line.date_start, line.date_end, line.price_unit), (date(2026, 3, 31), False, 399))
        self.assertIn("03/31/2026", agreement.message_ids[0].body)
        agreement.list_price_month = 0
        agreement.list_price_month = 350
        self.assertEqual(agreement.plan_fee_line_ids, line)
        self.assertEqual(line.price_unit, 350)

    @freeze_time("2026-03-10")
    def test_a_trial_in_notice_gets_its_price_and_bills_nothing_after_its_end(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31", list_price_month=0)
        agreement._give_notice(date(2026, 3, 1), date(2026, 4, 29))
        agreement.list_price_month = 399
        self.assertEqual(agreement.plan_fee_line_ids.date_end, date(2026, 4, 29))
        agreement.action_withdraw_notice()
        self.assertFalse(agreement.plan_fee_line_ids.date_end)

    def test_old_and_new_terms_stay_in_the_history(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        agreement = agreement.with_context(tracking_disable=False, mail_notrack=False)
        phone = agreement.entitlement_ids.filtered(lambda e: e.work_type_id.code == "PROGRAMMING")
        email = self.env["helpdesk.ticket.channel"].search([("support_kind", "=", "email")], limit=1)
        self.flush_tracking()
        agreement.write(
            {
                "response_hours": 6,
                "refund_days": 14,
                "guaranteed_channel_ids": [Command.set(email.ids)],
                "entitlement_ids": [Command.update(phone.id, {"coverage": "package"})],
            }
        )
        self.flush_tracking()
        tracked = agreement.message_ids.tracking_value_ids
        self.assertEqual(
            set(tracked.field_id.mapped("name")),
            {"response_hours", "refund_days", "guaranteed_channel_ids"},
        )
        hours = tracked.filtered(lambda t: t.field_id.name == "response_hours")
        self.assertEqual((hours.old_value_float, hours.new_value_float), (8, 6))
        bodies = " ".join(agreement.message_ids.mapped("body"))
        self.assertIn("Programming: Not covered", bodies)
        self.assertIn("Programming: From the package", bodies)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()

    def test_only_a_support_manager_changes_frozen_terms(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        bookkeeper = self.create_support_user("h4_books", "account.group_account_manager")
        agreement = agreement.with_user(bookkeeper)
        with self.assertRaisesRegex(UserError, "only a support manager"):
            agreement.list_price_month = 1
        with self.assertRaisesRegex(UserError, "only a support manager"):
            agreement.entitlement_ids = [Command.clear()]

    def test_a_started_agreement_is_not_deleted(self):
        draft = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        started = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        draft.unlink()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            started.unlink()

    # Contacts

    def test_contacts_belong_to_the_client(self):
        """P38"""
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        agreement.support_contact_ids = self.client_contact
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaisesRegex(ValidationError, "Stranger does not belong to Nowak"):
            agreement.support_contact_ids |= stranger
