from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import ACCOUNTANT, CONSULTANT, SupportCommon

AGREED = "agreed individually"


@tagged("post_install", "-at_install")
class TestPlanComparison(SupportCommon):
    """The price list as a table, made from the data (P8-P22, P25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = cls.plan_community | cls.plan_email | cls.plan_start | cls.plan_standard | cls.plan_premium

    def get_cells(self, key, plans=None):
        rows = {row["key"]: row for row in (plans or self.plans)._get_comparison_rows()}
        return [cell.replace("\xa0", " ") for cell in rows[key]["cells"]]

    def test_every_cell_of_the_price_list_is_there(self):
        """P8-P22"""
        some = "from package"
        expected = {
            ("P8", "price_month"): ["0 zł", "129 zł", "399 zł", "799 zł", AGREED],
            ("P9", "min_term_months"): ["none", "3 months", "3 months", "6 months", AGREED],
            ("P10", "package_hours"): ["none", "none", "3 h", "7 h", AGREED],
            ("P22", "hourly_rate"): ["200 zł", "180 zł", "165 zł", "140 zł", AGREED],
            ("P11", "service_hours"): [
                "Mon–Fri 10:00–13:00",
                "Mon–Fri 9:00–15:00",
                "Mon–Fri 8:00–16:00",
                "Mon–Fri 7:00–17:00",
                "24/7",
            ],
            ("P12", "weekends"): ["none", "none", "none", "critical problems may be reported", "24/7"],
            ("P13", "public_holidays"): ["none", "none", "none", "none", "24/7"],
            ("P14", "response_hours"): ["none", "12 h", "8 h", "4 h", AGREED],
            ("P15", "quota_hours"): ["–", "3 h", "8 h", "15 h", AGREED],
            ("P16", "EMAIL"): ["bugs only", "yes", "yes", "yes", "yes"],
            ("P17", "configuration_help"): [
                "Forum",
                "Forum, e-mail",
                "Forum, e-mail, phone, remote",
                "Forum, e-mail, phone, remote",
                "All",
            ],
            ("P18", "PHONE_SUPPORT"): ["none", "none", some, some, some],
            ("P19", "PHONE_CONSULTATION"): ["none", "none", some, some, some],
            ("P3", "REMOTE"): ["at the hourly rate", "at the hourly rate", some, some, some],
            ("P20", "PROGRAMMING"): ["none", "none", "none", some, "from package, priority queue"],
            ("P21", "CARRIER_CONTACT"): ["none", "none", "yes", "yes", "yes"],
        }
        rows = {row["key"]: row for row in self.plans._get_comparison_rows()}
        self.assertEqual(set(rows), {key for _id, key in expected})
        for (requirement, key), cells in expected.items():
            with self.subTest(requirement=requirement, row=key):
                self.assertEqual(self.get_cells(key), cells)
                self.assertTrue(rows[key]["label"] and rows[key]["section"])

    def test_rows_of_one_section_stand_together(self):
        sections = [row["section"] for row in self.plans._get_comparison_rows()]
        changes = sum(a != b for a, b in zip(sections, sections[1:], strict=False))
        self.assertEqual(changes, len(set(sections)) - 1)

    def test_a_yearly_price_is_a_row_when_it_differs(self):
        """F9"""
        self.plan_standard.price_year_month = 719.10
        self.assertEqual(self.get_cells("price_year_month"), ["–", "–", "–", "719.10 zł", AGREED])

    def test_a_term_that_is_named_on_an_individual_plan_is_shown(self):
        """P7"""
        self.plan_premium.response_hours = 2
        self.assertEqual(self.get_cells("response_hours", self.plan_premium), ["2 h"])

    def test_the_table_follows_the_data_and_the_order_of_the_plans(self):
        self.plan_start.hourly_rate = 170.5
        self.assertEqual(self.get_cells("hourly_rate", self.plan_start | self.plan_email), ["170.50 zł", "180 zł"])

    def test_numbers_follow_the_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.plan_start.price_month = 1399.5
        plans = self.plan_start.with_context(lang="pl_PL")
        self.assertIn("399,50", self.get_cells("price_month", plans)[0])
        self.assertTrue(self.get_cells("service_hours", plans)[0].startswith("pon.–pt."))

    def test_service_hours_are_summarised(self):
        """P11: equal neighbours are joined, breaks and free days are seen."""

        def line(day, start, end):
            return Command.create({"name": "x", "dayofweek": day, "hour_from": start, "hour_to": end})

        calendar = self.env["resource.calendar"].create({"name": "Odd", "attendance_ids": [Command.clear()]})
        self.assertEqual(calendar._get_hours_summary(), "")
        calendar.attendance_ids = [
            line("0", 8, 12),
            line("0", 12, 16),
            line("1", 8, 16),
            line("3", 8, 16),
            line("4", 8, 12),
            line("4", 13, 15.5),
            line("5", 9, 12),
        ]
        self.assertEqual(
            calendar._get_hours_summary(),
            "Mon–Tue 8:00–16:00, Thu 8:00–16:00, Fri 8:00–12:00, 13:00–15:30, Sat 9:00–12:00",
        )
        self.assertEqual(calendar._get_weekend_summary(), "Sat 9:00–12:00")
        self.assertFalse(calendar._is_always_open())

    # Form and print

    def test_the_form_shows_all_plans_and_then_the_chosen_ones(self):
        user = self.create_support_user("seller", CONSULTANT)
        form = Form(self.env["support.plan.comparison"].with_user(user))
        self.assertIn("STANDARD", form.comparison_html)
        self.assertIn("Prices are net, VAT is added.", form.comparison_html)
        form.plan_ids.remove(id=self.plan_standard.id)
        self.assertNotIn("STANDARD", form.comparison_html)
        action = form.save().action_print()
        self.assertEqual(action["report_name"], "support_plans.report_support_plan_comparison")
        self.assertNotIn(self.plan_standard.id, action["context"]["active_ids"])

    def test_the_form_starts_with_the_plans_selected_in_the_list(self):
        wizard = self.env["support.plan.comparison"].with_context(
            active_model="support.plan", active_ids=self.plan_start.ids
        )
        self.assertEqual(wizard.create({}).plan_ids, self.plan_start)

    def test_the_print_holds_the_company_and_one_document(self):
        """One body, because the plain wkhtmltopdf takes one; nothing depends on a header (P25)."""
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html("support_plans.report_support_plan_comparison", self.plans.ids)
        text = html.decode()
        self.assertEqual(text.count('class="article"'), 1)
        self.assertIn(self.env.company.name, text)
        self.assertIn("Mon–Fri 7:00–17:00", text)
        self.assertIn("VAT is added", text)

    def test_accountants_may_compare_and_plain_users_may_not(self):
        accountant = self.create_support_user("books", ACCOUNTANT)
        self.assertTrue(self.env["support.plan.comparison"].with_user(accountant).create({}).comparison_html)
        plain = self.create_support_user("plain_c")
        with self.assertRaises(AccessError):
            self.env["support.plan.comparison"].with_user(plain).create({})

    def test_another_companys_plan_is_not_offered(self):
        other = self._create_company(name="Other firm")
        self.plan_start.copy({"code": "X", "name": "Foreign", "company_id": other.id})
        self.assertNotIn("Foreign", self.env["support.plan.comparison"].create({}).plan_ids.mapped("name"))


@tagged("post_install", "-at_install")
class TestPlanComparisonMoment(SupportCommon):
    @freeze_time("2026-06-12 14:40:00")
    def test_the_agreement_reads_the_same_words_as_the_price_list(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.assertEqual(agreement._describe_response(), self.plan_start._describe_response())
        self.assertEqual(agreement._describe_price_month(), self.plan_start._describe_price_month())
