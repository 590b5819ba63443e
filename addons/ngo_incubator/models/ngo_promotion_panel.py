from odoo import models
from odoo.tools import format_date

from ..rules import promotion as rules

_BADGES = {
    rules.MISSING: "text-bg-light",
    rules.WAITING: "text-bg-info",
    rules.ACCEPTED: "text-bg-success",
    rules.LOST: "text-bg-warning",
}


class NgoPromotion(models.Model):
    """A promotion as its organisation reads it in the panel: what was agreed, and how its evidence stands (F12)."""

    _inherit = "ngo.promotion"

    def _get_panel_values(self):
        """Return what the page shows; facts are (label, text).

        :return: {"promotion", "facts", "state", "badge", "sentence", "evidence", "may_add"}
        """
        self.ensure_one()
        state = self.evidence_state or rules.MISSING
        return {
            "promotion": self,
            "facts": self._get_panel_facts(),
            "state": self._get_panel_labels("evidence_state")[state],
            "badge": _BADGES[state],
            "sentence": self._describe_evidence(state),
            "evidence": [evidence._get_panel_values() for evidence in self.evidence_ids],
            "may_add": self._may_add_evidence(),
        }

    def _get_panel_labels(self, name):
        return dict(self._fields[name]._description_selection(self.env))

    def _get_panel_facts(self):
        first, last = (
            format_date(self.env, day, date_format="d MMM y") if day else "" for day in (self.date_from, self.date_to)
        )
        facts = [
            (self.env._("Kind"), self._get_panel_labels("kind")[self.kind]),
            (self.env._("Where"), self.place),
            (self.env._("Page"), self.url),
            (self.env._("Words on the page"), self.expected_text),
            (self.env._("Logo on the page"), self.expected_logo),
            (self.env._("Value (net)"), self.value and self.currency_id.format(self.value)),
            (self.env._("From"), first),
            (self.env._("Until"), last),
        ]
        return [(label, text) for label, text in facts if text]

    def _describe_evidence(self, state):
        """Return what is asked of the organisation now; nothing when all is well."""
        if state == rules.MISSING and self.evidence_ids:
            return self.env._("What you sent was not accepted. Send us other evidence.")
        if state == rules.MISSING:
            return self.env._("We have no evidence yet. Send us a link, a picture or a print.")
        if state == rules.LOST:
            return self.env._("We did not find it on the page any more. Please look, and send us evidence again.")
        return self.env._("We look at what you sent.") if state == rules.WAITING else ""
