from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.support_plans.tests.common import ACCOUNTANT

from .access_common import AccessCommon
from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestWizardAccess(AccessCommon, NgoCommon):
    """A window shows a member only to who may read it (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_onlookers()
        cls.membership = cls.apply(applicant_name="Secret", promotion_kind="barter")
        cls.accountant_elsewhere = cls.create_support_user(
            "access_accountant", ACCOUNTANT, company_id=cls.elsewhere.company_id.id
        )
        with_own = {"company_id": cls.elsewhere.company_id.id, "coordinator_id": cls.elsewhere.id}
        cls.own_membership = cls.apply(
            cls.create_client("Own"), programme_id=cls.create_programme(**with_own).id, krs="0000999002"
        )

    def assertDenied(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            action()
        self.env.invalidate_all()

    def test_another_companys_member_is_shown_in_no_window(self):
        foreign = {"membership_id": self.membership.id}
        for name, user, values, own in (
            ("ngo.verification.wizard", self.elsewhere, {}, {}),
            ("ngo.warning.wizard", self.elsewhere, {"reason": "x"}, {}),
            ("ngo.refusal.wizard", self.elsewhere, {}, {"reason": "x"}),
            ("ngo.vat.decision.wizard", self.accountant_elsewhere, {"note": "x"}, {}),
        ):
            model = self.env[name].with_user(user)
            shown = [field for field in model._fields if field not in ("membership_id", "display_name")]
            spec = {**dict.fromkeys(shown, {}), "membership_id": {}}
            wizard = model.create({"membership_id": self.own_membership.id, **values, **own})
            with self.subTest(name):
                self.assertTrue(wizard.read(shown))
                self.assertDenied(lambda m=model, v=values, s=shown: m.create({**foreign, **v}).read(s))
                self.assertDenied(lambda m=model, v=values, s=spec: m.onchange({**foreign, **v}, ["membership_id"], s))
                self.assertDenied(lambda w=wizard, s=shown: (w.write(foreign), w.read(s)))

    def test_nothing_of_another_companys_member_is_kept_in_a_window(self):
        wizard = self.env["ngo.verification.wizard"].with_user(self.elsewhere)
        wizard = wizard.create({"membership_id": self.own_membership.id})
        self.assertDenied(lambda: (wizard.write({"membership_id": self.membership.id}), wizard.env.flush_all()))

    def test_who_may_read_the_member_sees_it(self):
        wizard = self.env["ngo.verification.wizard"].with_user(self.coordinator)
        wizard = wizard.create({"membership_id": self.membership.id})
        self.assertEqual((wizard.krs, wizard.applicant_name), (self.membership.krs, "Secret"))
        decision = self.env["ngo.vat.decision.wizard"].with_user(self.accountant)
        self.assertFalse(decision.create({"membership_id": self.membership.id, "note": "x"}).value)
