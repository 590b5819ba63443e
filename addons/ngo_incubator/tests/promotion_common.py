"""What the tests of promotion share: promotion in any state, evidence, pages as they were seen. No tests here."""

from unittest.mock import patch

from odoo.addons.ngo_incubator.models import ngo_promotion_checks
from odoo.addons.ngo_incubator.models.page_fetch import Answer

from .common import NgoCommon

PAGE = "https://dobrystart.example.com/partnerzy"
GOOD = "<p>Wspiera nas Acme</p><img src='/acme-logo.png'>"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6360000000020001e221bc330000"
    "000049454e44ae426082"
)


class PromotionCommon(NgoCommon):
    """An active member whose promotion is a courtesy, in a programme that looks at pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.write({"check_pages": True, "check_every_days": 30, "remind_days": 14})
        cls.membership = cls.join()

    @classmethod
    def propose(cls, **values):
        """Create a promotion: text and logo on a page."""
        return cls.env["ngo.promotion"].create(
            {
                "membership_id": cls.membership.id,
                "name": "Logo among the partners",
                "url": PAGE,
                "expected_text": "wspiera nas Acme",
                "expected_logo": "acme-logo",
                **values,
            }
        )

    @classmethod
    def agree(cls, **values):
        """Create a promotion and agree on it today."""
        promotion = cls.propose(**values)
        promotion.action_agree()
        return promotion

    @classmethod
    def add_evidence(cls, promotion, **values):
        """Add a link as evidence, by hand."""
        return cls.env["ngo.evidence"].create({"promotion_id": promotion.id, "kind": "link", "url": PAGE, **values})

    def page(self, html=GOOD, error="", status=200):
        """Let every page that is looked at be this one."""
        answer = Answer(PAGE, 0 if error else status, "" if error else html, len(html), error)
        return patch.object(ngo_promotion_checks, "fetch", return_value=answer)

    def run_nightly(self):
        """Run what the scheduled action calls."""
        with self.enter_registry_test_mode():
            self.env.ref("ngo_incubator.ir_cron_check_pages").method_direct_trigger()

    def get_activities(self, promotion, name):
        """Return the open activities of a kind, by the end of its xml id."""
        kind = self.env.ref(f"ngo_incubator.mail_activity_ngo_{name}")
        return promotion.activity_ids.filtered(lambda a: a.activity_type_id == kind)
