from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestToldDrafts(NgoCommon):
    """Drafts with the full price are named only where deleting them gives the discount (F12)."""

    def get_told(self, membership):
        return membership.message_ids.filtered(lambda m: "made before" in (m.body or ""))

    @freeze_time("2026-01-15")
    def test_a_draft_that_gets_the_discount_is_named(self):
        self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        draft = self.run_invoicing("2026-01-01")
        membership = self.join()
        self.assertEqual(len(self.get_told(membership)), 1)
        self.assertIn("01/01/2026", self.get_told(membership).body)
        draft.unlink()
        self.assertEqual(self.run_invoicing("2026-01-15").invoice_line_ids.discount, 20)

    def test_a_month_of_a_suspension_is_not_named(self):
        """Who comes back has the discount from service months that begin then: made again, it has the full price."""
        self.create_agreement(self.plan_start, self.ngo, "2026-04-01")
        with freeze_time("2026-01-01"):
            membership = self.join()
            membership._warn("No logo", date(2026, 1, 1))
        membership._finish_warnings(date(2026, 3, 1))
        self.run_invoicing("2026-04-01")
        with freeze_time("2026-04-10"):
            membership.action_activate()
        self.assertFalse(self.get_told(membership))

    @freeze_time("2026-01-15")
    def test_a_plan_without_discount_is_not_named(self):
        self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        self.run_invoicing("2026-01-01")
        none = Command.create({"scope": "plan", "plan_id": self.plan_start.id, "percent": 0})
        membership = self.join(discount_ids=[Command.create({"scope": "plans", "percent": 20}), none])
        self.assertFalse(self.get_told(membership))

    @freeze_time("2026-01-15")
    def test_a_higher_discount_of_the_client_is_not_named(self):
        agreement = self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        agreement.contract_line_ids.discount = 25
        self.run_invoicing("2026-01-01")
        membership = self.join()
        self.assertFalse(self.get_told(membership))

    @freeze_time("2026-01-15")
    def test_naming_many_drafts_costs_the_queries_of_a_few(self):
        counts = []
        for number, drafts in enumerate((2, 4)):
            client = self.create_client(f"NGO {number}")
            self.create_agreement(self.plan_start, client, "2026-01-01")
            for month in range(1, drafts + 1):
                self.run_invoicing(f"2026-{month:02}-01")
            membership = self.join(client, krs=f"000088800{number}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(membership._get_full_price_drafts(date(2026, 1, 15))), drafts)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
