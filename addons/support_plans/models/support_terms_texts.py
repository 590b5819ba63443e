from odoo import models
from odoo.tools import format_amount

DASH = "–"


class SupportTermsMixin(models.AbstractModel):
    """The terms in words, the same in the price list and in a client's agreement (P8-P22).

    Each `_describe_*` returns one cell of the price list as text, in the language of the reader.
    """

    _inherit = "support.terms.mixin"

    def _is_to_be_agreed(self, name):
        """The term is left open until an agreement is signed (P7); never so on an agreement."""
        return False

    def _describe_price_month(self):
        if self._is_to_be_agreed("list_price_month"):
            return self._text_agreed()
        return self._format_price(self.list_price_month)

    def _describe_price_year_month(self):
        """Return the price of a month when a year is prepaid, if it is another one (F9)."""
        if self._is_to_be_agreed("price_year_month"):
            return self._text_agreed()
        if not self.price_year_month or self.price_year_month == self.list_price_month:
            return DASH
        return self._format_price(self.price_year_month)

    def _describe_min_term(self):
        if self._is_to_be_agreed("min_term_months"):
            return self._text_agreed()
        return self._format_months(self.min_term_months) or self.env._("none")

    def _describe_package(self):
        if self._is_to_be_agreed("package_hours"):
            return self._text_agreed()
        if not self.package_hours:
            return self.env._("none")
        return self._format_term_hours(self.package_hours)

    def _describe_service_hours(self):
        if self._is_to_be_agreed("service_calendar_id"):
            return self._text_agreed()
        calendar = self.service_calendar_id
        return (calendar and calendar._get_hours_summary()) or self.env._("none")

    def _describe_days_off(self):
        """Return what help there is on Saturday and Sunday (P12, D1)."""
        calendar = self.service_calendar_id
        open_hours = calendar and calendar._get_weekend_summary()
        if open_hours:
            return open_hours
        if self.critical_on_days_off:
            return self.env._("critical problems may be reported")
        return self.env._("none")

    def _describe_public_holidays(self):
        """Return what help there is on public holidays (P13, D16)."""
        calendar = self.service_calendar_id
        if not calendar or calendar.support_public_holidays:
            return self.env._("none")
        if calendar._is_always_open():
            return self.env._("24/7")
        return self.env._("as on other days")

    def _describe_response(self):
        if self._is_to_be_agreed("response_hours"):
            return self._text_agreed()
        if not self.response_hours:
            return self.env._("none")
        return self._format_term_hours(self.response_hours)

    def _describe_quota(self):
        if self._is_to_be_agreed("quota_hours"):
            return self._text_agreed()
        if not self.response_hours:
            return DASH
        if not self.quota_hours:
            return self.env._("no limit")
        return self._format_term_hours(self.quota_hours)

    def _describe_configuration_help(self):
        labels = dict(self._fields["configuration_help"]._description_selection(self.env))
        return labels.get(self.configuration_help, DASH)

    def _describe_hourly_rate(self):
        if self._is_to_be_agreed("hourly_rate"):
            return self._text_agreed()
        return self._format_price(self.hourly_rate) if self.hourly_rate else DASH

    def _describe_work(self, code, coverage):
        """Return what the plan gives for a kind of work (P16, P18-P21, P2)."""
        if coverage == "package" and code == "PROGRAMMING" and self.programming_priority:
            return self.env._("from package, priority queue")
        if self._is_at_hourly_rate(code, coverage):
            return self.env._("at the hourly rate")
        texts = {
            "none": self.env._("none"),
            "bugs_only": self.env._("bugs only"),
            "included": self.env._("yes"),
            "package": self.env._("from package"),
        }
        return texts[coverage]

    def _is_at_hourly_rate(self, code, coverage):
        """Remote help that is not covered can be ordered at the list rate (P2, P22)."""
        return coverage == "none" and code == "REMOTE" and bool(self.hourly_rate)

    # ------------------------------------------------------------
    # Words and numbers
    # ------------------------------------------------------------

    def _text_agreed(self):
        return self.env._("agreed individually")

    def _format_price(self, amount):
        """Return a net amount in the currency of the plan or agreement, without empty cents."""
        currency = self.currency_id
        cents = not float(amount).is_integer() or not currency.decimal_places
        return format_amount(self.env, amount, currency, trailing_zeroes=cents)

    def _format_months(self, months):
        """Return "3 months", or an empty text for none."""
        if not months:
            return ""
        if months == 1:
            return self.env._("1 month")
        return self.env._("%(count)s months", count=months)

    def _format_term_hours(self, hours):
        return self.env["helpdesk.ticket"]._format_hours(round(hours * 60))
