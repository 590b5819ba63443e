import re
from datetime import date
from html import unescape

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .termination_common import IBAN, TerminationCommon

AGREEMENTS = "/my/support-agreements"
PAGE = "/my/resignations"
#: Another number with right check digits, made up.
OTHER_IBAN = "PL27114020040000300201355387"


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 10:00:00")
class TestPortalTermination(TerminationCommon, HttpCase):
    """The client ends an agreement in the panel, once, and knows before what follows (F5, F6, F10, D3, D7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_client = cls.create_client("Kowalska Studio")
        cls.agreement = cls.create_year()
        cls.agreement.user_id = cls.responsible = cls.create_support_user(
            "responsible", "support_plans.group_support_manager"
        )
        cls.user_anna = cls.create_portal_user("anna_t", cls.client_contact)
        cls.colleague = cls.env["res.partner"].create({"name": "Jan Nowak", "parent_id": cls.client.id})
        cls.user_jan = cls.create_portal_user("jan_t", cls.colleague)
        cls.stranger = cls.env["res.partner"].create({"name": "Ewa Kowalska", "parent_id": cls.other_client.id})
        cls.user_ewa = cls.create_portal_user("ewa_t", cls.stranger)

    def open(self, url, user=None):
        """Open a page as a user; keep the session when none is named."""
        if user:
            self.authenticate(user.login, user.login)
        return self.url_open(url)

    def open_form(self, user=None, agreement=None, day=None):
        suffix = f"?date={day}" if day else ""
        return self.open(f"{AGREEMENTS}/{(agreement or self.agreement).id}/resign{suffix}", user)

    def send(self, page=None, agreement=None, **values):
        """Send the form of a page, with what it carries and what is typed."""
        form = {"step": "resign", "terms": self.get_terms(page) if page else ""}
        if page:
            form["date"] = re.search(r'name="date"[^>]*value="([^"]*)"', page.text)[1]
        url = f"{AGREEMENTS}/{(agreement or self.agreement).id}/resign"
        return self.url_open(url, data={"csrf_token": Request.csrf_token(self), **form, **values})

    def resign_in_panel(self, user=None, day=None, **values):
        return self.send(self.open_form(user or self.user_anna, day=day), **values)

    def withdraw(self, resignation):
        return self.url_open(f"{PAGE}/{resignation.id}/withdraw", data={"csrf_token": Request.csrf_token(self)})

    def get_terms(self, page):
        return re.search(r'name="terms" value="([^"]*)"', page.text)[1]

    def get_text(self, page):
        text = re.sub(r"<[^>]+>", " ", page.text)
        return " ".join(unescape(text).replace("\xa0", " ").split()).replace(" .", ".").replace(" ,", ",")

    def get_resignations(self, agreement=None):
        self.env.invalidate_all()
        return (agreement or self.agreement).termination_ids

    def assertSays(self, page, *sentences):
        text = self.get_text(page)
        for sentence in sentences:
            self.assertIn(sentence, text)

    def assertRefused(self, page, sentence, status=422):
        """The page came back with a sentence, and nothing was written."""
        self.assertSays(page, sentence)
        self.assertEqual(page.status_code, status)
        self.assertFalse(self.get_resignations())
        self.assertEqual(self.agreement.support_state, "running")

    # The way there

    def test_the_agreement_leads_to_its_end_quietly(self):
        page = self.open(f"{AGREEMENTS}/{self.agreement.id}", self.user_anna)
        self.assertIn(f'href="{AGREEMENTS}/{self.agreement.id}/resign"', page.text)
        self.assertNotIn(PAGE, page.text)
        self.assertEqual(self.open_form().status_code, 200)

    def test_without_contacts_every_person_of_the_firm_may_end_it(self):
        """P38"""
        self.resign_in_panel(self.user_jan)
        self.assertEqual(self.get_resignations().requested_by_id, self.colleague)

    def test_an_archived_contact_keeps_nobody_from_ending_it(self):
        self.agreement.support_contact_ids = self.client_contact
        self.assertFalse(self.agreement._may_decide(self.colleague))
        self.client_contact.user_ids.active = False
        self.client_contact.active = False
        self.assertTrue(self.agreement._may_decide(self.colleague))

    def test_with_contacts_only_they_may_and_others_read_who(self):
        """P38"""
        self.agreement.support_contact_ids = self.client_contact
        page = self.open(f"{AGREEMENTS}/{self.agreement.id}", self.user_jan)
        self.assertNotIn("/resign", page.text)
        self.assertSays(page, "may end this agreement: Anna Nowak")
        form = self.open_form()
        self.assertRefused(form, "Only a contact for support of your firm may end this agreement: Anna Nowak", 403)
        self.assertNotIn("<button", form.text.split('id="wrap"')[1].split("</form>")[0].split("portal")[0])
        terms = self.get_terms(self.open_form(self.user_anna))
        self.authenticate(self.user_jan.login, self.user_jan.login)
        self.assertRefused(self.send(date="2026-06-30", terms=terms), "Only a contact for support", 403)
        with self.assertRaises(UserError):
            self.agreement.with_user(self.user_jan)._resign(self.colleague, "2026-06-30", terms)

    def test_home_counts_resignations_only_when_there_are_some(self):
        self.open("/my", self.user_anna)
        counter = {"counters": ["support_resignation_count"]}
        count = lambda: self.make_jsonrpc_request("/my/counters", counter)["support_resignation_count"]  # noqa: E731
        self.assertEqual(count(), 0)
        self.assertSays(self.open(PAGE), "There is no resignation of your firm.")
        self.resign_in_panel()
        self.assertEqual(count(), 1)
        self.assertIn(f'href="{PAGE}/{self.get_resignations().id}"', self.open(PAGE).text)
        self.open("/my", self.user_ewa)
        self.assertEqual(count(), 0)
        self.assertNotIn(self.agreement.name, self.open(PAGE).text)

    # What is said before

    def test_the_page_explains_and_writes_nothing(self):
        """F5, F6, F10, D3-D7: 12 × 349.00 paid, 6 months at 399.00; the year may end with the notice."""
        page = self.open_form(self.user_anna)
        earliest = self.agreement._get_earliest_end(date(2026, 5, 20))
        self.assertIn(f'min="{earliest}"', page.text)
        self.assertIn(f'value="{earliest}"', page.text)
        self.assertSays(
            page,
            "The prepaid year runs until 31 Dec 2026",
            "We hand over your data, working files and documents",
            "keeps its guaranteed response",
            "No month that begins after 20 Jun 2026 is invoiced",
            "The refund comes within 21 days of our acceptance",
            "… 2874",
            "Nothing here is required.",
        )
        self.assertFalse(self.get_resignations())
        self.assertEqual(self.agreement.support_state, "running")

    def test_the_settlement_is_that_of_the_chosen_day(self):
        """F10, D4-D6: June is the sixth month, September the ninth."""
        page = self.open_form(self.user_anna, day="2026-06-30")
        # 4188.00 - 6 × 399.00 = 1794.00; 3 % = 53.82; 1740.18; 23 % of the difference
        self.assertSays(
            page, "4,188.00 zł", "6 × 399.00 zł", "1,794.00 zł", "53.82 zł", "1,740.18 zł", "400.24 zł", "2,140.42 zł"
        )
        page = self.open_form(day="2026-09-30")
        self.assertSays(page, "9 × 399.00 zł", "597.00 zł", "17.91 zł", "579.09 zł")
        page = self.open_form(day="2026-12-31")
        self.assertSays(page, "there is nothing to settle")
        self.assertNotIn('name="account"', page.text)
        self.assertFalse(self.env["support.termination"].search_count([("contract_id", "=", self.agreement.id)]))

    def test_a_late_end_gives_nothing_back_and_charges_nothing(self):
        """F10: a remainder of zero or less."""
        page = self.open_form(self.user_anna, day="2026-11-30")
        self.assertSays(page, "nothing goes back, and nothing is charged on top", "0.00 zł")

    def test_what_is_not_paid_yet_is_said(self):
        """D6: an unpaid year is lowered, not refunded."""
        agreement = self.create_year(client=self.other_client, paid=False)
        page = self.open_form(self.user_ewa, agreement, day="2026-06-30")
        self.assertSays(page, "is still to be paid", "2,944.62 zł")

    def test_a_month_is_explained_without_a_settlement(self):
        """P9, D3"""
        agreement = self.create_agreement(self.plan_start, self.other_client, "2026-01-01")
        page = self.open_form(self.user_ewa, agreement)
        self.assertSays(
            page, "The minimum term ended", "is for months that begin until 20 Jun 2026: there is nothing to settle"
        )

    def test_another_day_keeps_what_was_typed(self):
        page = self.open_form(self.user_anna)
        page = self.send(page, step="show", date="2026-09-30", reason="Too <b>dear</b>", informed="Firm B")
        self.assertEqual(page.status_code, 200)
        self.assertSays(page, "9 × 399.00 zł", "End the agreement on 30 Sep 2026", "Too <b>dear</b>", "Firm B")
        self.assertFalse(self.get_resignations())

    # The resignation

    def test_the_client_resigns(self):
        """F6, F10, D3, D7"""
        page = self.resign_in_panel(
            day="2026-06-30", reason="We move", informed="Biuro Rachunkowe Alfa\n\n  Beta   IT ", account=""
        )
        resignation = self.get_resignations()
        self.assertTrue(page.url.endswith(f"{PAGE}/{resignation.id}?done=resigned"))
        self.assertRecordValues(
            resignation,
            [
                {
                    "state": "submitted",
                    "way": "panel",
                    "initiator": "client",
                    "requested_by_id": self.client_contact.id,
                    "requested_on": date(2026, 5, 20),
                    "submitted_on": date(2026, 5, 20),
                    "effective_on": date(2026, 6, 30),
                    "reason": "We move",
                    "refund_bank_id": self.bank.id,
                    "refund_gross": 2140.42,
                    "responsible_id": False,
                }
            ],
        )
        self.assertEqual(self.agreement.date_end, date(2026, 6, 30))
        self.assertEqual(self.agreement.support_state, "notice")
        informed = resignation.handover_ids.filtered(lambda item: item.kind == "informed").mapped("name")
        self.assertLessEqual({"Biuro Rachunkowe Alfa", "Beta IT"}, set(informed))
        self.assertSays(
            page,
            "Thank you, we have received your resignation",
            "Submitted",
            "20 May 2026, Anna Nowak",
            "30 Jun 2026",
            "2,140.42 zł",
            "within 21 days of our acceptance",
            self.bank.acc_number,
            "Biuro Rachunkowe Alfa",
            "Hand over the client's data",
            "Withdraw the resignation",
        )
        self.assertIn(f'href="{PAGE}/{resignation.id}"', self.open(f"{AGREEMENTS}/{self.agreement.id}").text)

    def test_one_resignation_however_often_it_is_sent(self):
        page = self.open_form(self.user_anna)
        first = self.send(page)
        for again in (self.send(page), self.open_form(), self.resend_of_another_person(page)):
            self.assertEqual(len(self.get_resignations()), 1)
            self.assertIn(f"{PAGE}/{self.get_resignations().id}?done=again", again.url)
            self.assertSays(again, "has resigned from this agreement already")
        self.assertNotIn("has resigned from this agreement already", self.get_text(first))

    def resend_of_another_person(self, page):
        self.authenticate(self.user_jan.login, self.user_jan.login)
        return self.send(page)

    def test_the_second_of_two_at_once_gets_the_first_ones(self):
        """The form was checked before the first one was written; the model looks again."""
        terms = self.agreement._preview_end(date(2026, 6, 30), date(2026, 5, 20))["terms"]
        agreement = self.agreement.with_user(self.user_anna)
        first = agreement._resign(self.client_contact, "2026-06-30", terms)
        self.assertEqual(agreement._resign(self.client_contact, "2026-06-30", terms), first)
        self.assertEqual(len(self.get_resignations()), 1)

    def test_a_draft_of_the_office_becomes_the_resignation_of_the_client(self):
        """The day on which the letter came stays, whoever is faster."""
        draft = self.env["support.termination"].create(
            {"contract_id": self.agreement.id, "requested_on": "2026-05-04", "way": "letter"}
        )
        self.open("/my", self.user_anna)
        self.assertTrue(self.open(f"{PAGE}/{draft.id}").url.endswith(PAGE))
        self.assertNotIn(draft.name, self.open(PAGE).text)
        self.resign_in_panel(day="2026-07-31")
        self.assertEqual(self.get_resignations(), draft)
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "submitted",
                    "way": "panel",
                    "requested_on": date(2026, 5, 4),
                    "effective_on": date(2026, 7, 31),
                }
            ],
        )

    def test_figures_that_changed_meanwhile_are_read_again(self):
        page = self.open_form(self.user_anna, day="2026-06-30")
        self.assertRefused(self.send(page, date="2026-07-31"), "You have not read yet what ending on 31 Jul 2026 means")
        self.assertRefused(self.send(date="2026-06-30"), "You have not read yet")
        self.agreement.sudo()._write_own({"fee_percent": 5})
        self.assertRefused(self.send(page), "You have not read yet")

    # The account

    def test_a_new_account_is_kept_once(self):
        spaced = "27 1140 2004 0000 3002 0135 5387"
        self.resign_in_panel(account=spaced)
        account = self.get_resignations().refund_bank_id
        self.assertEqual(account.sanitized_acc_number, OTHER_IBAN)
        self.assertEqual(account.partner_id, self.client)
        self.assertFalse(account.allow_out_payment)
        self.assertFalse(account.with_user(self.user_anna).has_access("write"))

    def test_a_known_account_is_found(self):
        self.resign_in_panel(account=f"{IBAN[:4]} {IBAN[4:]}".lower())
        self.assertEqual(self.get_resignations().refund_bank_id, self.bank)
        self.assertEqual(self.client.bank_ids, self.bank)

    def test_a_wrong_account_is_said_and_nothing_is_written(self):
        page = self.open_form(self.user_anna)
        for number in (f"{IBAN[:-1]}5", "12345", "Bank", "PL", "🦊", "X" * 60, "٣" * 26, "-"):
            answer = self.send(page, account=number, reason="We move")
            self.assertRefused(answer, "The account number is not right: its check digits do not match")
            self.assertSays(answer, "We move")
        self.assertEqual(self.client.bank_ids, self.bank)

    def test_other_persons_of_the_firm_do_not_read_the_whole_account(self):
        self.agreement.support_contact_ids = self.client_contact
        self.resign_in_panel()
        page = self.open(f"{PAGE}/{self.get_resignations().id}", self.user_jan)
        self.assertSays(page, "… 2874")
        self.assertNotIn(self.bank.acc_number, self.get_text(page))
        self.assertNotIn("/withdraw", page.text)

    # Bad input

    def test_days_that_cannot_be(self):
        """D3"""
        page = self.open_form(self.user_anna)
        for day, sentence in (
            ("2026-05-19", "19 May 2026 is too early"),
            ("2026-06-19", "is too early: the agreement may end on"),
            ("1025-01-01", "is too early"),
            ("2028-05-21", "is too late: choose a day until 20 May 2028"),
            ("9999-12-31", "is too late"),
            ("soon", "Write the last day as a date"),
            ("2026-02-30", "Write the last day as a date"),
            ("\x00", "You have not read yet"),
        ):
            with self.subTest(day):
                if day >= " ":
                    self.assertRefused(self.open_form(day=day), sentence)
                terms = "" if day < " " else self.get_terms(page)
                self.assertRefused(self.send(page, date=day, terms=terms), sentence)

    def test_long_texts(self):
        page = self.open_form(self.user_anna)
        self.assertRefused(self.send(page, reason="x" * 5000), "The reason is too long")
        self.assertRefused(self.send(page, informed="\n".join(map(str, range(21)))), "at most 20 persons or firms")
        self.assertRefused(self.send(page, informed="x" * 5000), "at most 20 persons or firms")

    def test_an_agreement_with_an_agreed_end_does_not_get_longer(self):
        agreement = self.create_agreement(self.plan_start, self.other_client, "2026-01-01", date_end=date(2026, 9, 30))
        page = self.open_form(self.user_ewa, agreement)
        self.assertIn('max="2026-09-30"', page.text)
        self.assertSays(self.open_form(agreement=agreement, day="2026-10-01"), "1 Oct 2026 is too late")

    def test_foreign_and_wrong_agreements(self):
        draft = self.create_draft_agreement(self.plan_start, self.other_client, "2026-01-01")
        self.open("/my", self.user_ewa)
        for number in (self.agreement.id, draft.id, 0, 10**12):
            url = f"{AGREEMENTS}/{number}/resign"
            self.assertTrue(self.open(url).url.endswith(AGREEMENTS), number)
            data = {"csrf_token": Request.csrf_token(self), "step": "resign", "date": "2026-06-30"}
            self.assertTrue(self.url_open(url, data=data).url.endswith(AGREEMENTS), number)
        self.assertFalse(self.get_resignations())
        self.assertEqual(self.open(f"{AGREEMENTS}/abc/resign").status_code, 404)

    def test_a_follower_of_another_firm_may_read_but_not_end_it(self):
        """OCA lets followers read the contract."""
        self.agreement.message_subscribe(self.stranger.ids)
        self.assertRefused(self.open_form(self.user_ewa), "Only a person of the client may end this agreement", 403)
        self.agreement.support_contact_ids = self.client_contact
        self.assertRefused(self.open_form(), "Only a contact for support", 403)

    def test_an_agreement_that_is_over(self):
        self.env.cr.execute(
            "UPDATE contract_contract SET date_end='2026-05-10', support_state='ended' WHERE id=%s",
            [self.agreement.id],
        )
        self.agreement.invalidate_recordset()
        page = self.open_form(self.user_anna)
        self.assertEqual(page.status_code, 403)
        self.assertSays(page, "This agreement is not running any more")
        self.assertNotIn("/resign", self.open(f"{AGREEMENTS}/{self.agreement.id}").text)
        self.assertSays(self.send(date="2026-06-30"), "not running any more")
        self.assertFalse(self.get_resignations())

    def test_a_notice_without_resignation_is_explained(self):
        self.agreement.sudo()._give_notice(date(2026, 5, 4), date(2026, 8, 31))
        page = self.open_form(self.user_anna)
        self.assertEqual(page.status_code, 403)
        self.assertSays(page, "the agreement ends 31 Aug 2026", "write to us")
        self.assertFalse(self.get_resignations())

    def test_the_public_is_sent_to_the_login(self):
        self.resign_in_panel()
        resignation = self.get_resignations()
        self.authenticate(None, None)
        for url in (f"{AGREEMENTS}/{self.agreement.id}/resign", PAGE, f"{PAGE}/{resignation.id}"):
            self.assertIn("/web/login", self.open(url).url)

    def test_an_employee_does_not_end_it_here(self):
        employee = self.create_support_user(
            "consultant_t", "support_plans.group_support_consultant", password="consultant_t"
        )
        self.assertRefused(self.open_form(employee), "Only a person of the client may end this agreement", 403)
        resignation = self.resign(self.agreement, "2026-06-30", requested_on="2026-05-20")
        self.assertSays(self.open(f"{PAGE}/{resignation.id}"), "Submitted")
        self.assertEqual(self.withdraw(resignation).status_code, 422)
        self.assertEqual(resignation.state, "submitted")
        clerk = self.create_support_user("clerk_t", password="clerk_t")
        self.assertNotIn(resignation.name, self.open(f"{PAGE}/{resignation.id}", clerk).text)
        self.assertTrue(self.open(f"{AGREEMENTS}/{self.agreement.id}/resign").url.endswith(AGREEMENTS))

    def test_a_panel_user_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other firm"})
        person = self.env["res.partner"].create({"name": "Ola Nowak", "parent_id": self.client.id})
        user = self.create_portal_user("ola_t", person, company_id=company.id, company_ids=[Command.set(company.ids)])
        self.resign(self.agreement, "2026-06-30", requested_on="2026-05-20")
        self.open("/my", user)
        self.assertTrue(self.open_form().url.endswith(AGREEMENTS))
        resignation = self.get_resignations()
        self.assertTrue(self.open(f"{PAGE}/{resignation.id}").url.endswith(PAGE))
        self.assertNotIn(resignation.name, self.open(PAGE).text)

    @mute_logger("odoo.http")
    def test_a_form_without_its_token_is_not_taken(self):
        page = self.open_form(self.user_anna)
        data = {"step": "resign", "date": "2026-06-30", "terms": self.get_terms(page)}
        self.assertEqual(self.url_open(f"{AGREEMENTS}/{self.agreement.id}/resign", data=data).status_code, 400)
        self.assertFalse(self.get_resignations())

    # The page of the resignation

    def test_resignations_of_others(self):
        self.resign_in_panel()
        resignation = self.get_resignations()
        self.open("/my", self.user_ewa)
        for number in (resignation.id, 0, 10**12):
            page = self.open(f"{PAGE}/{number}")
            self.assertTrue(page.url.endswith(PAGE))
            self.assertNotIn(resignation.name, page.text)
        self.assertTrue(self.withdraw(resignation).url.endswith(PAGE))
        self.assertEqual(self.get_resignations().state, "submitted")
        with self.assertRaises(AccessError):
            resignation.with_user(self.user_ewa).read(["effective_on"])
        with self.assertRaises(AccessError):
            resignation.with_user(self.user_anna).action_withdraw()

    def test_it_goes_on_to_the_end(self):
        """F6, F10, D7: 21 days from the acceptance, a correction invoice, the payment, the handover."""
        self.resign_in_panel(day="2026-06-30")
        resignation = self.get_resignations().with_user(self.accountant)
        url = f"{PAGE}/{resignation.id}"
        resignation.action_accept()
        page = self.open(url)
        self.assertSays(page, "Accepted", "Until 10 Jun 2026", "We have accepted your resignation")
        self.assertNotIn("/withdraw", page.text)
        self.assertSays(page, "Write to us")
        resignation.action_prepare_correction()
        correction = resignation.refund_move_ids
        self.assertNotIn(f"/my/invoices/{correction.id}", self.open(url).text)
        correction.action_post()
        page = self.open(url)
        self.assertSays(page, "Corrected", correction.name, "We pay the refund until")
        self.assertIn(f'href="/my/invoices/{correction.id}"', page.text)
        self.assertEqual(self.open(f"/my/invoices/{correction.id}").status_code, 200)
        self.pay(correction)
        self.assertSays(self.open(url), "Refunded", "Paid back 20 May 2026", "points of the handover")
        resignation.handover_ids.action_done()
        page = self.open(url)
        self.assertSays(page, "Everything is done.", "Hand over the client's data 20 May 2026")
        self.assertEqual(page.text.count("fa-check-square-o"), len(resignation.handover_ids))

    def test_what_is_the_offices_is_not_shown(self):
        self.resign_in_panel(day="2026-06-30")
        self.get_resignations().sudo().write({"note": "Pays late", "early_reason": "Friend of the boss"})
        page = self.open(f"{PAGE}/{self.get_resignations().id}")
        self.assertSays(page, "We have received your resignation")
        self.assertNotIn("Pays late", page.text)
        self.assertNotIn("Friend of the boss", page.text)

    def test_what_was_typed_is_text(self):
        page = self.resign_in_panel(reason="<script>alert(1)</script>", informed="<img src=x onerror=alert(1)>")
        self.assertNotIn("<script>alert(1)", page.text)
        self.assertNotIn("<img src=x", page.text)

    # Withdraw

    def test_the_client_takes_it_back_and_may_resign_again(self):
        """F6: everything runs on; the history stays."""
        self.resign_in_panel()
        resignation = self.get_resignations()
        page = self.withdraw(resignation)
        self.assertSays(page, "Withdrawn", "It has no effect.")
        self.assertEqual(self.get_resignations().state, "withdrawn")
        self.assertEqual(self.agreement.support_state, "running")
        self.assertFalse(self.agreement.date_end)
        self.assertEqual(self.withdraw(resignation).status_code, 200)
        self.assertIn("/resign", self.open(f"{AGREEMENTS}/{self.agreement.id}").text)
        self.send(self.open_form())
        self.assertEqual(sorted(self.get_resignations().mapped("state")), ["submitted", "withdrawn"])

    def test_after_the_acceptance_the_client_is_asked_to_write(self):
        self.resign_in_panel()
        resignation = self.get_resignations()
        resignation.with_user(self.accountant).action_accept()
        page = self.withdraw(resignation)
        self.assertEqual(page.status_code, 422)
        self.assertSays(page, "cannot be withdrawn here any more. Write to us if you want to stay.")
        self.assertEqual(self.get_resignations().state, "accepted")

    def test_who_may_not_resign_may_not_withdraw(self):
        self.agreement.support_contact_ids = self.client_contact
        self.resign_in_panel()
        self.open("/my", self.user_jan)
        page = self.withdraw(self.get_resignations())
        self.assertEqual(page.status_code, 422)
        self.assertSays(page, "Only who may end the agreement can take the resignation back.")
        self.assertEqual(self.get_resignations().state, "submitted")

    def test_an_end_by_the_firm_is_not_the_clients_to_withdraw(self):
        resignation = self.resign(self.agreement, "2026-06-30", requested_on="2026-05-20", initiator="firm")
        self.assertNotIn("/withdraw", self.open(f"{PAGE}/{resignation.id}", self.user_anna).text)
        self.assertEqual(self.withdraw(resignation).status_code, 422)
        self.assertEqual(resignation.state, "submitted")

    def test_it_is_not_taken_back_after_the_last_day(self):
        self.resign_in_panel()
        resignation = self.get_resignations()
        self.assertTrue(resignation._may_withdraw(self.client_contact))
        with freeze_time("2026-07-20 10:00:00"):
            self.env.invalidate_all()
            self.assertFalse(resignation._may_withdraw(self.client_contact))

    # Messages

    def test_the_responsible_person_gets_something_to_do(self):
        self.resign_in_panel(day="2026-06-30")
        resignation = self.get_resignations()
        activity = resignation.activity_ids
        self.assertEqual(activity.user_id, self.responsible)
        self.assertEqual(activity.summary, "Anna Nowak resigned in the panel")
        self.assertIn("30 Jun 2026", activity.note.replace("\xa0", " "))
        resignation.with_user(self.accountant).action_accept()
        self.assertFalse(resignation.activity_ids)

    def test_without_a_responsible_person_a_manager_gets_it(self):
        for user in (self.env["res.users"], self.user_jan):
            self.agreement.user_id = user
            found = self.agreement.termination_ids.new({"contract_id": self.agreement.id})._get_user_to_tell()
            self.assertFalse(found.share)
            self.assertTrue(found.has_group("support_plans.group_support_manager"))

    def test_a_withdrawal_is_told(self):
        self.resign_in_panel()
        resignation = self.get_resignations()
        self.withdraw(resignation)
        self.env.invalidate_all()
        self.assertFalse(resignation.activity_ids)
        note = resignation.message_ids.filtered(lambda m: "withdrew the resignation" in (m.body or ""))
        self.assertEqual(note.author_id, self.client_contact)
        self.assertEqual(note.notified_partner_ids, self.responsible.partner_id)
        self.assertTrue(note.subtype_id.internal)

    def test_the_client_gets_the_confirmation_and_its_link(self):
        self.resign_in_panel(day="2026-06-30")
        resignation = self.get_resignations()
        self.assertIn(self.client_contact, resignation.message_partner_ids)
        resignation.with_user(self.accountant).action_accept()
        resignation.sudo()._confirm()
        message = resignation.message_ids.filtered(lambda m: "accept it" in (m.body or ""))
        self.assertEqual(message.notified_partner_ids & self.client_contact, self.client_contact)
        groups = {name: data for name, _function, data in resignation._notify_get_recipients_groups(message, "")}
        self.assertTrue(groups["portal"]["has_button_access"])
        page = self.open(f"/mail/view?model=support.termination&res_id={resignation.id}")
        self.assertTrue(page.url.endswith(f"{PAGE}/{resignation.id}"))

    def test_the_day_is_that_of_the_firm(self):
        """A client in Tokyo resigns on what is still 20 May in Warsaw."""
        self.user_anna.tz = "Asia/Tokyo"
        with freeze_time("2026-05-20 16:00:00"):
            self.resign_in_panel()
            self.assertEqual(self.get_resignations().requested_on, date(2026, 5, 20))
