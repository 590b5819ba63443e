from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .ticket_common import TicketCommon

REGISTERED = "2026-06-12 14:40:00"  # Friday 16:40 in Warsaw: due Monday 16:00, warning at 14:00


@tagged("post_install", "-at_install")
@freeze_time(REGISTERED)
class TestTicketReminder(TicketCommon):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("support_plans.ir_cron_remind_response").method_direct_trigger()
        self.env.invalidate_all()

    def told(self, user):
        """Return the subjects of what the user was notified of."""
        notifications = self.env["mail.notification"].search([("res_partner_id", "=", user.partner_id.id)])
        return notifications.mail_message_id.sorted("id").mapped("subject")

    def test_the_assignee_is_warned_once_at_three_quarters_of_the_time(self):
        ticket = self.create_ticket(user_id=self.consultant.id)
        with freeze_time("2026-06-15 11:55:00"):
            self.run_cron()
        self.assertNotIn(True, ["respond soon" in (s or "") for s in self.told(self.consultant)])
        with freeze_time("2026-06-15 12:05:00"):
            self.run_cron()
            self.run_cron()
        warnings = [s for s in self.told(self.consultant) if "respond soon" in (s or "")]
        self.assertEqual(len(warnings), 1)
        self.assertIn(ticket.number, warnings[0])
        self.assertFalse([s for s in self.told(self.leader) if "respond soon" in (s or "")])

    def test_the_team_is_warned_when_nobody_is_assigned(self):
        self.create_ticket(user_id=False)
        with freeze_time("2026-06-15 12:05:00"):
            self.run_cron()
        for user in self.leader | self.consultant:
            self.assertEqual(len([s for s in self.told(user) if "respond soon" in (s or "")]), 1)

    def test_no_warning_outside_service_hours(self):
        """T3: a warning that falls due at closing waits for the next opening."""
        ticket = self.create_ticket(user_id=self.consultant.id)
        ticket.sudo().write({"response_warning_at": "2026-06-15 13:59:00", "response_deadline": "2026-06-16 08:00:00"})
        with freeze_time("2026-06-15 20:00:00"):
            self.run_cron()
        self.assertFalse(ticket.response_warned_at)
        with freeze_time("2026-06-16 06:01:00"):
            self.run_cron()
        self.assertTrue(ticket.response_warned_at)

    def test_the_leader_is_told_once_of_the_miss(self):
        ticket = self.create_ticket(user_id=self.consultant.id)
        with freeze_time("2026-06-15 14:00:00"):
            self.run_cron()
        self.assertEqual(ticket.response_state, "pending")
        with freeze_time("2026-06-15 14:05:00"):
            self.run_cron()
            self.run_cron()
        self.assertEqual(ticket.response_state, "missed")
        self.assertEqual(len([s for s in self.told(self.leader) if "missed" in (s or "")]), 1)
        self.assertFalse([s for s in self.told(self.consultant) if "missed" in (s or "")])

    def test_answered_and_closed_tickets_are_never_reminded_of(self):
        """T18."""
        answered = self.create_ticket(user_id=self.consultant.id)
        answered.with_user(self.consultant).action_accept_and_start()
        closed = self.create_ticket(user_id=self.consultant.id)
        closed.sudo().with_user(self.env.ref("base.user_root")).stage_id = self.stage_done
        with freeze_time("2026-06-16 12:05:00"):
            self.run_cron()
        self.assertEqual(answered.response_state, "met")
        self.assertEqual(closed.response_state, "pending")
        self.assertFalse([s for s in self.told(self.leader) if "missed" in (s or "")])

    def test_one_broken_ticket_does_not_stop_the_others(self):
        broken, good = self.create_ticket(user_id=self.consultant.id), self.create_ticket(user_id=self.consultant.id)
        model = type(self.env["helpdesk.ticket"])
        original = model._tell_missed

        def fail_for_one(ticket, now):
            if ticket.id == broken.id:
                raise ValueError("broken")
            return original(ticket, now)

        with (
            patch.object(model, "_tell_missed", fail_for_one),
            mute_logger("odoo.addons.support_plans.models.helpdesk_ticket_reminder"),
            freeze_time("2026-06-15 14:05:00"),
        ):
            self.run_cron()
        self.assertEqual(broken.response_state, "pending")
        self.assertEqual(good.response_state, "missed")

    def test_a_ticket_without_team_is_not_forgotten(self):
        """The person responsible for the agreement is warned and told; else the support managers."""
        manager = self.create_support_user("manager_r", "support_plans.group_support_manager")
        self.agreement.user_id = self.leader
        mine = self.create_ticket(team_id=False, user_id=False)
        with freeze_time("2026-06-15 12:05:00"):
            self.run_cron()
        self.assertEqual(len([s for s in self.told(self.leader) if "respond soon" in (s or "")]), 1)
        self.agreement.user_id = False
        with freeze_time("2026-06-15 14:05:00"):
            self.run_cron()
        self.assertEqual(mine.response_state, "missed")
        self.assertEqual(len([s for s in self.told(manager) if "missed" in (s or "")]), 1)

    # What the second review found

    def test_who_left_gets_no_word_but_the_next_in_line(self):
        manager = self.create_support_user("manager_s", "support_plans.group_support_manager")
        ticket = self.create_ticket(user_id=self.consultant.id)
        (self.consultant | self.leader).active = False
        self.agreement.user_id = False
        with freeze_time("2026-06-15 12:05:00"):
            self.run_cron()
        with freeze_time("2026-06-15 14:05:00"):
            self.run_cron()
        self.assertEqual(ticket.response_state, "missed")
        self.assertFalse(self.told(self.consultant) + self.told(self.leader))
        self.assertEqual(len([s for s in self.told(manager) if "respond soon" in (s or "")]), 1)
        self.assertEqual(len([s for s in self.told(manager) if "missed" in (s or "")]), 1)

    def test_hours_that_cannot_be_read_do_not_stop_the_others(self):
        other = self.create_client("Standard Ltd")
        self.create_agreement(self.plan_standard, other, "2026-01-01")
        good, broken = self.create_ticket(user_id=self.consultant.id), self.create_ticket(partner_id=other.id)
        self.env.flush_all()
        broken.sudo().write(
            {"response_deadline": good.response_deadline, "response_warning_at": good.response_warning_at}
        )
        self.env.cr.execute(
            "UPDATE resource_calendar SET flexible_hours = TRUE WHERE id = %s", [broken.response_calendar_id.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with freeze_time("2026-06-15 12:05:00"):
            self.run_cron()
        self.assertTrue(good.response_warned_at)
        self.assertFalse(broken.response_warned_at)

    def test_a_ticket_that_comes_back_from_the_archive_follows_the_hours_as_they_are_now(self):
        """D16"""
        ticket = self.create_ticket()
        ticket.active = False
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Firm's day",
                "calendar_id": self.agreement.service_calendar_id.id,
                "date_from": "2026-06-14 22:00:00",
                "date_to": "2026-06-15 21:59:59",
            }
        )
        self.assertEqual(str(ticket.response_deadline), "2026-06-15 14:00:00")
        ticket.active = True
        self.assertEqual(str(ticket.response_deadline), "2026-06-16 14:00:00")
