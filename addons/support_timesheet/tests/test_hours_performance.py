from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .time_common import TimeCommon

KINDS = ("REMOTE", "PHONE_SUPPORT", "EMAIL", "PROGRAMMING", "ONSITE")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestHoursPerformance(TimeCommon):
    """The same number of queries for N and for 2N works, whatever their clients, tickets and kinds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients = [cls.client, cls.create_client("Without agreement")]
        plans = (cls.plan_email, cls.plan_standard, cls.plan_start)
        for index in range(8):
            client = cls.create_client(f"Client {index}")
            cls.create_agreement(plans[index % 3], client, "2026-01-01")
            cls.clients.append(client)
        cls.agreements = cls.env["contract.contract"].search([("partner_id", "in", [c.id for c in cls.clients])])
        cls.tickets = cls.env["helpdesk.ticket"].create(
            [cls.prepare_ticket(partner_id=cls.clients[i % 10].id) for i in range(40)]
        )
        # As the nightly jobs leave them: allowances are there, what is nearly used up was told of
        cls.agreements._ensure_month_lots(date(2026, 6, 15))
        told = {"alert_80_at": cls.env.cr.now(), "alert_100_at": cls.env.cr.now()}
        cls.agreements.package_ids.write(told)

    def log(self, count):
        """Log so many works: each on a ticket of its own, ten clients, all kinds, two weeks."""
        return self.env["account.analytic.line"].create(
            [
                self.prepare_work(
                    10 + 7 * i,
                    KINDS[i % len(KINDS)],
                    f"2026-06-{1 + i % 15:02}",
                    ticket_id=self.tickets[i % 40].id,
                )
                for i in range(count)
            ]
        )

    def count_queries(self, action, records):
        """Return the queries of `action` on records of which nothing is in memory."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.user.fetch(["company_id"])  # known in any request
        before = self.env.cr.sql_log_count
        action(records)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def count_for(self, action, count):
        """Return the queries of `action` on so many new works, in a worker that has run before."""
        action(self.log(count))
        return self.count_queries(action, self.log(count))

    def assertSameQueries(self, action):
        """Twice as many works cost the same, give or take what core writes apart: works with other changed columns."""
        few, many = self.count_for(action, 20), self.count_for(action, 40)
        self.assertLess(many - few, 5)

    def test_logging_time(self):
        self.log(40)
        self.assertEqual(self.count_queries(self.log, 20), self.count_queries(self.log, 40))

    def test_logging_time_costs_eight_queries_beside_core_s_own(self):
        """The tickets, their kinds, plan changes, agreements; the lock, open works, packages, what is written."""
        self.log(40)
        self.log_plain(40)
        plain = self.count_queries(self.log_plain, 40)
        one_off = self.tickets.filtered(lambda ticket: ticket.partner_id == self.clients[1])
        self.tickets = (self.tickets - one_off).concat(self.tickets - one_off)[:40]
        self.assertLessEqual(self.count_queries(self.log, 40) - plain, 8)

    def test_one_off_work_costs_at_most_eight_queries_more(self):
        """The list: plan, entitlements, their kinds; open one-off works, what is written."""
        self.log(40)
        self.log_plain(40)
        self.assertLessEqual(self.count_queries(self.log, 40) - self.count_queries(self.log_plain, 40), 16)

    @property
    def core_project(self):
        """A project that is not for support: there time may be kept without a kind of work."""
        projects = self.env["project.project"]
        return projects.search([("name", "=", "Not support")]) or projects.create(
            {"name": "Not support", "allow_timesheets": True, "company_id": self.env.company.id}
        )

    def log_plain(self, count):
        """Log time as core has it, for the same clients."""
        project = self.core_project
        clients = [self.clients[i % 10].id for i in range(count)]
        work = {"name": "Core", "project_id": project.id, "employee_id": self.employee.id, "unit_amount": 1}
        self.env["account.analytic.line"].create([{**work, "partner_id": client} for client in clients])

    def test_editing_many(self):
        self.assertSameQueries(lambda works: works.write({"unit_amount": 2}))

    def test_moving_many_to_another_day(self):
        self.assertSameQueries(lambda works: works.write({"date": "2026-06-14"}))

    def test_deleting_many(self):
        self.assertSameQueries(lambda works: works.unlink())

    def test_judging_many_again(self):
        self.assertSameQueries(lambda works: works._judge_again())

    def test_allocating_many(self):
        self.assertSameQueries(lambda works: works.support_contract_id._allocate_work())

    def test_an_allocation_that_changes_nothing_writes_nothing(self):
        self.log(40)
        self.agreements._allocate_work()
        self.env.flush_all()
        with self.assertQueryCount(3):  # the lock, open works, packages
            self.agreements._allocate_work()

    def test_balances_and_quotas_of_many(self):
        self.log(40)
        day = date(2026, 6, 15)
        agreements = self.agreements.sudo()
        agreements.mapped("package_hours")
        with self.assertQueryCount(1):
            self.assertEqual(len(agreements._get_balances(day)), len(agreements))
        with self.assertQueryCount(1):
            agreements._get_quota_used_minutes({(agreement, day) for agreement in agreements})
