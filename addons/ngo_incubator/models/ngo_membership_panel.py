from odoo import models
from odoo.tools import format_date

_BADGES = {
    "applied": "text-bg-info",
    "verified": "text-bg-info",
    "active": "text-bg-success",
    "suspended": "text-bg-warning",
    "ended": "text-bg-light",
}


class NgoMembership(models.Model):
    """The membership as its organisation reads it in the panel: texts only (F12)."""

    _inherit = "ngo.membership"

    def _get_panel_values(self, today):
        """Return what the page of the panel shows.

        :param today: date
        :return: {"state", "badge", "sentence", "reason", "facts", "now", "later", "history", "promotions"}; facts are
            (label, text), "now", "later" and each of "history" a row of `ngo.benefit._get_panel_row`; no history
            where it would only repeat what is in force
        """
        self.ensure_one()
        benefits = self.benefit_ids.sorted("id", reverse=True)
        current = benefits._find(self.company_id, today, today)
        later = benefits.filtered(lambda x: x.first_day > today and x._counts_ever())[:1]
        past = benefits.filtered(lambda x: x.first_day <= today and x._counts_ever())
        promotions = self._get_given_promotions()
        return {
            "state": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "badge": "text-bg-warning" if self.ends_on and self.state == "active" else _BADGES[self.state],
            "sentence": self.state_text,
            "reason": self.end_reason or "",
            "facts": self._get_panel_facts(),
            "now": current and current._get_panel_row(),
            "later": later and later._get_panel_row(),
            "history": [x._get_panel_row() for x in past] if past != current else [],
            "promotions": [p._get_panel_values() for p in promotions],
        }

    def _get_panel_facts(self):
        """Return who the organisation is for us, and when that is looked at again, as (label, text)."""
        numbers = [f"{name.upper()} {self[name]}" for name in ("krs", "nip", "regon") if self[name]]
        form = self.sudo().legal_form_id.name
        facts = [
            (self.env._("Programme"), self.programme_id.name),
            (self.env._("Legal form"), self.env._("%(form)s, OPP", form=form) if self.is_opp else form),
            (self.env._("Numbers"), ", ".join(filter(None, (*numbers, self.register_number)))),
            (self.env._("Applied on"), self._format_panel_day(self.applied_on)),
            (self.env._("Registers looked at on"), self._format_panel_day(self.verified_on)),
            (self.env._("Ended on"), self._format_panel_day(self.ended_on)),
        ]
        if self.state in ("verified", "active", "suspended"):
            facts.append((self.env._("Next look at the registers"), self._format_panel_day(self.next_check_on)))
        return [(label, text) for label, text in facts if text]

    def _format_panel_day(self, day):
        return format_date(self.env, day, date_format="d MMM y") if day else ""
