"""How figures are written in a printed work report."""

from ..models.clock import clock


def format_minutes(minutes):
    """Return minutes as h:mm; a correction is negative.

    >>> format_minutes(95), format_minutes(-30), format_minutes(0), format_minutes(None)
    ('1:35', '-0:30', '0:00', '')
    """
    if minutes is None:
        return ""
    return clock(minutes)


def get_tax_label(partner):
    """Return what the tax number of a partner is called in its country."""
    if partner.country_id.code == "PL":
        return "NIP"
    return partner.country_id.vat_label or "VAT"
