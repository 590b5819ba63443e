"""A real server on a database of its own, a real browser, real clients.

``server``   the running Odoo with demo data: ``url``, ``database``, ``log``
``rpc``      ``rpc("owner").execute("res.partner", "search", [])`` by XML-RPC
``person``   ``person("owner").call(...)`` by XML-RPC and by JSON-2, each test with both
``refused``  ``refused(person("owner"), ...)`` the sentence of a refusal
``page_of``  ``page_of("client")`` a browser page, logged in with that login
"""

import re
import subprocess
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path

import pytest
from clients import Json2, Refused, XmlRpc, make_api_key

from tools import cache, databases, demo, logcheck, odoo, system
from tools.console import end

BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: What a refused call of the API must not have written.
COUNTED = (
    "helpdesk.ticket",
    "contract.contract",
    "contract.line",
    "account.move",
    "mail.message",
    "support.termination",
    "support.handover.item",
)

#: Two people at the same moment: PostgreSQL lets one wait or begin again, and Odoo does.
AT_ONCE = logcheck.Allowed(r"odoo\.sql_db", "could not serialize access due to concurrent", "Odoo tries again")


@dataclass(frozen=True)
class Server:
    """Where the Odoo under test answers."""

    url: str
    database: str
    log: Path


class Client:
    """An XML-RPC client as a person of the demo story."""

    def __init__(self, server: Server, login: str, password: str | None = None):
        self.server, self.password = server, password or login
        common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common", allow_none=True)
        self.uid = common.authenticate(server.database, login, self.password, {})
        assert self.uid, f"{login} cannot log in"
        self.object = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object", allow_none=True)

    def execute(self, model: str, method: str, *arguments, **keywords):
        """Call a method of a model; a refusal raises ``xmlrpc.client.Fault``."""
        return self.object.execute_kw(
            self.server.database, self.uid, self.password, model, method, list(arguments), keywords
        )


@pytest.fixture(scope="session")
def server():
    """The server under test; its log must be clean when the tests are over."""
    with databases.temporary(databases.addons_template(demo=True)) as database:
        port, log = odoo.free_port(), cache.log_file("e2e")
        arguments = ["-d", database, f"--http-port={port}", "--max-cron-threads=0", "--db-filter", f"^{database}$"]
        with open(log, "wb") as output:
            process = subprocess.Popen(odoo.command(arguments), env=odoo.environment(), stdout=output, stderr=output)
        try:
            url = f"http://127.0.0.1:{port}"
            demo.wait_until_ready(url, process, log)
            yield Server(url, database, log)
        finally:
            end(process)
    found = logcheck.problems(log, (*logcheck.ALLOWED_SERVING, AT_ONCE))
    assert not found, "the server's log: " + "\n".join(map(str, found))


@pytest.fixture(scope="session")
def rpc(server):
    """Clients by login, logged in once."""
    clients = {}

    def client(login: str = "admin") -> Client:
        if login not in clients:
            clients[login] = Client(server, login)
        return clients[login]

    return client


@pytest.fixture(scope="session")
def api_keys(server):
    """Keys of JSON-2 by login."""
    return {login: make_api_key(server, login) for login in ("owner", "consultant", "accountant", "admin")}


@pytest.fixture(params=["xml-rpc", "json-2"])
def person(request, server, rpc, api_keys):
    """``person("owner")``: a client of the API by each of the two protocols."""

    def client(login):
        return XmlRpc(rpc(login)) if request.param == "xml-rpc" else Json2(server, api_keys[login])

    return client


@pytest.fixture
def refused(rpc):
    """Call what must be refused: return the sentence; nothing may have been written."""

    def call(client, *arguments, **keywords):
        before = count_records(rpc)
        with pytest.raises(Refused) as refusal:
            client.call(*arguments, **keywords)
        assert count_records(rpc) == before, "something was written"
        message = refusal.value.message
        assert refusal.value.readable, f"not a sentence for a person: {message[-300:]}"
        assert "Traceback" not in message and "psycopg2" not in message
        assert message.strip().endswith("."), message
        return message

    return call


def count_records(rpc):
    """How many records there are of what a refused call might have written."""
    return [rpc().execute(model, "search_count", []) for model in COUNTED]


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=system.need_browser(), args=BROWSER_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def page_of(server, browser, request):
    """Pages by login; what the browser's console reports as error fails the test."""
    contexts, errors = [], []

    def page(login: str, password: str | None = None):
        context = browser.new_context(
            base_url=server.url, viewport={"width": 1400, "height": 900}, timezone_id="Europe/Warsaw"
        )
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(f"/web/login?db={server.database}")
        opened.fill("input[name=login]", login)
        opened.fill("input[name=password]", password or login)
        opened.click("form.oe_login_form button[type=submit]")
        opened.wait_for_url(re.compile(r"/(odoo|web|my)(?!/login)"))
        return opened

    yield page
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)
