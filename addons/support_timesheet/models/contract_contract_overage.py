from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from odoo.addons.support_plans.rules import terms as terms_rules

from ..rules import billing


class ContractContract(models.Model):
    """Work beyond the packages on the agreement's next invoice: due minus booked (P22, D13)."""

    _inherit = "contract.contract"

    # What is due

    def _get_due_overage(self, day):
        """Return {agreement: [rules.billing.DueLine]} that may be billed on a day.

        Service months that are over, everything once the agreement has ended; not what waits for the
        client's approval. What an invoice line holds already is not due.
        """
        due = {}
        for agreement, group in self._search_due_entries().grouped("contract_id").items():
            first_open = agreement._get_first_open_month(day)
            facts = [
                billing.DueEntry(e.id, e.month_start, Decimal(str(e.hourly_rate)), e.minutes)
                for e in group
                if e.month_start < first_open
            ]
            lines = [line for line in billing.group_due(facts) if line.rate]
            if lines:
                due[agreement.with_env(self.env)] = lines
        return due

    def _search_due_entries(self):
        """Return the entries of these agreements that no invoice holds, of months that are over or not."""
        return (
            self.env["support.package.entry"]
            .sudo()
            .search_fetch(
                self._get_due_domain() & Domain("contract_id", "in", self.ids),
                ["contract_id", "month_start", "hourly_rate", "minutes", "date"],
            )
        )

    def _get_due_domain(self):
        """Return the entries that no invoice holds and nothing keeps from it."""
        approved = Domain("line_id.is_over_ceiling", "=", False) | Domain("line_id.approved_by_id", "!=", False)
        return Domain("package_id", "=", False) & Domain("invoice_line_id", "=", False) & approved

    def _get_first_open_month(self, day):
        """Return the first day of the first service month that is not over on a day."""
        self.ensure_one()
        if self.date_end and self.date_end < day:
            return day
        return self._get_month_start(max(day, self.date_start))

    # The seam: what the month's invoices are made of

    def _get_agreements_to_invoice_domain(self, day):
        # EXTENDS support_plans: a client may owe hours when no fee is due (prepaid year, free plan, after the end)
        domain = super()._get_agreements_to_invoice_domain(day)
        entries = self.env["support.package.entry"].sudo()
        owing = entries._read_group(
            self._get_due_domain() & Domain("contract_id", "!=", False) & Domain("month_start", "<", day),
            ["contract_id"],
        )
        ids = [agreement.id for (agreement,) in owing]
        return domain | (Domain("id", "in", ids) & Domain("support_state", "!=", "draft"))

    def _prepare_agreement_invoices(self, day):
        # EXTENDS support_plans
        pairs = super()._prepare_agreement_invoices(day)
        by_agreement = {agreement.id: vals for agreement, vals in reversed(pairs)}
        for agreement, lines in self._get_due_overage(day).items():
            vals = by_agreement.get(agreement.id)
            if vals is None:
                vals = {**agreement._prepare_invoice(day), **agreement._prepare_supply_dates(lines)}
                pairs.append((agreement, vals))
            vals["invoice_line_ids"] += [Command.create(agreement._prepare_overage_line(line, day)) for line in lines]
        return pairs

    def _prepare_supply_dates(self, due):
        """Return the dates of supply of an invoice of hours alone: the last day of its works.

        :param due: [rules.billing.DueLine]
        """
        ids = [entry_id for line in due for entry_id in line.entry_ids]
        days = self.env["support.package.entry"].sudo().browse(ids).mapped("date")
        return self.env["account.move"]._prepare_supply_dates(max(days))

    def _prepare_overage_line(self, due, day):
        """Return the values of the invoice line of one month and rate.

        :param due: rules.billing.DueLine
        :param day: on which it is invoiced
        """
        lang = self._get_client_lang()
        product = self.company_id._get_support_hour_product().with_context(lang=lang)
        number = self._get_month_number(due.month_start)
        first, last = terms_rules.service_month(self.date_start, number)
        last = min(last, self.date_end or last)
        entries = self.env["support.package.entry"].sudo().browse(due.entry_ids)
        return {
            **entries._prepare_hours_line(product, due.minutes, due.rate, (first, last)),
            **self.partner_id._prepare_hours_discount(self.company_id, day, due.month_start),
            "name": self._get_overage_text(product, due, first, last, lang),
        }

    def _get_overage_text(self, product, due, first, last, lang):
        """Return the text of an overage line in the client's language: what, which month, how many minutes."""
        env = self.with_context(lang=lang).env
        return env._(
            "%(product)s, %(first)s – %(last)s: work beyond the package, %(minutes)s min",
            product=product.display_name,
            first=format_date(env, first, lang_code=lang),
            last=format_date(env, last, lang_code=lang),
            minutes=due.minutes,
        )

    def _create_agreement_invoices(self, day):
        # EXTENDS support_plans: nobody logs time for these clients between reading what is due and booking it.
        # As superuser: who makes invoices may not write the ledger by hand.
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only invoicing users may create invoices."))
        agreements = self.sudo()
        if agreements:
            self.env.flush_all()
            agreements._lock_ledger()
        pairs = super(ContractContract, agreements)._create_agreement_invoices(day)
        return [(agreement.with_env(self.env), move.with_env(self.env)) for agreement, move in pairs]

    def _get_related_invoices(self):
        # EXTENDS contract: invoices of hours alone, and of packages, are the agreement's as well
        lines = self.env["account.move.line"].search([("support_contract_id", "in", self.ids)])
        return super()._get_related_invoices() | lines.move_id

    @api.depends("plan_fee_line_ids")
    def _compute_has_posted_invoice(self):
        # EXTENDS support_plans
        res = super()._compute_has_posted_invoice()
        lines = self.env["account.move.line"]
        rest = self.filtered(lambda c: not c.has_posted_invoice)
        posted = lines.search([("support_contract_id", "in", rest.ids), ("parent_state", "=", "posted")])
        posted.support_contract_id.has_posted_invoice = True
        return res

    def action_view_works(self):
        """Show the time of this agreement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_timesheet.action_support_works")
        return {**action, "domain": [("support_contract_id", "=", self.id)], "context": {}}

    def action_view_packages(self):
        """Show the packages of this agreement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_timesheet.action_support_packages")
        return {
            **action,
            "domain": [("contract_id", "=", self.id)],
            "context": {"default_contract_id": self.id, "default_date_from": fields.Date.to_string(self._get_today())},
        }
