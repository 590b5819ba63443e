import gzip
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tests import BaseCase, tagged

from odoo.addons.ngo_incubator.models import page_fetch
from odoo.addons.ngo_incubator.rules import address

HTML = "<p>Wspiera nas Żółw</p>"
BODY = HTML.encode()


class Pages(BaseHTTPRequestHandler):
    """A web server with good and bad pages."""

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        name = self.path.partition("?")[0].strip("/").replace("-", "_") or "good"
        with suppress(OSError):  # the other side hung up
            getattr(self, f"show_{name}", self.show_missing)()

    def answer(self, body=BODY, status=200, **headers):
        self.send_response(status)
        for name, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def show_good(self):
        self.answer()

    def show_latin(self):
        self.answer("<meta charset='iso-8859-2'><p>Żółw".encode("iso-8859-2"), Content_Type="text/html")

    def show_strange_charset(self):
        self.answer(Content_Type="text/html; charset=punycode")

    def show_gzip(self):
        self.answer(gzip.compress(BODY), Content_Encoding="gzip")

    def show_broken_gzip(self):
        self.answer(b"no gzip", Content_Encoding="gzip")

    def show_bomb(self):
        self.answer(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")

    def show_brotli(self):
        self.answer(b"x", Content_Encoding="br")

    def show_large(self):
        self.answer(b"x" * (page_fetch.MAX_BYTES + 1))

    def show_full(self):
        self.answer(b"x" * page_fetch.MAX_BYTES)

    def show_endless(self):
        self.answer(b"")
        while True:
            self.wfile.write(b"x" * 65536)

    def show_picture(self):
        self.answer(Content_Type="image/png")

    def show_missing(self):
        self.answer(status=404)

    def show_error(self):
        self.answer(status=500)

    def show_slow(self):
        time.sleep(2)
        self.answer()

    def show_drip(self):
        self.answer(b"")
        self.drip(b"x")

    def show_drip_headers(self):
        self.send_response(200)
        self.flush_headers()
        self.drip(b"X-A: b\r\n")

    def drip(self, piece):
        for _time in range(40):
            self.wfile.write(piece)
            time.sleep(0.1)

    def show_moved(self):
        self.answer(status=302, Location="/good?again")

    def show_loop(self):
        self.answer(status=302, Location="/loop")

    def show_to_private(self):
        self.answer(status=302, Location="http://10.0.0.1/secret")

    def show_to_metadata(self):
        self.answer(status=302, Location="http://169.254.169.254/latest/")

    def show_to_file(self):
        self.answer(status=302, Location="file:///etc/passwd")

    def show_to_port(self):
        self.answer(status=302, Location="http://127.0.0.1:22/")

    def show_to_nonsense(self):
        self.answer(status=302, Location="http://[x")

    def log_message(self, *args):
        pass


class FetchCase(BaseCase):
    """A real server on this machine; for these tests its address counts as public, and its port as a usual one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.serve()
        cls.port = cls.server.server_port

    @classmethod
    def serve(cls, context=None):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        server.seen = []
        server.handle_error = lambda *args: None
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        return server

    def setUp(self):
        super().setUp()
        self.server.seen.clear()
        self.judge = self.enterContext(
            patch.object(page_fetch, "is_public", lambda ip: ip == "127.0.0.1" or address.is_public(ip))
        )
        self.enterContext(patch.object(address, "PORTS", frozenset({80, 443, self.port})))

    def fetch(self, path="/", host="127.0.0.1", scheme="http"):
        return page_fetch.fetch(f"{scheme}://{host}:{self.port}{path}", "Tests/1.0")

    @contextmanager
    def names(self, *ips):
        """Let every name be that of some addresses, and return what was asked."""
        asked = []

        def look_up(host, port, **kwargs):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

        real = socket.getaddrinfo

        def by_name(host, port, *args, **kwargs):
            with suppress(ValueError):
                ip_address(host)
                return real(host, port, *args, **kwargs)
            return look_up(host, port)

        with patch.object(socket, "getaddrinfo", by_name):
            yield asked


@tagged("post_install", "-at_install")
class TestPageFetch(FetchCase):
    """A page of the internet is opened with bounds, and nothing else is (F12)."""

    def test_a_page_is_read(self):
        answer = self.fetch()
        self.assertEqual((answer.error, answer.status, answer.html), ("", 200, HTML))
        self.assertEqual((answer.final_url, answer.size), (f"http://127.0.0.1:{self.port}/", len(BODY)))
        _path, headers = self.server.seen[0]
        self.assertEqual((headers["User-Agent"], headers["Host"]), ("Tests/1.0", f"127.0.0.1:{self.port}"))
        self.assertNotIn("Cookie", headers)

    def test_pages_are_read_in_their_charset_and_unpacked(self):
        self.assertIn("Żółw", self.fetch("/latin").html)
        self.assertEqual(self.fetch("/gzip").html, HTML)
        self.assertEqual(self.fetch("/strange-charset").html, HTML)

    def test_what_is_no_readable_page_has_a_code(self):
        for path, error, status in (
            ("/nowhere", "gone", 404),
            ("/error", "status", 500),
            ("/picture", "not_html", 200),
            ("/brotli", "encoding", 200),
            ("/broken-gzip", "encoding", 0),
        ):
            with self.subTest(path=path):
                answer = self.fetch(path)
                self.assertEqual((answer.error, answer.status, answer.html), (error, status, ""))

    def test_the_size_is_bounded_packed_or_not(self):
        """F12: "bounded time and size"."""
        self.assertEqual(self.fetch("/full").size, page_fetch.MAX_BYTES)
        for path in ("/large", "/endless", "/bomb"):
            with self.subTest(path=path):
                self.assertEqual(self.fetch(path).error, "too_large")

    def test_the_time_is_bounded_for_all_of_it(self):
        """F12: a byte now and then buys no more time."""
        for path in ("/slow", "/drip", "/drip-headers"):
            with self.subTest(path=path), patch.object(page_fetch, "MAX_SECONDS", 0.6):
                began = time.monotonic()
                self.assertEqual(self.fetch(path).error, "timeout")
                self.assertLess(time.monotonic() - began, 1.5)

    def test_a_name_that_is_looked_up_for_ever_is_too_slow(self):
        with (
            patch.object(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(2) or []),
            patch.object(page_fetch, "MAX_SECONDS", 0.3),
        ):
            began = time.monotonic()
            self.assertEqual(self.fetch(host="slow.test").error, "timeout")
            self.assertLess(time.monotonic() - began, 1.5)

    def test_an_unknown_name_and_a_closed_door(self):
        with patch.object(socket, "getaddrinfo", side_effect=socket.gaierror):
            self.assertEqual(self.fetch(host="unknown.test").error, "unresolved")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with patch.object(address, "PORTS", frozenset({port})):
            self.assertEqual(page_fetch.fetch(f"http://127.0.0.1:{port}/", "x").error, "connection")

    # Where to

    def test_a_redirect_is_followed(self):
        answer = self.fetch("/moved")
        self.assertEqual((answer.error, answer.final_url), ("", f"http://127.0.0.1:{self.port}/good?again"))

    def test_a_redirect_into_a_private_network_is_refused(self):
        """F12: "no addresses of private networks"; each step is judged anew."""
        for path, error in (
            ("/to-private", "private"),
            ("/to-metadata", "private"),
            ("/to-file", "address"),
            ("/to-port", "address"),
            ("/to-nonsense", "address"),
        ):
            with self.subTest(path=path):
                answer = self.fetch(path)
                self.assertEqual((answer.error, answer.html), (error, ""))
        self.assertEqual(len(self.server.seen), 5)

    def test_redirects_end(self):
        self.assertEqual(self.fetch("/loop").error, "redirects")
        self.assertEqual(len(self.server.seen), page_fetch.MAX_REDIRECTS + 1)

    def test_a_private_address_is_not_opened(self):
        for host in ("10.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0", "2130706433", "127.1"):
            with self.subTest(host=host), patch.object(page_fetch, "is_public", address.is_public):
                self.assertIn(self.fetch(host=host).error, ("private", "unresolved"))
        self.assertFalse(self.server.seen)

    def test_all_addresses_of_a_name_must_be_public(self):
        with self.names("127.0.0.1", "10.0.0.1"):
            self.assertEqual(self.fetch(host="two.test").error, "private")
        self.assertFalse(self.server.seen)

    def test_the_address_that_was_judged_is_the_one_that_is_opened(self):
        """F12: a name that answers otherwise a moment later changes nothing (DNS rebinding)."""
        with self.names("127.0.0.1") as asked:
            answer = self.fetch(host="page.test")
        self.assertEqual((answer.error, asked), ("", ["page.test"]))
        self.assertEqual(self.server.seen[0][1]["Host"], f"page.test:{self.port}")

    def test_a_proxy_of_the_environment_is_not_used(self):
        with patch.dict("os.environ", {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}):
            self.assertEqual(self.fetch().error, "")


@tagged("post_install", "-at_install")
class TestPageFetchTls(FetchCase):
    """The certificate is that of the name, although the connection goes to an address (F12)."""

    @classmethod
    def serve(cls, context=None):
        folder = TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.certificate = str(Path(folder.name) / "page.pem")
        Path(cls.certificate).write_bytes(cls.make_certificate("page.test"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.certificate)
        return super().serve(context)

    @staticmethod
    def make_certificate(host):
        """Return a key and a certificate that it signed itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private + certificate.public_bytes(serialization.Encoding.PEM)

    def fetch_trusting(self, host):
        context = ssl.create_default_context(cafile=self.certificate)
        with patch.object(ssl, "create_default_context", return_value=context), self.names("127.0.0.1"):
            return self.fetch(host=host, scheme="https")

    def test_the_certificate_of_the_name_is_taken(self):
        self.assertEqual(self.fetch_trusting("page.test").html, HTML)

    def test_a_certificate_of_another_name_is_not(self):
        self.assertEqual(self.fetch_trusting("other.test").error, "tls")

    def test_a_certificate_that_nobody_vouches_for_is_not(self):
        with self.names("127.0.0.1"):
            self.assertEqual(self.fetch(host="page.test", scheme="https").error, "tls")
