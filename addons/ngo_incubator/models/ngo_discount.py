from odoo import api, fields, models

SCOPES = [
    ("plan", "Fee of a plan"),
    ("plans", "Fee of every other plan"),
    ("hours", "Hours by the hourly rate"),
]


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
