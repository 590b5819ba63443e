from datetime import date

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import SupportCommon


@tagged("post_install", "-at_install")
class TestAgreementNotice(SupportCommon):
    """Minimum term, notice and the end of an agreement (P9, F6, D3)."""

    def _resign(self, agreement, **values):
        resignation = self.env["support.termination"].create({"contract_id": agreement.id, **values})
        resignation.action_submit()
        return resignation

    @freeze_time("2026-11-21")
    def test_the_earliest_end_is_explained_in_a_sentence(self):
        """P9, D3: the later of the end of the minimum term and the end of notice."""
        agreement = self.create_agreement(self.plan_standard, self.client, "2026-11-01")
        self.assertEqual(agreement.min_term_end, date(2027, 4, 30))
        self.assertEqual(agreement.earliest_end, date(2027, 4, 30))
        self.assertEqual(
            agreement.earliest_end_explanation,
            "Minimum term ends 30 Apr 2027; notice given today ends 21 Dec 2026; the earliest end is 30 Apr 2027.",
        )

    @freeze_time("2026-11-21")
    def test_after_the_minimum_term_the_notice_decides(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31")
        self.assertEqual(agreement.min_term_end, date(2026, 4, 29))
        self.assertEqual(agreement.earliest_end, date(2026, 12, 21))
        self.assertEqual(
            agreement.earliest_end_explanation,
            "The minimum term ended 29 Apr 2026; notice given today ends 21 Dec 2026; the earliest end is 21 Dec 2026.",
        )

    @freeze_time("2026-11-21")
    def test_a_prepaid_year_may_end_at_the_end_of_notice(self):
        """D3, F10"""
        agreement = self.create_agreement(self.plan_standard, self.client, "2026-11-01", "year")
        self.assertEqual(agreement.earliest_end, date(2026, 12, 21))
        self.assertEqual(
            agreement.earliest_end_explanation,
            "The prepaid year runs until 31 Oct 2027; notice given today ends 21 Dec 2026; "
            "the earliest end is 21 Dec 2026, and what is left of the year is settled.",
        )

    @freeze_time("2026-11-21")
    def test_the_sentence_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31")
        polish = agreement.with_context(lang="pl_PL").earliest_end_explanation
        self.assertIn("21 gru 2026", polish)

    def test_a_draft_has_no_earliest_end(self):
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-31")
        self.assertFalse(agreement.earliest_end)
        self.assertFalse(agreement.earliest_end_explanation)

    # Notice

    @freeze_time("2026-03-20")
    def test_the_resignation_proposes_the_earliest_end(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        action = agreement.action_give_notice()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(form.contract_id, agreement)
        self.assertEqual(form.effective_on, date(2026, 4, 20))
        form.requested_on = date(2026, 2, 1)
        self.assertEqual(form.effective_on, date(2026, 3, 31))
        form.save().action_submit()
        self.assertEqual(agreement.support_state, "notice")
        self.assertEqual(agreement.notice_on, date(2026, 2, 1))
        self.assertEqual(agreement.date_end, date(2026, 3, 31))
        self.assertEqual(agreement.plan_fee_line_ids.date_end, date(2026, 3, 31))
        self.assertEqual(
            agreement.earliest_end_explanation,
            "Notice was given 1 Feb 2026; the agreement ends 31 Mar 2026.",
        )

    @freeze_time("2026-03-20")
    def test_giving_notice_again_shows_the_resignation(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        resignation = self._resign(agreement)
        self.assertEqual(agreement.action_give_notice()["res_id"], resignation.id)
        self.assertEqual((agreement.resignation_id, agreement.resignation_state), (resignation, "submitted"))

    @freeze_time("2026-03-20")
    def test_an_earlier_end_needs_a_reason_and_a_later_one_does_not(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        resignation = self.env["support.termination"].create({"contract_id": agreement.id, "reason": "Firm closed"})
        with self.assertRaisesRegex(ValidationError, "at the earliest"), self.cr.savepoint():
            resignation.effective_on = "2026-04-19"
        resignation.invalidate_recordset()
        resignation.effective_on = "2026-04-30"
        resignation.action_submit()
        self.assertEqual(agreement.date_end, date(2026, 4, 30))
        resignation.write({"effective_on": "2026-03-31", "early_reason": "Agreed by phone"})
        self.assertEqual(agreement.date_end, date(2026, 3, 31))
        self.assertEqual(agreement.notice_reason, "Firm closed")

    @freeze_time("2026-03-20")
    def test_a_notice_may_be_withdrawn(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        resignation = self._resign(agreement)
        agreement.action_withdraw_notice()
        self.assertEqual(resignation.state, "withdrawn")
        self.assertEqual(agreement.support_state, "running")
        self.assertFalse(agreement.date_end or agreement.notice_on)
        self.assertFalse(agreement.plan_fee_line_ids.date_end)
        self.assertFalse(agreement.resignation_id)

    @freeze_time("2026-11-21")
    def test_notice_never_prolongs_the_agreed_end_and_withdrawal_restores_it(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", date_end=date(2026, 12, 10))
        resignation = self.env["support.termination"].create({"contract_id": agreement.id})
        self.assertEqual((resignation.earliest_on, resignation.effective_on), (date(2026, 12, 10),) * 2)
        with self.assertRaisesRegex(UserError, "as agreed"), self.cr.savepoint():
            resignation.effective_on = "2026-12-21"
            resignation.action_submit()
        self.env.invalidate_all()
        resignation.write({"effective_on": "2026-12-01", "early_reason": "Firm closed"})
        resignation.action_submit()
        with self.assertRaisesRegex(UserError, "as agreed"), self.cr.savepoint():
            resignation.effective_on = "2026-12-21"
        self.env.invalidate_all()
        resignation.effective_on = "2026-12-10"
        agreement.action_withdraw_notice()
        self.assertEqual(agreement.date_end, date(2026, 12, 10))
        self.assertEqual(agreement.plan_fee_line_ids.date_end, date(2026, 12, 10))
        self.assertFalse(agreement.agreed_end)

    @freeze_time("2026-03-20")
    def test_withdrawing_gives_every_other_line_its_own_end_back(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        lines = self.env["contract.line"]
        for name, start, end in (
            ("Hosting", "2026-01-01", False),
            ("Audit", "2026-02-01", "2026-07-31"),
            ("Later", "2026-08-01", False),
            ("Dropped", "2026-01-01", False),
        ):
            lines |= lines.create(
                {"contract_id": agreement.id, "name": name, "specific_price": 50, "date_start": start, "date_end": end}
            )
        lines[3].is_canceled = True
        before = lines.mapped(lambda line: (line.date_end, line.is_canceled))
        self._resign(agreement).effective_on = "2026-05-31"
        self.assertEqual(lines[:2].mapped("date_end"), [date(2026, 5, 31)] * 2)
        self.assertEqual(lines.mapped("is_canceled"), [False, False, True, True])
        agreement.action_withdraw_notice()
        self.assertEqual(lines.mapped(lambda line: (line.date_end, line.is_canceled)), before)

    @freeze_time("2026-03-20")
    def test_an_agreement_does_not_end_before_it_begins(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "begins on"):
            agreement._end_on(date(2025, 12, 31))

    def test_a_draft_takes_no_notice(self):
        agreement = self.create_draft_agreement(self.plan_start, self.client, "2026-01-01")
        with self.assertRaisesRegex(UserError, "not running"):
            agreement._give_notice(date(2026, 1, 1), date(2026, 2, 1))
        with self.assertRaisesRegex(ValidationError, "not running"):
            self.env["support.termination"].create({"contract_id": agreement.id})

    # End

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("support_plans.ir_cron_end_agreements").method_direct_trigger()

    def test_the_nightly_run_ends_agreements_the_day_after_and_only_once(self):
        with freeze_time("2026-03-20"):
            agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01")
            agreement._give_notice(date(2026, 3, 20), date(2026, 4, 20))
        with freeze_time("2026-04-20"):
            self._run_cron()
            self.assertEqual(agreement.support_state, "notice")
        with freeze_time("2026-04-21"):
            self._run_cron()
            self.assertEqual(agreement.support_state, "ended")
            messages = len(agreement.message_ids)
            self._run_cron()
            self.assertEqual(len(agreement.message_ids), messages)

    def test_an_agreement_for_a_fixed_time_ends_by_itself(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-01", date_end=date(2026, 6, 30))
        self.assertEqual(agreement.plan_fee_line_ids.date_end, date(2026, 6, 30))
        with freeze_time("2026-07-01"):
            self._run_cron()
        self.assertEqual(agreement.support_state, "ended")

    def test_whether_a_day_is_covered_is_judged_by_dates(self):
        agreement = self.create_agreement(self.plan_start, self.client, "2026-01-31")
        agreement._end_on(date(2026, 4, 20))
        for day, covered in (
            ("2026-01-30", False),
            ("2026-01-31", True),
            ("2026-04-20", True),
            ("2026-04-21", False),
        ):
            self.assertEqual(agreement._covers(fields.Date.to_date(day)), covered, day)
        draft = self.create_draft_agreement(self.plan_start, self.client, "2026-01-31")
        self.assertFalse(draft._covers(date(2026, 2, 15)))
