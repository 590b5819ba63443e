"""`make demo`: the demo company in a running Odoo, with nothing prepared."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import cache, databases, odoo, postgres
from .console import Fail, call, end, guarded, last_words, say, step
from .settings import DEMO_DATABASE, DEMO_LOGINS, addons_in_hand, cache_dir

STARTS_WITHIN = 120


def main() -> int:
    """Database, server, addresses; until Ctrl-C."""
    with cache.lock(DEMO_DATABASE):
        _prepare_database()
    port = odoo.first_free_port(int(os.environ.get("PORT") or odoo.FIRST_PORT))
    log = cache.log_file("demo")
    with open(log, "wb") as output:
        arguments = ["-d", DEMO_DATABASE, f"--http-port={port}", "--max-cron-threads=1", "--db-filter", DEMO_DATABASE]
        server = subprocess.Popen(
            odoo.command(arguments),
            env=odoo.environment(),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    try:
        address = f"http://localhost:{port}"
        with step("Odoo: starting"):
            wait_until_ready(address, server, log)
        _introduce(address, log)
        server.wait()
        raise Fail(f"Odoo ended by itself ({last_words(log)}; whole log: {log})")
    except KeyboardInterrupt:
        end(server)
        postgres.stop_when_idle()
        say("\nstopped; `make demo` starts again within seconds, `make clean` removes everything")
        return 0
    finally:
        end(server)


def wait_until_ready(address: str, server: subprocess.Popen, log: Path) -> None:
    """Return when the server answers; fail when it died or takes too long."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Fail(f"Odoo did not start ({last_words(log)}; whole log: {log})")
        try:
            with urllib.request.urlopen(f"{address}/web/login", timeout=30) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise Fail(f"Odoo does not answer after {STARTS_WITHIN} s: see {log}")


def _prepare_database() -> None:
    """Keep what the visitor typed in; update it when our addons changed."""
    mark = cache_dir() / f"{DEMO_DATABASE}.key"
    key = databases.addons_key()
    if not databases.exists(DEMO_DATABASE):
        template = databases.addons_template(demo=True)
        with step("demo database"):
            databases.create(DEMO_DATABASE, template)
    elif not mark.is_file() or mark.read_text() != key:
        _update()
    mark.write_text(key)


def _update() -> None:
    addons = ",".join(addons_in_hand())
    log = cache.log_file("demo-update")
    arguments = ["-d", DEMO_DATABASE, "-i", addons, "-u", addons, "--with-demo", "--stop-after-init", "--no-http"]
    with step("demo database: our addons changed, updating"), open(log, "wb") as output:
        code = call(odoo.command(arguments), env=odoo.environment(), stdout=output, stderr=output)
    if code:
        raise Fail(
            f"the demo database could not be updated ({last_words(log)}): "
            f"drop it with `bin/testdb {DEMO_DATABASE} --drop` and run `make demo` again"
        )


def _introduce(address: str, log: Path) -> None:
    """Who can log in where; only people whom the database knows."""
    known = set(postgres.query("SELECT login FROM res_users WHERE active", DEMO_DATABASE))
    print(f"\nOdoo is ready at {address}\n", flush=True)
    print(f"  {'who':<22}{'login':<14}password")
    for role, login in (*DEMO_LOGINS, ("administrator", "admin")):
        if login in known:
            print(f"  {role:<22}{login:<14}{login}")
    print(f"\nlog: {log}\nCtrl-C stops everything.", flush=True)


if __name__ == "__main__":
    guarded(main)
