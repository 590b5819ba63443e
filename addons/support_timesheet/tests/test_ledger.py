from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .time_common import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestLedger(TimeCommon):
    """Every charged minute comes from a package or goes beyond it (D13, P10, P22)."""

    def test_the_worked_example_of_start(self):
        """P10, P22, P34, P36: 2.5 h of 3 h used and 31 min incl. note: 30 min from the package, 30 min beyond."""
        first = self.create_work(145, date="2026-06-10")
        second = self.create_work(26)
        self.assertEqual((first.charged_minutes, second.charged_minutes), (150, 60))
        self.assertEqual(self.get_ledger(first), [(150, "month")])
        self.assertEqual(sorted(self.get_ledger(second), key=str), [(30, "month"), (30, None)])
        self.assertEqual((second.package_minutes, second.overage_minutes), (30, 30))
        self.assertEqual((second.coverage, second.work_amount), ("partly", 82.50))
        self.assertEqual((first.package_left_minutes, second.package_left_minutes), (30, 0))
        self.assertLedgerIsSound()

    def test_hours_are_burned_by_date_of_work_not_of_entry(self):
        """D13, T21: time that is entered late and worked earlier burns first."""
        late = self.create_work(145, date="2026-06-15")
        self.assertEqual(late.overage_minutes, 0)
        early = self.create_work(145, date="2026-06-02")
        self.assertEqual((early.package_minutes, early.overage_minutes), (150, 0))
        self.assertEqual((late.package_minutes, late.overage_minutes), (30, 120))
        self.assertLedgerIsSound()

    def test_editing_moving_and_deleting_time_allocates_anew(self):
        """D13."""
        first = self.create_work(145, date="2026-06-10")
        second = self.create_work(55)
        self.assertEqual(second.overage_minutes, 30)
        first.unit_amount = 55 / 60
        self.assertEqual((first.charged_minutes, second.overage_minutes), (60, 0))
        first.date = "2026-05-10"
        self.assertEqual(self.get_ledger(first | second), [(60, "month"), (60, "month")])
        self.assertNotEqual(first.entry_ids.package_id, second.entry_ids.package_id)
        third = self.create_work(145, date="2026-06-01")
        self.assertEqual(second.overage_minutes, 30)
        third.unlink()
        self.assertEqual(second.overage_minutes, 0)
        self.assertLedgerIsSound()

    def test_unused_hours_are_lost_at_the_end_of_the_service_month(self):
        """P10, D11."""
        work = self.create_work(235, date="2026-05-31")
        self.assertEqual((work.package_minutes, work.overage_minutes), (180, 60))
        june = self.create_work(25, date="2026-06-01")
        self.assertEqual((june.package_minutes, june.package_left_minutes), (30, 150))

    def test_carry_over_keeps_unused_hours_for_the_agreed_months(self):
        """D11: the hours that expire first are used first."""
        client = self.create_client("Saver Ltd")
        agreement = self.create_agreement(self.plan_start, client, "2026-01-01", package_carry_months=1)
        work = self.create_work(235, date="2026-06-10", ticket_id=self.create_ticket(partner_id=client.id).id)
        self.assertEqual((work.package_minutes, work.overage_minutes), (240, 0))
        lots = agreement.package_ids.filtered("used_minutes").sorted("date_from")
        self.assertEqual(lots.mapped("used_minutes"), [180, 60])

    def test_a_bought_package_is_used_after_what_expires_first(self):
        """C3, D13."""
        bought = self.env["support.package"].create(
            {
                "contract_id": self.agreement.id,
                "origin": "adjustment",
                "minutes": 600,
                "date_from": "2026-06-01",
                "date_to": "2027-05-31",
                "note": "Opening balance",
            }
        )
        work = self.create_work(235)
        self.assertEqual((work.package_minutes, work.overage_minutes, bought.used_minutes), (240, 0, 60))
        self.assertEqual(work.package_left_minutes, 540)
        bought.minutes = 30
        self.assertEqual((work.package_minutes, work.overage_minutes, bought.used_minutes), (210, 30, 30))
        self.assertLedgerIsSound()

    def test_each_kind_of_work_is_charged_in_its_own_way(self):
        """P33-P36, D8-D10: e-mail never burns the package; programming is exact; each session on its own."""
        expected = {
            ("REMOTE", 25): (30, "package"),
            ("REMOTE", 26): (60, "package"),
            ("PHONE_SUPPORT", 10): (15, "package"),
            ("PHONE_SUPPORT", 11): (30, "package"),
            ("EMAIL", 20): (20, "quota"),
            ("PROGRAMMING", 7): (7, "none"),
            ("ONSITE", 61): (61, "beyond"),
            ("CARRIER_CONTACT", 12): (12, "included"),
            ("REMOTE", 0): (0, "free"),
        }
        for (kind, minutes), (charged, coverage) in expected.items():
            with self.subTest(kind=kind, minutes=minutes):
                work = self.create_work(minutes, kind)
                self.assertEqual((work.worked_minutes, work.charged_minutes), (minutes, charged))
                self.assertEqual(work.coverage, coverage)
        self.assertLedgerIsSound()

    def test_consultation_and_work_on_site(self):
        """P29: a consultation comes from the package, then at the rate. F8: work on site is billed at the rate."""
        consultation = self.create_work(175, "PHONE_CONSULTATION", date="2026-06-10")
        self.assertEqual((consultation.package_minutes, consultation.overage_minutes), (180, 0))
        more = self.create_work(10, "PHONE_CONSULTATION")
        self.assertEqual((more.overage_minutes, more.work_amount), (15, 41.25))
        onsite = self.create_work(60, "ONSITE")
        self.assertEqual((onsite.coverage, onsite.work_amount), ("beyond", 165))

    def test_work_on_a_bug_by_e_mail_is_free(self):
        """P16, P24."""
        self.ticket.request_kind = "bug"
        work = self.create_work(40, "EMAIL")
        self.assertEqual((work.worked_minutes, work.charged_minutes, work.coverage), (40, 0, "free"))
        self.ticket.request_kind = "question"
        self.assertEqual((work.charged_minutes, work.coverage), (40, "quota"))

    def test_the_agreement_may_have_its_own_step_and_note(self):
        """D10, F2."""
        remote = self.agreement.entitlement_ids.filtered(lambda e: e.work_type_id.code == "REMOTE")
        remote.write({"has_own_rounding": True, "step_minutes": 15, "note_minutes": 0})
        self.assertEqual(self.create_work(26).charged_minutes, 30)

    def test_goodwill_charges_less_with_a_reason_and_never_more(self):
        manager = self.create_support_user("goodwill", "support_timesheet.group_support_goodwill")
        work = self.create_work(55)
        with self.assertRaisesRegex(UserError, "needs the right"):
            work.with_user(self.consultant).goodwill_minutes = 10
        with self.assertRaisesRegex(ValidationError, "say why"), self.cr.savepoint():
            work.goodwill_minutes = 10
        with self.assertRaisesRegex(ValidationError, "not possible"), self.cr.savepoint():
            work.write({"goodwill_minutes": 61, "goodwill_reason": "Our fault"})
        with self.assertRaisesRegex(UserError, "follows from"):
            work.charged_minutes = 90
        self.assertTrue(manager)
        work.write({"goodwill_minutes": 60, "goodwill_reason": "Our fault"})
        self.assertEqual((work.charged_minutes, work.coverage, work.entry_ids.ids), (0, "free", []))

    def test_bad_values_are_refused_with_a_sentence_and_nothing_is_written(self):
        before = self.env["account.analytic.line"].search_count([])
        for minutes, text in ((-30, "0 to 24 hours"), (25 * 60, "0 to 24 hours")):
            with self.assertRaisesRegex(ValidationError, text), self.cr.savepoint():
                self.create_work(minutes)
        with self.assertRaisesRegex(UserError, "kind of work"), self.cr.savepoint():
            self.create_work(30, work_type_id=False)
        with self.assertRaisesRegex(UserError, "follows from"), self.cr.savepoint():
            self.create_work(30, charged_minutes=5)
        self.assertEqual(self.env["account.analytic.line"].search_count([]), before)

    def test_bad_values_of_the_api_get_a_sentence(self):
        for values in (
            {"unit_amount": "abc"},
            {"unit_amount": float("nan")},
            {"unit_amount": float("inf")},
            {"date": "2026-13-45"},
            {"time_start": "now"},
            {"ticket_id": [9]},
            {"work_type_id": "REMOTE"},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "is not a value of"):
                self.create_work(30, **values)
        for name in (False, "", "/", "  "):
            with self.assertRaisesRegex(ValidationError, "Describe what was done"), self.cr.savepoint():
                self.create_work(30, name=name)
        self.assertEqual(str(self.create_work(30, date=False).date), "2026-06-20")

    def test_defaults_of_the_context_are_judged_and_the_kind_cannot_be_taken_away(self):
        lines = self.env["account.analytic.line"].with_context(
            default_ticket_id=self.ticket.id, default_work_type_id=self.kinds["REMOTE"].id
        )
        work = lines.create({"name": "By context", "unit_amount": 0.5, "employee_id": self.employee.id})
        self.assertEqual((work.ticket_id, work.charged_minutes), (self.ticket, 60))
        with self.assertRaisesRegex(ValidationError, "needs a kind of work"), self.cr.savepoint():
            work.with_context(default_ticket_id=False, default_work_type_id=False).work_type_id = False
        plain = self.env["account.analytic.line"].create(
            {
                "name": "Plain",
                "project_id": work.project_id.copy().id,
                "employee_id": self.employee.id,
                "unit_amount": 1,
            }
        )
        with self.assertRaisesRegex(ValidationError, "needs a kind of work"), self.cr.savepoint():
            plain.ticket_id = self.ticket
        with self.assertRaisesRegex(ValidationError, "needs a kind of work"), self.cr.savepoint():
            plain.project_id = work.project_id

    def test_the_client_of_work_on_a_ticket_is_the_ticket_s(self):
        work = self.create_work(25)
        work.partner_id = self.create_client("By hand")
        self.assertEqual(work.partner_id, self.client)
        self.assertEqual(work.entry_ids.partner_id, self.client)

    def test_hours_and_goodwill_change_together(self):
        work = self.create_work(6)
        work.write({"unit_amount": 1.2, "goodwill_minutes": 60, "goodwill_reason": "Our fault"})
        self.assertEqual(work.charged_minutes, 30)
        with self.assertRaisesRegex(ValidationError, "not possible"), self.cr.savepoint():
            work.unit_amount = 0.1
        mine = work.with_user(self.consultant)
        mine.write({"goodwill_minutes": 60, "unit_amount": 1.3})
        with self.assertRaisesRegex(UserError, "needs the right"):
            mine.goodwill_minutes = 0

    def test_work_of_a_client_without_agreement_is_due_at_the_list_rate(self):
        """C1, P3, B4."""
        stranger = self.create_client("Walk-in")
        work = self.create_work(25, ticket_id=self.create_ticket(partner_id=stranger.id).id)
        self.assertEqual((work.coverage, work.hourly_rate, work.work_amount), ("beyond", 200, 100))
        self.assertEqual(self.get_ledger(work), [(30, None)])
        self.assertLedgerIsSound()

    def test_work_follows_its_ticket_to_another_client(self):
        other = self.create_client("Other Ltd")
        agreement = self.create_agreement(self.plan_standard, other, "2026-01-01")
        work = self.create_work(25)
        self.ticket.partner_id = other
        self.assertEqual((work.support_contract_id, work.partner_id), (agreement, other))
        self.assertEqual(work.entry_ids.package_id.contract_id, agreement)
        self.assertFalse(self.agreement.package_ids.filtered("used_minutes"))
        self.assertLedgerIsSound()

    def test_work_follows_the_person_of_its_ticket_to_the_company(self):
        """B4: an unknown address turns out to be a client's person."""
        person = self.env["res.partner"].create({"name": "Ola"})
        work = self.create_work(25, ticket_id=self.create_ticket(partner_id=person.id).id)
        self.assertEqual(work.coverage, "beyond")
        person.parent_id = self.client
        self.assertEqual((work.support_contract_id, work.coverage), (self.agreement, "package"))
        self.assertLedgerIsSound()

    def test_a_person_who_changes_the_employer_takes_no_work_along(self):
        """D13, P38: it was done for the old client, whatever is written, asked or judged anew afterwards."""
        firm = self.create_client("New employer")
        new = self.create_agreement(self.plan_standard, firm, "2026-01-01")
        person = self.ticket.partner_id
        work = self.create_work(25)
        person.parent_id = firm
        self.assertEqual(person.commercial_partner_id, firm)
        for act in (
            lambda: work.write({"unit_amount": 26 / 60}),
            lambda: work.write({"partner_id": firm.id}),
            lambda: work.write({"ticket_id": self.ticket.id, "project_id": work.project_id.id}),
            lambda: self.ticket.write({"team_id": False}),
            lambda: self.ticket.write({"partner_id": person.id, "request_kind": "other"}),
            self.agreement.action_judge_open_work,
            lambda: self.agreement._judge_work_since(work.date),
        ):
            act()
            self.assertEqual((work.partner_id, work.support_contract_id), (self.client, self.agreement))
            self.assertEqual(work.entry_ids.contract_id, self.agreement)
        self.ticket.partner_id = firm
        self.assertEqual((work.partner_id, work.support_contract_id), (firm, new))
        self.assertEqual(work.entry_ids.contract_id, new)
        self.assertLedgerIsSound()

    def test_judging_open_work_anew_leaves_no_rows_of_work_that_left(self):
        """The work is one-off now: its row goes from the agreement's ledger."""
        work = self.create_work(25)
        self.env.cr.execute("UPDATE contract_contract SET date_end = '2026-06-10' WHERE id = %s", [self.agreement.id])
        self.agreement.invalidate_recordset()
        self.agreement.action_judge_open_work()
        self.assertFalse(work.support_contract_id)
        self.assertEqual(self.get_ledger(work), [(30, None)])
        self.assertFalse(work.entry_ids.contract_id)
        self.assertLedgerIsSound()

    def test_work_without_a_ticket_is_the_client_s_not_of_its_person(self):
        """B1, F3: report, panel, bill and moved end ask for the client."""
        person = self.client_contact
        work = self.create_work(25, ticket_id=False, partner_id=person.id)
        self.assertEqual((work.partner_id, work.support_contract_id), (self.client, self.agreement))
        self.assertEqual(work.entry_ids.partner_id, self.client)
        other = self.create_client("Other Ltd")
        work.partner_id = self.env["res.partner"].create({"name": "Ola", "parent_id": other.id})
        self.assertEqual((work.partner_id, work.entry_ids.partner_id), (other, other))
        work.write({"partner_id": person.id, "unit_amount": 1})
        self.assertEqual((work.partner_id, work.support_contract_id), (self.client, self.agreement))
        plain = self.env["account.analytic.line"].create(
            {
                "name": "Meeting",
                "project_id": self.env["project.project"].create({"name": "Ours", "partner_id": person.id}).id,
                "employee_id": self.employee.id,
            }
        )
        self.assertEqual(plain.partner_id, person, "core's own timesheets stay as they are")
        self.assertLedgerIsSound()

    def test_a_change_of_plan_that_is_applied_late_gives_each_month_the_hours_of_its_plan(self):
        """D11, B8: nobody opened the agreement for months; START until April, STANDARD from May."""
        with freeze_time("2026-04-20 08:00:00"):
            self.env["support.plan.change.wizard"].create(
                {
                    "contract_id": self.agreement.id,
                    "new_plan_id": self.plan_standard.id,
                    "requested_on": "2026-04-20",
                }
            ).action_confirm()
        with freeze_time("2026-06-20 08:00:00"):
            works = [self.create_work(475, date=f"2026-0{month}-10") for month in (4, 5, 6)]
        self.assertEqual([work.package_minutes for work in works], [180, 420, 420])
        self.assertEqual([work.hourly_rate for work in works], [165, 140, 140])
        self.assertLedgerIsSound()

    def test_hours_changed_by_hand_count_from_this_service_month(self):
        """F2: an exception; months that began keep what they had."""
        works = [self.create_work(475, date=f"2026-0{month}-10") for month in (5, 6)]
        self.agreement.package_hours = 5
        self.assertEqual([work.package_minutes for work in works], [180, 300])
        self.agreement.package_hours = 0
        self.assertEqual([work.package_minutes for work in works], [180, 0])
        self.agreement.package_hours = 1
        self.assertEqual([work.package_minutes for work in works], [180, 60])
        self.assertLedgerIsSound()

    def test_an_agreement_that_ended_keeps_its_months(self):
        self.agreement._write_own({"date_end": "2026-05-31"})
        self.agreement.package_hours = 5
        self.assertEqual(self.create_work(475, date="2026-05-10").package_minutes, 180)
        self.assertFalse(self.create_work(25, date="2026-06-10").support_contract_id)

    def test_the_last_month_lives_until_the_end_and_on_when_the_notice_is_withdrawn(self):
        agreement = self.create_agreement(
            self.plan_start, self.create_client("Undecided"), "2026-01-10", min_term_months=0
        )
        ticket = self.create_ticket(partner_id=agreement.partner_id.id)
        early = self.create_work(25, date="2026-06-12", ticket_id=ticket.id)
        with freeze_time("2026-07-05 18:00:00"):
            late = self.create_work(25, date="2026-07-05", ticket_id=ticket.id)
        agreement._give_notice(agreement._get_today(), agreement._get_today().replace(month=7, day=1))
        self.assertEqual(str(early.entry_ids.package_id.date_to), "2026-07-01")
        self.assertEqual((late.support_contract_id.id, late.coverage), (False, "beyond"))
        agreement.action_withdraw_notice()
        self.assertEqual(str(early.entry_ids.package_id.date_to), "2026-07-09")
        self.assertEqual((late.support_contract_id, late.coverage), (agreement, "package"))
        self.assertLedgerIsSound()

    def test_hours_carried_over_live_on_when_a_notice_is_withdrawn_months_later(self):
        """D11: what a notice cut, its withdrawal gives back, whichever month it is by then."""
        agreement = self.create_agreement(
            self.plan_start, self.create_client("Saver"), "2026-04-01", min_term_months=0, package_carry_months=3
        )
        with freeze_time("2026-04-10 08:00:00"):
            agreement._ensure_month_lots(agreement._get_today())
            agreement._give_notice(agreement._get_today(), agreement._get_today().replace(month=6, day=30))
        april = agreement.package_ids
        self.assertEqual(str(april.date_to), "2026-06-30")
        agreement.action_withdraw_notice()
        self.assertEqual((str(april.date_to), april.minutes), ("2026-07-31", 180))
        agreement._give_notice(agreement._get_today(), agreement._get_today().replace(month=7, day=20))
        self.assertEqual((str(april.date_to), april.minutes), ("2026-07-20", 180))

    def test_the_rounding_index_of_a_client_is_that_of_the_sums(self):
        """Charged : worked, so that rounding does not become a complaint."""
        works = self.create_work(10) | self.create_work(110)
        self.assertEqual(works.mapped("rounding_index"), [3, 1.09])
        [(index,)] = works._read_group([("id", "in", works.ids)], [], ["rounding_index:avg"])
        self.assertAlmostEqual(index, 150 / 120)

    def test_a_ticket_with_time_is_not_deleted(self):
        self.create_work(25)
        with self.assertRaisesRegex(UserError, "recorded time"):
            self.ticket.unlink()

    def test_late_time_is_judged_by_the_terms_of_its_day(self):
        """D13, B8: after a change of plan, time of the month before keeps the old rate and package."""
        with freeze_time("2026-04-20 08:00:00"):
            self.env["support.plan.change.wizard"].create(
                {
                    "contract_id": self.agreement.id,
                    "new_plan_id": self.plan_standard.id,
                    "requested_on": "2026-04-20",
                }
            ).action_confirm()
        with freeze_time("2026-05-02 08:00:00"):
            self.agreement._apply_due_plan_changes(self.agreement._get_today())
            self.assertEqual(self.agreement.support_plan_id, self.plan_standard)
            late = self.create_work(235, date="2026-04-10")
            now = self.create_work(235, date="2026-05-02")
        self.assertEqual((late.package_minutes, late.overage_minutes, late.hourly_rate), (180, 60, 165))
        self.assertEqual((now.package_minutes, now.overage_minutes, now.hourly_rate), (240, 0, 140))
        self.assertEqual(late.support_plan_id, self.plan_start)
