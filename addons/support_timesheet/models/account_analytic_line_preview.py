from dataclasses import dataclass, replace

from odoo import api, fields, models
from odoo.tools import formatLang

from ..rules import coverage
from .support_package_entry_writer import net_amount

#: Minutes that are shown as one unit where exact minutes are charged.
EXACT_UNIT = 60


@dataclass(frozen=True, slots=True)
class WorkPreview:
    """What a work would cost if it were saved now; minutes, and net money.

    ``agreement``: that judges it, an empty one without agreement; ``values``: the judgement, as of
    `_prepare_judgement`; ``coverage``: what people would see; ``package``, ``beyond``: the charged minutes,
    split by what is left today; ``left``: in the valid packages before the work; ``month_beyond``: minutes
    beyond the package in the service month before the work; ``ceiling``: the client's own limit of them, 0
    for none; ``quota_used``, ``quota``: of guaranteed time in the service month before the work, 0 for none.
    """

    agreement: models.BaseModel
    values: dict
    coverage: str
    package: int
    beyond: int
    amount: float
    left: int
    month_beyond: int
    ceiling: int
    quota_used: int
    quota: int

    @property
    def is_above_ceiling(self):
        """The work is billed only when a contact of the client approves it."""
        return bool(self.ceiling and self.beyond and self.month_beyond + self.beyond > self.ceiling)

    @property
    def is_quota_used_up(self):
        """Guaranteed time of the month is used up: the work is done, without guarantee, and not billed (P30)."""
        return self.values["coverage_basis"] == coverage.QUOTA and 0 < self.quota <= self.quota_used


