import re

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .panel_common import PAGE, PanelHoursCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestPortalHours(PanelHoursCommon):
    """The client reads hours and works in the panel, each minute with its reason (B2, P10, P15, D11-D13)."""

    def open_ticket(self, user, ticket=None):
        self.log_in(user)
        return self.url_open(f"/my/ticket/{(ticket or self.ticket).id}")

    # The way to it

    def test_the_panel_has_a_card_for_whoever_has_an_agreement(self):
        for user, count in ((self.user_anna, 1), (self.user_ewa, 0)):
            self.log_in(user)
            self.assertIn(f'href="{PAGE}"', self.url_open("/my").text)
            counters = self.make_jsonrpc_request("/my/counters", {"counters": ["support_hours_count"]})
            self.assertEqual(counters, {"support_hours_count": count})

    def test_without_agreement_there_is_a_friendly_sentence(self):
        self.log_in(self.user_ewa)
        page = self.url_open(PAGE)
        self.assertEqual(page.status_code, 200)
        self.assertIn("has no support agreement", page.text)

    def test_the_agreement_s_page_leads_to_its_hours(self):
        self.log_in(self.user_anna)
        page = self.url_open(f"/my/support-agreements/{self.agreement.id}").text
        self.assertIn(f'href="{PAGE}/{self.agreement.id}"', page)

    # Balance

    def test_the_balance_of_today(self):
        """P10: 3 h of START; 25 min with 5 of note are 30, 205 with 5 are 210; 180 fit."""
        self.create_work(25, date="2026-06-10")
        self.create_work(205, date="2026-06-12")
        self.create_work(90, "EMAIL", date="2026-06-12")
        self.agreement.overage_ceiling_hours = 5
        text = re.sub(r"<[^>]+>", " ", self.open_hours().text.replace("\xa0", " "))
        text = " ".join(text.split())
        for expected in (
            "0:00 hours left of 3:00",
            "From the monthly allowance 3:00",
            "Used 3:00",
            "Beyond the package in this service month 1:00",
            "165 zł per hour",
            "Guaranteed time used in this service month 1:30 of 8:00",
            "per month 5:00",
            "Monthly allowance 1 Jun 2026 – 30 Jun 2026",
        ):
            self.assertIn(expected, text)

    def test_the_allowance_counts_before_any_work_asked_for_it(self):
        """D11: no cron is needed."""
        self.assertFalse(self.agreement.package_ids)
        text = self.get_text(self.open_hours())
        self.assertIn(">3:00</span>", text)
        self.assertIn("1 Jun 2026 – 30 Jun 2026", text)
        self.assertFalse(self.agreement.package_ids, "reading writes nothing")

    def test_added_hours_show_their_reason_and_validity(self):
        self.env["support.package"].create(
            {
                "contract_id": self.agreement.id,
                "minutes": 90,
                "date_from": "2026-06-01",
                "date_to": "2026-09-30",
                "note": "Welcome gift",
            }
        )
        text = self.get_text(self.open_hours())
        for expected in ("Added hours", "Welcome gift", "1 Jun 2026 – 30 Sep 2026", "4:30"):
            self.assertIn(expected, text)

    def test_a_plan_without_package_says_so(self):
        agreement = self.create_agreement(self.plan_email, self.other_client, "2026-01-01")
        text = self.get_text(self.open_hours(self.user_ewa, agreement))
        self.assertIn("no package of hours", text)
        self.assertIn("Hourly rate, net", text)
        self.assertNotIn("Beyond the package", text)
        self.assertIn("No work was done for you in this month.", text)

    # Works

    def test_a_work_is_shown_with_everything_that_explains_it(self):
        """B2: date, ticket, kind, description, person, worked and charged, who pays, what was left."""
        self.create_work(26, date="2026-06-10", name="Changed the toner")
        text = self.get_text(self.open_hours())
        for expected in (
            "Changed the toner",
            "10 Jun 2026" if "10 Jun 2026" in text else "06/10/2026",
            f'href="/my/ticket/{self.ticket.id}"',
            self.ticket.number,
            self.kinds["REMOTE"].name,
            "Karol Konsultant",
            ">0:26</td>",
            ">1:00</td>",
            ">From the package</td>",
            ">2:00</td>",
        ):
            self.assertIn(expected, text)

    def test_work_partly_beyond_the_package_says_how_much(self):
        """P22: 165.00 net per hour."""
        self.create_work(205, date="2026-06-12")
        text = self.get_text(self.open_hours())
        self.assertIn("3:00 from the package, 0:30 beyond it", text)
        self.assertIn("beyond 0:30 (82.50 zł net)", re.sub(r"<[^>]+>|&nbsp;", "", text))

    def test_goodwill_comes_with_its_reason(self):
        self.create_work(55, date="2026-06-10", goodwill_minutes=15, goodwill_reason="We were late")
        text = self.get_text(self.open_hours())
        self.assertIn("Goodwill 0:15", text)
        self.assertIn("We were late", text)
        self.assertIn(">0:45</td>", text)

    def test_work_of_no_minutes_is_not_shown(self):
        """B1, B2: nothing was done and nothing is charged; free work was done and is shown."""
        self.create_work(0, date="2026-06-10", name="Begun by mistake")
        self.assertIn("No work was done for you in this month.", self.get_text(self.open_hours()))
        self.assertNotIn("Time spent", self.open_ticket(self.user_anna).text)
        gift = {"goodwill_minutes": 60, "goodwill_reason": "We were late"}
        self.create_work(55, date="2026-06-10", name="Given away", **gift)
        for page in (self.open_hours(), self.open_ticket(self.user_anna)):
            self.assertNotIn("Begun by mistake", page.text)
            self.assertIn("Given away", page.text)

    def test_the_month_may_be_chosen(self):
        self.create_work(25, date="2026-05-20", name="Work of May")
        self.create_work(25, date="2026-06-10", name="Work of June")
        june, may = self.open_hours().text, self.open_hours(suffix="?month=2026-05-20").text
        self.assertIn("Work of June", june)
        self.assertNotIn("Work of May", june)
        self.assertIn("Work of May", may)
        self.assertNotIn("Work of June", may)
        self.assertIn("month=2026-04-01", may)
        self.assertIn("month=2026-06-01", may)

    def test_service_months_begin_with_the_agreement(self):
        """D5"""
        agreement = self.create_agreement(self.plan_start, self.other_client, "2026-03-10")
        text = self.get_text(self.open_hours(self.user_ewa, agreement))
        self.assertIn("10 Jun – 9 Jul 2026", text)
        self.assertIn("month=2026-05-10", text)

    def test_any_month_in_the_address_gives_a_page(self):
        for month in ("x", "", "0001-01-01", "9999-12-31", "2026-02-30", "2026-06-01' OR 1=1"):
            with self.subTest(month=month):
                self.assertEqual(self.open_hours(suffix=f"?month={month}").status_code, 200)

    def test_an_ended_agreement_still_shows_its_works(self):
        self.create_work(25, date="2026-01-09", name="Work of January")
        self.env.cr.execute(
            "UPDATE contract_contract SET date_end='2026-01-10', support_state='ended' WHERE id=%s",
            [self.agreement.id],
        )
        self.agreement.invalidate_recordset()
        text = self.get_text(self.open_hours())
        self.assertIn("not in force any more", text)
        self.assertIn("Work of January", text)
        self.assertNotIn("Buy hours", text)

    def test_an_agreement_that_has_not_begun_shows_when_it_does(self):
        agreement = self.create_agreement(self.plan_start, self.other_client, "2026-07-01")
        self.assertIn("begins on 1 Jul 2026", self.get_text(self.open_hours(self.user_ewa, agreement)))

    # What nobody else reads

    def test_another_client_gets_nothing(self):
        self.create_work(26, date="2026-06-10", name="Secret work")
        page = self.open_hours(self.user_ewa)
        self.assertTrue(page.url.endswith(PAGE))
        for secret in ("Secret work", self.agreement.name, "Karol Konsultant"):
            self.assertNotIn(secret, page.text)
        self.assertNotIn("Secret work", self.open_ticket(self.user_ewa).text)

    def test_the_public_is_sent_to_the_login(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(PAGE).url)
        self.assertIn("/web/login", self.url_open(f"{PAGE}/{self.agreement.id}/buy").url)

    def test_works_of_other_clients_are_not_shown(self):
        other = self.create_agreement(self.plan_start, self.other_client, "2026-01-01")
        ticket = self.create_panel_ticket(self.stranger, name="Their matter")
        self.create_work(26, date="2026-06-10", name="Their work", ticket_id=ticket.id)
        page = self.open_hours().text
        self.assertNotIn("Their work", page)
        self.assertNotIn(other.name, page)
        self.assertIn("Their work", self.open_hours(self.user_ewa, other).text)

    def test_internal_notes_and_costs_are_never_shown(self):
        """B2: what the team writes for itself stays with it; 0.5 h at a cost of 61.37."""
        self.employee.hourly_cost = 61.37
        self.create_work(30, date="2026-06-10", name="Changed the toner", internal_note="Client is nervous")
        for page in (self.open_hours(), self.open_ticket(self.user_anna)):
            self.assertIn("Changed the toner", page.text)
            for secret in ("nervous", "61.37", "30.69", "30.68"):
                self.assertNotIn(secret, page.text)

    def test_the_panel_s_models_stay_closed_to_rpc(self):
        self.create_work(26, date="2026-06-10")
        for model in ("account.analytic.line", "support.package", "support.package.entry", "support.package.offer"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user_anna).search_read([], ["id"], limit=1)

    def test_shared_projects_do_not_open_work_to_clients(self):
        """Core's portal access to time, once somebody switches it on, would show the person's cost."""
        work = self.create_work(26, date="2026-06-10")
        self.env.ref("hr_timesheet.access_account_analytic_line_portal_user").active = True
        self.env.ref("hr_timesheet.timesheet_line_rule_portal_user").active = True
        project = work.project_id
        project.privacy_visibility = "portal"
        project.message_subscribe(self.client_contact.ids)
        project.collaborator_ids = [(0, 0, {"partner_id": self.client_contact.id})]
        self.assertFalse(self.env["account.analytic.line"].with_user(self.user_anna).search([]))
        with self.assertRaises(AccessError):
            work.with_user(self.user_anna).read(["amount"])

    # The ticket's page

    def test_the_ticket_shows_its_time(self):
        self.create_work(26, date="2026-06-10", name="Changed the toner")
        text = self.get_text(self.open_ticket(self.user_anna))
        for expected in (
            "Time spent on this ticket",
            "Changed the toner",
            ">0:26</td>",
            ">1:00</td>",
            "From the package",
        ):
            self.assertIn(expected, text)

    def test_a_ticket_without_time_says_nothing_of_it(self):
        self.assertNotIn("Time spent", self.open_ticket(self.user_anna).text)

    def test_the_link_of_a_ticket_does_not_show_its_time_to_strangers(self):
        self.create_work(26, date="2026-06-10", name="Secret work")
        link = f"/my/ticket/{self.ticket.id}?access_token={self.ticket._portal_ensure_token()}"
        self.authenticate(None, None)
        self.assertNotIn("Secret work", self.url_open(link).text)
        self.ticket.message_subscribe(self.stranger.ids)
        self.log_in(self.user_ewa)
        self.assertNotIn("Secret work", self.url_open(link).text)
        self.assertIn("Secret work", self.open_ticket(self.user_anna).text)
