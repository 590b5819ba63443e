from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .termination_common import IBAN, TerminationCommon


@tagged("post_install", "-at_install")
class TestTerminationEdges(TerminationCommon):
    """Where a resignation could take a wrong turn: drafts that go and come, bad input, rights of the parts."""

    def correct(self, agreement=None, **values):
        termination = self.resign(agreement or self.create_year(), "2026-05-31", accept=True, **values)
        termination.action_prepare_correction()
        return termination

    def create_changed_year(self):
        """START for 4 months, STANDARD for the rest: two paid invoices of one year."""
        self.plan_standard.price_year_month = 719.10
        self.plan_start.price_year_month = 359.10
        agreement = self.create_year()
        terms = self.plan_standard._prepare_terms()
        agreement._apply_plan(self.plan_standard, terms, 1, fields.Date.to_date("2026-05-01"))
        difference = agreement._recurring_create_invoice(fields.Date.to_date("2026-05-01"))
        difference.action_post()
        self.pay(difference)
        return agreement

    # Drafts that go and come

    def test_a_cancelled_draft_is_prepared_anew(self):
        termination = self.correct()
        cancelled = termination.refund_move_ids
        cancelled.button_cancel()
        self.assertEqual(termination.state, "accepted")
        self.assertEqual(termination.correction_count, 0)
        action = termination.action_prepare_correction()
        draft = termination.refund_move_ids - cancelled
        self.assertEqual((action["res_id"], termination.refund_move_id), (draft.id, draft))
        self.assertEqual((draft.state, draft.amount_total), ("draft", 2616.47))
        draft.action_post()
        self.assertEqual((termination.state, termination.refund_open), ("corrected", 2616.47))

    def test_a_payment_after_the_cancelled_draft_counts(self):
        """The settlement of the cancelled draft goes, and the new one knows the payment."""
        agreement = self.create_year(paid=False)
        termination = self.correct(agreement)
        termination.refund_move_ids.button_cancel()
        self.pay(self.get_invoice(agreement))
        termination.action_prepare_correction()
        self.assertEqual(termination._get_corrections().amount_total, 2616.47)
        self.assertEqual(termination.refund_gross, 2616.47)

    def test_one_of_two_drafts_that_was_deleted_is_prepared_anew(self):
        termination = self.resign(self.create_changed_year(), "2026-06-30", accept=True)
        termination.action_prepare_correction()
        kept, deleted = termination.refund_move_ids.sorted("id")
        amount = deleted.amount_total
        deleted.unlink()
        self.assertEqual(termination.state, "accepted")
        termination.action_prepare_correction()
        made = termination.refund_move_ids - kept
        self.assertEqual((len(made), made.amount_total), (1, amount))
        termination.action_post_corrections()
        self.assertEqual(termination.state, "corrected")

    def test_with_one_of_two_posted_there_is_no_way_back(self):
        """A correction that was issued stays, whether or not the other one is"""
        termination = self.resign(self.create_changed_year(), "2026-06-30", accept=True)
        termination.action_prepare_correction()
        first, second = termination.refund_move_ids.sorted("id")
        first.action_post()
        for _with_the_draft_and_without in range(2):
            self.assertEqual(termination.state, "accepted")
            with self.assertRefused("sign a new agreement"):
                termination.action_withdraw()
            second.filtered(lambda move: move.state == "draft").unlink()
            second = second.exists()
        termination.action_prepare_correction()
        termination.action_post_corrections()
        self.assertEqual(termination.state, "corrected")

    def test_a_posted_correction_made_a_draft_goes_with_the_withdrawal(self):
        termination = self.correct()
        move = termination.refund_move_ids
        move.action_post()
        move.button_draft()
        self.assertEqual(termination.state, "accepted")
        termination.action_withdraw()
        self.assertFalse(move.exists())
        self.assertEqual(termination.contract_id.support_state, "running")

    def test_a_withdrawal_bills_the_year_again_whose_draft_was_deleted(self):
        """P9: no trace in billing"""
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", "year")
        draft = agreement._recurring_create_invoice(fields.Date.to_date("2026-01-01"))
        amount = draft.amount_total
        termination = self.resign(agreement, "2026-05-31", accept=True)
        self.assertFalse(draft.exists())
        termination.action_withdraw()
        self.assertEqual(self.run_invoicing("2026-06-01").mapped("amount_total"), [amount])

    def test_withdrawn_keeps_an_agreed_end(self):
        """The agreement ends again as it did before the resignation"""
        agreement = self.create_year(date_end="2027-12-31")
        termination = self.resign(agreement, "2026-05-31", accept=True)
        self.assertEqual(agreement.date_end, fields.Date.to_date("2026-05-31"))
        termination.action_withdraw()
        self.assertEqual(agreement.date_end, fields.Date.to_date("2027-12-31"))

    # The treatment

    def test_the_treatment_is_not_changed_under_a_draft(self):
        termination = self.correct()
        for vals in ({"fee_tax_treatment": "none"}, {"is_private_person": True}):
            with self.subTest(vals), self.assertRefused("Delete its draft first"):
                termination.write(vals)
        termination.refund_move_ids.unlink()
        termination.fee_tax_treatment = "none"
        termination.action_prepare_correction()
        self.assertEqual(termination.refund_move_ids.amount_total, 2697.39)

    def test_a_consultant_enters_no_treatment(self):
        agreement = self.create_year()
        for vals in ({"fee_tax_treatment": "none"}, {"is_private_person": True}):
            with self.subTest(vals), self.assertRaises(AccessError):
                self.env["support.termination"].with_user(self.consultant).create(
                    {"contract_id": agreement.id, "requested_on": "2026-05-01", **vals}
                )

    # Input

    def test_what_is_no_value_is_refused(self):
        agreement = self.create_year()
        for vals in (
            {"way": "pigeon"},
            {"initiator": 5},
            {"requested_on": "yesterday"},
            {"requested_on": False},
            {"effective_on": 20260531},
            {"requested_by_id": "Anna"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.env["support.termination"].create({"contract_id": agreement.id, **vals})
        with self.assertRefused("Choose the agreement"):
            self.env["support.termination"].create({})

    def test_no_last_day_is_not_submitted(self):
        termination = self.env["support.termination"].create(
            {"contract_id": self.create_year().id, "requested_on": "2026-01-01"}
        )
        termination.effective_on = False
        with self.assertRefused("no last day"):
            termination.action_submit()

    def test_a_wrong_account_of_the_client_is_not_proposed(self):
        client = self.create_client("Two Accounts")
        banks = self.env["res.partner.bank"].create(
            [{"acc_number": number, "partner_id": client.id} for number in ("12-34", IBAN)]
        )
        termination = self.resign(self.create_year(client=client), "2026-05-31")
        self.assertEqual(termination.refund_bank_id, banks[1])

    # The handover

    def test_points_of_a_handover_are_ticked_off_by_the_button(self):
        termination = self.resign(self.create_year(), "2026-05-31").with_user(self.consultant)
        point = termination.handover_ids[0]
        with self.assertRefused("button Done"):
            point.done_on = "2026-01-01"
        with self.assertRefused("button Done"):
            termination.handover_ids = [Command.create({"name": "Keys", "done_by_id": self.accountant.id})]
        termination.handover_ids = [Command.create({"name": "Keys"})]
        point.action_done()
        with self.assertRefused("Undo it first"):
            point.unlink()
        point.action_undo()
        point.unlink()
        self.assertEqual(len(termination.handover_ids), 6)

    def test_the_handover_of_a_withdrawn_resignation_is_history(self):
        termination = self.resign(self.create_year(), "2026-05-31")
        termination.action_withdraw()
        point = termination.with_user(self.consultant).handover_ids[0]
        for step in (point.action_done, point.action_undo, point.unlink, lambda: point.write({"name": "x"})):
            with self.assertRefused("possible only in"):
                step()
