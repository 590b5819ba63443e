from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import ACCOUNTANT, CONSULTANT, MANAGER, SupportInvoicingCommon


@tagged("post_install", "-at_install")
class TestAccessAgreement(SupportInvoicingCommon):
    """Who may, and who may not: consultants read, accountants invoice, managers write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultant = cls.create_support_user("sp_consultant", CONSULTANT)
        cls.accountant = cls.create_support_user("sp_accountant", ACCOUNTANT)
        cls.manager = cls.create_support_user("sp_manager", MANAGER)
        cls.employee = cls.create_support_user("sp_employee")
        cls.agreement = cls.create_agreement(cls.plan_start, cls.client, "2026-01-01")

    def _open_form(self, user):
        view = "support_plans.support_agreement_view_form"
        return Form(self.agreement.with_user(user), view=view)

    # Consultant

    def test_a_consultant_opens_the_agreement(self):
        form = self._open_form(self.consultant)
        self.assertEqual(form.response_hours, 8)
        self.assertTrue(form.earliest_end_explanation)
        lists = self.env["contract.contract"].with_user(self.consultant)
        self.assertIn(self.agreement, lists.search([("support_plan_id", "!=", False)]))

    def test_a_consultant_changes_nothing(self):
        agreement = self.agreement.with_user(self.consultant)
        for vals in ({"note": "x"}, {"list_price_month": 1}):
            with self.subTest(vals), self.assertRaises(AccessError):
                agreement.write(vals)
        draft = self.create_draft_agreement(self.plan_start, self.client, "2027-01-01")
        self.agreement._give_notice(date(2026, 1, 10), date(2026, 3, 31))
        for record, action in (
            (draft, "action_start_agreement"),
            (agreement, "action_withdraw_notice"),
            (draft, "unlink"),
        ):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(record.with_user(self.consultant), action)()
        with self.assertRaises(AccessError):
            agreement.action_create_invoice()
        with self.assertRaises(AccessError):
            self.env["support.plan.change.wizard"].with_user(self.consultant).create(
                {"contract_id": agreement.id, "new_plan_id": self.plan_standard.id}
            )
        with self.assertRaises(AccessError):
            self.env["support.plan"].with_user(self.consultant).create({"name": "X", "code": "X"})

    def test_a_consultant_does_not_see_other_contracts(self):
        rent = self.env["contract.contract"].create({"name": "Rent", "partner_id": self.client.id})
        with self.assertRaises(AccessError):
            rent.with_user(self.consultant).read(["name"])

    # Accountant

    @freeze_time("2026-01-10")
    def test_an_accountant_invoices_but_does_not_change_terms(self):
        self._open_form(self.accountant)
        agreement = self.agreement.with_user(self.accountant)
        action = agreement.action_create_invoice()
        invoice = self.env["account.move"].with_user(self.accountant).search(action["domain"])
        self.assertEqual(invoice.amount_untaxed, 399)
        self.assertEqual(invoice.create_uid, self.accountant)
        self.assertEqual(agreement.invoice_count, 1)
        with self.assertRaises(AccessError):
            agreement.list_price_month = 1
        invoice.unlink()
        self.assertEqual(str(agreement.recurring_next_date), "2026-01-01")

    # Manager

    def test_a_manager_sells_starts_changes_and_ends(self):
        env = self.env(user=self.manager)
        client = env["res.partner"].create({"name": "New client"})
        form = Form(env["contract.contract"], view="support_plans.support_agreement_view_form")
        form.partner_id = client
        form.support_plan_id = self.plan_start.with_env(env)
        agreement = form.save()
        agreement.action_start_agreement()
        self.assertEqual(agreement.name, "START – New client")
        change = env["support.plan.change.wizard"].create(
            {"contract_id": agreement.id, "new_plan_id": self.plan_standard.id}
        )
        change.action_confirm()
        agreement.scheduled_change_id._apply()
        self.assertEqual(agreement.support_plan_id, self.plan_standard)
        env["support.termination"].create({"contract_id": agreement.id}).action_submit()
        self.assertEqual(agreement.support_state, "notice")
        agreement.action_withdraw_notice()
        self.assertEqual(agreement.support_state, "running")

    def test_a_manager_cannot_rewrite_a_change_of_plan(self):
        change = self.agreement._request_plan_change(
            self.plan_standard, self.plan_standard._prepare_terms(), date(2026, 1, 10)
        ).with_user(self.manager)
        change._apply()
        for vals in ({"state": "scheduled"}, {"old_summary": "x"}, {"new_terms": {}}, {"effective_on": "2026-01-01"}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "not edited by hand"):
                change.write(vals)
        with self.assertRaisesRegex(UserError, "not edited by hand"):
            change.with_context(support_own_write=True).write({"state": "scheduled"})
        with self.assertRaisesRegex(UserError, "not edited by hand"):
            change.create(change.copy_data())
        change.note = "Asked by phone"
        self.assertEqual((change.state, change.note), ("applied", "Asked by phone"))

    # Others

    def test_an_employee_without_a_role_sees_nothing(self):
        for record in (self.agreement, self.agreement.contract_line_ids, self.plan_start):
            with self.subTest(record), self.assertRaises(AccessError):
                record.with_user(self.employee).read(["display_name"])

    def test_a_person_of_another_client_sees_nothing(self):
        stranger = new_test_user(self.env, login="sp_stranger", groups="base.group_portal")
        for record in (self.agreement, self.agreement.contract_line_ids):
            with self.subTest(record), self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
        for model in ("support.plan.change", "support.plan", "support.entitlement"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(stranger).search([])

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Second firm"})
        change = self.agreement._request_plan_change(
            self.plan_standard, self.plan_standard._prepare_terms(), date(2026, 1, 10)
        )
        other = self.create_support_user("sp_other", MANAGER, company_id=company.id)
        for record in (self.agreement, self.agreement.contract_line_ids, change):
            with self.subTest(record), self.assertRaises(AccessError):
                record.with_user(other).read(["display_name"])
        both = self.create_support_user("sp_both", MANAGER)
        both.company_ids = [Command.link(company.id)]
        self.assertTrue(self.agreement.with_user(both).name)
