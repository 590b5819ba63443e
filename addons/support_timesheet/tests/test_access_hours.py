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
