from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from .contract_contract_invoices import QUIET_CREATE

#: The parts of a correction, in the order in which the client reads them.
PARTS = [
    ("back", "Invoiced period, taken back"),
    ("discount", "Discount on the invoice"),
    ("earlier", "Corrected before"),
    ("months", "Months used at the monthly price list"),
    ("covered", "Used beyond other invoices of the year"),
    ("fee", "Handling fee"),
]


class SupportTermination(models.Model):
    """The correction invoices: one per invoice that has something to give back, and only once (F10, art. 106j)."""

    _inherit = "support.termination"

    refund_move_id = fields.Many2one(
        "account.move",
        string="Correction",
        compute="_compute_refund_move_id",
        help="The first, where there are several.",
    )

    @api.depends("refund_move_ids.state")
    def _compute_refund_move_id(self):
        for termination in self:
            termination.refund_move_id = termination._get_corrections()[:1]

    def _get_corrections(self):
        """Return the corrections that are not cancelled."""
        return self.refund_move_ids.filtered(lambda move: move.state != "cancel")

    def action_prepare_correction(self):
        """Prepare the draft corrections; pressing twice, two tabs or a crash between make no second one."""
        self._check_accountant()
        self._lock()
        self._require("prepare_correction")
        todo = self.filtered(lambda termination: not termination._get_corrections())
        todo._refresh_settlement()
        todo._check_taxes()
        todo._check_debit_note_account()
        todo._write_own({"settled_on": fields.Date.context_today(self)})
        # D14: who chose the treatment, and when; preparing with the agreed one chooses it
        silent = todo.filtered(lambda termination: not termination.treatment_by_id)
        silent._write_own({"treatment_by_id": self.env.uid, "treatment_on": fields.Date.context_today(self)})
        for company, terminations in self.grouped("company_id").items():
            quiet = self.env["account.move"].with_company(company).with_context(**QUIET_CREATE)
            quiet.create([vals for termination in terminations for vals in termination._prepare_corrections()])
        return self.action_show_corrections()

    def _drop_corrections(self):
        """Drop corrections that are not issued: drafts are deleted, what was posted once is cancelled and stays."""
        corrections = self.sudo()._get_corrections()
        issued_once = corrections.filtered("posted_before")
        issued_once.filtered(lambda move: move.state == "draft").button_cancel()
        (corrections - issued_once).unlink()
        self._write_own({"settled_on": False})

    def action_show_corrections(self):
        moves = self._get_corrections()
        if not moves:
            return True
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_refund_type")
        if len(moves) == 1:
            return {**action, "views": [(False, "form")], "view_mode": "form", "res_id": moves.id}
        return {**action, "domain": [("id", "in", moves.ids)]}

    def _check_taxes(self):
        """Refuse what the arithmetic of the correction cannot carry, and say so before anything is made."""
        for line in self.line_ids.filtered("lowered_net"):
            taxes = line.invoice_line_id.tax_ids
            if len(taxes) > 1 or taxes.filtered(lambda tax: tax.amount_type != "percent" or tax.price_include):
                raise UserError(
                    self.env._(
                        "%(invoice)s: the plan has a tax that is included in the price, is not a percentage, or more "
                        "than one tax. Correct this invoice by hand.",
                        invoice=line.move_id.display_name,
                    )
                )
            if line.discount_net and line.move_id._get_plan_discounts().tax_ids != taxes:
                raise UserError(
                    self.env._(
                        "%(invoice)s has a discount with another tax than the plan. Correct this invoice by hand.",
                        invoice=line.move_id.display_name,
                    )
                )

    def _prepare_corrections(self):
        """Return the values of the draft corrections that are missing, one for each invoice of which something goes."""
        self.ensure_one()
        there = self._get_corrections().reversed_entry_id
        by_invoice = self.line_ids.filtered("lowered_net").grouped("move_id")
        return [self._prepare_correction(move, lines) for move, lines in by_invoice.items() if move not in there]

    def _prepare_correction(self, move, lines):
        agreement = self.with_context(lang=self.contract_id._get_client_lang())
        return {
            "move_type": "out_refund",
            "reversed_entry_id": move.id,
            "support_termination_id": self.id,
            "correction_reason": agreement._get_correction_reason(),
            "ref": agreement._get_correction_reason(),
            "journal_id": move.journal_id.id,
            "partner_id": move.partner_id.id,
            "partner_shipping_id": move.partner_shipping_id.id,
            "fiscal_position_id": move.fiscal_position_id.id,
            "currency_id": move.currency_id.id,
            "invoice_user_id": move.invoice_user_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_date_due": self.refund_due_on,
            "invoice_payment_term_id": False,
            "partner_bank_id": self.refund_bank_id.id,
            "invoice_line_ids": [
                Command.create(vals) for line in lines for vals in agreement._prepare_correction_lines(line)
            ],
        }

    def _get_correction_reason(self):
        """Return the reason on the correction, in the client's language; short enough for KSeF (256 characters)."""
        return self.env._(
            "Early end of the agreement %(agreement)s on %(day)s",
            agreement=self.contract_id.code or self.contract_id.name,
            day=format_date(self.env, self.effective_on),
        )[:256]

    def _prepare_correction_lines(self, line):
        """Return the values of the invoice lines that show the arithmetic: period back, months used, fee."""
        origin, parts = line.invoice_line_id, self._get_correction_parts(line)
        common = {
            "product_id": origin.product_id.id,
            "product_uom_id": origin.product_uom_id.id,
            "account_id": origin.account_id.id,
            "tax_ids": [Command.set(origin.tax_ids.ids)],
            "analytic_distribution": origin.analytic_distribution,
            "termination_line_id": line.id,
            "service_period_start": line.period_start,
            "service_period_end": max(min(self.effective_on, line.period_end), line.period_start),
        }
        prepared = [{**common, "termination_part": part, "name": name, **values} for part, name, values in parts]
        self._fix_tax(line, prepared)
        return prepared

    def _get_correction_parts(self, line):
        """Return [(part, text, {quantity, price_unit, discount})]; positive quantities lower what was invoiced."""
        origin = line.invoice_line_id
        days = {
            "start": format_date(self.env, line.period_start),
            "end": format_date(self.env, line.period_end),
            "last": format_date(self.env, self.effective_on),
        }
        parts = [
            (
                "back",
                self.env._("%(plan)s: invoiced %(start)s – %(end)s", plan=origin.product_id.name or "", **days),
                {"quantity": origin.quantity, "price_unit": origin.price_unit, "discount": origin.discount},
            )
        ]
        if line.discount_net:
            parts.append(("discount", self.env._("Discount on the invoice"), _amount(-line.discount_net)))
        if line.earlier_net:
            parts.append(("earlier", self.env._("Corrected before"), _amount(-line.earlier_net)))
        if line.months_worked:
            price = format_amount(self.env, line.list_price, line.currency_id)
            if line._is_difference():
                text = self.env._(
                    "Used until %(last)s: difference of the monthly list prices, %(price)s", price=price, **days
                )
            else:
                text = self.env._(
                    "Used until %(last)s: months at the monthly price list, %(price)s", price=price, **days
                )
            parts.append(("months", text, {"quantity": -line.months_worked, "price_unit": line.list_price}))
        if line.covered_net:
            text = self.env._("Used beyond what other invoices of the year billed")
            parts.append(("covered", text, _amount(-line.covered_net)))
        if line.fee:
            text = self.env._("Handling fee, %(percent)s %% of the remainder", percent=f"{self.fee_percent:g}")
            parts.append(("fee", text, _amount(-line.fee)))
        return parts

    def _fix_tax(self, line, prepared):
        """Let the VAT of a correction be VAT before less VAT after, to the grosz (D6).

        Core would take the rate of the difference, which leads to another state in a quarter of all cases. The
        amounts of the company follow by the currency rate of the invoice that is corrected.
        """
        tax = line.invoice_line_id.tax_ids
        if not tax:
            return
        currency, own, rate = line.currency_id, self.company_id.currency_id, line.move_id.invoice_currency_rate or 1.0
        amounts = [
            currency.round(vals["quantity"] * vals["price_unit"] * (1 - vals.get("discount", 0) / 100))
            for vals in prepared
        ]
        taxes = [currency.round(amount * tax.amount / 100) for amount in amounts]
        taxes[0] += line.lowered_tax - sum(taxes)
        own_taxes = [own.round(amount / rate) for amount in taxes]
        own_taxes[0] += own.round(line.lowered_tax / rate) - sum(own_taxes)
        tags = tax.refund_repartition_line_ids.filtered(lambda x: x.repartition_type == "base").tag_ids
        for vals, base, amount, own_amount in zip(prepared, amounts, taxes, own_taxes, strict=True):
            own_base = own.round(base / rate)
            # What core would write into each line after it is created
            vals.update(amount_currency=base, balance=own_base, tax_tag_ids=[Command.set(tags.ids)])
            figures = {"tax_amount_currency": amount, "tax_amount": own_amount}
            figures.update(base_amount_currency=base, base_amount=own_base)
            vals["extra_tax_data"] = {
                "manual_tax_amounts": {str(tax.id): figures},
                "currency_id": currency.id,
                "price_unit": vals["price_unit"],
                "discount": vals.get("discount", 0),
                "quantity": vals["quantity"],
                "rate": rate,
            }

    def action_post_corrections(self):
        """Post the corrections of many resignations: as core does, with one log for all (see `_post_quietly`)."""
        self._check_accountant()
        drafts = self.refund_move_ids.filtered(lambda move: move.state == "draft")
        if drafts:
            drafts._post_quietly()
        return True

    # Posting

    def _check_settled(self, moves):
        """Refuse the corrections of a resignation that was withdrawn, or whose settlement was let go."""
        gone = self.filtered(lambda termination: termination.withdrawn_on or not termination.settled_on)[:1]
        if gone:
            raise UserError(
                self.env._(
                    "%(correction)s belongs to %(resignation)s, which was withdrawn or is not settled any more: the "
                    "client gets nothing back by it. Cancel this draft.",
                    correction=moves.filtered(lambda move: move.support_termination_id == gone)[:1].display_name,
                    resignation=gone.display_name,
                )
            )

    def _check_not_stale(self):
        """Refuse corrections that were prepared before a payment, or another correction, changed the settlement."""
        drafts = self.filtered(lambda t: t.settled_on and "posted" not in t.refund_move_ids.mapped("state"))
        periods = drafts.contract_id._get_billed_periods()
        for termination in drafts:
            figures, lines = termination._prepare_settlement(periods[termination.contract_id])
            same = not any(termination._differs(name, figures[name]) for name in ("refund_gross", "lowered_net"))
            if not (same and termination.line_ids._are_as(lines)):
                raise UserError(
                    self.env._(
                        "%(resignation)s: a payment or another correction was booked after this one was prepared, and "
                        "the settlement is another now. Delete the draft and prepare the correction again.",
                        resignation=termination.display_name,
                    )
                )

    def _check_as_settled(self, moves):
        """Refuse drafts that were edited by hand: the document says what the settlement says, or it is not issued.

        :param moves: corrections about to be posted
        """
        for move in moves:
            lines = self.line_ids.filtered(lambda line, m=move: line.move_id == m.reversed_entry_id)
            settled = sum(lines.mapped("lowered_net")), sum(lines.mapped("lowered_tax"))
            found = move.amount_untaxed, move.amount_tax
            same = not any(move.currency_id.compare_amounts(*pair) for pair in zip(settled, found, strict=True))
            due_on = move.support_termination_id.refund_due_on
            if not same or move.invoice_date_due != due_on:
                raise UserError(
                    self.env._(
                        "%(correction)s was edited: it says %(found)s, due on %(found_due)s, the settlement says "
                        "%(settled)s, due on %(due)s. Delete the draft and prepare the correction again; what the "
                        "client gets beyond the settlement is a credit note of its own.",
                        correction=move.display_name,
                        found=format_amount(self.env, sum(found), move.currency_id),
                        found_due=format_date(self.env, move.invoice_date_due),
                        settled=format_amount(self.env, sum(settled), move.currency_id),
                        due=format_date(self.env, due_on),
                    )
                )

    def _after_corrections_posted(self):
        """Set the fee outside VAT off, and what several invoices owe each other; running it again does nothing."""
        for termination in self.filtered("settled_on"):
            corrections = termination._get_corrections()
            if any(move.state == "draft" for move in corrections):
                continue
            if termination.set_off and not termination.debit_note_id:
                termination._create_debit_note()
            if termination.debit_note_id or len(corrections) > 1:
                termination._set_off_open_amounts(corrections)

    def _set_off_open_amounts(self, corrections):
        """Settle what the client still owes on the corrected invoices, and the debit note, with the corrections."""
        moves = corrections | corrections.reversed_entry_id | self.debit_note_id
        open_lines = moves.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable" and not line.reconciled and line.parent_state == "posted"
            )
        )
        for lines in open_lines.grouped("account_id").values():
            if any(line.balance > 0 for line in lines) and any(line.balance < 0 for line in lines):
                lines.reconcile()


def _amount(amount):
    """Return a quantity of 1 or -1 with the positive price: KSeF wants prices above zero."""
    return {"quantity": 1 if amount > 0 else -1, "price_unit": abs(amount)}
