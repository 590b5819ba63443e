from datetime import date

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import NgoCommon


@tagged("post_install", "-at_install")
class TestNgoBilling(NgoCommon):
    """The discount and the term of payment on invoices (F12)."""

    def join_and_start(self, plan=None, start="2026-01-01", period="month", **values):
        """Let the organisation join on the day its agreement starts."""
        with freeze_time(start):
            membership = self.join(**values)
            return membership, self.create_agreement(plan or self.plan_start, self.ngo, start, period)

    def get_discounts(self, *days):
        return [self.run_invoicing(day).invoice_line_ids.discount for day in days]

    def get_discounts_by_month(self, day):
        """Return {service month: discount} of all that is invoiced on a day."""
        lines = self.run_invoicing(day).invoice_line_ids
        return {line.service_period_start.month: line.discount for line in lines}

    # From the next invoice

    def test_the_next_invoice_of_a_running_agreement_has_the_discount_and_no_earlier_one(self):
        """F12, P8: START costs 399; 20 % less is 319.20, shown as a discount on the full price."""
        agreement = self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        before = self.run_invoicing("2026-01-01")
        before.action_post()
        with freeze_time("2026-01-20"):
            self.join()
        line = self.run_invoicing("2026-02-01").invoice_line_ids
        self.assertEqual((line.price_unit, line.discount, line.price_subtotal), (399, 20, 319.20))
        self.assertEqual((line.list_price_month, line.ngo_full_price), (319.20, 399))
        self.assertIn("NGO discount 20 %", line.name)
        self.assertEqual((before.amount_untaxed, before.invoice_line_ids.discount), (399, 0))
        self.assertEqual(agreement.list_price_month, 399)

    def test_a_fee_of_the_plan_before_keeps_the_discount_of_that_plan(self):
        """D4: a draft of June that is made again after the change of plan on 1 July is START's, with START's 20 %."""
        _membership, agreement = self.join_and_start()
        drafts = self.run_invoicing("2026-06-01")
        terms = self.plan_standard._prepare_terms()
        agreement._apply_plan(self.plan_standard, terms, 1, date(2026, 7, 1))
        drafts.filtered(lambda move: move.invoice_line_ids.service_period_start == date(2026, 6, 1)).unlink()
        lines = self.run_invoicing("2026-07-01").invoice_line_ids.sorted("service_period_start")
        self.assertEqual(lines.mapped("discount"), [20, 30])
        self.assertEqual(lines.mapped("list_price_month"), [319.20, 559.30])

    def test_a_month_that_was_not_invoiced_yet_has_the_discount_when_it_is(self):
        """F12: “from the next invoice”, whenever the service was."""
        self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        with freeze_time("2026-01-20"):
            self.join()
        self.assertEqual(self.get_discounts("2026-01-20"), [20])

    def test_a_plan_with_a_discount_of_its_own_has_that_one_also_for_a_person_of_the_organisation(self):
        with freeze_time("2026-01-01"):
            self.join(self.ngo_person)
            self.create_agreement(self.plan_standard, self.ngo_person, "2026-01-01")
        self.assertEqual(self.get_discounts("2026-01-01"), [30])

    def test_nobody_else_has_the_discount(self):
        self.join_and_start()
        self.create_agreement(self.plan_start, self.client, "2026-01-01")
        moves = self.run_invoicing("2026-01-01")
        discounts = {move.partner_id: move.invoice_line_ids.discount for move in moves}
        self.assertEqual(discounts, {self.ngo: 20, self.client: 0})

    def test_another_company_does_not_grant_it(self):
        other = self.env["res.company"].create({"name": "Other firm"})
        with freeze_time("2026-01-01"):
            self.join()
        self.assertTrue(self.ngo._get_ngo_benefit(self.env.company, date(2026, 1, 1), date(2026, 1, 1)))
        self.assertFalse(self.ngo._get_ngo_benefit(other, date(2026, 1, 1), date(2026, 1, 1)))

    def test_the_higher_discount_counts_where_the_client_has_one_already(self):
        _membership, agreement = self.join_and_start()
        agreement.plan_fee_line_ids.discount = 35
        line = self.run_invoicing("2026-01-01").invoice_line_ids
        self.assertEqual((line.discount, line.list_price_month), (35, 319.20))
        self.assertFalse(line.ngo_benefit_id)
        self.assertNotIn("NGO", line.name)
        agreement.plan_fee_line_ids.discount = 5
        self.assertEqual(self.get_discounts("2026-02-01"), [20])

    def test_nothing_is_granted_before_the_membership_is_active(self):
        self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        with freeze_time("2026-01-01"):
            membership = self.apply()
            applied = self.get_discounts("2026-01-01")
            self.verify(membership)
        self.assertEqual(applied + self.get_discounts("2026-02-01"), [0, 0])

    # Term of payment

    def test_the_term_of_payment_is_longer_and_the_usual_one_is_kept(self):
        self.join_and_start()
        move = self.run_invoicing("2026-01-01")
        self.assertEqual(move.invoice_date_due, date(2026, 2, 15))
        self.assertEqual((move.invoice_payment_term_id.line_ids.nb_days, move.ngo_usual_days), (45, 0))

    def test_a_longer_term_of_the_agreement_stays(self):
        _membership, agreement = self.join_and_start()
        agreement.payment_term_id = self.env["account.payment.term"]._get_term_of_days(90, self.env.company)
        move = self.run_invoicing("2026-01-01")
        self.assertEqual(move.invoice_date_due, date(2026, 4, 1))
        self.assertFalse(move.ngo_benefit_id)

    def test_the_term_of_payment_is_found_again(self):
        terms = self.env["account.payment.term"]
        made = terms._get_term_of_days(77, self.env.company)
        self.assertEqual(terms._get_term_of_days(77, self.env.company), made)
        self.assertEqual(made.line_ids._get_due_date(date(2026, 1, 1)), date(2026, 3, 19))

    # The end

    def test_a_warning_keeps_the_month_that_has_begun_and_the_next_one_is_at_the_full_price(self):
        membership, _agreement = self.join_and_start()
        membership._warn("Nothing heard", date(2026, 2, 1))
        self.assertEqual(membership.ends_on, date(2026, 3, 3))
        discounts = self.get_discounts("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
        self.assertEqual(discounts, [20, 20, 20, 0])

    def test_a_month_that_began_before_the_end_keeps_the_discount_when_it_is_invoiced_late(self):
        membership, _agreement = self.join_and_start()
        membership._warn("Nothing heard", date(2026, 1, 1))
        by_month = self.get_discounts_by_month("2026-06-01")
        self.assertEqual(by_month, {1: 20, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0})

    def test_a_posted_invoice_is_never_changed_by_the_end(self):
        membership, _agreement = self.join_and_start()
        move = self.run_invoicing("2026-01-01")
        move.action_post()
        membership._warn("Nothing heard", date(2026, 1, 1))
        membership._finish_warnings(date(2026, 3, 1))
        self.assertEqual(membership.state, "suspended")
        self.assertEqual((move.amount_untaxed, move.invoice_line_ids.discount), (319.20, 20))
        self.assertFalse(self.env["account.move"].search([("reversed_entry_id", "=", move.id)]))

    def test_a_withdrawn_warning_leaves_no_trace_on_invoices(self):
        membership, _agreement = self.join_and_start()
        with freeze_time("2026-01-02"):
            membership._warn("Nothing heard", date(2026, 1, 2))
            membership.action_withdraw_warning()
        self.assertEqual(self.get_discounts("2026-01-01", "2026-02-01", "2026-03-01"), [20, 20, 20])

    def test_who_comes_back_has_the_discount_from_the_next_invoice(self):
        membership, _agreement = self.join_and_start()
        membership._warn("Nothing heard", date(2026, 1, 1))
        membership._finish_warnings(date(2026, 2, 1))
        first = self.get_discounts("2026-01-01", "2026-02-01", "2026-03-01")
        with freeze_time("2026-03-10"):
            membership.action_activate()
        self.assertEqual(first + self.get_discounts("2026-04-01"), [20, 0, 0, 20])

    # Changed terms

    def test_better_terms_count_from_the_next_invoice(self):
        membership, _agreement = self.join_and_start()
        first = self.get_discounts("2026-01-01")
        membership.discount_ids.filtered(lambda x: x.scope == "plans").percent = 25
        self.assertTrue(membership.is_changed)
        self.assertEqual(self.get_discounts("2026-02-01"), [20])
        with freeze_time("2026-02-10"):
            membership.action_change_terms()
        self.assertFalse(membership.is_changed)
        self.assertEqual(first + self.get_discounts("2026-03-01"), [20, 25])

    def test_worse_terms_begin_with_a_service_month_after_a_warning(self):
        membership, _agreement = self.join_and_start()
        membership.discount_ids.filtered(lambda x: x.scope == "plans").percent = 5
        with freeze_time("2026-01-10"):
            membership.action_change_terms()
        self.assertEqual(membership._get_current().first_day, date(2026, 2, 10))
        by_month = self.get_discounts_by_month("2026-04-01")
        self.assertEqual(by_month, {1: 20, 2: 20, 3: 5, 4: 5})

    def test_worse_than_what_counts_now_is_worse_although_better_than_what_was_announced(self):
        membership, _agreement = self.join_and_start()
        own = membership.discount_ids.filtered(lambda x: x.scope == "plans")
        for day, percent in (("2026-01-10", 5), ("2026-01-12", 10)):
            with freeze_time(day):
                own.percent = percent
                membership.action_change_terms()
        by_month = self.get_discounts_by_month("2026-04-01")
        self.assertEqual(by_month, {1: 20, 2: 20, 3: 10, 4: 10})

    def test_who_joins_anew_has_the_discount_for_months_that_begin_then(self):
        membership, _agreement = self.join_and_start()
        first = self.get_discounts("2026-01-01")
        membership._warn("Over", date(2026, 1, 1), end_as="end")
        membership._finish_warnings(date(2026, 3, 1))
        with freeze_time("2026-05-15"):
            self.join()
        by_month = self.get_discounts_by_month("2026-06-01")
        self.assertEqual((first, by_month), ([20], {2: 0, 3: 0, 4: 0, 5: 0, 6: 20}))

    def test_a_second_warning_does_not_bring_the_months_of_a_suspension_back(self):
        membership, _agreement = self.join_and_start()
        membership._warn("No logo", date(2026, 1, 1))
        membership._finish_warnings(date(2026, 2, 1))
        with freeze_time("2026-04-10"):
            membership.action_activate()
            membership._warn("No logo", date(2026, 4, 10))
            membership.action_withdraw_warning()
        self.assertEqual(membership.benefit_ids.sorted("id")[0].last_day, date(2026, 1, 31))
        by_month = self.get_discounts_by_month("2026-05-01")
        self.assertEqual(by_month, {1: 20, 2: 0, 3: 0, 4: 0, 5: 20})

    def test_drafts_that_were_made_before_are_named(self):
        self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        draft = self.run_invoicing("2026-01-01")
        with freeze_time("2026-01-05"):
            membership = self.join()
        self.assertIn("Delete them", membership.message_ids.filtered(lambda m: "Drafts" in (m.body or "")).body)
        self.assertEqual(draft.amount_untaxed, 399)

    def test_who_else_pays_has_no_longer_term(self):
        """The debtor of the act on delays is who pays; the discount is the organisation's all the same."""
        _membership, agreement = self.join_and_start()
        agreement.invoice_partner_id = self.client
        move = self.run_invoicing("2026-01-01")
        self.assertEqual(move.invoice_line_ids.discount, 20)
        self.assertFalse(move.ngo_benefit_id or move.invoice_payment_term_id)

    def test_a_changed_offer_changes_no_member(self):
        self.join_and_start()
        self.programme.discount_ids.filtered(lambda x: x.scope == "plans").percent = 50
        self.assertEqual(self.get_discounts("2026-01-01"), [20])

    # Barter

    def start_barter(self):
        """Return a member since today whose promotion is part of the price, with an agreement."""
        membership = self.apply(promotion_kind="barter")
        self.verify(membership)
        self.promise_barter(membership)
        self.decide(membership, "in_price")
        membership.action_activate()
        self.create_agreement(self.plan_start, self.ngo, "2026-01-01")
        return membership

    def test_promotion_that_is_part_of_the_price_leaves_the_full_price_on_the_invoice(self):
        """F12, art. 29a (1) of the VAT act: the base has the value of the promotion."""
        with freeze_time("2026-01-01"):
            membership = self.start_barter()
        move = self.run_invoicing("2026-01-01")
        self.assertEqual((move.amount_untaxed, move.invoice_line_ids.discount), (399, 0))
        self.assertEqual(move.invoice_date_due, date(2026, 2, 15))
        with freeze_time("2026-01-02"):
            self.decide(membership, "discount")
        self.assertEqual(self.get_discounts("2026-02-01"), [20])
        with freeze_time("2026-02-15"):
            self.decide(membership, "in_price")
        self.assertEqual(self.get_discounts("2026-03-01"), [0])

    def test_a_decision_keeps_the_terms_that_are_in_force(self):
        """What was agreed since is put in force by its own button, with its own checks."""
        with freeze_time("2026-01-01"):
            membership = self.start_barter()
            membership.discount_ids.filtered(lambda x: x.scope == "plans").percent = 95
            self.decide(membership, "discount")
        self.assertEqual(self.get_discounts("2026-01-01"), [20])
        self.assertTrue(membership.is_changed)
        mail = membership.message_ids.filtered(lambda m: m.subject == "Your terms change: InkubatorNGO")
        self.assertIn("20 %", mail.body)
        self.assertNotIn("95 %", mail.body)

    # Prices in words

    def test_the_hourly_rate_in_words_is_the_one_that_the_service_month_is_billed_at(self):
        """Months of a suspension stay at the full price, also for who comes back within one; then the discount."""
        membership, agreement = self.join_and_start(start="2026-01-15")
        told = {}
        with freeze_time("2026-01-16"):
            membership._warn("Nothing heard", date(2026, 1, 16))  # until 15 February, on which a month begins
        for day in ("2026-02-14", "2026-03-05", "2026-03-20", "2026-04-20", "2026-05-15"):
            with freeze_time(day):
                membership._finish_warnings(fields.Date.to_date(day))
                if day == "2026-04-20":
                    membership.action_activate()
                told[day] = "NGO discount" in agreement._describe_hourly_rate()
        self.assertEqual(list(told.values()), [True, True, False, False, True], told)

    # Hours and packages, for addons that bill them

    def test_hours_have_their_own_discount(self):
        membership, _agreement = self.join_and_start()
        day, company = date(2026, 1, 1), self.env.company
        values = self.ngo_person._prepare_hours_discount(company, day, day)
        self.assertEqual(values, {"discount": 10.0, "ngo_benefit_id": membership.benefit_ids.id})
        self.assertEqual(self.client._prepare_hours_discount(company, day, day), {})

    # Speed

    def test_invoicing_needs_the_same_queries_for_any_number_of_members(self):
        counts = []
        for number in (2, 4, 8):  # the first one fills the caches
            organisations = [self.create_client(f"Fundacja {number}-{index}") for index in range(number)]
            with freeze_time("2026-01-01"):
                for place, partner in enumerate(organisations):
                    self.join(partner, krs=f"00009{number:02}{place:03}")
            agreements = self.env["contract.contract"].union(
                *(self.create_agreement(self.plan_start, partner, "2026-01-01") for partner in organisations)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            agreements._prepare_agreement_invoices(date(2026, 1, 1))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
