"""The part that runs in Odoo's process: fill the databases, run the scenarios, write what they found.

``python -m benchmarks.inside ORDER.json``; the order is written by ``run.py``.
"""

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

from tools.console import step

from . import populate
from .scenarios import SCENARIOS

OWNER = "admin"


class Database:
    """A database of the benchmark and its registry, several of them in one process."""

    def __init__(self, name: str):
        self.name = name
        self.registry = Registry(name)

    @property
    def has_support_plans(self) -> bool:
        return "support.plan" in self.registry

    @contextmanager
    def rolled_back(self, login: str = OWNER):
        """Give an environment of a user, access rules applied; undo everything at the end."""
        with self._cursor() as cr:
            try:
                yield self._environment(cr, login)
            finally:
                cr.rollback()

    @contextmanager
    def committed(self):
        """Give an environment of the superuser and commit at the end."""
        with self._cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.commit()

    def vacuum(self) -> None:
        """Give the planner its statistics, and index scans their visibility map."""
        with self._cursor() as cr:
            cr.connection.autocommit = True
            cr.execute("VACUUM ANALYZE")

    @contextmanager
    def _cursor(self):
        with self.registry.cursor() as cr:
            yield cr

    def _environment(self, cr, login):
        root = api.Environment(cr, SUPERUSER_ID, {})
        user = root["res.users"].search([("login", "=", login)])
        context = root["res.users"].with_user(user).context_get()
        return api.Environment(cr, user.id, dict(context))


def main() -> None:
    """Carry out the order."""
    order = json.loads(Path(sys.argv[1]).read_text())
    start()
    databases = {role: Database(name) for role, name in order["databases"].items()}
    for role, database in databases.items():
        _fill(database, **order["fill"][role])
    result = {"odoo": odoo.release.version, "scenarios": {}}
    for name in order["scenarios"]:
        with step(f"measuring: {name}"):
            report = SCENARIOS[name].run(databases, order["rounds"])
        claims = [{**asdict(claim), "holds": claim.holds} for claim in report.claims]
        result["scenarios"][name] = {**asdict(report), "claims": claims}
        Path(order["output"]).write_text(json.dumps(result))


def start() -> None:
    """Make an Odoo of this process."""
    config.parse_config(["--no-http", "--log-level=error", "--max-cron-threads=0"], setup_logging=True)
    load_server_wide_modules()


def _fill(database: Database, tickets: int, **content) -> None:
    """Populate a database that is new; one that was kept is left alone."""
    with database.rolled_back() as env:
        if env["ir.config_parameter"].sudo().get_param(populate.DONE):
            return
    with step(f"filling {database.name} with {tickets} tickets"):
        with database.committed() as env:
            populate.populate(env, tickets, **content)
        database.vacuum()


if __name__ == "__main__":
    main()
