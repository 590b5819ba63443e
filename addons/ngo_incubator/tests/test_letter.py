import io

from lxml import html
from PyPDF2 import PdfReader

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import NgoCommon

REPORT = "ngo_incubator.report_ngo_letter"


@tagged("post_install", "-at_install")
@freeze_time("2027-01-15")
class TestNgoLetter(NgoCommon):
    """The yearly letter to an organisation (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pl_PL")
        cls.env.company.write({"city": "Warszawa", "street": "ul. Firmowa 1", "email": "firma@example.com"})
        cls.ngo.write({"street": "ul. Społeczna 2", "lang": "en_US"})
        with freeze_time("2026-01-01"):
            cls.membership = cls.join()
            cls.create_agreement(cls.plan_start, cls.ngo, "2026-01-01")
        cls.invoices = cls.run_invoicing("2026-01-01") | cls.run_invoicing("2026-02-01")
        cls.invoices.action_post()

    def create_wizard(self, memberships=None, year=2026, user=None):
        memberships = self.membership if memberships is None else memberships
        return (
            self.env["ngo.letter.wizard"]
            .with_user(user or self.env.user)
            .create({"year": year, "membership_ids": [Command.set(memberships.ids)]})
        )

    def render(self, memberships=None, year=2026, user=None):
        wizard = self.create_wizard(memberships, year, user)
        reports = self.env["ir.actions.report"].with_user(user or self.env.user)
        source, _kind = reports._render_qweb_html(REPORT, wizard.ids)
        return " ".join(html.fromstring(source.decode()).text_content().split()).replace("\xa0", " ")

    # What it says

    def test_it_names_both_sides_and_every_invoice_of_the_year(self):
        """F12: two months of START, 399 less 20 %, 45 days to pay instead of none."""
        text = self.render()
        for words in (
            self.env.company.name,
            "ul. Firmowa 1",
            "Warszawa, 01/15/2027",
            "Fundacja Dobry Start",
            "ul. Społeczna 2",
            "Our cooperation in 2026",
            "InkubatorNGO",
            *self.invoices.mapped("name"),
            "01/01/2026",
            "02/01/2026",
            "399.00",
            "79.80",
            "798.00",
            "159.60",
            "45",
            self.coordinator.name,
        ):
            with self.subTest(words):
                self.assertIn(words, text)

    def test_the_value_of_the_terms_is_called_an_estimate_at_a_rate(self):
        """392.62 gross for 45 days at 6 % a year is 2.90, twice."""
        text = self.render()
        self.assertIn("about 5.80", text)
        self.assertRegex(text, "our estimate: .* at 6 % a year")

    def test_the_estimate_names_the_rates_of_its_invoices(self):
        """Each invoice keeps the rate of its day: a new rate of the programme tells nothing of them."""
        self.programme.money_cost_percent = 9.5
        self.assertRegex(self.render(), "our estimate: .* at 6 % a year")
        self.run_invoicing("2026-03-01").action_post()
        self.assertRegex(self.render(), "our estimate: .* at 6 and 9.5 % a year")

    def test_an_invoice_of_another_year_is_not_in_it(self):
        later = self.run_invoicing("2027-01-01")[-1:]
        later.action_post()
        self.assertEqual(later.invoice_date.year, 2027)
        self.assertNotIn(later.name, self.render())
        self.assertIn(later.name, self.render(year=2027))

    def test_a_credit_note_takes_its_part_of_the_sum_and_gives_no_days(self):
        self.invoices[:1]._reverse_moves([{"invoice_date": "2026-06-01", "date": "2026-06-01"}]).action_post()
        letter = self.membership._get_letters(2026)[0]
        self.assertEqual([row["discount"] for row in letter["given"]], [79.80, 79.80, -79.80])
        self.assertEqual([row["extra_days"] for row in letter["given"]], [45, 45, 0])
        self.assertAlmostEqual(letter["discount"], 79.80)
        self.assertAlmostEqual(letter["term_value"], 2.90)

    def test_a_member_without_anything_reads_so(self):
        text = self.render(year=2025)
        self.assertIn("In 2025 there was no invoice with a discount or a longer term of payment.", text)
        self.assertNotIn("Together", text)

    def test_the_next_check_and_the_terms_are_said(self):
        """Verified on the first of January 2026, the next look is after 15 December."""
        text = self.render()
        self.assertIn("Our yearly look at the registers is due since 12/16/2026", text)
        self.assertIn("invoices are due in 45 days", text)
        with freeze_time("2026-12-01"):
            self.assertIn("Our next yearly look at the registers: 12/16/2026", self.render())

    # What the organisation did

    def promise(self, name, date_from=False, date_to=False, membership=None):
        """Create a promotion that is agreed."""
        membership = membership or self.membership
        values = {"membership_id": membership.id, "name": name, "date_from": date_from, "date_to": date_to}
        if membership.promotion_kind == "barter":
            values["value"] = 1200
        promotion = self.env["ngo.promotion"].create(values)
        promotion.action_agree()
        return promotion

    def prove(self, promotion, day, reach=0, accept=True):
        """Add evidence by link, and accept it."""
        evidence = self.env["ngo.evidence"].create(
            {"promotion_id": promotion.id, "url": "https://ngo.example.com", "date": day, "reach": reach}
        )
        if accept:
            evidence.action_accept()
        return evidence

    def test_promotion_of_the_year_stands_with_its_evidence_and_reach(self):
        logo = self.promise("Logo on the page", "2026-02-01", "2026-11-30")
        self.prove(logo, "2026-05-12", reach=1200)
        self.prove(logo, "2026-06-12", reach=300)
        self.prove(logo, "2026-07-12", reach=77, accept=False)
        self.promise("Leaflet", "2026-03-01", "2026-03-31")
        text = self.render()
        for words in ("Logo on the page", "02/01/2026 – 11/30/2026", "Link, 05/12/2026", "Link, 06/12/2026", "1,500"):
            with self.subTest(words):
                self.assertIn(words, text)
        self.assertNotIn("07/12/2026", text)
        self.assertRegex(text, "Leaflet 03/01/2026 – 03/31/2026 none yet")
        self.assertIn("For 2027 no promotion is agreed yet.", text)

    def test_promotion_of_another_year_is_not_in_it_and_that_to_come_is_announced(self):
        """Each is told of in the years in which it was; what was only proposed or dropped is not told of."""
        self.promise("Old", "2025-01-01", "2025-12-31")
        self.promise("Gala", "2027-06-01", "2027-06-30")
        self.promise("For ever", "2026-06-01")
        self.promise("Dropped", "2026-06-01").action_drop()
        self.env["ngo.promotion"].create({"membership_id": self.membership.id, "name": "Proposed"})
        done, to_come = self.membership._get_letters(2026)[0]["done"], self.membership._get_letters(2026)[0]["to_come"]
        self.assertEqual([row["name"] for row in done], ["For ever"])
        self.assertEqual(sorted(to_come), ["For ever", "Gala (until 06/30/2027)"])
        text = self.render()
        self.assertIn("Agreed with you for 2027:", text)
        self.assertIn("/my/ngo", text)
        self.assertIn(self.coordinator.email, text)

    def test_what_is_fulfilled_without_a_last_day_is_told_of_when_it_was(self):
        once = self.promise("Once", "2026-06-01")
        self.prove(once, "2026-06-02")
        once.action_fulfil()
        names = {
            year: [row["name"] for row in self.membership._get_letters(year)[0]["done"]] for year in (2025, 2026, 2027)
        }
        self.assertEqual(names, {2025: [], 2026: ["Once"], 2027: []})

    def test_evidence_of_what_was_dropped_later_is_still_told_of(self):
        event = self.promise("Event", "2026-06-01", "2026-06-01")
        self.prove(event, "2026-06-02", reach=50)
        event.action_drop()
        self.assertRegex(self.render(), "Event .* 50")

    def test_a_member_without_promotion_is_asked_for_none(self):
        self.membership.promotion_kind = "none"
        text = self.render()
        self.assertNotIn("What you did for us", text)
        self.assertNotIn("Please send evidence", text)
        self.assertNotIn("no promotion is agreed", text)

    def test_barter_names_the_documents_of_both_sides(self):
        """F12: an invoice at the full price has no discount on it, and both sides document the promotion."""
        self.assertNotIn("both of us document", self.render())
        barter = self.apply(self.create_client("Barter"), krs="0000999002", promotion_kind="barter")
        self.verify(barter)
        self.promise_barter(barter)
        self.decide(barter, "in_price")
        barter.action_activate()
        text = self.render(barter)
        self.assertIn("both of us document", text)
        self.assertIn("statement of set-off", text)
        self.assertIn("our invoices have the full price", text)

    # Languages, several

    def test_each_letter_is_in_the_language_of_its_organisation_in_the_chosen_order(self):
        polish = self.create_client("Żółte Łąki", lang="pl_PL")
        with freeze_time("2026-01-01"):
            other = self.join(polish, krs="0000999002")
            self.create_agreement(self.plan_start, polish, "2026-01-01")
        self.run_invoicing("2026-03-01").action_post()
        text = self.render(other | self.membership)
        for words in ("15.01.2027", "01/15/2027", "399,00", "399.00"):
            with self.subTest(words):
                self.assertIn(words, text)
        letters = (other | self.membership)._get_letters(2026)
        self.assertEqual([letter["membership"] for letter in letters], [other, self.membership])
        self.assertEqual([letter["lang"] for letter in letters], ["pl_PL", "en_US"])

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_two_letters_are_two_pages_of_one_file(self):
        with freeze_time("2026-01-01"):
            other = self.join(self.create_client("Żółte Łąki"), krs="0000999002")
        wizard = self.create_wizard(self.membership | other)
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf(REPORT, wizard.ids)
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
        self.assertEqual(len(pages), 2)
        self.assertIn("Dobry Start", pages[0])
        self.assertIn("Żółte Łąki", pages[1])

    def test_the_file_has_the_name_of_year_and_organisation(self):
        self.ngo.name = "Fundacja A/B"
        action = self.env.ref("ngo_incubator.action_report_ngo_letter")
        self.assertEqual(action.print_report_name, "object._get_file_name()")
        self.assertEqual(self.create_wizard()._get_file_name(), "Letter 2026 Fundacja A-B")
        with freeze_time("2026-01-01"):
            other = self.join(self.create_client("Other"), krs="0000999002")
        self.assertEqual(self.create_wizard(self.membership | other)._get_file_name(), "Letters 2026")

    def test_many_members_cost_the_queries_of_a_few(self):
        members = self.env["ngo.membership"]
        with freeze_time("2026-01-01"):
            for number in range(8):
                members |= self.join(self.create_client(f"NGO {number}", lang="pl_PL"), krs=f"00008880{number:02}")
                self.create_agreement(self.plan_start, members[number].partner_id, "2026-01-01")
        for member in members:
            self.prove(self.promise("Logo", "2026-01-01", membership=member), "2026-05-01")
        self.run_invoicing("2026-03-01").action_post()
        self._count(members[:1])
        few = self._count(members[:4])
        self.assertEqual(self._count(members), few)

    def _count(self, members):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        members._get_letters(2026)
        return self.env.cr.sql_log_count - before

    # Choosing

    def test_it_proposes_last_year_and_the_members_of_the_list_who_are_verified(self):
        applicant = self.apply(self.create_client("Applicant"), krs="0000999002")
        context = {"active_model": "ngo.membership", "active_ids": (self.membership | applicant).ids}
        wizard = self.env["ngo.letter.wizard"].with_context(**context).create({})
        self.assertEqual((wizard.year, wizard.membership_ids), (2026, self.membership))
        form = self.membership.action_open_letter()
        opened = self.env["ngo.letter.wizard"].with_context(**form["context"]).create({})
        self.assertEqual(opened.membership_ids, self.membership)
        action = opened.action_print()
        self.assertEqual((action["type"], action["report_name"]), ("ir.actions.report", REPORT))

    def test_what_cannot_be_told_is_refused_by_a_sentence(self):
        applicant = self.apply(self.create_client("Applicant"), krs="0000999002")
        with self.assertRefused("from 2000 to 2027, not of 2028"):
            self.create_wizard(year=2028).action_print()
        with self.assertRefused("Choose the members"):
            self.create_wizard(self.env["ngo.membership"]).action_print()
        with self.assertRefused("Applicant.*never verified"):
            self.create_wizard(self.membership | applicant).action_print()

    # Access

    def test_coordinators_and_accountants_print_it_and_nobody_else(self):
        for user in (self.coordinator, self.accountant, self.manager):
            with self.subTest(user.login):
                self.assertIn("159.60", self.render(user=user))
                self.assertTrue(self.create_wizard(user=user).action_print())
        panel = new_test_user(self.env, login="ngo_panel", groups="base.group_portal", partner_id=self.ngo_person.id)
        wizard = self.create_wizard()
        for user in (self.consultant, panel, self.create_support_user("ngo_employee")):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.create_wizard(user=user)
                with self.assertRaises(AccessError):
                    wizard.with_user(user).membership_ids.with_user(user)._get_letters(2026)
                with self.assertRaises(AccessError):
                    self.env[f"report.{REPORT}"].with_user(user)._get_report_values(wizard.ids)

    def test_another_company_prints_nothing_of_ours(self):
        company = self.env["res.company"].create({"name": "Second firm"})
        stranger = self.create_support_user(
            "ngo_stranger", "ngo_incubator.group_ngo_coordinator", company_id=company.id
        )
        with self.assertRaises(AccessError):
            self.membership.with_user(stranger)._get_letters(2026)
        with self.assertRaises(AccessError):
            self.render(user=stranger)
