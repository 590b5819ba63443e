"""What the tests of this addon share: a programme, an organisation, and a membership in any state. No tests here."""

from contextlib import contextmanager

from odoo import Command, fields
from odoo.exceptions import UserError

from odoo.addons.support_plans.tests.common import ACCOUNTANT, CONSULTANT, MANAGER, SupportInvoicingCommon

COORDINATOR = "ngo_incubator.group_ngo_coordinator"
#: Numbers with right check digits, made up.
NIP = "9990077778"
REGON = "999007770"
KRS = "0000999001"


class NgoCommon(SupportInvoicingCommon):
    """A programme with 20 % on every plan, 30 % on STANDARD, 10 % on hours and 45 days to pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.create_support_user("ngo_coordinator", COORDINATOR)
        cls.accountant = cls.create_support_user("ngo_accountant", ACCOUNTANT)
        cls.consultant = cls.create_support_user("ngo_consultant", CONSULTANT)
        cls.manager = cls.create_support_user("ngo_manager", MANAGER)
        cls.foundation = cls.env.ref("ngo_incubator.legal_form_foundation")
        cls.family_foundation = cls.env.ref("ngo_incubator.legal_form_family_foundation")
        cls.programme = cls.create_programme()
        cls.ngo = cls.create_client("Fundacja Dobry Start", email="biuro@dobrystart.example.com")
        cls.ngo_person = cls.env["res.partner"].create(
            {"name": "Ewa Start", "parent_id": cls.ngo.id, "email": "ewa@dobrystart.example.com"}
        )

    @contextmanager
    def assertRefused(self, regex):
        """Expect a sentence, and undo what was done before it, as a request does."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), regex)

    @classmethod
    def create_programme(cls, **values):
        """Create a programme of the tests' company."""
        discounts = [
            {"scope": "plans", "percent": 20},
            {"scope": "plan", "plan_id": cls.plan_standard.id, "percent": 30},
            {"scope": "hours", "percent": 10},
        ]
        return cls.env["ngo.programme"].create(
            {
                "name": "InkubatorNGO",
                "company_id": cls.env.company.id,
                "coordinator_id": cls.coordinator.id,
                "payment_days": 45,
                "discount_ids": [Command.create(discount) for discount in discounts],
                **values,
            }
        )

    @classmethod
    def apply(cls, partner=None, **values):
        """Create a membership in the state "applied"."""
        return cls.env["ngo.membership"].create(
            {
                "programme_id": cls.programme.id,
                "partner_id": (partner or cls.ngo).id,
                "legal_form_id": cls.foundation.id,
                "krs": KRS,
                **values,
            }
        )

    @classmethod
    def verify(cls, membership, checked_on=None, **proof):
        """Verify a membership by a look at the register."""
        proof = {"source": "krs", "reference": "ekrs.example.com", "is_confirmed": True, "is_opp": False, **proof}
        if checked_on:
            proof["checked_on"] = fields.Date.to_date(checked_on)
        return membership._verify(proof, fields.Date.context_today(membership))

    @classmethod
    def promise_barter(cls, membership, value=900):
        """Enter promotion that is worth something: barter asks for it."""
        promotion = cls.env["ngo.promotion"].create(
            {"membership_id": membership.id, "name": "Half a page", "kind": "materials", "value": value}
        )
        promotion.action_agree()
        return promotion

    @classmethod
    def decide(cls, membership, decision):
        """Let the accountant decide on the VAT of promotion."""
        return membership.with_user(cls.accountant)._decide_vat(decision, "See the ruling")

    @classmethod
    def join(cls, partner=None, **values):
        """Create a membership and make it active today."""
        membership = cls.apply(partner, **values)
        cls.verify(membership)
        membership.action_activate()
        return membership
