from odoo import fields, models

USABLE = [
    ("invoice", "As soon as they are invoiced"),
    ("paid", "When their invoice is paid"),
]


class ResCompany(models.Model):
    """What the firm decided about hours: where time is kept, what an hour is sold as, when bought hours count."""

    _inherit = "res.company"

    support_project_id = fields.Many2one(
        "project.project",
        help="Work on tickets is kept in this project, unless the agreement names its own. Empty: one is made.",
    )
    support_hour_product_id = fields.Many2one(
        "product.product",
        string="Support Hour",
        help="Product of invoice lines for hours beyond the package. Empty: the product “Support hour”.",
    )
    support_hours_usable = fields.Selection(
        USABLE,
        string="Bought Hours Are Usable",
        default="invoice",
        required=True,
        help="When the hours of a bought package may be used, and its validity begins.",
    )
    support_package_validity = fields.Integer(
        string="Validity of Bought Hours (months)",
        default=12,
        required=True,
        help="For packages of a size of their own; an offer names its own validity (C3: 1 to 12 months).",
    )

    _support_package_validity_range = models.Constraint(
        "CHECK(support_package_validity BETWEEN 1 AND 12)",
        "Bought hours live from 1 to 12 months.",
    )

    def _get_support_project(self):
        """Return the project that keeps the work on tickets; made at the first need."""
        self.ensure_one()
        company = self.sudo()
        if not company.support_project_id:
            company.support_project_id = company.env["project.project"].create(
                {
                    "name": company.env._("Support"),
                    "company_id": company.id,
                    "allow_timesheets": True,
                    # Not "portal": core's panel shows the time of such projects, with the person's cost behind it
                    "privacy_visibility": "employees",
                }
            )
        return company.support_project_id

    def _get_support_hour_product(self):
        """Return the product of an hour beyond the package."""
        self.ensure_one()
        return self.sudo().support_hour_product_id or self.env.ref("support_timesheet.product_support_hour").sudo()
