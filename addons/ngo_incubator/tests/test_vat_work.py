from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NgoCommon

VAT = "ngo_incubator.mail_activity_ngo_vat"


@tagged("post_install", "-at_install")
class TestVatWork(NgoCommon):
    """Barter asks for the accountant's decision; courtesy must not (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.accountant_id = cls.accountant

    def verified(self, **values):
        membership = self.apply(**values)
        self.verify(membership)
        return membership

    def get_asked(self, membership):
        """Return the users who are asked to decide."""
        kind = self.env.ref(VAT)
        return membership.activity_ids.filtered(lambda x: x.activity_type_id == kind).mapped("user_id.id")

    def test_barter_with_a_value_asks_the_accountant_once(self):
        membership = self.verified(promotion_kind="barter")
        self.assertFalse(self.get_asked(membership), "nothing is to be decided before there is a value")
        self.promise_barter(membership)
        self.promise_barter(membership, 500)
        self.assertEqual(self.get_asked(membership), self.accountant.ids)
        self.decide(membership, "discount")
        self.assertFalse(self.get_asked(membership))
        done = membership.message_ids.filtered(lambda x: x.mail_activity_type_id == self.env.ref(VAT))
        self.assertIn("See the ruling", done.body, "the history has the reason")

    def test_courtesy_asks_nobody(self):
        membership = self.verified(promotion_kind="courtesy")
        self.promise_barter(membership, 0)
        self.assertFalse(self.get_asked(membership))

    def test_what_is_owed_no_more_is_not_asked_any_more(self):
        membership = self.verified(promotion_kind="barter")
        self.promise_barter(membership).action_drop()
        self.assertFalse(self.get_asked(membership))

    def test_another_kind_of_promotion_is_asked_anew(self):
        membership = self.verified(promotion_kind="barter")
        self.promise_barter(membership)
        self.decide(membership, "discount")
        membership.promotion_ids.action_drop()
        membership.promotion_kind = "none"
        membership.promotion_kind = "barter"
        self.assertFalse(self.get_asked(membership), "nothing has a value yet")
        self.promise_barter(membership)
        self.assertEqual(self.get_asked(membership), self.accountant.ids)

    def test_a_refused_application_asks_nobody_any_more(self):
        membership = self.verified(promotion_kind="barter")
        self.promise_barter(membership)
        membership.action_refuse("Not an organisation of ours")
        self.assertFalse(membership.activity_ids)

    def test_without_an_accountant_nobody_is_asked(self):
        self.programme.accountant_id = False
        membership = self.verified(promotion_kind="barter")
        self.promise_barter(membership)
        self.assertFalse(membership.activity_ids)

    def test_only_who_makes_invoices_can_be_asked(self):
        with self.assertRaisesRegex(ValidationError, "makes invoices"):
            self.programme.accountant_id = self.coordinator
