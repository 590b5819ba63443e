from odoo.tests import HttpCase, tagged

from .common import COORDINATOR, NgoCommon


@tagged("post_install", "-at_install")
class TestTourMember(NgoCommon, HttpCase):
    """Through the real screens: from an application to an active member, a warning and its withdrawal (F12)."""

    def test_from_the_application_to_a_member(self):
        self.create_support_user("tour_coordinator", COORDINATOR, tz="Europe/Warsaw", lang="en_US")
        membership = self.env["ngo.membership"].create(
            {
                "programme_id": self.programme.id,
                "legal_form_id": self.foundation.id,
                "krs": "0000999777",
                "applicant_name": "Tour Foundation",
                "applicant_email": "tour@foundation.example.com",
            }
        )
        self.start_tour("/odoo/ngo-members", "ngo_incubator_member", login="tour_coordinator")
        self.assertEqual((membership.state, membership.partner_id.name), ("active", "Tour Foundation"))
        self.assertFalse(membership.ends_on)
        self.assertFalse(membership.benefit_ids.last_day)
        self.assertEqual(membership.verification_ids.reference, "ekrs.example.com, 0000999777")
