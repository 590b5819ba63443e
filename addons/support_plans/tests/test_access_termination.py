from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import MANAGER
from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
class TestAccessTermination(TerminationCommon):
    """Who may do what with a resignation: consultants enter it, accountants settle it, clients read their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_support_user("resignation_manager", MANAGER)
        cls.employee = cls.create_support_user("resignation_employee")
        cls.agreement = cls.create_year()
        cls.panel_user = new_test_user(
            cls.env, login="panel", groups="base.group_portal", partner_id=cls.client_contact.id
        )
        other = cls.env["res.partner"].create({"name": "Eve", "parent_id": cls.create_client("Other").id})
        cls.other_panel_user = new_test_user(cls.env, login="eve", groups="base.group_portal", partner_id=other.id)

    def enter(self, user):
        return (
            self.env["support.termination"]
            .with_user(user)
            .create({"contract_id": self.agreement.id, "requested_on": "2026-05-01", "way": "phone"})
        )

    def test_a_consultant_enters_and_submits_but_does_not_accept(self):
        termination = self.enter(self.consultant)
        termination.action_submit()
        self.assertEqual(termination.state, "submitted")
        self.assertTrue(termination.refund_gross)
        for action in ("action_accept", "action_prepare_correction", "action_post_corrections", "action_pay_refund"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(termination, action)()
        with self.assertRaises(AccessError):
            termination.fee_tax_treatment = "none"
        termination.handover_ids[0].action_done()
        self.assertEqual(termination.handover_ids[0].done_by_id, self.consultant)
        termination.action_withdraw()

    def test_a_consultant_does_not_withdraw_what_is_accepted(self):
        termination = self.resign(self.agreement, "2026-05-31", accept=True)
        with self.assertRaises(AccessError):
            termination.with_user(self.consultant).action_withdraw()

    def test_an_accountant_goes_all_the_way(self):
        termination = self.enter(self.accountant)
        termination.refund_bank_id = self.bank
        termination.action_submit()
        termination.action_accept()
        termination.action_prepare_correction()
        termination.refund_move_ids.action_post()
        self.assertEqual(termination.action_pay_refund()["res_model"], "account.payment.register")
        self.pay(termination.refund_move_ids)
        termination.handover_ids.action_done()
        self.assertEqual(termination.state, "closed")

    def test_a_manager_may_let_it_end_earlier(self):
        termination = self.enter(self.manager)
        termination.write({"effective_on": "2026-05-15", "early_reason": "Agreed"})
        termination.action_submit()
        self.assertEqual(self.agreement.date_end, fields.Date.to_date("2026-05-15"))

    def test_an_employee_sees_nothing(self):
        with self.assertRaises(AccessError):
            self.env["support.termination"].with_user(self.employee).search([])

    def test_a_client_reads_its_own_and_changes_nothing(self):
        termination = self.resign(self.agreement, "2026-05-31")
        mine = termination.with_user(self.panel_user)
        self.assertEqual(mine.refund_gross, 2616.47)
        self.assertEqual(mine.line_ids.months_worked, 5)
        with self.assertRaises(AccessError):
            mine.read(["note"])
        for action in (lambda: mine.write({"reason": "x"}), mine.unlink, mine.action_accept, mine.action_withdraw):
            with self.assertRaises(AccessError):
                action()

    def test_another_client_sees_nothing(self):
        termination = self.resign(self.agreement, "2026-05-31")
        theirs = self.env["support.termination"].with_user(self.other_panel_user)
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            termination.with_user(self.other_panel_user).read(["name"])
        with self.assertRaises(AccessError):
            termination.line_ids.with_user(self.other_panel_user).read(["paid_net"])

    def test_a_draft_is_not_for_the_client_yet(self):
        termination = self.enter(self.consultant)
        self.assertFalse(self.env["support.termination"].with_user(self.panel_user).search([]))
        self.assertEqual(termination.state, "draft")

    def test_another_company_sees_nothing(self):
        termination = self.resign(self.agreement, "2026-05-31")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere = self.create_support_user("elsewhere", MANAGER, company_id=company.id)
        self.assertFalse(self.env["support.termination"].with_user(elsewhere).search([]))
        with self.assertRaises(AccessError):
            termination.with_user(elsewhere).read(["name"])

    def test_interest_rates_are_the_accountants(self):
        rates = self.env["support.interest.rate"]
        vals = {"date_from": "2026-01-01", "percent": 9.5, "source": "Monitor Polski"}
        with self.assertRaises(AccessError):
            rates.with_user(self.consultant).create(vals)
        self.assertTrue(rates.with_user(self.accountant).create(vals))
        with self.assertRaises(AccessError):
            rates.with_user(self.panel_user).search([])

    def test_the_same_queries_for_one_and_for_many(self):
        """Speed: the cost of one does not grow with their number."""
        counts = []
        for number in (2, 4):
            agreements = [self.create_year(client=self.create_client(f"C {number} {n}")) for n in range(number)]
            terminations = self.env["support.termination"].union(*(self.resign(a, "2026-05-31") for a in agreements))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            terminations._refresh_settlement()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_the_context_gives_no_facts_either(self):
        """Core takes a default for any field from the context."""
        model = self.env["support.termination"].with_user(self.consultant)
        for name, value in (
            ("submitted_on", "2026-05-01"),
            ("accepted_on", "2026-05-01"),
            ("state", "accepted"),
            ("refund_gross", 1000),
        ):
            with self.subTest(name), self.assertRefused("follows from the steps"):
                model.with_context(**{f"default_{name}": value}).create(
                    {"contract_id": self.agreement.id, "requested_on": "2026-05-01"}
                )
        with self.assertRaises(AccessError):
            model.with_context(default_fee_tax_treatment="none").create(
                {"contract_id": self.agreement.id, "requested_on": "2026-05-01"}
            )
        termination = model.with_context(default_move_type="entry", default_note="Called twice").create(
            {"contract_id": self.agreement.id, "requested_on": "2026-05-01"}
        )
        self.assertEqual((termination.state, termination.note), ("draft", "Called twice"))

    def test_nor_facts_of_agreements_and_handovers(self):
        contracts = self.env["contract.contract"].with_user(self.manager)
        for context in ({"default_support_state": "running"}, {"default_notice_on": "2026-01-01"}):
            with self.subTest(context), self.assertRefused("created as a draft"):
                contracts.with_context(**context).create(
                    {"support_plan_id": self.plan_start.id, "partner_id": self.client.id, "date_start": "2027-01-01"}
                )
        termination = self.enter(self.consultant)
        termination.action_submit()
        items = self.env["support.handover.item"].with_user(self.consultant)
        with self.assertRefused("Mark Done"):
            items.with_context(default_done_on="2026-01-01").create({"termination_id": termination.id, "name": "Keys"})

    def test_a_client_does_not_read_the_account_by_rpc(self):
        """The panel shows it in full to those who decide, and its end to the others."""
        termination = self.resign(self.agreement, "2026-05-31", refund_bank_id=self.bank.id)
        theirs = termination.with_user(self.panel_user)
        with self.assertRaises(AccessError):
            theirs.read(["refund_bank_id"])
        self.assertNotIn("refund_bank_id", theirs.fields_get())
        self.assertTrue(theirs.read(["refund_gross", "is_account_valid", "account_note"])[0]["is_account_valid"])
        self.assertEqual(termination.with_user(self.consultant).refund_bank_id, self.bank)
