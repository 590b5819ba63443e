"""Does the guaranteed response apply to a ticket? Decided once, at registration (D12).

    "The guarantee is for accepting the report and starting to act" (P26).
    "Quota used up: tickets are still answered, but the guaranteed reaction no longer
    applies" (P30).

The answer is a reason code; words for people are made elsewhere.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from .errors import RuleError

NO_AGREEMENT = "no_agreement"
AGREEMENT_ENDED = "agreement_ended"
NO_RESPONSE_TIME = "no_response_time"
CONTACT = "contact"
CHANNEL = "channel"
REQUEST_KIND = "request_kind"
QUOTA_USED = "quota_used"
GUARANTEED = "guaranteed"

# In the order in which they are checked: the first that applies is the reason.
REASONS = (
    NO_AGREEMENT,
    AGREEMENT_ENDED,
    NO_RESPONSE_TIME,
    CONTACT,
    CHANNEL,
    REQUEST_KIND,
    QUOTA_USED,
    GUARANTEED,
)

BUG = "bug"
PROGRAMMING = "programming"
KINDS = (BUG, "question", "consultation", "configuration", PROGRAMMING, "order", "other")

NONE = "none"
BUGS_ONLY = "bugs_only"
COVERAGES = (NONE, BUGS_ONLY, "included", "package")

# Codes of the work types that stand for written requests.
EMAIL_WORK = "EMAIL"
PROGRAMMING_WORK = "PROGRAMMING"


class UnknownKind(RuleError):
    """Not a kind of request (``KINDS``). Attribute: ``kind``."""


class UnknownCoverage(RuleError):
    """Not a coverage (``COVERAGES``). Attributes: ``work_type``, ``coverage``."""


@dataclass(frozen=True, slots=True)
class GuaranteeTerms:
    """What the agreement promises. Dates are days in the agreement's time zone.

    ``agreement`` False: the client has none (COMMUNITY, P1). ``date_end`` is the last day,
    None: open-ended. ``response_seconds`` 0: no response is promised (P14).
    ``channels`` carry the guarantee (D2). ``contacts`` may use the support (P38); empty:
    every person of the client may. ``quota_minutes`` 0: no limit (P15). ``coverage``: code
    of a work type -> one of ``COVERAGES``; a missing one counts as none (P16, P20).
    """

    agreement: bool
    date_start: date
    date_end: date | None
    response_seconds: int
    channels: frozenset[Hashable]
    contacts: frozenset[int]
    quota_minutes: int
    coverage: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GuaranteeRequest:
    """What is known of a ticket at registration.

    ``contact`` None: the person is not known. ``contact_approved``: a contact of the
    client approved the request in writing. ``quota_used_minutes``: non-bug e-mail work of
    the service month so far (D12).
    """

    registered_on: date
    channel: Hashable
    kind: str
    contact: int | None
    contact_approved: bool
    quota_used_minutes: int


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The decision: ``reason`` is one of ``REASONS``."""

    eligible: bool
    reason: str


def decide(terms: GuaranteeTerms, request: GuaranteeRequest) -> Guarantee:
    """Whether the guaranteed response applies, and why not.

    The first reason of ``REASONS`` that applies wins (P14, P15, P16, P20, P30, P37, P38,
    D2, D12). Raises ``UnknownKind`` and ``UnknownCoverage``.

    >>> day = date(2026, 6, 15)
    >>> email = GuaranteeTerms(
    ...     True, day, None, 43200, frozenset({"email"}), frozenset(), 180, {"EMAIL": "included"})
    >>> decide(email, GuaranteeRequest(day, "email", "question", None, False, 179))
    Guarantee(eligible=True, reason='guaranteed')
    >>> decide(email, GuaranteeRequest(day, "email", "question", None, False, 180))
    Guarantee(eligible=False, reason='quota_used')
    >>> decide(email, GuaranteeRequest(day, "phone", "question", None, False, 0))
    Guarantee(eligible=False, reason='channel')
    """
    reason = (
        _agreement_refuses(terms, request)
        or _sender_refused(terms, request)
        or _request_refused(terms, request)
        or GUARANTEED
    )
    return Guarantee(reason == GUARANTEED, reason)


def counts_for_quota(kind: str) -> bool:
    """Whether work on this kind of request uses the quota of guaranteed time.

    "Monthly quota of guaranteed support time (e-mail, not bugs)" (P15, P24); programming
    is not e-mail work (P23). Raises ``UnknownKind``.

    >>> [kind for kind in KINDS if not counts_for_quota(kind)]
    ['bug', 'programming']
    """
    if kind not in KINDS:
        raise UnknownKind(kind=kind)
    return kind not in (BUG, PROGRAMMING)


def _agreement_refuses(terms: GuaranteeTerms, request: GuaranteeRequest) -> str | None:
    """No agreement on that day (P1), or none that promises a response (P14)."""
    if not terms.agreement or request.registered_on < terms.date_start:
        return NO_AGREEMENT
    if terms.date_end is not None and request.registered_on > terms.date_end:
        return AGREEMENT_ENDED
    if terms.response_seconds <= 0:
        return NO_RESPONSE_TIME
    return None


def _sender_refused(terms: GuaranteeTerms, request: GuaranteeRequest) -> str | None:
    """Not one of the "named persons of the client" (P38), or not in writing (P37, D2)."""
    authorised = not terms.contacts or request.contact in terms.contacts
    if not (authorised or request.contact_approved):
        return CONTACT
    if request.channel not in terms.channels:
        return CHANNEL
    return None


def _request_refused(terms: GuaranteeTerms, request: GuaranteeRequest) -> str | None:
    """The plan does not cover this kind of request (P16, P20), or no longer (P30)."""
    if not _is_covered(terms.coverage, request.kind):
        return REQUEST_KIND
    limited = terms.quota_minutes > 0 and counts_for_quota(request.kind)
    if limited and request.quota_used_minutes >= terms.quota_minutes:
        return QUOTA_USED
    return None


def _is_covered(coverage: Mapping[str, str], kind: str) -> bool:
    """Programming needs any coverage of its own (P20); all else is e-mail work (P16)."""
    if kind not in KINDS:
        raise UnknownKind(kind=kind)
    work_type = PROGRAMMING_WORK if kind == PROGRAMMING else EMAIL_WORK
    covered = coverage.get(work_type, NONE)
    if covered not in COVERAGES:
        raise UnknownCoverage(work_type=work_type, coverage=covered)
    if covered == BUGS_ONLY:
        return kind in (BUG, PROGRAMMING)
    return covered != NONE
