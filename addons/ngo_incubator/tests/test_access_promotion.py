from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_common import AccessCommon
from .promotion_common import PAGE, PNG, PromotionCommon


@tagged("post_install", "-at_install")
class TestAccessPromotion(AccessCommon, PromotionCommon):
    """Who may see and do what with promotion (F12)."""

    MODELS = ("ngo.promotion", "ngo.evidence", "ngo.page.check")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promotion = cls.agree()
        cls.evidence = cls.promotion._add_panel_evidence(cls.ngo_person, "picture", picture=PNG)
        cls.create_onlookers()

    def setUp(self):
        super().setUp()
        with self.page():
            self.promotion.action_check_now()

    def assertDenied(self, *actions):
        for action in actions:
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                action()

    def get_changes(self, user):
        """Return everything that only coordinators may do."""
        promotion, evidence = self.promotion.with_user(user), self.evidence.with_user(user)
        return (
            lambda: promotion.write({"name": "x"}),
            promotion.action_fulfil,
            promotion.action_drop,
            promotion.action_check_now,
            promotion.copy,
            lambda: evidence.write({"note": "x"}),
            evidence.action_accept,
            evidence.action_reject,
            evidence.unlink,
            lambda: evidence.create({"promotion_id": promotion.id, "kind": "link", "url": PAGE}),
        )

    def test_who_reads_what(self):
        everything = [1, 1, 1]
        for user, expected in (
            (self.coordinator, everything),
            (self.manager, everything),
            (self.accountant, everything),
            (self.consultant, everything),
            (self.own, [1, 1, None]),
            (self.other, [0, 0, None]),
            (self.stranger, [None, None, None]),
            (self.elsewhere, [0, 0, 0]),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.count(user), expected)

    def test_who_reads_the_file(self):
        for user in (self.coordinator, self.accountant, self.consultant, self.own):
            self.assertEqual(self.evidence.attachment_id.with_user(user).raw, PNG)
        for user in (self.other, self.stranger, self.elsewhere):
            with self.subTest(user=user.login):
                self.assertDenied(lambda reader=user: self.evidence.attachment_id.with_user(reader).read(["raw"]))

    def test_only_coordinators_change_anything(self):
        for user in (self.consultant, self.accountant, self.own, self.other, self.stranger, self.elsewhere):
            for place, action in enumerate(self.get_changes(user)):
                with self.subTest(user=user.login, place=place):
                    self.assertDenied(action)

    def test_the_organisation_does_not_read_what_is_internal(self):
        promotion, evidence = self.promotion.with_user(self.own), self.evidence.with_user(self.own)
        self.assertTrue(promotion.read(["name", "state", "evidence_state", "url", "value", "display_name"]))
        self.assertTrue(evidence.read(["state", "rejection_reason", "attachment_id", "display_name"]))
        self.assertDenied(
            lambda: promotion.read(["note"]),
            lambda: promotion.read(["page_check_ids"]),
            lambda: promotion.read(["reminded_for"]),
            lambda: evidence.read(["accepted_by_id"]),
        )

    def test_a_coordinator_does_all_of_it_and_decides_on_evidence(self):
        for user in (self.coordinator, self.manager):
            promotion = (
                self.env["ngo.promotion"]
                .with_user(user)
                .create({"membership_id": self.membership.id, "name": "Post", "kind": "post"})
            )
            promotion.action_agree()
            evidence = promotion.evidence_ids.create({"promotion_id": promotion.id, "kind": "link", "url": PAGE})
            evidence.note = "Seen today"
            evidence.action_accept()
            promotion.action_fulfil()
            self.assertEqual(promotion.state, "fulfilled")

    def test_even_a_coordinator_does_not_change_what_a_page_showed_or_an_accepted_file(self):
        check = self.promotion.page_check_ids.with_user(self.coordinator)
        self.evidence.action_accept()
        self.assertDenied(
            lambda: check.create({"promotion_id": self.promotion.id, "url": PAGE, "checked_at": "2026-01-01"}),
            lambda: self.evidence.attachment_id.with_user(self.coordinator).write({"raw": b"x"}),
            lambda: self.evidence.attachment_id.with_user(self.coordinator).unlink(),
        )
        with self.assertRefused("stays as it was"):
            check.is_found = False
        with self.assertRefused("stays as it was"):
            self.promotion.page_check_ids.sudo().unlink()

    def test_the_organisation_reads_what_was_agreed_only(self):
        """What was only proposed, or dropped, is ours; the panel hides it, and so does the API."""
        proposed, dropped = self.propose(name="Proposed"), self.agree(name="Dropped")
        self.add_evidence(dropped)
        dropped.action_drop()
        self.assertEqual(self.count(self.own), [1, 1, None])
        self.assertDenied(
            lambda: proposed.with_user(self.own).read(["name"]),
            lambda: dropped.with_user(self.own).read(["name"]),
            lambda: dropped.evidence_ids.with_user(self.own).read(["url"]),
        )
