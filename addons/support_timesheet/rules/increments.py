"""From minutes worked to minutes charged (P34, P35, P36, D8, D9, D10).

    "Remote help: every started 30 minutes. Phone: every started 15 minutes. The time
    includes writing down the work done (about 5 minutes)."

Each session or call is rounded on its own (D9): a rule sees one of them at a time.
"""

from odoo.addons.support_plans.rules.errors import RuleError


class NegativeMinutes(RuleError):
    """Time below zero. Attributes: ``name`` (of the value), ``value``."""


def charged_minutes(worked: int, note: int, step: int) -> int:
    """Minutes charged for one session of ``worked`` minutes.

    "5 minutes added before rounding, per kind of work" (P36, D8): ``note``. "Every started
    30 minutes" (P34), "15 minutes" (P35): ``step``; "exact multiples do not jump" (D9).
    A ``step`` of 0 or 1 charges exact minutes (D10). Nothing worked: nothing charged.
    Raises ``NegativeMinutes``.

    >>> [charged_minutes(worked, 5, 30) for worked in (0, 1, 25, 26)]
    [0, 30, 30, 60]
    >>> charged_minutes(10, 5, 15), charged_minutes(11, 5, 15), charged_minutes(26, 0, 0)
    (15, 30, 26)
    """
    not_negative(worked=worked, note=note, step=step)
    if not worked:
        return 0
    return _rounded_up(worked + note, step)


def minutes_to_next_unit(worked: int, note: int, step: int) -> int | None:
    """Whole minutes that may still be worked before one more unit is charged.

    Note time is included: after 20 minutes of remote help 5 are left of the first half
    hour. The first unit starts with the first minute (P34), so 0 worked minutes are asked
    as if that unit had begun: the answer is all that it holds. None: exact minutes are
    charged, there are no units (D10). Raises ``NegativeMinutes``.

    >>> [minutes_to_next_unit(worked, 5, 30) for worked in (0, 20, 25, 26)]
    [25, 5, 0, 29]
    >>> minutes_to_next_unit(20, 0, 0) is None
    True
    """
    not_negative(worked=worked, note=note, step=step)
    if step <= 1:
        return None
    return _rounded_up(max(worked, 1) + note, step) - note - worked


def not_negative(**minutes: int) -> None:
    """Refuse the first of the named values that is below zero: ``NegativeMinutes``.

    >>> not_negative(worked=0, note=-5)
    Traceback (most recent call last):
    odoo.addons.support_timesheet.rules.increments.NegativeMinutes: NegativeMinutes(name='note', value=-5)
    """
    for name, value in minutes.items():
        if value < 0:
            raise NegativeMinutes(name=name, value=value)


def _rounded_up(minutes: int, step: int) -> int:
    """The next multiple of ``step``, or the minutes themselves when they are one."""
    return -(-minutes // step) * step if step > 1 else minutes
