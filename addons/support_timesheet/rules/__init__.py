"""The law of time and package hours: pure functions, standard library only.

What it has in common with support plans (errors, service months, rounding of money) is
imported from their rules. Time is whole minutes (``int``), days are ``datetime.date``,
money and rates are ``Decimal``.
"""