class AccountAnalyticLine(models.Model):
    """What a work will cost, before it is saved: the same judgement and balance, nothing written (F3)."""

    _inherit = "account.analytic.line"

    charge_preview = fields.Char(
        string="Will Be Charged",
        compute="_compute_charge_preview",
        groups="base.group_user",
        help="What this work costs the client, by the terms and by what is left of the packages.",
    )

    @api.depends("work_type_id", "ticket_id", "partner_id", "project_id", "date", "unit_amount", "goodwill_minutes")
    @api.depends_context("lang")
    def _compute_charge_preview(self):
        asked = self.filtered(
            lambda line: line.work_type_id and line.date and line._get_client() and not line.is_billed
        )
        (self - asked).charge_preview = False
        previews = self._preview_work(asked._get_work_facts(), asked)
        for line, preview in zip(asked, previews, strict=True):
            line.charge_preview = preview and line._describe_charge(preview)

    @api.model
    def _preview_work(self, facts, works=None, one_unit=False):
        """Return the `WorkPreview` of each of `facts`, each as if it were the only one; nothing is written.

        The number of queries is the same for one and for many. Plan changes whose day has come count from
        the moment they are applied, which logging time does itself.

        :param facts: list of `LineFacts`
        :param works: saved works that they are about, in the same order: their own minutes count as free
        :param one_unit: ask for the smallest unit that is charged (exact minutes: an hour), whatever was worked
        """
        if not facts:
            return []
        agreements = self._get_agreements_of(facts)
        terms = self._get_terms_of(facts, agreements)
        if one_unit:
            facts = [self._as_one_unit(fact, term) for fact, term in zip(facts, terms, strict=True)]
        judged = [self._prepare_judgement(*each) for each in zip(facts, agreements, terms, strict=True)]
        days = {(agreement, fact.day) for fact, agreement in zip(facts, agreements, strict=True) if agreement}
        balances = self._get_balances_on(days)
        quotas = self.env["contract.contract"].sudo()._get_quota_used_minutes(days)
        saved = [line._origin for line in works] if works is not None else [self.browse()] * len(facts)
        return [
            self._prepare_preview(
                agreement,
                values,
                balances.get((agreement.id, fact.day)),
                quotas.get((agreement.id, fact.day), 0),
                own.sudo(),
            )
            for fact, agreement, values, own in zip(facts, agreements, judged, saved, strict=True)
        ]

    @api.model
    def _as_one_unit(self, fact, terms):
        """Return the facts of a work that is charged one unit of its kind."""
        kind = fact.work_type
        step, note = terms.rounding.get(kind.code, (kind.step_minutes, kind.note_minutes))
        return replace(fact, worked=1 if step > 1 else max(EXACT_UNIT - note, 1))

    @api.model
    def _get_balances_on(self, agreement_days):
        """Return {(agreement id, day): `rules.package.Balance`}."""
        contracts = self.env["contract.contract"].sudo()
        by_day = {}
        for agreement, day in agreement_days:
            by_day[day] = by_day.get(day, contracts) | agreement
        return {
            (agreement_id, day): balance
            for day, agreements in by_day.items()
            for agreement_id, balance in agreements._get_balances(day).items()
        }

    @api.model
    def _prepare_preview(self, agreement, values, balance, quota_used, own):
        """Return the `WorkPreview` of a judged work.

        :param own: the work as it is saved, or an empty one
        """
        basis, charged = values["coverage_basis"], values["charged_minutes"]
        same = own if own.support_contract_id == agreement else own.browse()
        left = (balance.left if balance else 0) + same.package_minutes
        package = min(max(left, 0), charged) if basis == coverage.PACKAGE else 0
        beyond = charged - package if basis in coverage.BURNING else 0
        return WorkPreview(
            agreement=agreement,
            values=values,
            coverage=coverage.shown(basis, charged, package, beyond),
            package=package,
            beyond=beyond,
            amount=net_amount(beyond, values["hourly_rate"]),
            left=max(left, 0),
            month_beyond=(balance.beyond if balance else 0) - same.overage_minutes,
            ceiling=round(agreement.overage_ceiling_hours * 60),
            quota_used=quota_used - (same.charged_minutes if same.coverage_basis == coverage.QUOTA else 0),
            quota=round(agreement.quota_hours * 60) if basis == coverage.QUOTA else 0,
        )

    # In words

    def _describe_charge(self, preview):
        """Return a preview in words: "26 + 5 min → 60 min charged: 30 min from the package, 30 min × ..."."""
        values = preview.values
        if not values["worked_minutes"]:
            return False
        worked = self.env._("%(minutes)s min", minutes=values["worked_minutes"])
        if values["note_minutes"]:
            worked = self.env._(
                "%(worked)s + %(note)s min", worked=values["worked_minutes"], note=values["note_minutes"]
            )
        return self.env._(
            "%(worked)s → %(charged)s min charged: %(payers)s",
            worked=worked,
            charged=values["charged_minutes"],
            payers=self._describe_payers(preview),
        )

    @api.model
    def _describe_payers(self, preview):
        """Return who pays the charged minutes of a preview, in words."""
        if preview.coverage in ("free", "included", "quota"):
            return self._describe_unpaid(preview)
        parts = []
        if preview.package:
            parts.append(self.env._("%(minutes)s min from the package", minutes=preview.package))
        if preview.beyond:
            parts.append(
                self.env._(
                    "%(minutes)s min × %(rate)s = %(amount)s net",
                    minutes=preview.beyond,
                    rate=self._format_net(preview, preview.values["hourly_rate"], with_currency=False),
                    amount=self._format_net(preview, preview.amount),
                )
            )
        text = ", ".join(parts)
        if preview.is_above_ceiling:
            text += self.env._("; above the client's own limit: needs the approval of a contact")
        return text

    @api.model
    def _describe_unpaid(self, preview):
        if preview.coverage == "included":
            return self.env._("included in the plan")
        if preview.coverage == "quota":
            return self.env._("from the quota of guaranteed time, not billed")
        return self.env._("free")

    @api.model
    def _format_net(self, preview, amount, with_currency=True):
        """Return a net amount as the reader writes it, in the currency of the agreement, else of the company."""
        currency = preview.agreement.currency_id or self.env.company.currency_id
        return currency.with_env(self.env).format(amount) if with_currency else formatLang(self.env, amount, digits=2)
