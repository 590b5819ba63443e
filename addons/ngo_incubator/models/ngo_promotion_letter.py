from odoo import models
from odoo.tools import format_date

from ..rules import promotion as rules


class NgoPromotion(models.Model):
    """A promotion as the yearly letter tells of it."""

    _inherit = "ngo.promotion"

    def _get_start(self):
        """Return the first day: the agreed one, else that of the agreement itself."""
        return self.date_from or self.agreed_on or self.create_date.date()

    def _overlaps(self, first, last):
        """Whether it goes on at some time from a first to a last day."""
        return self._get_start() <= last and (not self.date_to or self.date_to >= first)

    def _get_accepted(self, first, last):
        """Return the accepted evidence of a time."""
        return self.evidence_ids.filtered(lambda e: e.state == "accepted" and first <= e.date <= last)

    def _was_seen(self, first, last):
        """Whether it belongs to what was done in a time: agreed then, or proved then.

        What is fulfilled and has no last day is over: only its beginning and its evidence tell when it was.
        """
        if self._get_accepted(first, last):
            return True
        if self.state == "fulfilled" and not self.date_to:
            return first <= self._get_start() <= last
        return self.state in rules.GIVEN and self._overlaps(first, last)

    def _prepare_letter_row(self, first, last):
        """Return what the letter says of a promotion: what, when, evidence that was accepted, people reached."""
        accepted = self._get_accepted(first, last).sorted(lambda e: (e.date, e.id))
        kinds = dict(accepted._fields["kind"]._description_selection(self.env))
        return {
            "name": self.name,
            "days": self._describe_days(),
            "evidence": [f"{kinds[evidence.kind]}, {format_date(self.env, evidence.date)}" for evidence in accepted],
            "reach": sum(accepted.mapped("reach")),
        }

    def _describe_days(self):
        days = [self._get_start(), self.date_to]
        return " – ".join(format_date(self.env, day) if day else "" for day in days).strip(" –")

    def _describe_in_letter(self):
        if not self.date_to:
            return self.name
        return self.env._("%(promotion)s (until %(day)s)", promotion=self.name, day=format_date(self.env, self.date_to))
