import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.support_plans.models.isolation import do_isolated

_logger = logging.getLogger(__name__)


class ContractContract(models.Model):
    """Telling people, once each: packages at 80 and 100 %, the quota used up, the ledger in order (P30)."""

    _inherit = "contract.contract"

    quota_told_on = fields.Date(
        readonly=True, copy=False, help="First day of the service month whose used quota the client was told of."
    )

    @api.model
    def _cron_hours_alerts(self):
        """Tell of packages and quotas that have come to their limits; each once."""
        lots = self.env["support.package"].search(self._get_alert_domain())
        agreements = self._get_with_used_quota()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(lots) + len(agreements))
        for lot in lots:
            self._tell_isolated(lot, lot._tell)
            cron._commit_progress(1)
        for agreement in agreements:
            self._tell_isolated(agreement, agreement._tell_quota_used)
            cron._commit_progress(1)

    @api.model
    def _tell_isolated(self, record, tell):
        """Tell of one package or quota; what cannot be told keeps nobody else from being told."""
        _results, errors = do_isolated(record, lambda _one: [tell()])
        for error in errors.values():
            _logger.error("Nobody could be told of the hours of %s (%s): %s", record.display_name, record, error)

    @api.model
    def _get_alert_domain(self):
        """Return the packages that may still be used and of which something is still to be told."""
        full = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%(lot)s.used_minutes * 100 >= %(lot)s.minutes * 80", lot=SQL.identifier(alias)
            )
        )
        untold = Domain("alert_100_at", "=", False)
        return full & untold & Domain("date_to", ">=", fields.Date.context_today(self))

    @api.model
    def _get_with_used_quota(self):
        """Return the agreements whose quota of this service month is used up, and that were not told yet."""
        found = self.search(Domain("support_state", "in", ("running", "notice")) & Domain("quota_hours", ">", 0))
        now = fields.Datetime.now()
        days = {agreement: agreement._get_service_day(now) for agreement in found}
        live = {a: day for a, day in days.items() if a._covers(day) and a.quota_told_on != a._get_month_start(day)}
        used = self._get_quota_used_minutes(set(live.items()))
        return self.union(*(a for a, day in live.items() if used.get((a.id, day), 0) >= round(a.quota_hours * 60)))

    def _tell_quota_used(self):
        """Tell the client, once a service month, that tickets are still answered but without guarantee (P30)."""
        self.ensure_one()
        month = self._get_month_start(self._get_service_day(fields.Datetime.now()))
        env = self.with_context(lang=self._get_client_lang()).env
        self._notify_client(
            env._("The guaranteed time of this month is used up"),
            env._(
                "The %(hours)s h of guaranteed support time of your plan %(plan)s are used up for the month that began "
                "on %(day)s. We still answer your tickets, but without the guaranteed response time until the next "
                "month begins.",
                hours=f"{self.quota_hours:g}",
                plan=self.support_plan_id.with_env(env).name,
                day=format_date(env, month),
            ),
        )
        self.quota_told_on = month

    def _get_hours_left(self, besides):
        """Return {last day: minutes left} of the packages that may be used today.

        Allowances that no work has asked for yet count as well.

        :param besides: package that is left out
        """
        self.ensure_one()
        day = self._get_service_day(fields.Datetime.now())
        usable = self.package_ids.filtered(lambda x: not x.awaits_payment and x.date_from <= day <= x.date_to)
        stored = set(self.package_ids.filtered(lambda x: x.origin == "month").mapped("date_from"))
        left = [(lot.date_to, lot.left_minutes) for lot in usable - besides]
        left += [(lot["date_to"], lot["minutes"]) for lot in self._get_lots_not_stored(day, stored)]
        totals = {}
        for last, minutes in left:
            if minutes > 0 and last >= day:
                totals[last] = totals.get(last, 0) + minutes
        return totals

    def _notify_client(self, subject, body):
        """Send a message to the client's contacts and the responsible person; the agreement keeps it."""
        contacts = self._get_contacts_that_count() or self.partner_id
        self.message_post(
            subject=subject,
            body=body,
            partner_ids=(contacts | self.user_id.partner_id).ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.company_id.partner_id.id,
        )
