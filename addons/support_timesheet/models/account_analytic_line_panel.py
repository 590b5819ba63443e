from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..rules import coverage
from .clock import clock
from .percents import format_percents


class AccountAnalyticLine(models.Model):
    """A work as the client reads it in the panel: never the internal note, never what the person costs."""

    _inherit = "account.analytic.line"

    @api.model
    def _get_readable_domain(self):
        """Return the works that a client reads: those of `_has_minutes`."""
        return Domain.custom(to_sql=lambda model, alias, _query: model._has_minutes(alias))

    @api.model
    def _has_minutes(self, alias):
        """Return, as SQL on a table of works, which of them the client reads: those with minutes (B1, B2).

        A work of no worked and no charged minutes is a line that somebody began or emptied: it costs
        nothing, took nobody's time, and its description tells of no work. Whatever took time stays, free of
        charge or not, and so does every correction: it always has minutes.
        """
        worked, charged = (self._field_to_sql(alias, name) for name in ("worked_minutes", "charged_minutes"))
        return SQL("(%s <> 0 OR %s <> 0)", worked, charged)

    def _get_panel_works(self):
        """Return what the panel shows of these works; read as superuser, their client was checked before."""
        works = self.sudo()
        discounts = works._get_hours_discounts()
        return [line._get_panel_work(discounts.get(line, 0)) for line in works]

    def _get_panel_work(self, discount):
        """Return one work as a dict of texts for the panel; times as h:mm.

        :param discount: in percent, on what goes beyond the package
        """
        self.ensure_one()
        ticket = self.ticket_id
        # A billed work stays with its client when the ticket moves to another one
        own = ticket.commercial_partner_id == self.partner_id.commercial_partner_id
        return {
            "id": self.id,
            "date": self.date,
            "ticket": ticket if own else ticket.browse(),
            "kind": self.work_type_id.name,
            "name": self.name,
            "person": self.employee_id.name or self.user_id.name or "",
            "worked": clock(self.worked_minutes),
            "charged": clock(self.charged_minutes),
            "payer": self._describe_payer(),
            "left": clock(self.package_left_minutes) if self.coverage_basis == coverage.PACKAGE else "",
            "goodwill": self.goodwill_minutes and clock(self.goodwill_minutes),
            "goodwill_reason": self.goodwill_reason or "",
            "ceiling": self._describe_ceiling(),
            "waits": self._waits_for_client(),
            "beyond_minutes": self.overage_minutes,
            "beyond": clock(self.overage_minutes),
            "amount": self._format_panel_amount(discount),
            "discount": format_percents({discount} if discount else ()),
        }

    def _describe_payer(self):
        """Return who pays: the package, beyond it at the rate, both, or nobody."""
        if self.coverage == "partly":
            return self.env._(
                "%(package)s from the package, %(beyond)s beyond it",
                package=clock(self.package_minutes),
                beyond=clock(self.overage_minutes),
            )
        return dict(self._fields["coverage"]._description_selection(self.env)).get(self.coverage, "")

    def _waits_for_client(self):
        """The work goes beyond the client's own ceiling, and nobody of the client has approved it."""
        return bool(
            self.is_over_ceiling and self.overage_minutes > 0 and not self.approved_by_id and not self.is_billed
        )

    def _describe_ceiling(self):
        """Return what became of work above the client's own ceiling."""
        if self._waits_for_client():
            return self.env._("Above your ceiling: waits for your approval")
        if self.is_over_ceiling and self.approved_by_id:
            return self.env._("Above your ceiling: approved by %(person)s", person=self.approved_by_id.name)
        return ""

    def _format_panel_amount(self, discount):
        agreement = self.support_contract_id
        return agreement._format_price(self._get_amount_after(discount)) if agreement and self.work_amount else ""

    def _get_panel_totals(self):
        """Return the totals of these works for the foot of the list; times as h:mm, money net."""
        lines = self.sudo()
        discounts = lines._get_hours_discounts()
        amount = sum(line._get_amount_after(discounts.get(line, 0)) for line in lines)
        beyond = sum(lines.mapped("overage_minutes"))
        waiting = sum(line.overage_minutes for line in lines if line._waits_for_client())
        return {
            "worked": clock(sum(lines.mapped("worked_minutes"))),
            "charged": clock(sum(lines.mapped("charged_minutes"))),
            "package": clock(sum(lines.mapped("package_minutes"))),
            "beyond": clock(beyond) if beyond else "",
            "waiting": clock(waiting) if waiting else "",
            "amount": lines.support_contract_id[:1]._format_price(amount) if amount else "",
            "discount": format_percents({percent for line, percent in discounts.items() if line.work_amount}),
        }
