from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common import CONSULTANT, MANAGER, SupportInvoicingCommon


@tagged("post_install", "-at_install")
class TestTourSellAndAnswer(SupportInvoicingCommon, HttpCase):
    """Through the real screens: sell START, post the invoice, receive a ticket, answer it in time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tour_client = cls.create_client("Tour Client", email="office@tour.example.com")
        cls.owner = cls._create_person("tour_owner", MANAGER, "account.group_account_manager")
        cls.consultant = cls._create_person("tour_consultant", CONSULTANT)
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Tour Team",
                "user_id": cls.owner.id,
                "user_ids": [Command.set((cls.owner | cls.consultant).ids)],
                "company_id": cls.env.company.id,
            }
        )

    @classmethod
    def _create_person(cls, login, *groups):
        return cls.create_support_user(
            login, *groups, tz="Europe/Warsaw", lang="en_US", email=f"{login}@firm.example.com"
        )

    def test_sell_start_and_post_its_invoice(self):
        """P8, P9: START costs 399.00 net a month, 490.77 gross, invoiced and posted by the owner."""
        self.start_tour("/odoo/support-agreements", "support_plans_sell_start", login="tour_owner")
        agreement = self.env["contract.contract"].search([("partner_id", "=", self.tour_client.id)])
        self.assertEqual(agreement.support_state, "running")
        self.assertEqual(agreement.support_plan_id, self.plan_start)
        self.assertEqual(agreement.response_hours, 8)
        invoice = agreement._get_related_invoices()
        self.assertEqual(invoice.state, "posted")
        self.assertRecordValues(invoice, [{"amount_untaxed": 399.0, "amount_total": 490.77}])

    def test_receive_a_ticket_and_answer_it_in_time(self):
        """P14, P26, P28: guaranteed, in the queue, taken by "Next Ticket", answered in time."""
        agreement = self.create_agreement(self.plan_start, self.tour_client, fields.Date.today())
        self.start_tour("/odoo/support-queue", "support_plans_answer_in_time", login="tour_consultant")
        ticket = self.env["helpdesk.ticket"].search([("partner_id", "=", self.tour_client.id)])
        self.assertEqual(ticket.support_contract_id, agreement)
        self.assertEqual(ticket.guarantee_reason, "guaranteed")
        self.assertEqual(ticket.response_state, "met")
        self.assertEqual(ticket.response_by_id, self.consultant.partner_id)
        self.assertEqual(ticket.user_id, self.consultant)
        self.assertLess(ticket.response_date, ticket.response_deadline)
