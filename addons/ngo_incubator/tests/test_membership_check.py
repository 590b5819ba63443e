from datetime import date

from odoo.exceptions import LockError
from odoo.tests import Form, freeze_time, tagged

from .common import COORDINATOR, NgoCommon

CHECK = "ngo_incubator.mail_activity_ngo_check"
TELL = "ngo_incubator.mail_activity_ngo_tell"


@tagged("post_install", "-at_install")
class TestMembershipCheck(NgoCommon):
    """The yearly check, what a register denies, and who hears of it (F12)."""

    def get_work(self, record, kind):
        """Return the open activities of a kind, by its xml id."""
        return record.activity_ids.filtered(lambda a: a.activity_type_id == self.env.ref(kind))

    def get_addresses(self):
        """Return the addresses to which mails were written, of persons and bare ones."""
        mails = self.env["mail.mail"].search([])
        return {*mails.recipient_ids.mapped("email"), *filter(None, mails.mapped("email_to"))}

    # What is asked

    @freeze_time("2026-11-21")
    def test_a_narrower_offer_throws_no_member_out(self):
        """Changing the offer changes no member; who only applied is judged by the offer of today."""
        member = self.join()
        applied = self.apply(self.create_client("Fundacja Druga"), krs="0000999002")
        self.programme.legal_form_ids = self.env.ref("ngo_incubator.legal_form_association")
        with freeze_time("2026-12-16"):
            self.verify(member)
            self.assertEqual(member.next_check_on, date(2027, 12, 16))
            with self.assertRefused("is not for the legal form"):
                self.verify(applied)
        self.foundation.write({"is_eligible": False, "refusal_reason": "Not any more"})
        with self.assertRefused("is not eligible"):
            self.verify(member)

    @freeze_time("2026-11-21")
    def test_an_archived_form_throws_no_member_out(self):
        member = self.join()
        self.foundation.active = False
        with freeze_time("2026-12-16"):
            self.verify(member)
        self.assertEqual(member.next_check_on, date(2027, 12, 16))

    # After the day of a warning

    def test_a_proof_is_kept_the_day_after_a_warning_ended(self):
        """The nightly run has not come by yet: the member is suspended, and the proof stays."""
        with freeze_time("2026-11-21"):
            membership = self.join()
        membership._follow(date(2027, 1, 16))
        self.assertEqual(membership.ends_on, date(2027, 2, 15))
        with freeze_time("2027-02-16"):
            self.verify(membership)
            self.assertEqual((membership.state, len(membership.verification_ids)), ("suspended", 2))
            membership.action_activate()
        self.assertEqual(membership.state, "active")

    def test_a_stale_proof_withdraws_no_warning(self):
        with freeze_time("2026-01-10"):
            membership = self.join()
        membership._follow(date(2027, 1, 16))
        with freeze_time("2027-01-17"):
            self.verify(membership, "2026-11-30")
            self.assertTrue(membership.is_check_late)
            self.assertTrue(self.get_work(membership, CHECK))
            messages = len(membership.message_ids)
            membership._follow(date(2027, 1, 18))
            self.assertEqual(len(membership.message_ids), messages)
            self.verify(membership, "2026-12-16")
        self.assertFalse(membership.ends_on)
        self.assertFalse(self.get_work(membership, CHECK))

    @freeze_time("2026-11-21")
    def test_who_ended_is_not_checked_any_more(self):
        membership = self.join()
        membership._warn("No logo", date(2026, 11, 21), end_as="end")
        membership._follow(date(2026, 12, 16))
        self.assertTrue(self.get_work(membership, CHECK))
        membership._follow(date(2026, 12, 22))
        self.assertEqual(membership.state, "ended")
        self.assertFalse(membership.activity_ids)

    # What a register denies

    @freeze_time("2026-02-01")
    def test_what_the_register_denied_last_is_not_activated(self):
        membership = self.apply()
        self.verify(membership, "2026-01-10")
        self.verify(membership, is_confirmed=False)
        with self.assertRefused("did not confirm"):
            membership.action_activate()
        self.verify(membership)
        membership.action_activate()
        self.assertEqual(membership.state, "active")

    @freeze_time("2026-02-01")
    def test_a_suspended_member_that_the_register_denies_is_work_and_does_not_come_back(self):
        membership = self.join()
        membership._warn("No logo", date(2026, 2, 1))
        membership._finish_warnings(date(2026, 4, 1))
        self.verify(membership, is_confirmed=False)
        self.assertTrue(self.get_work(membership, CHECK))
        with self.assertRefused("did not confirm"):
            membership.action_activate()

    @freeze_time("2026-02-01")
    def test_a_proof_of_a_day_before_the_denial_ends_no_work(self):
        membership = self.join()
        self.verify(membership, is_confirmed=False)
        with freeze_time("2026-02-10"):
            self.verify(membership, "2026-02-01")
            self.verify(membership, "2026-02-05", is_confirmed=False)
            self.assertTrue(self.get_work(membership, CHECK))
            self.verify(membership, "2026-02-04")
            self.assertTrue(self.get_work(membership, CHECK))
            self.verify(membership, "2026-02-10")
        self.assertFalse(self.get_work(membership, CHECK))

    # Who has to do it

    @freeze_time("2026-11-21")
    def test_work_goes_to_somebody_who_is_there(self):
        """An archived coordinator, then one without the company, then the programme's, then anybody."""
        membership = self.join()
        deputy = self.create_support_user("ngo_deputy", COORDINATOR)
        membership.coordinator_id = deputy
        self.assertEqual(membership._get_user_to_tell(), deputy)
        deputy.active = False
        self.assertEqual(membership._get_user_to_tell(), self.coordinator)
        other = self.env["res.company"].create({"name": "Second firm"})
        self.coordinator.write({"company_id": other.id, "company_ids": other.ids})
        self.assertIn(membership._get_user_to_tell(), self.env.ref(COORDINATOR).all_user_ids - self.coordinator)
        self.assertTrue(membership._get_user_to_tell().active)

    def test_an_archived_accountant_is_not_asked(self):
        self.programme.accountant_id = self.accountant
        self.accountant.active = False
        membership = self.apply(promotion_kind="barter")
        self.verify(membership)
        self.promise_barter(membership)
        self.assertFalse(membership.activity_ids)

    # Who hears of it

    @freeze_time("2026-02-01")
    def test_a_person_without_address_is_told_at_the_organisations(self):
        self.ngo_person.email = False
        membership = self.join(self.ngo_person)
        membership._warn("No logo", date(2026, 2, 1))
        self.assertIn(self.ngo, membership.message_ids[0].notified_partner_ids)

    @freeze_time("2026-02-01")
    def test_without_an_address_of_the_contact_that_of_the_application_is_used(self):
        self.ngo.email = False
        membership = self.apply(applicant_email="ewa@example.com")
        membership.action_refuse("Not in the register")
        self.assertIn("ewa@example.com", self.get_addresses())
        self.assertFalse(membership.activity_ids)
        self.assertIn("Not in the register", "".join(membership.message_ids.mapped("body")))

    @freeze_time("2026-02-01")
    def test_where_no_address_is_known_somebody_tells_the_organisation(self):
        self.ngo.email = False
        membership = self.join()
        membership.activity_ids.unlink()
        membership._warn("No logo", date(2026, 2, 1))
        work = self.get_work(membership, TELL)
        self.assertEqual(work.user_id, self.coordinator)
        self.assertIn("Your discount ends", work.note)
        self.assertIn("No logo", membership.message_ids[0].body)

    @freeze_time("2026-02-01")
    def test_a_reminder_of_promotion_finds_the_address_in_the_same_way(self):
        membership = self.join()
        self.ngo.email = False
        promotion = self.env["ngo.promotion"].create({"membership_id": membership.id, "name": "Logo"})
        promotion.action_agree()
        promotion._remind_of_evidence(date(2026, 12, 1))
        self.assertIn("Logo", self.get_work(membership, TELL).note)
        membership.activity_ids.unlink()
        membership.applicant_email = "ewa@example.com"
        promotion._write_own({"reminded_for": False})
        promotion._remind_of_evidence(date(2026, 12, 1))
        self.assertIn("ewa@example.com", self.get_addresses())
        self.assertFalse(membership.activity_ids)

    # Somebody else at the same time

    def test_who_comes_second_reads_a_sentence(self):
        membership = self.apply()
        promotion = self.env["ngo.promotion"].create({"membership_id": membership.id, "name": "Logo"})
        for record, button in ((membership, membership.action_refuse), (promotion, promotion.action_drop)):
            self.patch(type(record), "try_lock_for_update", lambda self, **_kwargs: self.browse())
            with self.assertRaisesRegex(LockError, "working on .*Dobry Start.* right now"):
                button()

    # Proofs stay

    def test_a_file_of_a_proof_is_not_replaced(self):
        wizard = Form(
            self.env["ngo.verification.wizard"]
            .with_user(self.coordinator)
            .with_context(default_membership_id=self.apply().id)
        )
        wizard.proof = "UERG"
        wizard = wizard.save()
        wizard.action_verify()
        proof = wizard.membership_id.verification_ids.attachment_id
        self.env.invalidate_all()
        self.assertEqual(proof.with_user(self.coordinator).raw, b"PDF")
        for user in (self.coordinator, self.manager):
            with self.assertRefused("not allowed"):
                proof.with_user(user).write({"datas": "WFhY"})
            with self.assertRefused("not allowed"):
                proof.with_user(user).unlink()

    def test_a_proof_takes_no_file_of_something_else(self):
        file = self.env["ir.attachment"].create(
            {"name": "x.pdf", "raw": b"x", "res_model": "res.partner", "res_id": self.ngo.id}
        )
        with self.assertRefused("belongs to something else"):
            self.verify(self.apply(), attachment_id=file.id)

    def test_who_was_looked_up_once_is_not_deleted(self):
        membership = self.apply()
        self.verify(membership)
        membership.krs = "0000999002"
        self.assertEqual(membership.state, "applied")
        with self.assertRefused("stays as history"):
            membership.unlink()
        self.assertTrue(membership.verification_ids.exists())

    def test_who_was_verified_and_then_refused_is_refused_and_forgotten(self):
        with freeze_time("2026-01-10"):
            membership = self.apply(is_public_application=True, applicant_person="Jan", applicant_message="Hello")
            self.verify(membership)
            membership.action_refuse("No promotion")
        self.assertEqual(membership.state_text, "The application was refused.")
        with freeze_time("2027-01-11"):
            self.env["ngo.membership"]._gc_refused_applicants()
        self.assertFalse(membership.applicant_person or membership.applicant_message)
        self.assertTrue(membership.verification_ids)

    def test_who_was_a_member_is_not_forgotten(self):
        with freeze_time("2026-01-10"):
            membership = self.apply(is_public_application=True, applicant_person="Jan")
            self.verify(membership)
            membership.action_activate()
            membership._warn("No logo", date(2026, 1, 10), end_as="end")
            membership._finish_warnings(date(2026, 3, 1))
        with freeze_time("2028-01-11"):
            self.env["ngo.membership"]._gc_refused_applicants()
        self.assertEqual(membership.applicant_person, "Jan")
        self.assertEqual(membership.state_text, "The membership has ended.")
