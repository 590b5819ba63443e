from odoo import api, fields, models

COVERAGES = [
    ("none", "Not covered"),
    ("bugs_only", "Bugs only"),
    ("included", "Included"),
    ("package", "From the package"),
]


class SupportEntitlement(models.Model):
    """What a plan, or an agreement, gives for one kind of work (P16-P21)."""

    _name = "support.entitlement"
    _description = "Support Entitlement"
    _order = "work_type_id, id"
    _rec_name = "work_type_id"

    plan_id = fields.Many2one("support.plan", index="btree_not_null", ondelete="cascade")
    contract_id = fields.Many2one("contract.contract", string="Agreement", index="btree_not_null", ondelete="cascade")
    work_type_id = fields.Many2one(
        "support.work.type", string="Kind of Work", required=True, index=True, ondelete="restrict"
    )
    coverage = fields.Selection(COVERAGES, required=True, default="none")

    _owner_one = models.Constraint(
        "CHECK((plan_id IS NULL) <> (contract_id IS NULL))",
        "An entitlement belongs either to a plan or to an agreement.",
    )
    _plan_work_type_uniq = models.UniqueIndex(
        "(plan_id, work_type_id) WHERE plan_id IS NOT NULL",
        "A kind of work is listed only once on a plan.",
    )
    _contract_work_type_uniq = models.UniqueIndex(
        "(contract_id, work_type_id) WHERE contract_id IS NOT NULL",
        "A kind of work is listed only once on an agreement.",
    )

    @api.model
    def _get_coverage_labels(self):
        """Return {coverage: label} in the reader's language."""
        return dict(self._fields["coverage"]._description_selection(self.env))
