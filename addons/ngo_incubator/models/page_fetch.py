"""Open a page of the public internet, and nothing else (F12).

The address comes from outside the firm. So every name is resolved here, every answer must
be public, and the connection goes to the very IP that was judged: a name that answers
otherwise a moment later (DNS rebinding) changes nothing. Redirects are judged anew. Time,
size and redirects are bounded; no cookies, no proxies, no exceptions: errors are codes.
"""

import queue
import re
import socket
import ssl
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin

import urllib3

from odoo.addons.support_plans.rules.errors import RuleError

from ..rules import address
from ..rules.address import is_public

#: Seconds for all of it: resolving, connecting, redirects, reading.
MAX_SECONDS = 10
#: Bytes of a page, unpacked.
MAX_BYTES = 1_000_000
MAX_REDIRECTS = 3
#: IPs of one server that are tried.
MAX_IPS = 3

_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_CHUNK = 16_384
_CONNECT_SECONDS = 4
_GZIP = 16 + zlib.MAX_WBITS
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
#: Others are slow to read, or not for pages.
_CHARSETS = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|(us-)?ascii|(iso-?8859|windows|cp)[-_]?\d{1,4}(-\d{1,2})?", re.IGNORECASE
)
_TROUBLE = (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError, zlib.error)
_TROUBLES = (
    ((ssl.SSLError, urllib3.exceptions.SSLError), "tls"),
    (zlib.error, "encoding"),
    (urllib3.exceptions.HTTPError, "connection"),
    (ValueError, "address"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``error``: a code, empty when the page was read; ``status``: 0 when nobody answered."""

    final_url: str
    status: int = 0
    html: str = ""
    size: int = 0
    error: str = ""


class _Failure(Exception):
    """A code, with the status of the answer where there was one."""

    def __init__(self, code, status=0):
        super().__init__(code)
        self.code, self.status = code, status


class _Watchdog:
    """Ends every wait when the time is over: timeouts of sockets begin anew with each byte that drips in."""

    def __init__(self, seconds):
        self.deadline = time.monotonic() + seconds
        self.is_over = False
        self._sockets = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *error):
        self._timer.cancel()
        for sock in self._sockets:
            sock.close()

    def _end(self):
        self.is_over = True
        for sock in list(self._sockets):
            _shut(sock)

    def left(self):
        """Return the seconds that are left; raises a timeout when none are."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise _Failure("timeout")
        return seconds

    def watch(self, sock):
        """Keep a second handle of a socket; shutting it down ends a handshake, too."""
        self._sockets.append(sock.dup())
        if self.is_over:
            _shut(self._sockets[-1])


def _shut(sock):
    with suppress(OSError):  # closed by the other side already
        sock.shutdown(socket.SHUT_RDWR)


def fetch(url, user_agent):
    """Open a page and return an ``Answer``; what the world outside does is never an exception.

    :param url: the address, as typed
    :param user_agent: who asks
    """
    with _Watchdog(MAX_SECONDS) as watchdog:
        current = url
        for _step in range(MAX_REDIRECTS + 1):
            answer, location = _try(current, user_agent, watchdog)
            if not location:
                return answer
            current = location
        return Answer(answer.final_url, answer.status, error="redirects")


def _try(url, user_agent, watchdog):
    """Return the answer of one address, and where it sends us."""
    try:
        return _open(url, user_agent, watchdog)
    except _Failure as failure:
        code = "timeout" if watchdog.is_over else failure.code
        return Answer(url, failure.status, error=code), ""
    except RuleError:
        return Answer(url, error="address"), ""
    except _TROUBLE as error:
        return Answer(url, error=_name_trouble(error, watchdog)), ""


def _name_trouble(error, watchdog):
    """Return the code of an error; the library takes a refused connection for a timeout, people do not."""
    is_slow = isinstance(error, (TimeoutError, urllib3.exceptions.TimeoutError))
    if watchdog.is_over or (is_slow and not isinstance(error, urllib3.exceptions.NewConnectionError)):
        return "timeout"
    for kinds, code in _TROUBLES:
        if isinstance(error, kinds):
            return code
    return "connection"


def _open(url, user_agent, watchdog):
    target = address.parse(url)
    with _connect(target, user_agent, watchdog) as response:
        if response.status in _MOVED and response.headers.get("Location"):
            return Answer(target.url, response.status), urljoin(target.url, response.headers["Location"])
        return _read(response, target, watchdog), ""


# Connect


def _connect(target, user_agent, watchdog):
    """Return the answer of the first IP of a server that can be reached, its body unread."""
    ips = _resolve(target, watchdog)
    for ip in ips[:MAX_IPS]:
        try:
            return _ask(target, ip, user_agent, watchdog)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            if ip == ips[:MAX_IPS][-1]:
                raise
    raise _Failure("unresolved")


def _resolve(target, watchdog):
    """Return the IPs of a server, all of them public; the system's own look-up knows no time limit."""
    answers = queue.SimpleQueue()

    def look_up():
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answers.put([*dict.fromkeys(place[4][0] for place in found)])

    threading.Thread(target=look_up, daemon=True).start()
    try:
        ips = answers.get(timeout=watchdog.left())
    except queue.Empty as error:
        raise _Failure("timeout") from error
    if not ips:
        raise _Failure("unresolved")
    if not all(is_public(ip) for ip in ips):
        raise _Failure("private")
    return ips


def _ask(target, ip, user_agent, watchdog):
    """Ask one IP for a page of a server by its name."""
    left = watchdog.left()
    pool = _make_pool(target, ip, watchdog)
    return pool.urlopen(
        "GET",
        target.target,
        headers={
            "Host": target.authority,
            "User-Agent": user_agent,
            "Accept": "text/html",
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
        timeout=urllib3.Timeout(connect=min(left, _CONNECT_SECONDS), read=left),
        redirect=False,
        retries=False,
        preload_content=False,
    )


def _make_pool(target, ip, watchdog):
    """Return a pool that connects to one IP, and expects the certificate of the name."""
    if target.scheme == "http":
        pool = urllib3.HTTPConnectionPool(ip, target.port)
    else:  # the context itself compares the certificate with the name, in the handshake
        pool = urllib3.HTTPSConnectionPool(
            ip, target.port, ssl_context=ssl.create_default_context(), server_hostname=target.host
        )

    class Watched(pool.ConnectionCls):
        def _new_conn(self):
            # EXTENDS urllib3
            sock = super()._new_conn()
            watchdog.watch(sock)
            return sock

    pool.ConnectionCls = Watched
    return pool


# Read


def _read(response, target, watchdog):
    """Return what one server answered, as text."""
    status = response.status
    if status != 200:
        raise _Failure("gone" if status in _GONE else "status", status)
    kind = response.headers.get("Content-Type", "")
    if kind.partition(";")[0].strip().lower() != "text/html":
        raise _Failure("not_html", status)
    try:
        body = _unpack(_read_bytes(response), response.headers.get("Content-Encoding", ""))
    except _Failure as failure:
        raise _Failure(failure.code, status) from failure
    if watchdog.is_over:  # what was cut off looks like an end
        raise _Failure("timeout", status)
    return Answer(target.url, status, _decode(body, kind), len(body))


def _read_bytes(response):
    """Return the body as it was sent, or refuse it before it is too large."""
    body = bytearray()
    for chunk in response.stream(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _Failure("too_large")
    return bytes(body)


def _unpack(body, encoding):
    """Return the body unpacked; we ask for unpacked pages, but some servers have only packed ones."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise _Failure("encoding")
    unpacked = zlib.decompressobj(_GZIP).decompress(body, MAX_BYTES + 1)
    if len(unpacked) > MAX_BYTES:
        raise _Failure("too_large")
    return unpacked


def _decode(body, kind):
    """Return a page as text, by the charset of its header or of its beginning, else as UTF-8."""
    for text in (kind, body[:1024].decode("ascii", "replace")):
        found = _CHARSET.search(text)
        if found and _CHARSETS.fullmatch(found[1]):
            with suppress(LookupError):
                return body.decode(found[1], "replace")
    return body.decode("utf-8", "replace")
