from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .ticket_common import TicketCommon

REGISTERED = "2026-06-12 14:40:00"  # Friday 16:40 in Warsaw
IN_TIME = "2026-06-15 14:00:00"  # Monday 16:00 in Warsaw, exactly at the deadline
LATE = "2026-06-16 07:30:00"  # Tuesday 9:30: 90 service minutes late


@tagged("post_install", "-at_install")
@freeze_time(REGISTERED)
class TestTicketResponse(TicketCommon):
    def answer(self, ticket, user, **values):
        return ticket.with_user(user).message_post(
            **{"body": "We look into it.", "message_type": "comment", "subtype_xmlid": "mail.mt_comment", **values}
        )

    def test_the_first_public_answer_of_an_employee_is_the_response(self):
        """P26: accepting the report and starting to act; exactly at the deadline is in time."""
        ticket = self.create_ticket()
        with freeze_time(IN_TIME):
            self.answer(ticket, self.consultant)
        self.assertEqual(ticket.response_state, "met")
        self.assertMoment(ticket.response_date, "2026-06-15 16:00")
        self.assertEqual(ticket.response_by_id, self.consultant.partner_id)
        self.assertEqual(ticket.response_late_minutes, 0)

    def test_a_late_response_says_by_how_many_service_minutes(self):
        ticket = self.create_ticket()
        with freeze_time(LATE):
            self.answer(ticket, self.consultant)
        self.assertEqual(ticket.response_state, "missed")
        self.assertEqual(ticket.response_late_minutes, 90)

    def test_the_response_counts_once(self):
        """T6: later answers never change it."""
        ticket = self.create_ticket()
        with freeze_time(IN_TIME):
            self.answer(ticket, self.consultant)
        with freeze_time(LATE):
            self.answer(ticket, self.leader)
            ticket.with_user(self.leader).action_accept_and_start()
        self.assertEqual(ticket.response_state, "met")
        self.assertMoment(ticket.response_date, "2026-06-15 16:00")

    def test_notes_automatic_mails_and_the_clients_words_do_not_count(self):
        ticket = self.create_ticket()
        self.answer(ticket, self.consultant, subtype_xmlid="mail.mt_note")
        self.answer(ticket, self.consultant, message_type="notification")
        self.answer(ticket, self.consultant, message_type="auto_comment")
        ticket.message_post(
            body="Any news?",
            author_id=self.client_contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        ticket.message_post(
            body="Robot",
            author_id=self.env.ref("base.partner_root").id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(ticket.response_state, "pending")
        self.assertFalse(ticket.response_date)

    def test_an_internal_answer_does_not_count_even_as_a_comment(self):
        ticket = self.create_ticket()
        self.answer(ticket, self.consultant, is_internal=True)
        self.assertFalse(ticket.response_date)

    def test_the_reporters_own_words_do_not_count_even_when_the_reporter_is_an_employee(self):
        ticket = self.create_ticket(partner_id=self.consultant.partner_id.id)
        self.answer(ticket, self.consultant)
        self.assertFalse(ticket.response_date)
        self.answer(ticket, self.leader)
        self.assertEqual(ticket.response_by_id, self.leader.partner_id)

    def test_moving_between_unattended_stages_is_no_response(self):
        triage = self.env["helpdesk.ticket.stage"].create({"name": "Triage", "unattended": True, "company_id": False})
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        ticket.with_user(self.consultant).stage_id = triage
        self.assertFalse(ticket.response_date)
        ticket.with_user(self.consultant).stage_id = self.stage_in_progress
        self.assertEqual(ticket.response_state, "met")

    def test_a_robot_that_moves_the_ticket_has_not_responded(self):
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        ticket.with_user(self.env.ref("base.user_root")).stage_id = self.stage_in_progress
        self.assertFalse(ticket.response_date)

    def test_an_employees_answer_by_e_mail_counts_like_one_on_the_screen(self):
        """T5: one rule for all channels."""
        ticket = self.create_ticket()
        ticket.message_post(
            body="Answer",
            author_id=self.consultant.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(ticket.response_state, "met")

    def test_an_out_of_office_mail_of_an_employee_is_no_response(self):
        """RFC 3834: what a machine wrote, nobody answered."""
        ticket = self.create_ticket()
        question = ticket.message_post(
            body="Any news?",
            author_id=self.client_contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        template = (
            "MIME-Version: 1.0\nDate: Fri, 12 Jun 2026 16:40:00 +0200\nMessage-ID: <{name}@firm.example>\n"
            "{header}In-Reply-To: {parent}\nReferences: {parent}\nSubject: Re: Any news?\n"
            "From: Consultant <c@firm.example>\nTo: help@firm.example\n"
            "Content-Type: text/plain; charset=utf-8\n\nI am here.\n"
        )
        deliver = self.env["mail.thread"].message_process
        parent = question.message_id
        deliver(False, template.format(name="auto", parent=parent, header="Auto-Submitted: auto-replied\n"))
        self.assertEqual(len(ticket.message_ids.filtered(lambda m: m.message_type == "email")), 1)
        self.assertFalse(ticket.response_date)
        deliver(False, template.format(name="human", parent=parent, header=""))
        self.assertEqual(ticket.response_by_id, self.consultant.partner_id)
        self.assertEqual(ticket.response_state, "met")

    def test_leaving_an_unattended_stage_is_a_response(self):
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        ticket.with_user(self.consultant).stage_id = self.stage_in_progress
        self.assertEqual(ticket.response_state, "met")
        self.assertEqual(ticket.response_by_id, self.consultant.partner_id)

    def test_a_client_who_closes_the_ticket_has_not_been_answered(self):
        """T18: closed by the client is neither met nor missed."""
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        portal = self.env["res.users"].create(
            {
                "name": "Anna",
                "login": "anna_portal",
                "partner_id": self.client_contact.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        ticket.with_user(portal).sudo().stage_id = self.stage_done
        self.assertFalse(ticket.response_date)
        self.assertEqual(ticket.response_state, "pending")
        self.assertFalse(ticket._is_waiting_for_response())

    def test_accept_and_start_assigns_starts_and_tells_the_client(self):
        ticket = self.create_ticket(stage_id=self.stage_new.id, user_id=False)
        ticket.with_user(self.consultant).action_accept_and_start()
        self.assertEqual(ticket.response_state, "met")
        self.assertEqual(ticket.user_id, self.consultant)
        self.assertEqual(ticket.stage_id, self.stage_in_progress)
        told = ticket.message_ids.filtered(lambda m: "has been accepted" in (m.body or ""))
        self.assertEqual(len(told), 1)
        self.assertIn(self.client_contact, told.notified_partner_ids)
        ticket.with_user(self.consultant).action_accept_and_start()
        self.assertEqual(len(ticket.message_ids.filtered(lambda m: "has been accepted" in (m.body or ""))), 1)

    def test_a_closed_ticket_cannot_be_accepted(self):
        ticket = self.create_ticket()
        ticket.stage_id = self.stage_done
        with self.assertRaisesRegex(UserError, "is closed"):
            ticket.action_accept_and_start()

    def test_the_explanation_tells_how_the_deadline_came_about(self):
        """Registered, clock start, hours, due: in the reader's language and time zone."""
        ticket = self.create_ticket()
        self.assertEqual(
            ticket.with_user(self.consultant).response_explanation.replace("\u202f", " "),
            "Registered Fri 16:40, after hours · clock starts Mon 08:00 · 8 h · due Mon 16:00",
        )
        tokyo = ticket.with_context(tz="Asia/Tokyo")
        self.assertIn("Registered Fri 23:40", tokyo.response_explanation)
        with freeze_time(LATE):
            self.answer(ticket, self.consultant)
            ticket.invalidate_recordset(["response_explanation"])
            self.assertIn("responded Tue 09:30, 1 h 30 min late", ticket.response_explanation)

    def test_a_changed_holiday_moves_pending_deadlines_only_and_tells_the_team(self):
        """D16, T20: what was answered keeps its deadline."""
        answered, pending = self.create_ticket(), self.create_ticket()
        self.answer(answered, self.consultant)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Firm's day",
                "calendar_id": self.agreement.service_calendar_id.id,
                "date_from": "2026-06-14 22:00:00",
                "date_to": "2026-06-15 21:59:59",
            }
        )
        self.assertMoment(pending.response_deadline, "2026-06-16 16:00")
        self.assertMoment(answered.response_deadline, "2026-06-15 16:00")
        posts = self.team.message_ids.filtered(lambda m: pending.number in (m.body or ""))
        self.assertEqual(len(posts), 1)
        self.assertNotIn(answered.number, posts.body)
        self.assertIn("deadline moved", str(pending.message_ids.mapped("body")))

    def test_a_change_that_leaves_no_service_hours_is_refused_while_promises_wait(self):
        self.create_ticket()
        with self.assertRaises(UserError):
            self.agreement.service_calendar_id.attendance_ids.unlink()

    # What the review found

    def test_a_reopened_ticket_follows_the_hours_as_they_are_now(self):
        """T7: its deadline never falls on a day that was closed meanwhile."""
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        robot = self.env.ref("base.user_root")
        ticket.with_user(robot).stage_id = self.stage_done
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Firm's day",
                "calendar_id": self.agreement.service_calendar_id.id,
                "date_from": "2026-06-14 22:00:00",
                "date_to": "2026-06-15 21:59:59",
            }
        )
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")
        ticket.with_user(robot).stage_id = self.stage_new
        self.assertMoment(ticket.response_deadline, "2026-06-16 16:00")

    def test_a_closed_ticket_is_not_late(self):
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        ticket.with_user(self.env.ref("base.user_root")).stage_id = self.stage_done
        with freeze_time("2026-06-20 08:00:00"):
            ticket.invalidate_recordset()
            self.assertEqual(ticket.response_urgency, "done")
            self.assertFalse(ticket.response_left)

    def test_hours_made_flexible_later_do_not_break_what_was_missed(self):
        ticket = self.create_ticket()
        ticket.sudo().response_state = "missed"
        self.agreement.service_calendar_id.schedule_type = "flexible"
        with freeze_time(LATE):
            ticket.invalidate_recordset()
            self.assertEqual(ticket.response_urgency, "late")
            self.answer(ticket, self.consultant)
        self.assertEqual(ticket.response_state, "missed")

    def test_a_person_who_is_not_known_is_told_of_the_acceptance_by_mail(self):
        """B4: whoever wrote to us gets the word."""
        ticket = self.create_ticket(partner_id=False, partner_email="nina@workshop.example", stage_id=self.stage_new.id)
        ticket.with_user(self.consultant).action_accept_and_start()
        told = ticket.message_ids.filtered(lambda m: "has been accepted" in (m.body or ""))
        self.assertIn("nina@workshop.example", told.outgoing_email_to)

    # What the second review found

    def add_hours(self, opens, closes):
        """Open the calendar of START on Fridays for some hours more."""
        self.env["resource.calendar.attendance"].create(
            {
                "name": "More",
                "calendar_id": self.agreement.service_calendar_id.id,
                "dayofweek": "4",
                "hour_from": opens,
                "hour_to": closes,
                "day_period": "afternoon",
            }
        )

    def test_a_deadline_never_moves_into_the_past(self):
        """P14, D16"""
        ticket = self.create_ticket()
        with freeze_time("2026-06-15 07:30:00"):  # Monday 9:30
            self.add_hours(16, 24)  # would be due Monday 8:40
            self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")
            self.assertIn("keeps its deadline", str(ticket.message_ids.mapped("body")))
            self.assertNotIn(ticket, ticket._get_missed(fields.Datetime.now()))

    def test_a_reopened_ticket_is_counted_from_the_reopening(self):
        """P14: its deadline passed while nothing was owed."""
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        robot = self.env.ref("base.user_root")
        ticket.with_user(robot).stage_id = self.stage_done
        with freeze_time("2026-06-17 08:30:00"):  # Wednesday 10:30
            ticket.with_user(robot).stage_id = self.stage_new
            self.assertNotIn(ticket, ticket._get_missed(fields.Datetime.now()))
        self.assertEqual(ticket.response_state, "pending")
        self.assertMoment(ticket.response_deadline, "2026-06-18 10:30")
        self.assertMoment(ticket.response_warning_at, "2026-06-18 08:30")
        self.assertIn("counted from the reopening", str(ticket.message_ids.mapped("body")))

    def test_what_was_late_before_it_was_closed_stays_late(self):
        """P14: closing and reopening is no way out."""
        ticket = self.create_ticket(stage_id=self.stage_new.id)
        robot = self.env.ref("base.user_root")
        with freeze_time(LATE):
            ticket.with_user(robot).stage_id = self.stage_done
            ticket.with_user(robot).stage_id = self.stage_new
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")
