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
            "used": _in_hours(self.used_minutes),
            "hours": _in_hours(self.minutes),
            "last": format_date(env, self.date_to),
            "rate": agreement.with_env(env)._describe_hourly_rate(),
            "others": self.with_env(env)._describe_other_hours(),
        }
        subject, body = self._word_used_up(env, facts) if level == 100 else self._word_nearly_used_up(env, facts)
        agreement._notify_client(subject, body)

    def _word_used_up(self, env, facts):
        """Return subject and body; of money only when no other hours are left."""
        if facts["others"]:
            body = env._(
                "The package of %(hours)s h, valid to %(last)s, is used up. Your other hours are used next: "
                "%(others)s.",
                **facts,
            )
        else:
            body = env._(
                "The package of %(hours)s h, valid to %(last)s, is used up. Further work is billed at %(rate)s net per "
                "hour, unless you buy another package.",
                **facts,
            )
        return env._("The package of hours is used up"), body

    def _word_nearly_used_up(self, env, facts):
        """Return subject and body; of money only when no other hours are left."""
        if facts["others"]:
            body = env._(
                "%(used)s h of the package of %(hours)s h, valid to %(last)s, are used. Your other hours are used "
                "next: %(others)s.",
                **facts,
            )
        else:
            body = env._(
                "%(used)s h of the package of %(hours)s h, valid to %(last)s, are used. Work beyond it is billed at "
                "%(rate)s net per hour.",
                **facts,
            )
        return env._("The package of hours is nearly used up"), body

    def _describe_other_hours(self):
        """Return how many hours the client has left beside this package, and until when; empty without any."""
        left = self.contract_id._get_hours_left(besides=self)
        return "; ".join(
            self.env._("%(hours)s h, valid to %(last)s", hours=_in_hours(minutes), last=format_date(self.env, last))
            for last, minutes in sorted(left.items())
        )


def _in_hours(minutes):
    return f"{round(minutes / 60, 2):g}"
