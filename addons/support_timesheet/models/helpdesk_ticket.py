from odoo import api, fields, models

#: Facts of a ticket that decide who pays its work.
WORK_FACTS = frozenset({"partner_id", "request_kind", "company_id", "team_id"})


class HelpdeskTicket(models.Model):
    """Time on a ticket (F3)."""

    _inherit = "helpdesk.ticket"

    work_ids = fields.One2many("account.analytic.line", "ticket_id", string="Time")
    work_count = fields.Integer(compute="_compute_work_totals")
    worked_minutes = fields.Integer(string="Worked (min)", compute="_compute_work_totals")
    charged_minutes = fields.Integer(string="Charged (min)", compute="_compute_work_totals")

    def _compute_work_totals(self):
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("ticket_id", "in", self.ids)],
                ["ticket_id"],
                ["__count", "worked_minutes:sum", "charged_minutes:sum"],
            )
        )
        totals = {ticket.id: figures for ticket, *figures in rows}
        for ticket in self:
            ticket.work_count, ticket.worked_minutes, ticket.charged_minutes = totals.get(ticket.id, (0, 0, 0))

    def write(self, vals):
        # EXTENDS support_plans: work follows its ticket to another client, or to a free bug
        if WORK_FACTS.isdisjoint(vals):
            return super().write(vals)
        persons = {ticket: ticket.partner_id for ticket in self}
        res = super().write(vals)
        self._judge_work_again(self.filtered(lambda ticket: ticket.partner_id != persons[ticket]))
        return res

    def _follow_new_company(self):
        # EXTENDS support_plans
        res = super()._follow_new_company()
        self._judge_work_again(self)
        return res

    def _judge_work_again(self, moved):
        """Judge the work of these tickets that is not billed by what the tickets say now.

        :param moved: those of them with another client: their work goes along. A person who only changed the employer
            takes nothing along that was done for another client.
        """
        works = (
            self.env["account.analytic.line"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("is_billed", "=", False), ("corrected_line_id", "=", False)])
        )
        before = works.support_contract_id
        works.filtered(lambda work: work.ticket_id in moved)._follow_ticket()
        works._judge_again()
        works._allocate_lines(before)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_work(self):
        self.env["account.analytic.line"].sudo().search([("ticket_id", "in", self.ids)])._check_ticket_stays()
