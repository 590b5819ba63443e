from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("discount", "Discount"),
    ("term", "Longer term of payment"),
]


class NgoBalance(models.Model):
    """What the firm gave to an organisation, and what the organisation agreed to and did: a row per document (F12).

    Only posted invoices and credit notes count, in the currency of the company. A discount is what the lines
    would have cost without it, less what they cost; credit notes take their part of it back. The value of a
    longer term follows `rules.benefit.term_value`: gross amount, days beyond the usual term, cost of money of
    the programme. A credit note to such an invoice lowers the value by its own amount for the same days, on its
    own date: what is credited was not waited for.
    """

    _name = "ngo.balance"
    _description = "Balance of an Organisation"
    _auto = False
    _rec_name = "name"
    _order = "date desc, id desc"
    _depends = {
        "account.move": [
            "amount_total_signed",
            "invoice_currency_rate",
            "invoice_date",
            "invoice_date_due",
            "move_type",
            "name",
            "ngo_benefit_id",
            "ngo_money_percent",
            "ngo_usual_days",
            "reversed_entry_id",
            "state",
        ],
        "account.move.line": [
            "amount_currency",
            "balance",
            "discount",
            "display_type",
            "move_id",
            "ngo_benefit_id",
            "ngo_full_price",
            "price_subtotal",
            "price_unit",
            "quantity",
        ],
        "ngo.benefit": ["membership_id", "programme_id"],
        "ngo.membership": ["commercial_partner_id", "company_id", "programme_id"],
        "res.company": ["currency_id"],
    }

    membership_id = fields.Many2one("ngo.membership", string="Member", readonly=True)
    programme_id = fields.Many2one("ngo.programme", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Organisation", readonly=True)
    date = fields.Date(
        readonly=True, help="Of the invoice or credit note, of the evidence; the first day of a promotion."
    )
    kind = fields.Selection(KINDS, readonly=True)
    name = fields.Char(string="Document", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True, groups="account.group_account_invoice")
    full_price = fields.Monetary(string="Price Without Discount", readonly=True, help="Net.")
    discount = fields.Monetary(readonly=True, help="Net.")
    gross = fields.Monetary(string="Amount With a Longer Term", readonly=True, help="Gross.")
    extra_days = fields.Integer(readonly=True, aggregator=None, help="Days to pay beyond the usual term.")
    term_value = fields.Monetary(
        readonly=True,
        help="An estimate: gross amount, for the days beyond the usual term, at the programme's cost of money.",
    )
    money_percent = fields.Float(
        string="Cost of Money (% a year)", readonly=True, aggregator=None, help="Kept by the invoice when it was made."
    )
    given = fields.Monetary(readonly=True, help="Discount, and the value of longer terms.")

    @property
    def _table_query(self):
        """One row per document; figures are rounded to the grosz per document."""
        return SQL(
            """
            SELECT fact.*, fact.discount + fact.term_value AS given,
                   member.programme_id, member.company_id, company.currency_id,
                   member.commercial_partner_id AS partner_id
              FROM (%(facts)s) AS fact
              JOIN ngo_membership AS member ON member.id = fact.membership_id
              JOIN res_company AS company ON company.id = member.company_id
            """,
            facts=SQL(" UNION ALL ").join(self._get_facts()),
        )

    @api.model
    def _get_facts(self):
        """Return the parts of the query, one for each kind of rows."""
        return [self._get_discounts(), self._get_terms()]

    @api.model
    def _get_figures(self):
        """Return the columns that not every kind of rows has, with what the others have there."""
        return {
            "move_id": SQL("NULL::integer"),
            "full_price": SQL("0.0"),
            "discount": SQL("0.0"),
            "gross": SQL("0.0"),
            "extra_days": SQL("NULL::integer"),
            "term_value": SQL("0.0"),
            "money_percent": SQL("NULL::double precision"),
        }

    @api.model
    def _select(self, kind, rest, **columns):
        """Return a part of the query: its columns, in one order for all parts, and what follows them."""
        columns = {**self._get_figures(), **columns, "kind": SQL("%s", kind)}
        selected = [SQL("%s AS %s", value, SQL.identifier(name)) for name, value in sorted(columns.items())]
        return SQL("SELECT %s %s", SQL(", ").join(selected), rest)

    @api.model
    def _get_full_price(self):
        """Return what a line would cost without its discount, net.

        The line's own discount tells it, also when the price was edited; with VAT in the price from the net amount. A
        line without a discount (difference of two plans, months of a settlement) keeps the full price beside it.
        """
        shown = SQL("line.quantity * line.price_unit")
        is_net = SQL("ABS(%s * (1 - line.discount / 100) - line.price_subtotal) < 0.02", shown)
        return SQL(
            """CASE WHEN line.discount = 0
                    THEN line.quantity * COALESCE(NULLIF(line.ngo_full_price, 0), line.price_unit)
                    WHEN line.discount = 100 OR %s THEN %s
                    ELSE line.price_subtotal * 100 / (100 - line.discount) END""",
            is_net,
            shown,
        )

    @api.model
    def _get_discounts(self):
        """Return the query of discounts: one row per invoice or credit note."""
        # Company currency per unit of the invoice's; a line that costs nothing has no amounts to tell it by
        rate = SQL("COALESCE(line.balance / NULLIF(line.amount_currency, 0), 1 / move.invoice_currency_rate::numeric)")
        sign = SQL("CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END")
        full = self._get_full_price()
        return self._select(
            "discount",
            SQL(
                """
                FROM account_move_line AS line
                JOIN account_move AS move ON move.id = line.move_id
                JOIN ngo_benefit AS benefit ON benefit.id = line.ngo_benefit_id
                WHERE move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
                  AND line.display_type = 'product'
                GROUP BY move.id, benefit.membership_id
                """
            ),
            id=SQL("MIN(line.id) * 4"),
            membership_id=SQL("benefit.membership_id"),
            move_id=SQL("move.id"),
            name=SQL("move.name"),
            date=SQL("move.invoice_date"),
            full_price=SQL("ROUND(SUM(%s * %s * %s), 2)", sign, full, rate),
            discount=SQL("ROUND(SUM(%s * (%s - line.price_subtotal) * %s), 2)", sign, full, rate),
        )

    @api.model
    def _get_terms(self):
        """Return the query of longer terms: one row per invoice, and per credit note to one."""
        days = SQL("GREATEST(origin.invoice_date_due - origin.invoice_date - origin.ngo_usual_days, 0)")
        return self._select(
            "term",
            SQL(
                """
                FROM account_move AS move
                JOIN account_move AS origin
                  ON origin.id = CASE WHEN move.move_type = 'out_refund' THEN move.reversed_entry_id ELSE move.id END
                JOIN ngo_benefit AS benefit ON benefit.id = origin.ngo_benefit_id
                WHERE move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
                  AND origin.state = 'posted'
                """
            ),
            id=SQL("move.id * 4 + 1"),
            membership_id=SQL("benefit.membership_id"),
            move_id=SQL("move.id"),
            name=SQL("move.name"),
            date=SQL("move.invoice_date"),
            gross=SQL("move.amount_total_signed"),
            extra_days=days,
            money_percent=SQL("origin.ngo_money_percent"),
            term_value=SQL(
                "ROUND(move.amount_total_signed * %s * origin.ngo_money_percent::numeric / 100 / 365, 2)",
                days,
            ),
        )

    def action_open_document(self):
        """Open what a row tells of: the invoice or credit note, or the member for who may not read invoices."""
        self.ensure_one()
        if self.env["account.move"].has_access("read"):
            return self.sudo().move_id.with_env(self.env)._get_records_action()
        return self.membership_id._get_records_action()
