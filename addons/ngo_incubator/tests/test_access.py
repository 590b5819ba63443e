from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import AccessCommon
from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestNgoAccess(AccessCommon, NgoCommon):
    """Who may see and do what with memberships (F12)."""

    MODELS = ("ngo.programme", "ngo.membership", "ngo.benefit", "ngo.discount", "ngo.verification")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.membership = cls.join()
        cls.create_onlookers()

    def test_the_organisation_reads_its_own_membership_and_nobody_elses(self):
        self.assertEqual(self.count(self.own), [None, 1, 1, 6, None])
        self.assertEqual(self.count(self.other), [None, 0, 0, 0, None])

    def test_the_organisation_does_not_read_internal_notes(self):
        self.membership.note = "secret"
        with self.assertRaises(AccessError):
            self.membership.with_user(self.own).read(["note"])
        self.assertTrue(self.membership.with_user(self.own).read(["state", "krs", "payment_days", "state_text"]))

    def test_the_organisation_changes_nothing(self):
        membership = self.membership.with_user(self.own)
        for action in (
            lambda: membership.write({"payment_days": 300}),
            lambda: membership._warn("x", membership._get_today()),
            membership.action_activate,
            lambda: membership.discount_ids.write({"percent": 90}),
            lambda: self.env["ngo.membership"].with_user(self.own).create({}),
        ):
            with self.assertRaises(AccessError):
                action()

    def test_a_consultant_reads_and_changes_nothing(self):
        self.assertEqual(self.count(self.consultant)[1:3], [1, 1])
        membership = self.membership.with_user(self.consultant)
        for action in (lambda: membership.write({"note": "x"}), membership.action_withdraw_warning):
            with self.assertRaises(AccessError):
                action()

    def test_an_accountant_decides_and_writes_nothing_else(self):
        membership = self.membership.with_user(self.accountant)
        for vals in ({"payment_days": 10}, {"note": "x"}, {"discount_ids": [Command.clear()]}):
            with self.assertRaises(AccessError):
                membership.write(vals)
        with self.assertRaises(AccessError):
            membership._verify({"is_confirmed": False}, membership._get_today())

    def test_nobody_moves_a_discount_to_what_was_granted_or_offered(self):
        """By the API, too: a granted benefit stays as it was, the offer is the owner's."""
        discount = self.membership.discount_ids.filtered(lambda x: x.scope == "plans")
        for user in (self.coordinator, self.manager):
            for owner in ({"benefit_id": self.membership.benefit_ids.id}, {"programme_id": self.programme.id}):
                with self.assertRaises(UserError):
                    discount.with_user(user).write({"membership_id": False, **owner})
            with self.assertRaises(UserError):
                self.env["ngo.discount"].with_user(user).create(
                    {
                        "benefit_id": self.membership.benefit_ids.id,
                        "scope": "plan",
                        "plan_id": self.plan_email.id,
                        "percent": 90,
                    }
                )

    def test_a_coordinator_works_with_members_and_not_with_the_offer(self):
        membership = self.membership.with_user(self.coordinator)
        membership.payment_days = 50
        membership.discount_ids.filtered("plan_id").percent = 25
        for action in (
            lambda: self.programme.with_user(self.coordinator).write({"payment_days": 90}),
            lambda: self.programme.discount_ids.with_user(self.coordinator).write({"percent": 90}),
            lambda: (
                self.env["ngo.benefit"]
                .with_user(self.coordinator)
                .create({"membership_id": membership.id, "first_day": "2026-01-01"})
            ),
            lambda: self.env["ngo.verification"].with_user(self.coordinator).create({"membership_id": membership.id}),
        ):
            with self.assertRaises(AccessError):
                action()

    def test_a_stranger_sees_nothing(self):
        self.assertEqual(self.count(self.stranger), [None, None, None, None, None])

    def test_another_company_sees_nothing(self):
        self.assertEqual(self.count(self.elsewhere), [0, 0, 0, 0, 0])

    def test_a_coordinator_applies_for_an_organisation(self):
        membership = (
            self.env["ngo.membership"]
            .with_user(self.coordinator)
            .create(
                {
                    "programme_id": self.programme.id,
                    "partner_id": self.client.id,
                    "legal_form_id": self.foundation.id,
                    "krs": "0000999002",
                }
            )
        )
        self.verify(membership)
        membership.action_activate()
        self.assertEqual(membership.state, "active")
