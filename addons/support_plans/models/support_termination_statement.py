from datetime import timedelta

from odoo import api, fields, models

from ..rules import terms as terms_rules
from .settlement_facts import to_decimal


class SupportTermination(models.Model):
    """The statement of a settlement: each figure with its source, the same on the screen and in print (F10, D4-D6)."""

    _inherit = "support.termination"

    statement_html = fields.Html(string="Statement", compute="_compute_statement_html", sanitize=False)
    correction_count = fields.Integer(compute="_compute_correction_count", compute_sudo=True)
    debit_note_count = fields.Integer(compute="_compute_correction_count", compute_sudo=True)
    is_receipt_needed = fields.Boolean(
        compute="_compute_is_receipt_needed",
        compute_sudo=True,
        help="Outside KSeF, the correction for a private person lowers VAT only once its receipt is confirmed.",
    )
    has_debit_note_account = fields.Boolean(compute="_compute_has_debit_note_account", compute_sudo=True)

    @api.depends(
        "state", "contract_id", "effective_on", "is_private_person", "fee_tax_treatment", "line_ids", "refund_gross"
    )
    @api.depends_context("lang", "uid")
    def _compute_statement_html(self):
        for termination in self:
            termination.statement_html = termination._render_statement()

    def _render_statement(self):
        """Return the statement in the reader's language; of a draft it is a simulation, if the day is known."""
        if self.state != "draft":
            values = self._get_statement_values()
        elif self.contract_id.date_start and self.effective_on and self.effective_on >= self.contract_id.date_start:
            treatment = "none" if self.initiator == "firm" else None
            values = self._simulate(self.contract_id, self.effective_on, treatment)._get_statement_values(True)
        else:
            return False
        return self.env["ir.qweb"]._render("support_plans.settlement_statement", values)

    def _get_statement_values(self, is_simulation=False):
        """Return what the statement is rendered with, read with the rights of the system: the client reads it, too."""
        self.ensure_one()
        termination = self.sudo()
        lines = [termination._prepare_statement_line(line) for line in termination.line_ids]
        billed_gross, paid_gross, lowered_gross = termination._get_gross()
        return {
            "termination": termination,
            "agreement": termination.contract_id,
            "company": termination.contract_id.company_id,
            "currency": termination.contract_id.currency_id,
            "is_simulation": is_simulation,
            "is_year": termination.contract_id.payment_period == "year",
            "lines": lines,
            "corrections": [line for line in lines if line["lowered_net"]],
            "covered": [line for line in lines if line["covered"]],
            "paid_gross": float(paid_gross),
            "billed_gross": float(billed_gross),
            "lowered_gross": float(lowered_gross),
            "stays_gross": float(billed_gross - lowered_gross),
            "other_gross": termination._get_other_items_gross(),
            "is_paid_in_full": termination._is_paid_in_full(),
            "still_pays": termination._get_owed_gross(),
            "to_invoice": termination._get_months_to_invoice(),
        }

    def _get_gross(self):
        """Return (billed, paid, lowered) of the whole invoices, gross, each invoice once."""
        invoices = {line.invoice_line_id.move_id: line for line in self.line_ids}.values()
        billed = sum(line.billed_gross for line in invoices)
        paid = sum(min(line.paid_gross, line.billed_gross) for line in invoices)
        lowered = sum(line.lowered_net + line.lowered_tax for line in self.line_ids)
        return to_decimal(billed), to_decimal(paid), to_decimal(lowered)

    def _is_paid_in_full(self):
        billed, paid, _lowered = self._get_gross()
        return paid >= billed

    def _get_owed_gross(self):
        """Return what the client still has to pay of the invoices after their correction, gross."""
        billed, paid, lowered = self._get_gross()
        return float(max(billed - lowered + to_decimal(self.set_off) - paid, 0))

    def _get_other_items_gross(self):
        """Return what else the invoices bill, hours for instance, less what earlier corrections took off of it."""
        fees = self.line_ids.invoice_line_id
        others = fees.move_id.invoice_line_ids - fees
        others -= fees.browse().union(*(move._get_plan_discounts() for move in others.move_id))
        credits = fees.move_id._get_credits()
        earlier = [move for moves in credits.values() for move in moves if move.support_termination_id != self]
        credited = (
            self.env["account.move"]
            .union(*earlier)
            .invoice_line_ids.filtered(
                lambda line: not line.termination_line_id and line.product_id and line.product_id in others.product_id
            )
        )
        taken_back = credited.filtered(lambda line: line.move_id.move_type != "out_refund")
        gross = [sum(lines.mapped("price_total")) for lines in (others, taken_back, credited - taken_back)]
        return self.currency_id.round(gross[0] + gross[1] - gross[2])

    def _get_months_to_invoice(self):
        """Return [{first, last, months, price, amount}], net: years until the last day that no posted invoice bills."""
        agreement, day = self.contract_id, self.effective_on
        if agreement.payment_period != "year" or self.state in ("closed", "withdrawn"):
            return []
        periods = agreement._get_billed_periods()[agreement]
        lines = agreement.contract_line_ids.filtered(lambda x: x.plan_fee_kind == "year" and not x.is_canceled)
        found, first = [], max((period.last + timedelta(days=1) for period in periods), default=None)
        for line in lines.sorted("date_start"):
            first = max(first or line.date_start, line.date_start)
            while first <= day and (not line.date_end or first <= line.date_end or line.is_end_cut):
                year_end = line._get_fee_anchored_end(first)
                last = min(year_end, day)
                months, price = line._get_fee_months(first, last), line._get_net_price(first, last)
                amount = self.currency_id.round(months * price)
                found.append({"first": first, "last": last, "months": months, "price": price, "amount": amount})
                first = year_end + timedelta(days=1)
        return found

    def _prepare_statement_line(self, line):
        """Return the figures of a plan fee, with the days of the months that are counted."""
        start = self.contract_id.date_start
        number = terms_rules.service_month_number(start, line.period_start)
        last = terms_rules.service_month(start, number + line.months_worked - 1)[1] if line.months_worked else False
        return {
            "move": line.move_id,
            "name": line.move_id.name,
            "invoice_date": line.move_id.invoice_date,
            "text": line.invoice_line_id.product_id.with_context(lang=self.env.lang).name,
            "first": line.period_start,
            "last": line.period_end,
            "months": line.months_worked,
            "months_last": last,
            "unused": line.is_unused,
            "list_price": line.list_price,
            "is_difference": line._is_difference(),
            "billed": line.billed_net,
            "earlier": line.earlier_net,
            "paid": line.paid_net,
            "used": line.used_net,
            "covered": line.covered_net,
            "fee": line.fee,
            "billed_gross": line.billed_gross,
            "paid_gross": line.paid_gross,
            "rate": line.invoice_line_id.tax_ids[:1].amount,
            "taxed": bool(line.invoice_line_id.tax_ids),
            "lowered_net": line.lowered_net,
            "lowered_tax": line.lowered_tax,
        }

    @api.depends("is_private_person", "lowered_net", "company_id.country_id")
    def _compute_is_receipt_needed(self):
        for termination in self:
            in_poland = termination.company_id.country_id.code == "PL"
            termination.is_receipt_needed = in_poland and termination.is_private_person and termination.lowered_net > 0

    # The treatment of the fee (D14)

    @api.depends("company_id.support_debit_note_account_id")
    def _compute_has_debit_note_account(self):
        for termination in self:
            termination.has_debit_note_account = bool(termination.company_id.support_debit_note_account_id)

    def action_choose_treatment(self):
        """Button below each treatment: it comes in the context of the button."""
        self.ensure_one()
        self.fee_tax_treatment = self.env.context["support_treatment"]
        return True

    # What belongs to it

    @api.depends("refund_move_ids.state", "debit_note_id")
    def _compute_correction_count(self):
        for termination in self:
            termination.correction_count = len(termination._get_corrections())
            termination.debit_note_count = len(termination.debit_note_id)

    def action_show_agreement(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "contract.contract",
            "res_id": self.contract_id.id,
            "view_mode": "form",
            "views": [(self.env.ref("support_plans.support_agreement_view_form").id, "form")],
        }

    def action_show_debit_note(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Debit Note"),
            "res_model": "account.move",
            "res_id": self.debit_note_id.id,
            "view_mode": "form",
        }

    # Print

    def action_print_statement(self):
        return self.env.ref("support_plans.action_report_settlement_statement").report_action(self, config=False)

    def action_print_handover(self):
        return self.env.ref("support_plans.action_report_handover").report_action(self, config=False)

    def action_print_debit_note(self):
        return self.env.ref("support_plans.action_report_debit_note").report_action(self, config=False)

    def _get_file_name(self, document):
        """Return the name of a printed document, in the client's language."""
        env = self.with_context(lang=self.contract_id._get_client_lang()).env
        names = {
            "settlement": env._("Settlement"),
            "handover": env._("Handover protocol"),
            "debit_note": env._("Debit note"),
        }
        return f"{names[document]} {self.name}".replace("/", "-")
