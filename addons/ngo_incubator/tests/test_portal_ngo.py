from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .panel_common import NgoPanelCommon

PAGE = "/my/ngo"
LINK = "https://dobrystart.example.com/partners"
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestPortalNgo(NgoPanelCommon):
    """The organisation reads its membership in the panel, and proves the promotion that was agreed (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-01"):
            cls.membership = cls.join(promotion_kind="courtesy")
            cls.promotion = cls.create_promotion("Logo on the page of partners")

    @classmethod
    def create_promotion(cls, name, membership=None, agreed=True, **values):
        membership = membership or cls.membership
        promotion = cls.env["ngo.promotion"].create({"membership_id": membership.id, "name": name, **values})
        if agreed:
            promotion.action_agree()
        return promotion

    def send_evidence(self, promotion=None, files=None, **values):
        url = f"{PAGE}/promotions/{(promotion or self.promotion).id}/evidence"
        return self.post(url, files=files, **{"kind": "link", "url": LINK, **values})

    def get_evidence(self, promotion=None):
        self.env.invalidate_all()
        return (promotion or self.promotion).evidence_ids

    def count_on_home(self):
        counters = {"counters": ["ngo_membership_count"]}
        return self.make_jsonrpc_request("/my/counters", counters)["ngo_membership_count"]

    # Reading

    def test_the_organisation_reads_where_it_stands(self):
        self.create_promotion("Post that is not agreed", agreed=False)
        page = self.open(PAGE, self.user_ewa)
        self.assertEqual(page.status_code, 200)
        self.assertSays(
            page,
            "InkubatorNGO",
            "Active",
            "The discount is in force.",
            "from 1 Mar 2026",
            "30 % on STANDARD",
            "invoices are due in 45 days",
            "KRS 0000999001",
            "Next look at the registers 16 Dec 2026",
            "Logo on the page of partners",
            "We have no evidence yet.",
        )
        self.assertNotIn("Post that is not agreed", page.text)
        self.assertNotIn("All discounts", page.text)

    def test_a_warning_is_told_with_its_day_and_reason(self):
        self.membership._warn("The register says <b>liquidation</b>", date(2026, 3, 10))
        page = self.open(PAGE, self.user_ewa)
        self.assertSays(page, "The discount ends", "The reason: The register says", "from 1 Mar 2026 to 9 Apr 2026")
        self.assertNotIn("<b>liquidation", page.text)

    def test_what_begins_later_and_what_was_before_are_told(self):
        self.membership.discount_ids.filtered("plan_id").percent = 40
        self.membership.action_change_terms()
        self.assertSays(self.open(PAGE, self.user_ewa), "40 % on STANDARD", "All discounts that you have had", "30 %")
        self.membership.discount_ids.filtered("plan_id").percent = 5
        self.membership.action_change_terms()
        self.assertSays(self.open(PAGE), "What was agreed for later:", "from 10 Apr 2026", "5 % on STANDARD")

    def test_an_applicant_reads_that_nothing_is_granted_yet(self):
        self.apply(self.other_ngo, krs="0000888001")
        page = self.open(PAGE, self.user_jan)
        self.assertSays(page, "Applied", "Nothing is granted yet.")
        self.assertNotIn("What you have", page.text)

    def test_after_the_end_the_history_stays_and_one_may_apply_again(self):
        self.membership._warn("Liquidation", date(2026, 3, 10), end_as="end")
        with freeze_time("2026-06-01 10:00:00"):
            self.membership._finish_warnings(date(2026, 6, 1))
            page = self.open(PAGE, self.user_ewa)
        self.assertSays(page, "The membership has ended.", "All discounts that you have had", "30 %", "Apply again")
        self.assertNotIn("/evidence", page.text)

    def test_without_a_membership_the_page_says_what_to_do(self):
        page = self.open(PAGE, self.user_jan)
        self.assertSays(page, "Your organisation is in no programme", "Read the offer and apply")
        self.programme.is_published = False
        page = self.open(PAGE)
        self.assertSays(page, "Nobody can apply at the moment.")
        self.assertIn("/new/ticket?request_kind=other", page.text)

    def test_only_organisations_that_applied_have_the_card(self):
        self.open("/my", self.user_ewa)
        self.assertEqual(self.count_on_home(), 1)
        self.open("/my", self.user_jan)
        self.assertEqual(self.count_on_home(), 0)

    def test_another_client_reads_nothing_of_it(self):
        page = self.open(PAGE, self.user_jan)
        for word in ("Logo on the page", "0000999001", "30 %"):
            self.assertNotIn(word, page.text)

    def test_visitors_log_in_first(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.open(PAGE).url)

    # Evidence

    def test_a_link_is_added(self):
        self.open(PAGE, self.user_ewa)
        page = self.send_evidence(reach="1 200", note="Top of the page")
        self.assertIn(f"done={self.promotion.id}", page.url)
        self.assertSays(page, "Thank you, we have received your evidence", "Waiting", "Reach: 1,200", "Top of the page")
        self.assertRecordValues(
            self.get_evidence(),
            [
                {
                    "kind": "link",
                    "url": LINK,
                    "reach": 1200,
                    "note": "Top of the page",
                    "state": "waiting",
                    "added_by_id": self.ngo_person.id,
                    "date": date(2026, 3, 10),
                }
            ],
        )
        self.assertEqual(self.promotion.activity_ids.user_id, self.coordinator)

    def test_a_file_is_added_and_only_the_organisation_opens_it(self):
        self.open(PAGE, self.user_ewa)
        page = self.send_evidence(kind="print", url="", files={"file": ("leaflet.pdf", PDF, "text/html")})
        self.assertSays(page, "leaflet.pdf")
        evidence = self.get_evidence()
        file = evidence.attachment_id
        self.assertEqual((file.raw, file.mimetype), (PDF, "application/pdf"))
        address = f"{PAGE}/evidence/{evidence.id}/file"
        self.assertIn(address, page.text)
        answer = self.open(address)
        self.assertEqual(answer.content, PDF)
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        for number in (0, 10**12, evidence.id + 10**6):
            self.assertTrue(self.open(f"{PAGE}/evidence/{number}/file").url.endswith(PAGE))
        self.authenticate(self.user_jan.login, self.user_jan.login)
        self.assertTrue(self.open(address).url.endswith(PAGE))

    def test_the_same_sent_twice_is_kept_once(self):
        self.open(PAGE, self.user_ewa)
        pages = [self.send_evidence() for _count in range(2)]
        self.assertEqual(pages[0].url, pages[1].url)
        self.assertEqual(len(self.get_evidence()), 1)

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self):
        self.open(PAGE, self.user_ewa)
        cases = (
            ({"url": ""}, "Enter the address of the page"),
            ({"url": "javascript:alert(1)"}, "is no address of a public page"),
            ({"kind": "picture", "url": ""}, "Choose the file"),
            ({"kind": "x"}, "Choose what you send"),
            ({"reach": "many"}, "whole number"),
        )
        for values, sentence in cases:
            with self.subTest(sentence):
                page = self.send_evidence(note="<i>kept</i>", **values)
                self.assertEqual(page.status_code, 422)
                self.assertSays(page, sentence)
                self.assertIn("&lt;i&gt;kept&lt;/i&gt;", page.text)
        page = self.send_evidence(kind="picture", files={"file": ("a.png", b"<svg onload='x'/>", "image/png")})
        self.assertSays(page, "neither a picture nor a PDF", "A file must be chosen again.")
        self.assertFalse(self.get_evidence())
        self.assertFalse(self.env["ir.attachment"].sudo().search([("res_model", "=", "ngo.evidence")]))

    def test_a_file_is_read_only_as_far_as_is_needed(self):
        self.open(PAGE, self.user_ewa)
        with (
            patch("odoo.addons.ngo_incubator.controllers.ngo_panel.MAX_FILE_MB", 0),
            patch("odoo.addons.ngo_incubator.models.ngo_promotion_evidence.MAX_FILE_MB", 0),
        ):
            page = self.send_evidence(kind="print", files={"file": ("a.pdf", PDF, "application/pdf")})
        self.assertSays(page, "The file is larger than 0 MB")

    def test_two_at_once_are_asked_to_send_again(self):
        self.open(PAGE, self.user_ewa)
        with patch.object(type(self.promotion), "_add_panel_evidence", side_effect=LockError("row")):
            page = self.send_evidence()
        self.assertEqual(page.status_code, 422)
        self.assertSays(page, "Somebody adds evidence to this promotion right now. Send yours again.")

    def test_a_rejection_is_told_with_its_reason(self):
        self.open(PAGE, self.user_ewa)
        self.send_evidence()
        evidence = self.get_evidence()
        evidence.rejection_reason = "The logo is not there"
        evidence.action_reject()
        self.assertSays(self.open(PAGE), "Not accepted: The logo is not there", "What you sent was not accepted.")

    def test_without_the_token_of_the_page_nothing_is_kept(self):
        self.open(PAGE, self.user_ewa)
        with mute_logger("odoo.http"):
            page = self.send_evidence(csrf_token="wrong")
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self.get_evidence())

    def test_another_client_adds_nothing(self):
        own = self.join(self.other_ngo, krs="0000888001")
        self.create_promotion("Own", own)
        self.open(PAGE, self.user_jan)
        self.assertTrue(self.send_evidence().url.endswith(PAGE))
        self.assertFalse(self.get_evidence())
        with self.assertRaises(AccessError):
            self.env["ngo.evidence"].with_user(self.user_jan).create(
                {"promotion_id": self.promotion.id, "kind": "link", "url": LINK}
            )

    def test_strange_ids_lead_back(self):
        proposed = self.create_promotion("Proposed", agreed=False)
        self.open(PAGE, self.user_ewa)
        for number in (0, 10**12, self.promotion.id + 10**6, proposed.id):
            with self.subTest(number):
                url = f"{PAGE}/promotions/{number}/evidence"
                self.assertTrue(self.post(url, kind="link", url=LINK).url.endswith(PAGE))
                self.assertTrue(self.open(url).url.endswith(PAGE))
        self.assertFalse(proposed.evidence_ids)
        for value in ("x", "-1", str(10**12)):
            self.assertEqual(self.open(f"{PAGE}?done={value}").status_code, 200)

    def test_who_is_no_member_any_more_adds_nothing(self):
        self.membership._warn("Liquidation", date(2026, 3, 10), end_as="end")
        with freeze_time("2026-06-01 10:00:00"):
            self.membership._finish_warnings(date(2026, 6, 1))
            self.open(PAGE, self.user_ewa)
            page = self.send_evidence()
        self.assertEqual(page.status_code, 422)
        self.assertSays(page, "is not verified yet, or no member any more")
        self.assertFalse(self.get_evidence())

    def test_visitors_send_nothing(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.send_evidence().url)
        self.assertFalse(self.get_evidence())

    def test_a_client_of_another_company_reads_the_membership_that_it_applied_for(self):
        """Published is published for everybody: who applied is led to its membership, not in a circle."""
        company = self.env["res.company"].create({"name": "Second firm"})
        programme = self.create_programme(company_id=company.id, name="Second programme", is_published=True)
        self.apply(self.other_ngo, programme_id=programme.id, krs="0000888001")
        self.authenticate("jan_ngo", "jan_ngo")
        page = self.open(f"/ngo/{programme.id}/apply")
        self.assertTrue(page.url.endswith(PAGE))
        self.assertSays(page, "Second programme", "The application waits")
        self.assertEqual(self.count_on_home(), 1)
