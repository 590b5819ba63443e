from odoo import api, fields, models
from odoo.exceptions import UserError

ACCOUNTANTS = "account.group_account_invoice,account.group_account_readonly"
IN_KSEF = ("sent", "accepted")


class AccountMove(models.Model):
    """What an invoice of a plan, or its correction, has to tell KSeF and Odoo does not know by itself."""

    _inherit = "account.move"

    l10n_pl_is_support_document = fields.Boolean(
        string="Of an Agreement", compute="_compute_l10n_pl_is_support_document", groups=ACCOUNTANTS
    )
    l10n_pl_correction_type = fields.Selection(
        [
            ("1", "1 - in the period of the original invoice"),
            ("2", "2 - in the period of this correction"),
            ("3", "3 - in another period"),
        ],
        string="Effect of the Correction",
        compute="_compute_l10n_pl_correction_type",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        groups=ACCOUNTANTS,
        help="TypKorekty: in which period of the VAT register the correction counts. A reduction that is issued "
        "in KSeF counts when it is issued (art. 29a ust. 13); a raise, when its cause arose (art. 29a ust. 17).",
    )
    l10n_pl_correction_reason = fields.Char(
        string="Reason for KSeF",
        copy=False,
        groups=ACCOUNTANTS,
        help="In Polish, at most 256 characters. Empty: the reason that the client gets, when that is in Polish; "
        "otherwise none, KSeF does not require one.",
    )

    @api.depends("reversed_entry_id", "invoice_line_ids")
    def _compute_l10n_pl_is_support_document(self):
        for move in self:
            move.l10n_pl_is_support_document = move._is_support_document()

    @api.depends("move_type")
    def _compute_l10n_pl_correction_type(self):
        for move in self:
            move.l10n_pl_correction_type = "2" if move.move_type == "out_refund" else False

    def _compute_invoice_currency_rate(self):
        # EXTENDS account: a correction has the rate of its first invoice (art. 31b ust. 1), whatever its own day is
        result = super()._compute_invoice_currency_rate()
        for move in self:
            corrected = move._get_corrected_invoice() if move.currency_id != move.company_currency_id else move.browse()
            is_polish = move.company_id.account_fiscal_country_id.code == "PL"
            same = corrected and corrected.currency_id == move.currency_id
            if is_polish and same and corrected._is_support_document():
                move.invoice_currency_rate = corrected.invoice_currency_rate
        return result

    @api.constrains("l10n_pl_correction_type", "l10n_pl_correction_reason")
    def _check_l10n_pl_not_in_ksef(self):
        sent = self.filtered(lambda move: move.l10n_pl_edi_status in IN_KSEF)
        if sent:
            raise UserError(
                self.env._(
                    "%(document)s is in KSeF already: what was sent cannot be changed, only corrected.",
                    document=sent[0].name,
                )
            )

    # Facts

    def _is_support_document(self):
        """Tell whether this is an invoice of an agreement or its correction; only those are changed here."""
        self.ensure_one()
        move = self.sudo()
        if not move.is_sale_document():
            return False
        if any(line._is_support_line() for line in move.invoice_line_ids) or move._has_plan_product():
            return True
        return bool(move.reversed_entry_id and move.reversed_entry_id._is_support_document())

    def _has_plan_product(self):
        """Tell whether something on this invoice is a plan, also when a person typed it in."""
        products = self.invoice_line_ids.product_id
        plans = self.env["support.plan"].with_context(active_test=False)
        return bool(products and plans.search_count([("product_id", "in", products.ids)], limit=1))

    def _is_ksef_correction(self):
        """Tell whether this document is a correction: a credit note, or an invoice that reverses one."""
        self.ensure_one()
        return self.move_type == "out_refund" or bool(self.reversed_entry_id)

    def _get_corrected_invoice(self):
        """Return the invoice that a correction corrects: always the first one, never an earlier correction."""
        self.ensure_one()
        corrected = self.sudo().reversed_entry_id
        while corrected.reversed_entry_id:
            corrected = corrected.reversed_entry_id
        return corrected.filtered(lambda move: move.move_type == "out_invoice")

    def _get_service_period(self):
        """Return (first day, last day) of what this document is about, after the correction; or None.

        None also where nothing was served: a period that begins after the end of the agreement goes back as a whole.
        """
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(lambda line: line.service_period_start and line.service_period_end)
        if lines:
            periods = self._get_line_periods()
            firsts, lasts = zip(*periods, strict=True) if periods else ((), ())
            return (min(firsts), max(lasts)) if periods else None
        return self._get_corrected_invoice()._get_service_period() if self.sudo().reversed_entry_id else None

    def _get_line_periods(self):
        """Return [(first day, last day)] of the lines that were served.

        None of hours alone, which were supplied on a day (art. 106e ust. 1 pkt 6): the books count them then.
        """
        lines = self.invoice_line_ids
        if self._get_supply_date() and all(line._is_hours_line() for line in lines if line.service_period_start):
            return []
        return [period for line in lines if (period := line._get_service_period())]

    def _get_supply_date(self):
        """Return the day of supply where it is one day, also of what is corrected; or False."""
        self.ensure_one()
        own = self.delivery_date or self.taxable_supply_date
        return own or (self.sudo().reversed_entry_id and self._get_corrected_invoice()._get_supply_date())

    def _get_correction_reason(self):
        """Return the reason of the correction in Polish, or False; other addons may know a better one.

        The reason that the client reads serves as well, when the client reads Polish.
        """
        self.ensure_one()
        move = self.sudo()
        reason = move.l10n_pl_correction_reason
        if not reason and "correction_reason" in move._fields:
            in_polish = (move.partner_id.lang or self.env.lang or "").startswith("pl")
            reason = in_polish and move["correction_reason"]
        return " ".join((reason or "").split()) or False

    def _get_ksef_charges(self):
        """Return [(amount, reason)] of charges outside VAT that are set off against this document; other addons may."""
        self.ensure_one()
        return []

    def _get_exemptions(self):
        """Return {(basis, provision)} of the exempt taxes on this document."""
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(lambda line: "K_10" in line._get_jpk_tags())
        return {(tax.l10n_pl_exemption_basis, tax.l10n_pl_exemption_text) for tax in lines.tax_ids.sudo()}
