from datetime import date

from psycopg2.errors import ExclusionViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SupportCommon


@tagged("post_install", "-at_install")
class TestAgreementOverlap(SupportCommon):
    """A client has one running plan at a time."""

    def test_a_second_running_plan_is_refused_and_the_first_one_named(self):
        first = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaises(ValidationError) as caught:
            self.create_agreement(self.plan_standard, self.client, "2026-03-01")
        for word in (first.name, "START", "Nowak"):
            self.assertIn(word, str(caught.exception))

    def test_a_person_of_the_client_is_the_client(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaises(ValidationError):
            self.create_agreement(self.plan_email, self.client_contact, "2026-03-01")

    def test_drafts_other_clients_and_other_periods_are_free(self):
        first = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.create_draft_agreement(self.plan_standard, self.client, "2026-03-01")
        self.create_agreement(self.plan_start, self.create_client("Other"), "2026-01-01")
        first._end_on(date(2026, 4, 30))
        self.create_agreement(self.plan_standard, self.client, "2026-05-01")
        with self.assertRaises(ValidationError):
            first._end_on(date(2026, 5, 1))

    def test_another_company_may_sell_its_own_plan_to_the_client(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        company = self.env["res.company"].create({"name": "Second firm", "currency_id": self.env.ref("base.PLN").id})
        self.env.user.company_ids |= company
        other = self.create_agreement(self.plan_start, self.client, "2026-01-01", company_id=company.id)
        self.assertEqual(other.support_state, "running")

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_it_too(self):
        """Two transactions at once cannot see each other: only the database can refuse."""
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        draft = self.create_draft_agreement(self.plan_standard, self.client, "2026-03-01")
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation) as caught, self.cr.savepoint():
            self.cr.execute("UPDATE contract_contract SET support_state = 'running' WHERE id = %s", [draft.id])
        message = self.env["contract.contract"]._sql_error_to_message(caught.exception)
        self.assertIn("another agreement", message)
        with self.cr.savepoint():
            self.cr.execute(
                "UPDATE contract_contract SET support_state = 'running',"
                " partner_id = %s, commercial_partner_id = %s WHERE id = %s",
                [*self.create_client("Other").ids * 2, draft.id],
            )
