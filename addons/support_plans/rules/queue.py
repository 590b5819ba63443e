"""The order in which tickets are answered (P28, F7, P7).

A place in the queue is a text of digits: sorting the texts sorts the queue, in the
database and in any collation, without looking at the tickets.
"""

from dataclasses import dataclass

from .errors import RuleError

EXCEPTIONAL = "exceptional"
PRIORITY_PROGRAMMING = "priority_programming"
DEADLINE = "deadline"
NO_GUARANTEE = "no_guarantee"
IN_WORK = "in_work"
PLACE_REASONS = (IN_WORK, EXCEPTIONAL, PRIORITY_PROGRAMMING, DEADLINE, NO_GUARANTEE)

_NO_DEADLINE = 10**10 - 1
# (answered, exceptional) -> first digit; 2, 3 and 4 are left free.
_LANES = {(False, True): "0", (False, False): "1", (True, True): "5", (True, False): "6"}
# The last digit of an own place; "0" instead of it stands immediately before.
_OWN, _BEFORE = "5", "0"


class OutOfRange(RuleError):
    """A value does not fit its digits. Attributes: ``name``, ``value``, ``largest``."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """What decides the place of a ticket.

    ``deadline`` and ``registered`` are UTC seconds, ``deadline`` None without guarantee.
    ``channel_rank``: 0 panel, 1 e-mail, 2 phone, 3 other. ``programming``: a request for
    programming; ``priority_programming``: the plan puts it before others (P7).
    """

    exceptional: bool
    answered: bool
    deadline: int | None
    channel_rank: int
    registered: int
    programming: bool
    priority_programming: bool


def rank(entry: QueueEntry) -> str:
    """The place of a ticket as sortable digits, the first to answer sorting first.

    "In an exceptional situation they go first" (F7); "order of work: by deadline" (P28),
    tickets without one last; then "panel tickets first", then e-mail, then phone (F7);
    then the older. Answered tickets follow, without their past deadline.
    Raises ``OutOfRange``.

    >>> ticket = QueueEntry(False, False, 1781532000, 1, 1781503200, False, False)
    >>> rank(ticket)
    '11781532000117815032005'
    """
    deadline = _NO_DEADLINE if entry.deadline is None else entry.deadline
    return (
        _LANES[entry.answered, entry.exceptional]
        + _digits("deadline", 0 if entry.answered else deadline, 10)
        + _digits("channel_rank", entry.channel_rank, 1)
        + _digits("registered", entry.registered, 10)
        + _OWN
    )


def ahead_of(first_other: str | None, own: str) -> str:
    """The place of a PREMIUM programming request (P7).

    "Priority queue for programming": immediately before the first waiting programming
    request of others (``first_other``, the smallest ``rank`` among them, in the same lane),
    and never later than its own place. Several such requests keep their own order.

    Why not simply a higher rank: everything else stays in order of deadline (P28). A
    priority inside the sort key would either put programming before tickets that are due
    sooner, or leave it behind the other programming requests with earlier deadlines.

    An answered ticket and one in another lane do not move: exceptional ones stay first.

    >>> other = rank(QueueEntry(False, False, 1781532000, 1, 1781503200, True, False))
    >>> premium = rank(QueueEntry(False, False, 1781618400, 0, 1781503260, True, True))
    >>> other < premium, ahead_of(other, premium) < other
    (True, True)
    >>> ahead_of(None, premium) == premium
    True
    """
    if first_other is None or own < first_other or own[0] != first_other[0]:
        return own
    return first_other[:-1] + _BEFORE + own


def place_reason(entry: QueueEntry, moved: bool) -> str:
    """Why the ticket stands where it stands; ``moved``: ``ahead_of`` changed its place.

    >>> place_reason(QueueEntry(False, False, None, 0, 1781503200, False, False), False)
    'no_guarantee'
    """
    if entry.answered:
        return IN_WORK
    if entry.exceptional:
        return EXCEPTIONAL
    if moved:
        return PRIORITY_PROGRAMMING
    return NO_GUARANTEE if entry.deadline is None else DEADLINE


def _digits(name: str, value: int, width: int) -> str:
    """A number in exactly ``width`` digits."""
    largest = 10**width - 1
    if not 0 <= value <= largest:
        raise OutOfRange(name=name, value=value, largest=largest)
    return f"{value:0{width}d}"
