import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.support_plans.models.isolation import do_each

from ..rules import membership as membership_rules
from ..rules import page
from ..rules import promotion as rules
from .page_fetch import fetch

_logger = logging.getLogger(__name__)


class NgoPromotion(models.Model):
    """What the nightly run does: agreed pages that are to be looked at, evidence that is missing (F12).

    It tells people what was seen. What follows from it, for the discount above all, a person decides.
    """

    _inherit = "ngo.promotion"

    # Look at pages

    @api.model
    def _cron_check_pages(self):
        """Look at every page whose day has come, each on its own; one that fails stops no other."""
        now = fields.Datetime.now()
        due = self.search(self._get_due_pages_domain(fields.Date.context_today(self)))
        do_each(
            due,
            lambda one: one._look_at_page(now),
            lambda one, error: _logger.error("The page of promotion %s could not be looked at: %s", one.id, error),
        )

    @api.model
    def _get_due_pages_domain(self, today):
        return [
            *self._get_followed_domain("check_page"),
            ("url", "not in", (False, "")),
            ("next_check_on", "<=", today),
            ("programme_id.check_pages", "=", True),
        ]

    @api.model
    def _get_followed_domain(self, step):
        """Return what a step of the nightly run may be done for: by its own state and by that of the member."""
        return [
            ("state", "in", [*rules.STEPS[step]]),
            ("membership_id.state", "in", [*membership_rules.STEPS["add_evidence"]]),
        ]

    def action_check_now(self):
        """Button: look at the page now."""
        self.ensure_one()
        self.membership_id._check_coordinator()
        self._require("check_page")
        if not self.url:
            raise UserError(
                self.env._("%(promotion)s: enter the page that is to be looked at.", promotion=self.display_name)
            )
        if not self.programme_id.check_pages:
            raise UserError(
                self.env._(
                    "Looking at pages is off in the programme %(programme)s: the server needs access to the internet "
                    "for it. A support manager switches it on there.",
                    programme=self.programme_id.name,
                )
            )
        self._look_at_page(fields.Datetime.now())
        return True

    def _look_at_page(self, now):
        """Open the page, keep what it shows, and set the day of the next look.

        :return: ngo.page.check
        """
        self.ensure_one()
        answer = fetch(self.url, self._get_user_agent())
        check = self.env["ngo.page.check"].sudo().create(self._prepare_page_check(answer, now))
        day = fields.Datetime.context_timestamp(self, now).date()
        failures = self._count_failures()
        following = rules.next_check(day, failures, self.programme_id.check_every_days, self.date_to or None)
        self._write_own({"checked_on": day, "next_check_on": following})
        self._tell_of_page(failures, day)
        return check

    def _get_user_agent(self):
        """Return who asks, so that the owner of a page knows whom to ask."""
        company = self.company_id.sudo()
        site = (company.website or company.get_base_url()).encode("ascii", "ignore").decode()
        return f"Mozilla/5.0 (compatible; NgoProgrammeCheck/1.0; +{' '.join(site.split())})"

    def _prepare_page_check(self, answer, now):
        found = page.find(answer.html, self.expected_text or "", self.expected_logo or "")
        is_read = not answer.error
        return {
            "promotion_id": self.id,
            "checked_at": now,
            "url": self.url,
            "final_url": "".join(filter(str.isprintable, answer.final_url)),
            "status": answer.status,
            "expected_text": self.expected_text,
            "expected_logo": self.expected_logo,
            "is_text_found": bool(is_read and found.text),
            "is_logo_found": bool(is_read and found.logo),
            "is_found": is_read and found.is_found,
            "error": answer.error or False,
            "size": answer.size,
        }

    def _count_failures(self):
        """Return on how many days in a row the page was not found right."""
        checks = self.sudo().page_check_ids.sorted("id")
        return rules.failures_in_row(
            (fields.Datetime.context_timestamp(self, check.checked_at).date(), check.is_found) for check in checks
        )

    def _tell_of_page(self, failures, day):
        """Tell the coordinator of a page that stays wrong; a page that is right again needs nobody."""
        kind = "ngo_incubator.mail_activity_ngo_page_lost"
        if not failures:
            self.sudo().activity_unlink([kind])
        elif failures == rules.FAILURES:
            self._give_work(kind, day)

    # Remind of evidence

    @api.model
    def _cron_remind_of_evidence(self):
        """Ask for evidence that is missing, each promotion on its own; running it twice does nothing more."""
        today = fields.Date.context_today(self)
        open_ones = self.search([*self._get_followed_domain("remind"), ("evidence_state", "!=", rules.ACCEPTED)])
        do_each(
            open_ones,
            lambda one: one._remind_of_evidence(today),
            lambda one, error: _logger.error("The promotion %s could not be followed up: %s", one.id, error),
        )

    def _remind_of_evidence(self, today):
        """Remind of a day that comes without accepted evidence: the coordinator, and who has sent nothing."""
        due = rules.reminder_due(
            self._get_evidence_days(), self.reminded_for or None, self.programme_id.remind_days, today
        )
        if not due:
            return
        self._write_own({"reminded_on": today, "reminded_for": due})
        self._give_work("ngo_incubator.mail_activity_ngo_evidence_missing", due)
        if self.evidence_state == rules.MISSING and not self._is_seen():
            self._send("ngo_incubator.mail_template_ngo_evidence")

    def _get_evidence_days(self):
        """Return the days on which evidence should be there; soon after a failure is no such day."""
        days = [self.date_to] if self.date_to else []
        if self.next_check_on and not self._count_failures():
            days.append(self.next_check_on)
        return days

    def _is_seen(self):
        """Whether our own last look found it: then nobody is asked to show it."""
        return bool(self.sudo().page_check_ids.sorted("id")[-1:].is_found)

    def _format_reminder_day(self):
        """Return the day of the reminder, for the mail."""
        return format_date(self.env, self.reminded_for)
