from datetime import date

from freezegun import freeze_time
from lxml import etree, html

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import MANAGER
from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-31")
class TestTerminationScreens(TerminationCommon):
    """What consultants and accountants see of a resignation, and what they may press (F6, F10, D7, D14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_support_user("manager", MANAGER)
        cls.agreement = cls.create_year()

    def get_buttons(self, user):
        view = self.env.ref("support_plans.support_termination_view_form")
        arch = self.env["support.termination"].with_user(user).get_view(view.id)["arch"]
        return set(etree.fromstring(arch).xpath("//header/button/@name"))

    def get_text(self, source):
        text = " ".join(html.fromstring(str(source)).text_content().split())
        return text.replace("\xa0", " ").replace("\ufeff", "")  # as money is written

    # Form

    def test_a_consultant_enters_a_resignation_and_sees_the_settlement_before(self):
        action = self.agreement.with_user(self.consultant).action_give_notice()
        screen = self.env[action["res_model"]].with_user(self.consultant).with_context(**action["context"])
        form = Form(screen, view="support_plans.support_termination_view_form")
        form.requested_on = date(2026, 4, 30)
        form.way = "phone"
        self.assertEqual((form.earliest_on, form.effective_on), (date(2026, 5, 30),) * 2)
        self.assertFalse(form.is_early)
        text = self.get_text(form.statement_html)
        self.assertIn("Simulation", text)
        self.assertIn("2,616.47", text)
        termination = form.save()
        termination.action_submit()
        self.assertNotIn("Simulation", self.get_text(termination.statement_html))
        self.assertIn("Submit", self.get_arch_strings(self.consultant))

    def get_arch_strings(self, user):
        view = self.env.ref("support_plans.support_termination_view_form")
        arch = self.env["support.termination"].with_user(user).get_view(view.id)["arch"]
        return etree.fromstring(arch).xpath("//header/button/@string")

    def test_only_accountants_have_the_buttons_of_money(self):
        theirs = {"action_accept", "action_prepare_correction", "action_post_corrections", "action_pay_refund"}
        self.assertTrue(theirs <= self.get_buttons(self.accountant))
        self.assertTrue(theirs <= self.get_buttons(self.manager))
        self.assertFalse(theirs & self.get_buttons(self.consultant))
        self.assertTrue({"action_submit", "action_withdraw"} <= self.get_buttons(self.consultant))

    def test_every_role_opens_every_stage(self):
        terminations = self.resign(self.agreement, "2026-05-31", refund_bank_id=self.bank.id)
        for step in ("action_accept", "action_prepare_correction", "action_post_corrections"):
            for user in (self.consultant, self.accountant, self.manager):
                with self.subTest(state=terminations.state, user=user.login):
                    Form(terminations.with_user(user), view="support_plans.support_termination_view_form")
            getattr(terminations, step)()
        self.assertEqual(terminations.state, "corrected")
        self.assertEqual((terminations.correction_count, terminations.debit_note_count), (1, 0))
        self.assertEqual(terminations.action_show_agreement()["res_id"], self.agreement.id)

    def test_an_end_before_the_earliest_one_is_marked(self):
        termination = self.resign(self.agreement, "2026-05-31", requested_on="2026-05-20")
        self.assertTrue(termination.is_early)
        termination.effective_on = "2026-06-20"
        self.assertFalse(termination.is_early)

    # Statement

    def test_the_statement_shows_each_figure_with_its_source(self):
        """F10, D4-D6: invoice, period, billed, paid, months, list price, remainder, fee, net, VAT, gross."""
        termination = self.resign(self.agreement, "2026-05-31")
        text = self.get_text(termination.statement_html)
        for figure in (
            self.get_invoice(self.agreement).name,
            "01/01/2026 – 12/31/2026",
            "01/01/2026 – 05/31/2026",
            "4,188.00",
            "5,151.24",
            "399.00",
            "1,995.00",
            "2,193.00",
            "3 % of a positive remainder, taxable",
            "65.79",
            "2,127.21",
            "489.26",
            "2,616.47",
            "2,534.77",
            "within 21 days",
            "art. 106j",
        ):
            with self.subTest(figure):
                self.assertIn(figure, text)
        self.assertNotIn("art. 498", text)

    def test_the_statement_of_a_fee_outside_vat_names_the_debit_note(self):
        """D14"""
        self.env.company.support_debit_note_account_id = self.company_data["default_account_revenue"]
        termination = self.resign(self.agreement, "2026-05-31")
        termination.with_user(self.accountant).with_context(support_treatment="outside_vat").action_choose_treatment()
        text = self.get_text(termination.statement_html)
        for figure in ("outside VAT: by debit note", "Debit note of the fee outside VAT", "2,631.60", "art. 498"):
            self.assertIn(figure, text)
        self.assertEqual((termination.treatment_by_id, termination.treatment_on), (self.accountant, date(2026, 5, 31)))

    def test_the_statement_says_why_nothing_is_given_back(self):
        """D6, P9"""
        late = self.resign(self.agreement, "2026-11-30")
        self.assertIn("nothing is given back, and nothing more is charged", self.get_text(late.statement_html))
        monthly = self.create_agreement(self.plan_start, self.create_client("Monthly"), "2026-01-01")
        termination = self.resign(monthly, "2026-05-31")
        self.assertIn("paid by the month ends with its last month", self.get_text(termination.statement_html))

    def test_the_statement_of_a_year_paid_in_part_shows_what_is_still_owed(self):
        """D6: only what was paid is settled; the rest is no longer owed, or still is."""
        agreement = self.create_year(client=self.create_client("Part"), paid=1000)
        termination = self.resign(agreement, "2026-05-31")
        text = self.get_text(termination.statement_html)
        for words in ("1,000.00", "813.01", "-1,995.00", "-1,181.99", "Client still pays, gross 1,453.85"):
            with self.subTest(words):
                self.assertIn(words, text)
        self.assertEqual(termination.refund_gross, 0)

    def test_the_statement_of_a_change_of_plan_has_both_invoices(self):
        """P9, F10: the year and the difference, each with its months and its list price."""
        agreement = self.create_year(client=self.create_client("Changed"))
        with freeze_time("2026-02-15"):
            terms = {**self.plan_standard._prepare_terms(), "price_year_month": 719.10}
            agreement._request_plan_change(self.plan_standard, terms, date(2026, 2, 15))
        with freeze_time("2026-03-01"):
            agreement._apply_due_plan_changes(date(2026, 3, 1))
            moves = agreement._recurring_create_invoice(date(2026, 3, 1))
            moves.filtered(lambda move: move.state == "draft").action_post()
        termination = self.resign(agreement, "2026-05-31")
        text = self.get_text(termination.statement_html)
        self.assertEqual(len(termination.line_ids), 2)
        for line in termination.line_ids:
            with self.subTest(line.move_id.name):
                self.assertIn(line.move_id.name, text)
                self.assertIn(f"{line.used_net:,.2f}", text)

    def test_a_consultant_does_not_choose_the_treatment(self):
        termination = self.resign(self.agreement, "2026-05-31").with_user(self.consultant)
        with self.assertRaises(AccessError):
            termination.with_context(support_treatment="none").action_choose_treatment()

    # Register

    def test_a_day_moved_off_a_sunday_and_a_missing_account_are_said(self):
        """D7: 21 days after Sunday 31 May is Sunday 21 June."""
        termination = self.resign(self.agreement, "2026-05-31", accept=True)
        self.assertEqual(termination.refund_due_on, date(2026, 6, 22))
        self.assertEqual(termination.due_note, "Sun 21 Jun is no working day")
        self.assertFalse(termination.account_note)
        self.bank.acc_number = "PL62109010140000071219812874"
        termination.invalidate_recordset()
        self.assertIn("Wrong check digits", termination.account_note)
        termination.refund_bank_id = False
        self.assertIn("No account", termination.account_note)
        self.assertEqual(termination.account_problem, "No account")
        polish = termination.with_context(lang="pl_PL") if self.env["res.lang"]._get_data(code="pl_PL") else termination
        self.assertRegex(polish.due_note, "^(Sun 21 Jun is|niedz. 21 cze nie)")

    def test_the_register_shows_what_waits_by_the_day_it_is_due(self):
        first = self.resign(self.agreement, "2026-05-31", accept=True)
        second = self.resign(self.create_year(client=self.create_client("B")), "2026-05-31")
        action = self.env["ir.actions.act_window"]._for_xml_id("support_plans.action_support_refunds")
        found = self.env["support.termination"].search(safe_eval(action["domain"]))
        self.assertIn(first, found)
        self.assertNotIn(second, found)

    def test_every_filter_finds(self):
        self.resign(self.agreement, "2026-05-31", accept=True, responsible_id=self.env.uid)
        arch = self.env.ref("support_plans.support_termination_view_search").arch
        domains = {node.get("name"): node.get("domain") for node in etree.fromstring(arch).iter("filter")}
        records = self.env["support.termination"]
        expected = {"open": 1, "to_accept": 0, "refund_due": 1, "mine": 1, "withdrawn": 0}
        for name, number in expected.items():
            with self.subTest(name):
                domain = safe_eval(domains[name], {"uid": self.env.uid})
                self.assertEqual(records.search_count([("contract_id", "=", self.agreement.id), *domain]), number)
        with freeze_time("2026-06-23"):
            self.assertTrue(records.search(safe_eval(domains["overdue"])))
        with freeze_time("2026-06-22"):
            self.assertFalse(records.search([("contract_id", "=", self.agreement.id), *safe_eval(domains["overdue"])]))

    # Menus

    def get_menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        return {xml_id for xml_id in menus.browse(menus._visible_menu_ids()).get_external_id().values() if xml_id}

    def test_menus_of_each_role(self):
        resignations, money = (
            "support_plans.menu_support_terminations",
            {
                "support_plans.menu_support_refunds",
                "support_plans.menu_support_refund_exposure",
                "support_plans.menu_support_interest_rates",
            },
        )
        for user in (self.accountant, self.manager):
            with self.subTest(user.login):
                menus = self.get_menus(user)
                self.assertIn(resignations, menus)
                self.assertTrue(money <= menus, money - menus)
        consultants = self.get_menus(self.consultant)
        self.assertIn(resignations, consultants)
        self.assertFalse(money & consultants)
        self.assertNotIn("support_plans.menu_support_configuration_plans", self.get_menus(self.accountant))
        employee = self.create_support_user("employee")
        self.assertNotIn(resignations, self.get_menus(employee))

    # Open work

    def test_open_tickets_and_other_invoices_are_listed_with_what_happens(self):
        """F6"""
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "Printer", "description": "x", "partner_id": self.client_contact.id}
        )
        other = self.init_invoice("out_invoice", partner=self.client, amounts=[100.0], post=True)
        termination = self.resign(self.agreement, "2026-06-30")
        self.assertEqual((termination.open_ticket_count, termination.open_invoice_count), (1, 1))
        text = self.get_text(termination.open_work_html)
        for word in (ticket.number, "Printer", other.name, "it stays due", "Nothing after 06/30/2026 is invoiced"):
            with self.subTest(word):
                self.assertIn(word, text)
        domain = termination.action_show_open_tickets()["domain"]
        self.assertEqual(self.env["helpdesk.ticket"].search(domain), ticket)
        domain = termination.action_show_open_invoices()["domain"]
        self.assertEqual(self.env["account.move"].search(domain), other)

    # Agreement

    def test_the_agreement_shows_its_resignation_to_those_who_may(self):
        view = "support_plans.support_agreement_view_form"
        self.resign(self.agreement, "2026-05-31")
        for user in (self.consultant, self.accountant, self.manager):
            form = Form(self.agreement.with_user(user), view=view)
            self.assertEqual(form.resignation_state, "submitted")
        helper = self.create_support_user("helper", "helpdesk_mgmt.group_helpdesk_user_own")
        arch = self.agreement.with_user(helper).get_view(self.env.ref(view).id)["arch"]
        buttons = set(etree.fromstring(arch).xpath("//button/@name"))
        self.assertFalse({"action_give_notice", "action_open_resignation", "action_simulate_settlement"} & buttons)
