from dataclasses import dataclass
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import coverage, increments
from .account_analytic_line import JUDGED_VALUES
from .support_package_entry_writer import net_amount


@dataclass(frozen=True, slots=True)
class LineFacts:
    """The facts of a work that its judgement needs; records are read as superuser.

    ``partner``: the client; ``day``: of the work; ``worked``, ``goodwill``: minutes.
    """

    ticket: models.BaseModel
    partner: models.BaseModel
    company: models.BaseModel
    work_type: models.BaseModel
    day: date
    worked: int
    goodwill: int


class AccountAnalyticLine(models.Model):
    """How a work is judged: the agreement of its day, what it charges, and who pays (P15-P24, P33-P36)."""

    _inherit = "account.analytic.line"

    # Facts

    @api.model
    def _complete_works(self, vals_list):
        """Add project, client, date and the judgement to the values of new works, in place."""
        self._check_goodwill_right(vals_list)
        facts = self._prepare_work_facts(vals_list)
        self._apply_plan_changes(facts)
        judged = self._judge_works(facts)
        projects = self._get_projects_of(facts, judged)
        for vals, fact, judgement in zip(vals_list, facts, judged, strict=True):
            vals.update(judgement)
            if not (vals.get("project_id") or vals.get("task_id")):
                vals["project_id"] = projects[judgement["support_contract_id"], fact.company]
            if fact.ticket or fact.partner:
                vals["partner_id"] = fact.partner.id

    @api.model
    def _get_projects_of(self, facts, judged):
        """Return {(agreement id, company): id of the project} that keeps their work: the agreement's own, else the
        company's."""
        contracts = self.env["contract.contract"].sudo()
        pairs = {(values["support_contract_id"], fact.company) for fact, values in zip(facts, judged, strict=True)}
        return {
            (agreement, company): (contracts.browse(agreement).support_project_id or company._get_support_project()).id
            for agreement, company in pairs
        }

    @api.model
    def _prepare_work_facts(self, vals_list):
        """Return the facts of works that are about to be created; date and kind are settled in their values."""
        for vals in vals_list:
            self._settle_day_and_kind(vals)
        names = ("ticket_id", "project_id", "task_id", "partner_id", "company_id", "work_type_id")
        get = {name: self._get_given(vals_list, name) for name in names}
        return [self._prepare_work_fact(vals, *(get[name](vals.get(name)) for name in names)) for vals in vals_list]

    @api.model
    def _settle_day_and_kind(self, vals):
        vals.update(self._complete_day(vals))
        if not vals.get("date"):
            vals["date"] = fields.Date.context_today(self)
        if not vals.get("work_type_id"):
            ticket = self.env["helpdesk.ticket"].sudo().browse(vals["ticket_id"])
            raise UserError(
                self.env._("Time on ticket %(ticket)s needs a kind of work: choose one.", ticket=ticket.display_name)
            )

    @api.model
    def _get_given(self, vals_list, name):
        """Return a function id -> record of what values name: superuser's, and all of them are read together."""
        nothing = self.env[self._fields[name].comodel_name].sudo()
        given = nothing.browse({vals[name]: True for vals in vals_list if vals.get(name)})
        by_id = {record.id: record for record in given}
        return lambda record_id: by_id.get(record_id, nothing)

    @api.model
    def _prepare_work_fact(self, vals, ticket, project, task, given, company, work_type):
        client = ticket.commercial_partner_id  # stored: the person of the ticket is not read
        return LineFacts(
            ticket=ticket,
            partner=client or (given or task.partner_id or project.partner_id).commercial_partner_id,
            company=ticket.company_id or project.company_id or task.company_id or company or self.env.company.sudo(),
            work_type=work_type,
            day=fields.Date.to_date(vals["date"]),
            worked=round((vals.get("unit_amount") or 0) * 60),
            goodwill=vals.get("goodwill_minutes") or 0,
        )

    def _get_work_facts(self):
        """Return the facts of works, which may not be saved yet; the company is found as for new ones."""
        return [
            LineFacts(
                ticket=line.ticket_id,
                partner=line._get_client(),
                company=line.ticket_id.company_id or line.project_id.company_id or line.company_id or self.env.company,
                work_type=line.work_type_id,
                day=line.date,
                worked=max(round(line.unit_amount * 60), 0),
                goodwill=max(line.goodwill_minutes, 0),
            )
            for line in self.sudo()
        ]

    def _get_client(self):
        """Return whose work this is: of who was the client, also when the person of the ticket has changed firms."""
        self.ensure_one()
        line = self.sudo()
        return (line.partner_id or line.ticket_id.partner_id).commercial_partner_id

    # Judgement

    @api.model
    def _apply_plan_changes(self, facts):
        """Let changes of plan whose day has come take effect before time is judged."""
        clients = self.env["res.partner"].sudo().union(*(fact.partner for fact in facts))
        self.env["contract.contract"].sudo()._apply_plan_changes_of(clients)

    @api.model
    def _judge_works(self, facts):
        """Return the judged values of each of `facts`: agreement, charged minutes, coverage and rate.

        By `rules/increments.py` (P34-P36, D8-D10) and `rules/coverage.py`. Burning minutes are first
        taken as beyond the package; the allocation then moves what a package pays.
        """
        agreements = self._get_agreements_of(facts)
        terms = self._get_terms_of(facts, agreements)
        return [
            self._prepare_judgement(fact, agreement, term)
            for fact, agreement, term in zip(facts, agreements, terms, strict=True)
        ]

    @api.model
    def _get_agreements_of(self, facts):
        """Return the agreement in force for each client on the day of the work, an empty one where there is none."""
        contracts = self.env["contract.contract"].sudo()
        clients = self.env["res.partner"].sudo().union(*(fact.partner for fact in facts))
        companies = self.env["res.company"].sudo().union(*(fact.company for fact in facts))
        known = contracts._get_agreements_by_client(clients, companies)
        keys = [(fact.partner.id, fact.company.id, fact.day) for fact in facts]
        in_force = {
            (client, company, day): known.get((client, company), contracts).filtered(
                lambda agreement, day=day: agreement._covers(day)
            )[:1]
            for client, company, day in set(keys)
        }
        return [in_force[key] for key in keys]

    @api.model
    def _get_terms_of(self, facts, agreements):
        """Return the `WorkTerms` for each of `facts`: the agreement's of that day, else the default plan's."""
        days = {(agreement, fact.day) for fact, agreement in zip(facts, agreements, strict=True) if agreement}
        by_day = self.env["contract.contract"].sudo()._get_work_terms_on(days)
        plans = self.env["support.plan"]
        companies = {fact.company for fact, agreement in zip(facts, agreements, strict=True) if not agreement}
        by_list = {company: plans._get_default_plan(company)._get_work_terms() for company in companies}
        return [
            by_day[agreement, fact.day] if agreement else by_list[fact.company]
            for fact, agreement in zip(facts, agreements, strict=True)
        ]

    @api.model
    def _prepare_judgement(self, fact, agreement, terms):
        """Return the values that the terms give a work."""
        kind = fact.work_type
        step, note = terms.rounding.get(kind.code, (kind.step_minutes, kind.note_minutes))
        basis = coverage.judge(
            coverage.WorkFacts(
                kind=kind.code,
                pool=kind.hours_pool,
                coverage=terms.coverage.get(kind.code, "none"),
                is_bug=fact.ticket.request_kind == "bug",
                free_for_bugs=kind.free_for_bugs,
            )
        )
        worked = max(fact.worked, 0)
        full = 0 if basis == coverage.FREE else increments.charged_minutes(worked, note, step)
        charged = max(full - fact.goodwill, 0)
        beyond = charged if basis in coverage.BURNING else 0
        return {
            "support_contract_id": agreement.id,
            "support_plan_id": terms.plan_id,
            "worked_minutes": fact.worked,
            "note_minutes": note if fact.worked > 0 else 0,
            "step_minutes": step,
            "full_minutes": full,
            "charged_minutes": charged,
            "rounding_index": charged / worked if worked else 0.0,
            "coverage_basis": basis,
            "coverage": coverage.shown(basis, charged, 0, beyond),
            "package_minutes": 0,
            "overage_minutes": beyond,
            "package_left_minutes": 0,
            "hourly_rate": terms.hourly_rate,
            "work_amount": net_amount(beyond, terms.hourly_rate),
        }

    def _judge_again(self):
        """Judge works whose facts changed; billed ones and corrections stay as they are."""
        works = self.sudo().filtered(lambda line: not line.is_billed and not line.corrected_line_id)
        kept = works.filtered("work_type_id")
        for line in works - kept:
            line._write_own(self._prepare_no_judgement())
        facts = kept._get_work_facts()
        self._apply_plan_changes(facts)
        for line, judgement in zip(kept, self._judge_works(facts), strict=True):
            line._write_own(judgement)

    def _follow_ticket(self):
        """Let works have the client of their ticket: they got it, or it got another person, just now."""
        for line in self.filtered("ticket_id"):
            line._set_client(line._get_client_of_ticket(), line.partner_id)

    def _get_client_of_ticket(self):
        """Return whom the ticket of this work is of now."""
        return self.ticket_id.commercial_partner_id or self.ticket_id.partner_id

    def _settle_clients(self, before):
        """Let works that were written have their client: that of the ticket when they got it, never a person of a firm.

        :param before: {work: (ticket, client)} until now
        """
        for line in self:
            ticket, client = before[line]
            if not line.ticket_id:
                line._set_client(line.partner_id.commercial_partner_id, client)
            elif line.ticket_id == ticket:
                line._set_client(client, client)
            else:
                line._set_client(line._get_client_of_ticket(), client)

    def _set_client(self, client, before):
        """Let a work have its client; another client's contact approved nothing of it.

        :param before: its client until now; the values just written may name another one already
        """
        if client != before:
            self._forget_approval()
        if self.partner_id != client:
            self._write_own({"partner_id": client.id})

    @api.model
    def _prepare_no_judgement(self):
        """Return the values of time that is no work for a client: nothing of what a judgement says."""
        judged = JUDGED_VALUES - {"corrected_line_id", "is_billed"}
        return {name: 0 if self._fields[name].type in ("integer", "float") else False for name in judged}

    def _allocate_lines(self, before=None):
        """Allocate the minutes of these works anew.

        :param before: agreements whose work they were until now
        """
        agreements = self.sudo().support_contract_id
        if before:
            agreements |= before.sudo()
        agreements._allocate_work()
        one_off = self.filtered(lambda line: line.coverage_basis and not line.support_contract_id)
        if one_off:
            one_off.sudo()._allocate_one_off()
