import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.support_plans.models.isolation import do_isolated

_logger = logging.getLogger(__name__)
_ONE_DAY = timedelta(days=1)
#: A report goes out when its month is over: so many days after its first day, or later.
_DAYS_BETWEEN = 28


class ContractContract(models.Model):
    """The client's work report: monthly by e-mail where it is wanted, and for the panel (B1, B2)."""

    _inherit = "contract.contract"

    work_report_monthly = fields.Boolean(
        string="Work Report by E-mail",
        tracking=True,
        help="When a service month is over, the contacts get its works as PDF and as a spreadsheet.",
    )
    report_sent_for = fields.Date(
        string="Last Report Sent", readonly=True, copy=False, help="First day of the service month that it covers."
    )

    def write(self, vals):
        # EXTENDS support_plans: who asks for reports now gets none of the months before
        wanted = bool(vals.get("work_report_monthly"))
        starting = self.filtered(lambda c: wanted and not c.work_report_monthly)
        res = super().write(vals)
        for agreement in starting.filtered(lambda c: c.support_plan_id and c.support_state != "draft"):
            month = agreement._get_last_month_over(fields.Datetime.now())
            if month and (not agreement.report_sent_for or agreement.report_sent_for < month):
                agreement.report_sent_for = month
        return res

    def action_work_report(self):
        """Choose the period of a work report of this agreement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_timesheet.action_support_work_report_wizard")
        return {**action, "context": {"default_contract_id": self.id}}

    def _get_panel_report(self, first, last, kind="pdf"):
        """Return (file name, bytes) of the works of this agreement, for its client; read as superuser.

        Whoever calls has made sure that the agreement is the client's own. Days are kept within the agreement.

        :param first, last: dates
        :param kind: "pdf" or "xlsx"
        """
        agreement = self.sudo()
        agreement.ensure_one()
        first = max(first, agreement.date_start)
        last = min(last, agreement.date_end or last)
        if first > last:
            raise UserError(self.env._("The agreement was not in force on these days."))
        return agreement._create_work_report(first, last)._get_document(kind)

    def _create_work_report(self, first, last):
        """Return the work report of this agreement for some days, in the client's language."""
        self.ensure_one()
        return self.env["support.work.report"].create(
            {"contract_id": self.id, "period": "free", "date_from": first, "date_to": last}
        )

    # Monthly

    @api.model
    def _cron_send_work_reports(self):
        """Send the reports of service months that are over; once each, one client's failure stops no other's."""
        now = fields.Datetime.now()
        found = self.search(self._get_report_domain(now)).filtered(lambda c: c._get_month_to_report(now))
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(found))
        for agreement in found:
            agreement = agreement.try_lock_for_update(allow_referencing=True)
            if agreement:
                agreement.invalidate_recordset(["report_sent_for"])
                _sent, errors = do_isolated(agreement, lambda one: one._send_work_report(now))
                agreement._log_report_errors(errors)
            if not cron._commit_progress(1):
                return

    @api.model
    def _get_report_domain(self, now):
        sent = Domain("report_sent_for", "=", False) | Domain(
            "report_sent_for", "<", now.date() - timedelta(days=_DAYS_BETWEEN)
        )
        return (
            Domain("work_report_monthly", "=", True)
            & Domain("support_plan_id", "!=", False)
            & Domain("support_state", "!=", "draft")
            & sent
        )

    def _get_last_month_over(self, now):
        """Return the first day of the last service month that is over at a moment, None before there is one."""
        self.ensure_one()
        day = self._get_service_day(now)
        if self.date_end and self.date_end < day:
            return self._get_month_start(self.date_end)
        if day < self.date_start:
            return None
        month = self._get_month_start(day)
        return self._get_month_start(month - _ONE_DAY) if month > self.date_start else None

    def _get_month_to_report(self, now):
        """Return the first day of the service month whose report is to be sent next, None when all are sent.

        A month that was missed is made up for, one at a run; before the first report only the last month counts.
        """
        over = self._get_last_month_over(now)
        if not over or not self.report_sent_for:
            return over
        if self.report_sent_for >= over:
            return None
        _first, last = self._get_month_bounds(self, self.report_sent_for)
        return last + _ONE_DAY

    def _send_work_report(self, now):
        """Send the next report, and remember it in the same transaction; sending again does nothing."""
        self.ensure_one()
        month = self._get_month_to_report(now)
        if not month:
            return []
        first, last = self._get_month_bounds(self, month)
        self.report_sent_for = month
        contacts = (self._get_contacts_that_count() or self.partner_id).filtered("email")
        if not contacts:
            self._message_log(
                body=self.env._(
                    "The work report of the month that began on %(day)s was not sent: no contact of the client has an "
                    "e-mail address.",
                    day=fields.Date.to_string(month),
                )
            )
            return []
        report = self._create_work_report(first, min(last, self.date_end or last))
        return [self._mail_work_report(report, contacts)]

    def _mail_work_report(self, report, contacts):
        """Queue the mail with both files and return its id."""
        template = self.env.ref("support_timesheet.mail_template_work_report")
        documents = dict(report._get_document(kind) for kind in ("pdf", "xlsx"))
        attachments = self.env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": self._name, "res_id": self.id}
                for name, content in documents.items()
            ]
        )
        return template.with_context(work_report_period=report._format_period()).send_mail(
            self.id,
            email_values={"recipient_ids": contacts.ids, "attachment_ids": attachments.ids},
            email_layout_xmlid="support_plans.mail_layout_plain",
        )

    def _log_report_errors(self, errors):
        for agreement, error in errors.items():
            _logger.error("The work report of agreement %s was not sent", agreement.id, exc_info=error)
