import re

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .panel_common import PAGE, PanelInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestPortalHoursOrder(PanelInvoicingCommon):
    """The client buys a package of hours in the panel: knowing what it costs, and once (C3, B5, B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer = cls.env.ref("support_timesheet.support_package_offer_starter_10")

    def get_url(self, offer=None, agreement=None):
        return f"{PAGE}/{(agreement or self.agreement).id}/buy/{(offer or self.offer).id}"

    def open_order(self, user=None, offer=None):
        """Open the page that asks for confirmation and return (page, values of its form)."""
        self.log_in(user or self.user_anna)
        page = self.url_open(self.get_url(offer))
        return page, self.read_form(page)

    def read_form(self, page):
        """Return the hidden values of the form that a page carries."""
        return dict(re.findall(r'name="(order|terms|again)" value="([^"]*)"', page.text))

    def get_bought(self):
        self.env.invalidate_all()
        return self.agreement.package_ids.filtered(lambda lot: lot.origin == "purchase")

    def test_the_offers_with_their_prices(self):
        """B5, B6; an hour of network service (B7) is not an hour of support, so the panel does not sell it."""
        self.log_in(self.user_anna)
        text = self.get_text(self.url_open(f"{PAGE}/{self.agreement.id}/buy"))
        for expected in ("600.00 zł", "738.00 zł", "2,950.00 zł", "3,628.50 zł"):
            self.assertIn(expected, text)
        for missing in ("Network service", "100.00 zł", "123.00 zł"):
            self.assertNotIn(missing, text)
        self.assertIn(f'href="{PAGE}/{self.agreement.id}/buy"', self.open_hours().text)

    def test_a_plan_without_package_is_sold_no_hours_that_it_could_not_use(self):
        """P2, P22: on COMMUNITY no package pays for work, so a bought one would only expire."""
        agreement = self.create_agreement(self.plan_community, self.other_client, "2026-01-01")
        self.assertNotIn("/buy", self.open_hours(self.user_ewa, agreement).text)
        text = self.url_open(f"{PAGE}/{agreement.id}/buy").text
        self.assertIn("There are no packages to buy here", text)
        self.assertNotIn("600.00", text)
        self.assertEqual(self.url_open(self.get_url(agreement=agreement)).status_code, 404)
        agreement.entitlement_ids.filtered(lambda e: e.work_type_id.code == "REMOTE").coverage = "package"
        self.assertIn("600.00", self.url_open(f"{PAGE}/{agreement.id}/buy").text)

    def test_the_order_says_what_it_costs_and_means_and_orders_nothing(self):
        page, form = self.open_order()
        text = self.get_text(page)
        for expected in (
            "600.00 zł",
            "138.00 zł",
            "738.00 zł",
            "at once",
            "12 months, until 19 Jun 2027",
            "Order with obligation to pay",
            self.client.name,
        ):
            self.assertIn(expected, text)
        self.assertRegex(form["order"], r"^[0-9a-f]{32}$")
        self.assertFalse(self.get_bought())

    def test_hours_that_wait_for_payment_say_so(self):
        self.env.company.support_hours_usable = "paid"
        text = self.get_text(self.open_order()[0])
        self.assertIn("when the invoice is paid", text)
        self.assertIn("12 months from the day of payment", text)

    def test_the_button_buys_and_the_page_says_what_was_ordered(self):
        """B5, C3: what, for how much, when the hours may be used; the invoice is one click away."""
        self.agreement.user_id = False
        _page, form = self.open_order()
        page = self.post(self.get_url(), **form)
        lot = self.get_bought()
        invoice = lot.invoice_line_id.move_id
        self.assertEqual((len(lot), lot.minutes, lot.offer_id), (1, 600, self.offer))
        self.assertEqual((invoice.state, invoice.amount_untaxed, invoice.amount_total), ("posted", 600, 738))
        self.assertTrue(page.url.endswith(f"{PAGE}/{self.agreement.id}/ordered/{lot.id}"), page.url)
        text = self.get_text(page)
        for expected in (
            "Thank you for your order",
            "Starter package, 10 h",
            self.agreement.name,
            invoice.name,
            "738.00 zł",
            "from 20 Jun 2026 until 19 Jun 2027",
        ):
            self.assertIn(expected, re.sub(r"<[^>]+>", "", text))
        self.assertNotIn("second time", text)
        opened = self.url_open(f"/my/invoices/{invoice.id}")
        self.assertEqual(opened.status_code, 200)
        self.assertIn(f'href="/my/invoices/{invoice.id}"', page.text)
        self.assertFalse(invoice.invoice_user_id.share, "the client's person sells nothing")
        self.assertIn("Anna Nowak ordered", "".join(self.agreement.message_ids.mapped("body")))

    def test_hours_that_wait_for_payment_say_so_after_the_order(self):
        """C3"""
        self.env.company.support_hours_usable = "paid"
        _page, form = self.open_order()
        text = self.get_text(self.post(self.get_url(), **form))
        self.assertIn("when the invoice is paid, then for 12 months", re.sub(r"<[^>]+>", "", text))

    # Once, or again on purpose

    def test_sending_the_same_form_twice_buys_once_and_says_so(self):
        """A double click, or Back and the button again."""
        _page, form = self.open_order()
        first, second = self.post(self.get_url(), **form), self.post(self.get_url(), **form)
        self.assertEqual(second.url, f"{first.url}?twice=1")
        self.assertIn("placed only once. Order another?", self.get_text(second))
        self.assertIn(f'href="{self.get_url()}"', second.text)
        self.assertEqual(len(self.get_bought()), 1)

    def test_a_second_order_within_some_minutes_is_asked_about(self):
        """Back loads the page anew: its token is fresh, so the token alone would order again."""
        _page, before_back = self.open_order()
        _page, form = self.open_order()
        self.assertNotIn("again", form)
        self.post(self.get_url(), **form)
        with freeze_time("2026-06-20 08:03:30"):
            page = self.post(self.get_url(), **before_back)
            self.assertRefused(page, "Your firm ordered this package 3 min ago. Order another?")
            self.assertEqual(page.text.count("Order another?"), 1)
            self.assertEqual(len(self.get_bought()), 1)
            page, form = self.open_order()
            self.assertIn("Your firm ordered this package 3 min ago. Order another?", self.get_text(page))
            self.assertIn("Order another, with obligation to pay", self.get_text(page))
            self.assertEqual(form["again"], str(self.get_bought().id))
            self.post(self.get_url(), **form)
        self.assertEqual(len(self.get_bought()), 2, "another order is another purchase")

    def test_the_answer_is_for_the_order_that_was_asked_about(self):
        """Two pages ask about the first order; the one that comes later is asked about the second."""
        _page, form = self.open_order()
        self.post(self.get_url(), **form)
        pages = [self.open_order()[1] for _number in range(2)]
        self.post(self.get_url(), **pages[0])
        self.assertRefused(self.post(self.get_url(), **pages[1]), "a moment ago. Order another?")
        self.assertEqual(len(self.get_bought()), 2)

    def test_a_colleague_is_asked_and_other_orders_are_not(self):
        _page, form = self.open_order()
        self.post(self.get_url(), **form)
        self.assertIn("Order another?", self.open_order(self.user_jan)[0].text)
        other_offer = self.env.ref("support_timesheet.support_package_offer_service_50")
        self.assertNotIn("Order another", self.open_order(offer=other_offer)[0].text)
        theirs = self.create_agreement(self.plan_start, self.other_client, "2026-01-01")
        self.log_in(self.user_ewa)
        self.assertNotIn("Order another", self.url_open(self.get_url(agreement=theirs)).text)
        with freeze_time("2026-06-20 08:31:00"):
            self.assertNotIn("Order another", self.open_order()[0].text)

    def test_the_page_of_an_order_is_for_its_client(self):
        _page, form = self.open_order()
        ordered = self.post(self.get_url(), **form).url
        gift = self.env["support.package"].create(
            {"contract_id": self.agreement.id, "minutes": 60, "date_from": "2026-06-01", "date_to": "2026-06-30"}
        )
        self.assertEqual(self.url_open(ordered).status_code, 200)
        base = f"{PAGE}/{self.agreement.id}/ordered"
        for url in (f"{base}/{gift.id}", f"{base}/{10**12}", f"{base}/0"):
            with self.subTest(url):
                self.assertTrue(self.url_open(url).url.endswith(PAGE))
        self.log_in(self.user_ewa)
        self.assertTrue(self.url_open(ordered).url.endswith(PAGE))

    def test_the_database_keeps_an_order_once(self):
        _page, form = self.open_order()
        self.post(self.get_url(), **form)
        lot = self.get_bought().sudo()
        self.assertEqual(lot.order_token, form["order"])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            lot.copy().order_token = lot.order_token
            self.env.flush_all()

    def test_an_order_of_changed_terms_is_asked_again(self):
        _page, form = self.open_order()
        self.offer.price = 700
        page = self.post(self.get_url(), **form)
        self.assertRefused(page, "The offer has changed since you opened the page")
        self.assertIn("861.00", page.text)
        self.assertFalse(self.get_bought())

    def test_orders_that_are_none_get_a_sentence(self):
        _page, form = self.open_order()
        for order in ("", "x", "0" * 31, "G" * 32):
            with self.subTest(order=order):
                self.assertRefused(self.post(self.get_url(), **{**form, "order": order}), "Read the order and confirm")
        self.assertRefused(self.post(self.get_url(), order=form["order"]), "The offer has changed")
        self.assertFalse(self.get_bought())

    def test_offers_that_are_not_for_this_client_cannot_be_bought(self):
        company = self.env["res.company"].create({"name": "Sister firm"})
        offers = {
            "archived": self.offer.copy({"code": "A", "active": False}),
            "not in the panel": self.offer.copy({"code": "B", "in_panel": False}),
            "other company": self.offer.copy({"code": "C", "company_id": company.id}),
            "other currency": self.offer.copy({"code": "D", "currency_id": self.env.ref("base.EUR").id}),
            "an hour of network service": self.env.ref("support_timesheet.support_package_offer_hour_1"),
        }
        self.env.ref("base.EUR").active = True
        _page, form = self.open_order()
        urls = {name: self.get_url(offer) for name, offer in offers.items()}
        base = f"{PAGE}/{self.agreement.id}/buy"
        urls.update(unknown=f"{base}/{self.offer.id + 10**6}", huge=f"{base}/{10**12}", zero=f"{base}/0")
        for name, url in urls.items():
            for page in (self.url_open(url), self.post(url, **form)):
                with self.subTest(name):
                    self.assertEqual(page.status_code, 404)
                    self.assertIn("not offered any more", page.text)
        self.assertFalse(self.get_bought())

    def test_only_contacts_buy(self):
        self.agreement.support_contact_ids = self.client_contact
        _page, form = self.open_order()
        self.log_in(self.user_jan)
        self.assertNotIn("/buy", self.open_hours(self.user_jan).text)
        page = self.post(self.get_url(), **form)
        self.assertEqual(page.status_code, 403)
        self.assertIn("Only a contact for support", page.text)
        self.log_in(self.user_ewa)
        page = self.post(self.get_url(), **form)
        self.assertTrue(page.url.endswith(PAGE))
        self.assertFalse(self.get_bought())

    def test_an_ended_agreement_buys_nothing(self):
        _page, form = self.open_order()
        self.env.cr.execute(
            "UPDATE contract_contract SET date_end='2026-01-10', support_state='ended' WHERE id=%s",
            [self.agreement.id],
        )
        self.agreement.invalidate_recordset()
        page = self.post(self.get_url(), **form)
        self.assertEqual(page.status_code, 403)
        self.assertIn("not in force today", page.text)
        self.assertFalse(self.get_bought())

    def test_the_order_needs_the_token_of_the_page(self):
        _page, form = self.open_order()
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(self.get_url(), data={"csrf_token": "wrong", **form})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.get_bought())

    def test_a_client_abroad_sees_the_taxes_of_the_invoice(self):
        position = self.env["account.fiscal.position"].create({"name": "Abroad", "company_id": self.env.company.id})
        zero = self.env["account.tax"].create(
            {"name": "0%", "amount": 0, "type_tax_use": "sale", "fiscal_position_ids": [(4, position.id)]}
        )
        zero.original_tax_ids = self.vat_23
        self.client.property_account_position_id = position
        page, form = self.open_order()
        self.assertNotIn("738.00", page.text)
        self.post(self.get_url(), **form)
        self.assertEqual(self.get_bought().invoice_line_id.move_id.amount_total, 600)
