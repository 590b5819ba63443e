from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules import package as package_rules
from ..rules import validity

ORIGINS = [
    ("month", "Monthly allowance"),
    ("purchase", "Purchase"),
    ("adjustment", "Adjustment"),
]


class SupportPackage(models.Model):
    """A package: minutes of work that a client may use between two days (P10, C3, D11)."""

    _name = "support.package"
    _description = "Package of Hours"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"

    contract_id = fields.Many2one(
        "contract.contract", string="Agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    commercial_partner_id = fields.Many2one(related="contract_id.commercial_partner_id", store=True, string="Client")
    origin = fields.Selection(ORIGINS, required=True, default="adjustment", readonly=True)
    minutes = fields.Integer(required=True, tracking=True)
    hours = fields.Float(compute="_compute_hours", inverse="_inverse_hours", digits=(16, 2))
    used_minutes = fields.Integer(readonly=True, copy=False, help="Minutes of work that the ledger burned from it.")
    left_minutes = fields.Integer(string="Minutes Left", compute="_compute_left_minutes")
    date_from = fields.Date(string="Valid From", required=True, tracking=True)
    date_to = fields.Date(string="Valid To", required=True, tracking=True)
    awaits_payment = fields.Boolean(
        readonly=True, copy=False, help="Bought, but usable only when its invoice is paid; its validity begins then."
    )
    validity_months = fields.Integer(string="Validity (months)", readonly=True)
    offer_id = fields.Many2one("support.package.offer", readonly=True, ondelete="restrict")
    invoice_line_id = fields.Many2one("account.move.line", readonly=True, copy=False, ondelete="set null", index=True)
    alert_80_at = fields.Datetime(string="Told of 80 %", readonly=True, copy=False)
    alert_100_at = fields.Datetime(string="Told of 100 %", readonly=True, copy=False)
    note = fields.Char(string="Reason", help="Why hours were given or added; the client reads it.")
    entry_ids = fields.One2many("support.package.entry", "package_id", string="Ledger")

    # A promise to the client and the guard against spending the last half hour twice (T29)
    _not_overspent = models.Constraint(
        "CHECK(used_minutes IS NULL OR (used_minutes >= 0 AND used_minutes <= minutes))",
        "More hours would be used than this package has.",
    )
    _minutes_positive = models.Constraint("CHECK(minutes > 0)", "A package has at least one minute.")
    _dates_ordered = models.Constraint("CHECK(date_to >= date_from)", "A package cannot end before it begins.")
    _month_once = models.UniqueIndex(
        "(contract_id, date_from) WHERE origin = 'month'",
        "This service month of the agreement has its allowance already.",
    )

    @api.depends("minutes")
    def _compute_hours(self):
        for lot in self:
            lot.hours = lot.minutes / 60

    def _inverse_hours(self):
        for lot in self:
            lot.minutes = round(lot.hours * 60)

    @api.depends("minutes", "used_minutes")
    def _compute_left_minutes(self):
        for lot in self:
            lot.left_minutes = lot.minutes - lot.used_minutes

    @api.depends("origin", "date_from", "date_to", "minutes")
    def _compute_display_name(self):
        labels = dict(self._fields["origin"]._description_selection(self.env))
        for lot in self:
            lot.display_name = self.env._(
                "%(origin)s %(first)s – %(last)s",
                origin=labels.get(lot.origin, ""),
                first=format_date(self.env, lot.date_from),
                last=format_date(self.env, lot.date_to),
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_use_is_not_written(*vals_list)
        lots = super().create(vals_list)
        lots.filtered(lambda lot: lot.origin != "month").contract_id._allocate_work()
        return lots

    def write(self, vals):
        self._check_use_is_not_written(vals)
        if "minutes" in vals:
            self._make_room(vals["minutes"])
        res = super().write(vals)
        if not {"minutes", "date_from", "date_to", "awaits_payment"}.isdisjoint(vals):
            self.contract_id._allocate_work()
        return res

    @api.model
    def _check_use_is_not_written(self, *vals_list):
        """Refuse to write what is used: the ledger says it."""
        if any(vals.get("used_minutes") is not None for vals in vals_list):
            raise UserError(
                self.env._("What is used of a package follows from the work and is not written by hand. Edit the work.")
            )

    def _make_room(self, minutes):
        """Move work elsewhere before a package becomes smaller: the database refuses more use than there is."""
        for lot, frozen in self._get_frozen_minutes().items():
            if frozen > minutes:
                raise UserError(
                    self.env._(
                        "%(package)s of %(client)s cannot have %(hours)s h: billed work has used %(frozen)s h of it.",
                        package=lot.display_name,
                        client=lot.commercial_partner_id.display_name,
                        hours=f"{minutes / 60:g}",
                        frozen=f"{frozen / 60:g}",
                    )
                )
        smaller = self.filtered(lambda lot: lot.minutes > minutes)
        if smaller:
            smaller.contract_id._allocate_work(sizes=dict.fromkeys(smaller.ids, minutes))

    def _get_frozen_minutes(self):
        """Return {lot: minutes used by billed work}, which no re-allocation moves (D13)."""
        rows = (
            self.env["support.package.entry"]
            .sudo()
            ._read_group(
                [("package_id", "in", self.ids), ("line_id.is_billed", "=", True)], ["package_id"], ["minutes:sum"]
            )
        )
        return {lot.with_env(self.env): minutes for lot, minutes in rows}

    def _withdraw(self):
        """Take back the hours that billed work has not used: the sale was cancelled.

        What stays is full by that, and nobody is told of it.
        """
        frozen, now = self._get_frozen_minutes(), fields.Datetime.now()
        for lot in self:
            kept = frozen.get(lot, 0)
            if kept:
                lot.write({"minutes": kept, "alert_80_at": now, "alert_100_at": now})
                continue
            lot._make_room(0)
            lot.invalidate_recordset(["used_minutes"])
            lot.unlink()

    def _withdraw_credited(self):
        """Take back packages whose invoice was credited in full; its lines keep what was taken."""
        frozen = self._get_frozen_minutes()
        for lot in self:
            taken = lot.minutes - frozen.get(lot, 0)
            if taken:
                lot.invoice_line_id.withdrawn_package = lot._prepare_sale(taken)
        self._withdraw()

    def _prepare_sale(self, minutes):
        """Return the values of a package of so many minutes that is sold as this one was, for JSON."""
        return {
            "contract_id": self.contract_id.id,
            "origin": self.origin,
            "minutes": minutes,
            "date_from": fields.Date.to_string(self.date_from),
            "date_to": fields.Date.to_string(self.date_to),
            "validity_months": self.validity_months,
            "awaits_payment": self.awaits_payment,
            "offer_id": self.offer_id.id,
            "note": self.note,
            "invoice_line_id": self.invoice_line_id.id,
        }

    @api.model
    def _sell_again(self, lines):
        """Give back what was taken of the packages of these invoice lines: the credit note was taken back."""
        kept = self.search([("invoice_line_id", "in", lines.ids)]).grouped("invoice_line_id")
        for line in lines:
            values = line.withdrawn_package
            line.withdrawn_package = False
            if line in kept:
                minutes = kept[line].minutes + values["minutes"]
                kept[line].write({"minutes": minutes, "alert_80_at": False, "alert_100_at": False})
            else:
                self.create(values)
            line.move_id._message_log(
                body=self.env._(
                    "%(hours)s h of its package can be used again: the credit note was taken back.",
                    hours=f"{values['minutes'] / 60:g}",
                )
            )

    def _become_usable(self, moment):
        """Let bought hours that were paid for be used; their validity begins now (C3)."""
        for lot in self:
            day = fields.Datetime.context_timestamp(lot.with_context(tz=lot.contract_id.service_tz), moment).date()
            lot.write(
                {
                    "awaits_payment": False,
                    "date_from": day,
                    "date_to": validity.valid_to(day, lot.validity_months),
                }
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("used_minutes")[:1]
        if used:
            raise UserError(
                self.env._(
                    "%(package)s of %(client)s is used by work and cannot be deleted. Shorten it instead.",
                    package=used.display_name,
                    client=used.commercial_partner_id.display_name,
                )
            )

    def _alert_level(self):
        """Return 0, 80 or 100: how full the package is, for its alerts."""
        self.ensure_one()
        return package_rules.alert_level(self.minutes, self.used_minutes)
