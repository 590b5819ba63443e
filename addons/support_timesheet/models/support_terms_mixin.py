from odoo import models


class SupportTermsMixin(models.AbstractModel):
    """Rounding that differs from the kind of work's own travels with the entitlements."""

    _inherit = "support.terms.mixin"

    def _prepare_entitlements(self):
        # EXTENDS support_plans
        commands = super()._prepare_entitlements()
        for item, (_command, _id, values) in zip(self.entitlement_ids, commands, strict=True):
            if item.has_own_rounding:
                values.update(has_own_rounding=True, step_minutes=item.step_minutes, note_minutes=item.note_minutes)
        return commands

    def _get_own_rounding(self):
        """Return {work type code: [step minutes, note minutes]} where they differ from the kind's own."""
        self.ensure_one()
        own = self.entitlement_ids.filtered("has_own_rounding")
        return {item.work_type_id.code: [item.step_minutes, item.note_minutes] for item in own}
