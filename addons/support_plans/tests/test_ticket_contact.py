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
