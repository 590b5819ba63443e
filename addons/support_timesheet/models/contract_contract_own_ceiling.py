from odoo import fields, models
from odoo.exceptions import UserError

from .clock import clock

#: Nobody works more hours in a month than it has.
_LARGEST_CEILING = 744


class ContractContract(models.Model):
    """What the client decides in the panel: the own ceiling of hours beyond the package, and approvals above it."""

    _inherit = "contract.contract"

    def _check_may_decide(self, partner):
        if not self._may_decide(partner):
            raise UserError(
                self.env._(
                    "Only a contact for support of your firm's agreement can do this. The agreement's page names them."
                )
            )

    # The ceiling

    def _set_own_ceiling(self, hours, partner):
        """Set the client's own ceiling of hours beyond the package per service month (0: none).

        Work that was done under the old ceiling stays billable: a new one cannot be lower than that.
        """
        self._check_may_decide(partner)
        agreement = self.sudo()
        if not 0 <= hours <= _LARGEST_CEILING:
            raise UserError(
                self.env._(
                    "The ceiling is a number of hours from 0 to %(most)s; 0 means no ceiling.", most=_LARGEST_CEILING
                )
            )
        minutes, before = round(hours * 60), agreement._describe_own_ceiling()
        agreement._lock_ledger()
        done = agreement._get_minutes_under_ceiling()
        if 0 < minutes < done:
            raise UserError(
                self.env._(
                    "%(done)s h beyond the package are done already and not invoiced yet. The ceiling cannot be lower.",
                    done=clock(done),
                )
            )
        if minutes == round(agreement.overage_ceiling_hours * 60):
            return
        agreement.with_context(mail_notrack=True).overage_ceiling_hours = minutes / 60
        agreement._message_log(
            body=self.env._(
                "%(person)s set the client's monthly ceiling beyond the package in the panel: %(before)s → %(after)s.",
                person=partner.name,
                before=before,
                after=agreement._describe_own_ceiling(),
            ),
            author_id=partner.id,
        )

    def _get_minutes_under_ceiling(self):
        """Return the most minutes beyond the package that a service month has under the present ceiling, not billed."""
        works = (
            self.env["account.analytic.line"]
            .sudo()
            .search(
                [
                    ("support_contract_id", "=", self.id),
                    ("overage_minutes", ">", 0),
                    ("is_billed", "=", False),
                    ("is_over_ceiling", "=", False),
                ]
            )
        )
        by_month = works.grouped(lambda line: self._get_month_start(line.date))
        billed = self._get_billed_overage()
        return max(
            (sum(group.mapped("overage_minutes")) + billed.get(month, 0) for month, group in by_month.items()),
            default=0,
        )

    # Approvals

    def _approve_own_work(self, work_id, minutes, partner):
        """Approve a work above the ceiling in the name of the client; it may then be billed.

        :param minutes: beyond the package, as the person saw them
        """
        self._check_may_decide(partner)
        agreement = self.sudo()
        agreement._lock_ledger()
        work = agreement._get_works_to_approve().filtered(lambda line: line.id == work_id)
        if not work:
            raise UserError(self.env._("This work does not wait for an approval any more."))
        if work.overage_minutes != minutes:
            raise UserError(
                self.env._(
                    "“%(work)s” has changed since you opened the page. Look at it again, please.", work=work.name
                )
            )
        work.approved_by_id = partner
        agreement._message_log(
            body=self.env._(
                "%(person)s approved work above the ceiling in the panel: “%(work)s” of %(day)s, %(beyond)s beyond the "
                "package.",
                person=partner.name,
                work=work.name,
                day=fields.Date.to_string(work.date),
                beyond=clock(work.overage_minutes),
            ),
            author_id=partner.id,
        )
