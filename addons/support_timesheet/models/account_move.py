from odoo import api, fields, models
from odoo.exceptions import UserError

#: When what is invoiced was supplied: core's date for the tax, and the one that the client reads.
SUPPLY_DATES = ("taxable_supply_date", "delivery_date")


class AccountMove(models.Model):
    """Cancelling an invoice frees its hours; a credit note does so only with “bill again” (D13)."""

    _inherit = "account.move"

    bill_hours_again = fields.Boolean(
        readonly=True, copy=False, help="When this credit note is posted, the hours of its invoice are due again."
    )

    def write(self, vals):
        # EXTENDS account
        res = super().write(vals)
        if vals.get("state") == "cancel":
            self._free_hours()
            self._withdraw_packages()
        return res

    def _free_hours(self):
        """Let the hours of these invoices be due again; running it twice does nothing."""
        for move in self:
            entries = move.sudo().line_ids.overage_entry_ids
            if entries:
                count = len(entries.line_id)
                entries._free()
                move._message_log(
                    body=self.env._("The hours of this invoice (%(count)s works) are due again.", count=count)
                )

    def _post(self, soft=True):
        # EXTENDS account
        self.filtered(lambda move: move.move_type == "out_invoice")._check_hours_are_there()
        self.filtered(lambda move: move.move_type == "out_refund")._check_credit_of_hours()
        posted = super()._post(soft)
        posted.filtered(lambda move: move.reversed_entry_id and move.is_sale_document())._follow_hours()
        return posted

    def _check_hours_are_there(self):
        """Refuse to bill hours or packages that were freed: they may be on another invoice by now.

        An invoice that takes a credit note back bills nothing anew, unless that credit note freed the hours.
        """
        undoing = self.filtered(lambda move: move.reversed_entry_id.move_type == "out_refund")
        undoing._check_hours_are_not_due_again()
        lines = (self - undoing).invoice_line_ids.sudo()
        lines = lines.filtered(lambda line: line.is_overage or line.is_package_sale)
        if not lines:
            return
        sold = self.env["support.package"].sudo().search([("invoice_line_id", "in", lines.ids)]).invoice_line_id
        freed = (lines - sold).filtered(lambda line: not line.overage_entry_ids)
        if freed:
            raise UserError(
                self.env._(
                    "“%(line)s” bills hours that were freed, or taken back, when their invoice was cancelled or "
                    "copied; they may be on another invoice. Delete this line, or make a new invoice from the "
                    "agreement.",
                    line=freed[0].name,
                )
            )

    def _pair_with(self, new):
        # EXTENDS support_plans: an invoice of hours alone was supplied on the same days
        res = super()._pair_with(new)
        lines = self.invoice_line_ids
        if lines and lines == lines.filtered(lambda line: line.is_overage or line.is_package_sale):
            new.write({name: self[name] for name in SUPPLY_DATES if not new[name]})
        return res

    @api.model
    def _prepare_supply_dates(self, day):
        """Return the dates of an invoice that is made of hours alone.

        :param day: the last day of its works, or the day on which its package was bought
        """
        return dict.fromkeys(SUPPLY_DATES, day)

    def _date_supply_of_hours(self):
        """Let those of these invoices that are made of hours alone by now have their dates; dates that are set stay."""
        for move in self:
            lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            days = lines.sudo().overage_entry_ids.mapped("date")
            if days and all(lines.mapped("is_overage")):
                dates = self._prepare_supply_dates(max(days))
                move.write({name: day for name, day in dates.items() if not move[name]})

    def _withdraw_packages(self):
        """Take back what is left of packages that these invoices sold."""
        lots = self.env["support.package"].sudo().search([("invoice_line_id", "in", self.sudo().line_ids.ids)])
        lots._withdraw()

    def _invoice_paid_hook(self):
        # EXTENDS account: bought hours that wait for their payment become usable
        res = super()._invoice_paid_hook()
        sales = self.filtered(lambda move: move.move_type == "out_invoice").sudo()
        # Also by paying the invoice that takes their credit note back
        sales |= sales._get_corrected_invoices()
        lots = self.env["support.package"].sudo()
        lots.search([("invoice_line_id", "in", sales.line_ids.ids), ("awaits_payment", "=", True)])._become_usable(
            fields.Datetime.now()
        )
        return res
