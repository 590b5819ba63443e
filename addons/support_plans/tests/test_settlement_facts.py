from odoo import Command, fields
from odoo.tests import tagged

from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
class TestSettlementFacts(TerminationCommon):
    """What was really billed and paid: discounts in lines, credit notes taken back, write-offs (D6)."""

    def post_anew(self, agreement, *lines, **fee):
        """Add lines to the invoice of a year, or write on its fee, then post and pay it."""
        invoice = self.get_invoice(agreement)
        invoice.button_draft()
        invoice.invoice_line_ids.write(fee)
        invoice.invoice_line_ids = [Command.create(line) for line in lines]
        invoice.action_post()
        self.pay(invoice)
        return invoice

    def line(self, name, price, **values):
        return {"name": name, "price_unit": price, "tax_ids": [Command.set(self.vat_23.ids)], **values}

    def receivables(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        return lines.filtered(lambda line: line.account_type == "asset_receivable" and not line.reconciled)

    def credit(self, move, **values):
        credit = move._reverse_moves([{"invoice_date": move.invoice_date, **values}])
        credit.action_post()
        return credit

    # Discounts

    def test_a_discount_typed_as_a_line_lowers_the_plan(self):
        """3769.20 − 1995.00 = 1774.20; 53.23; 1720.97 net"""
        agreement = self.create_year(paid=False)
        invoice = self.post_anew(agreement, self.line("Welcome discount", -418.80))
        termination = self.correct(agreement)
        self.assertEqual((termination.paid_net, termination.fee, termination.refund_net), (3769.20, 53.23, 1720.97))
        move = termination.refund_move_ids
        parts = [(x.termination_part, x.price_subtotal) for x in move.invoice_line_ids]
        self.assertEqual(parts, [("back", 4188), ("discount", -418.80), ("months", -1995), ("fee", -53.23)])
        move.action_post()
        self.assertAlmostEqual(invoice.amount_tax - move.amount_tax, 471.09, 2)  # 2048.23 x 23 %

    def test_a_negative_line_of_something_else_does_not(self):
        agreement = self.create_year(paid=False)
        hosting = self.env["product.product"].create({"name": "Hosting", "type": "service"})
        self.post_anew(
            agreement,
            self.line("Hosting", 100, product_id=hosting.id),
            self.line("Hosting, a month free", -50, product_id=hosting.id),
        )
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.paid_net, termination.refund_net), (4188, 2127.21))

    def test_what_names_a_thing_of_another_invoice_lowers_the_plan(self):
        """Hosting stands on the first invoice only; on the second its name says nothing."""
        self.plan_standard.price_year_month = 719.10
        agreement = self.create_year(paid=False)
        hosting = self.env["product.product"].create({"name": "Hosting", "type": "service"})
        self.post_anew(agreement, self.line("Hosting", 100, product_id=hosting.id))
        agreement._apply_plan(
            self.plan_standard, self.plan_standard._prepare_terms(), 1, fields.Date.to_date("2026-05-01")
        )
        difference = agreement._recurring_create_invoice(fields.Date.to_date("2026-05-01"))
        difference.invoice_line_ids = [Command.create(self.line("Free hosting", -50, product_id=hosting.id))]
        difference.action_post()
        self.pay(difference)
        values = self.resign(agreement, "2026-05-31")._get_statement_values()
        self.assertEqual(values["other_gross"], 123)

    def test_a_discount_with_another_tax_is_corrected_by_hand(self):
        agreement = self.create_year(paid=False)
        self.post_anew(agreement, self.line("Discount", -418.80, tax_ids=[Command.clear()]))
        termination = self.resign(agreement, "2026-05-31", accept=True)
        with self.assertRefused("discount with another tax"):
            termination.action_prepare_correction()

    def test_a_credit_note_of_all_leaves_nothing_of_a_discounted_year(self):
        agreement = self.create_year(paid=False)
        self.credit(self.post_anew(agreement, self.line("Discount", -418.80)))
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.paid_net, termination.lowered_net), (0, 0))

    def test_a_free_year_with_a_credit_note_is_settled_with_nothing(self):
        agreement = self.create_year(paid=False)
        invoice = self.post_anew(agreement, self.line("Setup", 10), discount=100)
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "invoice_date": invoice.invoice_date,
                "reversed_entry_id": invoice.id,
                "invoice_line_ids": [
                    Command.create(self.line("Sorry", 5, product_id=self.plan_start.product_id.id)),
                ],
            }
        )
        credit.action_post()
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.paid_net, termination.refund_gross), (0, 0))

    # Credit notes that were taken back

    def test_a_credit_note_that_was_reversed_gives_nothing_back(self):
        agreement = self.create_year()
        credit = self.get_invoice(agreement)._reverse_moves([{"invoice_date": "2026-01-02"}])
        credit.invoice_line_ids.quantity = 2
        credit.action_post()
        self.credit(credit)
        termination = self.correct(agreement)
        self.assertEqual((termination.paid_net, termination.refund_gross), (4188, 2616.47))
        termination.refund_move_ids.action_post()
        self.assertEqual(termination.refund_move_ids.amount_total, 2616.47)

    def test_a_part_taken_back_counts_for_a_part(self):
        agreement = self.create_year()
        credit = self.get_invoice(agreement)._reverse_moves([{"invoice_date": "2026-01-02"}])
        credit.invoice_line_ids.quantity = 2
        credit.action_post()
        against = credit._reverse_moves([{"invoice_date": "2026-01-02"}])
        against.invoice_line_ids.quantity = 1
        against.action_post()
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.line_ids.earlier_net, termination.paid_net), (349, 3839))

    def test_an_unpaid_invoice_whose_credit_note_was_reversed_is_not_paid(self):
        agreement = self.create_year(paid=False)
        credit = self.credit(self.get_invoice(agreement))
        self.receivables(credit, self.get_invoice(agreement)).reconcile()
        self.credit(credit)
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.paid_net, termination.refund_gross), (0, 0))

    def test_a_second_credit_note_is_possible_after_the_first_was_reversed(self):
        agreement = self.create_year()
        credit = self.get_invoice(agreement)._reverse_moves([{"invoice_date": "2026-01-02"}])
        credit.action_post()
        self.credit(credit)
        self.correct(agreement, post=True)
        again = self.get_invoice(agreement)[:1]._reverse_moves([{"invoice_date": "2026-01-02"}])
        with self.assertRefused("Credit only what is left"):
            again.action_post()
        again.invoice_line_ids.quantity = 1
        again.action_post()
        self.assertEqual(again.state, "posted")

    # Closed without money

    def close(self, invoice, amount, account, journal=None):
        """Close a part of an invoice by an entry against an account."""
        receivable = self.receivables(invoice)
        entry = self.env["account.move"].create(
            {
                "journal_id": (journal or self.company_data["default_journal_misc"]).id,
                "date": invoice.invoice_date,
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": amount, "partner_id": invoice.partner_id.id}),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "credit": amount,
                            "partner_id": invoice.partner_id.id,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self.receivables(invoice, entry).reconcile()

    def test_a_bad_debt_is_not_paid(self):
        """3000.00 paid, the rest written off: as if it were open"""
        agreement = self.create_year(paid=3000)
        self.close(self.get_invoice(agreement), 2151.24, self.company_data["default_account_expense"])
        self.assertEqual(self.get_invoice(agreement).amount_residual, 0)
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.paid_net, termination.refund_gross), (2439.02, 529.77))

    def test_money_of_a_bank_journal_and_what_was_set_off_are_paid(self):
        bank, misc = self.company_data["default_journal_bank"], None
        for name, account, journal in (
            ("bank", bank.default_account_id, bank),
            ("set off", self.company_data["default_account_payable"], misc),
        ):
            with self.subTest(name):
                agreement = self.create_year(client=self.create_client(name), paid=False)
                self.close(self.get_invoice(agreement), 5151.24, account, journal)
                self.assertEqual(self.resign(agreement, "2026-05-31").refund_gross, 2616.47)

    def transfer(self, invoice, payer):
        """Close an invoice by what another payer owes from now on; return the line of that debt."""
        receivable = self.receivables(invoice)
        values = {"account_id": receivable.account_id.id}
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": invoice.invoice_date,
                "line_ids": [
                    Command.create({**values, "debit": 5151.24, "partner_id": payer.id}),
                    Command.create({**values, "credit": 5151.24, "partner_id": invoice.partner_id.id}),
                ],
            }
        )
        entry.action_post()
        debt, closing = entry.line_ids.sorted("balance", reverse=True)
        (receivable | closing).reconcile()
        return debt

    def test_a_debt_that_moved_is_paid_when_the_other_is(self):
        agreement, payer = self.create_year(paid=False), self.create_client("Payer")
        debt = self.transfer(self.get_invoice(agreement), payer)
        termination = self.resign(agreement, "2026-05-31")
        self.assertEqual((termination.paid_net, termination.refund_gross), (0, 0))
        termination.action_withdraw()
        payment = self.env["account.payment"].create(
            {"partner_id": payer.id, "amount": 5151.24, "date": "2026-01-02", "payment_type": "inbound"}
        )
        payment.action_post()
        (debt | self.receivables(payment.move_id)).reconcile()
        self.assertEqual(self.resign(agreement, "2026-05-31").refund_gross, 2616.47)

    def test_deposits_and_clearing_are_paid_and_an_allowance_is_not(self):
        """What is followed item by item is somebody's money; in the Polish chart both are current liabilities."""
        for number, (name, account_type, reconcile, refund) in enumerate(
            (
                ("Deposits", "liability_current", True, 2616.47),
                ("Provider", "asset_current", True, 2616.47),
                ("Cash", "asset_cash", False, 2616.47),
                ("Allowance", "liability_current", False, 0),
                ("Allowance of assets", "asset_current", False, 0),
            )
        ):
            with self.subTest(name):
                account = self.env["account.account"].create(
                    {"name": name, "code": f"987{number}", "account_type": account_type, "reconcile": reconcile}
                )
                agreement = self.create_year(client=self.create_client(name), paid=False)
                self.close(self.get_invoice(agreement), 5151.24, account)
                self.assertEqual(self.resign(agreement, "2026-05-31").refund_gross, refund)

    def test_a_bank_statement_is_money(self):
        agreement = self.create_year(paid=False)
        invoice = self.get_invoice(agreement)
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": invoice.invoice_date,
                "amount": 5151.24,
                "partner_id": invoice.partner_id.id,
            }
        )
        _liquidity, suspense, _other = statement._seek_for_lines()
        suspense.account_id = self.receivables(invoice).account_id
        self.receivables(invoice, statement.move_id).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.resign(agreement, "2026-05-31").refund_gross, 2616.47)
