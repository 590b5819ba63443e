from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..report.work_rows import WorkRow
from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestHoursInvoices(TimeInvoicingCommon):
    """What an accountant reads, and may change, on the invoices of hours (P22, D13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_invoicing("2026-06-20")  # the fees until June
        cls.walk_in = cls.create_client("Walk-in")
        cls.walk_in_ticket = cls.create_time_ticket(cls.walk_in)

    def bill(self, day="2026-07-01"):
        """Return the line of hours of the invoice of a day."""
        return self.run_invoicing(day).invoice_line_ids.filtered("is_overage")

    def bill_one_off(self, *days):
        works = self.env["account.analytic.line"].union(
            *(self.create_work(25, date=day, ticket_id=self.walk_in_ticket.id) for day in days)
        )
        return self.env["account.move"].search(works.action_invoice_one_off()["domain"])

    # What a line of hours says is the ledger's

    def test_a_line_of_hours_keeps_quantity_unit_product_and_price(self):
        """D13: the sentence says what to do instead."""
        self.create_work(235)
        line = self.bill()
        other = line.product_id.copy({"name": "Other"})
        for name, value in (
            ("quantity", 2),
            ("price_unit", 100),
            ("product_uom_id", self.env.ref("uom.product_uom_day").id),
            ("product_id", other.id),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "a discount on the line. Or delete"):
                line[name] = value
        with self.assertRaisesRegex(UserError, "Quantity follows from the works"):
            line.move_id.write({"invoice_line_ids": [Command.update(line.id, {"quantity": 3})]})
        line.write({"quantity": 1, "name": "Help, as agreed by phone", "discount": 50})
        self.assertEqual((line.quantity, line.price_subtotal), (1, 82.50))
        self.assertLedgerIsSound()

    def test_the_form_of_a_draft_saves_other_changes_and_lines(self):
        self.create_work(235)
        line = self.bill()
        with Form(line.move_id) as form:
            form.narration = "Thank you"
            with form.invoice_line_ids.new() as extra:
                extra.name, extra.quantity, extra.price_unit = "Cable", 2, 10
        self.assertEqual(sum(line.move_id.invoice_line_ids.mapped("quantity")), 1 + 1 + 2)
        self.assertTrue(line.overage_entry_ids)

    def test_a_deleted_line_frees_its_hours_for_goodwill(self):
        """The way that the refusal names."""
        work = self.create_work(235)
        self.bill().unlink()
        work.write({"goodwill_minutes": 30, "goodwill_reason": "Our fault"})
        self.assertEqual(self.bill("2026-07-02").quantity, 0.5)

    def test_a_credit_note_may_give_back_a_part(self):
        """Its lines hold no works: the amount is the accountant's."""
        self.create_work(235)
        invoice = self.bill().move_id
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.refund_moves()
        line = wizard.new_move_ids.invoice_line_ids.filtered("is_overage")
        line.quantity = 0.5
        self.assertEqual(line.price_subtotal, 82.50)

    def test_money_is_given_back_with_the_discount_that_was_given(self):
        work = self.create_work(235)
        line = self.bill()
        line.discount = 50
        line.move_id.action_post()
        correction = work._correct(175, "Entered twice")
        refund = self.env["account.move"].browse(correction.action_credit()["res_id"])
        self.assertEqual(refund.amount_untaxed, 82.50)

    # What a client pays less, and when it pays: addons that grant it say so

    def grant(self, client):
        """Let a client have 10 % off its hours and 30 days to pay; return the calls that asked for it."""
        term = self.env.ref("account.account_payment_term_30days")
        asked = []

        def discount(partner, company, invoiced_on, first):
            asked.append((partner, company, str(invoiced_on), str(first)))
            return {"discount": 10.0} if partner == client else {}

        def longer(partner, _company, _invoiced_on, _term):
            return {"invoice_payment_term_id": term.id} if partner == client else {}

        self.patch(type(client), "_prepare_hours_discount", discount)
        self.patch(type(client), "_prepare_longer_term", longer)
        return asked

    def test_a_discount_of_the_client_is_on_its_hours(self):
        """F12: by the day of the invoice and the service month of the hours; 60 min at 165.00 less 10 %."""
        asked = self.grant(self.client)
        self.create_work(235)
        line = self.bill()
        self.assertEqual((line.price_unit, line.discount, line.price_subtotal), (165, 10, 148.50))
        self.assertEqual(asked, [(self.client, self.env.company, "2026-07-01", "2026-06-01")])
        self.assertLedgerIsSound()

    def get_amounts(self, work):
        """Return what a client reads of a work: [text of the panel], [(amount, discount) of the report]."""
        [shown] = work._get_panel_works()
        amount = shown["amount"].replace("\N{NO-BREAK SPACE}", " ")
        report = self.env["support.work.report"].create(
            {"contract_id": self.agreement.id, "period": "free", "date_from": "2026-06-01", "date_to": "2026-06-30"}
        )
        rows = [WorkRow._make(row) for row in report._read_rows()]
        return [amount, shown["discount"]], [(row.rate, row.amount, row.discount) for row in rows]

    def test_the_client_reads_amounts_after_its_discount(self):
        """F12: what is not billed with that of today, what is billed with that of its invoice line."""
        self.grant(self.client)
        work = self.create_work(235)
        self.assertEqual(self.get_amounts(work), (["148.50 zł", "10 %"], [(165, 148.50, 10)]))
        totals = work._get_panel_totals()
        self.assertIn("148.50", totals["amount"])
        self.assertEqual(totals["discount"], "10 %")
        line = self.bill()
        self.assertEqual(line.price_subtotal, 148.50)
        line.discount = 50
        self.assertEqual(self.get_amounts(work), (["82.50 zł", "50 %"], [(165, 82.50, 50)]))
        line.discount = 0
        self.assertEqual(self.get_amounts(work), (["165 zł", ""], [(165, 165, 0)]))

    def test_works_after_the_discount_add_up_to_their_invoice_line(self):
        """B1: as without one."""
        self.grant(self.client)
        works = [self.create_work(20, "ONSITE", date="2026-06-10") for _number in range(3)]
        self.assertEqual(sum(amount for _rate, amount, _discount in self.get_amounts(works[0])[1]), 148.50)
        self.assertEqual(self.bill().price_subtotal, 148.50)

    def test_a_correction_says_what_it_gives_back_of_the_money_that_was_paid(self):
        self.grant(self.client)
        work = self.create_work(235)
        self.bill().move_id.action_post()
        self.assertEqual(self.correct(work, 175).amount, -148.50)
        refund = self.env["account.move"].browse(work._correct(175, "Entered twice").action_credit()["res_id"])
        self.assertEqual(refund.amount_untaxed, 148.50)

    def test_discounts_are_read_for_many_works_at_once(self):
        asked = self.grant(self.client)
        days = [f"2026-06-0{number}" for number in range(1, 7)]
        works = self.env["account.analytic.line"].union(*(self.create_work(235, date=day) for day in days))
        works._get_hours_discounts()  # rights and time zone are known from now on
        counts = []
        for some in (works[:2], works):
            self.env.flush_all()
            self.env.invalidate_all()
            del asked[:]
            before = self.env.cr.sql_log_count
            self.assertEqual(set(some._get_hours_discounts().values()), {10})
            counts.append((self.env.cr.sql_log_count - before, len(asked)))
        self.assertEqual(*counts)
        self.assertEqual(counts[0][1], 1, "once for client, company and month")

    def test_one_off_work_has_the_discount_and_the_longer_term(self):
        self.grant(self.walk_in)
        invoice = self.bill_one_off("2026-06-12")
        self.assertEqual(invoice.invoice_line_ids.discount, 10)
        self.assertEqual(invoice.invoice_payment_term_id, self.env.ref("account.account_payment_term_30days"))

    def test_one_off_work_is_invoiced_to_the_invoice_address(self):
        """As agreements are; the discount is the organisation's."""
        asked = self.grant(self.walk_in)
        address = self.env["res.partner"].create(
            {"name": "Books", "type": "invoice", "parent_id": self.walk_in.id, "country_id": self.walk_in.country_id.id}
        )
        invoice = self.bill_one_off("2026-06-12")
        self.assertEqual((invoice.partner_id, invoice.commercial_partner_id), (address, self.walk_in))
        self.assertEqual((invoice.invoice_line_ids.discount, asked[0][0]), (10, self.walk_in))

    # Dates of supply

    def test_an_invoice_of_hours_alone_was_supplied_on_the_last_day_of_work(self):
        invoice = self.bill_one_off("2026-05-31", "2026-06-12", "2026-06-03")
        self.assertEqual((str(invoice.taxable_supply_date), str(invoice.delivery_date)), ("2026-06-12",) * 2)
        client = self.create_client("Yearly Ltd")
        self.create_agreement(self.plan_start, client, "2026-01-01", "year")
        self.run_invoicing("2026-06-20")
        ticket = self.create_time_ticket(client)
        for day in ("2026-06-14", "2026-06-02"):
            self.create_work(235, date=day, ticket_id=ticket.id)
        invoice = self.run_invoicing("2026-07-01").filtered(lambda move: move.partner_id == client)
        self.assertEqual(str(invoice.taxable_supply_date), "2026-06-14")

    def test_an_invoice_with_a_fee_keeps_its_own_dates(self):
        self.create_work(235)
        invoice = self.bill().move_id
        self.assertGreater(len(invoice.invoice_line_ids), 1)
        self.assertFalse(invoice.taxable_supply_date or invoice.delivery_date)

    def test_an_invoice_whose_fee_is_taken_off_was_supplied_on_the_last_day_of_work(self):
        """As one that was made of hours alone; the invoice date is no day of any supply."""
        for day in ("2026-06-14", "2026-06-02"):
            self.create_work(235, date=day)
        for take_off in (
            lambda invoice: invoice.invoice_line_ids.filtered("is_plan_fee")._take_off_drafts(),
            lambda invoice: self.delete_fee_in_form(invoice),
        ):
            with self.subTest(), self.cr.savepoint() as savepoint:
                invoice = self.bill().move_id
                take_off(invoice)
                self.assertTrue(invoice.invoice_line_ids.filtered("is_overage"))
                self.assertEqual((str(invoice.taxable_supply_date), str(invoice.delivery_date)), ("2026-06-14",) * 2)
                savepoint.rollback()
            self.env.invalidate_all()

    def delete_fee_in_form(self, invoice):
        with Form(invoice) as form:
            names = [line.is_plan_fee for line in invoice.invoice_line_ids]
            form.invoice_line_ids.remove(index=names.index(True))

    def test_a_package_was_supplied_on_the_day_of_its_purchase(self):
        purchase = self.agreement._prepare_purchase(self.env["support.package.offer"], 600, 1500, 12)
        invoice = self.agreement._buy_package(purchase, fields.Date.to_date("2026-06-20")).invoice_line_id.move_id
        self.assertEqual((str(invoice.taxable_supply_date), str(invoice.delivery_date)), ("2026-06-20",) * 2)

    def test_an_invoice_of_hours_is_posted_when_the_month_of_work_is_locked(self):
        invoice = self.bill_one_off("2026-05-31")
        self.env.company.fiscalyear_lock_date = "2026-05-31"
        invoice.action_post()
        self.assertEqual((invoice.state, str(invoice.taxable_supply_date)), ("posted", "2026-05-31"))

    def test_an_invoice_that_replaces_one_of_hours_has_its_dates(self):
        invoice = self.bill_one_off("2026-06-12")
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.modify_moves()
        new = wizard.new_move_ids
        self.assertEqual((str(new.taxable_supply_date), str(new.delivery_date)), ("2026-06-12",) * 2)

    # When it is billed

    def test_work_to_bill_says_when(self):
        """P22: the service month is over then; work without an agreement whenever it is wanted."""
        self.agreement.overage_ceiling_hours = 1
        may = self.create_work(235, date="2026-05-12")
        june = self.create_work(235, date="2026-06-10")
        above = self.create_work(55, date="2026-06-11")
        one_off = self.create_work(25, ticket_id=self.walk_in_ticket.id)
        free = self.create_work(10, "EMAIL")
        self.assertEqual(
            [work.next_bill for work in (may, june, above, one_off, free)],
            ["With the next run", "07/01/2026", "When approved", "Now", ""],
        )
        self.run_invoicing("2026-07-01")
        self.assertFalse(june.next_bill)
        self.assertEqual(june._correct(175, "Entered twice").next_bill, "Set off against later work")

    def test_work_of_an_agreement_that_ends_is_billed_after_its_end(self):
        client = self.create_client("Leaver")
        agreement = self.create_agreement(self.plan_start, client, "2026-01-01", min_term_months=0)
        work = self.create_work(235, date="2026-06-12", ticket_id=self.create_time_ticket(client).id)
        agreement._write_own({"date_end": "2026-06-25"})
        self.assertEqual(work.next_bill, "06/26/2026")

    def test_hours_of_a_month_that_the_end_cuts_are_billed_until_the_end(self):
        """Nothing is served after the end; the month begins on the 15th."""
        client = self.create_client("Leaver")
        agreement = self.create_agreement(self.plan_start, client, "2026-05-15", min_term_months=0)
        self.run_invoicing("2026-06-20")
        for day in ("2026-06-10", "2026-06-16"):
            self.create_work(235, date=day, ticket_id=self.create_time_ticket(client).id)
        agreement._write_own({"date_end": "2026-06-18"})
        invoice = self.run_invoicing("2026-06-20").filtered(lambda move: move.partner_id == client)
        lines = invoice.invoice_line_ids.filtered("is_overage")
        self.assertEqual([str(line.service_period_end) for line in lines], ["2026-06-14", "2026-06-18"])
        self.assertIn("06/15/2026 – 06/18/2026", lines[1].name)

    def test_work_to_bill_asks_the_same_for_one_and_for_many(self):
        works = self.env["account.analytic.line"]
        for number in range(6):
            client = self.create_client(f"Client {number}")
            self.create_agreement(self.plan_start, client, "2026-01-01")
            works |= self.create_work(235, date="2026-06-10", ticket_id=self.create_time_ticket(client).id)
        works.mapped("next_bill")  # the language is known from now on
        counts = []
        for some in (works[:2], works):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("next_bill")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # What stays for the next invoice

    def test_create_invoice_says_which_hours_stay_for_the_next_one(self):
        self.create_work(235, date="2026-05-12")
        work = self.create_work(265, date="2026-06-10")
        action = self.agreement.action_create_invoice()
        self.assertEqual(action["tag"], "display_notification")
        self.assertRegex(action["params"]["message"], r"1:30 h beyond the package .* invoice of 07/01/2026")
        self.assertEqual(action["params"]["next"]["res_model"], "account.move")
        self.assertFalse(work.is_billed)
        with self.assertRaisesRegex(UserError, "1:30 h beyond the package .* invoice of 07/01/2026"):
            self.agreement.action_create_invoice()

    def test_the_month_s_run_notes_on_the_invoice_which_hours_stay(self):
        with freeze_time("2026-07-03 08:00:00"):
            self.create_work(205, date="2026-07-02")
            invoice = self.run_invoicing("2026-07-03")
        self.assertRegex(
            " ".join(map(str, invoice.message_ids.mapped("body"))), r"0:30 h beyond the package .* 08/01/2026"
        )

    def test_without_such_hours_nothing_is_said(self):
        self.create_work(235, date="2026-05-12")
        action = self.agreement.action_create_invoice()
        self.assertEqual(action["type"], "ir.actions.act_window")
        bodies = self.agreement._get_related_invoices().message_ids.mapped("body")
        self.assertNotIn("beyond the package", " ".join(map(str, bodies)))

    # A billed work

    def correct(self, work, worked):
        wizard = Form(self.env["support.time.correction"].with_context(default_line_id=work.id))
        wizard.hours = worked / 60
        return wizard

    def test_the_correction_says_what_it_changes_on_the_bill(self):
        """D13: 4 h were billed, 3 of them from the package."""
        work = self.create_work(235)
        self.bill()
        wizard = self.correct(work, 115)
        self.assertEqual((wizard.difference_minutes, wizard.amount), (-120, -165))
        self.assertRegex(
            wizard.change_text.replace("\N{NO-BREAK SPACE}", " "),
            r"^1:00 h beyond the package, .*165.00.* net, is given back: .* 1:00 h returns to the package.$",
        )
        wizard.hours = 235 / 60
        self.assertEqual((wizard.amount, wizard.change_text), (0, "Nothing changes: the same time is charged."))
        wizard.hours = 265 / 60
        self.assertEqual((wizard.difference_minutes, wizard.amount), (30, 82.50))
        self.assertRegex(wizard.change_text, r"^0:30 h beyond .* is on the next invoice.$")

    def test_the_preview_of_a_correction_comes_true(self):
        """Down and up, with hours in another package too; a second correction begins where the first ended."""
        self.env["support.package"].create(
            {
                "contract_id": self.agreement.id,
                "origin": "adjustment",
                "minutes": 90,
                "date_from": "2026-06-16",
                "date_to": "2027-05-31",
                "note": "Opening balance",
            }
        )
        work = self.create_work(235, date="2026-06-15")
        self.bill()
        for worked in (205, 115, 55, 235, 300):
            with self.subTest(worked=worked):
                wizard = self.correct(work, worked)
                expected = wizard.difference_minutes, wizard.amount
                wizard.reason = "Counted again"
                before = work.correction_ids
                wizard.save().action_correct()
                correction = work.correction_ids - before
                self.assertEqual((correction.charged_minutes, correction.work_amount), expected)
                self.assertEqual(round(self.correct(work, worked).hours * 60), worked)

    def test_a_correction_is_corrected_as_its_work(self):
        work = self.create_work(205)
        self.bill()
        correction = work._correct(235, "Forgotten")
        self.bill("2026-08-01")
        wizard = Form(self.env["support.time.correction"].with_context(default_line_id=correction.id))
        self.assertEqual((round(wizard.hours * 60), wizard.booked_minutes, wizard.difference_minutes), (235, 240, 0))

    def test_a_billed_work_names_its_invoice_and_opens_it(self):
        work = self.create_work(235)
        self.assertFalse(work.invoice_names)
        invoice = self.bill().move_id
        self.assertEqual(work.invoice_names, invoice.display_name)
        invoice.action_post()
        self.assertEqual(work.with_user(self.consultant).invoice_names, invoice.name)
        self.assertEqual(work.action_view_invoices()["res_id"], invoice.id)

    def test_the_works_of_a_line_have_a_list_of_their_own(self):
        self.create_work(235)
        [(view, kind)] = self.bill().action_explain()["views"]
        self.assertEqual(kind, "list")
        arch = self.env["ir.ui.view"].browse(view).arch
        for name in ("partner_id", "source", "invoice_id"):
            self.assertNotIn(f'name="{name}"', arch, "the same in each row")
