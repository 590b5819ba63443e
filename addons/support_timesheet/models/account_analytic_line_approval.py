from odoo import fields, models

from .clock import clock


class AccountAnalyticLine(models.Model):
    """The client's approval of work above its own ceiling: it covers the minutes that were approved, and no more."""

    _inherit = "account.analytic.line"

    def _write_approval(self, approver):
        """Record who of the client approved work above the ceiling, on colleagues' work too, and how much.

        :param approver: id of the contact; none takes the approval back
        """
        roles = ("support_plans.group_support_consultant", "account.group_account_invoice")
        works = self
        if not self.env.su and any(self.env.user.has_group(role) for role in roles):
            self.check_access("read")
            works = self.sudo()
        before = {line: (line.approved_by_id, line.approved_minutes) for line in works}
        for minutes, group in works.grouped("overage_minutes").items():
            group._write_own({"approved_by_id": approver, "approved_minutes": minutes if approver else 0})
        if not self.env.user.share:  # the panel has words of its own
            works._log_approval(before)
        return True

    def _log_approval(self, before):
        """Keep on the agreement who recorded whose approval, or took it back.

        :param before: {work: (contact who had approved it, minutes)}
        """
        for line in self.sudo().filtered("support_contract_id"):
            person, minutes = before[line]
            if (line.approved_by_id, line.approved_minutes) == (person, minutes):
                continue
            line.support_contract_id._message_log(
                body=line._describe_approval() if line.approved_by_id else line._describe_withdrawal(person)
            )

    def _describe_approval(self):
        return self.env._(
            "%(person)s approved work above the ceiling: “%(work)s” of %(day)s, %(beyond)s beyond the package; "
            "recorded by %(user)s.",
            person=self.approved_by_id.display_name,
            work=self.name,
            day=fields.Date.to_string(self.date),
            beyond=clock(self.approved_minutes),
            user=self.env.user.display_name,
        )

    def _describe_withdrawal(self, person):
        return self.env._(
            "%(user)s took the approval of %(person)s back: “%(work)s” of %(day)s.",
            user=self.env.user.display_name,
            person=person.display_name,
            work=self.name,
            day=fields.Date.to_string(self.date),
        )

    def _forget_approval(self):
        """Take back the approval of a work that moves to another client: it was the first client's."""
        before = {self: (self.approved_by_id, self.approved_minutes)}
        if self.approved_by_id:
            self._write_own({"approved_by_id": False, "approved_minutes": 0})
            self._log_approval(before)

    def _ask_for_approval_again(self):
        """Take back approvals of works of which more goes beyond the package now than was approved.

        Work that is one-off by now has no agreement whose history could say it.
        """
        for line in self.sudo().filtered("support_contract_id"):
            line.support_contract_id._message_log(
                body=self.env._(
                    "%(person)s approved %(approved)s beyond the package for “%(work)s” of %(day)s, and %(beyond)s go "
                    "beyond it now: it waits for an approval again.",
                    person=line.approved_by_id.display_name,
                    approved=clock(line.approved_minutes),
                    work=line.name,
                    day=fields.Date.to_string(line.date),
                    beyond=clock(line.overage_minutes),
                )
            )
        self._write_own({"approved_by_id": False, "approved_minutes": 0})
