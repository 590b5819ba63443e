from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from .panel_common import PAGE, PanelHoursCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestPortalHoursDecisions(PanelHoursCommon):
    """The client's own ceiling of hours beyond the package, and approvals above it, in the panel."""

    def set_ceiling(self, hours, user=None):
        self.log_in(user or self.user_anna)
        return self.post(f"{PAGE}/{self.agreement.id}/ceiling", hours=hours)

    def approve(self, work, user=None, minutes=None, agreement=None):
        self.log_in(user or self.user_anna)
        url = f"{PAGE}/{(agreement or self.agreement).id}/approve/{work.id}"
        return self.post(url, minutes=work.overage_minutes if minutes is None else minutes)

    def create_work_above(self):
        """Return (work within the ceiling of 1 h, work above it); the package is used up before."""
        self.create_work(175, date="2026-06-08")
        self.agreement.overage_ceiling_hours = 1
        within = self.create_work(55, date="2026-06-09", name="Within")
        above = self.create_work(25, date="2026-06-10", name="Above")
        self.assertEqual((within.is_over_ceiling, above.is_over_ceiling), (False, True))
        return within, above

    # The ceiling

    def test_a_contact_sets_the_ceiling_and_the_agreement_says_who(self):
        before = self.agreement.message_ids
        page = self.set_ceiling("2,5")
        self.assertIn("Your ceiling is saved.", page.text)
        self.agreement.invalidate_recordset()
        self.assertEqual(self.agreement.overage_ceiling_hours, 2.5)
        logged = self.agreement.message_ids - before
        self.assertEqual(len(logged), 1)
        self.assertEqual(logged.author_id, self.client_contact)
        self.assertIn("Anna Nowak set the client's monthly ceiling", logged.body)
        self.assertIn("none → 2:30", logged.body)

    def test_no_ceiling_again(self):
        self.agreement.overage_ceiling_hours = 5
        self.set_ceiling("0")
        self.agreement.invalidate_recordset()
        self.assertEqual(self.agreement.overage_ceiling_hours, 0)

    def test_bad_input_gets_a_sentence(self):
        for hours, sentence in (
            ("", "as a number of hours"),
            ("many", "as a number of hours"),
            ("nan", "as a number of hours"),
            ("inf", "as a number of hours"),
            ("1e3", "as a number of hours"),
            ("1_0", "as a number of hours"),
            ("-1", "from 0 to 744"),
            ("745", "from 0 to 744"),
            ("9" * 400, "as a number of hours"),
        ):
            with self.subTest(hours=hours):
                self.assertRefused(self.set_ceiling(hours), sentence)
        self.agreement.invalidate_recordset()
        self.assertEqual(self.agreement.overage_ceiling_hours, 0)

    def test_the_new_ceiling_judges_open_work_at_once(self):
        _within, above = self.create_work_above()
        self.set_ceiling("2")
        above.invalidate_recordset()
        self.assertFalse(above.is_over_ceiling)

    def test_a_ceiling_below_the_work_done_is_refused(self):
        """Work that was done under the old ceiling is owed."""
        within, _above = self.create_work_above()
        self.assertRefused(self.set_ceiling("0.5"), "1:00 h beyond the package are done already")
        self.agreement.invalidate_recordset()
        within.invalidate_recordset()
        self.assertEqual((self.agreement.overage_ceiling_hours, within.is_over_ceiling), (1, False))

    def test_only_contacts_set_the_ceiling(self):
        self.agreement.support_contact_ids = self.client_contact
        self.assertNotIn("support_hours_ceiling", self.open_hours(self.user_jan).text)
        self.assertIn("support_hours_ceiling", self.open_hours(self.user_anna).text)
        self.assertRefused(self.set_ceiling("5", self.user_jan), "Only a contact for support")
        page = self.set_ceiling("5", self.user_ewa)
        self.assertTrue(page.url.endswith(PAGE))
        self.agreement.invalidate_recordset()
        self.assertEqual(self.agreement.overage_ceiling_hours, 0)

    def test_the_forms_need_the_token_of_the_page(self):
        _within, above = self.create_work_above()
        self.log_in(self.user_anna)
        for url in (f"{PAGE}/{self.agreement.id}/ceiling", f"{PAGE}/{self.agreement.id}/approve/{above.id}"):
            with self.assertLogs("odoo.http", "WARNING"):
                response = self.url_open(url, data={"csrf_token": "wrong", "hours": "5", "minutes": "30"})
            self.assertEqual(response.status_code, 400)

    # Approvals

    def test_work_above_the_ceiling_waits_with_a_button(self):
        _within, above = self.create_work_above()
        text = self.get_text(self.open_hours())
        self.assertIn("Waits for your approval", text)
        self.assertIn(f'action="{PAGE}/{self.agreement.id}/approve/{above.id}"', text)
        self.assertIn("82.50 zł", text)

    def test_amounts_are_after_the_discount_of_the_client(self):
        """F12: what is approved is what is billed; above, and in the totals of the month."""
        self.patch(type(self.client), "_prepare_hours_discount", lambda *_args: {"discount": 10.0})
        self.create_work_above()
        text = self.get_text(self.open_hours())
        self.assertRegex(text, r"74\.25 zł net, after the discount of 10 %")
        self.assertRegex(text, r"222\.75 zł net, after the discount of 10 %")

    def get_due_entries(self):
        """Return what may be billed to this client."""
        own = Domain("contract_id", "=", self.agreement.id)
        return self.env["support.package.entry"].search(own & self.agreement._get_due_domain())

    def test_a_contact_approves_and_it_may_be_billed(self):
        within, above = self.create_work_above()
        due = self.get_due_entries()
        self.assertEqual(due.line_id, within)
        page = self.approve(above)
        self.assertIn("the work is approved", page.text)
        self.assertIn("approved by Anna Nowak", page.text)
        above.invalidate_recordset()
        self.assertEqual((above.approved_by_id, str(above.approved_on)), (self.client_contact, "2026-06-15"))
        due = self.get_due_entries()
        self.assertEqual(due.line_id, within | above)
        self.assertIn("approved work above the ceiling", self.agreement.message_ids[0].body)

    def test_a_second_click_gets_a_sentence(self):
        _within, above = self.create_work_above()
        self.approve(above)
        self.assertRefused(self.approve(above, self.user_jan), "does not wait for an approval any more")
        above.invalidate_recordset()
        self.assertEqual(above.approved_by_id, self.client_contact)

    def test_work_that_changed_meanwhile_is_not_approved_unseen(self):
        _within, above = self.create_work_above()
        above.unit_amount = 5
        self.assertRefused(self.approve(above, minutes=30), "has changed since you opened the page")
        above.invalidate_recordset()
        self.assertFalse(above.approved_by_id)

    def test_more_beyond_the_package_than_was_seen_is_not_approved(self):
        """The same time is charged; what a package paid before is paid by the client now."""
        self.agreement.overage_ceiling_hours = 0.5
        work = self.create_work(235, date="2026-06-12")
        self.assertEqual((work.overage_minutes, work.is_over_ceiling), (60, True))
        self.create_work(55, date="2026-06-10")
        self.assertEqual((work.charged_minutes, work.overage_minutes), (240, 120))
        self.assertRefused(self.approve(work, minutes=60), "has changed since you opened the page")

    def test_who_may_not_approve(self):
        within, above = self.create_work_above()
        self.agreement.support_contact_ids = self.client_contact
        self.assertNotIn("/approve/", self.open_hours(self.user_jan).text)
        self.assertRefused(self.approve(above, self.user_jan), "Only a contact for support")
        self.assertTrue(self.approve(above, self.user_ewa).url.endswith(PAGE))
        other = self.create_agreement(self.plan_start, self.other_client, "2026-01-01")
        self.assertRefused(self.approve(above, self.user_ewa, agreement=other), "does not wait")
        self.assertRefused(self.approve(within), "does not wait")
        (within | above).invalidate_recordset()
        self.assertFalse((within | above).approved_by_id)
