from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestMerge(NgoCommon):
    """Core's wizard merges contacts; memberships go with them, and two live ones refuse in a sentence (F12)."""

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge((source | target).ids, target)

    def test_a_member_takes_its_membership_along(self):
        membership = self.join()
        target = self.env["res.partner"].create({"name": "The same foundation", "is_company": True})
        self.merge(self.ngo, target)
        self.assertEqual((membership.partner_id, membership.commercial_partner_id), (target, target))

    def test_two_members_are_not_merged(self):
        other = self.env["res.partner"].create({"name": "Another foundation", "is_company": True})
        first, second = self.join(), self.apply(other, krs="0000999104")
        with self.assertRaisesRegex(UserError, "End all of these memberships but one"):
            self.merge(self.ngo, other)
        second.action_refuse("The same organisation twice")
        self.merge(self.ngo, other)
        self.assertEqual((first | second).partner_id, other)
