from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.support_plans.tests.common import ACCOUNTANT, CONSULTANT, MANAGER

from .time_common import TimeInvoicingCommon

MODELS = ("support.package", "support.package.entry", "support.package.offer")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestAccessHours(TimeInvoicingCommon):
    """Who may see and do what with time, packages and the ledger, both ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.create_support_user("colleague_h", CONSULTANT)
        cls.manager = cls.create_support_user("manager_h", MANAGER)
        cls.accountant = cls.create_support_user("accountant_h", ACCOUNTANT)
        cls.stranger = cls.create_support_user("stranger_h")
        cls.panel_user = new_test_user(cls.env, login="panel_h", groups="base.group_portal")
        cls.panel_user.partner_id.parent_id = cls.client
        cls.create_employee(cls.colleague)
        cls.work = cls.create_work(235)

    def test_a_consultant_logs_and_edits_the_own_time_and_reads_the_colleagues(self):
        own = self.env["account.analytic.line"].with_user(self.consultant)
        values = self.prepare_work(25)
        work = own.create(values)
        work.unit_amount = 20 / 60
        work.unlink()
        theirs = self.work.with_user(self.colleague)
        self.assertEqual(theirs.charged_minutes, 240)
        self.assertEqual(theirs.entry_ids.mapped("minutes"), self.work.entry_ids.mapped("minutes"))
        with self.assertRaises(AccessError):
            theirs.unit_amount = 1
        with self.assertRaises(AccessError):
            theirs.unlink()

    def test_a_consultant_does_not_read_what_a_colleague_costs(self):
        theirs = self.work.with_user(self.colleague)
        with self.assertRaises(AccessError):
            theirs.read(["amount"])
        self.assertEqual(self.work.with_user(self.accountant).read(["amount"])[0]["amount"], -235)

    def test_an_approval_is_recorded_by_colleagues_and_accountants_too(self):
        self.agreement.overage_ceiling_hours = 0.5
        for user in (self.colleague, self.accountant):
            self.work.approved_by_id = False
            before = self.agreement.message_ids
            self.work.with_user(user).approved_by_id = self.client_contact
            self.assertTrue(self.work.approved_on)
            self.assertIn(user.name, (self.agreement.message_ids - before).body)
        with self.assertRaises(AccessError):
            self.work.with_user(self.stranger).approved_by_id = self.client_contact

    def test_a_consultant_reads_packages_and_ledger_and_changes_neither(self):
        lot = self.agreement.package_ids[:1].with_user(self.consultant)
        self.assertTrue(lot.minutes)
        for change in (
            lambda: lot.write({"minutes": 600}),
            lambda: lot.copy({"origin": "adjustment"}),
            lambda: lot.entry_ids.write({"minutes": 1}),
            lambda: lot.entry_ids.unlink(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_manager_gives_hours_and_the_ledger_is_nobody_s(self):
        lot = (
            self.env["support.package"]
            .with_user(self.manager)
            .create(
                {
                    "contract_id": self.agreement.id,
                    "minutes": 60,
                    "date_from": "2026-06-01",
                    "date_to": "2026-06-30",
                    "note": "A present",
                }
            )
        )
        self.assertEqual((lot.origin, lot.used_minutes, self.work.overage_minutes), ("adjustment", 60, 0))
        with self.assertRaisesRegex(UserError, "follows from the work"):
            lot.used_minutes = 0
        for model in (self.env["support.package.entry"].with_user(u) for u in (self.manager, self.accountant)):
            with self.assertRaises(AccessError):
                model.create({"line_id": self.work.id, "date": "2026-06-20", "minutes": 5})

    def test_an_accountant_corrects_billed_work_and_a_consultant_does_not(self):
        self.run_invoicing("2026-07-01")
        with self.assertRaises(AccessError):
            self.work.with_user(self.consultant)._correct(100, "No right")
        with self.assertRaisesRegex(UserError, "is billed"):
            self.work.with_user(self.consultant).unit_amount = 1
        self.assertEqual(self.work.with_user(self.accountant)._correct(115, "Mistake").charged_minutes, -120)

    def test_nobody_writes_what_is_judged_not_even_nothing(self):
        """D13: an empty value by the API would take a work off its invoice, or off the next one."""
        self.run_invoicing("2026-07-01")
        self.assertTrue(self.work.is_billed)
        for user in (self.consultant, self.accountant, self.manager):
            for values in (
                {"is_billed": False},
                {"hourly_rate": 0},
                {"is_over_ceiling": False},
                {"charged_minutes": 0, "package_minutes": 0, "overage_minutes": 0},
                {"correction_ids": []},
            ):
                with self.subTest(user=user.login, values=values), self.assertRaisesRegex(UserError, "not written by"):
                    self.work.with_user(user).write(values)

    def test_defaults_of_the_context_judge_no_time(self):
        """What the terms say is never taken from the caller, on plain timesheets neither."""
        defaults = {
            "default_support_contract_id": self.agreement.id,
            "default_coverage_basis": "beyond",
            "default_charged_minutes": 600,
            "default_overage_minutes": 600,
            "default_hourly_rate": 500,
            "default_is_billed": True,
            "default_is_over_ceiling": True,
            "default_corrected_line_id": self.work.id,
        }
        lines = self.env["account.analytic.line"].with_user(self.consultant).with_context(**defaults)
        values = self.prepare_work(25)
        work = lines.create(values).sudo()
        self.assertEqual((work.charged_minutes, work.hourly_rate), (30, 165))
        self.assertEqual((work.is_billed, work.is_over_ceiling, bool(work.corrected_line_id)), (False, False, False))
        plain = lines.create(
            {"name": "Meeting", "project_id": work.project_id.id, "unit_amount": 0, "employee_id": self.employee.id}
        ).sudo()
        self.assertEqual((plain.charged_minutes, plain.hourly_rate, plain.coverage_basis), (0, 0, False))
        self.assertFalse(plain.support_contract_id or plain.corrected_line_id or plain.entry_ids)

    def test_a_new_work_brings_no_corrections_of_its_own(self):
        """They would be written with the mark of the work that is created, past every check."""
        command = Command.create({"name": "Bogus", "charged_minutes": 600, "corrected_line_id": self.work.id})
        lines = self.env["account.analytic.line"].with_user(self.consultant)
        with self.assertRaisesRegex(UserError, "not written by"):
            lines.create(self.prepare_work(25, correction_ids=[command]))
        work = lines.with_context(default_correction_ids=[command]).create(self.prepare_work(25))
        self.assertFalse(work.sudo().correction_ids)

    def test_a_stranger_and_a_panel_user_see_nothing_by_the_api(self):
        for user in (self.stranger, self.panel_user):
            for model in MODELS:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.work.with_user(self.panel_user).read(["name", "internal_note"])
        with self.assertRaises(AccessError):
            self.work.with_user(self.stranger).read(["name"])

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other firm"})
        user = self.create_support_user("other_h", MANAGER, company_id=company.id)
        self.assertFalse(self.env["support.package"].with_user(user).search([]))
        self.assertFalse(self.env["support.package.entry"].with_user(user).search([]))
        self.assertFalse(self.env["account.analytic.line"].with_user(user).search([("work_type_id", "!=", False)]))
        with self.assertRaises(AccessError):
            self.agreement.package_ids[:1].with_user(user).read(["minutes"])

    def test_work_is_judged_in_the_company_of_its_ticket(self):
        company = self.env["res.company"].create({"name": "Other firm", "currency_id": self.env.company.currency_id.id})
        self.env.user.company_ids = [Command.link(company.id)]
        ticket = self.create_time_ticket(self.client_contact, company_id=company.id)
        employee = self.env["hr.employee"].sudo().create({"name": "There", "company_id": company.id})
        work = self.create_work(25, ticket_id=ticket.id, employee_id=employee.id, company_id=company.id)
        self.assertEqual(work.company_id, company)
        self.assertFalse(work.support_contract_id, "the agreement is the other company's")
