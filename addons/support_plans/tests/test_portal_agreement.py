from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .portal_common import PortalCommon

PAGES = "/my/support-agreements"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-20 10:00:00")
class TestPortalAgreement(PortalCommon):
    """The client reads the agreement in the panel, every term of it (F3, D1-D17)."""

    def open_agreement(self, agreement=None, user=None):
        self.log_in(user or self.user_anna)
        return self.url_open(f"{PAGES}/{(agreement or self.agreement).id}")

    def test_the_panel_has_a_card_that_leads_to_the_agreement(self):
        self.log_in(self.user_anna)
        self.assertIn(f'href="{PAGES}"', self.url_open("/my").text)
        page = self.url_open(PAGES).text
        self.assertIn(f'href="{PAGES}/{self.agreement.id}"', page)
        self.assertNotIn("no support agreement", page)

    def test_the_agreement_shows_the_price_list_terms(self):
        """P8-P11, P14, P15, P22, D3, D11, D17"""
        page = self.open_agreement().text.replace("\xa0", " ")
        for text in (
            "399 zł a month",
            "165 zł",
            "Mon–Fri 8:00–16:00 (time zone Europe/Warsaw)",
            "8 h of service hours",
            "3 h; unused hours end with the service month",
            "8 h of e-mail work",
            "3 months, until 31 Mar 2026",
            "the earliest end is",
            "reports by phone are served without guarantee",
            "per started 30 min, 5 min for writing down the work included",
            "Every person of your firm may use the support.",
        ):
            self.assertIn(text, page)

    def test_a_paid_year_shows_how_an_early_end_is_settled(self):
        """F9, F10, D4-D7, D14"""
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_agreement(self.plan_standard, self.other_client, "2026-01-01", payment_period="year")
        page = self.open_agreement(agreement, self.user_ewa).text.replace("\xa0", " ")
        for text in (
            "12 × 719.10 zł = 8,629.20 zł a year",
            "we deduct 799 zł (the monthly list price, net) for every started month",
            "within 21 days",
            "reduced by 3 % for handling",
            "what is left of the year is settled",
        ):
            self.assertIn(text, page)

    def test_critical_and_on_call_are_visible(self):
        """D1, P6"""
        on_call = self.env.ref("support_plans.resource_calendar_premium")
        agreement = self.create_draft_agreement(
            self.plan_start, self.other_client, "2026-01-01", critical_calendar_id=on_call.id
        )
        self.assertIn("on-call hours (24/7)", agreement._describe_critical())
        agreement.critical_calendar_id = False
        self.assertEqual(agreement._describe_critical(), "in service hours only")
        agreement.critical_on_days_off = True
        self.assertIn("counted from the next opening", agreement._describe_critical())

    def test_the_contacts_are_named(self):
        """P38"""
        self.agreement.support_contact_ids = self.client_contact
        page = self.open_agreement().text
        self.assertIn("anna@nowak.example", page)
        self.assertIn("until one of the contacts approves them", page)

    # Who may see it

    def test_every_user_of_the_firm_sees_it(self):
        self.assertIn("399", self.open_agreement(user=self.user_jan).text)

    def test_another_client_is_sent_back_and_sees_nothing(self):
        page = self.open_agreement(user=self.user_ewa)
        self.assertTrue(page.url.endswith(PAGES))
        self.assertNotIn(self.agreement.name, page.text)

    def test_the_public_is_sent_to_the_login(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(f"{PAGES}/{self.agreement.id}").url)
        self.assertIn("/web/login", self.url_open(PAGES).url)

    def test_a_draft_is_not_shown(self):
        draft = self.create_draft_agreement(self.plan_start, self.other_client, "2026-01-01")
        page = self.open_agreement(draft, self.user_ewa)
        self.assertTrue(page.url.endswith(PAGES))
        self.assertNotIn(f"{PAGES}/{draft.id}", page.text)

    def test_wrong_numbers_are_no_error(self):
        self.log_in(self.user_anna)
        for number in (0, 10**12, self.agreement.id + 10**6):
            self.assertTrue(self.url_open(f"{PAGES}/{number}").url.endswith(PAGES))

    def test_the_database_lets_a_client_read_only_the_own_signed_agreements(self):
        """The record rules, for whoever asks by RPC; lines and changes included."""
        draft = self.create_draft_agreement(self.plan_start, self.other_client, "2026-01-01")
        contracts = self.env["contract.contract"].with_user(self.user_anna)
        self.assertEqual(contracts.search([]), self.agreement)
        self.assertEqual(self.env["contract.line"].with_user(self.user_anna).search([]).contract_id, self.agreement)
        self.assertFalse(self.env["contract.line"].with_user(self.user_ewa).search([]))
        with self.assertRaises(AccessError):
            draft.with_user(self.user_ewa).read(["hourly_rate"])
        with self.assertRaises(UserError):
            self.agreement.with_user(self.user_anna).write({"hourly_rate": 1})

    def test_notes_of_the_team_are_not_read_by_the_client(self):
        self.agreement.sudo().write({"note": "Pays late", "invoice_generation_error": "Traceback"})
        agreement = self.agreement.with_user(self.user_anna)
        for name in (
            "note",
            "notice_reason",
            "invoice_generation_error",
            "invoice_generation_error_date",
            "has_invoicing_error",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                agreement.read([name])
        for name in ("note", "notice_reason", "invoice_generation_error"):
            with self.subTest(name), self.assertRaises(AccessError):
                agreement.search([(name, "!=", False)])

    def test_plans_and_entitlements_stay_closed_to_the_panel(self):
        for model in ("support.plan", "support.entitlement", "support.work.type", "support.plan.comparison"):
            self.assertFalse(self.env[model].with_user(self.user_anna).has_access("read"), model)

    def test_contracts_of_oca_are_still_there(self):
        """The page of OCA's contract shows the agreement and works."""
        self.log_in(self.user_anna)
        self.assertIn(self.agreement.name, self.url_open("/my/contracts").text)
        page = self.url_open(f"/my/contracts/{self.agreement.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.agreement.name, page.text)

    def test_an_employee_may_open_it_too(self):
        consultant = self.create_support_user(
            "consultant_p", "support_plans.group_support_consultant", password="consultant_p"
        )
        self.assertIn("399", self.open_agreement(user=consultant).text)
        self.assertIn("no support agreement", self.url_open(PAGES).text)

    # No agreement

    def test_without_agreement_the_page_says_what_community_gives_and_how_to_order(self):
        """P1, P2, P3, F11: COMMUNITY is what everyone has; the plans are listed from the data."""
        self.log_in(self.user_ewa)
        page = self.url_open(PAGES).text.replace("\xa0", " ")
        self.assertIn("no support agreement", page)
        self.assertIn("<strong>COMMUNITY</strong>", page)
        self.assertIn("799 zł", page)
        self.assertIn("/new/ticket?request_kind=order", page)
        form = self.url_open("/new/ticket?request_kind=order").text
        self.assertRegex(form, r'value="order"[^>]*selected')

    def test_an_ended_agreement_stays_readable_beside_the_offer(self):
        self.env.cr.execute(
            "UPDATE contract_contract SET date_end='2026-01-10', support_state='ended' WHERE id=%s",
            [self.agreement.id],
        )
        self.agreement.invalidate_recordset()
        self.log_in(self.user_anna)
        page = self.url_open(PAGES).text
        self.assertIn("no running support agreement", page)
        self.assertIn(f"{PAGES}/{self.agreement.id}", page)
        self.assertIn("The agreement ended", self.open_agreement().text)
