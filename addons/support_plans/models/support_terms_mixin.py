from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

#: The terms that a price list or a negotiation may change; every one is frozen on the agreement.
TERMS_FIELDS = (
    "list_price_month",
    "price_year_month",
    "hourly_rate",
    "min_term_months",
    "notice_months",
    "service_calendar_id",
    "critical_calendar_id",
    "critical_on_days_off",
    "response_hours",
    "guaranteed_channel_ids",
    "quota_hours",
    "package_hours",
    "package_carry_months",
    "programming_priority",
    "configuration_help",
    "fee_percent",
    "fee_tax_treatment",
    "refund_days",
    "month_rule",
)
#: Terms that an individually agreed plan must name before an agreement starts (P7).
REQUIRED_TERMS = ("list_price_month", "hourly_rate", "response_hours", "service_calendar_id")


class SupportTermsMixin(models.AbstractModel):
    """The terms of support: on the plan as offered, on the agreement as promised (and then frozen)."""

    _name = "support.terms.mixin"
    _description = "Support Terms"

    # Prices, net, in the currency of the plan or agreement
    list_price_month = fields.Float(
        string="Monthly List Price",
        digits="Product Price",
        help="Net price of one month by the price list. An annual plan that ends early is settled at this price.",
    )
    price_year_month = fields.Float(
        string="Monthly Price, Year Prepaid",
        digits="Product Price",
        help="Net price of one month when a whole year is paid in advance.",
    )
    hourly_rate = fields.Float(
        string="Rate Beyond the Package",
        digits="Product Price",
        help="Net price of one hour of help beyond the package.",
    )

    # Duration
    min_term_months = fields.Integer(string="Minimum Term (months)", help="0: the agreement has no minimum term.")
    notice_months = fields.Integer(string="Notice (months)", default=1)

    # The response promise
    service_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        ondelete="restrict",
        help="The guaranteed response is counted in these hours only.",
    )
    critical_calendar_id = fields.Many2one(
        "resource.calendar",
        string="On-call Hours for Critical",
        ondelete="restrict",
        help="When set, the clock of a critical ticket runs in these hours. Otherwise a critical "
        "ticket may be reported at any time and its clock starts at the next opening.",
    )
    critical_on_days_off = fields.Boolean(
        string="Critical on Days Off",
        help="The client may report critical problems on days off.",
    )
    response_hours = fields.Float(
        string="Guaranteed Response (h)",
        help="Within so many service hours a report is accepted and work on it starts. "
        "0: the plan promises no response time.",
    )
    guaranteed_channel_ids = fields.Many2many(
        "helpdesk.ticket.channel",
        string="Channels with Guarantee",
        help="Only tickets that come through these channels carry the guarantee. Never the phone.",
    )
    quota_hours = fields.Float(
        string="Quota of Guaranteed Time (h/month)",
        help="Monthly limit of e-mail work, bugs not counted. Beyond it tickets are answered "
        "without guarantee. 0: no limit.",
    )

    # Hours and scope
    package_hours = fields.Float(
        string="Package (h/month)", help="Hours of phone, remote and programming work each month."
    )
    package_carry_months = fields.Integer(
        string="Carry Over (months)",
        help="For so many months unused package hours are kept. 0: they end with the month.",
    )
    programming_priority = fields.Boolean(
        string="Programming Priority Queue",
        help="Programming requests of this client go before other programming requests.",
    )
    configuration_help = fields.Selection(
        [
            ("forum", "Forum"),
            ("forum_email", "Forum, e-mail"),
            ("forum_email_phone_remote", "Forum, e-mail, phone, remote"),
            ("all", "All"),
        ],
        string="Advanced Configuration Help",
        default="forum",
    )

    # Early end of an annual plan
    fee_percent = fields.Float(
        string="Handling Fee (%)",
        default=3.0,
        help="Part of the remainder kept for handling when an annual plan ends early.",
    )
    fee_tax_treatment = fields.Selection(
        [
            ("taxable", "Taxable, inside the correction"),
            ("outside_vat", "Outside VAT, by debit note"),
            ("none", "No fee"),
        ],
        default="taxable",
        required=True,
    )
    refund_days = fields.Integer(
        string="Refund Within (days)",
        default=21,
        help="Calendar days from accepting the resignation.",
    )
    month_rule = fields.Selection(
        [("started", "Every started month"), ("full", "Full months only")],
        string="Months Worked",
        default="started",
        required=True,
    )

    @api.constrains(
        "list_price_month",
        "price_year_month",
        "hourly_rate",
        "min_term_months",
        "notice_months",
        "response_hours",
        "quota_hours",
        "package_hours",
        "package_carry_months",
        "fee_percent",
        "refund_days",
    )
    def _check_terms_not_negative(self):
        numbers = [name for name in TERMS_FIELDS if self._fields[name].type in ("float", "integer")]
        for record in self:
            wrong = next((name for name in numbers if record[name] < 0), None)
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(record)s: the term “%(term)s” cannot be negative (%(value)s).",
                        record=record.display_name,
                        term=self._get_term_label(wrong),
                        value=record[wrong],
                    )
                )
            if record.fee_percent > 100:
                raise ValidationError(
                    self.env._(
                        "%(record)s: the handling fee is a part of the remainder; it cannot be more than 100 %%.",
                        record=record.display_name,
                    )
                )

    @api.constrains("response_hours", "service_calendar_id")
    def _check_response_has_service_hours(self):
        for record in self:
            if record.response_hours and not record.service_calendar_id:
                raise ValidationError(
                    self.env._(
                        "%(record)s: the guaranteed response of %(hours)s h needs service hours in which it is "
                        "counted. Choose the “%(calendar)s”, or set the guaranteed response to 0.",
                        record=record.display_name,
                        hours=formatLang(self.env, record.response_hours),
                        calendar=self._get_term_label("service_calendar_id"),
                    )
                )

    @api.constrains("guaranteed_channel_ids")
    def _check_guaranteed_channels(self):
        for record in self:
            phones = record.guaranteed_channel_ids.filtered(lambda c: c.support_kind == "phone")
            if phones:
                raise ValidationError(
                    self.env._(
                        "%(record)s: the response guarantee never covers the phone. Remove the channel “%(channel)s”.",
                        record=record.display_name,
                        channel=phones[0].display_name,
                    )
                )

    def _prepare_terms(self):
        """Return the terms of this plan or agreement as values for another record's fields."""
        self.ensure_one()
        values = {}
        for name in TERMS_FIELDS:
            field = self._fields[name]
            value = self[name]
            if field.type == "many2many":
                values[name] = [fields.Command.set(value.ids)]
            else:
                values[name] = value.id if field.type == "many2one" else value
        return values

    def _prepare_entitlements(self):
        """Return the entitlements of this plan or agreement as commands for another record."""
        self.ensure_one()
        return [
            fields.Command.create({"work_type_id": e.work_type_id.id, "coverage": e.coverage})
            for e in self.entitlement_ids
        ]

    def _get_coverage(self):
        """Return {work type code: coverage}; a kind of work that is not listed is not covered."""
        self.ensure_one()
        return {e.work_type_id.code: e.coverage for e in self.entitlement_ids}

    def _get_missing_terms(self):
        """Return the labels of the required terms that are still empty (P7)."""
        self.ensure_one()
        return [self._get_term_label(name) for name in self._get_required_terms() if not self[name]]

    @api.model
    def _get_required_terms(self):
        """Return the names of the terms that an individually agreed plan must fill in (P7)."""
        return list(REQUIRED_TERMS)

    @api.model
    def _get_term_label(self, name):
        """Return the label of a term in the reader's language."""
        return self._fields[name].get_description(self.env, ["string"])["string"]

    @api.model
    def _get_terms_text(self, plan, terms):
        """Return the plan and some terms as text, one per line.

        :param terms: dict as of `_prepare_terms`
        """
        lines = [plan.display_name]
        lines += [f"{self._get_term_label(n)}: {self._get_term_text(n, v)}" for n, v in terms.items()]
        return "\n".join(lines)

    @api.model
    def _get_term_text(self, name, value):
        """Return the value of a term, as of `_prepare_terms`, in words."""
        field = self._fields[name]
        if field.type == "many2many":
            return ", ".join(self.env[field.comodel_name].browse(value[0][2]).mapped("display_name"))
        if field.type == "many2one":
            return self.env[field.comodel_name].browse(value or ()).display_name or "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "–")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        return formatLang(self.env, value) if field.type == "float" else str(value)
