"""Measure our claims of speed against core and OCA, in databases made for it.

python3 -m benchmarks.run [--check] [--rounds N] [--keep] [SCENARIO ...]
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
if str(REPO) not in sys.path:  # started by its path, not as a module
    sys.path.insert(0, str(REPO))

from benchmarks import databases, report  # noqa: E402
from tools import odoo, postgres, venv  # noqa: E402
from tools.console import Fail, call, guarded, say  # noqa: E402

#: Rounds that count; medians of fewer are chance.
ROUNDS = 5


def main() -> int:
    """Prepare, measure, write the results, and check the claims when asked to."""
    options = _parse()
    load = _load()
    try:
        result = _measure(options.scenarios or list(databases.NEEDS), options.rounds)
    finally:
        if not options.keep:
            databases.drop()
    result["about"] = _about(options.rounds, load)
    print(report.table(result))
    if not options.scenarios:
        for path in report.write(result):
            say(f"  written: {path.relative_to(REPO)}")
    broken = report.broken(result)
    if broken:
        say(f"{len(broken)} claims are broken")
    return 1 if broken and options.check else 0


def _parse():
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"some of {', '.join(databases.NEEDS)}")
    parser.add_argument("--check", action="store_true", help="exit code 1 when a claim is broken")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs of each that count (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep the databases for the next run")
    options = parser.parse_args()
    unknown = set(options.scenarios) - set(databases.NEEDS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(databases.NEEDS)}")
    return options


def _measure(scenarios: list[str], rounds: int) -> dict:
    """Run the scenarios in a process of Odoo and return what they found."""
    names = databases.prepare(scenarios)
    with tempfile.TemporaryDirectory() as folder:
        order, output = Path(folder, "order.json"), Path(folder, "output.json")
        order.write_text(
            json.dumps(
                {
                    "databases": names,
                    "fill": {role: databases.PLAN[role][1] for role in names},
                    "scenarios": scenarios,
                    "rounds": rounds,
                    "output": str(output),
                }
            )
        )
        if call([venv.python(), "-m", "benchmarks.inside", order], env=_environment()):
            raise Fail("the benchmarks stopped: see the lines above")
        return json.loads(output.read_text())


def _environment():
    env = odoo.environment()
    return {**env, "PYTHONPATH": os.pathsep.join((env["PYTHONPATH"], str(REPO)))}


def _about(rounds, load):
    """When, what and where: enough to judge the figures, nothing that names the machine."""
    head = subprocess.run(["git", "-C", REPO, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    changed = subprocess.run(
        ["git", "-C", REPO, "status", "--porcelain", "--", "addons"], capture_output=True, text=True
    )
    [version] = postgres.query("SHOW server_version")
    return {
        "when": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M}",
        "commit": head.stdout.strip() + (" with changes" if changed.stdout.strip() else ""),
        "postgres": f"PostgreSQL {version.split()[0]}",
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": load,
        "load_after": _load(),
        "rounds": rounds,
    }


def _load():
    """Average number of running processes of the last minute: what disturbed the figures."""
    return round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    guarded(main)
