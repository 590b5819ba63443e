from calendar import monthrange
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

_ONE_DAY = timedelta(days=1)
PERIODS = [
    ("last", "Last service month"),
    ("this", "This service month"),
    ("month", "Calendar month"),
    ("free", "Free dates"),
]


class SupportWorkReport(models.TransientModel):
    """A work report (wykaz prac): one client's works in a period, for print and as a spreadsheet (B1, B2, F3).

    The record says whose works and when, and no report is made in any other way. With an agreement: the
    works of that agreement only; else all works of the client in the company.
    """

    _name = "support.work.report"
    _description = "Work Report"

    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, readonly=False, required=True, precompute=True
    )
    contract_id = fields.Many2one(
        "contract.contract",
        string="Agreement",
        domain="[('support_plan_id', '!=', False), ('support_state', '!=', 'draft'), "
        "('commercial_partner_id', '=?', partner_id)]",
        help="Empty: all works of the client.",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
        ondelete="cascade",
    )
    period = fields.Selection(PERIODS, required=True, default="last")
    month_day = fields.Date(
        string="Month of", default=lambda self: self._default_month_day(), help="Any day of the calendar month."
    )
    date_from = fields.Date(
        string="From", compute="_compute_dates", store=True, readonly=False, required=True, precompute=True
    )
    date_to = fields.Date(
        string="To", compute="_compute_dates", store=True, readonly=False, required=True, precompute=True
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )

    _dates = models.Constraint("CHECK(date_from <= date_to)", "The first day of the report is after its last day.")

    # Defaults

    @api.model
    def default_get(self, fields_list):
        # From the list of works: the client, agreement and days that they have in common
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "account.analytic.line":
            works = self.env["account.analytic.line"].browse(self.env.context.get("active_ids")).exists()
            values.update(self._get_common_values(works.filtered("work_type_id")))
        return {name: value for name, value in values.items() if name in fields_list}

    @api.model
    def _get_common_values(self, works):
        """Return whose works these are and from when to when; of several clients nothing but the days."""
        if not works:
            return {}
        values = {"period": "free", "date_from": min(works.mapped("date")), "date_to": max(works.mapped("date"))}
        if len(works.partner_id) == 1:
            values["partner_id"] = works.partner_id.id
            agreements = set(works.mapped("support_contract_id"))
            if len(agreements) == 1:
                values["contract_id"] = agreements.pop().id
        return values

    @api.model
    def _default_month_day(self):
        return fields.Date.context_today(self).replace(day=1) - _ONE_DAY

    @api.depends("contract_id")
    def _compute_company_id(self):
        for report in self:
            report.company_id = report.contract_id.company_id or report.company_id or self.env.company

    @api.depends("contract_id")
    def _compute_partner_id(self):
        for report in self:
            report.partner_id = report.contract_id.commercial_partner_id or report.partner_id

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.contract_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            self.contract_id = False

    @api.depends("period", "month_day", "contract_id")
    def _compute_dates(self):
        for report in self:
            if report.period != "free" or not (report.date_from and report.date_to):
                report.date_from, report.date_to = report._get_dates()

    @api.depends("partner_id", "contract_id")
    def _compute_lang(self):
        for report in self:
            client_lang = report.contract_id._get_client_lang() if report.contract_id else report.partner_id.lang
            report.lang = client_lang or self.env.lang or "en_US"

    def _get_dates(self):
        """Return the first and last day of the chosen period; without an agreement months are those of the calendar."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.period == "month":
            return self._get_calendar_month(self.month_day or today)
        agreement = self.contract_id.sudo()
        day = min(today, agreement.date_end or today)
        if not agreement or day < agreement.date_start:
            first, last = self._get_calendar_month(today)
            return self._get_calendar_month(first - _ONE_DAY) if self.period == "last" else (first, last)
        first, last = agreement._get_month_bounds(agreement, day)
        if self.period == "last" and first > agreement.date_start and last >= today:
            return agreement._get_month_bounds(agreement, first - _ONE_DAY)
        return first, last

    @api.model
    def _get_calendar_month(self, day):
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])

    @api.constrains("partner_id", "contract_id", "company_id")
    def _check_one_client(self):
        for report in self:
            agreement = report.contract_id.sudo()
            if not agreement:
                continue
            if agreement.commercial_partner_id != report.partner_id.sudo().commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Agreement %(agreement)s is not one of %(client)s: a work report is of one client.",
                        agreement=agreement.display_name,
                        client=report.partner_id.sudo().display_name,
                    )
                )
            if agreement.company_id != report.company_id:
                raise ValidationError(
                    self.env._("Agreement %(agreement)s is of another company.", agreement=agreement.display_name)
                )

    # Buttons

    def action_print_pdf(self):
        """Print the works."""
        self._check_may_print()
        return self.env.ref("support_timesheet.action_report_work_report").report_action(self.ids, config=False)

    def action_export_xlsx(self):
        """Give the works as a spreadsheet."""
        self._check_may_print()
        return self.env.ref("support_timesheet.action_report_work_report_xlsx").report_action(self.ids, config=False)

    def _check_may_print(self):
        """Refuse works of clients, agreements and companies that the user may not read.

        The rows come by SQL, which asks for no access rules: this is asked before each.
        """
        self.ensure_one()
        self.check_access("read")
        if self.env.su:
            return
        self.contract_id.check_access("read")
        self.partner_id.check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("The work report is of %(company)s: switch to it.", company=self.company_id.sudo().name)
            )
