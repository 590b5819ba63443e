from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.application_form import ApplicationForm, _is_web_address
from ..models.ngo_application_sender import LIMIT, _get_network
from .common import KRS
from .panel_common import FORM, NIP, REGON, NgoPanelCommon

ACTIVITY = "ngo_incubator.mail_activity_ngo_application"


@tagged("post_install", "-at_install")
class TestPublicApplication(NgoPanelCommon):
    """An organisation applies on the public page; nothing is granted before a person verified it (F12)."""

    def get_receipts(self):
        return self.env["mail.mail"].sudo().search([("subject", "like", "We have received your application")])

    def assertNotSent(self, page, *sentences, status=422):
        self.assertSays(page, *sentences)
        self.assertEqual(page.status_code, status)
        self.assertFalse(self.get_applications())
        self.assertFalse(self.get_receipts())

    def read_form(self, **values):
        """Return what the form says is wrong."""
        form = ApplicationForm(self.programme, {**FORM, "legal_form": str(self.foundation.id), **values})
        form.check()
        return form

    # Sent

    def test_an_application_is_received(self):
        partners = self.env["res.partner"].search_count([])
        page = self.send_application(
            nip="PL 999-900-77-79", regon=REGON, website="dobrystart.example.com", phone="+48 22 123 45 67", is_opp="1"
        )
        self.assertTrue(page.url.endswith(f"/ngo/{self.programme.id}/applied"))
        self.assertSays(page, "Thank you for your application")
        membership = self.get_applications()
        self.assertRecordValues(
            membership,
            [
                {
                    "state": "applied",
                    "is_public_application": True,
                    "applicant_name": "Fundacja Dobry Start",
                    "applicant_person": "Ewa Start",
                    "applicant_email": "ewa@dobrystart.example.com",
                    "applicant_phone": "+48 22 123 45 67",
                    "applicant_website": "https://dobrystart.example.com",
                    "applicant_message": "A logo on our website",
                    "legal_form_id": self.foundation.id,
                    "krs": KRS,
                    "nip": NIP,
                    "regon": REGON,
                    "is_opp": True,
                    "partner_id": False,
                    "verified_on": False,
                    "payment_days": 45,
                }
            ],
        )
        self.assertFalse(membership.benefit_ids)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(membership.create_uid, self.env.ref("base.user_root"))

    def test_the_consent_is_kept_with_its_words(self):
        self.send_application()
        membership = self.get_applications()
        self.assertTrue(membership.consented_on)
        self.assertIn(f"controller of your data is {self.env.company.name}", membership.consent_text)
        self.assertIn("12 months after the refusal", membership.consent_text)

    def test_the_coordinator_gets_it_to_do_and_the_applicant_a_receipt(self):
        self.send_application()
        activity = self.get_applications().activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref(ACTIVITY))
        self.assertEqual(activity.user_id, self.coordinator)
        receipt = self.get_receipts()
        self.assertEqual(receipt.email_to, "ewa@dobrystart.example.com")
        self.assertFalse(receipt.recipient_ids)
        self.assertIn("nothing is granted", receipt.body_html)
        self.assertNotIn("Dobry Start", receipt.body_html)  # nobody sends own words to others with it

    def test_it_can_be_verified_after_its_contact_was_created(self):
        self.send_application()
        membership = self.get_applications().with_user(self.coordinator)
        membership.action_create_contact()
        self.verify(membership)
        membership.action_activate()
        self.assertEqual(membership.state, "active")

    # Wrong

    def test_what_is_missing_is_said_at_each_field_and_what_was_typed_stays(self):
        page = self.post(f"/ngo/{self.programme.id}/apply", website="dobry.example.com", message="<b>Logo</b>")
        self.assertNotSent(
            page,
            "The application was not sent yet.",
            "Write the full name of the organisation.",
            "Choose the legal form from the list.",
            "Write at least one number by which a register knows you.",
            "Write the name of the person whom we can ask.",
            "Write the e-mail address to which we answer.",
            "Without your consent we may not keep the application.",
        )
        self.assertIn('value="dobry.example.com"', page.text)
        self.assertIn("&lt;b&gt;Logo&lt;/b&gt;", page.text)

    def test_a_family_foundation_reads_why_it_cannot_join(self):
        page = self.send_application(legal_form=self.family_foundation.id)
        self.assertNotSent(page, "is no non-governmental organisation, so the programme cannot take it.")
        self.assertIn('value="Fundacja Dobry Start"', page.text)
        self.assertRegex(page.text, rf'value="{self.family_foundation.id}"[^>]*selected')

    def test_a_form_that_the_programme_does_not_take_is_refused(self):
        self.programme.legal_form_ids = self.env.ref("ngo_incubator.legal_form_association")
        self.assertNotSent(self.send_application(), "This programme is not for the legal form “Foundation”.")

    def test_numbers_are_those_of_the_registers(self):
        cases = (
            ("krs", "123", "does not have 10 digits"),
            ("krs", "0000000000", "nobody has a number of equal digits"),
            ("nip", "9999007778", "length or check digit does not fit"),
            ("regon", "abc", "is no number: write its digits only"),
        )
        for name, number, sentence in cases:
            with self.subTest(name=name, number=number):
                self.assertIn(sentence, self.read_form(**{name: number}).errors[name])

    def test_what_exists_by_the_krs_only_needs_its_number(self):
        circle = str(self.env.ref("ngo_incubator.legal_form_rural_women").id)
        self.assertEqual(list(self.read_form(krs="", nip=NIP).errors), ["krs"])
        self.assertEqual(list(self.read_form(krs="", nip=NIP, legal_form=circle, is_opp="1").errors), ["krs"])
        self.assertFalse(self.read_form(krs="", nip=NIP, legal_form=circle).errors)
        self.assertFalse(self.read_form(krs="", register_number="KGW 12", legal_form=circle).errors)
        self.assertEqual(list(self.read_form(krs="", legal_form=circle).errors), ["register_number"])

    def test_strange_values_are_refused(self):
        cases = {
            "email": ("ewa", "ewa@", "a@example.com, b@example.com"),
            "phone": ("call me", "<script>"),
            "website": ("javascript://example.org/%0aalert(1)", "ftp://example.org", "http://[", "dobry"),
            "legal_form": ("x", "0", "999999999999", "-1"),
        }
        for name, values in cases.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    self.assertEqual(list(self.read_form(**{name: value}).errors), [name])

    def test_sizes_are_bounded(self):
        for name, length in (("organisation", 201), ("message", 4001), ("krs", 21), ("email", 151)):
            with self.subTest(name):
                form = self.read_form(**{name: "9" * length})
                self.assertIn("Write at most", form.errors[name])
                self.assertEqual(len(form.typed[name]), length - 1)

    def test_a_text_has_no_null_and_a_line_no_breaks(self):
        form = self.read_form(organisation="Fundacja\x00 Dobry\r\nBcc: x@example.com", message="One\ntwo")
        self.assertEqual(form.vals["applicant_name"], "Fundacja Dobry Bcc: x@example.com")
        self.assertEqual(form.vals["applicant_message"], "One\ntwo")

    def test_addresses_of_pages(self):
        self.assertTrue(_is_web_address("https://example.org/a?b=c"))
        for address in ("https://localhost", "https://a b.org", 'https://a.org/"', "data:text/html,x"):
            self.assertFalse(_is_web_address(address), address)

    # Not by everybody

    def test_a_program_that_fills_in_every_field_is_thanked_for_nothing(self):
        page = self.send_application(fax_number="123")
        self.assertSays(page, "Thank you for your application")
        self.assertFalse(self.get_applications())
        self.assertFalse(self.get_receipts())

    def test_without_the_token_of_the_page_nothing_is_sent(self):
        url = f"/ngo/{self.programme.id}/apply"
        form = {**FORM, "legal_form": self.foundation.id, "csrf_token": "wrong"}
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url, data=form).status_code, 400)
        self.assertFalse(self.get_applications())

    def test_an_unpublished_programme_takes_no_application(self):
        self.programme.is_published = False
        self.assertEqual(self.send_application().status_code, 404)
        self.assertFalse(self.get_applications())

    def test_only_some_applications_an_hour_come_from_one_address(self):
        senders = self.env["ngo.application.sender"].sudo()
        for _count in range(LIMIT - 1):
            senders._remember("127.0.0.1")
        self.assertSays(self.send_application(), "Thank you for your application")
        page = self.send_application(krs="0000888001")
        self.assertEqual(page.status_code, 429)
        self.assertSays(page, "several came from your network within an hour")
        self.assertIn('value="0000888001"', page.text)
        self.assertEqual(len(self.get_applications()), 1)
        self.assertTrue(senders._may_send("192.0.2.7"))
        self.env.cr.execute("UPDATE ngo_application_sender SET create_date = create_date - interval '2 hours'")
        self.assertTrue(senders._may_send("127.0.0.1"))

    def test_the_address_is_kept_as_a_hash_of_the_day(self):
        senders = self.env["ngo.application.sender"].sudo()
        with freeze_time("2026-03-01 10:00:00"):
            first = senders._remember("192.0.2.7").origin
            self.assertEqual(senders._remember("192.0.2.7").origin, first)
        with freeze_time("2026-03-02 10:00:00"):
            self.assertNotEqual(senders._remember("192.0.2.7").origin, first)
        self.assertNotIn("192.0.2.7", first)
        self.env.cr.execute("UPDATE ngo_application_sender SET create_date = create_date - interval '2 days'")
        kept = senders._remember("192.0.2.8")
        senders._gc_senders()
        self.assertEqual(senders.search([]), kept)
        self.assertEqual(_get_network("2001:db8::7"), _get_network("2001:db8::ffff"))
        self.assertEqual(_get_network("not an address"), "")

    # Twice

    def test_a_second_application_creates_nothing_and_tells_the_applicant_nothing(self):
        first = self.send_application()
        for values in ({}, {"krs": "0000 999 001", "organisation": "<i>Other</i> name", "email": "x@example.com"}):
            again = self.send_application(**values)
            self.assertEqual(again.url, first.url)
            self.assertEqual(self.get_text(again), self.get_text(first))
        membership = self.get_applications()
        self.assertEqual(len(membership), 1)
        self.assertEqual(membership.applicant_name, "Fundacja Dobry Start")
        self.assertEqual(len(self.get_receipts()), 3)  # the same mail, whoever applied before
        notes = membership.message_ids.filtered(lambda m: "second application" in (m.body or ""))
        self.assertEqual(len(notes), 2)
        self.assertTrue(all(notes.mapped("subtype_id.internal")))
        self.assertIn("&lt;i&gt;Other&lt;/i&gt; name", notes.sorted("id")[-1].body)
        self.assertEqual(notes.notified_partner_ids, self.coordinator.partner_id)

    def test_the_nip_tells_too_and_members_are_not_told(self):
        member = self.join(nip=NIP)
        association = self.env.ref("ngo_incubator.legal_form_other")
        page = self.send_application(krs="", nip=NIP, legal_form=association.id)
        self.assertSays(page, "Thank you for your application")
        self.assertEqual(self.get_applications(), member)
        self.assertIn("second application", "".join(member.message_ids.mapped("body")))

    def test_without_a_number_of_its_own_the_same_words_are_the_same_application(self):
        circle = self.env.ref("ngo_incubator.legal_form_rural_women").id
        for _count in range(2):
            self.send_application(krs="", register_number="12", legal_form=circle)
        self.assertEqual(len(self.get_applications()), 1)
        self.send_application(krs="", register_number="12", legal_form=circle, organisation="KGW Inne")
        self.assertEqual(len(self.get_applications()), 2)

    def test_who_was_refused_or_is_with_another_company_may_apply(self):
        self.apply().action_refuse()
        foreign = self.create_programme(company_id=self.env["res.company"].create({"name": "Other"}).id)
        self.apply(self.other_ngo, programme_id=foreign.id)
        self.send_application()
        self.assertEqual(self.get_applications().mapped("state"), ["ended", "applied"])

    def test_of_two_at_once_the_database_keeps_one(self):
        """Neither sees the other one when it looks."""
        self.send_application()
        memberships = self.env["ngo.membership"]
        with patch.object(type(memberships), "_find_same", lambda self, vals, company: self.browse()):
            page = self.send_application()
        self.assertSays(page, "Thank you for your application")
        self.assertEqual(len(self.get_applications()), 1)
        values = {"partner_id": False, "is_public_application": True, "applicant_name": "Fundacja Dobry Start"}
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.apply(**values)

    # Clients

    def test_a_client_finds_what_is_known_and_applies_for_its_organisation(self):
        self.ngo.write({"vat": f"PL{NIP}", "website": "https://dobrystart.example.com", "company_registry": KRS})
        page = self.open(f"/ngo/{self.programme.id}/apply", self.user_ewa)
        for value in ("Fundacja Dobry Start", NIP, KRS, "Ewa Start", "ewa@dobrystart.example.com"):
            self.assertIn(f'value="{value}"', page.text)
        self.send_application()
        membership = self.get_applications()
        self.assertEqual(membership.partner_id, self.ngo)
        self.assertEqual((membership.state, membership.is_public_application), ("applied", True))
        self.assertFalse(membership.message_partner_ids & self.ngo_person)

    def test_a_client_with_a_membership_reads_it_instead(self):
        membership = self.apply()
        page = self.open(f"/ngo/{self.programme.id}/apply", self.user_ewa)
        self.assertTrue(page.url.endswith("/my/ngo"))
        page = self.send_application(krs="0000888001")
        self.assertTrue(page.url.endswith("/my/ngo"))
        self.assertEqual(self.get_applications(), membership)
        membership.action_refuse()
        self.assertEqual(self.open(f"/ngo/{self.programme.id}/apply").status_code, 200)

    def test_another_client_gets_a_form_of_its_own(self):
        self.apply()
        page = self.open(f"/ngo/{self.programme.id}/apply", self.user_jan)
        self.assertIn('value="Stowarzyszenie Inni"', page.text)
        self.assertNotIn("Dobry Start", page.text)

    def test_an_employee_is_no_client(self):
        consultant = self.create_support_user(
            "ngo_visitor", "support_plans.group_support_consultant", password="ngo_visitor"
        )
        page = self.open(f"/ngo/{self.programme.id}/apply", consultant)
        self.assertNotIn(f'value="{consultant.name}"', page.text)
        self.send_application()
        self.assertFalse(self.get_applications().partner_id)

    # Forgotten

    def test_persons_of_refused_applications_are_forgotten_after_a_year(self):
        with freeze_time("2026-01-10"):
            self.send_application()
            self.send_application()
            refused = self.get_applications()
            refused.action_refuse("Not yet")
            kept = self.apply(is_public_application=True, applicant_person="Jan")
        for day, forgotten in (("2027-01-10", False), ("2027-01-11", True)):
            with freeze_time(day):
                self.env["ngo.membership"]._gc_refused_applicants()
            self.assertEqual(not refused.applicant_email, forgotten, day)
        self.assertRecordValues(
            refused,
            [{"applicant_name": "Fundacja Dobry Start", "applicant_person": False, "applicant_message": False}],
        )
        self.assertNotIn("Ewa", "".join(refused.message_ids.mapped("body")))
        self.assertEqual(kept.applicant_person, "Jan")
