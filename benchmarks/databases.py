"""The databases of a run: equal firms, with and without our addon, and OCA's SLA addon beside them."""

import os
import subprocess
from pathlib import Path

from tools import cache, databases, postgres, venv
from tools.console import Fail, run, say, step
from tools.settings import cache_dir, digest

HERE = Path(__file__).parent
SLA_ADDON = "helpdesk_mgmt_sla"
#: Name and content by role: open tickets, and whether some of them are there to be moved.
PLAN = {
    "plain": ("bench_plain", {"tickets": 10_000, "movable": True}),
    "sla": ("bench_sla", {"tickets": 10_000, "movable": False}),
    "ours": ("bench_ours", {"tickets": 10_000, "movable": True}),
    "large": ("bench_large", {"tickets": 100_000, "movable": False}),
    "works": ("bench_works", {"tickets": 100, "movable": False, "working": 50}),
    "works_large": ("bench_works_large", {"tickets": 100, "movable": False, "working": 500}),
}
#: Roles that a scenario needs; the SLA addon only where it can be had.
NEEDS = {
    "deadlines": ("ours",),
    "create": ("plain", "sla", "ours"),
    "move": ("plain", "ours"),
    "queue": ("ours", "large"),
    "work_report": ("ours",),
    "log_time": ("plain", "ours", "works", "works_large"),
    "invoice_month": ("plain", "ours"),
    "settle_year": ("plain", "ours"),
}
MARK = "benchmarks.populated"


def prepare(scenarios: list[str]) -> dict[str, str]:
    """Make the databases that these scenarios need and return their names by role."""
    wanted = [role for role in PLAN if any(role in NEEDS[name] for name in scenarios)]
    peers = _fetch_peers() if "sla" in wanted else None
    if peers:
        _add_addons_path(peers)
    else:
        wanted = [role for role in wanted if role != "sla"]
    return {role: _make(role) for role in wanted}


def drop() -> None:
    """Remove the databases of all runs."""
    for name, _content in PLAN.values():
        databases.drop(name)


def _make(role: str) -> str:
    """A fresh copy of the right template, or the kept database when its content is the same."""
    name = PLAN[role][0]
    ours = role not in ("plain", "sla")
    template = databases.addons_template(False) if ours else databases.dependency_template(False)
    if _is_kept(name, _key(template)):
        return name
    databases.create(name, template)
    if role == "sla":
        with step("database of the SLA addon"):
            databases.install(name, [SLA_ADDON], False, cache_dir() / "logs/bench-sla.log")
    postgres.query(f"COMMENT ON DATABASE \"{name}\" IS '{_key(template)}'")
    return name


def _key(template: str) -> str:
    """Changes when the addons or the data to fill in change."""
    return digest(template, (HERE / "populate.py").read_bytes())


def _is_kept(name: str, key: str) -> bool:
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
    if postgres.query(f"{comment} WHERE datname = '{name}'") != [key]:
        return False
    done = f"SELECT 1 FROM ir_config_parameter WHERE key = '{MARK}'"
    return bool(postgres.query(done, name))


def _fetch_peers() -> Path | None:
    """The SLA addon in a folder of its own; None, and a word about it, when it cannot be had."""
    wanted = HERE / "requirements.txt"
    folder = cache_dir() / f"bench-peers-{digest(wanted.read_text())}"
    if not cache.is_complete(folder):
        pip = [venv.python(), "-m", "pip", "--disable-pip-version-check", "install", "--no-deps"]
        try:
            cache.fresh(folder)
            hint = f"{SLA_ADDON} could not be installed: check the network"
            run([*pip, "--target", folder, "-r", wanted], cache.log_file("bench-peers"), hint)
        except (Fail, subprocess.SubprocessError) as failure:
            say(f"  going on without {SLA_ADDON}: {failure}")
            return None
        cache.mark_complete(folder)
    return folder / "odoo/addons"


def _add_addons_path(folder: Path) -> None:
    """Let every Odoo of this run find the peer's addon."""
    given = os.environ.get("SUPPORT_PLANS_ADDONS_PATH")
    os.environ["SUPPORT_PLANS_ADDONS_PATH"] = ",".join(filter(None, (given, str(folder))))
