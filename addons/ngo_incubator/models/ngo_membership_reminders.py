import logging

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.support_plans.models.isolation import do_isolated

from ..rules import membership as rules

_logger = logging.getLogger(__name__)


class NgoMembership(models.Model):
    """What the nightly run does: checks that are due, warnings of late ones, ends whose day has come (F12)."""

    _inherit = "ngo.membership"

    @api.model
    def _cron_follow_memberships(self):
        """Look at every membership, each on its own; running it twice does nothing the second time."""
        today = self._get_today()
        memberships = self.search([("state", "in", ("active", "suspended"))])
        for done, membership in enumerate(memberships, 1):
            _results, errors = do_isolated(membership, lambda one: [one._follow(today)])
            for error in errors.values():
                _logger.error("The membership %s could not be followed up: %s", membership.id, error)
            self.env["ir.cron"]._commit_progress(1, remaining=len(memberships) - done)

    def _follow(self, today):
        """Do what a day brings for one membership."""
        self._finish_warnings(today)
        if self.next_check_on and self.next_check_on <= today:
            self._remind_of_check()
        if self.state == "active" and not self.ends_on:
            if rules.warning_due(self.next_check_on, self.programme_id.grace_days, today):
                self._warn(self._get_late_check_text(), today, is_check_late=True)

    def _remind_of_check(self):
        """Give the coordinator the yearly check as an activity, once."""
        kind = self.env.ref("ngo_incubator.mail_activity_ngo_check")
        if kind in self.activity_ids.activity_type_id:
            return
        self.activity_schedule(
            "ngo_incubator.mail_activity_ngo_check",
            date_deadline=self.next_check_on,
            user_id=self.sudo().coordinator_id.id or self.env.uid,
        )

    def _get_late_check_text(self):
        membership = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return membership.env._(
            "The yearly check of the registers, due on %(day)s, could not be made. Send us a current extract or "
            "certificate, and the discount goes on.",
            day=format_date(membership.env, self.next_check_on),
        )

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        for membership in memberships.sudo().filtered("is_public_application"):
            membership.activity_schedule(
                "ngo_incubator.mail_activity_ngo_application",
                date_deadline=fields.Date.context_today(self),
                user_id=membership.coordinator_id.id or self.env.uid,
            )
        return memberships
