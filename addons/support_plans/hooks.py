"""What cannot be said in data files."""


def post_init_hook(env):
    """Put the public holidays into the plan calendars, so that the first ticket is judged rightly (D16)."""
    env["resource.calendar"]._cron_generate_public_holidays()
