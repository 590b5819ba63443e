from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class NgoProgramme(models.Model):
    """A programme for organisations: what is offered, what is expected, and the page that tells of it (F12)."""

    _name = "ngo.programme"
    _description = "NGO Programme"
    _inherit = ["ngo.terms.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    coordinator_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Is told of applications, checks that are due and promotion that is missing.",
    )
    accountant_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Is asked to decide on the VAT of promotion that is owed for the discount (barter). Empty: accountants "
        "find such members by the filter “VAT to Decide”.",
    )
    discount_ids = fields.One2many("ngo.discount", "programme_id", string="Discounts", copy=True)
    legal_form_ids = fields.Many2many(
        "ngo.legal.form",
        string="Legal Forms Admitted",
        domain=[("is_eligible", "=", True)],
        help="Legal forms that may apply. Empty: every eligible form.",
    )
    is_published = fields.Boolean(string="On the Public Page", help="Anyone may read the offer and apply.")
    introduction = fields.Text(translate=True, help="What the public page says first.")
    expectation = fields.Text(
        string="What We Ask For", translate=True, help="The promotion that is expected in return; on the public page."
    )
    warning_days = fields.Integer(
        string="Warning (days)",
        default=30,
        help="So many days before it ends a member is told that the discount ends.",
    )
    grace_days = fields.Integer(
        string="Grace for a Late Check (days)",
        default=30,
        help="When the yearly check is so many days late, the member is warned that the discount ends.",
    )
    creditor_is_small = fields.Boolean(
        string="We Are a Small or Medium Enterprise",
        default=True,
        help="Then a large firm must pay us within 60 days, whatever is agreed (art. 7 (2a) of the act on delays).",
    )
    money_cost_percent = fields.Float(
        string="Cost of Money (% a year)",
        default=6.0,
        help="An assumption of yours: what it costs you to wait a year for an amount. It values the longer terms of "
        "payment in the balance.",
    )
    membership_ids = fields.One2many("ngo.membership", "programme_id", string="Members")
    active_count = fields.Integer(string="Active Members", compute="_compute_active_count")

    _days_not_negative = models.Constraint(
        "CHECK(warning_days >= 0 AND grace_days >= 0 AND money_cost_percent >= 0)",
        "Days and the cost of money cannot be negative.",
    )

    @api.depends("membership_ids.state")
    def _compute_active_count(self):
        found = self.env["ngo.membership"]._read_group(
            [("programme_id", "in", self.ids), ("state", "=", "active")], ["programme_id"], ["__count"]
        )
        counts = {programme.id: count for programme, count in found}
        for programme in self:
            programme.active_count = counts.get(programme.id, 0)

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
        return super().write(vals)

    def _check_company_stays(self, company_id):
        """Refuse to move a programme with members, and all that was granted, to another company."""
        for programme in self.sudo().filtered(lambda x: x.company_id.id != company_id and x.membership_ids):
            raise UserError(
                self.env._(
                    "%(programme)s has members: it stays with its company. Make a programme of the other company.",
                    programme=programme.name,
                )
            )

    @api.constrains("accountant_id")
    def _check_accountant(self):
        for programme in self:
            user = programme.accountant_id
            if user and not user.has_group("account.group_account_invoice"):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot decide on the VAT of %(programme)s: choose somebody who makes invoices.",
                        user=user.name,
                        programme=programme.name,
                    )
                )

    def _get_admitted_forms(self):
        """Return the legal forms that may become members."""
        self.ensure_one()
        return self.legal_form_ids or self.env["ngo.legal.form"].search([("is_eligible", "=", True)])

    def action_view_members(self):
        """Show the members of this programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ngo_incubator.ngo_membership_action")
        return {**action, "domain": [("programme_id", "=", self.id)], "context": {"default_programme_id": self.id}}
