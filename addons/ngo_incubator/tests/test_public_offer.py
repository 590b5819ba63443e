from odoo.tests import tagged

from .panel_common import NgoPanelCommon


@tagged("post_install", "-at_install")
class TestPublicOffer(NgoPanelCommon):
    """The public page of a programme, made from the data (F12)."""

    def test_anyone_reads_the_published_programmes_of_every_company(self):
        hidden = self.create_programme(name="Not yet")
        foreign = self.create_programme(
            name="Elsewhere", is_published=True, company_id=self.env["res.company"].create({"name": "Other"}).id
        )
        page = self.open("/ngo")
        self.assertEqual(page.status_code, 200)
        self.assertSays(page, "InkubatorNGO", "Lower prices for those who work for others")
        self.assertIn(f'href="/ngo/{self.programme.id}"', page.text)
        self.assertNotIn(hidden.name, page.text)
        self.assertIn(foreign.name, page.text)
        self.assertSays(self.open(f"/ngo/{foreign.id}"), "Elsewhere")
        (self.programme | foreign).is_published = False
        self.assertSays(self.open("/ngo"), "There is no programme for organisations at the moment.")

    def test_what_is_not_published_is_not_found(self):
        programmes = (
            self.create_programme(),
            self.create_programme(is_published=True, active=False),
        )
        for number in (*(p.id for p in programmes), 0, 10**12, self.programme.id + 10**6):
            for suffix in ("", "/apply", "/applied"):
                with self.subTest(number=number, suffix=suffix):
                    self.assertEqual(self.open(f"/ngo/{number}{suffix}").status_code, 404)

    def test_the_offer_is_made_from_the_data(self):
        """F12, P8: START costs 399, 20 % less is 319.20; STANDARD has 30 % of its own; an hour of START 10 % less."""
        page = self.open(f"/ngo/{self.programme.id}")
        self.assertSays(
            page,
            "Lower prices for those who work for others",
            "START 399 zł 20 % 319.20 zł",
            "STANDARD 799 zł 30 % 559.30 zł",
            "START 165 zł 10 % 148.50 zł",
            "Invoices are due in 45 days",
            "A short word on your website",
            "Rural women's circle",
            "tell you at least 30 days before",
            "Until then nothing is granted",
        )
        self.assertNotIn("Family foundation", page.text)
        self.assertIn(f'href="/ngo/{self.programme.id}/apply"', page.text)

    def test_an_individual_price_has_only_its_discount(self):
        self.assertSays(self.open(f"/ngo/{self.programme.id}"), "PREMIUM agreed with you 20 % –")

    def test_a_free_plan_has_no_discount_on_its_fee(self):
        fees = self.programme._get_offer_values()["fees"]
        self.assertNotIn(self.plan_community.name, [row["plan"] for row in fees])

    def test_plans_that_are_not_offered_are_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.plan_email.active = False
        self.plan_start.copy({"name": "FOREIGN", "code": "FOREIGN", "company_id": other.id})
        plans = [row["plan"] for row in self.programme._get_offer_values()["fees"]]
        self.assertEqual(plans, ["START", "STANDARD", "PREMIUM"])

    def test_what_is_not_offered_is_not_told(self):
        self.programme.write({"payment_days": 0, "expectation": False, "introduction": False, "warning_days": 0})
        self.programme.discount_ids.filtered(lambda x: x.scope == "hours").unlink()
        self.programme.legal_form_ids = self.foundation
        page = self.open(f"/ngo/{self.programme.id}")
        self.assertEqual(page.status_code, 200)
        for word in ("Time to pay", "What we ask for", "per hour", "Registered association", " 0 days"):
            self.assertNotIn(word, self.get_text(page))

    def test_nothing_else_is_told(self):
        """The page shows the offer, not who is in the programme."""
        self.join()
        for path in ("/ngo", f"/ngo/{self.programme.id}"):
            page = self.open(path)
            self.assertNotIn(self.ngo.name, page.text)
            self.assertNotIn(self.coordinator.name, page.text)

    def test_a_text_is_text(self):
        self.programme.introduction = "<script>alert(1)</script>\nSecond line"
        page = self.open(f"/ngo/{self.programme.id}").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("&lt;script&gt;alert(1)", page)

    def test_the_button_opens_the_page(self):
        self.assertEqual(self.programme.action_open_public_page()["url"], f"/ngo/{self.programme.id}")
