"""Numbers of the Polish registers, as far as they can be judged without the register itself (F12).

Check digits of NIP and REGON are a library's (python-stdnum) and are asked by the model.
KRS numbers have none. Libraries take 0000000000 or 1111111111 for good numbers; KSeF and
common sense do not.
"""

import re

from odoo.addons.support_plans.rules.errors import RuleError

_KRS_DIGITS = 10
_SEPARATORS = re.compile(r"[\s.-]")


class NotDigits(RuleError):
    """Something else than digits in a number. Attribute: ``value``."""


class WrongLength(RuleError):
    """Too many or too few digits. Attributes: ``value``, ``digits``."""


class Degenerate(RuleError):
    """All digits are the same: nobody has such a number. Attribute: ``value``."""


def compact(text: str) -> str:
    """A number without spaces, dots and dashes.

    >>> compact(" 0000-123 456 ")
    '0000123456'
    """
    return _SEPARATORS.sub("", text or "")


def check_digits(text: str) -> str:
    """The digits of a number that may exist. Raises ``NotDigits`` and ``Degenerate``.

    >>> check_digits("527-000")
    '527000'
    """
    digits = _only_digits(text)
    if len(set(digits)) == 1:
        raise Degenerate(value=text)
    return digits


def krs(text: str) -> str:
    """A KRS number: 10 digits, the leading zeros included. Raises ``NotDigits``, ``WrongLength`` and ``Degenerate``.

    >>> krs("0000 123456")
    '0000123456'
    """
    digits = _only_digits(text)
    if len(digits) != _KRS_DIGITS:
        raise WrongLength(value=text, digits=_KRS_DIGITS)
    return check_digits(digits)


def _only_digits(text: str) -> str:
    digits = compact(text)
    if not (digits.isascii() and digits.isdigit()):
        raise NotDigits(value=text)
    return digits
