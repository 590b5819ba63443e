from freezegun import freeze_time

from odoo.tests import tagged

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestTicketPerformance(TicketCommon):
    """The same number of queries for N and for 2N tickets, whatever the number of plans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients = [cls.client]
        for index, plan in enumerate((cls.plan_email, cls.plan_standard, cls.plan_start)):
            client = cls.create_client(f"Client {index}")
            cls.create_agreement(plan, client, "2026-01-01")
            cls.clients.append(client)
        cls.clients.append(cls.create_client("Without agreement"))

    def count_queries(self, action, *args):
        """Return the queries of `action` in a new transaction of a worker that has run before."""
        action(*args)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def judge(self, count):
        model = self.env["helpdesk.ticket"]
        model._add_support_registration(
            [
                {**self.prepare_ticket(partner_id=self.clients[i % 5].id), "registered_at": self.now()}
                for i in range(count)
            ]
        )

    def now(self):
        return self.env.cr.now().replace(microsecond=0)

    def test_the_judgement_of_a_batch_costs_the_same_queries_for_n_and_2n(self):
        self.assertEqual(self.count_queries(self.judge, 20), self.count_queries(self.judge, 40))

    def test_contacts_of_many_clients_cost_no_query_more(self):
        """P38: who counts is read at once for all agreements."""
        contacts = self.env["res.partner"].create([{"name": "Boss", "parent_id": c.id} for c in self.clients[:4]])
        for contact in contacts:
            contact.commercial_partner_id.contract_ids.support_contact_ids = contact

        def judge(clients):
            vals = [{**self.prepare_ticket(partner_id=c.id), "registered_at": self.now()} for c in clients]
            self.env["helpdesk.ticket"]._add_support_registration(vals)

        self.assertEqual(self.count_queries(judge, self.clients[:2]), self.count_queries(judge, self.clients[:4]))

    def test_judging_a_batch_costs_at_most_six_queries_beside_reading_the_clients(self):
        """Any number of plans; the bare helpdesk reads the clients of the tickets itself."""

        def read_clients(count):
            self.env["res.partner"].browse(c.id for c in self.clients).mapped("commercial_partner_id")

        self.assertLessEqual(self.count_queries(self.judge, 50) - self.count_queries(read_clients, 1), 6)

    def test_programming_with_the_priority_queue_costs_a_batch_one_query_more(self):
        """P7: the places of the others are read once, and the new ones written with the other columns."""
        client = self.create_client("Premium Ltd")
        self.create_agreement(
            self.plan_premium, client, "2026-01-01", list_price_month=3000, hourly_rate=120, response_hours=24
        )
        clients = [client, self.clients[2]]  # PREMIUM and STANDARD

        def create(kind, count=20):
            self.env["helpdesk.ticket"].create(
                [self.prepare_ticket(partner_id=clients[i % 2].id, request_kind=kind) for i in range(count)]
            )

        create("programming")
        questions = self.count_queries(create, "question")
        self.assertEqual(self.count_queries(create, "programming"), questions + 1)

    def test_the_first_page_of_the_queue_is_one_query(self):
        for _i in range(3):
            self.create_ticket()
        self.env.flush_all()
        self.env.invalidate_all()
        tickets = self.env["helpdesk.ticket"].with_user(self.consultant)
        tickets.search([("queue_rank", "!=", False)], limit=1)
        with self.assertQueryCount(1):
            tickets.search_fetch(
                [("queue_rank", "!=", False)], ["number", "queue_rank"], order="queue_rank, id", limit=80
            )
