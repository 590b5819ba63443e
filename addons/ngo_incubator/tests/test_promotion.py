from datetime import date

from psycopg2.errors import CheckViolation

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .promotion_common import PAGE, PromotionCommon


@tagged("post_install", "-at_install")
class TestPromotion(PromotionCommon):
    """What an organisation does in return, and where it stands (F12)."""

    @freeze_time("2026-03-02")
    def test_it_goes_from_proposal_to_fulfilment(self):
        promotion = self.propose()
        self.assertEqual((promotion.state, promotion.evidence_state), ("proposed", "missing"))
        promotion.action_agree()
        self.assertEqual((promotion.state, promotion.agreed_on), ("agreed", date(2026, 3, 2)))
        self.assertEqual(promotion.next_check_on, date(2026, 4, 1))
        self.add_evidence(promotion).action_accept()
        promotion.action_fulfil()
        self.assertEqual((promotion.state, promotion.next_check_on), ("fulfilled", False))

    @freeze_time("2026-03-02")
    def test_the_first_check_is_not_after_the_end(self):
        self.assertEqual(self.agree(date_to="2026-03-10").next_check_on, date(2026, 3, 10))
        self.assertEqual(self.agree(date_from="2026-05-01").next_check_on, date(2026, 5, 31))
        self.assertEqual(self.agree(next_check_on="2026-03-05").next_check_on, date(2026, 3, 5))

    def test_a_step_that_the_state_does_not_have_is_refused(self):
        promotion = self.propose()
        with self.assertRefused("only in “Agreed”"):
            promotion.action_fulfil()
        promotion.action_agree()
        with self.assertRefused("only in “Proposed”"):
            promotion.action_agree()
        promotion.action_drop()
        with self.assertRefused("“Proposed”, “Agreed”"):
            promotion.action_drop()
        with self.assertRefused("“Proposed”, “Agreed”"):
            promotion.name = "Something else"

    def test_nothing_is_fulfilled_without_accepted_evidence(self):
        promotion = self.agree()
        self.add_evidence(promotion)
        with self.assertRefused("accept the evidence first"):
            promotion.action_fulfil()

    def test_state_and_dates_are_written_by_the_buttons_only(self):
        promotion = self.propose()
        for vals in ({"state": "agreed"}, {"agreed_on": "2026-01-01"}, {"evidence_state": "accepted"}):
            with self.assertRefused("follow from its buttons"):
                promotion.write(vals)
        for vals in ({"state": "agreed", "agreed_on": "2026-01-01"}, {"evidence_state": "accepted"}):
            with self.assertRefused("begins as a proposal"):
                self.propose(**vals)

    def test_who_is_no_member_any_more_agrees_on_nothing(self):
        promotion = self.propose()
        self.membership._write_own({"state": "ended"})
        with self.assertRefused("no member any more"):
            promotion.action_agree()

    def test_what_was_agreed_is_not_deleted(self):
        """F12: history stays."""
        self.propose().unlink()
        promotion = self.agree()
        with self.assertRefused("stays as history"):
            promotion.unlink()
        promotion.action_drop()
        with self.assertRefused("stays as history"):
            promotion.unlink()

    def test_what_is_agreed_stays_with_its_member(self):
        promotion = self.agree()
        other = self.join(self.client, krs="0000999002")
        with self.assertRefused("only in “Proposed”"):
            promotion.membership_id = other

    # Value

    def become(self, kind):
        """Change what the membership asks for, with the accountant's decision that barter needs."""
        self.membership._write_own({"promotion_kind": kind, "vat_decision": "discount"})

    def test_barter_is_agreed_with_a_value_only(self):
        """F12: "Barter asks for a value"."""
        self.become("barter")
        promotion = self.propose()
        with self.assertRefused("enter what it is worth"):
            promotion.action_agree()
        self.assertEqual(promotion.state, "proposed")
        promotion.value = 300
        promotion.action_agree()
        with self.assertRefused("enter what it is worth"):
            promotion.value = 0

    def test_a_courtesy_has_no_value(self):
        """F12: "courtesy must not"."""
        with self.assertRefused("nobody owes"):
            self.propose(value=300)
        promotion = self.agree()
        with self.assertRefused("nobody owes"):
            promotion.value = 1

    def test_a_membership_without_promotion_agrees_on_none(self):
        self.membership.promotion_kind = "none"
        promotion = self.propose()
        with self.assertRefused("asks for no promotion"):
            promotion.action_agree()

    def test_the_kind_of_the_membership_fits_what_is_agreed(self):
        promotion = self.agree()
        for kind, sentence in (("barter", "enter what it is worth"), ("none", "asks for no promotion")):
            with self.assertRefused(sentence):
                self.become(kind)
            self.assertEqual(self.membership.promotion_kind, "courtesy")
        promotion.action_drop()
        self.membership.promotion_kind = "none"

    def test_what_was_fulfilled_as_barter_is_history(self):
        self.become("barter")
        promotion = self.agree(value=300)
        with self.assertRefused("nobody owes"):
            self.membership.promotion_kind = "courtesy"
        self.add_evidence(promotion).action_accept()
        promotion.action_fulfil()
        self.membership.promotion_kind = "courtesy"
        self.assertEqual(promotion.value, 300)

    # Facts

    def test_the_page_is_an_address_of_the_web(self):
        for url in ("http://127.0.0.1:8069/", "http://me:secret@dobrystart.example.com/", "http://a b.example/"):
            with self.assertRefused("no address of a public page"):
                self.propose(url=url)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_what_cannot_be(self):
        for vals in (
            {"url": "ftp://dobrystart.example.com/"},
            {"url": "javascript:alert(1)"},
            {"date_from": "2026-03-02", "date_to": "2026-03-01"},
            {"value": -1},
        ):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.propose(**vals)

    def test_the_membership_counts_what_is_agreed_and_what_is_evidenced(self):
        self.propose()
        self.agree(name="Post", kind="post", url=False)
        self.add_evidence(self.agree()).action_accept()
        self.assertEqual((self.membership.promotion_count, self.membership.evidenced_count), (2, 1))
        action = self.membership.action_view_promotions()
        self.assertEqual(self.env["ngo.promotion"].search_count(action["domain"]), 3)

    def test_the_name_tells_whose_it_is(self):
        promotion = self.propose(url=PAGE)
        self.assertEqual(promotion.display_name, "Fundacja Dobry Start – Logo among the partners")


