from odoo import api, fields, models

from ..rules import coverage
from .account_analytic_line_judgement import LineFacts


class HelpdeskTicket(models.Model):
    """Before the work is done: who pays for each kind of it, what is left, what it costs (P17-P24, F3)."""

    _inherit = "helpdesk.ticket"

    time_card = fields.Json(
        compute="_compute_time_card",
        groups="support_plans.group_support_consultant",
        help="Technical: the reader's timer and the coverage of each kind of work, for the screen.",
    )

    @api.depends("partner_id", "request_kind", "company_id", "channel_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_time_card(self):
        timer = self.env["support.timer"]._get_mine()
        kinds = self._get_kinds_of_work()
        for ticket in self:
            ticket.time_card = {
                "timer": timer._get_screen_values(ticket._origin),
                "kind_id": ticket._get_likely_kind(kinds).id,
                "notice": ticket._describe_unknown_client(),
                "rows": ticket._get_coverage_rows(kinds=kinds),
            }

    # Rows

    def _get_coverage_rows(self, day=None, with_rates=None, kinds=None):
        """Return what each kind of work would cost the client now, as dicts in the order of the kinds.

        A person that nobody knows is served, too, and pays the list rates (B4, C1).
        Texts are in the language of the reader; the number of queries does not grow with the kinds. Keys:
        id, code, name (of the kind), step, note (minutes), coverage (code), payer, left, cost, rate,
        warning (texts, empty where there is nothing to say), level (of the warning: danger, warning or empty).

        :param day: of the work; today by default
        :param with_rates: whether money is shown; by default to employees only
        :param kinds: support.work.type; all by default
        """
        self.ensure_one()
        kinds = self._get_kinds_of_work() if kinds is None else kinds
        with_rates = self.env.user._is_internal() if with_rates is None else with_rates
        previews = self._preview_kinds(kinds, day or fields.Date.context_today(self))
        return [
            self._prepare_coverage_row(kind, preview, with_rates) for kind, preview in zip(kinds, previews, strict=True)
        ]

    def _preview_kinds(self, kinds, day):
        """Return the `WorkPreview` of one unit of each kind of work on this ticket."""
        lines, ticket = self.env["account.analytic.line"], self.sudo()
        facts = [
            LineFacts(
                ticket=ticket,
                partner=ticket.partner_id.commercial_partner_id,
                company=ticket.company_id or self.env.company,
                work_type=kind,
                day=day,
                worked=0,
                goodwill=0,
            )
            for kind in kinds.sudo()
        ]
        return lines._preview_work(facts, one_unit=True)

    def _prepare_coverage_row(self, kind, preview, with_rates):
        values = preview.values
        warning, level = self._get_coverage_warning(kind, preview, with_rates)
        costs_money = with_rates and values["coverage_basis"] in coverage.BURNING
        return {
            "id": kind.id,
            "code": kind.code,
            "name": kind.name,
            "step": values["step_minutes"],
            "note": values["note_minutes"],
            "coverage": preview.coverage,
            "payer": self._describe_payer(preview),
            "left": self._describe_left(preview),
            "cost": self._describe_unit_cost(preview, with_rates),
            "rate": self._describe_rate(preview) if costs_money else "",
            "warning": warning,
            "level": level,
        }

    # In words

    def _describe_unknown_client(self):
        """Return what to know on a ticket of a person that nobody knows; empty when the client is known (B4)."""
        if self.partner_id:
            return ""
        return self.env._(
            "The client of this ticket is not known: help is ad hoc and costs the list rates below. Find or create the "
            "client first and choose it as the contact of the ticket, so that the terms of its plan apply."
        )

    def _describe_payer(self, preview):
        """Return who pays; nothing goes “beyond the package” where no package pays for anything."""
        if preview.coverage == "beyond" and not preview.agreement:
            return self.env._("At the list rate")
        if preview.coverage == "beyond" and not preview.agreement._uses_packages():
            return self.env._("By the hour")
        return self._get_payer_texts()[preview.coverage]

    def _get_payer_texts(self):
        return {
            "package": self.env._("From the package"),
            "partly": self.env._("Partly from the package"),
            "beyond": self.env._("Beyond the package"),
            "included": self.env._("Included"),
            "quota": self.env._("Quota"),
            "free": self.env._("Free (bug)"),
            "none": self.env._("Not in the plan"),
        }

    def _describe_left(self, preview):
        """Return what is left of the package or used of the quota; empty where neither pays."""
        basis = preview.values["coverage_basis"]
        if basis == coverage.PACKAGE:
            return self.env._("%(time)s left", time=self._format_hours(preview.left))
        if basis != coverage.QUOTA:
            return ""
        used = self._format_hours(preview.quota_used)
        if not preview.quota:
            return self.env._("%(time)s used, no limit", time=used)
        return self.env._("%(time)s of %(quota)s used", time=used, quota=self._format_hours(preview.quota))

    def _describe_unit_cost(self, preview, with_rates):
        """Return what one unit costs, as "30 min = 82.50 zł net"."""
        if preview.coverage in ("free", "included", "quota"):
            return self.env._("not billed")
        lines = self.env["account.analytic.line"]
        amount = self.env._("%(amount)s net", amount=lines._format_net(preview, preview.amount))
        if not with_rates:
            amount = self.env._("billed at the hourly rate")
        unit = self._format_hours(preview.values["charged_minutes"])
        if not preview.beyond:
            return self.env._("%(unit)s = from the package", unit=unit)
        if not preview.package:
            return self.env._("%(unit)s = %(amount)s", unit=unit, amount=amount)
        return self.env._(
            "%(unit)s = %(package)s from the package + %(amount)s",
            unit=unit,
            package=self._format_hours(preview.package),
            amount=amount,
        )

    def _describe_rate(self, preview):
        lines = self.env["account.analytic.line"]
        return self.env._("%(amount)s/h", amount=lines._format_net(preview, preview.values["hourly_rate"]))

    def _get_coverage_warning(self, kind, preview, with_rates):
        """Return (sentence, level) of what to know before such work begins; ("", "") when all is well."""
        cost = self._describe_unit_cost(preview, with_rates)
        if preview.is_above_ceiling:
            return self._describe_above_ceiling(preview, cost), "danger"
        if preview.is_quota_used_up:
            text = self.env._(
                "The quota of guaranteed time of this month is used up: such work is done without a guaranteed "
                "time and is not billed."
            )
            return text, "warning"
        if preview.coverage == coverage.NONE or (preview.beyond and not preview.agreement):
            return self._describe_not_entitled(kind, preview, cost), "danger"
        if preview.beyond:
            return self._describe_beyond(kind, preview, cost), "warning"
        return "", ""

    def _describe_above_ceiling(self, preview, cost):
        return self.env._(
            "Above the client's own limit of %(limit)s beyond the package a month (%(used)s used): ask a contact "
            "for approval before you start. %(cost)s.",
            limit=self._format_hours(preview.ceiling),
            used=self._format_hours(preview.month_beyond),
            cost=cost,
        )

    def _describe_not_entitled(self, kind, preview, cost):
        if not self.partner_id:
            return self.env._(
                "The client is not known: “%(kind)s” is billed at the list rate, %(cost)s. Find or create the client "
                "first.",
                kind=kind.name,
                cost=cost,
            )
        if not preview.agreement:
            return self.env._(
                "This client has no agreement: “%(kind)s” is billed at the list rate, %(cost)s. Ask the client first.",
                kind=kind.name,
                cost=cost,
            )
        return self.env._(
            "“%(kind)s” is not in the plan %(plan)s: it is billed, %(cost)s. Ask the client first.",
            kind=kind.name,
            plan=preview.agreement.support_plan_id.name,
            cost=cost,
        )

    def _describe_beyond(self, kind, preview, cost):
        if not preview.agreement._uses_packages():
            return self._describe_by_the_hour(kind, preview, cost)
        if preview.values["coverage_basis"] == coverage.BEYOND:
            return self.env._("“%(kind)s” is always billed beyond the package: %(cost)s.", kind=kind.name, cost=cost)
        if preview.left:
            return self.env._(
                "Only %(time)s left in the package: %(cost)s.", time=self._format_hours(preview.left), cost=cost
            )
        return self.env._("Nothing is left in the package: %(cost)s.", cost=cost)

    def _describe_by_the_hour(self, kind, preview, cost):
        """Return what work costs by a plan that has no package: hours are ordered one by one (P2, P22)."""
        agreement = preview.agreement
        words = {"plan": agreement.support_plan_id.name, "kind": kind.name, "cost": cost}
        if preview.values["hourly_rate"] == agreement.support_plan_id.hourly_rate:
            return self.env._(
                "The plan %(plan)s has no package of hours: “%(kind)s” is ordered at the list rate, %(cost)s.", **words
            )
        return self.env._(
            "The plan %(plan)s has no package of hours: “%(kind)s” is ordered at the agreed rate, %(cost)s.", **words
        )
