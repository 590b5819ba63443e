from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..rules import billing


class AccountAnalyticLine(models.Model):
    """Billing one-off work: a draft invoice for each client, one line for each month and rate (C1, B1, P3)."""

    _inherit = "account.analytic.line"

    def action_invoice_one_off(self):
        """Make draft invoices of the chosen works of clients without an agreement, and show them."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only invoicing users may create invoices."))
        self.check_access("read")
        moves = self.sudo()._invoice_one_off()
        if not moves:
            raise UserError(
                self.env._(
                    "None of these works is to be billed on its own: they are billed already, cost nothing, or belong "
                    "to an agreement, whose next invoice has them."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        return {**action, "domain": [("id", "in", moves.ids)], "context": {}}

    def _invoice_one_off(self):
        """Create a draft invoice for each client and company; what is on an invoice already is not due."""
        self.env.flush_all()
        entries = self.env["support.package.entry"].search(
            Domain("line_id", "in", self.ids)
            & Domain("contract_id", "=", False)
            & Domain("package_id", "=", False)
            & Domain("invoice_line_id", "=", False)
        )
        entries = entries.try_lock_for_update()
        self._check_clients(entries)
        moves = self.env["account.move"]
        for (client, company), group in entries.grouped(lambda e: (e.partner_id, e.company_id)).items():
            values = group.line_id._prepare_one_off_invoice(client, company, group)
            if values["invoice_line_ids"]:
                moves |= self.env["account.move"].with_company(company).create(values)
        return moves

    def _check_clients(self, entries):
        """Refuse work of persons who are not known as clients yet."""
        unknown = entries.filtered(lambda entry: not entry.partner_id)[:1]
        if unknown:
            raise UserError(
                self.env._(
                    "“%(work)s” has no client to invoice: set the client on ticket %(ticket)s first.",
                    work=unknown.line_id.name,
                    ticket=unknown.ticket_id.display_name,
                )
            )

    def _prepare_one_off_invoice(self, client, company, entries):
        """Return the values of a client's invoice of one-off work."""
        facts = [billing.DueEntry(e.id, e.month_start, Decimal(str(e.hourly_rate)), e.minutes) for e in entries]
        product = company._get_support_hour_product().with_context(lang=client.lang)
        today = fields.Date.context_today(self)
        return {
            **self.env["account.move"]._prepare_supply_dates(max(entries.mapped("date"))),
            "move_type": "out_invoice",
            "partner_id": client.address_get(["invoice"])["invoice"],
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            **client._prepare_longer_term(company, today, client.with_company(company).property_payment_term_id),
            "invoice_line_ids": [
                Command.create(
                    {
                        **self._prepare_one_off_line(due, product, client),
                        **client._prepare_hours_discount(company, today, due.month_start),
                    }
                )
                for due in billing.group_due(facts)
                if due.rate
            ],
        }

    def _prepare_one_off_line(self, due, product, client):
        env = self.with_context(lang=client.lang or self.env.lang).env
        entries = self.env["support.package.entry"].browse(due.entry_ids)
        period = (due.month_start, due.month_start + relativedelta(day=31))
        return {
            **entries._prepare_hours_line(product, due.minutes, due.rate, period),
            "name": env._(
                "%(product)s, %(month)s: one-off work, %(minutes)s min",
                product=product.display_name,
                month=format_date(env, due.month_start, date_format="LLLL yyyy", lang_code=env.lang),
                minutes=due.minutes,
            ),
        }
