from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules import terms as terms_rules
from .contract_contract import _OWN_WRITE

_ONE_DAY = timedelta(days=1)


class ContractContract(models.Model):
    """How the plan of an agreement changes: from a service month on, fee and terms together (B8, D3, D5).

    The minimum term stays counted from the start of the agreement: a change of plan does not
    restart it, only the number of months is that of the new plan.
    """

    _inherit = "contract.contract"

    plan_change_ids = fields.One2many("support.plan.change", "contract_id", string="Plan Changes", copy=False)
    scheduled_change_id = fields.Many2one("support.plan.change", compute="_compute_scheduled_change_id")
    scheduled_change_text = fields.Char(compute="_compute_scheduled_change_id")

    @api.depends("plan_change_ids.state")
    @api.depends_context("lang")
    def _compute_scheduled_change_id(self):
        for contract in self:
            scheduled = contract.plan_change_ids.filtered(lambda c: c.state == "scheduled")[:1]
            contract.scheduled_change_id = scheduled
            contract.scheduled_change_text = bool(scheduled) and self.env._(
                "On %(day)s the plan changes from %(old)s to %(new)s.",
                day=contract._format_day(scheduled.effective_on),
                old=scheduled.old_plan_id.display_name,
                new=scheduled.new_plan_id.display_name,
            )

    def action_change_plan(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change plan"),
            "res_model": "support.plan.change.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    # Request

    def _get_plan_change_day(self, price, requested_on):
        """Return the day a plan with this monthly list price would begin (P9, F9).

        Monthly: the next service month that is not billed. Prepaid year: a dearer plan from the next
        service month, for a difference; a cheaper one after the paid year, or the last one invoiced.
        """
        self.ensure_one()
        billed = self._get_open_fee_lines().filtered("last_date_invoiced")
        until = max(billed.mapped("last_date_invoiced"), default=None)
        if self.payment_period == "year":
            year_end = self._get_paid_year_end(max(requested_on, self.date_start))
            is_dearer = price >= self.list_price_month
            until = None if is_dearer else max(filter(None, (until, year_end)), default=None)
        return terms_rules.plan_change_on(self.date_start, requested_on, until)

    def _get_change_refused_until(self, price, change_on):
        """Return the first day from which a cheaper plan is possible; None when it is possible (D3)."""
        return terms_rules.plan_change_refused_until(
            self.date_start,
            self.min_term_months,
            change_on,
            Decimal(str(self.list_price_month)),
            Decimal(str(price)),
        )

    def _request_plan_change(self, plan, terms, requested_on, note=""):
        """Schedule a change of plan, or refuse it with a sentence.

        :param plan: support.plan
        :param terms: dict as of `_prepare_terms`, the terms agreed with the client
        :param requested_on: date
        :return: support.plan.change
        """
        self.ensure_one()
        self._check_plan_change(plan, terms, requested_on)
        before, after = self._get_terms_difference(plan, terms)
        change = (
            self.env["support.plan.change"]
            .with_context(support_own_write=_OWN_WRITE)
            .create(
                {
                    "contract_id": self.id,
                    "old_plan_id": self.support_plan_id.id,
                    "new_plan_id": plan.id,
                    "requested_on": requested_on,
                    "effective_on": self._get_plan_change_day(terms["list_price_month"], requested_on),
                    "requested_by_id": self.env.uid,
                    "note": note,
                    "old_summary": before,
                    "new_summary": after,
                    "new_terms": {**terms, **self._prepare_entitlements_of(plan)},
                    "new_terms_version": plan.terms_version,
                }
            )
        )
        change = change.with_env(self.env)
        change._post_history()
        return change

    def _check_plan_change(self, plan, terms, requested_on):
        """Refuse a change that makes no sense, that cannot be invoiced, or that comes too early."""
        names = {"agreement": self.display_name, "plan": plan.display_name}
        if self.support_state != "running":
            raise UserError(
                self.env._(
                    "%(agreement)s is not running (drafts are edited, agreements in notice end): "
                    "its plan cannot change.",
                    **names,
                )
            )
        if plan == self.support_plan_id and plan.terms_version == self.plan_terms_version:
            raise UserError(self.env._("%(agreement)s has the plan %(plan)s on its current terms.", **names))
        if plan.form == "free" and self._get_fee_price():
            raise UserError(
                self.env._(
                    "%(plan)s is free: nothing is ordered. To leave the paid plan, give notice of %(agreement)s.",
                    **names,
                )
            )
        self._check_plan_fits(plan, self._get_missing_in(plan, terms), terms["list_price_month"])
        self._check_downgrade(plan, terms["list_price_month"], requested_on)

    def _get_missing_in(self, plan, terms):
        """Return the labels of required terms that a request leaves empty (P7, F9)."""
        names = plan._get_required_terms() if plan.is_individual else []
        if self.payment_period == "year" and terms["list_price_month"]:
            names = [*names, "price_year_month"]
        return [self._get_term_label(name) for name in names if not terms[name]]

    def _check_downgrade(self, plan, price, requested_on):
        change_on = self._get_plan_change_day(price, requested_on)
        possible_on = self._get_change_refused_until(price, change_on)
        if possible_on:
            raise UserError(
                self.env._(
                    "%(agreement)s is in its minimum term until %(end)s. A change to the cheaper plan "
                    "%(plan)s is possible from %(day)s.",
                    agreement=self.display_name,
                    end=format_date(self.env, self.min_term_end),
                    plan=plan.display_name,
                    day=format_date(self.env, possible_on),
                )
            )
        if self.date_end and change_on > self.date_end:
            raise UserError(
                self.env._(
                    "%(agreement)s ends on %(end)s, before the plan %(plan)s could begin on %(day)s.",
                    agreement=self.display_name,
                    end=format_date(self.env, self.date_end),
                    plan=plan.display_name,
                    day=format_date(self.env, change_on),
                )
            )

    def _get_terms_difference(self, plan, terms):
        """Return the texts of the terms and coverage before and after, only of what differs."""
        now = self._prepare_terms()
        changed = [name for name in now if now[name] != terms[name]]
        before = [self._get_terms_text(self.support_plan_id, {name: now[name] for name in changed})]
        after = [self._get_terms_text(plan, {name: terms[name] for name in changed})]
        for kind, old, new in self._get_coverage_difference(plan):
            before.append(f"{kind}: {old}")
            after.append(f"{kind}: {new}")
        return "\n".join(before), "\n".join(after)

    def _get_coverage_difference(self, plan):
        """Return [(kind of work, coverage now, coverage by the plan)] of what a change to the plan changes."""
        if plan == self.support_plan_id:
            return []
        now, then = ({e.work_type_id: e.coverage for e in owner.entitlement_ids} for owner in (self, plan))
        labels = self.env["support.entitlement"]._get_coverage_labels()
        pairs = [(kind, now.get(kind, "none"), then.get(kind, "none")) for kind in {**now, **then}]
        return [(kind.name, labels[old], labels[new]) for kind, old, new in pairs if old != new]

    # Apply

    def _apply_due_plan_changes(self, day, retry=False):
        """Apply the changes of these agreements whose day has come; running it again does nothing.

        Called before a ticket is judged or a period billed, so that nothing waits for the nightly run.
        Returns the agreements that changed.

        :param retry: try changes that failed before once more; tickets leave that to billing and the cron
        """
        mine = fields.Domain("contract_id", "in", self.ids)
        if not retry:
            mine &= fields.Domain("last_error", "=", False)
        changes = self._get_due_plan_changes(day, mine)
        changes._apply_isolated()
        return changes.contract_id.with_env(self.env)

    @api.model
    def _apply_all_due_plan_changes(self, day):
        self._get_due_plan_changes(day)._apply_isolated()

    @api.model
    def _get_due_plan_changes(self, day, domain=fields.Domain.TRUE):
        due = fields.Domain("state", "=", "scheduled") & fields.Domain("effective_on", "<=", day)
        return self.env["support.plan.change"].sudo().search(due & domain)

    @api.model
    def _cron_apply_plan_changes(self):
        """Apply every change that is due, each on its own."""
        changes = self._get_due_plan_changes(self._get_today())
        for done, change in enumerate(changes, 1):
            change._apply_isolated()
            self.env["ir.cron"]._commit_progress(1, remaining=len(changes) - done)

    def _apply_plan(self, plan, terms, terms_version, day):
        """Give the agreement another plan from a day on (first day of a service month)."""
        self.ensure_one()
        price_before, list_before = self._get_fee_price(), self.list_price_month
        self.contract_line_ids._restore_own_end()
        paid_until = self._close_fee_lines(day)
        self._write_own(
            {
                **terms,
                "min_term_months": self._get_kept_min_term(terms.get("min_term_months", 0), day),
                "support_plan_id": plan.id,
                "plan_terms_version": terms_version,
            }
        )
        self._bill_difference(
            day, paid_until, self._get_fee_price() - price_before, self.list_price_month - list_before
        )
        self._create_fee_line(paid_until + _ONE_DAY)
        self._end_lines()

    def _get_kept_min_term(self, months, day):
        """Return the minimum term under a new plan: one that still runs is never shortened (D3).

        Otherwise an upgrade to a plan without minimum term would open the way to any downgrade.
        """
        runs = self.min_term_end and self.min_term_end >= day
        return max(months, self.min_term_months) if runs else months

    def _close_fee_lines(self, day):
        """End the fees of the old plan before a day; return the last day that they pay for.

        A prepaid year is paid to its end, whenever the plan changes.
        """
        paid_until = self._get_paid_until(day)
        for line in self._get_open_fee_lines():
            end = line._get_paid_until(day)
            if end:
                line.write({"date_end": end, "is_fee_closed": True})
            else:
                line.unlink()
        return paid_until

    def _bill_difference(self, day, paid_until, difference, list_difference):
        """Bill the rest of a prepaid year at the difference of the yearly prices (F9)."""
        if paid_until >= day and difference > 0:
            self._create_plan_line("difference", difference, max(list_difference, 0), day, paid_until)
