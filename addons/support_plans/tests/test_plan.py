from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SupportCommon


@tagged("post_install", "-at_install")
class TestPlan(SupportCommon):
    """Plans of the price list and what their change means for agreements (P8-P22)."""

    def test_each_plan_gives_the_kinds_of_work_of_the_price_list(self):
        """P4 EMAIL: e-mail only. P5 START: the package for phone and remote help. P6: programming too."""
        packages = {
            plan.code: {code for code, given in plan._get_coverage().items() if given == "package"}
            for plan in self.plan_email | self.plan_start | self.plan_standard
        }
        help_by_talk = {"PHONE_SUPPORT", "PHONE_CONSULTATION", "REMOTE"}
        self.assertEqual(packages["EMAIL"], set())
        self.assertEqual(packages["START"], help_by_talk)
        self.assertEqual(packages["STANDARD"], help_by_talk | {"PROGRAMMING"})
        self.assertEqual(self.plan_email._get_coverage()["EMAIL"], "included")
        self.assertTrue(self.plan_standard.critical_on_days_off)

    def test_the_default_plan_follows_a_change_at_once(self):
        """P1: it is kept in memory, and a company's own one comes before the shared one."""
        plans, company = self.env["support.plan"], self.env.company
        self.assertEqual(plans._get_default_plan(company), self.plan_community)
        own = self.plan_start.copy({"code": "OWN", "is_default": True, "company_id": company.id})
        self.assertEqual(plans._get_default_plan(company), own)
        own.active = False
        self.assertEqual(plans._get_default_plan(company), self.plan_community)
        own.active = True
        own.unlink()
        self.assertEqual(plans._get_default_plan(company), self.plan_community)

    def test_changing_a_plan_never_changes_a_running_agreement(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        lines = agreement.plan_fee_line_ids

        self.plan_start.write({"price_month": 450, "response_hours": 10, "hourly_rate": 170})
        self.plan_start.entitlement_ids[:1].coverage = "none"
        self.env.flush_all()
        self.env.invalidate_all()

        self.assertEqual(agreement.list_price_month, 399)
        self.assertEqual(agreement.response_hours, 8)
        self.assertEqual(agreement.hourly_rate, 165)
        self.assertEqual(agreement._get_coverage()["EMAIL"], "included")
        self.assertEqual(lines.price_unit, 399)

    def test_a_new_agreement_takes_the_changed_price_and_terms(self):
        self.plan_start.price_month = 450
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.assertEqual(agreement.list_price_month, 450)

    def test_the_plan_counts_its_agreements_and_those_on_older_terms(self):
        plan = self.plan_start.copy({"code": "START-2"})
        old = self.create_agreement(plan, self.client, "2026-01-01")
        plan.response_hours = 7
        new = self.create_agreement(plan, self.create_client("New"), "2026-01-01")
        self.create_draft_agreement(plan, self.create_client("Draft"), "2026-01-01")
        plan.invalidate_recordset()

        self.assertEqual(plan.agreement_count, 2)
        self.assertEqual(plan.outdated_agreement_count, 1)
        self.assertEqual(self._open(plan.action_view_agreements()), old | new)
        self.assertEqual(self._open(plan.action_view_outdated_agreements()), old)

    def test_terms_that_return_are_no_older_terms(self):
        """A price that went up and down again is the price that was signed."""
        plan = self.plan_start.copy({"code": "START-3"})
        self.create_agreement(plan, self.client, "2026-01-01")
        plan.price_month = 419
        plan.invalidate_recordset()
        self.assertEqual(plan.outdated_agreement_count, 1)
        later = self.create_agreement(plan, self.create_client("Later"), "2026-01-01")
        plan.price_month = 399
        plan.invalidate_recordset()
        self.assertEqual(plan.outdated_agreement_count, 1)
        self.assertEqual(self._open(plan.action_view_outdated_agreements()), later)
        version = plan.terms_version
        plan.price_month = 399
        self.assertEqual(plan.terms_version, version)

    def _open(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def test_counting_agreements_is_one_query_for_any_number_of_plans(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        plans = self.env["support.plan"].search([])
        for batch in (plans[:2], plans):
            batch.invalidate_recordset()
            batch.mapped("terms_version")
            with self.assertQueryCount(1):
                batch.mapped("agreement_count")

    def test_a_plan_in_use_cannot_be_deleted(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "Archive the plan instead"):
            self.plan_start.unlink()

    def test_a_code_is_used_once(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.plan_start.copy({"code": "EMAIL"})

    def test_negative_terms_are_refused_by_name(self):
        with self.assertRaisesRegex(ValidationError, "Minimum Term"):
            self.plan_start.min_term_months = -1

    def test_the_plan_form_edits_entitlements(self):
        version = self.plan_start.terms_version
        with Form(self.plan_start) as form, form.entitlement_ids.edit(0) as line:
            line.coverage = "bugs_only"
        self.assertEqual(self.plan_start.entitlement_ids[0].coverage, "bugs_only")
        self.assertEqual(self.plan_start.terms_version, version + 1)
