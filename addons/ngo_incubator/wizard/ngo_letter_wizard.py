from odoo import fields, models
from odoo.exceptions import UserError


class NgoLetterWizard(models.TransientModel):
    """Which members get the yearly letter, and of which year. It is printed; nothing is sent or kept."""

    _name = "ngo.letter.wizard"
    _description = "Yearly Letter"

    year = fields.Integer(required=True, default=lambda self: fields.Date.context_today(self).year - 1)
    membership_ids = fields.Many2many(
        "ngo.membership",
        string="Members",
        domain=[("verified_on", "!=", False)],
        default=lambda self: self._get_default_memberships(),
    )

    def _get_default_memberships(self):
        """Return the members chosen in the list; applications that nobody verified get no letter."""
        if self.env.context.get("active_model") != "ngo.membership":
            return self.env["ngo.membership"]
        chosen = self.env["ngo.membership"].browse(self.env.context.get("active_ids", []))
        return chosen.filtered("verified_on")

    def action_print(self):
        """Print the letters."""
        self.ensure_one()
        self._check_letters()
        return self.env.ref("ngo_incubator.action_report_ngo_letter").report_action(self, config=False)

    def _check_letters(self):
        """Refuse letters that nobody could read: of a year to come, to nobody, or to who is no member."""
        this_year = fields.Date.context_today(self).year
        if not 2000 <= self.year <= this_year:
            raise UserError(
                self.env._(
                    "A letter tells of a year from 2000 to %(last)s, not of %(year)s.",
                    last=str(this_year),
                    year=str(self.year),
                )
            )
        if not self.membership_ids:
            raise UserError(self.env._("Choose the members who get the letter. Applications get none."))
        stranger = self.membership_ids.filtered(lambda m: not m.verified_on)[:1]
        if stranger:
            raise UserError(
                self.env._("%(member)s was never verified: there is no year to tell of.", member=stranger.display_name)
            )

    def _get_file_name(self):
        """Return the name of the printed file, in the language of who reads it."""
        self.ensure_one()
        if len(self.membership_ids) == 1:
            return self.membership_ids._get_letter_file_name(self.year)
        return self.env._("Letters %(year)s", year=str(self.year))
