from odoo import api, fields, models
from odoo.tools import format_amount, format_date

#: Tickets and invoices that are named; the rest is counted.
NAMED = 20


class SupportTermination(models.Model):
    """What is still open when an agreement ends, and what happens to it (F6)."""

    _inherit = "support.termination"

    open_ticket_count = fields.Integer(
        string="Open Tickets", compute="_compute_open_tickets", compute_sudo=True, groups="base.group_user"
    )
    open_invoice_count = fields.Integer(
        string="Other Open Invoices", compute="_compute_open_invoices", compute_sudo=True, groups="base.group_user"
    )
    open_work_html = fields.Html(
        string="Open Work", compute="_compute_open_work_html", sanitize=False, groups="base.group_user"
    )

    @api.depends("contract_id")
    def _compute_open_tickets(self):
        for termination in self:
            termination.open_ticket_count = self.env["helpdesk.ticket"].search_count(
                termination._get_open_ticket_domain()
            )

    @api.depends("contract_id", "line_ids.move_id")
    def _compute_open_invoices(self):
        for termination in self:
            termination.open_invoice_count = self.env["account.move"].search_count(
                termination._get_open_invoice_domain()
            )

    @api.depends("contract_id", "effective_on", "state")
    @api.depends_context("lang", "uid")
    def _compute_open_work_html(self):
        for termination in self:
            values = {"rows": termination._get_open_work() if termination.contract_id else []}
            termination.open_work_html = self.env["ir.qweb"]._render("support_plans.open_work_table", values)

    def _get_open_ticket_domain(self):
        return [
            ("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id),
            ("company_id", "in", [self.company_id.id, False]),
            ("stage_id.closed", "=", False),
        ]

    def _get_open_invoice_domain(self):
        """Return the invoices of the client that the settlement leaves alone and that are not paid."""
        return [
            ("move_type", "=", "out_invoice"),
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("id", "not in", self._get_moves_to_correct().ids),
        ]

    def _get_open_work(self):
        """Return [{what, detail, then}]: what is open and what happens to it; other addons add theirs."""
        self.ensure_one()
        termination = self.sudo()
        end = format_date(self.env, self.effective_on) if self.effective_on else "…"
        rows = [
            {
                "what": self.env._("Invoices to come"),
                "detail": "",
                "then": self.env._(
                    "Nothing after %(end)s is invoiced; drafts for it are deleted on acceptance.", end=end
                ),
            },
            *termination._get_open_tickets(end),
            *termination._get_open_invoices(),
        ]
        return rows

    def _get_open_tickets(self, end):
        tickets = self.env["helpdesk.ticket"].search(self._get_open_ticket_domain(), limit=NAMED)
        then = self.env._(
            "Reported until %(end)s it keeps its guaranteed response; work on it after that day is not covered by "
            "the agreement. Finish it, or hand it over.",
            end=end,
        )
        rows = [
            {"what": self.env._("Ticket %(number)s", number=t.number), "detail": t.name, "then": then} for t in tickets
        ]
        return rows + self._get_row_of_more(self.open_ticket_count, then)

    def _get_open_invoices(self):
        moves = self.env["account.move"].search(
            self._get_open_invoice_domain(), limit=NAMED, order="invoice_date_due, id"
        )
        then = self.env._("The settlement does not touch it: it stays due.")
        rows = [
            {
                "what": self.env._("Invoice %(number)s", number=move.name),
                "detail": self.env._(
                    "%(amount)s, due %(day)s",
                    amount=format_amount(self.env, move.amount_residual, move.currency_id),
                    day=format_date(self.env, move.invoice_date_due),
                ),
                "then": then,
            }
            for move in moves
        ]
        return rows + self._get_row_of_more(self.open_invoice_count, then)

    def _get_row_of_more(self, count, then):
        if count <= NAMED:
            return []
        return [{"what": self.env._("… and %(count)s more", count=count - NAMED), "detail": "", "then": then}]

    def action_show_open_tickets(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Tickets"),
            "res_model": "helpdesk.ticket",
            "view_mode": "list,form",
            "domain": self._get_open_ticket_domain(),
        }

    def action_show_open_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        return {**action, "domain": self._get_open_invoice_domain(), "context": {}}