@tagged("post_install", "-at_install")
class TestPromotionReminders(PromotionCommon):
    """Missing evidence is asked for before it is due, once (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.check_pages = False

    def remind(self, promotion, *days):
        """Run the night of some days and return on which of them the organisation got a mail."""
        told = []
        for day in days:
            before = promotion.message_ids
            with freeze_time(day):
                self.run_nightly()
            new = promotion.message_ids - before
            if any("show us" in (message.subject or "") for message in new):
                told.append(day)
        return told

    def test_it_is_asked_for_once_before_the_end(self):
        with freeze_time("2026-03-02"):
            promotion = self.agree(date_to="2026-06-30", next_check_on="2026-12-01")
        days = self.remind(promotion, "2026-06-15", "2026-06-16", "2026-06-16", "2026-06-17", "2026-07-05")
        self.assertEqual(days, ["2026-06-16"])
        self.assertEqual((promotion.reminded_on, promotion.reminded_for), (date(2026, 6, 16), date(2026, 6, 30)))
        activity = self.get_activities(promotion, "evidence_missing")
        self.assertEqual((activity.user_id, activity.date_deadline), (self.coordinator, date(2026, 6, 30)))
        mail = promotion.message_ids.filtered("subject")
        self.assertEqual(mail.partner_ids, self.ngo)
        self.assertIn("06/30/2026", mail.body)

    def test_it_is_asked_for_before_each_check(self):
        with freeze_time("2026-03-02"):
            promotion = self.agree()
        self.assertEqual(self.remind(promotion, "2026-03-17", "2026-03-18", "2026-03-19"), ["2026-03-18"])
        promotion.next_check_on = "2026-05-31"
        self.assertEqual(self.remind(promotion, "2026-05-16", "2026-05-17", "2026-05-17"), ["2026-05-17"])
        self.assertEqual(len(self.get_activities(promotion, "evidence_missing")), 1)

    def test_who_has_sent_evidence_is_not_asked_but_the_coordinator_is(self):
        with freeze_time("2026-03-02"):
            promotion = self.agree()
            evidence = self.add_evidence(promotion)
        self.assertFalse(self.remind(promotion, "2026-03-31"))
        self.assertTrue(self.get_activities(promotion, "evidence_missing"))
        evidence.action_accept()
        self.assertFalse(self.get_activities(promotion, "evidence_missing"))

    def test_accepted_evidence_needs_no_reminder(self):
        with freeze_time("2026-03-02"):
            promotion = self.agree()
            self.add_evidence(promotion).action_accept()
        self.assertFalse(self.remind(promotion, "2026-03-31"))
        self.assertFalse(promotion.activity_ids)

    def test_nobody_is_asked_for_what_is_not_agreed_or_not_owed_any_more(self):
        with freeze_time("2026-03-02"):
            dropped = self.agree(date_to="2026-03-03")
            dropped.action_drop()
            proposed = self.propose(date_to="2026-03-03")
        self.assertFalse(self.remind(dropped, "2026-03-03"))
        self.assertFalse(self.remind(proposed, "2026-03-03"))
        with freeze_time("2026-03-02"):
            ended = self.agree(date_to="2026-03-03")
        self.membership._write_own({"state": "ended"})
        self.assertFalse(self.remind(ended, "2026-03-03"))
        self.assertFalse((dropped | proposed | ended).activity_ids)

    def test_something_is_expected_on_an_agreed_page_as_long_as_it_is_agreed(self):
        """Otherwise every look would find it: before it is agreed, and by every later change."""
        empty = {"expected_text": False, "expected_logo": " \u200b"}
        with self.assertRefused("any page would do"):
            self.agree(**empty)
        promotion = self.agree()
        with self.assertRefused("any page would do"):
            promotion.write(empty)
        promotion.write({**empty, "url": False})
        with self.assertRefused("any page would do"):
            promotion.url = "https://dobrystart.example.com"
        self.propose(**empty)
