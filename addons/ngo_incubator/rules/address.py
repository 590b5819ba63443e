"""Which addresses of pages may be fetched by our server (F12).

    "bounded time and size, http(s) only, no addresses of private networks" (issue 5).

An address is typed by people outside the firm, so it must not lead into the firm's own
network. The text is taken apart here once, and strictly: what is fetched is what was
judged. Names are resolved by the caller, who asks ``is_public`` for every answer.
"""

import ipaddress
import re
from dataclasses import dataclass

from odoo.addons.support_plans.rules.errors import RuleError

#: Scheme -> its own port.
SCHEMES = {"http": 80, "https": 443}
PORTS = frozenset(SCHEMES.values())

_MAX_LENGTH = 2000
_MAX_HOST = 253
_PARTS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?P<authority>[^/?#]*))?(?P<target>[^#]*)(?:#.*)?")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:]*)(?::(?P<port>[0-9]{0,5}))?")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
#: White space, control characters and the backslash, which readers of addresses take for different things.
_ODD = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_NOT_IN_TARGET = re.compile(r"[^!$%&'()*+,./:;=?@A-Za-z0-9_~\[\]-]")

#: Networks that older versions of the library take for public.
_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "3fff::/20", "5f00::/16")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotHttp(RuleError):
    """Neither http nor https. Attribute: ``url``."""


class NoHost(RuleError):
    """An address without a name of a server that can exist. Attribute: ``url``."""


class HasUser(RuleError):
    """A user name before the name of the server. Attribute: ``url``."""


class OddPort(RuleError):
    """Another port than 80 and 443. Attributes: ``url``, ``port``."""


class OddText(RuleError):
    """Spaces, line breaks or backslashes within an address, or a text too long for one. Attribute: ``url``."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts. ``host``: as it is resolved; ``target``: path and query, as they are sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The server as the Host header names it.

        >>> Address("http", "2001:db8::1", 80, "/").authority, Address("https", "a.pl", 80, "/").authority
        ('[2001:db8::1]', 'a.pl:80')
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == SCHEMES[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address as one text.

        >>> parse("HTTPS://Example.com#top").url
        'https://example.com/'
        """
        return f"{self.scheme}://{self.authority}{self.target}"


def parse(url: str) -> Address:
    """Take an address apart, or refuse it. Raises ``OddText``, ``NotHttp``, ``HasUser``, ``OddPort``, ``NoHost``.

    >>> parse("https://Dobrystart.example/partnerzy?rok=2026#logo")
    Address(scheme='https', host='dobrystart.example', port=443, target='/partnerzy?rok=2026')
    >>> for text in ("ftp://a.pl", "http://me@a.pl", "http://a.pl:8069/", "https:///x"):
    ...     try:
    ...         parse(text)
    ...     except RuleError as refusal:
    ...         print(type(refusal).__name__)
    NotHttp
    HasUser
    OddPort
    NoHost
    """
    text = (url or "").strip()
    if len(text) > _MAX_LENGTH or _ODD.search(text):
        raise OddText(url=url)
    parts = _PARTS.fullmatch(text)
    if not parts or parts["scheme"].lower() not in SCHEMES:
        raise NotHttp(url=url)
    scheme, authority = parts["scheme"].lower(), parts["authority"] or ""
    if "@" in authority:
        raise HasUser(url=url)
    server = _AUTHORITY.fullmatch(authority)
    if not server:
        raise NoHost(url=url)
    port = _port(server["port"], scheme, url)
    return Address(scheme, _host(server["host"], url), port, _target(parts["target"]))


def _port(text: str | None, scheme: str, url: str) -> int:
    port = int(text) if text else SCHEMES[scheme]
    if port not in PORTS:
        raise OddPort(url=url, port=port)
    return port


def _host(text: str, url: str) -> str:
    """The name of a server in the letters of the network, or an IP without brackets."""
    if text.startswith("["):
        if not _ip(text[1:-1]):
            raise NoHost(url=url)
        return text[1:-1].lower()
    try:
        host = text.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise NoHost(url=url) from error
    if len(host) > _MAX_HOST or ".." in host or not _HOST.fullmatch(host):
        raise NoHost(url=url)
    return host.removesuffix(".")


def _target(text: str) -> str:
    """Path and query with everything encoded that is not sent as it is."""
    path = text if text.startswith("/") else f"/{text}"
    return _NOT_IN_TARGET.sub(lambda found: "".join(f"%{byte:02X}" for byte in _bytes(found[0])), path)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")


def is_public(ip: str) -> bool:
    """Whether an IP is one of the public internet, and nothing else in disguise.

    Addresses that carry an IPv4 address (mapped, 6to4, NAT64) are as public as that one is.

    >>> [is_public(ip) for ip in ("93.184.215.14", "10.0.0.1", "127.0.0.1", "169.254.169.254", "nonsense")]
    [True, False, False, False, False]
    >>> [is_public(ip) for ip in ("::1", "::ffff:10.0.0.1", "2002:0a00:0001::1", "64:ff9b::8.8.8.8")]
    [False, False, False, True]
    """
    address = _ip(ip)
    if address is None:
        return False
    inner = _inner(address)
    if inner:
        return is_public(str(inner))
    if any(address.version == network.version and address in network for network in _CLOSED):
        return False
    return address.is_global and not _is_special(address)


def _ip(text: str) -> _IP | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _inner(address: _IP) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address carries."""
    if address.version == 4:
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_special(address: _IP) -> bool:
    is_local = address.version == 6 and (address.is_site_local or address.scope_id is not None)
    return is_local or address.is_multicast or address.is_reserved or address.is_unspecified
