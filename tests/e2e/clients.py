"""Clients of the API: one way to call, two protocols; refusals look the same."""

import json
import subprocess
import urllib.error
import urllib.request
import xmlrpc.client

from tools import odoo

#: Kinds of refusals that a person is meant to read, as XML-RPC numbers them (odoo/addons/rpc).
READABLE_FAULTS = (2, 3, 4)


class Refused(Exception):
    """The server said no; ``readable`` when it said so in a sentence, not with a traceback."""

    def __init__(self, message: str, readable: bool):
        super().__init__(message)
        self.message, self.readable = message, readable


class XmlRpc:
    """``call`` by XML-RPC with login and password."""

    def __init__(self, rpc_client):
        self.client = rpc_client

    def call(self, model, method, ids=None, **keywords):
        arguments = [] if ids is None else [ids]
        if method == "create":  # the one method that must be told its values by position
            arguments = [keywords.pop("vals_list")]
        try:
            return self.client.execute(model, method, *arguments, **keywords)
        except xmlrpc.client.Fault as fault:
            raise Refused(fault.faultString, fault.faultCode in READABLE_FAULTS) from fault


class Json2:
    """``call`` by JSON-2 with an API key (``POST /json/2/<model>/<method>``)."""

    def __init__(self, server, key):
        self.server, self.key = server, key

    def call(self, model, method, ids=None, **keywords):
        body = {**keywords, **({"ids": ids} if ids is not None else {})}
        request = urllib.request.Request(
            f"{self.server.url}/json/2/{model}/{method}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.server.database,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            answer = json.load(error)
            raise Refused(answer.get("message", ""), 400 <= error.code < 500) from error


def run_in_shell(server, code: str) -> str:
    """Run Python in `odoo shell` on the server's database; what it prints."""
    finished = subprocess.run(
        odoo.command(["shell", "-d", server.database, "--no-http", "--log-level=error"]),
        input=code,
        env=odoo.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def make_api_key(server, login: str) -> str:
    """An API key of a user; making one by hand asks for the password in the browser."""
    output = run_in_shell(
        server,
        f"""
user = env["res.users"].search([("login", "=", {login!r})])
expires = __import__("datetime").datetime.now() + __import__("datetime").timedelta(days=1)
print("KEY", env(user=user)["res.users.apikeys"]._generate("rpc", "end to end", expires))
env.cr.commit()
""",
    )
    return next(line.split()[1] for line in output.splitlines() if line.startswith("KEY "))
