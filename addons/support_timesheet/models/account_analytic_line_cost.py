from odoo import api, models

from .account_analytic_line import _OWN_WRITE

#: Stored fields of a new work that `_complete_derived` knows.
DERIVED = ("currency_id", "parent_task_id", "department_id", "manager_id", "is_billed", "approved_on")


class AccountAnalyticLine(models.Model):
    """What core works out line by line, or by an UPDATE after the INSERT, is done for all new works together."""

    _inherit = "account.analytic.line"

    @api.model
    def _complete_derived(self, vals_list):
        """Add what core and we would derive after the INSERT of a work: it is no UPDATE then."""
        projects = self._get_given(vals_list, "project_id")
        employees = self._get_given(vals_list, "employee_id")
        for vals in vals_list:
            company = projects(vals.get("project_id")).company_id
            if not vals.get("task_id"):
                vals["parent_task_id"] = False
                if company:  # else core takes it from elsewhere
                    vals["currency_id"] = company.currency_id.id
            if vals.get("employee_id"):
                employee = employees(vals["employee_id"])
                vals.update(department_id=employee.department_id.id, manager_id=employee.parent_id.id)
            vals["is_billed"] = False
            if not vals.get("approved_by_id"):
                vals["approved_on"] = False

    def _keep_derived(self, vals_list):
        """Keep the values of `_complete_derived`: a create() computes read-only fields even when they are given."""
        for name in DERIVED:
            given = self.browse(line.id for line, vals in zip(self, vals_list, strict=True) if name in vals)
            self.env.remove_to_compute(self._fields[name], given)

    def _timesheet_postprocess(self, values):
        # EXTENDS hr_timesheet
        if self.env.context.get("support_cost_later") is _OWN_WRITE:
            return values
        return super()._timesheet_postprocess(values)

    def _write_cost(self, vals_list):
        """Write what follows from the values of a create(), with one write for all lines that get the same."""
        names = dict.fromkeys(name for vals in vals_list for name in vals)
        timesheets = self.sudo().filtered("project_id")
        groups = {}
        for line_id, vals in timesheets._timesheet_postprocess_values(names).items():
            groups.setdefault(tuple(vals.items()), []).append(line_id)
        for items, line_ids in groups.items():
            if items:
                timesheets.browse(line_ids)._write_own(dict(items))
