"""Discounts as people read them."""


def format_percents(percents):
    """Return discounts in percent as a text.

    >>> format_percents({12.5, 10.0}), format_percents(())
    ('10 %, 12.5 %', '')
    """
    return ", ".join(f"{percent:g} %" for percent in sorted(percents))
