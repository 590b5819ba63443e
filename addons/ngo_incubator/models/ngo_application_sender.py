from ipaddress import ip_address, ip_network

from odoo import api, fields, models
from odoo.tools import hmac

#: So many applications may come from one address within an hour.
LIMIT = 5
#: Whoever has an IPv6 address has a whole network of them.
_IPV6_NETWORK = 64


class NgoApplicationSender(models.Model):
    """An application came from an address: kept as a hash for a day, so that nobody floods the public form (F12).

    The hash changes every day and cannot be undone without the secret of the database.
    """

    _name = "ngo.application.sender"
    _description = "Sender of an Application"

    origin = fields.Char(required=True, index=True)

    @api.model
    def _may_send(self, address):
        """Whether one more application may come from an address now."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        sent = self.search_count([("origin", "=", self._get_origin(address)), ("create_date", ">", since)])
        return sent < LIMIT

    @api.model
    def _remember(self, address):
        """Count an application from an address."""
        return self.create({"origin": self._get_origin(address)})

    @api.autovacuum
    def _gc_senders(self):
        """Delete what is older than a day: nothing asks for it any more."""
        self.sudo().search([("create_date", "<", fields.Datetime.subtract(fields.Datetime.now(), days=1))]).unlink()

    def _get_origin(self, address):
        """Return the hash of an address that counts today."""
        return hmac(self.env(su=True), "ngo_incubator", f"{fields.Date.today()} {_get_network(address)}")


def _get_network(address):
    """Return what counts as one sender: an IPv4 address, or the network of an IPv6 address.

    >>> _get_network("192.0.2.7"), _get_network("2001:db8::7"), _get_network("")
    ('192.0.2.7', '2001:db8::/64', '')
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    return str(parsed) if parsed.version == 4 else str(ip_network((int(parsed), _IPV6_NETWORK), strict=False))
