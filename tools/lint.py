"""`make lint`: every static check; all of them run, then the verdict."""

import os
import sys

from . import venv
from .console import call, guarded, say
from .settings import ADDONS, REPO, addons_in_hand, cache_dir

PYTHON_FOLDERS = ("addons", "tools", "tests", "benchmarks", "docs")


def checks() -> dict[str, list]:
    """Name and command of each check."""
    scripts = venv.python().parent
    folders = _folders()
    addons = [ADDONS / addon for addon in addons_in_hand()]
    result = {
        "ruff check": [scripts / "ruff", "check", "--output-format=concise", *folders],
        "ruff format (put right by `make format`)": [
            scripts / "ruff",
            "format",
            "--check",
            "--output-format=concise",
            *folders,
        ],
        "XML, CSV, PO": [scripts / "python", "-m", "tools.datafiles", *addons],
    }
    if addons:
        result["pylint-odoo"] = [scripts / "pylint", f"--rcfile={REPO / '.pylintrc'}", *addons]
    return result


def formatters() -> dict[str, list]:
    """What `make format` runs."""
    ruff = venv.python().parent / "ruff"
    return {
        "ruff check --fix": [ruff, "check", "--fix", "--quiet", *_folders()],
        "ruff format": [ruff, "format", *_folders()],
    }


def _folders() -> list[str]:
    return [name for name in PYTHON_FOLDERS if (REPO / name).is_dir()]


def main() -> int:
    """Run the checks, or with `format` the formatters."""
    commands = formatters() if sys.argv[1:] == ["format"] else checks()
    env = {**os.environ, "RUFF_CACHE_DIR": str(cache_dir() / "ruff"), "PYLINTHOME": str(cache_dir() / "pylint")}
    failed = []
    for name, command in commands.items():
        say(f"== {name}")
        if call(command, cwd=REPO, env=env):
            failed.append(name)
    if failed:
        say(f"error: lint found problems: {'; '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    guarded(main)
