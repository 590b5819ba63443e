import logging

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.support_plans.models.isolation import do_each

from ..rules import membership as rules
from .ngo_membership import COORDINATORS

_logger = logging.getLogger(__name__)

#: What a membership gives people to do, as xml ids of mail.activity.type.
WORK = [f"ngo_incubator.mail_activity_ngo_{name}" for name in ("application", "check", "vat")]


class NgoMembership(models.Model):
    """What the nightly run does: checks that are due, warnings of late ones, ends whose day has come (F12)."""

    _inherit = "ngo.membership"

    @api.model
    def _cron_follow_memberships(self):
        """Look at every membership, each on its own; running it twice does nothing the second time."""
        today = self._get_today()
        memberships = self.search([("state", "in", ("active", "suspended"))])
        do_each(
            memberships,
            lambda one: one._follow(today),
            lambda one, error: _logger.error("The membership %s could not be followed up: %s", one.id, error),
        )

    def _follow(self, today):
        """Do what a day brings for one membership."""
        self._finish_warnings(today)
        if self.state != "ended" and self.next_check_on and self.next_check_on <= today:
            self._remind_of_check()
        if self.state == "active" and not self.ends_on:
            if rules.warning_due(self.next_check_on, self.programme_id.grace_days, today):
                self._warn(self._get_late_check_text(), today, is_check_late=True)

    def _remind_of_check(self):
        """Give the coordinator the yearly check as an activity, once."""
        self._give_work("ngo_incubator.mail_activity_ngo_check", self.next_check_on)

    def _drop_work(self):
        """Take back what was to be done for members that have ended."""
        self.sudo().activity_unlink(WORK)

    def _get_user_to_tell(self):
        """Return who is there of: the coordinator of the membership, that of the programme, any of the company."""
        everyone = self.env.ref(COORDINATORS).all_user_ids
        return (self.coordinator_id + self.programme_id.coordinator_id + everyone).filtered(self._can_be_asked)[:1]

    def _can_be_asked(self, user):
        """Whether a user is there, and sees the membership."""
        return user.active and self.company_id in user.company_ids

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
            membership._give_work("ngo_incubator.mail_activity_ngo_application", self._get_today())
        return memberships
