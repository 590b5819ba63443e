import io
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.support_plans.tests.common import ACCOUNTANT, CONSULTANT

from ..report.formats import format_minutes
from ..report.work_rows import WorkRow, fetch_rows
from ..wizard import support_work_report_values
from .time_common import TimeCommon

JUNE = {"period": "free", "date_from": "2026-06-01", "date_to": "2026-06-30"}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestWorkReport(TimeCommon):
    """A client reads what was done, what it cost and what is left of the packages (B1, B2, F3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pl_PL")
        cls.other = cls.create_client("Other Ltd")
        cls.other_agreement = cls.create_agreement(cls.plan_standard, cls.other, "2026-01-01")
        cls.other_ticket = cls.create_ticket(partner_id=cls.other.id, name="Secret of another")

    def create_report(self, **values):
        return self.env["support.work.report"].create({"contract_id": self.agreement.id, **JUNE, **values})

    def get_rows(self, report):
        return [WorkRow._make(row) for row in report._read_rows()]

    def render_html(self, report):
        reports = self.env["ir.actions.report"]
        html, _kind = reports._render_qweb_html("support_timesheet.report_work_report", report.ids)
        return html.decode()

    # Rows

    def test_a_row_says_what_was_done_and_what_it_cost(self):
        """F3, B2, P22: minutes, coverage, package, beyond at the own rate, what is left."""
        self.create_work(145, date="2026-06-10")
        self.create_work(26, time_start="2026-06-15 07:30:00")
        first, second = self.get_rows(self.create_report())
        self.assertEqual((first.day, first.started, first.kind), (date(2026, 6, 10), None, "Remote help"))
        self.assertEqual(second.started.strftime("%H:%M"), "09:30", "Warsaw time")
        self.assertEqual((second.number, second.title), (self.ticket.number, "Printer does not print"))
        self.assertEqual((second.person, second.description), (self.consultant.name, "Mended the printer"))
        self.assertEqual((second.worked, second.charged, second.from_package, second.beyond), (26, 60, 30, 30))
        self.assertEqual((first.left, second.left), (30, 0))
        self.assertEqual((second.rate, second.amount, second.billed), (165, 82.5, False))
        self.assertEqual((first.rate, first.amount), (0, 0), "no rate where nothing goes beyond")

    def test_goodwill_comes_with_its_reason(self):
        work = self.create_work(55)
        work.write({"goodwill_minutes": 60, "goodwill_reason": "Our fault"})
        [row] = self.get_rows(self.create_report())
        self.assertEqual((row.goodwill, row.reason, row.charged), (60, "Our fault", 0))
        self.assertIn("Our fault", self.render_html(self.create_report()))

    def test_the_print_says_that_amounts_are_after_a_discount(self):
        """F12."""
        self.create_work(235)
        self.assertNotIn("discount", self.render_html(self.create_report()))
        self.patch(type(self.client), "_prepare_hours_discount", lambda *_args: {"discount": 10.0})
        html = self.render_html(self.create_report())
        self.assertRegex(html, "after your discount on hours: .*10 %")
        self.assertIn("148.50", html)

    def test_the_internal_note_is_in_no_report(self):
        """F3: the team's notes stay with the team."""
        self.create_work(25, internal_note="Never for clients")
        report = self.create_report()
        self.assertNotIn("Never for clients", repr(self.get_rows(report)))
        self.assertNotIn("Never for clients", self.render_html(report))

    def test_the_rows_are_one_query_whatever_their_number(self):
        self.env["account.analytic.line"].create([self.prepare_work(5) for _number in range(30)])
        report = self.create_report()
        self.env.flush_all()
        queries = []

        def counted(env, query):
            before = env.cr.sql_log_count
            yield from fetch_rows(env, query)
            queries.append(query)
            self.assertEqual(env.cr.sql_log_count, before, "nothing is asked row by row")

        with patch.object(support_work_report_values, "fetch_rows", counted):
            self.assertEqual(len(self.get_rows(report)), 30)
        self.assertEqual(len(queries), 1)

    # Whose works

    def test_only_the_own_works_of_the_days_and_the_agreement(self):
        """Filtering by client is airtight."""
        own = self.create_work(25)
        self.create_work(25, date="2026-05-31")
        with freeze_time("2026-07-01 18:00:00"):
            self.create_work(25, date="2026-07-01")
        self.create_work(25, ticket_id=self.other_ticket.id, name="Not yours")
        for values in ({}, {"contract_id": False, "partner_id": self.client.id}):
            with self.subTest(values=values):
                rows = self.get_rows(self.create_report(**values))
                self.assertEqual([row.description for row in rows], [own.name])
        html = self.render_html(self.create_report())
        self.assertNotIn("Not yours", html)
        self.assertNotIn("Other Ltd", html)
        theirs = self.get_rows(self.create_report(contract_id=self.other_agreement.id))
        self.assertEqual([row.description for row in theirs], ["Not yours"])

    def test_work_of_no_minutes_is_not_in_it(self):
        """B1: the report lists what the client reads in the panel."""
        self.create_work(0, name="Begun by mistake")
        free = self.create_work(10, "EMAIL", ticket_id=self.create_ticket(request_kind="bug").id)
        self.assertEqual(free.charged_minutes, 0)
        [row] = self.get_rows(self.create_report())
        self.assertEqual((row.worked, row.charged), (10, 0))

    def test_an_agreement_is_not_all_of_the_client(self):
        """Work before the agreement is the client's, but not the agreement's."""
        self.create_work(25, date="2025-12-15")
        days = {"date_from": "2025-12-01", "date_to": "2026-06-30"}
        self.assertEqual(self.get_rows(self.create_report(**days)), [])
        [row] = self.get_rows(self.create_report(contract_id=False, partner_id=self.client.id, **days))
        self.assertEqual((row.left, row.beyond), (None, 30))

    def test_an_agreement_of_another_client_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "one client"):
            self.create_report(partner_id=self.other.id)

    def test_works_of_another_company_are_not_in_it(self):
        self.create_work(25)
        company = self._create_company(name="Other firm")
        report = self.create_report(contract_id=False, partner_id=self.client.id, company_id=company.id)
        self.assertEqual(self.get_rows(report), [])

    def test_the_panel_gives_the_works_of_the_agreement_and_nothing_else(self):
        """C3: as superuser, so the agreement is the only filter."""
        self.create_work(25)
        self.create_work(25, ticket_id=self.other_ticket.id, name="Not yours")
        name, content = self.agreement._get_panel_report(date(2026, 1, 1), date(2026, 12, 31))
        self.assertTrue(name.endswith("2026-01-01 – 2026-12-31.pdf"), name)
        self.assertIn(b"Mended the printer", content)
        self.assertNotIn(b"Not yours", content)
        self.assertNotIn(b"Other Ltd", content)
        with self.assertRaisesRegex(UserError, "not in force"):
            self.agreement._get_panel_report(date(2025, 1, 1), date(2025, 12, 31))

    # Packages

    def test_the_packages_before_and_after_add_up(self):
        """D11, D13: 60 of 180 min of May used, the rest expires; 235 min of June go beyond the new package."""
        self.create_work(55, date="2026-05-10")
        self.create_work(235, date="2026-06-10")
        [june] = self.create_report()._get_balances()
        self.assertEqual((june["opening"], june["granted"], june["expired"]), (120, 180, 120))
        self.assertEqual((june["used"], june["closing"]), (180, 0))
        [may] = self.create_report(date_from="2026-05-01", date_to="2026-05-31")._get_balances()
        self.assertEqual((may["opening"], may["used"], may["expired"], may["closing"]), (180, 60, 180, 120))

    def test_an_agreement_that_begins_in_the_period_opens_with_nothing(self):
        [january] = self.create_report(date_from="2025-12-01", date_to="2026-01-31")._get_balances()
        self.assertEqual((january["opening"], january["granted"], january["closing"]), (0, 180, 180))

    # Form

    def test_the_form_proposes_the_last_service_month(self):
        """D5: service months begin on the day of the start."""
        agreement = self.create_agreement(self.plan_start, self.create_client("Mid Ltd"), "2026-01-15")
        form = Form(self.env["support.work.report"].with_context(default_contract_id=agreement.id))
        self.assertEqual((form.date_from, form.date_to), (date(2026, 5, 15), date(2026, 6, 14)))
        self.assertEqual(form.partner_id, agreement.partner_id)
        form.period = "this"
        self.assertEqual((form.date_from, form.date_to), (date(2026, 6, 15), date(2026, 7, 14)))
        form.period = "month"
        self.assertEqual((form.date_from, form.date_to), (date(2026, 5, 1), date(2026, 5, 31)))
        form.partner_id = self.other
        self.assertFalse(form.contract_id)

    def test_the_form_knows_the_client_of_the_chosen_works(self):
        works = self.create_work(25, date="2026-06-02") | self.create_work(25, date="2026-06-09")
        wizard = self.env["support.work.report"].with_context(active_model=works._name, active_ids=works.ids)
        form = Form(wizard)
        self.assertEqual((form.partner_id, form.contract_id), (self.client, self.agreement))
        self.assertEqual((form.date_from, form.date_to), (date(2026, 6, 2), date(2026, 6, 9)))

    def test_the_report_speaks_the_clients_language(self):
        self.client.lang = "pl_PL"
        self.assertEqual(self.create_report().lang, "pl_PL")
        self.assertEqual(self.create_report(lang="en_US").lang, "en_US")

    # Print

    def test_the_print_is_one_document_with_the_firm_and_the_client_in_its_body(self):
        self.env.company.partner_id.vat = "PL5260001246"
        self.create_work(145, date="2026-06-10")
        html = self.render_html(self.create_report())
        self.assertEqual(html.count('class="article'), 1)
        body = html[html.index('class="article') :]
        for text in (self.env.company.name, "5260001246", self.client.name, "By ticket", "By kind of work", "2:30"):
            self.assertIn(text, body)

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_the_print_is_text_with_polish_letters_in_any_build(self):
        """With system fonts text stays text in the unpatched wkhtmltopdf; names of clients never become markup."""
        self.client.name = "Żółć & Synowie <b> Sp. z o.o."
        self.create_work(25, name="Naprawa łącza <script>x</script>")
        report = self.create_report().with_context(force_report_rendering=True)
        pages = PdfReader(io.BytesIO(report._render("pdf"))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        self.assertIn("Żółć & Synowie <b>", text)
        self.assertIn("łącza", text)

    def test_too_many_works_are_for_the_spreadsheet(self):
        self.env["account.analytic.line"].create([self.prepare_work(5) for _number in range(3)])
        self.patch(support_work_report_values, "PRINT_LIMIT", 2)
        report = self.create_report()
        with self.assertRaisesRegex(UserError, "spreadsheet"):
            report._get_print_values()
        name, _content = report._get_document("pdf")
        self.assertTrue(name.endswith(".xlsx"))

    def test_hours_are_written_as_hours_and_minutes(self):
        self.assertEqual([format_minutes(x) for x in (0, 5, 95, -30, -90)], ["0:00", "0:05", "1:35", "-0:30", "-1:30"])
        self.assertEqual(format_minutes(None), "")

    # Access

    def test_consultants_and_accountants_print_and_nobody_else_does(self):
        self.create_work(25)
        for login, group in (("rep_c", CONSULTANT), ("rep_a", ACCOUNTANT)):
            user = self.create_support_user(login, group)
            report = self.env["support.work.report"].with_user(user).create({"contract_id": self.agreement.id, **JUNE})
            self.assertEqual(report.action_print_pdf()["report_name"], "support_timesheet.report_work_report")
            self.assertEqual(report.action_export_xlsx()["report_type"], "xlsx")
            self.assertIn(b"Mended the printer", report._render("pdf"))
            self.assertTrue(report._render("xlsx"))
        plain = self.create_support_user("rep_p")
        with self.assertRaises(AccessError):
            self.env["support.work.report"].with_user(plain).create({"contract_id": self.agreement.id, **JUNE})
        with self.assertRaises(AccessError):
            self.create_report().with_user(plain)._render("pdf")

    def test_a_report_of_a_company_that_the_user_is_not_in_is_refused(self):
        company = self._create_company(name="Other firm")
        user = self.create_support_user("rep_x", CONSULTANT)
        report = self.create_report(contract_id=False, partner_id=self.client.id, company_id=company.id)
        with self.assertRaises(AccessError):
            list(report.with_user(user)._read_rows())
        own = self.env["support.work.report"].with_user(user)
        with self.assertRaises(AccessError):
            foreign = own.create({"partner_id": self.client.id, "company_id": company.id, **JUNE})
            list(foreign._read_rows())
