from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ACCOUNTANT, CONSULTANT, MANAGER
from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestAccessTicket(TicketCommon):
    """Who may and who may not: plans, kinds of work, entitlements and tickets, for each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.create_ticket()
        cls.manager = cls.create_support_user("manager_a", MANAGER)
        cls.accountant = cls.create_support_user("accountant_a", ACCOUNTANT)
        cls.stranger = cls.create_support_user("stranger_a")
        other = cls.create_client("Other client")
        cls.client_user = cls.create_panel_user("anna_p", cls.client)
        cls.other_user = cls.create_panel_user("other_p", other)
        cls.other_company = cls.env["res.company"].create({"name": "Other firm"})
        cls.abroad = cls.create_support_user("abroad", CONSULTANT, company_id=cls.other_company.id)

    @classmethod
    def create_panel_user(cls, login, client):
        return new_test_user(cls.env, login=login, groups="base.group_portal", parent_id=client.id)

    def may(self, user, record, operation):
        return record.with_user(user).has_access(operation)

    def test_managers_write_the_price_list_and_the_others_read_it(self):
        for record in (
            self.plan_start,
            self.env.ref("support_plans.support_work_type_remote"),
            self.plan_start.entitlement_ids[0],
        ):
            for user in (self.consultant, self.accountant, self.manager):
                self.assertTrue(self.may(user, record, "read"), (user.login, record))
            for operation in ("write", "create", "unlink"):
                self.assertTrue(self.may(self.manager, record, operation))
                for user in (self.consultant, self.accountant, self.stranger, self.client_user):
                    self.assertFalse(self.may(user, record, operation), (user.login, operation, record))
            for user in (self.stranger, self.client_user, self.other_user):
                self.assertFalse(self.may(user, record, "read"), (user.login, record))

    def test_a_plan_of_another_company_is_not_seen(self):
        plan = self.plan_start.copy({"code": "START-X", "company_id": self.other_company.id})
        self.assertTrue(self.may(self.abroad, plan, "read"))
        self.assertFalse(self.may(self.consultant, plan, "read"))
        self.assertTrue(self.may(self.abroad, plan.entitlement_ids, "read"))
        self.assertFalse(self.may(self.consultant, plan.entitlement_ids, "read"))

    def test_entitlements_of_another_companys_agreement_are_not_seen(self):
        entitlements = self.agreement.entitlement_ids
        self.assertTrue(entitlements)
        self.assertTrue(self.may(self.consultant, entitlements, "read"))
        self.assertFalse(self.may(self.abroad, entitlements, "read"))

    def test_a_consultant_works_the_ticket_and_another_company_does_not_see_it(self):
        self.assertTrue(self.may(self.consultant, self.ticket, "write"))
        self.assertFalse(self.may(self.abroad, self.ticket, "read"))
        self.assertFalse(self.may(self.stranger, self.ticket, "read"))

    def test_the_client_reads_its_tickets_and_another_client_does_not(self):
        self.assertTrue(self.may(self.client_user, self.ticket, "read"))
        self.assertFalse(self.may(self.client_user, self.ticket, "write"))
        self.assertFalse(self.may(self.other_user, self.ticket, "read"))

    def test_the_client_reads_the_promise_on_its_ticket(self):
        ticket = self.ticket.with_user(self.client_user)
        self.assertIn("due", ticket.response_explanation)
        self.assertEqual(ticket.guarantee_reason, "guaranteed")

    def test_buttons_check_the_right_of_who_presses(self):
        for user in (self.client_user, self.other_user, self.stranger):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).action_accept_and_start()
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).action_decide_anew()
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).action_approve_contact()
        self.assertFalse(self.ticket.response_date)

    def test_a_follower_of_another_firm_reads_no_terms_of_the_client(self):
        """P22: the rate and the hours are between the client and us."""
        self.ticket.message_subscribe(self.other_user.partner_id.ids)
        seen = self.ticket.with_user(self.other_user)
        self.assertTrue(seen.has_access("read"))
        for name in ("hourly_rate", "package_hours", "quota_hours", "calendar_id", "end", "contact_ids"):
            with self.assertRaises(AccessError):
                seen.read([f"agreement_{name}"])
        self.assertEqual(self.ticket.with_user(self.consultant).agreement_package_hours, 3)
