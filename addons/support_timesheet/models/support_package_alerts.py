from odoo import fields, models
from odoo.tools import format_date


class SupportPackage(models.Model):
    """A package tells when it is at 80 % and when it is used up; once each."""

    _inherit = "support.package"

    def _tell(self):
        """Tell the client's contacts and the consultant how full the package is; a second call tells nothing."""
        self.ensure_one()
        level = self._alert_level()
        if level == 100 and not self.alert_100_at:
            self._tell_level(level)
            now = fields.Datetime.now()
            # Who is told of 100 % needs no 80 % any more
            self.write({"alert_100_at": now, "alert_80_at": self.alert_80_at or now})
        elif level == 80 and not self.alert_80_at:
            self._tell_level(level)
            self.alert_80_at = fields.Datetime.now()

    def _tell_level(self, level):
        agreement = self.contract_id
        env = self.with_context(lang=agreement._get_client_lang()).env
        facts = {
            "used": f"{self.used_minutes / 60:g}",
            "hours": f"{self.minutes / 60:g}",
            "last": format_date(env, self.date_to),
            "rate": agreement.with_env(env)._describe_hourly_rate(),
        }
        if level == 100:
            subject = env._("The package of hours is used up")
            body = env._(
                "The package of %(hours)s h, valid to %(last)s, is used up. Further work is billed at %(rate)s net per "
                "hour, unless you buy another package.",
                **facts,
            )
        else:
            subject = env._("The package of hours is nearly used up")
            body = env._(
                "%(used)s h of the package of %(hours)s h, valid to %(last)s, are used. Work beyond it is billed at "
                "%(rate)s net per hour.",
                **facts,
            )
        agreement._notify_client(subject, body)
