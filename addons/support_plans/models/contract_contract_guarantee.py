from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..rules import guarantee

#: Time zone of an agreement without service hours (D17).
DEFAULT_ZONE = "Europe/Warsaw"
#: What a client without an agreement was promised (P1).
NO_TERMS = guarantee.GuaranteeTerms(
    agreement=False,
    date_start=date.min,
    date_end=None,
    response_seconds=0,
    channels=frozenset(),
    contacts=frozenset(),
    quota_minutes=0,
    coverage={},
)


class ContractContract(models.Model):
    """What an agreement says about a ticket: the facts that `rules/guarantee.py` judges."""

    _inherit = "contract.contract"

    coverage_by_work = fields.Json(
        compute="_compute_coverage_by_work",
        store=True,
        help="Technical: {kind of work: coverage}, read for each ticket without loading the entitlements.",
    )

    # Stored beside the agreement, so that a ticket is judged without reading its calendar
    service_tz = fields.Selection(related="service_calendar_id.tz", string="Time Zone", store=True)

    @api.depends("entitlement_ids.coverage", "entitlement_ids.work_type_id.code")
    def _compute_coverage_by_work(self):
        for contract in self:
            contract.coverage_by_work = contract._get_coverage()

    @api.model
    def _get_agreements_by_client(self, clients, companies):
        """Return {(commercial partner id, company id): agreements}, latest start first, in one query.

        Drafts are left out: a client is served by what was signed. Read as superuser, because the
        judgement of a ticket does not depend on who registers it.
        """
        found = self.sudo().search_fetch(
            [
                ("support_plan_id", "!=", False),
                ("support_state", "!=", "draft"),
                ("commercial_partner_id", "in", clients.ids),
                ("company_id", "in", companies.ids),
            ],
            order="date_start desc, id desc",
        )
        # Archived channels included: an agreement keeps what it promised, and no query is spent.
        found = found.with_context(active_test=False)
        by_client = found.grouped(lambda c: (c.commercial_partner_id.id, c.company_id.id))
        return {key: group.with_prefetch(found.ids) for key, group in by_client.items()}

    @api.model
    def _apply_plan_changes_of(self, clients):
        """Apply the changes of plan of these clients that are due, each on the day of its own time zone."""
        now = fields.Datetime.now()
        scheduled = (
            self.env["support.plan.change"]
            .sudo()
            .search_fetch(
                [
                    ("state", "=", "scheduled"),
                    ("contract_id.commercial_partner_id", "in", clients.ids),
                    # The day begins first in the easternmost zone; the exact day is asked below
                    ("effective_on", "<=", now.date() + timedelta(days=1)),
                ],
                ["contract_id"],
            )
        )
        for day, agreements in scheduled.contract_id.grouped(lambda c: c._get_service_day(now)).items():
            agreements._apply_due_plan_changes(day)

    def write(self, vals):
        # EXTENDS contract: a client that gets the priority queue has it for what waits already (P7)
        res = super().write(vals)
        if not {"support_plan_id", "programming_priority"}.isdisjoint(vals):
            self.env["helpdesk.ticket"]._reorder_programming(self.company_id)
        return res

    def _pick_agreement(self, moment):
        """Return the agreement that serves a moment: the one that covers it, else the last one before it.

        `self` are the agreements of one client in one company, latest start first; `moment` is
        naive UTC.
        """
        # Iteration, not filtered(): each agreement stays in one prefetch with those of other clients.
        begun = [c for c in self if c.date_start <= c._get_service_day(moment)]
        covering = [c for c in begun if c._covers(c._get_service_day(moment))]
        return next(iter(covering or begun), self.browse())

    def _get_service_day(self, moment):
        """Return the date of a naive UTC moment in the time zone of the agreement (D12, D17)."""
        zone = self.service_tz or DEFAULT_ZONE
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()

    def _get_guarantee_terms(self):
        """Return the frozen terms as the facts of the rule (an empty agreement has none)."""
        if not self:
            return NO_TERMS
        self.ensure_one()
        return guarantee.GuaranteeTerms(
            agreement=True,
            date_start=self.date_start,
            date_end=self.date_end or None,
            response_seconds=round(self.response_hours * 3600),
            channels=frozenset(self.guaranteed_channel_ids.ids),
            contacts=frozenset(self._get_contacts_that_count().ids),
            quota_minutes=round(self.quota_hours * 60),
            coverage=self.coverage_by_work or {},
        )

    def _get_contacts_that_count(self):
        """Return the contacts who speak for the client today: not archived, and its people still (P38).

        Where nobody of them is left, it is as if nobody had been named: every person may use the support.
        """
        client = self.commercial_partner_id
        return self.support_contact_ids.filtered(lambda x: x.active and x.commercial_partner_id == client)

    @api.model
    def _get_quota_used_minutes(self, agreement_days):
        """Return {(agreement id, day): minutes} of the quota used in the service month of that day (D12).

        Time on tickets is not known here: nothing is used. The addon that keeps time extends this.

        :param agreement_days: iterable of (agreement, date)
        """
        return {}
