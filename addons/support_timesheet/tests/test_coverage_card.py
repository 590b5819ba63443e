from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .time_common import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestCoverageCard(TimeCommon):
    """Before the work: who pays, what is left, what it costs this client now (P15-P24, P30, F3)."""

    def get_rows(self, ticket=None, **options):
        ticket = (ticket or self.ticket).with_user(self.consultant)
        ticket.invalidate_recordset()
        return {row["code"]: row for row in ticket._get_coverage_rows(**options)}

    def get_money(self, text):
        """Return a text with plain spaces in its amounts."""
        return text.replace("\N{NO-BREAK SPACE}", " ")

    def assertRow(self, row, coverage, left, cost, level=""):
        values = row["coverage"], row["left"], self.get_money(row["cost"]), row["level"]
        self.assertEqual(values, (coverage, left, cost, level))

    def test_start_with_a_whole_package(self):
        """P18-P22: START has 3 h of package and a quota of e-mail work."""
        rows = self.get_rows()
        self.assertEqual(list(rows)[:4], ["EMAIL", "PHONE_SUPPORT", "PHONE_CONSULTATION", "REMOTE"])
        self.assertRow(rows["REMOTE"], "package", "3 h left", "30 min = from the package")
        self.assertRow(rows["PHONE_SUPPORT"], "package", "3 h left", "15 min = from the package")
        quota = self.ticket._format_hours(self.agreement.quota_hours * 60)
        self.assertRow(rows["EMAIL"], "quota", f"0 min of {quota} used", "not billed")
        self.assertRow(rows["ONSITE"], "beyond", "", "1 h = 165.00 zł net", "warning")
        self.assertEqual(self.get_money(rows["ONSITE"]["rate"]), "165.00 zł/h")
        self.assertEqual((rows["REMOTE"]["step"], rows["REMOTE"]["note"]), (30, 5))
        self.assertEqual(rows["EMAIL"]["rate"], "")
        self.assertEqual(rows["REMOTE"]["warning"], "")

    def test_the_package_ends_within_one_unit(self):
        """P10, P22: 15 min are left; a remote session of 30 min takes them and 15 min beyond."""
        self.create_work(160, "PHONE_SUPPORT", date="2026-06-10")
        row = self.get_rows()["REMOTE"]
        self.assertRow(row, "partly", "15 min left", "30 min = 15 min from the package + 41.25 zł net", "warning")
        self.assertIn("Only 15 min left", row["warning"])
        self.create_work(10, "PHONE_SUPPORT", date="2026-06-11")
        row = self.get_rows()["REMOTE"]
        self.assertRow(row, "beyond", "0 min left", "30 min = 82.50 zł net", "warning")
        self.assertIn("Nothing is left", row["warning"])

    def test_a_kind_that_the_plan_does_not_give(self):
        """P17-P20: the screen warns before the work and says what it costs."""
        row = self.get_rows()["PROGRAMMING"]
        self.assertRow(row, "none", "", "1 h = 165.00 zł net", "danger")
        self.assertIn("not in the plan START", row["warning"])
        self.assertEqual(row["payer"], "Not in the plan")

    def test_email_on_a_bug_is_free(self):
        """P16, P24."""
        row = self.get_rows(self.create_ticket(request_kind="bug"))["EMAIL"]
        self.assertRow(row, "free", "", "not billed")

    def test_a_used_quota_warns_and_is_not_billed(self):
        """P15, P30."""
        self.create_work(self.agreement.quota_hours * 60, "EMAIL")
        row = self.get_rows()["EMAIL"]
        quota = self.ticket._format_hours(self.agreement.quota_hours * 60)
        self.assertRow(row, "quota", f"{quota} of {quota} used", "not billed", "warning")
        self.assertIn("without a guaranteed", row["warning"])

    def test_above_the_client_s_own_ceiling_a_contact_is_asked(self):
        self.agreement.overage_ceiling_hours = 1
        self.create_work(220, "PHONE_SUPPORT", date="2026-06-10")
        row = self.get_rows()["REMOTE"]
        self.assertEqual((row["level"], row["coverage"]), ("danger", "beyond"))
        self.assertIn("limit of 1 h beyond the package a month (45 min used)", row["warning"])
        self.assertIn("ask a contact", row["warning"])
        self.assertEqual(self.get_rows()["PHONE_SUPPORT"]["level"], "warning")
        self.agreement.overage_ceiling_hours = 2
        self.assertEqual(self.get_rows()["REMOTE"]["level"], "warning")

    def test_a_client_without_agreement_pays_the_list_rate(self):
        """C1, P3, B4."""
        stranger = self.create_client("Walk-in")
        rows = self.get_rows(self.create_ticket(partner_id=stranger.id))
        self.assertRow(rows["REMOTE"], "beyond", "", "30 min = 100.00 zł net", "danger")
        self.assertIn("no agreement", rows["REMOTE"]["warning"])

    def test_the_agreement_s_own_step_counts(self):
        """D10."""
        item = self.agreement.entitlement_ids.filtered(lambda e: e.work_type_id.code == "REMOTE")
        item.sudo().write({"has_own_rounding": True, "step_minutes": 10, "note_minutes": 0})
        row = self.get_rows()["REMOTE"]
        self.assertRow(row, "package", "3 h left", "10 min = from the package")
        self.assertEqual((row["step"], row["note"]), (10, 0))
        item.sudo().step_minutes = 0
        self.assertRow(self.get_rows()["REMOTE"], "package", "3 h left", "1 h = from the package")

    def test_a_person_that_nobody_knows_pays_the_list_rates(self):
        """B4, C1, P16: served, too; the card says so, with prices, and what to do first."""
        ticket = self.create_ticket(partner_id=False)
        rows = self.get_rows(ticket)
        self.assertRow(rows["REMOTE"], "beyond", "", "30 min = 100.00 zł net", "danger")
        self.assertIn("client is not known", rows["REMOTE"]["warning"])
        self.assertEqual(self.get_money(rows["REMOTE"]["rate"]), "200.00 zł/h")
        self.assertEqual(rows["REMOTE"]["payer"], "At the list rate")
        ticket.request_kind = "bug"
        self.assertRow(self.get_rows(ticket)["EMAIL"], "free", "", "not billed")
        card = ticket.with_user(self.consultant).time_card
        self.assertIn("Find or create the client first", card["notice"])
        self.assertEqual(self.ticket.with_user(self.consultant).time_card["notice"], "")

    def test_a_plan_without_package_orders_hours_at_the_list_rate(self):
        """P2, P22: COMMUNITY and EMAIL have no package, so nothing goes beyond one."""
        client = self.create_client("Forum reader")
        agreement = self.create_agreement(self.plan_community, client, "2026-01-01")
        ticket = self.create_ticket(partner_id=client.id)
        row = self.get_rows(ticket)["REMOTE"]
        self.assertRow(row, "beyond", "", "30 min = 100.00 zł net", "warning")
        self.assertEqual(
            self.get_money(row["warning"]),
            "The plan COMMUNITY has no package of hours: “Remote help” is ordered at the list rate, "
            "30 min = 100.00 zł net.",
        )
        self.assertEqual(row["payer"], "By the hour")
        agreement.hourly_rate = 150
        warning = self.get_money(self.get_rows(ticket)["REMOTE"]["warning"])
        self.assertIn("ordered at the agreed rate, 30 min = 75.00", warning)
        self.assertIn("always billed beyond the package", self.get_rows()["ONSITE"]["warning"])

    def test_money_is_for_employees_unless_asked(self):
        client = new_test_user(self.env, "client_portal", groups="base.group_portal")
        ticket = self.ticket.with_user(client).sudo()
        for options, shown in (({}, False), ({"with_rates": True}, True)):
            rows = {row["code"]: row for row in ticket._get_coverage_rows(**options)}
            self.assertEqual("165" in rows["ONSITE"]["cost"] + rows["ONSITE"]["warning"], shown)
            self.assertEqual(bool(rows["ONSITE"]["rate"]), shown)
        with self.assertRaises(AccessError):
            self.ticket.with_user(client).read(["time_card"])

    def test_another_day(self):
        self.create_work(160, "PHONE_SUPPORT", date="2026-06-10")
        rows = self.get_rows(day=date(2026, 5, 20))
        self.assertRow(rows["REMOTE"], "package", "3 h left", "30 min = from the package")

    def test_asking_writes_nothing(self):
        lots = self.env["support.package"].search_count([])
        version = self.agreement.ledger_version
        self.get_rows()
        self.assertEqual(self.env["support.package"].search_count([]), lots)
        self.assertEqual(self.agreement.ledger_version, version)

    def test_the_queries_do_not_grow_with_the_kinds(self):
        counts = []
        for round_number in range(2):
            self.get_rows()
            self.env.flush_all()
            self.env.invalidate_all()
            ticket = self.ticket.with_user(self.consultant)
            before = self.cr.sql_log_count
            ticket._get_coverage_rows()
            counts.append(self.cr.sql_log_count - before)
            self.env["support.work.type"].create(
                [{"name": f"Kind {n}", "code": f"KIND_{round_number}_{n}", "hours_pool": "package"} for n in range(20)]
            )
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[0], 20)

    # The dialog of a work

    def get_preview(self, minutes, kind="REMOTE", **values):
        line = self.env["account.analytic.line"].with_user(self.consultant)
        work = line.new({**self.prepare_work(minutes, kind), **values})
        return self.get_money(work.charge_preview or "")

    def test_the_dialog_says_what_a_work_will_cost(self):
        """The worked example: 2.5 h of 3 h used, 26 min of remote help with 5 min of note."""
        self.create_work(145, date="2026-06-10")
        text = "26 + 5 min → 60 min charged: 30 min from the package, 30 min × 165.00 = 82.50 zł net"
        self.assertEqual(self.get_preview(26), text)
        work = self.create_work(26)
        self.assertEqual((work.package_minutes, work.overage_minutes, work.work_amount), (30, 30, 82.50))
        # Its own minutes count as free
        self.assertEqual(self.get_money(work.charge_preview), text)

    def test_previews_of_other_coverages(self):
        quota = "10 min → 10 min charged: from the quota of guaranteed time, not billed"
        self.assertEqual(self.get_preview(10, "EMAIL"), quota)
        bug = self.create_ticket(request_kind="bug")
        self.assertEqual(self.get_preview(10, "EMAIL", ticket_id=bug.id), "10 min → 0 min charged: free")
        self.assertEqual(self.get_preview(60, "ONSITE"), "60 min → 60 min charged: 60 min × 165.00 = 165.00 zł net")
        self.assertEqual(self.get_preview(0), "")
        self.agreement.overage_ceiling_hours = 0.5
        self.assertIn("above the client's own limit", self.get_preview(60, "ONSITE"))

    def test_the_preview_follows_the_form(self):
        view = self.env.ref("support_timesheet.support_work_view_form")
        lines = self.env["account.analytic.line"].with_user(self.consultant)
        form = Form(lines.with_context(default_ticket_id=self.ticket.id), view=view)
        form.work_type_id = self.kinds["REMOTE"]
        form.unit_amount = 0.5
        self.assertEqual(form.charge_preview, "30 + 5 min → 60 min charged: 60 min from the package")
        form.time_start = "2026-06-02 22:30:00"
        self.assertEqual(str(form.date), "2026-06-03")
        form.name = "Mended the printer"
        self.assertEqual(form.save().package_minutes, 60)
