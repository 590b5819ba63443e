from odoo import models

from .contract_contract_guarantee import DEFAULT_ZONE


class ContractContract(models.Model):
    """An agreement as its client reads it in the panel: every term, those of D1-D17 included."""

    _inherit = "contract.contract"

    def _lets_report_critical(self, day):
        """Critical problems may be marked by the client: on days off, on call or around the clock (P6, D1)."""
        if not self or not self._covers(day):
            return False
        around_the_clock = self.service_calendar_id and self.service_calendar_id._is_always_open()
        return bool(self.critical_on_days_off or self.critical_calendar_id or around_the_clock)

    def _get_panel_values(self, today):
        """Return what the page of the agreement shows on a day; read as superuser.

        :return: {"state", "sections": [(title, [(label, text), ...])], "entitlements": [(kind of
            work, coverage, how its time is charged)], "contacts": partners}
        """
        self.ensure_one()
        return {
            "state": self._get_panel_state(),
            "sections": [
                (self.env._("Plan and payment"), self._get_panel_payment(today)),
                (self.env._("Guaranteed response"), self._get_panel_response()),
                (self.env._("Hours"), self._get_panel_hours(today)),
                (self.env._("Duration and end"), self._get_panel_duration(today)),
            ],
            "entitlements": self._get_panel_entitlements(),
            "contacts": self._get_contacts_that_count(),
        }

    def _get_panel_state(self):
        return dict(self._fields["support_state"]._description_selection(self.env))[self.support_state]

    # ------------------------------------------------------------
    # Sections
    # ------------------------------------------------------------

    def _get_panel_payment(self, today):
        rows = [
            (self.env._("Plan"), self.support_plan_id.name),
            (self.env._("Start"), self._format_day(self.date_start)),
            (self.env._("Price, net (VAT is added)"), self._describe_payment()),
            (self.env._("Hourly rate beyond the package, net"), self._describe_hourly_rate()),
        ]
        if self.recurring_next_date and self.support_state != "ended":
            rows.append((self.env._("Next invoice"), self._format_day(self.recurring_next_date)))
        return rows

    def _describe_payment(self):
        """Return the price and how it is paid (F9, P8)."""
        if self.payment_period == "year":
            return self.env._(
                "12 × %(month)s = %(year)s a year, paid in advance",
                month=self._format_price(self.price_year_month),
                year=self._format_price(self.currency_id.round(12 * self.price_year_month)),
            )
        return self.env._("%(month)s a month", month=self._format_price(self.list_price_month))

    def _get_panel_response(self):
        zone = self.service_calendar_id.tz or DEFAULT_ZONE
        rows = [
            (
                self.env._("Service hours"),
                self.env._("%(hours)s (time zone %(zone)s)", hours=self._describe_service_hours(), zone=zone),
            ),
            (self.env._("On weekends"), self._describe_days_off()),
            (self.env._("On public holidays"), self._describe_public_holidays()),
            (self.env._("Guaranteed response"), self._describe_promise()),
            (self.env._("Critical problems"), self._describe_critical()),
            (self.env._("Channels with guarantee"), self._describe_channels()),
        ]
        if not self.response_hours:
            rows = [row for row in rows if row[0] != self.env._("Channels with guarantee")]
        return rows

    def _describe_promise(self):
        """Return what is promised and what is not (P14, P26, P31)."""
        if not self.response_hours:
            return self.env._("none")
        return self.env._(
            "%(hours)s of service hours: by then we have accepted your report and started to act. A "
            "report sent outside the service hours counts from the next opening.",
            hours=self._format_term_hours(self.response_hours),
        )

    def _describe_critical(self):
        """Return what happens with critical problems (P6, D1)."""
        if self.critical_calendar_id:
            return self.env._(
                "may be reported at any time; the time is counted in the on-call hours (%(hours)s)",
                hours=self.critical_calendar_id._get_hours_summary(),
            )
        if self.critical_on_days_off:
            return self.env._("may be reported on days off, too; the time is counted from the next opening")
        return self.env._("in service hours only")

    def _describe_channels(self):
        """Return the channels that carry the guarantee (P37, D2)."""
        kinds = dict(self.guaranteed_channel_ids._fields["support_kind"]._description_selection(self.env))
        kinds["other"] = False
        names = ", ".join(kinds[c.support_kind] or c.name for c in self.guaranteed_channel_ids)
        return self.env._("%(channels)s; reports by phone are served without guarantee", channels=names or "–")

    def _get_panel_hours(self, today):
        return [
            (self.env._("Package, per month"), self._describe_package_terms()),
            (self.env._("Quota of guaranteed time, per month"), self._describe_quota_terms(today)),
            (self.env._("Advanced configuration help"), self._describe_configuration_help()),
        ]

    def _describe_package_terms(self):
        """Return the package and what becomes of unused hours (P10, D11)."""
        if not self.package_hours:
            return self._describe_package()
        hours = self._describe_package()
        if self.package_carry_months:
            return self.env._(
                "%(hours)s; unused hours are kept for %(months)s",
                hours=hours,
                months=self._format_months(self.package_carry_months),
            )
        return self.env._("%(hours)s; unused hours end with the service month", hours=hours)

    def _describe_quota_terms(self, today):
        """Return the quota and how much of it this service month has used (P15, P24, P30, D12)."""
        if not (self.response_hours and self.quota_hours):
            return self._describe_quota()
        used = self._get_quota_used_minutes([(self, today)]).get((self.id, today), 0)
        return self.env._(
            "%(hours)s of e-mail work, bugs not counted; used in this service month: %(used)s. Beyond "
            "it we answer without a guaranteed time.",
            hours=self._describe_quota(),
            used=self.env["helpdesk.ticket"]._format_hours(used),
        )

    def _get_panel_duration(self, today):
        rows = [
            (self.env._("Minimum term"), self._describe_min_term_until()),
            (self.env._("Notice"), self._format_months(self.notice_months) or self.env._("none")),
        ]
        end = self.env._("End") if self.date_end else self.env._("Earliest end")
        rows.append((end, self._explain_earliest_end(today)))
        if self.payment_period == "year":
            rows.append((self.env._("Early end of a paid year"), self._describe_settlement()))
        return rows

    def _describe_min_term_until(self):
        if not self.min_term_months:
            return self.env._("none")
        return self.env._(
            "%(months)s, until %(day)s",
            months=self._format_months(self.min_term_months),
            day=self._format_day(self.min_term_end),
        )

    def _describe_settlement(self):
        """Return how a paid year that ends early is settled (F10, D4-D7, D14)."""
        months = {
            "started": self.env._("every started month"),
            "full": self.env._("every full month"),
        }
        text = self.env._(
            "From the amount paid we deduct %(price)s (the monthly list price, net) for %(months)s "
            "and refund the remainder within %(days)s days of accepting the resignation.",
            price=self._describe_settled_price(),
            months=months[self.month_rule or "started"],
            days=self.refund_days,
        )
        return " ".join(filter(None, [text, self._describe_fee()]))

    def _describe_settled_price(self):
        """Return the monthly list price with which a paid year is settled, net (D4)."""
        return self._format_price(self.list_price_month)

    def _describe_fee(self):
        if not self.fee_percent or self.fee_tax_treatment == "none":
            return ""
        percent = f"{self.fee_percent:g}"
        if self.fee_tax_treatment == "outside_vat":
            return self.env._(
                "The remainder is reduced by %(percent)s %% for handling (a debit note outside VAT).",
                percent=percent,
            )
        return self.env._("The remainder is reduced by %(percent)s %% for handling.", percent=percent)

    # ------------------------------------------------------------
    # Entitlements
    # ------------------------------------------------------------

    def _get_panel_entitlements(self):
        """Return [(kind of work, what the agreement gives, how time is charged)] (P16-P21, P34-P36)."""
        lines = self.entitlement_ids.sorted(lambda line: line.work_type_id.sequence)
        return [self._get_panel_entitlement(line.work_type_id, line.coverage) for line in lines]

    def _get_panel_entitlement(self, work_type, coverage):
        charged = coverage == "package" or self._is_at_hourly_rate(work_type.code, coverage)
        return (
            work_type.name,
            self._describe_work(work_type.code, coverage),
            work_type._describe_charging() if charged else "",
        )
