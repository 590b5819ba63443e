from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules import coverage


@dataclass(frozen=True, slots=True)
class WorkTerms:
    """The terms that judge a work.

    ``hourly_rate``: net per hour beyond the package; ``coverage``: {work type code: coverage};
    ``rounding``: {work type code: (step minutes, note minutes)} where they differ from the kind's own.
    """

    plan_id: int | bool
    hourly_rate: float
    coverage: dict
    rounding: dict


class ContractContract(models.Model):
    """The terms of work on any day: those in force, or those before a change of plan (B8, D13)."""

    _inherit = "contract.contract"

    rounding_by_work = fields.Json(
        compute="_compute_rounding_by_work",
        store=True,
        help="Technical: {kind of work: [step, note time]} where the agreement has its own.",
    )
    terms_since = fields.Date(
        readonly=True, copy=False, help="First day of the plan in force, when the plan was changed."
    )

    @api.depends(
        "entitlement_ids.has_own_rounding",
        "entitlement_ids.step_minutes",
        "entitlement_ids.note_minutes",
        "entitlement_ids.work_type_id.code",
    )
    def _compute_rounding_by_work(self):
        for contract in self:
            contract.rounding_by_work = contract._get_own_rounding()

    def _uses_packages(self):
        """Whether a package pays for any kind of work; by the terms of COMMUNITY and EMAIL none does (P2, P18-P22)."""
        self.ensure_one()
        return coverage.PACKAGE in (self.coverage_by_work or {}).values()

    def _get_work_terms(self):
        """Return the `WorkTerms` in force."""
        self.ensure_one()
        return WorkTerms(
            plan_id=self.support_plan_id.id,
            hourly_rate=self.hourly_rate,
            coverage=self.coverage_by_work or {},
            rounding=self.rounding_by_work or {},
        )

    @api.model
    def _get_work_terms_on(self, agreement_days):
        """Return {(agreement, day): WorkTerms}: late time is judged by the terms of its day.

        :param agreement_days: set of (agreement, date)
        """
        late = self.union(*(a for a, day in agreement_days if a.terms_since and day < a.terms_since))
        history = late._get_terms_history() if late else {}
        terms, current = {}, {}
        for agreement, day in agreement_days:
            older = next((t for since, t in history.get(agreement.id, ()) if day < since), None)
            if older is None and agreement not in current:
                current[agreement] = agreement._get_work_terms()
            terms[agreement, day] = older or current[agreement]
        return terms

    def _get_terms_history(self):
        """Return {agreement id: [(first day of the next terms, WorkTerms before it), ...]}, oldest first."""
        changes = self.env["support.plan.change"].sudo()
        applied = Domain("contract_id", "in", self.ids) & Domain("state", "=", "applied")
        history = {}
        for change in changes.search(applied & Domain("work_terms_before", "!=", False), order="effective_on, id"):
            terms = WorkTerms(**change.work_terms_before)
            history.setdefault(change.contract_id.id, []).append((change.effective_on, terms))
        return history
