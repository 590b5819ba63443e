from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-12 14:40:00")  # Friday 16:40 in Warsaw, after the hours of START
class TestTicketGuarantee(TicketCommon):
    def test_a_ticket_takes_agreement_plan_and_deadline_of_the_clients_company(self):
        """P14, P31: registered Friday after hours, the clock starts Monday 8:00, 8 h later is 16:00."""
        ticket = self.create_ticket()
        self.assertEqual(ticket.support_contract_id, self.agreement)
        self.assertEqual(ticket.support_plan_id, self.plan_start)
        self.assertEqual(ticket.guarantee_reason, "guaranteed")
        self.assertEqual(ticket.response_state, "pending")
        self.assertMoment(ticket.response_clock_start, "2026-06-15 08:00")
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")
        self.assertMoment(ticket.response_warning_at, "2026-06-15 14:00")

    def test_no_agreement_means_community_terms_and_no_guarantee(self):
        """P1, B4: everybody is served; nothing is ordered and nothing is promised."""
        stranger = self.create_client("Stranger Ltd")
        ticket = self.create_ticket(partner_id=stranger.id)
        self.assertFalse(ticket.support_contract_id)
        self.assertEqual(ticket.support_plan_id, self.plan_community)
        self.assertEqual(ticket.guarantee_reason, "no_agreement")
        self.assertFalse(ticket.response_deadline)
        unknown = self.create_ticket(partner_id=False, partner_email="who@unknown.example")
        self.assertEqual(unknown.guarantee_reason, "no_agreement")

    def test_the_phone_never_carries_the_guarantee(self):
        """P37, D2: written tickets only."""
        ticket = self.create_ticket(channel_id=self.channel_phone.id)
        self.assertEqual(ticket.guarantee_reason, "channel")
        self.assertEqual(ticket.response_state, "none")
        self.assertEqual(self.create_ticket(channel_id=False).guarantee_reason, "channel")
        with self.assertRaisesRegex(ValidationError, "never covers the phone"):
            self.agreement.guaranteed_channel_ids |= self.channel_phone

    def test_a_kind_of_request_outside_the_plan_has_no_guarantee(self):
        """P20: programming is not part of START."""
        ticket = self.create_ticket(request_kind="programming")
        self.assertEqual(ticket.guarantee_reason, "request_kind")

    def test_a_used_quota_ends_the_guarantee_but_not_for_bugs(self):
        """P15, P23, P24, P30, D12: the quota binds e-mail work that is not a bug."""
        contract_model = type(self.env["contract.contract"])
        used = {}
        self.patch(
            contract_model,
            "_get_quota_used_minutes",
            lambda self, pairs: dict.fromkeys(((c.id, d) for c, d in pairs), used["minutes"]),
        )
        used["minutes"] = 8 * 60 - 1
        self.assertEqual(self.create_ticket().guarantee_reason, "guaranteed")
        used["minutes"] = 8 * 60
        self.assertEqual(self.create_ticket().guarantee_reason, "quota_used")
        self.assertEqual(self.create_ticket(request_kind="bug").guarantee_reason, "guaranteed")

    def test_after_the_end_of_the_agreement_community_serves(self):
        """D3: the agreement that ended is named, its guarantee is over."""
        self.agreement._end_on(self.agreement.date_start.replace(month=5, day=31))
        ticket = self.create_ticket()
        self.assertEqual(ticket.guarantee_reason, "agreement_ended")
        self.assertEqual(ticket.support_contract_id, self.agreement)
        self.assertEqual(ticket.support_plan_id, self.plan_community)

    def test_a_later_change_of_the_plan_changes_no_promise(self):
        """D12: decided once, by the frozen terms."""
        ticket = self.create_ticket()
        deadline = ticket.response_deadline
        self.plan_start.response_hours = 2
        self.agreement.response_hours = 4
        self.assertEqual(ticket.response_deadline, deadline)
        self.assertMoment(self.create_ticket().response_deadline, "2026-06-15 12:00")

    def test_a_critical_ticket_waits_for_the_opening_unless_an_on_call_calendar_is_named(self):
        """P6, D1: reported at any time, the clock starts at the next opening."""
        self.assertMoment(self.create_ticket(is_critical=True).response_deadline, "2026-06-15 16:00")
        self.agreement.critical_calendar_id = self.env.ref("support_plans.resource_calendar_premium")
        self.assertMoment(self.create_ticket(is_critical=True).response_deadline, "2026-06-13 00:40")

    def test_marking_a_ticket_as_critical_later_brings_the_deadline_forward(self):
        """D1: the on-call clock runs from the moment of the mark, and the change is logged."""
        self.agreement.critical_calendar_id = self.env.ref("support_plans.resource_calendar_premium")
        ticket = self.create_ticket()
        with freeze_time("2026-06-12 15:40:00"):
            ticket.is_critical = True
        self.assertMoment(ticket.response_deadline, "2026-06-13 01:40")
        self.assertIn("decided anew", str(ticket.message_ids.mapped("body")))

    def test_changing_the_client_decides_anew_and_logs_it(self):
        other = self.create_client("Other Ltd")
        self.create_agreement(self.plan_standard, other, "2026-01-01")
        ticket = self.create_ticket()
        ticket.partner_id = other
        self.assertEqual(ticket.support_plan_id, self.plan_standard)
        self.assertMoment(ticket.response_deadline, "2026-06-15 10:40")
        self.assertIn("decided anew", str(ticket.message_ids.mapped("body")))

    def test_an_answered_ticket_of_another_client_keeps_its_response(self):
        """T20: what was answered never changes; the agreement is the new client's."""
        other = self.create_client("Other Ltd")
        agreement = self.create_agreement(self.plan_standard, other, "2026-01-01")
        ticket = self.create_ticket()
        ticket.with_user(self.consultant).action_accept_and_start()
        deadline = ticket.response_deadline
        ticket.partner_id = other
        self.assertEqual(ticket.support_contract_id, agreement)
        self.assertEqual((ticket.response_state, ticket.response_deadline), ("met", deadline))

    def test_another_person_of_the_same_client_changes_nothing(self):
        ticket = self.create_ticket()
        deadline = ticket.response_deadline
        with freeze_time("2026-06-15 10:00:00"):
            ticket.partner_id = self.client
        self.assertEqual(ticket.response_deadline, deadline)

    def test_an_import_is_judged_by_its_moment_of_registration(self):
        """P31: history keeps its own deadline; the future is refused."""
        ticket = self.create_ticket(registered_at="2026-06-08 06:30:00")
        self.assertMoment(ticket.response_deadline, "2026-06-09 08:30")
        before = self.create_ticket(registered_at="2025-12-30 09:00:00")
        self.assertEqual(before.guarantee_reason, "no_agreement")
        with self.assertRaisesRegex(ValidationError, "registered in the future"):
            self.create_ticket(registered_at="2026-06-12 15:00:00")

    def test_decided_fields_cannot_be_entered(self):
        tickets = self.env["helpdesk.ticket"].with_user(self.consultant)
        for name, value in (("response_deadline", "2026-06-12 15:00:00"), ("guarantee_reason", "quota_used")):
            with self.assertRaisesRegex(UserError, "decided by the agreement"):
                tickets.create(self.prepare_ticket(**{name: value}))
            with self.assertRaisesRegex(UserError, "decided by the agreement"):
                self.create_ticket().with_user(self.consultant).write({name: value})

    def test_bad_values_get_a_sentence_and_nothing_is_written(self):
        count = self.env["helpdesk.ticket"].search_count([])
        with self.assertRaisesRegex(UserError, "not a kind of request"):
            self.create_ticket(request_kind="miracle")
        with self.assertRaisesRegex(UserError, "not a moment of registration"):
            self.create_ticket(registered_at="yesterday")
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), count)

    def test_only_a_consultant_marks_critical_and_exceptional(self):
        """F7, P6: a right, and a line in the history."""
        plain = self.create_support_user("plain", "helpdesk_mgmt.group_helpdesk_user")
        ticket = self.create_ticket()
        self.flush_tracking()
        for mark in ("is_critical", "is_exceptional"):
            with self.assertRaisesRegex(AccessError, "Only a consultant"):
                ticket.with_user(plain).write({mark: True})
            with self.assertRaisesRegex(AccessError, "Only a consultant"):
                self.env["helpdesk.ticket"].with_user(plain).create(self.prepare_ticket(**{mark: True}))
            ticket.with_context(tracking_disable=False, mail_notrack=False).with_user(self.consultant).write(
                {mark: True}
            )
            self.flush_tracking()
        tracked = ticket.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertIn("is_exceptional", tracked)
        self.assertIn("is_critical", tracked)

    def test_a_calendar_without_service_hours_loses_no_ticket(self):
        """The ticket is registered, without deadline, and says why."""
        empty = self.env["resource.calendar"].create(
            {"name": "Closed", "attendance_ids": [(5, 0, 0)], "tz": "Europe/Warsaw"}
        )
        self.agreement.service_calendar_id = empty
        ticket = self.create_ticket()
        self.assertEqual(ticket.guarantee_reason, "no_service_hours")
        self.assertFalse(ticket.response_deadline)

    def test_a_ticket_of_another_company_uses_that_companys_agreement(self):
        other_company = self.env["res.company"].create({"name": "Other firm"})
        ticket = self.env["helpdesk.ticket"].create(self.prepare_ticket(company_id=other_company.id, team_id=False))
        self.assertEqual(ticket.guarantee_reason, "no_agreement")

    def test_a_copy_is_a_new_registration(self):
        ticket = self.create_ticket(registered_at="2026-06-08 06:30:00")
        self.assertMoment(ticket.copy().response_deadline, "2026-06-15 16:00")

    def flush_tracking(self):
        """Tracked changes become messages before the commit."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_the_form_says_before_saving_what_the_ticket_would_get(self):
        """P37: whoever takes a call sees that the phone carries no guarantee."""
        with Form(self.env["helpdesk.ticket"].with_user(self.consultant)) as form:
            form.name = "Call"
            form.description = "<p>Text</p>"
            form.partner_id = self.client_contact
            form.channel_id = self.channel_phone
            self.assertEqual(form.registration_preview, "START · Channel without guarantee")
            form.channel_id = self.channel_email
            self.assertEqual(form.registration_preview, "START · Guaranteed · due Mon 16:00")
        self.assertFalse(form.record.registration_preview)

    # What the review found

    def test_a_decided_fact_cannot_be_erased_and_the_registration_cannot_be_moved(self):
        ticket = self.create_ticket()
        with freeze_time("2026-06-16 07:30:00"):
            ticket.with_user(self.consultant).action_accept_and_start()
        self.assertEqual(ticket.response_state, "missed")
        for values in (
            {"response_late_minutes": 0},
            {"response_date": False},
            {"response_state": "none"},
            {"registered_at": "2026-01-01 08:00:00"},
        ):
            with self.assertRaisesRegex(UserError, "decided by the agreement"):
                ticket.with_user(self.consultant).write(values)
        ticket.with_user(self.consultant).write({"response_state": "missed", "name": "The same value is no change"})

    def test_defaults_in_the_context_are_values_like_others(self):
        plain = self.create_support_user("plain3", "helpdesk_mgmt.group_helpdesk_user")
        tickets = self.env["helpdesk.ticket"].with_user(plain)
        with self.assertRaisesRegex(AccessError, "Only a consultant"):
            tickets.with_context(default_is_exceptional=True).create(self.prepare_ticket())
        with self.assertRaisesRegex(UserError, "decided by the agreement"):
            tickets.with_context(default_response_date="2026-06-12 10:00:00").create(self.prepare_ticket())

    def test_an_approval_does_not_follow_the_ticket_to_another_client(self):
        """P38: the contacts of the new client are asked."""
        self.agreement.support_contact_ids = self.client_contact
        colleague = self.env["res.partner"].create({"name": "Jan", "parent_id": self.client.id})
        other = self.create_client("Other Ltd")
        people = self.env["res.partner"].create(
            [{"name": name, "parent_id": other.id, "email": f"{name}@other.example"} for name in ("boss", "clerk")]
        )
        self.create_agreement(self.plan_standard, other, "2026-01-01", support_contact_ids=people[0].ids)
        ticket = self.create_ticket(partner_id=colleague.id)
        ticket._approve_contact(self.client_contact)
        self.assertEqual(ticket.guarantee_reason, "guaranteed")
        ticket.partner_id = people[1]
        self.assertEqual(ticket.guarantee_reason, "contact")
        self.assertFalse(ticket.contact_approved_by_id)
        asked = self.env["mail.notification"].search([("res_partner_id", "=", people[0].id)])
        self.assertIn(ticket.id, asked.mail_message_id.mapped("res_id"))

    def test_only_a_manager_decides_anew_and_a_miss_stays_a_miss(self):
        manager = self.create_support_user("manager_b", "support_plans.group_support_manager")
        ticket = self.create_ticket()
        with self.assertRaisesRegex(AccessError, "Only a support manager"):
            ticket.with_user(self.consultant).action_decide_anew()
        ticket.request_kind = "programming"
        ticket.with_user(manager).action_decide_anew()
        self.assertEqual(ticket.guarantee_reason, "request_kind")
        missed = self.create_ticket()
        missed.sudo().response_state = "missed"
        missed.request_kind = "programming"
        missed.with_user(manager).action_decide_anew()
        self.assertEqual(missed.response_state, "missed")

    def test_a_change_of_plan_holds_from_midnight_of_the_agreement(self):
        """D5, D12: whatever the time zone of who delivers the ticket."""
        self.agreement._request_plan_change(
            self.plan_standard, self.plan_standard._prepare_terms(), self.agreement.date_start.replace(month=6, day=12)
        )
        with freeze_time("2026-06-30 21:30:00"):  # 23:30 in Warsaw, 1 July in Kiritimati
            model = self.env["helpdesk.ticket"].with_context(tz="Pacific/Kiritimati")
            self.assertEqual(model.create(self.prepare_ticket()).support_plan_id, self.plan_start)
        with freeze_time("2026-06-30 22:30:00"):  # 00:30 of 1 July in Warsaw
            model = self.env["helpdesk.ticket"].with_context(tz="UTC")
            preview = model._preview_response(self.client_contact, self.env.company, "question", False)
            self.assertTrue(preview["guaranteed"])
            self.assertEqual(self.agreement.support_plan_id, self.plan_start, "a preview writes nothing")
            self.assertEqual(model.create(self.prepare_ticket()).support_plan_id, self.plan_standard)

    # What the second review found

    def test_a_promise_without_service_hours_loses_no_ticket(self):
        """D2: whatever an older agreement says, a mail does not bounce."""
        self.env.cr.execute(
            "UPDATE contract_contract SET service_calendar_id = NULL WHERE id = %s", [self.agreement.id]
        )
        self.agreement.invalidate_recordset()
        ticket = self.create_ticket()
        self.assertEqual((ticket.guarantee_reason, ticket.response_state), ("no_service_hours", "none"))
        self.assertEqual(ticket.support_contract_id, self.agreement)

    def test_response_hours_need_service_hours(self):
        """P14: on the plan and on the agreement."""
        for terms in (self.plan_start, self.agreement):
            with self.assertRaisesRegex(ValidationError, "needs service hours"):
                terms.service_calendar_id = False
        self.plan_start.write({"service_calendar_id": False, "response_hours": 0})

    def test_a_mark_as_critical_without_service_hours_changes_nothing(self):
        """D1: on-call hours that cannot be computed take nothing away."""
        ticket = self.create_ticket()
        self.agreement.critical_calendar_id = self.create_closed_calendar()
        ticket.is_critical = True
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")

    def create_closed_calendar(self):
        return self.env["resource.calendar"].create(
            {"name": "Closed", "attendance_ids": [(5, 0, 0)], "tz": "Europe/Warsaw"}
        )

    def create_weekend_calendar(self):
        return self.env["resource.calendar"].create(
            {
                "name": "On call",
                "tz": "Europe/Warsaw",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {"dayofweek": day, "hour_from": 8, "hour_to": 20, "day_period": "morning", "name": "Weekend"},
                    )
                    for day in ("5", "6")
                ],
            }
        )

    def test_on_call_hours_never_make_a_critical_ticket_later(self):
        """D1, C4: the sooner deadline holds, with its calendar."""
        client = self.create_client("On call Ltd")
        agreement = self.create_agreement(
            self.plan_standard, client, "2026-01-01", critical_calendar_id=self.create_weekend_calendar().id
        )
        with freeze_time("2026-06-15 07:00:00"):  # Monday 9:00
            monday = self.create_ticket(partner_id=client.id, is_critical=True)
        self.assertMoment(monday.response_deadline, "2026-06-15 13:00")
        self.assertEqual(monday.response_calendar_id, agreement.service_calendar_id)
        with freeze_time("2026-06-13 07:00:00"):  # Saturday 9:00
            saturday, other = self.env["helpdesk.ticket"].create(
                [self.prepare_ticket(partner_id=client.id, is_critical=critical) for critical in (True, False)]
            )
        self.assertMoment(saturday.response_deadline, "2026-06-13 13:00")
        self.assertEqual(saturday.response_calendar_id, agreement.critical_calendar_id)
        self.assertMoment(other.response_deadline, "2026-06-15 11:00")

    def test_changed_on_call_hours_do_not_make_a_critical_ticket_later(self):
        """D1, D16: without the weekend the service hours are sooner than the next weekend."""
        client = self.create_client("On call Ltd")
        on_call = self.create_weekend_calendar()
        agreement = self.create_agreement(self.plan_standard, client, "2026-01-01", critical_calendar_id=on_call.id)
        ticket = self.create_ticket(partner_id=client.id, is_critical=True)
        self.assertEqual(ticket.response_calendar_id, on_call)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Weekend off",
                "calendar_id": on_call.id,
                "date_from": "2026-06-12 22:00:00",
                "date_to": "2026-06-14 21:59:59",
            }
        )
        self.assertMoment(ticket.response_deadline, "2026-06-15 10:40")
        self.assertEqual(ticket.response_calendar_id, agreement.service_calendar_id)

    def test_on_call_hours_that_cannot_be_computed_leave_the_ordinary_guarantee(self):
        """D1"""
        self.agreement.critical_calendar_id = self.create_closed_calendar()
        ticket = self.create_ticket(is_critical=True)
        self.assertEqual(ticket.guarantee_reason, "guaranteed")
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")

    def test_an_unknown_person_who_gets_a_company_gets_its_agreement(self):
        """B4: the ticket of an unknown address, linked on the contact form."""
        person = self.env["res.partner"].create({"name": "Ola", "email": "ola@nowak.example"})
        ticket, done = self.create_ticket(partner_id=person.id), self.create_ticket(partner_id=person.id)
        done.stage_id = self.stage_done
        self.assertEqual(ticket.guarantee_reason, "no_agreement")
        with freeze_time("2026-06-15 06:30:00"):
            person.parent_id = self.client
        self.assertEqual((ticket.support_contract_id, ticket.guarantee_reason), (self.agreement, "guaranteed"))
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")
        self.assertIn("decided anew", str(ticket.message_ids.mapped("body")))
        self.assertFalse(done.support_contract_id, "a closed ticket is history")

    def test_a_person_who_changes_the_employer_takes_no_promise_along(self):
        """B4, P38: what was reported for one client is not another one's."""
        other = self.create_client("Other Ltd")
        self.create_agreement(self.plan_standard, other, "2026-01-01")
        ticket = self.create_ticket()
        without = self.env["res.partner"].create({"name": "Piotr", "parent_id": self.create_client("Poor Ltd").id})
        unpromised = self.create_ticket(partner_id=without.id)
        (self.client_contact | without).parent_id = other
        self.assertEqual(ticket.support_contract_id, self.agreement)
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")
        self.assertFalse(unpromised.support_contract_id)

    def test_finding_the_tickets_of_who_gets_a_company_costs_one_query_more(self):
        people = self.env["res.partner"].create([{"name": name} for name in ("Ola", "Ela", "Ula", "Iza")])
        self.env["helpdesk.ticket"].create([self.prepare_ticket(partner_id=x.id) for x in people for _i in range(2)])

        def count_queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(partners._get_tickets_of_nobody().mapped("commercial_partner_id")), len(partners))
            return self.env.cr.sql_log_count - before

        self.assertEqual(count_queries(people[:1]), count_queries(people[1:]))

    def test_answered_first_and_linked_later_it_says_how_the_promise_ended(self):
        """P26, B4: the panel never states a falsehood."""
        ticket = self.create_ticket(partner_id=False, partner_email="who@unknown.example")
        late = self.create_ticket(partner_id=False, partner_email="who@unknown.example")
        with freeze_time("2026-06-12 14:45:00"):
            ticket.with_user(self.consultant).action_accept_and_start()
        with freeze_time("2026-06-16 07:30:00"):
            late.with_user(self.consultant).action_accept_and_start()
            (ticket | late).partner_id = self.client_contact
        self.assertEqual((ticket.guarantee_reason, ticket.response_state), ("guaranteed", "met"))
        self.assertMoment(ticket.response_deadline, "2026-06-15 16:00")
        self.assertEqual((late.response_state, late.response_late_minutes), ("missed", 90))

    def test_a_new_client_is_promised_from_the_registration(self):
        """P31: neither the mark nor an approval of before counts for another client."""
        on_call = self.env.ref("support_plans.resource_calendar_premium")
        self.agreement.critical_calendar_id = on_call
        other = self.create_client("Other Ltd")
        self.create_agreement(self.plan_standard, other, "2026-01-01")
        ticket = self.create_ticket(registered_at="2026-06-12 13:40:00")
        ticket.is_critical = True
        self.assertMoment(ticket.response_deadline, "2026-06-13 00:40")
        explanation = ticket.with_user(self.consultant).response_explanation.replace("\u202f", " ")
        self.assertIn("Registered Fri 15:40 · counted from Fri 16:40 · clock starts Fri 16:40", explanation)
        ticket.partner_id = other
        self.assertMoment(ticket.response_deadline, "2026-06-15 09:40")
        explanation = ticket.with_user(self.consultant).response_explanation.replace("\u202f", " ")
        self.assertIn("Registered Fri 15:40 · clock starts Fri 15:40", explanation)

    def test_decided_anew_a_ticket_marked_as_critical_keeps_the_moment_of_the_mark(self):
        """D1"""
        self.agreement.critical_calendar_id = self.env.ref("support_plans.resource_calendar_premium")
        ticket = self.create_ticket(registered_at="2026-06-12 13:40:00")
        ticket.is_critical = True
        ticket._decide_guarantee_anew()
        self.assertMoment(ticket.response_deadline, "2026-06-13 00:40")

    def test_a_ticket_moved_to_another_company_is_judged_there(self):
        """One group, several firms: the agreement is with one of them."""
        other_company = self.env["res.company"].create({"name": "Other firm"})
        ticket = self.create_ticket(team_id=False)
        self.assertEqual(ticket.support_contract_id, self.agreement)
        ticket.company_id = other_company
        self.assertFalse(ticket.support_contract_id)
        self.assertEqual(ticket.guarantee_reason, "no_agreement")
        self.assertFalse(ticket.response_deadline)

    def test_a_mark_is_not_removed_without_the_right(self):
        """F7, P6"""
        plain = self.create_support_user("plain4", "helpdesk_mgmt.group_helpdesk_user")
        ticket = self.create_ticket(is_exceptional=True, is_critical=True)
        for mark in ("is_exceptional", "is_critical"):
            with self.assertRaisesRegex(AccessError, "Only a consultant"):
                ticket.with_user(plain).write({mark: False})
            ticket.with_user(plain).write({mark: True, "name": "The same value is no change"})

    def test_the_first_date_offered_is_not_entered_by_hand(self):
        """P27: it is evidence."""
        ticket = self.create_ticket()
        with self.assertRaisesRegex(UserError, "First Date Offered"):
            ticket.with_user(self.consultant).first_offered_at = "2026-06-12 15:00:00"

    def test_a_moment_that_no_clock_knows_is_refused_by_a_sentence(self):
        for moment in ("1969-12-31 23:00:00", "2999-01-01 00:00:00"):
            with self.assertRaisesRegex(UserError, "between 1970 and now"):
                self.create_ticket(registered_at=moment)
