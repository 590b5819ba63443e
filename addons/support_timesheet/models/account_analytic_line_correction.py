from dataclasses import dataclass

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..rules import coverage, increments, package
from .support_package_entry_writer import net_amount


@dataclass(frozen=True, slots=True)
class CorrectionPreview:
    """What a correction would change; minutes, negative where something is given back.

    ``booked``, ``charged``: charged until now and then, in all; ``package``, ``beyond``: parts of the
    difference; ``amount``: net, of the part beyond.
    """

    booked: int
    charged: int
    package: int
    beyond: int
    amount: float


class AccountAnalyticLine(models.Model):
    """Correcting a billed work: the difference is a new entry with a link, on the next invoice (D13)."""

    _inherit = "account.analytic.line"

    def action_correct(self):
        """Open the correction of a billed work."""
        self.ensure_one()
        self._check_can_correct()
        return {
            "type": "ir.actions.act_window",
            "res_model": "support.time.correction",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Correct Billed Work"),
            "context": {"default_line_id": self.id},
        }

    def _check_can_correct(self):
        """Billed work is corrected by who bills it; the rest is simply edited."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only invoicing users correct billed work."))
        for line in self:
            original = line.corrected_line_id or line
            if not (original.is_billed or original.correction_ids):
                raise UserError(
                    self.env._("%(work)s is not billed yet: edit it instead of correcting it.", work=line.name)
                )

    def _get_booked_minutes(self):
        """Return the charged minutes of a work with its corrections."""
        self.ensure_one()
        return self.charged_minutes + sum(self.correction_ids.mapped("charged_minutes"))

    def _get_booked_worked_minutes(self):
        """Return the worked minutes of a work with its corrections."""
        self.ensure_one()
        return self.worked_minutes + sum(self.correction_ids.mapped("worked_minutes"))

    def _preview_correction(self, worked):
        """Return the `CorrectionPreview` of correcting a work to what was really worked; nothing is written.

        :param worked: minutes in all
        """
        self.ensure_one()
        line = (self.corrected_line_id or self).sudo()
        booked = line._get_booked_minutes()
        charged = increments.charged_minutes(worked, line.note_minutes, line.step_minutes)
        difference = charged - booked
        beyond = line._get_beyond_of_difference(difference)
        amount = net_amount(beyond, line.hourly_rate, line._get_hours_discounts().get(line, 0))
        return CorrectionPreview(booked, charged, difference - beyond, beyond, amount)

    def _get_beyond_of_difference(self, difference):
        """Return the part of a correction that no package pays, or paid."""
        if difference < 0:
            return sum(row["minutes"] for row in self._take_back(-difference) if not row["package_id"])
        if self.coverage_basis != coverage.PACKAGE:
            return difference
        balance = self.support_contract_id._get_balances(self.date).get(self.support_contract_id.id)
        return difference - min(max(balance.left if balance else 0, 0), difference)

    def _correct(self, worked, reason):
        """Correct a billed work to what was really worked, and return the new entry.

        What the terms charge for `worked` less what is booked already, with the step and note time of
        the work: a positive difference burns as any work does, a negative one gives back what was
        burned last.

        :param worked: minutes in all
        :param reason: why; the client reads it
        """
        self.ensure_one()
        self._check_can_correct()
        line = (self.corrected_line_id or self).sudo()
        line._touch()
        minutes = increments.charged_minutes(worked, line.note_minutes, line.step_minutes)
        difference = minutes - line._get_booked_minutes()
        if not difference:
            raise UserError(
                self.env._(
                    "%(work)s: %(worked)s min of work charge the same %(minutes)s min. There is nothing to correct.",
                    work=line.name,
                    worked=worked,
                    minutes=minutes,
                )
            )
        if difference < 0:
            line._check_not_credited()
        return line._create_correction(worked - line._get_booked_worked_minutes(), difference, reason)

    def _touch(self):
        """Let two corrections of one work exclude each other: who comes second fails here and is run again by Odoo.

        One-off work has no agreement whose ledger would be locked.
        """
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE account_analytic_line SET write_date = %s WHERE id = %s", [fields.Datetime.now(), self.id]
        )

    def _get_billing_invoices(self):
        """Return the invoices that bill this work or its corrections; not credit notes."""
        return (self | self.correction_ids).entry_ids.invoice_id.filtered(lambda move: move.move_type == "out_invoice")

    def _filter_given_back(self):
        """Return those of these works of which every invoice was credited in full."""
        if not self:
            return self
        (self | self.correction_ids)._get_billing_invoices()  # read for all at once
        invoices = {work: work._get_billing_invoices() for work in self}
        credited = self.env["account.move"].union(*invoices.values())._filter_credited()
        return self.filtered(lambda work: invoices[work] and invoices[work] <= credited)

    def _check_not_credited(self):
        """Refuse to give back what a credit note has given back already."""
        for work in self._filter_given_back():
            raise UserError(
                self.env._(
                    "%(work)s: invoice %(invoice)s was credited in full, nothing is left to give back.",
                    work=work.name,
                    invoice=", ".join(work._get_billing_invoices().mapped("display_name")),
                )
            )

    def _create_correction(self, worked, difference, reason):
        """Create the entry of a difference in charged minutes (negative: given back)."""
        values = self._prepare_correction(worked, difference, reason)
        if difference < 0:
            rows = self._take_back(-difference)
            beyond = sum(row["minutes"] for row in rows if not row["package_id"])
            taken = difference - beyond
            values.update(
                overage_minutes=beyond,
                package_minutes=taken,
                coverage=coverage.shown(self.coverage_basis, -difference, -taken, -beyond),
                work_amount=net_amount(beyond, self.hourly_rate),
            )
        correction = self.with_context(support_own_write=self._get_own_mark()).create(values).with_env(self.env)
        if difference < 0:
            ledger = self.env["support.package.entry"].sudo()
            ledger.create([{**row, "line_id": correction.id} for row in rows])
        self.support_contract_id._allocate_work()
        if difference > 0 and not self.support_contract_id:
            correction._allocate_one_off()
        return correction

    def _prepare_correction(self, worked, difference, reason):
        """Return the values of a correction; it takes the terms of the work as they were billed."""
        self.ensure_one()
        same = (
            "ticket_id",
            "work_type_id",
            "project_id",
            "task_id",
            "employee_id",
            "partner_id",
            "company_id",
            "support_contract_id",
            "support_plan_id",
        )
        return {
            **{name: self[name].id for name in same},
            "name": self.env._("Correction of “%(work)s”: %(reason)s", work=self.name, reason=reason),
            "date": self.date,
            "unit_amount": worked / 60,
            "worked_minutes": worked,
            "note_minutes": 0,
            "step_minutes": 0,
            "full_minutes": difference,
            "charged_minutes": difference,
            "coverage_basis": self.coverage_basis,
            "coverage": self.coverage_basis,
            "package_minutes": 0,
            "overage_minutes": difference,
            "hourly_rate": self.hourly_rate,
            "corrected_line_id": self.id,
        }

    def _take_back(self, minutes):
        """Return the ledger rows that give back minutes of this work: what was burned last comes first."""
        burned = {}
        for entry in (self | self.correction_ids).entry_ids:
            burned[entry.package_id] = burned.get(entry.package_id, 0) + entry.minutes
        order = sorted((lot for lot in burned if lot), key=lambda lot: (lot.date_to, lot.date_from, lot.id))
        taken = [package.Allocation(self.id, lot.id, burned[lot]) for lot in order]
        nothing = self.env["support.package"]
        if burned.get(nothing):
            taken.append(package.Allocation(self.id, None, burned[nothing]))
        month = self.entry_ids[:1].month_start
        return [
            {
                "contract_id": self.support_contract_id.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "package_id": item.lot_id,
                "date": self.date,
                "month_start": month,
                "minutes": item.minutes,
                "hourly_rate": self.hourly_rate,
            }
            for item in package.take_back(taken, minutes)
        ]

    def action_withdraw_correction(self):
        """Button: take an unbilled correction back; the work is as it was billed."""
        self.ensure_one()
        self._check_can_correct()
        if not self.corrected_line_id or self.is_billed:
            raise UserError(self.env._("%(work)s is no correction that could be withdrawn.", work=self.name))
        original = self.corrected_line_id
        self.sudo().unlink()
        return original.action_view_corrections()

    def action_credit(self):
        """Button: give the money of a negative correction back now, by a draft credit note of its invoice."""
        self.ensure_one()
        self._check_can_correct()
        self.sudo().corrected_line_id._check_not_credited()
        entry = self.sudo().entry_ids.filtered(lambda e: not e.package_id and e.minutes < 0 and not e.invoice_line_id)
        billed = self.sudo().corrected_line_id.entry_ids.invoice_line_id[:1]
        if not entry or not billed:
            raise UserError(
                self.env._("%(work)s has no money to give back: nothing of it went beyond the package.", work=self.name)
            )
        refund = self.env["account.move"].sudo().create(entry._prepare_credit_note(billed))
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": refund.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_view_corrections(self):
        """Show a work with its corrections."""
        self.ensure_one()
        original = self.corrected_line_id or self
        action = self.env["ir.actions.act_window"]._for_xml_id("support_timesheet.action_support_works")
        return {**action, "domain": [("id", "in", (original | original.correction_ids).ids)], "context": {}}
