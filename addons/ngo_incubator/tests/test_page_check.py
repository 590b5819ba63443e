from datetime import date, datetime
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.ngo_incubator.models import ngo_promotion_checks
from odoo.addons.ngo_incubator.models.page_fetch import Answer

from .promotion_common import PAGE, PromotionCommon


@tagged("post_install", "-at_install")
class TestPageCheck(PromotionCommon):
    """What our own looks at an agreed page keep, and whom they tell (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-02"):
            cls.promotion = cls.agree(next_check_on="2026-03-02")

    def look(self, day, **page):
        """Run the night of a day, with the page as it is then."""
        with freeze_time(f"{day} 03:00:00"), self.page(**page):
            self.run_nightly()
        return self.promotion.next_check_on

    def test_a_look_keeps_what_the_page_showed(self):
        self.look("2026-03-02")
        check = self.promotion.page_check_ids
        self.assertEqual((check.checked_at, check.url, check.final_url), (datetime(2026, 3, 2, 3), PAGE, PAGE))
        self.assertEqual((check.status, check.error, check.expected_logo), (200, False, "acme-logo"))
        self.assertTrue(check.is_text_found and check.is_logo_found and check.is_found)
        self.assertEqual(
            (self.promotion.checked_on, self.promotion.next_check_on), (date(2026, 3, 2), date(2026, 4, 1))
        )

    def test_text_and_logo_are_both_looked_for(self):
        self.look("2026-03-02", html="<p>Wspiera nas Acme</p>")
        check = self.promotion.page_check_ids
        self.assertEqual((check.is_text_found, check.is_logo_found, check.is_found), (True, False, False))

    def test_only_pages_that_are_due_are_looked_at(self):
        self.agree(name="Later", next_check_on="2026-03-03")
        self.agree(name="No page", url=False, next_check_on="2026-03-02")
        self.propose(name="Proposed", next_check_on="2026-03-02")
        self.agree(name="Dropped", next_check_on="2026-03-02").action_drop()
        with freeze_time("2026-03-02"), self.page() as fetch:
            self.run_nightly()
            self.run_nightly()
        self.assertEqual(fetch.call_count, 1)
        self.assertIn("NgoProgrammeCheck", fetch.call_args.args[1])

    def test_it_is_off_by_default(self):
        """F12: "off by default without outgoing access"."""
        self.assertFalse(self.env["ngo.programme"].new({}).check_pages)
        self.programme.check_pages = False
        with freeze_time("2026-03-02"), self.page() as fetch:
            self.run_nightly()
            with self.assertRefused("Looking at pages is off"):
                self.promotion.action_check_now()
        self.assertFalse(fetch.called)

    def test_who_is_no_member_any_more_is_left_alone(self):
        self.membership._write_own({"state": "ended"})
        with freeze_time("2026-03-02"), self.page() as fetch:
            self.run_nightly()
        self.assertFalse(fetch.called)

    def test_a_page_that_is_down_for_a_day_is_no_breach(self):
        """F12: looked at again after 1, 3 and 7 days, and only the third failure in a row tells somebody."""
        self.assertEqual(self.look("2026-03-02", error="connection"), date(2026, 3, 3))
        self.assertEqual(self.look("2026-03-03", error="timeout"), date(2026, 3, 6))
        self.assertFalse(self.get_activities(self.promotion, "page_lost"))
        self.assertEqual(self.look("2026-03-06", html="<p>Nothing</p>"), date(2026, 3, 13))
        activity = self.get_activities(self.promotion, "page_lost")
        self.assertEqual((activity.user_id, activity.date_deadline), (self.coordinator, date(2026, 3, 6)))
        self.assertEqual(self.look("2026-03-13", error="gone"), date(2026, 3, 20))
        self.assertEqual(len(self.get_activities(self.promotion, "page_lost")), 1)
        self.assertEqual(self.look("2026-03-20"), date(2026, 4, 19))
        self.assertFalse(self.get_activities(self.promotion, "page_lost"))

    def test_looking_three_times_on_a_day_is_one_failure(self):
        with freeze_time("2026-03-02"), self.page(error="timeout"):
            for _time in range(3):
                self.promotion.with_user(self.coordinator).action_check_now()
        self.assertEqual(len(self.promotion.page_check_ids), 3)
        self.assertFalse(self.get_activities(self.promotion, "page_lost"))
        self.assertEqual(self.promotion.next_check_on, date(2026, 3, 3))

    def test_accepted_evidence_is_lost_when_the_page_answers_without_it(self):
        self.add_evidence(self.promotion).action_accept()
        for day, page, expected in (
            ("2026-03-02", {"error": "connection"}, "accepted"),
            ("2026-03-03", {"html": "<p>Nothing</p>"}, "lost"),
            ("2026-03-06", {"error": "timeout"}, "lost"),
            ("2026-03-13", {}, "accepted"),
            ("2026-04-12", {"error": "gone"}, "lost"),
        ):
            self.look(day, **page)
            self.assertEqual(self.promotion.evidence_state, expected, day)

    def test_a_look_changes_no_discount(self):
        """F12: nothing follows by itself."""
        benefit = self.membership.benefit_ids
        for day in ("2026-03-02", "2026-03-03", "2026-03-06", "2026-03-13"):
            self.look(day, error="gone")
        self.assertEqual((self.membership.state, self.membership.ends_on), ("active", False))
        self.assertEqual((self.membership.benefit_ids, benefit.last_day), (benefit, False))
        self.assertEqual(self.promotion.state, "agreed")

    def test_a_page_that_we_saw_ourselves_is_not_asked_for(self):
        with freeze_time("2026-03-02"), self.page():
            self.promotion.action_check_now()
        self.look("2026-03-20")
        self.assertFalse(self.promotion.message_ids.filtered(lambda m: "show us" in (m.subject or "")))
        self.assertTrue(self.get_activities(self.promotion, "evidence_missing"))

    def test_a_retry_is_no_day_to_be_reminded_of(self):
        for day in ("2026-03-02", "2026-03-03", "2026-03-06"):
            self.look(day, error="timeout")
        mails = self.promotion.message_ids.filtered(lambda m: "show us" in (m.subject or ""))
        self.assertEqual(len(mails), 1)

    def test_after_the_last_day_nobody_looks(self):
        self.promotion.date_to = "2026-03-02"
        self.assertFalse(self.look("2026-03-02"))

    def test_one_that_fails_stops_no_other(self):
        other = self.agree(name="Other", url="https://other.example.com/", next_check_on="2026-03-02")
        prepare = type(self.promotion)._prepare_page_check

        def fail(promotion, answer, now):
            if promotion.url == PAGE:
                raise ValueError("broken")
            return prepare(promotion, answer, now)

        with patch.object(type(self.promotion), "_prepare_page_check", fail):
            with self.assertLogs(ngo_promotion_checks.__name__, "ERROR"):
                self.look("2026-03-02")
        self.assertFalse(self.promotion.page_check_ids)
        self.assertTrue(other.page_check_ids.is_found)

    def test_check_now_needs_a_page_and_an_agreement(self):
        with self.assertRefused("enter the page"):
            self.agree(name="No page", url=False).action_check_now()
        with self.assertRefused("only in “Agreed”"):
            self.propose().action_check_now()

    def test_what_cannot_be_kept_as_text_is_left_out(self):
        strange = Answer("http://a.example/\x00\n", error="address")
        with patch.object(ngo_promotion_checks, "fetch", return_value=strange):
            self.promotion.action_check_now()
        self.assertEqual(self.promotion.page_check_ids.final_url, "http://a.example/")

    @mute_logger("odoo.sql_db")
    def test_nothing_is_found_on_a_page_that_was_not_read(self):
        values = {"promotion_id": self.promotion.id, "checked_at": "2026-03-02", "url": PAGE, "error": "timeout"}
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env["ngo.page.check"].sudo().create({**values, "is_text_found": True})

    def test_evidence_that_is_accepted_after_a_failed_look_counts(self):
        """Only an answer newer than the acceptance makes it lost."""
        self.look("2026-03-03", html="<p>Nothing</p>")
        with freeze_time("2026-03-04"):
            self.promotion._remind_of_evidence(date(2026, 3, 30))
        self.assertTrue(self.get_activities(self.promotion, "evidence_missing"))
        evidence = self.add_evidence(self.promotion)
        with freeze_time("2026-03-05"):
            evidence.action_accept()
        self.assertEqual(self.promotion.evidence_state, "accepted")
        self.assertEqual(self.membership.evidenced_count, 1)
        self.assertFalse(self.get_activities(self.promotion, "evidence_missing"))
        self.look("2026-03-05", html="<p>Nothing</p>")
        self.assertEqual(self.promotion.evidence_state, "lost")
        self.add_evidence(self.promotion, note="Once more").action_accept()
        self.promotion.action_fulfil()
        self.assertEqual(self.promotion.evidence_state, "accepted")
