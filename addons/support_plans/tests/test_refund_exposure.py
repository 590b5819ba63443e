from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MANAGER
from .termination_common import TerminationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-30")
class TestRefundExposure(TerminationCommon):
    """What would be owed if every client with a prepaid year resigned today, by client and month (F10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_support_user("manager", MANAGER)
        cls.agreement = cls.create_year()

    def open(self, user=None):
        model = self.env["support.refund.exposure"].with_user(user or self.accountant)
        action = model.action_open()
        return model.search(action["domain"])

    def test_each_month_in_which_the_year_may_end_has_a_row(self):
        """D3, D5: the end of today's notice, then the end of each service month, one a calendar month."""
        rows = self.open().sorted("effective_on")
        later = [(6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30)]
        self.assertEqual(
            rows.mapped("effective_on"), [date(2026, 5, 30), *(date(2026, month, day) for month, day in later)]
        )
        self.assertEqual(rows.mapped("is_today"), [True] + [False] * 6)
        self.assertEqual(rows.mapped("months_worked"), [5, 6, 7, 8, 9, 10, 11])
        self.assertEqual((rows[0].paid_net, rows[0].used_net, rows[0].fee), (4188, 1995, 65.79))
        self.assertEqual((rows[0].refund_net, rows[0].refund_gross), (2127.21, 2616.47))
        self.assertEqual(rows[-1].refund_gross, 0)

    def test_the_same_figures_as_the_simulation(self):
        private = self.create_year(client=self.env["res.partner"].create({"name": "Jan"}), start="2026-02-15")
        rows = self.open()
        self.assertIn(private, rows.contract_id)
        for row in rows:
            simulated = self.env["support.termination"]._simulate(row.contract_id, row.effective_on)
            with self.subTest(client=row.partner_id.name, day=row.effective_on):
                self.assertEqual(
                    (row.refund_net, row.refund_gross, row.fee),
                    (simulated.refund_net, simulated.refund_gross, simulated.fee),
                )

    def test_an_end_that_is_set_is_the_only_one(self):
        self.resign(self.agreement, "2026-06-30")
        row = self.open()
        self.assertEqual((row.effective_on, row.is_today, row.has_resigned), (date(2026, 6, 30), True, True))

    def test_an_open_resignation_has_its_own_terms(self):
        """D14, D15: the treatment that was chosen, and whether the client is a private person."""
        termination = self.resign(self.agreement, "2026-06-30")
        for values in ({"fee_tax_treatment": "none"}, {"fee_tax_treatment": "taxable", "is_private_person": True}):
            termination.write(values)
            row = self.open()
            with self.subTest(**values):
                self.assertEqual((row.fee, row.refund_gross), (0, termination.refund_gross))

    def test_months_that_are_alternatives_are_not_added(self):
        """It opens with one day of each client; another filter narrows that, it does not bring months back."""
        action = self.env["support.refund.exposure"].action_open()
        self.assertIn("search_default_today", str(action["context"]))
        self.assertEqual(len(self.open().filtered("is_today")), 1)
        arch = etree.fromstring(self.env.ref("support_plans.support_refund_exposure_view_search").arch)
        for node in arch.xpath("./filter"):
            with self.subTest(node.get("name")):
                self.assertNotEqual(getattr(node.getnext(), "tag", None), "filter", "filters side by side add up")

    def test_monthly_agreements_and_what_is_settled_are_left_out(self):
        self.create_agreement(self.plan_start, self.create_client("Monthly"), "2026-01-01")
        with freeze_time("2026-05-31"):
            termination = self.resign(self.agreement, "2026-05-31", accept=True)
        self.assertEqual(self.open().mapped("refund_gross"), [2616.47])
        termination.action_prepare_correction()
        self.assertFalse(self.open())
        termination.action_withdraw()
        self.assertEqual(self.open().contract_id, self.agreement)

    def test_an_agreement_that_cannot_be_settled_is_named_and_stops_no_other(self):
        broken = self.create_year(client=self.create_client("Broken"))
        fee = self.get_invoice(broken).invoice_line_ids
        fee.flush_recordset()
        self.env.cr.execute("UPDATE account_move_line SET list_price_month = -1 WHERE id = %s", [fee.id])
        fee.invalidate_recordset()
        rows = self.open()
        self.assertEqual(rows.filtered("problem").contract_id, broken)
        self.assertIn("cannot be settled", rows.filtered("problem").problem)
        self.assertEqual(rows.filtered(lambda row: row.contract_id == self.agreement).filtered("is_today").fee, 65.79)

    def test_opening_it_again_leaves_one_set_for_each_user(self):
        first = self.open()
        second = self.open()
        self.assertEqual(len(first), len(second))
        self.assertFalse(first.exists())
        theirs = self.open(self.manager)
        self.assertTrue(second.exists())
        self.assertFalse(theirs & self.env["support.refund.exposure"].with_user(self.accountant).search([]))

    def test_it_is_for_managers_and_accountants(self):
        self.assertTrue(self.open(self.manager))
        for user in (self.consultant, self.create_support_user("employee")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.open(user)
        action = self.env.ref("support_plans.action_support_refund_exposure_open")
        self.assertEqual(action.with_user(self.accountant).run()["res_model"], "support.refund.exposure")
        with self.assertRaises(AccessError):
            action.with_user(self.consultant).run()

    def test_the_same_queries_for_one_and_for_many(self):
        model = self.env["support.refund.exposure"]
        model._fill(date(2026, 4, 30))  # rights are read once, and kept
        counts = []
        for number in (3, 3):
            for n in range(number):
                self.create_year(client=self.create_client(f"C {len(counts)} {n}"))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = model._fill(date(2026, 4, 30))
            self.env.flush_all()
            counts.append((self.cr.sql_log_count - before, len(rows)))
        (few, less), (many, more) = counts
        self.assertGreater(more, less)
        self.assertEqual(few, many)
