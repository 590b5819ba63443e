from odoo import models
from odoo.tools import format_date, formatLang


class NgoEvidence(models.Model):
    """Evidence as its organisation reads it in the panel (F12)."""

    _inherit = "ngo.evidence"

    def _get_panel_values(self):
        """Return {"day", "kind", "state", "state_code", "url", "file", "file_url", "reach", "note", "reason"}."""
        self.ensure_one()
        file = self.attachment_id
        return {
            "day": format_date(self.env, self.date, date_format="d MMM y"),
            "kind": dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            "state": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "state_code": self.state,
            "url": self.url or "",
            "file": file.name or "",
            "file_url": f"/my/ngo/evidence/{self.id}/file" if file else "",
            "reach": formatLang(self.env, self.reach, digits=0) if self.reach else "",
            "note": self.note or "",
            "reason": (self.state == "rejected" and self.rejection_reason) or "",
        }
