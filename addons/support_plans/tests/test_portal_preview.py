from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..models.helpdesk_ticket import GUARANTEE_REASONS
from .common import SupportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-12 14:40:00")
class TestPortalPreview(SupportCommon):
    """The promise before a report is sent, or why there is none, in the client's words."""

    def preview(self, kind="question", critical=False, partner=None, **context):
        tickets = self.env["helpdesk.ticket"].with_context(**{"tz": "Europe/Warsaw", **context})
        return tickets._preview_response(partner or self.client_contact, self.env.company, kind, critical)

    def test_it_promises_what_the_registration_will_promise(self):
        """P14, P31"""
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        preview = self.preview()
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "a",
                "description": "b",
                "partner_id": self.client_contact.id,
                "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web").id,
            }
        )
        self.assertTrue(preview["guaranteed"])
        self.assertEqual(preview["deadline"], ticket.response_deadline)
        self.assertEqual(preview["text"], "If you send this now, we respond by Mon 16:00.")

    def test_it_speaks_the_time_of_the_reader(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.assertIn("Mon 15:00", self.preview(tz="Europe/London")["text"])

    def test_without_agreement_it_names_the_default_plan(self):
        """P1: COMMUNITY is the plan of every customer."""
        preview = self.preview()
        self.assertEqual(preview["reason"], "no_agreement")
        self.assertIn("You have no support agreement (plan COMMUNITY).", preview["text"])
        self.assertIn("without a guaranteed time", preview["text"])

    def test_an_ended_agreement_is_named(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.env.cr.execute("UPDATE contract_contract SET date_end = '2026-05-31' WHERE id = %s", [agreement.id])
        agreement.invalidate_recordset()
        self.assertIn("has ended", self.preview()["text"])

    def test_a_person_who_is_no_contact_learns_who_can_approve(self):
        """P38"""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        agreement.support_contact_ids = self.client_contact
        jan = self.env["res.partner"].create({"name": "Jan Nowak", "parent_id": self.client.id})
        self.assertEqual(self.preview(partner=jan)["reason"], "contact")
        self.assertIn("Anna Nowak", self.preview(partner=jan)["text"])
        self.assertTrue(self.preview()["guaranteed"])

    def test_a_used_up_quota_is_said(self):
        """P30"""
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        contracts = type(self.env["contract.contract"])

        def used(contract_model, agreement_days):
            return {(agreement.id, day): 8 * 60 for agreement, day in agreement_days}

        with patch.object(contracts, "_get_quota_used_minutes", used):
            self.assertIn("guaranteed time of this month is used up", self.preview()["text"])
            self.assertTrue(self.preview("bug")["guaranteed"])

    def test_every_reason_of_the_rule_has_a_sentence(self):
        tickets = self.env["helpdesk.ticket"]
        texts = tickets._get_no_promise_texts(self.plan_start, self.env["contract.contract"])
        codes = {code for code, _label in GUARANTEE_REASONS} - {"guaranteed"}
        self.assertEqual(set(texts), codes)
        self.assertEqual(set(tickets._get_panel_reasons()), codes)

    def test_critical_may_be_marked_where_the_agreement_has_days_off(self):
        """P6, P12, P7, D1: STANDARD and PREMIUM, or an on-call calendar; not START, nobody without agreement."""
        tickets = self.env["helpdesk.ticket"]

        def may(partner):
            return tickets._may_report_critical(partner, self.env.company)

        self.assertFalse(may(self.client_contact))
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.assertFalse(may(self.client_contact))
        second = self.create_client("Second")
        self.create_agreement(self.plan_standard, second, "2026-01-01")
        self.assertTrue(may(second))
        third = self.create_client("Third")
        on_call = self.env.ref("support_plans.resource_calendar_premium")
        self.create_agreement(self.plan_email, third, "2026-01-01", critical_calendar_id=on_call.id)
        self.assertTrue(may(third))
        fourth = self.create_client("Fourth")
        self.create_agreement(self.plan_email, fourth, "2026-01-01", service_calendar_id=on_call.id)
        self.assertTrue(may(fourth))

    def test_nothing_is_written(self):
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        self.env.flush_all()
        before = self.env["helpdesk.ticket"].search_count([])
        self.preview()
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before)
        self.assertFalse(self.env.cr.precommit.data.get("mail.tracking.helpdesk.ticket"))
