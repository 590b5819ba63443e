from odoo import models


class SupportPlan(models.Model):
    """The price list as a table, one column per plan, made from the data (P8-P22)."""

    _inherit = "support.plan"

    def _is_to_be_agreed(self, name):
        # EXTENDS support_plans: an individual plan leaves terms open (P7)
        return self.is_individual and not self[name]

    def _get_comparison_rows(self):
        """Return the rows of the price list for these plans.

        :return: list of {"key", "section", "label", "cells"}; `cells` holds one text per plan, in
            the order of `self`; rows of one section stand together
        """
        rows = [
            *self._get_price_rows(),
            *self._get_response_rows(),
            *self._get_scope_rows(),
        ]
        return [row for row in rows if row["key"] != "price_year_month" or self._has_yearly_price()]

    def _has_yearly_price(self):
        return any(plan.price_year_month not in (0, plan.price_month) for plan in self)

    def _get_price_rows(self):
        section = self.env._("Price and term")
        return [
            self._row(section, "price_month", self.env._("Monthly price"), "_describe_price_month"),
            self._row(
                section,
                "price_year_month",
                self.env._("Monthly price when a year is paid in advance"),
                "_describe_price_year_month",
            ),
            self._row(section, "min_term_months", self.env._("Minimum term"), "_describe_min_term"),
            self._row(section, "package_hours", self.env._("Hours in the package, per month"), "_describe_package"),
            self._row(
                section,
                "hourly_rate",
                self.env._("Remote help beyond the package, per hour"),
                "_describe_hourly_rate",
            ),
        ]

    def _get_response_rows(self):
        section = self.env._("Service hours and response")
        return [
            self._row(section, "service_hours", self.env._("Service hours"), "_describe_service_hours"),
            self._row(section, "weekends", self.env._("Support on weekends"), "_describe_days_off"),
            self._row(
                section,
                "public_holidays",
                self.env._("Support on public holidays"),
                "_describe_public_holidays",
            ),
            self._row(
                section,
                "response_hours",
                self.env._("Guaranteed response, in service hours"),
                "_describe_response",
            ),
            self._row(
                section,
                "quota_hours",
                self.env._("Quota of guaranteed time, per month (e-mail, not bugs)"),
                "_describe_quota",
            ),
        ]

    def _get_scope_rows(self):
        """Return a row for each kind of work that a plan names, and one for configuration help."""
        section = self.env._("Scope of help")
        coverage = {plan: plan._get_coverage() for plan in self}
        rows = [
            {
                "key": work_type.code,
                "section": section,
                "label": work_type.name,
                "cells": [
                    plan._describe_work(work_type.code, coverage[plan].get(work_type.code, "none")) for plan in self
                ],
            }
            for work_type in self.entitlement_ids.work_type_id.sorted()
        ]
        configuration = self._row(
            section,
            "configuration_help",
            self.env._("Advanced configuration help"),
            "_describe_configuration_help",
        )
        rows.insert(1, configuration)
        return rows

    def _row(self, section, key, label, describe):
        """Return a row whose cells are the answers of the method `describe` of each plan."""
        return {
            "key": key,
            "section": section,
            "label": label,
            "cells": [getattr(plan, describe)() for plan in self],
        }

    def _get_comparison_values(self):
        """Return what the template `support_plan_comparison_table` shows."""
        return {"plans": self, "rows": self._get_comparison_rows()}
