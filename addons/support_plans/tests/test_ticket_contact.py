from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-12 14:40:00")
class TestTicketContact(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.env["res.partner"].create(
            {"name": "Jan Nowak", "parent_id": cls.client.id, "email": "jan@nowak.example"}
        )
        cls.agreement.support_contact_ids = cls.client_contact

    def test_a_contact_is_guaranteed_and_a_colleague_waits_for_approval(self):
        """P38: named persons of the client may use the support."""
        self.assertEqual(self.create_ticket().guarantee_reason, "guaranteed")
        ticket = self.create_ticket(partner_id=self.colleague.id)
        self.assertEqual(ticket.guarantee_reason, "contact")
        self.assertTrue(ticket._is_waiting_for_contact())
        asked = ticket.message_ids.filtered(lambda m: "approval" in (m.subject or ""))
        notified = self.env["mail.notification"].search(
            [
                ("mail_message_id.res_id", "=", ticket.id),
                ("mail_message_id.model", "=", "helpdesk.ticket"),
                ("res_partner_id", "=", self.client_contact.id),
            ]
        )
        self.assertTrue(notified, asked)
        self.assertEqual(notified.mail_message_id.author_id, self.env.company.partner_id, "the firm asks")

    def test_the_approval_decides_as_if_registered_at_that_moment(self):
        ticket = self.create_ticket(partner_id=self.colleague.id)
        with freeze_time("2026-06-15 08:30:00"):
            ticket.with_user(self.consultant).action_approve_contact()
        self.assertEqual(ticket.guarantee_reason, "guaranteed")
        self.assertMoment(ticket.registered_at, "2026-06-12 16:40")
        self.assertMoment(ticket.guarantee_from, "2026-06-15 10:30")
        self.assertMoment(ticket.response_deadline, "2026-06-16 10:30")
        self.assertIn("Approved Mon 10:30", ticket.with_user(self.consultant).response_explanation)

    def test_a_second_click_changes_nothing(self):
        ticket = self.create_ticket(partner_id=self.colleague.id)
        ticket._approve_contact(self.client_contact)
        deadline = ticket.response_deadline
        with freeze_time("2026-06-15 08:30:00"):
            ticket._approve_contact(self.client_contact)
        self.assertEqual(ticket.response_deadline, deadline)

    def test_an_answered_ticket_keeps_its_judgement_when_it_is_approved(self):
        ticket = self.create_ticket(partner_id=self.colleague.id)
        ticket.with_user(self.consultant).action_accept_and_start()
        with self.assertRaisesRegex(UserError, "does not wait"):
            ticket._approve_contact(self.client_contact)
        self.assertFalse(ticket.response_deadline)

    def test_only_a_consultant_may_press_the_button(self):
        ticket = self.create_ticket(partner_id=self.colleague.id)
        plain = self.create_support_user("plain2", "helpdesk_mgmt.group_helpdesk_user")
        with self.assertRaises(AccessError):
            ticket.with_user(plain).action_approve_contact()
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.create_ticket().with_user(self.consultant).action_approve_contact()

    def test_the_link_is_good_for_one_contact_and_one_ticket(self):
        ticket, other = (self.create_ticket(partner_id=self.colleague.id) for _i in range(2))
        find = self.env["helpdesk.ticket"]._get_ticket_to_approve
        token = ticket._get_approval_token(self.client_contact)
        self.assertEqual(find(ticket.id, self.client_contact.id, token)[0], ticket)
        self.assertFalse(find(other.id, self.client_contact.id, token)[0])
        self.assertFalse(find(ticket.id, self.colleague.id, token)[0])
        self.assertFalse(find(ticket.id, self.client_contact.id, "x" * len(token))[0])
        self.agreement.support_contact_ids = self.colleague
        self.assertFalse(find(ticket.id, self.client_contact.id, token)[0])

    def test_the_first_date_offered_is_kept(self):
        """P27, P32: remote help by appointment."""
        ticket = self.create_ticket()
        action = ticket.with_user(self.consultant).action_schedule_appointment()
        self.assertEqual(action["context"]["default_support_ticket_id"], ticket.id)
        events = self.env["calendar.event"].with_user(self.consultant)
        for start in ("2026-06-17 08:00:00", "2026-06-16 08:00:00"):
            events.create(
                {
                    "name": "Remote help",
                    "start": start,
                    "stop": start.replace("08:", "09:"),
                    "support_ticket_id": ticket.id,
                }
            )
        self.assertMoment(ticket.first_offered_at, "2026-06-17 10:00")
        self.assertEqual(ticket.appointment_count, 2)

    def test_only_who_works_on_the_ticket_makes_offers_for_it(self):
        """P27: the first date offered is evidence."""
        ticket = self.create_ticket()
        stranger = self.create_support_user("stranger_c")
        with self.assertRaises(AccessError):
            self.env["calendar.event"].with_user(stranger).create(
                {
                    "name": "x",
                    "start": "2026-06-17 08:00:00",
                    "stop": "2026-06-17 09:00:00",
                    "support_ticket_id": ticket.id,
                }
            )
        self.assertFalse(ticket.first_offered_at)
        event = (
            self.env["calendar.event"]
            .with_user(self.consultant)
            .create({"name": "Meeting", "start": "2026-06-18 08:00:00", "stop": "2026-06-18 09:00:00"})
        )
        event.support_ticket_id = ticket
        self.assertMoment(ticket.first_offered_at, "2026-06-18 10:00")

    # What the second review found

    def test_a_contact_who_left_takes_no_guarantee_from_the_client(self):
        """P38: with nobody left who counts, every person of the client may use the support."""
        self.client_contact.active = False
        ticket = self.create_ticket(partner_id=self.colleague.id)
        self.assertEqual(ticket.guarantee_reason, "guaranteed")

    def test_an_archived_contact_among_others_is_not_asked(self):
        """P38"""
        boss = self.env["res.partner"].create({"name": "Boss", "parent_id": self.client.id, "email": "b@nowak.example"})
        self.agreement.support_contact_ids |= boss
        boss.active = False
        ticket = self.create_ticket(partner_id=self.colleague.id)
        self.assertEqual(ticket.guarantee_reason, "contact")
        self.assertNotIn(boss, self.get_asked(ticket))
        self.assertIn(self.client_contact, self.get_asked(ticket))

    def test_a_contact_who_moved_to_another_client_counts_no_more(self):
        """P38: neither asked, nor told, nor obeyed."""
        boss = self.env["res.partner"].create({"name": "Boss", "parent_id": self.client.id, "email": "b@nowak.example"})
        self.agreement.support_contact_ids |= boss
        before = self.create_ticket(partner_id=self.colleague.id)
        token = before._get_approval_token(boss)
        boss.parent_id = self.create_client("Other Ltd")
        self.assertFalse(before._is_contact(boss))
        self.assertFalse(self.env["helpdesk.ticket"]._get_ticket_to_approve(before.id, boss.id, token)[0])
        ticket = self.create_ticket(partner_id=self.colleague.id)
        self.assertNotIn(boss, self.get_asked(ticket))
        self.assertEqual(ticket.with_user(self.consultant).agreement_contact_ids, self.client_contact)
        preview = ticket._preview_response(self.colleague, self.env.company, "question", False)
        self.assertIn("Anna Nowak", preview["text"])
        self.assertNotIn("Boss", preview["text"])

    def get_asked(self, ticket):
        notifications = self.env["mail.notification"].search(
            [("mail_message_id.res_id", "=", ticket.id), ("mail_message_id.model", "=", "helpdesk.ticket")]
        )
        return notifications.res_partner_id

    def test_an_answered_ticket_waits_for_no_approval(self):
        """P38, P26"""
        ticket = self.create_ticket(partner_id=self.colleague.id)
        ticket.with_user(self.consultant).action_accept_and_start()
        self.assertFalse(ticket._is_waiting_for_contact())
        self.assertFalse(ticket._may_be_approved_by(self.client_contact))
        self.assertNotIn("can approve", ticket._get_panel_reason())
        waiting = self.create_ticket(partner_id=self.colleague.id)
        self.assertIn("can approve", waiting._get_panel_reason())

    def test_an_answered_ticket_of_another_client_asks_nobody(self):
        """P38: it has its response."""
        other = self.create_client("Other Ltd")
        boss = self.env["res.partner"].create({"name": "Boss", "parent_id": other.id, "email": "boss@other.example"})
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": other.id})
        self.create_agreement(self.plan_standard, other, "2026-01-01", support_contact_ids=boss.ids)
        ticket = self.create_ticket(partner_id=self.colleague.id)
        ticket.with_user(self.consultant).action_accept_and_start()
        ticket.partner_id = clerk
        self.assertNotIn(boss, self.get_asked(ticket))
