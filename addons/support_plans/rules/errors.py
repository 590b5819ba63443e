"""The common ancestor of everything that a rule may refuse.

A rule never writes sentences for users. It raises a named error that carries the
values, and the edge of the ORM turns them into a sentence in the user's language.
"""


class RuleError(Exception):
    """A rule cannot answer; the values that show why are attributes.

    >>> class TooLate(RuleError):
    ...     pass
    >>> error = TooLate(asked=5, allowed=3)
    >>> error.asked, error.allowed
    (5, 3)
    >>> str(error)
    'TooLate(asked=5, allowed=3)'
    """

    def __init__(self, **values):
        super().__init__(values)
        self.values = values
        self.__dict__.update(values)

    def __str__(self):
        pairs = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{type(self).__name__}({pairs})"
