from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-30")
class TestSettlementSimulation(TerminationCommon):
    """The statement as if an agreement ended on a chosen day; nothing is written (F10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.create_year()

    def open_form(self, user):
        action = self.agreement.with_user(user).action_simulate_settlement()
        return Form(self.env[action["res_model"]].with_user(user).with_context(**action["context"]))

    def test_it_proposes_the_earliest_end_and_follows_day_and_treatment(self):
        for user in (self.consultant, self.accountant):
            with self.subTest(user.login):
                form = self.open_form(user)
                self.assertEqual((form.effective_on, form.fee_tax_treatment), (date(2026, 5, 30), "taxable"))
                self.assertEqual(form.refund_gross, 2616.47)
                form.fee_tax_treatment = "outside_vat"
                self.assertEqual(form.refund_gross, 2631.60)
                form.effective_on = date(2026, 12, 31)
                self.assertEqual(form.refund_gross, 0)
                form.effective_on = date(2025, 12, 31)
                self.assertFalse(form.statement_html)

    def test_nothing_is_written(self):
        counts = self.count()
        simulation = self.open_form(self.consultant).save()
        self.assertIn("2,616.47", simulation.statement_html)
        self.assertEqual(self.count(), counts)
        self.assertEqual((self.agreement.support_state, self.agreement.date_end), ("running", False))

    def count(self):
        models = ("support.termination", "support.termination.line", "account.move", "mail.message")
        return [self.env[model].search_count([]) for model in models]

    def test_the_same_figures_as_the_resignation(self):
        simulation = self.open_form(self.accountant).save()
        simulation.effective_on = "2026-05-31"
        termination = self.resign(self.agreement, "2026-05-31")
        self.assertEqual(simulation.refund_gross, termination.refund_gross)

    def test_the_print_is_marked(self):
        simulation = self.open_form(self.accountant).save()
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        source, _kind = reports._render_qweb_html("support_plans.report_settlement_simulation", simulation.ids)
        text = " ".join(html.fromstring(source.decode()).text_content().split())
        for word in ("Simulated settlement", "Simulation: as if the agreement ended on", "2,616.47", self.client.name):
            with self.subTest(word):
                self.assertIn(word, text)
        self.assertEqual(simulation.action_print()["report_name"], "support_plans.report_settlement_simulation")
        self.assertIn("2026-05-30", simulation._get_file_name())

    def test_an_employee_does_not_simulate(self):
        employee = self.create_support_user("employee")
        with self.assertRaises(AccessError):
            self.env["support.settlement.simulation"].with_user(employee).create({"contract_id": self.agreement.id})
