"""The law of support plans: pure functions, standard library only.

No database, no clock, no text for users: facts come in as arguments, answers and
reason codes go out. Moments are integer UTC seconds, durations integer seconds,
money is ``Decimal``, days are ``datetime.date``.
"""
