from datetime import date

from odoo import fields, models
from odoo.tools.i18n import format_list

_FIGURES = ("full_price", "discount", "term_value")


class NgoMembership(models.Model):
    """The yearly letter to a member: what was given, what was done in return, and what comes next (F12)."""

    _inherit = "ngo.membership"

    def _get_letter_lang(self):
        """Return the language code in which the organisation reads."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang or "en_US"

    def _get_letters(self, year):
        """Return the letters of a year as a list of values, in the order of the members, each in its language.

        The same queries for any number of members of one language. Readers of balances get them with the rights of
        the system: a coordinator reads no invoices.
        """
        self.check_access("read")
        self.env["ngo.balance"].check_access("read")
        first, last = date(year, 1, 1), date(year, 12, 31)
        given = self.sudo()._get_given_documents(first, last)
        benefits = self.sudo().benefit_ids
        benefits.fetch(["payment_days", "is_in_price"])  # at once, not by member
        benefits.discount_ids.fetch(["percent", "plan_id", "scope"])
        letters = {}
        for lang, memberships in self.sudo().grouped(lambda m: m._get_letter_lang()).items():
            for membership in memberships.with_context(lang=lang):
                letters[membership.id] = membership._prepare_letter(year, lang, given.get(membership.id, []))
        return [letters[membership.id] for membership in self]

    def _prepare_letter(self, year, lang, given):
        """Return the values of a letter; `given`: rows of `_get_given_documents`."""
        return {
            "membership": self,
            "lang": lang,
            "year": year,
            "today": fields.Date.context_today(self),
            "given": given,
            "full_price": sum(row["full_price"] for row in given),
            "discount": sum(row["discount"] for row in given),
            "term_value": sum(row["term_value"] for row in given),
            "money_percents": self._format_percents({row["money_percent"] for row in given if row["term_value"]}),
            "terms": self._get_current()._describe_terms() if self.state == "active" else [],
            "mail": self.coordinator_id.email or self.company_id.email,
        }

    def _format_percents(self, percents):
        """Return percents as a text: "6", "6 and 9.5"."""
        return format_list(self.env, [f"{percent:g}" for percent in sorted(percents)]) if percents else ""

    def _get_given_documents(self, first, last):
        """Return {membership id: [what an invoice or credit note gave]} of a time, by date; one query."""
        rows = self.env["ngo.balance"].search(
            [("membership_id", "in", self.ids), ("date", ">=", first), ("date", "<=", last), ("move_id", "!=", False)],
            order="date, name, kind, id",
        )
        documents = {}
        for row in rows:
            found = documents.setdefault(row.membership_id.id, {}).setdefault(
                row.move_id.id,
                {"name": row.name, "date": row.date, **dict.fromkeys(_FIGURES, 0), "extra_days": 0, "money_percent": 0},
            )
            for figure in _FIGURES:
                found[figure] += row[figure]
            found["money_percent"] = row.money_percent or found["money_percent"]
            if row.gross > 0:  # a credit note gives no time
                found["extra_days"] = row.extra_days
        return {membership: list(by_move.values()) for membership, by_move in documents.items()}

    def _get_letter_file_name(self, year):
        """Return the name of the file of one letter, in the language of the organisation."""
        env = self.with_context(lang=self._get_letter_lang()).env
        name = env._("Letter %(year)s %(organisation)s", year=year, organisation=self.partner_id.sudo().display_name)
        return name.replace("/", "-")
