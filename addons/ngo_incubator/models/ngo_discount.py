from odoo import api, fields, models
from odoo.exceptions import UserError

SCOPES = [
    ("plan", "Fee of a plan"),
    ("plans", "Fee of every other plan"),
    ("hours", "Hours by the hourly rate"),
]

_OWNERS = frozenset({"programme_id", "membership_id", "benefit_id"})


class NgoDiscount(models.Model):
    """One discount: on the fee of a plan, or on hours that are billed by the hour (F12).

    Three kinds of owners: the offer of a programme, the terms agreed with a member, and the benefit in force,
    which keeps them.
    """

    _name = "ngo.discount"
    _description = "Discount for Organisations"
    _order = "plan_id, scope desc, id"

    programme_id = fields.Many2one("ngo.programme", index="btree_not_null", ondelete="cascade")
    membership_id = fields.Many2one("ngo.membership", index="btree_not_null", ondelete="cascade")
    benefit_id = fields.Many2one("ngo.benefit", index="btree_not_null", ondelete="cascade")
    scope = fields.Selection(SCOPES, string="On", required=True, default="plan")
    plan_id = fields.Many2one(
        "support.plan",
        ondelete="restrict",
    )
    percent = fields.Float(string="Discount (%)", digits="Discount", required=True)

    _one_owner = models.Constraint(
        "CHECK(num_nonnulls(programme_id, membership_id, benefit_id) = 1)",
        "A discount belongs to a programme, to a membership or to a benefit.",
    )
    _percent_in_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)", "A discount is from 0 % (none for that plan) to 100 %."
    )
    _plan_fits_scope = models.Constraint(
        "CHECK((scope = 'plan') = (plan_id IS NOT NULL))",
        "A discount on the fee of a plan names the plan; the other discounts name none.",
    )
    _once = models.UniqueIndex(
        "(COALESCE(programme_id, 0), COALESCE(membership_id, 0), COALESCE(benefit_id, 0), scope, COALESCE(plan_id, 0))",
        "There is a discount for this already: change it instead of adding a second one.",
    )

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "plan":
            self.plan_id = False

    @api.depends("scope", "plan_id", "percent")
    def _compute_display_name(self):
        for discount in self:
            discount.display_name = discount._describe()

    @api.model_create_multi
    def create(self, vals_list):
        discounts = super().create(vals_list)
        discounts._check_may_change()
        return discounts

    def write(self, vals):
        if not _OWNERS.isdisjoint(vals) and not self.env.su:
            raise UserError(self.env._("A discount stays with what it was entered for. Enter it there anew."))
        self._check_may_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_granted(self):
        self._check_may_change()

    def _check_may_change(self):
        """Refuse to change what was granted, and the terms of a membership that has ended."""
        if self.env.su:
            return
        if self.benefit_id:
            raise UserError(
                self.env._("A discount that was granted stays as it was. Change the terms of the membership instead.")
            )
        self.membership_id._require("edit_terms")

    def _describe(self):
        """Return the discount in words, for people."""
        self.ensure_one()
        percent = f"{self.percent:g} %"
        if self.scope == "hours":
            return self.env._("%(percent)s on hours by the hourly rate", percent=percent)
        if self.scope == "plan" and not self.percent:
            return self.env._("none on %(plan)s", plan=self.plan_id.sudo().display_name)
        if self.scope == "plan":
            return self.env._("%(percent)s on %(plan)s", percent=percent, plan=self.plan_id.sudo().display_name)
        return self.env._("%(percent)s on the other plans", percent=percent)

    def _prepare_copies(self):
        """Return commands that give another owner the same discounts."""
        return [fields.Command.create({"scope": x.scope, "plan_id": x.plan_id.id, "percent": x.percent}) for x in self]
