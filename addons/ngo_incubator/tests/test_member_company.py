from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import NgoCommon

CHECK = "ngo_incubator.mail_activity_ngo_check"


@tagged("post_install", "-at_install")
@freeze_time("2026-02-01")
class TestMemberCompany(NgoCommon):
    """A person who is the member gets the company that it speaks for (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create({"name": "Maria Koło", "email": "kgw@example.com"})
        cls.membership = cls.join(
            cls.person,
            legal_form_id=cls.env.ref("ngo_incubator.legal_form_rural_women").id,
            krs=False,
            register_number="KGW 12",
        )
        cls.circle = cls.env["res.partner"].create({"name": "KGW Lipa", "is_company": True})
        cls.agreement = cls.create_agreement(cls.plan_start, cls.person, "2026-02-01")

    def get_percent(self):
        day = self.membership._get_today()
        return self.agreement._get_ngo_benefit(day, day)._get_fee_percent(self.plan_start)

    def test_the_discount_goes_along_to_the_company(self):
        self.assertEqual(self.get_percent(), 20)
        self.person.parent_id = self.circle
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.agreement.commercial_partner_id, self.circle)
        self.assertEqual(self.membership.commercial_partner_id, self.circle)
        self.assertEqual(self.membership.benefit_ids.commercial_partner_id, self.circle)
        self.assertEqual(self.get_percent(), 20)
        self.assertEqual(self.membership.state, "active")
        self.assertIn("KGW Lipa", self.membership.message_ids[0].body)

    def test_a_company_that_was_a_mistake_gives_it_back(self):
        self.person.parent_id = self.circle
        self.person.parent_id = False
        self.assertEqual(self.membership.commercial_partner_id, self.person)
        self.assertFalse(self.membership.moved_from_id)
        self.assertEqual(self.get_percent(), 20)
        self.assertIn("counts for Maria Koło again", self.membership.message_ids[0].body)
        self.assertFalse(self.circle.ngo_membership_ids)

    def test_somebody_looks_whether_the_company_is_right(self):
        self.person.parent_id = self.circle
        other = self.env["res.partner"].create({"name": "KGW Dąb", "is_company": True})
        self.person.parent_id = other
        self.assertEqual(self.membership.commercial_partner_id, other)
        work = self.membership.activity_ids
        self.assertEqual(work.activity_type_id, self.env.ref(CHECK))
        self.assertIn("KGW Lipa", work.note)
        self.assertIn("KGW Dąb", work.note, "one work, with both notes")

    def test_a_company_that_takes_the_person_in_is_the_same(self):
        self.circle.child_ids = [Command.link(self.person.id)]
        self.assertEqual(self.membership.commercial_partner_id, self.circle)

    def test_who_may_write_contacts_only_takes_it_along_too(self):
        clerk = self.create_support_user("ngo_clerk", "base.group_partner_manager")
        self.person.with_user(clerk).parent_id = self.circle
        self.assertEqual(self.membership.commercial_partner_id, self.circle)

    def test_a_company_that_becomes_a_person_of_another_one_takes_it_along(self):
        branch = self.create_client("Oddział")
        membership = self.join(branch, krs="0000999002")
        branch.write({"is_company": False, "parent_id": self.circle.id})
        self.assertEqual(membership.commercial_partner_id, self.circle)

    def test_what_has_ended_stays_where_it_was(self):
        self.membership._warn("No logo", self.membership._get_today(), end_as="end")
        self.membership._finish_warnings(self.membership.ends_on.replace(year=2027))
        self.person.parent_id = self.circle
        self.assertEqual(self.membership.commercial_partner_id, self.person)

    def test_a_company_that_is_a_member_itself_keeps_its_membership_and_somebody_looks(self):
        own = self.join(self.circle, krs="0000999002")
        self.person.parent_id = self.circle
        self.env.flush_all()
        self.assertEqual(self.membership.commercial_partner_id, self.person)
        self.assertEqual(own.commercial_partner_id, self.circle)
        self.assertIn("KGW Lipa", self.membership.message_ids[0].body)
        work = self.membership.activity_ids
        self.assertEqual((work.activity_type_id, work.user_id), (self.env.ref(CHECK), self.coordinator))
        self.assertIn("KGW Lipa", work.note)

    def test_two_persons_of_one_company_are_not_both_moved(self):
        other = self.env["res.partner"].create({"name": "Anna Koło", "email": "anna@example.com"})
        second = self.join(other, legal_form_id=self.membership.legal_form_id.id, krs=False, register_number="KGW 13")
        (self.person | other).parent_id = self.circle
        self.assertEqual((self.membership | second).mapped("commercial_partner_id"), self.circle | other)

    def test_other_writes_of_contacts_cost_nothing(self):
        self.person.phone = "1"
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.person.phone = "2"
            self.env.flush_all()
