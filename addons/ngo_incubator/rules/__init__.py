"""The law of the NGO programme: pure functions, standard library only.

Days are ``datetime.date``, prices and percents ``Decimal`` (net, 20 for 20 %), terms of
payment whole days. What they share with support plans comes from their rules.
"""
