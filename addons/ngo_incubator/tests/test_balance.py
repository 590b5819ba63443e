from ast import literal_eval
from datetime import date, timedelta
from decimal import Decimal

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ..rules import benefit as rules
from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestNgoBalance(NgoCommon):
    """What was given to an organisation and what it did in return, by document, organisation and year (F12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-01-01"):
            cls.membership = cls.join()

    @classmethod
    def bill(cls, membership=None, day="2026-03-02", full=100.0, percent=20, usual=14, days=45, post=True, **values):
        """Create an invoice of one line with a discount and a longer term, and post it."""
        membership = membership or cls.membership
        line = {
            "name": "Support",
            "quantity": 1,
            "price_unit": full,
            "discount": percent,
            "tax_ids": [Command.set(cls.vat_23.ids)],
            "account_id": cls.company_data["default_account_revenue"].id,
            "ngo_benefit_id": membership.benefit_ids[:1].id if percent else False,
            "ngo_full_price": full if percent else 0,
        }
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": membership.partner_id.id,
                "invoice_date": day,
                "invoice_date_due": fields.Date.to_date(day) + timedelta(days=days),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create(line)],
                "ngo_benefit_id": membership.benefit_ids[:1].id if usual is not None else False,
                "ngo_usual_days": usual or 0,
                "ngo_money_percent": cls.programme.money_cost_percent,
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def credit(cls, move, day, price=None):
        """Reverse an invoice, or a part of it, and post the credit note."""
        credit = move._reverse_moves([{"invoice_date": day, "date": day}])
        if price is not None:
            credit.invoice_line_ids.write({"price_unit": price, "ngo_full_price": price})
        credit.action_post()
        return credit

    def get_rows(self, kind, move=None):
        self.env["ngo.balance"].invalidate_model()
        domain = [("kind", "=", kind), ("membership_id.company_id", "=", self.env.company.id)]
        return self.env["ngo.balance"].search(domain + ([("move_id", "=", move.id)] if move else []))

    def get_year(self, year=2026):
        return self.membership._get_balance(date(year, 1, 1), date(year, 12, 31))[self.membership]

    # Discount

    def test_the_discount_of_a_month_is_the_full_price_less_what_was_invoiced(self):
        """F12, P8: START costs 399, with 20 % less 319.20."""
        with freeze_time("2026-01-01"):
            self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        move = self.run_invoicing("2026-01-01")
        self.assertFalse(self.get_rows("discount"))
        move.action_post()
        row = self.get_rows("discount")
        self.assertEqual((row.discount, row.full_price, row.given), (79.80, 399, 79.80))
        self.assertEqual((row.membership_id, row.partner_id, row.move_id), (self.membership, self.ngo, move))
        self.assertEqual((row.name, row.date, row.currency_id), (move.name, date(2026, 1, 1), move.currency_id))
        self.assertEqual((row.programme_id, row.company_id), (self.programme, self.env.company))

    def test_a_draft_and_a_cancelled_invoice_give_nothing(self):
        move = self.bill(post=False)
        self.assertFalse(self.get_rows("discount") | self.get_rows("term"))
        move.button_cancel()
        self.assertFalse(self.get_rows("discount") | self.get_rows("term"))

    def test_a_credit_note_takes_back_its_part_on_its_own_date(self):
        move = self.bill(full=1000)
        credit = self.credit(move, "2027-02-01", price=400)
        self.assertEqual(self.get_rows("discount", credit).discount, -80)
        self.assertEqual(self.get_year()["discount"], 200)
        self.assertEqual(self.get_year(2027)["discount"], -80)

    def test_a_credit_note_of_a_part_takes_its_part_of_the_discount_back(self):
        """What other addons build line by line: 4 of 10 h at 165 less 10 % leave 99 of 165."""
        move = self.bill(full=165, percent=10, post=False)
        line = move.invoice_line_ids
        line.quantity = 10
        move.action_post()
        values = {"name": "Hours", "quantity": 4, "price_unit": 165, "tax_ids": [Command.set(line.tax_ids.ids)]}
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": move.partner_id.id,
                "invoice_date": "2026-03-20",
                "reversed_entry_id": move.id,
                "invoice_line_ids": [Command.create({**values, **line._prepare_discount_copy()})],
            }
        )
        credit.action_post()
        self.assertEqual(self.get_rows("discount", credit).discount, -66)
        self.assertEqual(self.get_year()["discount"], 99)

    def test_an_invoice_in_another_currency_counts_in_ours_by_its_own_rate(self):
        """1 EUR was 4 PLN on the invoice: 20 % of 100 EUR is 80 PLN; a line that costs nothing counts, too."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        rate = {"currency_id": euro.id, "company_id": self.env.company.id}
        self.env["res.currency.rate"].create({**rate, "name": "2026-01-01", "rate": 0.25})
        move = self.bill(currency_id=euro.id)
        free = self.bill(percent=100, currency_id=euro.id)
        self.env["res.currency.rate"].create({**rate, "name": "2026-03-03", "rate": 0.2})
        self.assertEqual(move.amount_total, 98.40)
        row = self.get_rows("discount", move)
        self.assertEqual((row.discount, row.full_price), (80, 400))
        self.assertEqual(row.currency_id, self.env.company.currency_id)
        self.assertEqual(self.get_rows("discount", free).discount, 400)
        term = self.get_rows("term", move)
        self.assertEqual((term.gross, term.term_value), (393.60, 2.01))

    def test_a_year_that_ends_early_keeps_the_discount_of_the_used_months_only(self):
        """F10, D4: 12 × 399 less 20 % gives 957.60; after five months 5 × 79.80 of it are left."""
        with freeze_time("2026-01-01"):
            agreement = self.create_agreement(self.plan_start, self.ngo, "2026-01-01", "year")
            agreement._recurring_create_invoice(date(2026, 1, 1)).action_post()
        self.assertEqual(self.get_year()["discount"], 957.60)
        with freeze_time("2026-05-31"):
            bank = self.env["res.partner.bank"].create(
                {"acc_number": "PL61109010140000071219812874", "partner_id": self.ngo.id}
            )
            termination = self.env["support.termination"].create(
                {
                    "contract_id": agreement.id,
                    "requested_on": "2026-01-01",
                    "effective_on": "2026-05-31",
                    "early_reason": "Agreed",
                    "refund_bank_id": bank.id,
                }
            )
            termination.action_submit()
            termination._accept(date(2026, 5, 31))
            termination.action_prepare_correction()
            termination.refund_move_ids.action_post()
        self.assertEqual(self.get_year()["discount"], 399)

    # Longer terms

    def test_the_value_of_a_longer_term_is_that_of_the_rule_to_the_grosz(self):
        """Per invoice and per credit note, for several amounts, days and costs of money."""
        amounts = ((12.5, 16), (62.5, 22), (1000, 45), (333.33, 60), (99999.99, 90), (50, 10))
        moves = [self.bill(full=full, percent=0, days=days) for full, days in amounts]
        moves += [self.credit(move, "2026-04-01") for move in moves]
        for percent in (0, 4.75, 6, 7.3, 12.345):
            self.env["account.move"].union(*moves).write({"ngo_money_percent": percent})
            for move, (full, days) in zip(moves, amounts * 2, strict=True):
                row = self.get_rows("term", move)
                sign = -1 if move.move_type == "out_refund" else 1
                gross = sign * Decimal(str(move.amount_total))
                expected = rules.term_value(gross, days - 14, Decimal(str(percent)))
                with self.subTest(full=full, days=days, percent=percent, sign=sign):
                    self.assertEqual(row.extra_days, max(days - 14, 0))
                    self.assertEqual(Decimal(str(row.term_value)), expected)

    def test_another_cost_of_money_changes_no_year_that_was_told(self):
        """The letter that was printed stays right."""
        move = self.bill(full=1000, percent=0)
        before = self.get_rows("term", move).term_value
        self.programme.money_cost_percent = 99
        self.assertEqual(self.get_rows("term", move).term_value, before)

    def test_a_part_that_is_given_back_is_no_discount(self):
        """A credit note of all takes all of the discount back; 10.00 without a discount take none."""
        move = self.bill(full=1000, percent=20)
        credit = self.credit(move, "2026-04-01")
        self.assertEqual(self.get_rows("discount", credit).discount, -200)
        part = move._reverse_moves([{"invoice_date": "2026-04-02", "date": "2026-04-02"}])
        part.invoice_line_ids.write({"price_unit": 10, "discount": 0, "ngo_full_price": 0})
        part.action_post()
        self.assertEqual(self.get_rows("discount", part).discount, 0)

    def test_half_a_grosz_is_rounded_up_as_the_rule_does(self):
        self.programme.money_cost_percent = 7.3
        move = self.bill(full=12.5, percent=0, days=16, post=False)
        move.invoice_line_ids.tax_ids = False
        move.action_post()
        self.assertEqual(rules.term_value(Decimal("12.50"), 2, Decimal("7.3")), Decimal("0.01"))
        self.assertEqual(self.get_rows("term", move).term_value, 0.01)

    def test_a_credit_note_lowers_the_value_of_the_term_by_its_own_amount_only(self):
        """1230 gross waits 31 days at 6 %: 6.27; a credit note of 492 gross takes 2.51 of it."""
        move = self.bill(full=1000, percent=0)
        credit = self.credit(move, "2026-03-20", price=400)
        self.assertEqual(self.get_rows("term", move).term_value, 6.27)
        self.assertEqual(self.get_rows("term", credit).term_value, -2.51)
        self.assertEqual(self.get_year()["term_value"], 3.76)

    def test_a_term_that_was_shortened_by_hand_is_worth_nothing(self):
        move = self.bill(days=7)
        self.assertEqual((self.get_rows("term", move).extra_days, self.get_rows("term", move).term_value), (0, 0))

    # Promotion

    def promise(self, name="Logo", value=0, **values):
        """Create a promotion that is agreed."""
        promotion = self.env["ngo.promotion"].create(
            {"membership_id": self.membership.id, "name": name, "value": value, **values}
        )
        promotion.action_agree()
        return promotion

    def prove(self, promotion, day, **values):
        values = {"promotion_id": promotion.id, "url": "https://ngo.example.com", "date": day, **values}
        return self.env["ngo.evidence"].create(values)

    def get_done(self, year=2026):
        figures = self.get_year(year)
        return tuple(figures[name] for name in ("promotion_value", "promotion_count", "evidenced_count", "reach"))

    def test_a_promotion_counts_once_in_the_year_it_begins_with_its_value(self):
        with freeze_time("2026-05-05"):
            self.membership = self.apply(self.create_client("Barter"), krs="0000999002", promotion_kind="barter")
            self.verify(self.membership)
            self.promise(value=1200, date_from="2026-11-01", date_to="2027-10-31")
            undated = self.promise(value=300)
        self.assertEqual(
            self.get_rows("promotion").filtered(lambda r: r.promotion_id == undated).date, date(2026, 5, 5)
        )
        self.assertEqual((self.get_done(), self.get_done(2027)), ((1500, 2, 0, 0), (0, 0, 0, 0)))

    def test_what_is_only_proposed_or_dropped_does_not_count(self):
        self.env["ngo.promotion"].create({"membership_id": self.membership.id, "name": "Proposed"})
        self.promise(date_from="2026-03-01").action_drop()
        self.assertEqual(self.get_done(), (0, 0, 0, 0))

    def test_evidence_counts_when_it_is_accepted_in_the_year_it_is_of(self):
        promotion = self.promise(date_from="2026-03-01")
        first = self.prove(promotion, "2026-04-01", reach=1000)
        self.prove(promotion, "2026-04-02", reach=5)
        with freeze_time("2027-02-01"):
            later = self.prove(promotion, "2027-02-01", reach=200)
        rejected = self.prove(promotion, "2026-05-01", reach=7, rejection_reason="Not ours")
        rejected.action_reject()
        self.assertEqual(self.get_done(), (0, 1, 0, 0))
        (first | later).action_accept()
        self.assertEqual((self.get_done(), self.get_done(2027)), ((0, 1, 1, 1000), (0, 0, 0, 200)))
        promotion.action_fulfil()
        self.assertEqual(self.get_done(), (0, 1, 1, 1000))
        row = self.get_rows("evidence")[:1]
        self.assertEqual(row.with_user(self.coordinator).action_open_document()["res_id"], promotion.id)

    def test_rows_of_all_kinds_have_ids_of_their_own(self):
        self.prove(self.promise(date_from="2026-03-01"), "2026-04-01").action_accept()
        self.bill()
        rows = self.env["ngo.balance"].search([("membership_id", "=", self.membership.id)])
        self.assertEqual(sorted(rows.mapped("kind")), ["discount", "evidence", "promotion", "term"])
        self.assertEqual({row.id % 4 for row in rows}, {0, 1, 2, 3})

    # By organisation and year

    def test_members_are_apart_and_a_time_has_its_first_and_last_day(self):
        other = self.create_client("Stowarzyszenie Razem")
        with freeze_time("2026-01-01"):
            theirs = self.join(other, krs="0000999002")
        for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"):
            self.bill(day=day, usual=None)
        self.bill(theirs, full=1000)
        both = (self.membership | theirs)._get_balance(date(2026, 1, 1), date(2026, 12, 31))
        self.assertEqual((both[self.membership]["discount"], both[theirs]["discount"]), (40, 200))
        self.assertEqual((both[theirs]["term_value"], both[theirs]["given"]), (5.01, 205.01))

    def test_a_member_that_ended_keeps_its_balance(self):
        self.bill()
        with freeze_time("2026-04-01"):
            self.membership._warn("Nothing heard", date(2026, 4, 1), end_as="end")
        self.membership._finish_warnings(date(2026, 6, 1))
        self.assertEqual(self.membership.state, "ended")
        self.assertEqual(self.get_year()["discount"], 20)

    def test_a_member_without_anything_has_zeros(self):
        self.assertEqual(set(self.get_year().values()), {0})

    def test_the_form_shows_what_was_given_this_year(self):
        self.bill(day="2025-12-31")
        self.bill(day="2026-06-01")
        with freeze_time("2026-07-01"):
            self.assertAlmostEqual(self.membership.given_this_year, 20.50)
            action = self.membership.action_view_balance()
        self.assertEqual(len(self.env["ngo.balance"].search(action["domain"])), 4)

    @freeze_time("2026-07-01")
    def test_the_filters_show_this_year_and_the_last_one(self):
        for day in ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"):
            self.bill(day=day, usual=None)
        arch = etree.fromstring(self.env.ref("ngo_incubator.ngo_balance_view_search").arch)
        for name, year in (("this_year", 2026), ("last_year", 2025)):
            domain = literal_eval(arch.find(f".//filter[@name='{name}']").get("domain"))
            rows = self.env["ngo.balance"].search([*domain, ("membership_id", "=", self.membership.id)])
            self.assertEqual(sorted(rows.mapped("date")), [date(year, 1, 1), date(year, 12, 31)])

    def test_a_pivot_by_organisation_and_year_adds_up(self):
        for day in ("2025-06-01", "2026-06-01", "2026-07-01"):
            self.bill(day=day, usual=None)
        groups = self.env["ngo.balance"]._read_group(
            [("partner_id", "=", self.ngo.id)], ["partner_id", "date:year"], ["discount:sum"]
        )
        self.assertEqual(groups, [(self.ngo, date(2025, 1, 1), 20), (self.ngo, date(2026, 1, 1), 40)])

    # Cost

    def test_many_members_cost_the_queries_of_a_few(self):
        members = self.env["ngo.membership"]
        with freeze_time("2026-01-01"):
            for number in range(8):
                members |= self.join(self.create_client(f"NGO {number}"), krs=f"00008880{number:02}")
        for member in members:
            self.bill(member)
        self._count(members[:1])
        few = self._count(members[:4])
        self.assertEqual(self._count(members), few)
        self.assertLessEqual(few, 5)

    def _count(self, members):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(members._get_balance(date(2026, 1, 1), date(2026, 12, 31))), len(members))
        members.mapped("given_this_year")
        return self.env.cr.sql_log_count - before

    # Access

    def test_coordinators_accountants_and_managers_read_it_and_nobody_else(self):
        self.bill()
        panel = new_test_user(self.env, login="ngo_panel", groups="base.group_portal", partner_id=self.ngo_person.id)
        employee = self.create_support_user("ngo_employee")
        for user in (self.coordinator, self.accountant, self.manager):
            balance = self.env["ngo.balance"].with_user(user)
            with self.subTest(user.login):
                self.assertEqual(sum(balance.search([]).mapped("discount")), 20)
                self.assertTrue(self.membership.with_user(user).read(["given_this_year"]))
                with self.assertRaises(AccessError):
                    balance.search([])[:1].write({"name": "x"})
        for user in (self.consultant, panel, employee):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.env["ngo.balance"].with_user(user).search([])
                with self.assertRaises(AccessError):
                    self.membership.with_user(user).read(["given_this_year"])

    def test_another_company_sees_nothing(self):
        self.bill()
        company = self.env["res.company"].create({"name": "Second firm"})
        stranger = self.create_support_user(
            "ngo_stranger", "ngo_incubator.group_ngo_coordinator", company_id=company.id
        )
        self.assertFalse(self.env["ngo.balance"].with_user(stranger).search([]))

    def test_a_row_opens_its_invoice_for_who_may_read_it_and_the_member_for_others(self):
        move = self.bill()
        row = self.get_rows("discount", move)
        ours = row.with_user(self.accountant).action_open_document()
        self.assertEqual((ours["res_model"], ours["res_id"]), ("account.move", move.id))
        theirs = row.with_user(self.coordinator).action_open_document()
        self.assertEqual((theirs["res_model"], theirs["res_id"]), ("ngo.membership", self.membership.id))
        with self.assertRaises(AccessError):
            row.with_user(self.coordinator).read(["move_id"])

    def test_the_menu_is_for_those_who_read_it(self):
        menu = self.env.ref("ngo_incubator.menu_ngo_balance")
        for user, seen in ((self.coordinator, True), (self.accountant, True), (self.consultant, False)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in visible, seen, user.login)
