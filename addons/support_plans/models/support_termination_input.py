from odoo import api, fields, models
from odoo.exceptions import UserError

from .support_termination import ALWAYS, EDITABLE

#: What a caller may give.
_INPUTS = frozenset().union(*EDITABLE.values(), ALWAYS)


class SupportTermination(models.Model):
    """What callers of the API enter: a sentence for what is no day, no choice or no record."""

    _inherit = "support.termination"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("contract_id", self.env.context.get("default_contract_id")):
                raise UserError(self.env._("Choose the agreement that is ended."))
            self._check_input(vals)
        self._check_first([vals.get("contract_id") for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        self._check_input(vals)
        return super().write(vals)

    @api.model
    def _check_first(self, agreements):
        """Name the resignation that there is; the database refuses a second one in any case."""
        open_ = self.sudo().search([("contract_id", "in", agreements), ("withdrawn_on", "=", False)], limit=1)
        if open_:
            raise UserError(
                self.env._(
                    "%(agreement)s has a resignation already: %(number)s. Open it, or withdraw it first.",
                    agreement=open_.contract_id.display_name,
                    number=open_.name,
                )
            )

    @api.model
    def _check_input(self, vals):
        """Refuse values that the database would refuse without a sentence."""
        for name in sorted(_INPUTS & set(vals)):
            field, value = self._fields[name], vals[name]
            if not value and field.required:
                raise UserError(self.env._("“%(field)s” must be filled in.", field=self._get_field_label(name)))
            if value and not self._is_input(field, value):
                raise UserError(self._describe_input(field, value))

    @api.model
    def _is_input(self, field, value):
        if field.type == "selection":
            return isinstance(value, str) and value in field.get_values(self.env)
        if field.type == "date":
            return _is_day(value)
        if field.type == "many2one":
            return isinstance(value, int) and bool(self.env[field.comodel_name].sudo().browse(value).exists())
        return True

    @api.model
    def _describe_input(self, field, value):
        names = {"value": value, "field": self._get_field_label(field.name)}
        if field.type == "selection":
            choices = ", ".join(field.get_values(self.env))
            return self.env._(
                "“%(value)s” is no value of “%(field)s”. Use one of: %(choices)s.", choices=choices, **names
            )
        if field.type == "date":
            return self.env._("“%(value)s” is no day for “%(field)s”. Write it like 2026-11-20.", **names)
        return self.env._("“%(value)s” is no record for “%(field)s”. Give the number of a record.", **names)


def _is_day(value):
    try:
        return bool(fields.Date.to_date(value))
    except (TypeError, ValueError):
        return False
