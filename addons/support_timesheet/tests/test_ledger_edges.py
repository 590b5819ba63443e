from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .time_common import TimeInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-20 08:00:00")
class TestLedgerEdges(TimeInvoicingCommon):
    """Edges of the ledger that only one careful line of code keeps (found by breaking each of them)."""

    def create_client_ticket(self, name, start="2026-01-01", **terms):
        """Return an agreement on START of a new client, and a ticket of the client."""
        client = self.create_client(name)
        return self.create_agreement(self.plan_start, client, start, **terms), self.create_time_ticket(client)

    def get_version(self, agreement):
        agreement.invalidate_recordset(["ledger_version"])
        return agreement.ledger_version

    def assertLocks(self, action):
        """What `action` does takes the row of the agreement: two people at once wait for each other (T29)."""
        before = self.get_version(self.agreement)
        action()
        self.assertGreater(self.get_version(self.agreement), before)

    def test_whatever_changes_the_ledger_locks_the_agreement(self):
        works = self.env["account.analytic.line"]
        self.assertLocks(lambda: self.create_work(235))
        work = works.search([("support_contract_id", "=", self.agreement.id)])
        self.assertLocks(lambda: work.write({"unit_amount": 3}))
        self.assertLocks(lambda: self.run_invoicing("2026-07-01"))
        self.assertLocks(lambda: work._correct(115, "Miscounted"))
        extra = self.create_work(25)
        self.assertLocks(extra.unlink)

    def test_the_nightly_run_locks_before_it_gives_the_hours_of_the_month(self):
        """Else whoever logs the month's first time at that moment would create the same package."""
        with self.enter_registry_test_mode():
            self.assertLocks(self.env.ref("support_timesheet.ir_cron_ensure_month_lots").method_direct_trigger)
        self.env.invalidate_all()
        self.assertEqual(self.agreement.package_ids.mapped("date_from"), [date(2026, 6, 1)])

    def test_the_nightly_run_gives_no_hours_of_months_before_an_agreement_was_taken_over(self):
        """As without the run: until `invoice_from` the client has the hours of whoever invoiced it."""
        taken_over, _ticket = self.create_client_ticket("Taken over Ltd", invoice_from="2026-07-01")
        taken_over._ensure_lots_of_today()
        self.assertFalse(taken_over.package_ids)
        with freeze_time("2026-07-01 08:00:00"):
            taken_over._ensure_lots_of_today()
        self.assertEqual(taken_over.package_ids.mapped("date_from"), [date(2026, 7, 1)])

    def test_the_invoice_run_locks_before_it_reads_what_is_due(self):
        before = self.get_version(self.agreement)
        self.agreement._create_agreement_invoices(date(2026, 6, 20))
        self.assertGreater(self.get_version(self.agreement), before)

    def test_work_beyond_the_package_by_its_kind_leaves_the_package_alone(self):
        """P23: on site is billed; the hours stay for remote help."""
        onsite = self.create_work(180, "ONSITE", date="2026-06-01")
        remote = self.create_work(175, date="2026-06-02")
        self.assertEqual((onsite.package_minutes, onsite.overage_minutes), (0, onsite.charged_minutes))
        self.assertEqual((remote.package_minutes, remote.overage_minutes), (180, 0))

    def test_the_ledger_s_month_is_the_service_month_of_the_agreement(self):
        """D5, D11."""
        agreement, ticket = self.create_client_ticket("Mid-month", "2026-01-15")
        work = self.create_work(235, date="2026-06-10", ticket_id=ticket.id)
        self.assertEqual(set(work.entry_ids.mapped("month_start")), {date(2026, 5, 15)})
        self.run_invoicing("2026-06-14")
        self.assertFalse(work.is_billed, "the agreement was invoiced until its own month's end")
        self.assertEqual(agreement._get_balances(date(2026, 6, 14))[agreement.id].beyond, 60)

    def test_work_that_costs_nothing_is_never_above_the_ceiling(self):
        self.agreement.overage_ceiling_hours = 1
        works = self.create_work(120, "ONSITE", date="2026-06-01")
        works |= self.create_work(25, date="2026-06-02") | self.create_work(25, "EMAIL", date="2026-06-03")
        self.assertEqual(works.mapped("is_over_ceiling"), [True, False, False])

    def test_billed_work_counts_against_the_ceiling_but_not_hours_from_the_package(self):
        self.agreement.overage_ceiling_hours = 2
        self.create_work(235, date="2026-06-10")  # 3 h from the package, 1 h beyond
        self.run_invoicing("2026-07-01")
        second = self.create_work(60, "ONSITE", date="2026-06-11")
        third = self.create_work(60, "ONSITE", date="2026-06-12")
        self.assertEqual((second.is_over_ceiling, third.is_over_ceiling), (False, True))

    def test_a_correction_makes_room_below_the_ceiling(self):
        self.agreement.overage_ceiling_hours = 1
        work = self.create_work(235, date="2026-06-10")
        self.run_invoicing("2026-07-01")
        work._correct(175, "Miscounted")  # the hour beyond is given back
        later = self.create_work(60, "ONSITE", date="2026-06-12")
        self.assertFalse(later.is_over_ceiling)

    def test_goodwill_and_bugs_charge_nothing(self):
        work = self.create_work(55, goodwill_minutes=60, goodwill_reason="Our mistake")
        self.assertEqual((work.full_minutes, work.charged_minutes, work.coverage), (60, 0, "free"))
        bug = self.create_time_ticket(self.client_contact, request_kind="bug")
        mended = self.create_work(55, "EMAIL", ticket_id=bug.id)
        self.assertEqual((mended.full_minutes, mended.charged_minutes, mended.coverage), (0, 0, "free"))
        self.assertFalse((work | mended).entry_ids)

    def test_work_without_minutes_has_no_note_time(self):
        self.assertEqual((self.create_work(0).note_minutes, self.create_work(1).note_minutes), (0, 5))

    def test_work_that_leaves_the_ledger_gives_back_its_hours(self):
        """An edit that makes work free of charge leaves no row behind, and the package has its minutes again."""
        work = self.create_work(55)
        lot = work.entry_ids.package_id
        work.work_type_id = self.kinds["EMAIL"]
        self.assertEqual((work.coverage, len(work.entry_ids), lot.used_minutes), ("quota", 0, 0))
        self.assertLedgerIsSound()

    def test_an_edit_writes_the_rows_that_are_there_already(self):
        """One row for a work and a package: minutes, day and rate of it change in place."""
        work = self.create_work(235)
        rows = work.entry_ids
        work.write({"unit_amount": 205 / 60, "date": "2026-06-11"})
        self.assertEqual(work.entry_ids, rows)
        self.assertEqual(set(rows.mapped("date")), {date(2026, 6, 11)})
        self.assertEqual(sorted(self.get_ledger(work), key=str), [(180, "month"), (30, None)])
        self.assertLedgerIsSound()

    def test_judging_again_leaves_billed_work_and_corrections_alone(self):
        work = self.create_work(235)
        self.run_invoicing("2026-07-01")
        correction = work._correct(205, "Miscounted")
        before = (work | correction).mapped("charged_minutes")
        self.agreement.hourly_rate = 500
        self.agreement.action_judge_open_work()
        self.assertEqual((work | correction).mapped("charged_minutes"), before)
        self.assertEqual((work | correction).mapped("hourly_rate"), [165, 165])

    def test_corrections_of_a_correction_count_from_the_original(self):
        """D13: 4 h booked, really 2 h, then really 3 h: nothing is given back twice."""
        work = self.create_work(235)
        self.run_invoicing("2026-07-01")
        first = work._correct(115, "Entered twice")
        self.run_invoicing("2026-08-01")
        second = work._correct(175, "Once was right after all")
        self.assertEqual((first.worked_minutes, second.worked_minutes), (-120, 60))
        self.assertEqual((first.charged_minutes, second.charged_minutes, work._get_booked_minutes()), (-120, 60, 180))
        self.assertEqual((first.package_minutes, first.overage_minutes), (-60, -60))
        self.assertEqual((first.note_minutes, first.step_minutes), (0, 0))
        third = work._correct(55, "No")
        self.assertEqual((third.charged_minutes, third.package_minutes, third.overage_minutes), (-120, -120, 0))
        self.assertTrue(third.action_correct(), "what is billed is the original")
        self.assertLedgerIsSound()

    def test_one_off_work_is_corrected_upwards_with_a_ledger_row(self):
        """C1: the client has no agreement; the difference is due at the rate of the work."""
        ticket = self.create_time_ticket(self.create_client("Walk-in"))
        work = self.create_work(25, ticket_id=ticket.id)
        self.env["account.move"].search(work.action_invoice_one_off()["domain"])
        correction = work._correct(55, "Half an hour was forgotten")
        self.assertEqual(self.get_ledger(correction), [(30, None)])
        self.assertLedgerIsSound()

    def test_work_of_the_month_s_first_day_waits_for_its_end(self):
        agreement, ticket = self.create_client_ticket("First day")
        self.run_invoicing("2026-06-20")
        work = self.create_work(120, "ONSITE", date="2026-06-20", ticket_id=ticket.id)
        self.run_invoicing("2026-06-30")
        self.assertFalse(work.is_billed)
        agreement._write_own({"date_end": "2026-06-30"})
        self.run_invoicing("2026-06-30")
        self.assertFalse(work.is_billed, "the last day of the agreement is not over")
        self.run_invoicing("2026-07-01")
        self.assertTrue(work.is_billed)

    def test_a_draft_that_is_deleted_leaves_nothing_billed(self):
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        invoice.invoice_line_ids.filtered("is_overage").unlink()
        self.assertFalse(work.is_billed)
        work.unit_amount = 205 / 60
        self.assertEqual(work.overage_minutes, 30)

    def test_work_moved_between_clients_leaves_no_hours_behind(self):
        _agreement, ticket = self.create_client_ticket("Second Ltd")
        work = self.create_work(55)
        lot = work.entry_ids.package_id
        work.ticket_id = ticket
        self.assertEqual((lot.used_minutes, work.entry_ids.package_id.used_minutes), (0, 60))
        with self.assertRaises(UserError):
            self.create_work(25, coverage="free")
        self.assertLedgerIsSound()

    def test_freed_work_is_allocated_anew(self):
        """Hours that came after the invoice pay for it once the invoice is cancelled."""
        work = self.create_work(235)
        invoice = self.run_invoicing("2026-07-01")
        self.give_hours(600)
        self.assertEqual(work.overage_minutes, 60, "what is billed stays")
        invoice.button_cancel()
        self.assertEqual((work.package_minutes, work.overage_minutes), (240, 0))
        self.assertLedgerIsSound()

    def test_cancelling_a_sale_leaves_the_hours_that_billed_work_used(self):
        purchase = self.agreement._prepare_purchase(self.env["support.package.offer"], 60, 100, 12)
        lot = self.agreement._buy_package(purchase, self.agreement._get_today())
        work = self.create_work(295, date="2026-06-20")  # 3 h of the month, 1 h bought, 1 h beyond
        self.run_invoicing("2026-07-01")
        sale = lot.invoice_line_id.move_id
        sale.button_draft()
        sale.button_cancel()
        self.assertEqual((lot.exists().minutes, lot.used_minutes), (60, 60))
        self.assertEqual((work.package_minutes, work.overage_minutes), (240, 60))
        self.assertLedgerIsSound()

    def test_paying_for_hours_that_are_usable_already_moves_no_validity(self):
        """C3: only hours that wait for the payment begin with it."""
        purchase = self.agreement._prepare_purchase(self.env["support.package.offer"], 60, 100, 12)
        lot = self.agreement._buy_package(purchase, self.agreement._get_today())
        with freeze_time("2026-06-28 08:00:00"):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=lot.invoice_line_id.move_id.ids
            ).create({"payment_date": fields.Date.today()})._create_payments()
        self.assertEqual(lot.date_from, date(2026, 6, 20))

    def give_hours(self, minutes):
        """Give the client a package for the year from June on."""
        lot = {"contract_id": self.agreement.id, "minutes": minutes, "date_from": "2026-06-01", "date_to": "2027-05-31"}
        return self.env["support.package"].create(lot)
