from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .time_common import TimeCommon, TimeInvoicingCommon

CRON = "support_timesheet.ir_cron_send_work_reports"


@tagged("post_install", "-at_install")
class TestWorkReportMonthly(TimeCommon):
    """The last service month's works go to the contacts, once (B1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.work_report_monthly = True
        cls.agreement.report_sent_for = False
        cls.agreement.support_contact_ids = [Command.set(cls.client_contact.ids)]

    def run_cron(self, day):
        """Run the job on a day and return the mails that it queued."""
        mails = self.env["mail.mail"].search([])
        with freeze_time(f"{day} 05:00:00"), self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - mails

    def test_the_last_month_goes_out_once_to_the_contacts(self):
        self.create_work(25, date="2026-05-20")
        [mail] = self.run_cron("2026-06-01")
        self.assertEqual(mail.recipient_ids, self.client_contact)
        self.assertEqual(len(mail.attachment_ids), 2)
        names = sorted(mail.attachment_ids.mapped("name"))
        self.assertTrue(names[0].endswith("2026-05-01 – 2026-05-31.pdf"), names)
        self.assertTrue(names[1].endswith(".xlsx"), names)
        self.assertIn("Mended the printer", mail.attachment_ids.filtered(lambda a: ".pdf" in a.name).raw.decode())
        self.assertEqual(str(self.agreement.report_sent_for), "2026-05-01")
        self.assertFalse(self.run_cron("2026-06-01"))
        self.assertFalse(self.run_cron("2026-06-30"))
        self.assertTrue(self.run_cron("2026-07-01"))

    def test_a_missed_month_is_made_up_for(self):
        self.agreement.report_sent_for = "2026-03-01"
        self.run_cron("2026-06-05")
        self.assertEqual(str(self.agreement.report_sent_for), "2026-04-01")
        self.run_cron("2026-06-06")
        self.assertEqual(str(self.agreement.report_sent_for), "2026-05-01")
        self.assertFalse(self.run_cron("2026-06-07"))

    def test_nothing_before_the_first_month_is_over_and_one_report_after_the_end(self):
        self.assertFalse(self.run_cron("2026-01-31"))
        self.agreement.sudo()._write_own({"date_end": "2026-03-20"})
        self.agreement.report_sent_for = "2026-02-01"
        self.assertTrue(self.run_cron("2026-03-25"))
        self.assertEqual(str(self.agreement.report_sent_for), "2026-03-01")
        self.assertFalse(self.run_cron("2026-06-01"))

    def test_who_asks_in_the_middle_gets_the_reports_from_then_on(self):
        self.agreement.work_report_monthly = False
        with freeze_time("2026-05-10 08:00:00"):
            self.agreement.work_report_monthly = True
        self.assertEqual(str(self.agreement.report_sent_for), "2026-04-01")
        self.assertFalse(self.run_cron("2026-05-11"))
        self.assertTrue(self.run_cron("2026-06-01"))

    def test_the_mail_speaks_the_clients_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.client.lang = "pl_PL"
        template = self.env.ref("support_timesheet.mail_template_work_report")
        template.with_context(lang="pl_PL").subject = "Wykaz prac {{ ctx.get('work_report_period') }}"
        [mail] = self.run_cron("2026-06-01")
        self.assertRegex(mail.subject, "^Wykaz prac 01.05.2026 – 31.05.2026")

    def test_a_client_that_fails_stops_no_other(self):
        other = self.create_client("Fine Ltd", email="fine@fine.example")
        fine = self.create_agreement(self.plan_standard, other, "2026-01-01", work_report_monthly=True)
        broken, render = self.agreement, type(self.env["support.work.report"])._render

        def fail(report, kind):
            if report.contract_id == broken:
                raise ValueError("Broken")
            return render(report, kind)

        with (
            patch.object(type(self.env["support.work.report"]), "_render", fail),
            mute_logger("odoo.addons.support_timesheet.models.contract_contract_report"),
        ):
            [mail] = self.run_cron("2026-06-01")
        self.assertEqual(mail.recipient_ids, other)
        self.assertEqual((str(fine.report_sent_for), broken.report_sent_for), ("2026-05-01", False))
        self.assertEqual(self.run_cron("2026-06-02").recipient_ids, self.client_contact)

    def test_without_an_address_the_agreement_says_so_once(self):
        self.client_contact.email = False
        self.assertFalse(self.run_cron("2026-06-01"))
        self.assertIn("was not sent", self.agreement.message_ids[0].body)
        count = len(self.agreement.message_ids)
        self.run_cron("2026-06-02")
        self.assertEqual(len(self.agreement.message_ids), count)


@tagged("post_install", "-at_install")
class TestWorkReportOfInvoice(TimeInvoicingCommon):
    """The mail of an invoice brings the works that it bills (B1)."""

    def invoice(self):
        """Run the invoices of half a year and return the one with hours, else that of July's fee."""
        with freeze_time("2026-07-01 08:00:00"):
            moves = self.run_invoicing("2026-07-01")
            moves.filtered(lambda m: m.state == "draft").action_post()
        july = moves.filtered(lambda m: "2026-07-01" in map(str, m.invoice_line_ids.mapped("service_period_start")))
        return moves.filtered(lambda m: any(m.invoice_line_ids.mapped("is_overage"))) or july

    def send(self, invoice):
        """Send an invoice by e-mail and return the names of the files of its message."""
        self.client.email = self.client_contact.email
        wizard = self.env["account.move.send.wizard"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"sending_methods": ["email"]})
        shown = [data["name"] for data in wizard.mail_attachments_widget]
        wizard.action_send_and_print()
        message = invoice.message_ids.filtered("attachment_ids")[:1]
        return shown, message.attachment_ids

    def find_reports(self, attachments):
        return attachments.filtered(lambda a: "Work report" in a.name)

    def test_the_months_of_the_hours_beyond_are_attached(self):
        with freeze_time("2026-06-20 08:00:00"):
            self.create_work(235, date="2026-06-10")
        invoice = self.invoice()
        self.assertTrue(invoice.invoice_line_ids.filtered("is_overage"))
        with freeze_time("2026-07-01 09:00:00"):
            shown, attachments = self.send(invoice)
        [report] = self.find_reports(attachments)
        self.assertIn(report.name, shown)
        self.assertIn("2026-06-01 – 2026-06-30", report.name)
        self.assertIn("Mended the printer", report.raw.decode())

    def test_an_invoice_without_hours_brings_no_report_unless_the_client_wants_it(self):
        invoice = self.invoice()
        self.assertFalse(invoice._get_work_reports())
        self.agreement.work_report_monthly = True
        report = invoice._get_work_reports()
        self.assertEqual(report.contract_id, self.agreement)
        self.assertEqual((str(report.date_from), str(report.date_to)), ("2026-06-01", "2026-06-30"))

    def test_a_report_that_fails_keeps_no_invoice_back(self):
        with freeze_time("2026-06-20 08:00:00"):
            self.create_work(235, date="2026-06-10")
        invoice = self.invoice()
        with (
            patch.object(type(self.env["support.work.report"]), "_render", side_effect=ValueError("Broken")),
            mute_logger("odoo.addons.support_timesheet.models.account_move_send"),
            freeze_time("2026-07-01 09:00:00"),
        ):
            _shown, attachments = self.send(invoice)
        self.assertTrue(attachments)
        self.assertFalse(self.find_reports(attachments))
        self.assertTrue(invoice.message_ids.filtered(lambda m: "without its work report" in (m.body or "")))
