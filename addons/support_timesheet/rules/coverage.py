"""Who pays for a work: the package, the plan, nobody or the client by the hour (P15-P24, P29, P30, P33).

Decided from the agreement's entitlement, the kind of work and the ticket, before any
hour is burned; ``shown`` adds what the burning made of it. Answers are codes.
"""

from dataclasses import dataclass

from odoo.addons.support_plans.rules.errors import RuleError

PACKAGE = "package"
BEYOND = "beyond"
INCLUDED = "included"
QUOTA = "quota"
FREE = "free"
NONE = "none"
BASES = (PACKAGE, BEYOND, INCLUDED, QUOTA, FREE, NONE)

# Only shown, never judged: part from the package, part beyond it.
PARTLY = "partly"

# Charged minutes of these stand in the ledger. Only PACKAGE takes from lots of hours;
# BEYOND and NONE go to no lot: e-mail must never burn the package (P33).
BURNING = (PACKAGE, BEYOND, NONE)

# Values of support.entitlement.coverage and support.work.type.hours_pool.
COVERAGES = ("none", "bugs_only", "included", "package")
POOLS = ("package", "quota", "included", "billable")

# Code of the kind of work that every plan gives a rate for (P22).
REMOTE_WORK = "REMOTE"


class UnknownFact(RuleError):
    """A value that no rule knows. Attributes: ``name`` (of the fact), ``value``."""


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What is known of a work when it is judged.

    ``kind``: code of the kind of work, any. ``pool``: which hours pay for that kind, one of
    ``POOLS``. ``coverage``: what the agreement gives for it, one of ``COVERAGES``; "none"
    when it is not listed. ``is_bug``: the ticket reports a bug. ``free_for_bugs``: work of
    this kind on bugs is free.
    """

    kind: str
    pool: str
    coverage: str
    is_bug: bool
    free_for_bugs: bool


def judge(facts: WorkFacts) -> str:
    """Which of ``BASES`` a work stands on; the first sentence that applies wins.

    - FREE: e-mail work on bugs is free in every plan (P16) and no quota counts it (P24).
    - PACKAGE: "package hours = phone, remote, programming" where the agreement says so
      (P18, P19, P20, P23, P29).
    - QUOTA: e-mail work that the plan gives, "never burns the package" (P15, P33), and is
      answered and not billed when the quota is used up (P30). INCLUDED: other work that
      the plan gives, such as contact with the carrier (P21).
    - FREE, where only bugs are covered, for a bug (P16).
    - BEYOND: remote help, for which every plan names a rate (P22), and kinds of work that
      are always billed (on site, administration, travel).
    - NONE: the agreement does not give it (P17-P20); billed, and the screen warns before.

    Raises ``UnknownFact``.

    >>> judge(WorkFacts("EMAIL", "quota", "included", is_bug=False, free_for_bugs=True))
    'quota'
    >>> judge(WorkFacts("EMAIL", "quota", "included", is_bug=True, free_for_bugs=True))
    'free'
    >>> judge(WorkFacts("REMOTE", "package", "none", is_bug=False, free_for_bugs=False))
    'beyond'
    """
    _known("pool", facts.pool, POOLS)
    _known("coverage", facts.coverage, COVERAGES)
    if facts.is_bug and (facts.free_for_bugs or facts.coverage == "bugs_only"):
        return FREE
    if facts.coverage == "package":
        return PACKAGE
    if facts.coverage == "included":
        return QUOTA if facts.pool == "quota" else INCLUDED
    if facts.coverage == "none" and (facts.pool == "billable" or facts.kind == REMOTE_WORK):
        return BEYOND
    return NONE


def shown(basis: str, charged: int, package: int, overage: int) -> str:
    """What people see as the coverage of a work, after its minutes were burned.

    ``charged`` minutes were split into ``package`` and ``overage`` (all in minutes,
    negative on a correction). Work that would cost something and is charged nothing is
    FREE: goodwill. Package work shows PACKAGE, PARTLY or BEYOND by its split; every other
    basis shows itself. Raises ``UnknownFact``.

    >>> shown(PACKAGE, 60, 60, 0), shown(PACKAGE, 60, 30, 30), shown(PACKAGE, 60, 0, 60)
    ('package', 'partly', 'beyond')
    >>> shown(BEYOND, 0, 0, 0), shown(QUOTA, 0, 0, 0)
    ('free', 'quota')
    """
    _known("basis", basis, BASES)
    if basis in BURNING and not charged:
        return FREE
    if basis != PACKAGE or not overage:
        return basis
    return PARTLY if package else BEYOND


def _known(name: str, value: str, values: tuple[str, ...]) -> None:
    if value not in values:
        raise UnknownFact(name=name, value=value)
