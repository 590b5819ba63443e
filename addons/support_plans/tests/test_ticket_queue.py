import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .ticket_common import TicketCommon

CASES = Path(__file__).parents[3] / "tests" / "cases" / "queue.csv"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")  # Monday 10:00 in Warsaw
class TestTicketQueue(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standard_client = cls.create_client("Standard Ltd")
        cls.premium_client = cls.create_client("Premium Ltd")
        cls.create_agreement(cls.plan_standard, cls.standard_client, "2026-01-01")
        cls.create_agreement(
            cls.plan_premium,
            cls.premium_client,
            "2026-01-01",
            list_price_month=3000,
            hourly_rate=120,
            response_hours=24,
        )

    def queue(self):
        return self.env["helpdesk.ticket"].search(
            [("queue_rank", "!=", False), ("team_id", "=", self.team.id)], order="queue_rank, id"
        )

    def test_the_nearest_deadline_stands_first_and_no_guarantee_last(self):
        """P28: in a long queue first the tickets whose deadline runs out."""
        none = self.create_ticket(channel_id=self.channel_phone.id)
        start = self.create_ticket()
        standard = self.create_ticket(partner_id=self.standard_client.id)
        self.assertEqual(self.queue().ids, [standard.id, start.id, none.id])
        self.assertEqual(standard.queue_reason, "By guaranteed response")
        self.assertEqual(none.queue_reason, "No guarantee: Channel without guarantee")

    def test_an_exceptional_situation_goes_before_every_deadline(self):
        """F7."""
        standard = self.create_ticket(partner_id=self.standard_client.id)
        phone = self.create_ticket(channel_id=self.channel_phone.id)
        phone.with_user(self.consultant).is_exceptional = True
        self.assertEqual(self.queue().ids, [phone.id, standard.id])
        self.assertIn("Exceptional", phone.queue_reason)
        phone.with_user(self.consultant).is_critical = True
        self.assertEqual(phone.queue_reason, "Critical · Exceptional situation: goes first")

    def test_equal_deadlines_take_the_panel_before_e_mail_and_then_the_older(self):
        """F7."""
        mail = self.create_ticket()
        panel = self.create_ticket(channel_id=self.channel_panel.id)
        second = self.create_ticket(channel_id=self.channel_panel.id)
        self.assertEqual(self.queue().ids, [panel.id, second.id, mail.id])

    def test_premium_programming_stands_right_before_other_programming(self):
        """P7: and before nothing else."""
        first = self.create_ticket(partner_id=self.standard_client.id, registered_at="2026-06-15 07:59:00")
        other = self.create_ticket(partner_id=self.standard_client.id, request_kind="programming")
        premium = self.create_ticket(partner_id=self.premium_client.id, request_kind="programming")
        self.assertGreater(premium.response_deadline, other.response_deadline)
        self.assertEqual(self.queue().ids, [first.id, premium.id, other.id])
        self.assertEqual(premium.queue_reason, "Priority queue for programming")
        other.stage_id = self.stage_done
        late = self.create_ticket(partner_id=self.standard_client.id)
        self.assertEqual(self.queue().ids, [first.id, late.id, premium.id])

    def test_an_answered_ticket_stands_after_those_that_wait_and_a_closed_one_nowhere(self):
        answered, waiting = self.create_ticket(partner_id=self.standard_client.id), self.create_ticket()
        answered.with_user(self.consultant).action_accept_and_start()
        self.assertEqual(self.queue().ids, [waiting.id, answered.id])
        answered.stage_id = self.stage_done
        self.assertEqual(self.queue().ids, [waiting.id])
        answered.stage_id = self.stage_in_progress
        self.assertEqual(self.queue().ids, [waiting.id, answered.id])

    def test_time_left_is_service_time_and_coloured(self):
        ticket = self.create_ticket(partner_id=self.standard_client.id)
        self.assertEqual((ticket.response_left, ticket.response_urgency), ("4 h left", "in_time"))
        for moment, left, urgency in (
            ("2026-06-15 11:15:00", "45 min left", "soon"),
            ("2026-06-15 12:30:00", "30 min late", "late"),
            ("2026-06-16 05:30:00", "3 h 30 min late", "late"),  # the night is no service time
        ):
            with freeze_time(moment):
                ticket.invalidate_recordset(["response_left", "response_urgency"])
                self.assertEqual((ticket.response_left, ticket.response_urgency), (left, urgency))

    def test_next_ticket_takes_the_first_and_assigns_it(self):
        first = self.create_ticket(partner_id=self.standard_client.id, user_id=False)
        self.create_ticket(user_id=self.env.ref("base.user_root").id)
        taken = self.create_ticket(
            partner_id=self.standard_client.id, user_id=self.leader.id, registered_at="2026-06-15 07:00:00"
        )
        self.assertLess(taken.queue_rank, first.queue_rank)
        tickets = self.env["helpdesk.ticket"].with_user(self.consultant)
        action = tickets.action_next_ticket()
        self.assertEqual(action["res_id"], first.id)
        self.assertEqual(first.user_id, self.consultant)
        first.with_user(self.consultant).action_accept_and_start()
        second = tickets.browse(tickets.action_next_ticket()["res_id"])
        self.assertNotIn(second, first | taken, "a ticket that OCA gave to the robot is nobody's")

    def test_next_ticket_says_when_nothing_waits(self):
        self.env["helpdesk.ticket"].search([]).stage_id = self.stage_done
        action = self.env["helpdesk.ticket"].with_user(self.consultant).action_next_ticket()
        self.assertEqual(action["tag"], "display_notification")

    def test_the_worked_examples_sort_as_written(self):
        """P28, F7, P7: the table tests/cases/queue.csv, on real tickets."""
        with CASES.open(encoding="utf-8") as table:
            rows = list(csv.DictReader(table))
        self.assertTrue(rows)
        for case in dict.fromkeys(row["case"] for row in rows):
            expected = self.env["helpdesk.ticket"]
            for row in (row for row in rows if row["case"] == case):
                expected |= self.create_case(row)
            expected.filtered(lambda t: t.request_kind == "programming")._move_priority_programming_ahead()
            found = self.env["helpdesk.ticket"].search([("id", "in", expected.ids)], order="queue_rank, id")
            self.assertEqual(found.mapped("name"), expected.mapped("name"), case)
            expected.unlink()

    def create_case(self, row):
        def moment(text):
            local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Warsaw"))
            return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

        client = self.premium_client if row["priority_programming"] == "yes" else self.client
        registered = min(moment(row["registered"]), datetime.utcnow())
        ticket = self.create_ticket(
            name=row["ticket"],
            partner_id=client.id,
            channel_id=getattr(self, f"channel_{row['channel']}").id,
            request_kind="programming" if row["programming"] == "yes" else "question",
            is_exceptional=row["exceptional"] == "yes",
        )
        ticket.write(
            {
                "registered_at": registered,
                "response_deadline": moment(row["deadline"]) if row["deadline"] else False,
                "response_state": "pending" if row["deadline"] else "none",
                "response_date": registered if row["answered"] == "yes" else False,
            }
        )
        return ticket

    def test_a_batch_of_programming_requests_is_ordered_among_those_that_wait(self):
        """P7: new ones go before the first other; a new other with an earlier place takes the waiting ones along."""
        other = self.create_ticket(partner_id=self.standard_client.id, request_kind="programming")
        waiting = self.create_ticket(partner_id=self.premium_client.id, request_kind="programming")
        earlier, premium = self.env["helpdesk.ticket"].create(
            [
                self.prepare_ticket(
                    partner_id=client.id, request_kind="programming", registered_at="2026-06-12 08:00:00"
                )
                for client in (self.standard_client, self.premium_client)
            ]
        )
        self.assertEqual(self.queue().ids, [premium.id, waiting.id, earlier.id, other.id])

    def test_an_answered_programming_request_gives_its_priority_up(self):
        """P7: the priority is for what waits."""
        waiting = self.create_ticket(partner_id=self.standard_client.id, request_kind="programming")
        premium = self.create_ticket(partner_id=self.premium_client.id, request_kind="programming")
        self.assertEqual(self.queue().ids, [premium.id, waiting.id])
        premium.with_user(self.consultant).action_accept_and_start()
        self.assertEqual(premium.queue_reason, "Responded, in work")
        self.assertEqual(self.queue().ids, [waiting.id, premium.id])

    def test_a_client_that_gets_the_priority_queue_has_it_for_what_waits(self):
        """P7."""
        other = self.create_ticket(partner_id=self.standard_client.id, request_kind="programming")
        agreement = self.premium_client.contract_ids
        agreement.programming_priority = False
        waiting = self.create_ticket(partner_id=self.premium_client.id, request_kind="programming")
        self.assertEqual(self.queue().ids, [other.id, waiting.id])
        agreement.programming_priority = True
        self.assertEqual(self.queue().ids, [waiting.id, other.id])

    def test_a_ticket_entered_in_the_queue_is_of_ones_team_and_came_by_phone(self):
        """F7, P37: who types it in has somebody on the phone."""
        context = safe_eval(self.env.ref("support_plans.helpdesk_ticket_action_queue").context)
        ticket = self.env["helpdesk.ticket"].with_user(self.consultant).with_context(**context)
        with Form(ticket) as form:
            form.name = "Call"
            form.description = "<p>Text</p>"
            form.partner_id = self.client_contact
        self.assertEqual(form.record.team_id, self.team)
        self.assertEqual(form.record.channel_id, self.channel_phone)
        self.assertEqual(form.record.guarantee_reason, "channel")

    # What the second review found

    def test_an_ended_agreement_gives_no_priority_queue(self):
        """P7, P1: after the end COMMUNITY serves."""
        other = self.create_ticket(partner_id=self.standard_client.id, request_kind="programming")
        agreement = self.premium_client.contract_ids
        before = self.create_ticket(partner_id=self.premium_client.id, request_kind="programming")
        agreement._end_on(agreement.date_start.replace(month=6, day=10))
        after = self.create_ticket(partner_id=self.premium_client.id, request_kind="programming")
        self.assertEqual(after.guarantee_reason, "agreement_ended")
        self.assertEqual(self.queue().ids, [before.id, other.id, after.id])
        self.env["helpdesk.ticket"]._reorder_programming()
        self.assertEqual(self.queue().ids, [before.id, other.id, after.id])
        self.assertEqual(after.queue_reason, "No guarantee: Agreement ended")

    def test_a_request_that_is_no_programming_any_more_is_not_gone_before(self):
        """P7: the priority is before other programming only."""
        other = self.create_ticket(partner_id=self.standard_client.id, request_kind="programming")
        question = self.create_ticket(partner_id=self.standard_client.id, registered_at="2026-06-15 07:59:00")
        premium = self.create_ticket(partner_id=self.premium_client.id, request_kind="programming")
        self.assertEqual(self.queue().ids, [question.id, premium.id, other.id])
        other.request_kind = "question"
        self.assertEqual(self.queue().ids, [question.id, other.id, premium.id])
