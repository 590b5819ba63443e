from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import KRS, NIP, NgoCommon


@tagged("post_install", "-at_install")
class TestNgoMembership(NgoCommon):
    """Verified by a person, active, warned, suspended, ended: by buttons only, each with a trace (F12)."""

    # Application

    def test_an_application_takes_over_the_offer_and_keeps_it(self):
        membership = self.apply()
        self.assertEqual(membership.state, "applied")
        self.assertEqual(membership.payment_days, 45)
        self.assertEqual(sorted(membership.discount_ids.mapped("percent")), [10, 20, 30])
        self.programme.payment_days = 60
        self.assertEqual(membership.payment_days, 45)

    def test_terms_that_are_given_are_not_replaced_by_the_offer(self):
        membership = self.apply(payment_days=30)
        self.assertEqual(membership.payment_days, 30)
        self.assertEqual(len(membership.discount_ids), 3)

    def test_nothing_but_an_application_can_be_created(self):
        for vals in ({"state": "active"}, {"verified_on": "2026-01-01"}, {"next_check_on": "2030-01-01"}):
            with self.assertRefused("begins as an application"):
                self.apply(**vals)

    def test_an_organisation_is_in_one_programme_of_a_company(self):
        self.apply()
        with self.assertRefused("is in the programme InkubatorNGO already"), mute_logger("odoo.sql_db"):
            self.apply(self.ngo_person)

    def test_after_an_ended_membership_there_is_a_new_one_and_the_history_stays(self):
        first = self.apply()
        first.action_refuse()
        second = self.apply()
        self.assertEqual(self.ngo.ngo_membership_ids, first | second)

    def test_the_form_makes_an_application(self):
        form = Form(self.env["ngo.membership"].with_user(self.coordinator))
        form.programme_id = self.programme
        form.partner_id = self.ngo
        form.legal_form_id = self.foundation
        form.krs = "0000 999 001"
        self.assertEqual(form.payment_days, 45)
        membership = form.save()
        self.assertEqual((membership.krs, len(membership.discount_ids)), (KRS, 3))

    # Verification

    @freeze_time("2026-11-21")
    def test_a_proof_verifies_and_sets_the_next_check_after_15_december(self):
        membership = self.apply()
        proof = self.verify(membership.with_user(self.coordinator))
        self.assertEqual((membership.state, membership.verified_on), ("verified", date(2026, 11, 21)))
        self.assertEqual((membership.next_check_on, membership.verified_by_id), (date(2026, 12, 16), self.coordinator))
        self.assertEqual((proof.user_id, proof.checked_on), (self.coordinator, date(2026, 11, 21)))

    def test_a_finding_that_confirms_nothing_is_kept_and_changes_nothing(self):
        membership = self.apply()
        self.verify(membership, is_confirmed=False)
        self.assertEqual((membership.state, len(membership.verification_ids)), ("applied", 1))

    def test_a_family_foundation_is_refused_with_the_reason(self):
        membership = self.apply(legal_form_id=self.family_foundation.id)
        with self.assertRefused("wealth of a family"):
            self.verify(membership)
        membership.action_refuse()
        self.assertIn("wealth of a family", membership.end_reason)

    def test_a_form_that_the_programme_does_not_take_is_refused(self):
        self.programme.legal_form_ids = self.env.ref("ngo_incubator.legal_form_association")
        with self.assertRefused("is not for the legal form"):
            self.verify(self.apply())

    def test_what_has_no_contact_or_no_number_is_not_verified(self):
        nobody = self.apply().copy({"partner_id": False, "krs": KRS, "applicant_name": "Fundacja X"})
        with self.assertRefused("choose the contact"):
            self.verify(nobody)
        circle = self.env.ref("ngo_incubator.legal_form_rural_women").id
        with self.assertRefused("enter a number"):
            self.verify(self.apply(self.create_client("KGW"), legal_form_id=circle, krs=False))
        with self.assertRefused("enter the KRS number"):
            self.verify(self.apply(self.create_client("Fundacja Y"), krs=False, nip=NIP))

    def test_the_status_opp_needs_the_krs_as_well(self):
        circle = self.env.ref("ngo_incubator.legal_form_church").id
        membership = self.apply(legal_form_id=circle, krs=False, nip=NIP)
        with self.assertRefused("OPP"):
            self.verify(membership, is_opp=True)
        self.verify(membership)

    def test_a_proof_needs_a_file_or_an_address(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.verify(self.apply(), reference=False)

    def test_a_proof_stays_as_it_was(self):
        membership = self.apply()
        proof = self.verify(membership)
        for change in (lambda: proof.write({"note": "better"}), proof.sudo().unlink):
            with self.assertRefused("stays as it was"):
                change()

    def test_the_wizard_keeps_the_file_and_creates_the_contact(self):
        membership = self.apply().copy(
            {"partner_id": False, "krs": KRS, "nip": NIP, "applicant_name": "Fundacja X", "applicant_person": "Jan X"}
        )
        wizard = Form(
            self.env["ngo.verification.wizard"]
            .with_user(self.coordinator)
            .with_context(default_membership_id=membership.id)
        )
        wizard.proof = "UERG"
        wizard = wizard.save()
        wizard.proof_name = "odpis.pdf"
        wizard.action_verify()
        self.assertEqual(membership.state, "verified")
        self.assertEqual(membership.verification_ids.attachment_id.name, "odpis.pdf")
        partner = membership.partner_id
        self.assertEqual((partner.name, partner.vat, partner.child_ids.name), ("Fundacja X", f"PL{NIP}", "Jan X"))

    def test_the_wizard_finds_the_contact_with_the_same_nip(self):
        self.ngo.vat = f"PL{NIP}"
        membership = self.apply().copy({"partner_id": False, "nip": NIP, "applicant_name": "Fundacja X"})
        membership.search([("partner_id", "=", self.ngo.id)]).action_refuse()
        wizard = Form(self.env["ngo.verification.wizard"].with_context(default_membership_id=membership.id))
        self.assertEqual(wizard.partner_id, self.ngo)

    def test_the_wizard_wants_a_proof_and_no_day_to_come(self):
        wizard = self.env["ngo.verification.wizard"].create({"membership_id": self.apply().id})
        with self.assertRefused("needs a proof"):
            wizard.action_verify()
        wizard.write({"reference": "x", "checked_on": "2999-01-01"})
        with self.assertRefused("has not come yet"):
            wizard.action_verify()

    # Activation

    def test_nothing_is_granted_before_a_person_verified(self):
        membership = self.apply()
        with self.assertRefused("possible only in “Verified”"):
            membership.action_activate()
        self.assertFalse(membership.benefit_ids)

    def test_activation_keeps_the_terms_and_tells_the_organisation(self):
        membership = self.join()
        benefit = membership.benefit_ids
        self.assertEqual((membership.state, benefit.payment_days, len(benefit.discount_ids)), ("active", 45, 3))
        self.assertIn(self.ngo, membership.message_ids.partner_ids)
        with self.assertRefused("possible only in"):
            membership.action_activate()
        self.assertEqual(len(membership.benefit_ids), 1)

    def test_an_old_proof_is_renewed_before_activation(self):
        membership = self.apply()
        with freeze_time("2026-11-21"):
            self.verify(membership)
        with freeze_time("2026-12-16"), self.assertRefused("yearly check was due"):
            membership.action_activate()

    def test_a_coordinator_grants_up_to_the_offer_and_a_manager_beyond_it(self):
        membership = self.apply()
        self.verify(membership)
        membership.discount_ids.filtered("plan_id").percent = 40
        with self.assertRefused("better than the offer"):
            membership.with_user(self.coordinator).action_activate()
        membership.with_user(self.manager).action_activate()
        self.assertEqual(membership.state, "active")

    def test_what_was_granted_stays_as_it_was(self):
        benefit = self.join().benefit_ids
        for change in (lambda: benefit.write({"payment_days": 1}), benefit.sudo().unlink):
            with self.assertRefused("stays as it was"):
                change()
        with self.assertRefused("was granted stays as it was"):
            benefit.discount_ids.with_user(self.manager).write({"percent": 1})

    # Warning and end

    @freeze_time("2026-02-01")
    def test_a_warning_has_a_day_and_the_organisation_hears_of_it(self):
        membership = self.join()
        with self.assertRefused("must be warned 30 days before"):
            membership._warn("No logo", date(2026, 2, 1), wanted=date(2026, 2, 20))
        membership._warn("No logo", date(2026, 2, 1), wanted=date(2026, 4, 1))
        self.assertEqual((membership.state, membership.ends_on), ("active", date(2026, 4, 1)))
        self.assertEqual(membership.benefit_ids.last_day, date(2026, 4, 1))
        self.assertIn("No logo", membership.message_ids[0].body)
        self.assertIn("full price", membership.state_text)

    @freeze_time("2026-02-01")
    def test_the_day_of_the_warning_is_kept_by_the_nightly_run_once(self):
        membership = self.join()
        membership._warn("No logo", date(2026, 2, 1))
        for day, state in (
            (date(2026, 3, 3), "active"),
            (date(2026, 3, 4), "suspended"),
            (date(2026, 3, 5), "suspended"),
        ):
            membership._finish_warnings(day)
            self.assertEqual(membership.state, state)
        self.assertEqual(membership.suspended_on, date(2026, 3, 3))
        membership.action_end()
        self.assertEqual(membership.state, "ended")

    def test_an_active_member_is_not_ended_without_a_warning(self):
        membership = self.join()
        with self.assertRefused("warn it first"):
            membership.action_end()

    @freeze_time("2026-02-01")
    def test_a_warning_that_replaces_worse_terms_leaves_no_gap_when_it_is_withdrawn(self):
        membership = self.join()
        membership.discount_ids.filtered(lambda x: x.scope == "plans").percent = 5
        membership.action_change_terms()
        membership._warn("No logo", date(2026, 2, 1))
        membership.action_withdraw_warning()
        days = [date(2026, month, 1) for month in (2, 3, 4, 5)]
        found = [self.ngo._get_ngo_benefit(self.env.company, day, day) for day in days]
        self.assertEqual([x._get_fee_percent(self.plan_start) for x in found], [20, 20, 5, 5])

    @freeze_time("2026-11-21")
    def test_a_late_check_is_first_the_coordinators_work_and_then_a_warning(self):
        membership = self.join()
        for day, count, warned in (
            (date(2026, 12, 15), 0, False),
            (date(2026, 12, 16), 1, False),
            (date(2027, 1, 15), 1, False),
            (date(2027, 1, 16), 1, True),
            (date(2027, 1, 17), 1, True),
        ):
            membership._follow(day)
            self.assertEqual((len(membership.activity_ids), bool(membership.ends_on)), (count, warned), day)
        self.assertEqual(membership.activity_ids.user_id, self.coordinator)
        self.assertEqual(membership.ends_on, date(2027, 2, 15))
        self.assertEqual(len(membership.message_ids.filtered(lambda m: "yearly check" in (m.body or ""))), 1)

    @freeze_time("2026-12-20")
    def test_a_check_that_is_made_ends_the_reminder_and_a_warning_for_it(self):
        membership = self.join()
        membership._follow(date(2027, 12, 16))
        self.assertTrue(membership.activity_ids)
        membership._follow(date(2028, 1, 20))
        self.assertTrue(membership.ends_on)
        with freeze_time("2028-01-21"):
            self.verify(membership)
        self.assertFalse(membership.activity_ids)
        self.assertFalse(membership.ends_on)
        self.assertEqual(membership.next_check_on, date(2028, 12, 16))
        self.assertFalse(membership.benefit_ids.last_day)

    @freeze_time("2026-11-21")
    def test_the_nightly_run_isolates_what_fails(self):
        broken, fine = self.join(), self.join(self.create_client("Fundacja Druga"), krs="0000999002")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ngo_membership SET end_as = 'suspend', warned_on = '2026-01-01', ends_on = '2026-01-01'"
        )
        self.env.invalidate_all()
        original = type(broken)._step

        def step(records, *args, **kwargs):
            if broken in records:
                raise UserError("broken")
            return original(records, *args, **kwargs)

        self.patch(type(broken), "_step", step)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: 1)
        with self.assertLogs("odoo.addons.ngo_incubator.models.ngo_membership_reminders", "ERROR"):
            self.env["ngo.membership"]._cron_follow_memberships()
        self.assertEqual((broken.state, fine.state), ("active", "suspended"))

    # By hand

    def test_facts_are_written_by_buttons_only(self):
        membership = self.join()
        for vals in (
            {"state": "suspended"},
            {"next_check_on": "2030-01-01"},
            {"vat_decision": "discount"},
            {"commercial_partner_id": self.client.id},
            {"company_id": 1},
            {"applied_on": "2001-01-01"},
        ):
            with self.assertRefused("follow from its buttons"):
                membership.write(vals)
        with self.assertRefused("possible only in"):
            membership.write({"partner_id": self.client.id})

    def test_another_organisation_than_the_one_looked_up_is_looked_up_again(self):
        """F12: nothing is granted before a person verified it."""
        membership = self.apply()
        self.verify(membership)
        membership.write({"krs": KRS, "payment_days": 30})
        self.assertEqual(membership.state, "verified")
        membership.krs = "0000999002"
        self.assertEqual((membership.state, membership.verified_on), ("applied", False))
        with self.assertRefused("possible only in"):
            membership.action_activate()
        self.verify(membership)
        membership.action_activate()
        membership._warn("No logo", membership._get_today())
        membership._finish_warnings(date(2999, 1, 1))
        with self.assertRefused("possible only in"):
            membership.partner_id = self.client

    def test_who_comes_back_has_the_discount_for_months_that_begin_then(self):
        """F12: the months of the suspension were announced at the full price."""
        with freeze_time("2026-01-01"):
            membership = self.join()
            membership._warn("No logo", date(2026, 1, 1))
        membership._finish_warnings(date(2026, 3, 1))
        with freeze_time("2026-04-10"):
            membership.action_activate()
        days = [date(2026, month, 1) for month in (1, 3, 4, 5)]
        found = [self.ngo._get_ngo_benefit(self.env.company, date(2026, 5, 2), day) for day in days]
        self.assertEqual([bool(x) for x in found], [True, False, False, True])

    def test_a_context_of_the_api_opens_nothing(self):
        membership = self.join()
        with self.assertRefused("follow from its buttons"):
            membership.with_context(ngo_own_write=True).write({"state": "ended"})

    def test_a_verified_membership_is_not_deleted(self):
        membership = self.apply()
        self.verify(membership)
        with self.assertRefused("stays as history"):
            membership.unlink()
        self.apply(self.create_client("Fundacja Druga")).unlink()

    # Term of payment and barter

    def test_more_than_60_days_warn_and_ask_for_the_clause(self):
        membership = self.apply(payment_days=90)
        self.assertIn("longer than usual", membership.payment_warning)
        self.verify(membership)
        membership.debtor_kind = "business"
        with self.assertRefused("expressly"):
            membership.with_user(self.manager).action_activate()
        membership.payment_clause = "Strony wyraźnie ustalają 90 dni."
        membership.with_user(self.manager).action_activate()
        self.assertEqual(membership.benefit_ids.payment_clause, "Strony wyraźnie ustalają 90 dni.")

    def test_the_law_blocks_where_no_clause_helps(self):
        membership = self.apply(payment_days=61, payment_clause="61", debtor_kind="large")
        self.verify(membership)
        with self.assertRefused("at most 60"):
            membership.with_user(self.manager).action_activate()
        self.programme.creditor_is_small = False
        membership.with_user(self.manager).action_activate()

    def test_a_term_of_payment_is_a_number_of_days(self):
        for days in (-1, 366):
            with self.assertRefused("from 0 to 365"):
                self.apply(payment_days=days)

    def test_barter_waits_for_a_value_and_the_accountant_and_courtesy_does_not(self):
        membership = self.apply(promotion_kind="barter")
        self.verify(membership)
        self.assertIn("set-off", membership.documents)
        with self.assertRefused("with its value"):
            membership.action_activate()
        self.promise_barter(membership)
        with self.assertRefused("accountant decides"):
            membership.action_activate()
        with self.assertRaises(AccessError):
            membership.with_user(self.coordinator)._decide_vat("discount", "I know it")
        wizard = self.env["ngo.vat.decision.wizard"].with_user(self.accountant)
        wizard = wizard.create({"membership_id": membership.id, "note": "Ruling 1"})
        self.assertEqual(wizard.value, 900)
        wizard.action_decide()
        self.assertEqual((membership.vat_decided_by_id, membership.vat_note), (self.accountant, "Ruling 1"))
        membership.action_activate()
        courtesy = self.apply(self.create_client("Fundacja Druga"), krs="0000999002")
        self.assertFalse(courtesy.documents)
        with self.assertRefused("nothing is to be decided"):
            self.decide(courtesy, "in_price")

    def test_an_active_member_becomes_barter_when_it_is_decided_and_put_in_force(self):
        membership = self.join()
        membership.promotion_kind = "barter"
        self.promise_barter(membership)
        with self.assertRefused("accountant"):
            membership.action_change_terms()
        self.decide(membership, "discount")
        membership.action_change_terms()
        self.assertEqual(membership._get_current().promotion_kind, "barter")

    def test_another_deal_needs_another_decision(self):
        membership = self.apply(promotion_kind="barter")
        self.verify(membership)
        self.promise_barter(membership)
        self.decide(membership, "discount")
        membership.promotion_ids.action_drop()
        membership.promotion_kind = "courtesy"
        membership.promotion_kind = "barter"
        self.assertFalse(membership.vat_decision or membership.vat_note)

    def test_an_active_member_does_not_become_a_debtor_who_must_pay_sooner(self):
        membership = self.apply(payment_days=90)
        self.verify(membership)
        membership.with_user(self.manager).action_activate()
        with self.assertRefused("at most 60"):
            membership.debtor_kind = "large"
        membership.write({"debtor_kind": "large", "payment_days": 60})
        self.assertTrue(membership.is_changed)

    def test_terms_of_nothing_are_not_granted(self):
        membership = self.apply(payment_days=0)
        membership.discount_ids.unlink()
        self.verify(membership)
        with self.assertRefused("neither a discount nor a term"):
            membership.action_activate()

    def test_an_older_proof_is_kept_and_turns_nothing_back(self):
        membership = self.apply()
        with freeze_time("2026-11-21"):
            self.verify(membership)
            self.verify(membership, "2019-01-01")
        self.assertEqual(membership.verified_on, date(2026, 11, 21))
        self.assertEqual(membership.next_check_on, date(2026, 12, 16))
        self.assertEqual(len(membership.verification_ids), 2)

    def test_a_register_that_does_not_confirm_an_active_member_is_work_for_the_coordinator(self):
        membership = self.join()
        self.verify(membership, is_confirmed=False)
        self.assertEqual(membership.activity_ids.user_id, self.coordinator)
        self.assertEqual(membership.state, "active")

    def test_one_organisation_with_two_contacts_is_verified_once(self):
        self.join()
        with self.assertRefused("has the number of"):
            self.verify(self.apply(self.create_client("Fundacja Dobry Start (2)")))

    def test_a_person_is_no_foundation(self):
        person = self.env["res.partner"].create({"name": "Jan Kowalski"})
        with self.assertRefused("is a person"):
            self.verify(self.apply(person))

    def test_who_changes_employer_does_not_take_the_membership_along(self):
        membership = self.join(self.ngo_person)
        self.ngo_person.parent_id = self.client
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(membership.commercial_partner_id, self.ngo)
        self.assertFalse(self.client.ngo_membership_ids)

    def test_a_warning_is_not_withdrawn_after_its_day(self):
        with freeze_time("2026-01-01"):
            membership = self.join()
            membership._warn("No logo", date(2026, 1, 1))
        with freeze_time("2026-02-01"), self.assertRefused("possible only in"):
            membership.action_withdraw_warning()

    def test_a_decision_after_a_warning_keeps_the_end(self):
        with freeze_time("2026-02-01"):
            membership = self.apply(promotion_kind="barter")
            self.verify(membership)
            self.promise_barter(membership)
            self.decide(membership, "discount")
            membership.action_activate()
            membership._warn("No logo", date(2026, 2, 1))
            self.decide(membership, "in_price")
        self.assertEqual(membership._get_current().last_day, membership.ends_on)
