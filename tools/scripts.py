"""`make bench` and `make screenshots`: run the project's script when there is one."""

import sys

from . import odoo, system, venv
from .console import Fail, call, guarded, say
from .settings import REPO

SCRIPTS = {
    "bench": ("benchmarks/run.py",),
    "screenshots": ("tools/screenshots.py", "docs/screenshots.py"),
}


def main() -> int:
    """The first script found runs in Odoo's environment."""
    verb, *arguments = sys.argv[1:] or [""]
    if verb not in SCRIPTS:
        raise Fail(f"say which: {', '.join(SCRIPTS)}")
    found = [path for path in SCRIPTS[verb] if (REPO / path).is_file()]
    if not found:
        say(f"  nothing to do: there is no {' or '.join(SCRIPTS[verb])} yet")
        return 0
    if verb == "screenshots":
        system.need_browser()
    module = found[0].removesuffix(".py").replace("/", ".")
    env = odoo.environment()
    env["PYTHONPATH"] = f"{REPO}:{env['PYTHONPATH']}"
    return call([venv.python(), "-m", module, *arguments], env=env, cwd=REPO)


if __name__ == "__main__":
    guarded(main)
