"""The virtual environment with the pinned requirements."""

import sys
from pathlib import Path

from . import cache, system
from .console import run, step
from .settings import REPO, cache_dir, digest

ODOO_LIST = "requirements-odoo.txt"
LISTS = (ODOO_LIST, "requirements-dev.txt")
OCA_LIST = "requirements.txt"
CONSTRAINTS = "constraints.txt"


def key() -> str:
    """Changes when a pin or the Python version changes."""
    return digest(sys.version, *map(_text, (*LISTS, OCA_LIST, CONSTRAINTS)))


def database_key() -> str:
    """Changes when a pin changes that an installed database depends on."""
    return digest(*map(_text, (ODOO_LIST, OCA_LIST)))


def python() -> Path:
    """The environment's interpreter; the environment is made when missing."""
    folder = cache_dir() / f"venv-{key()}"
    if not cache.is_complete(folder):
        with cache.lock("venv"):
            if not cache.is_complete(folder):
                _build(folder)
    return folder / "bin/python"


def _text(name: str) -> str:
    return (REPO / name).read_text()


def site_packages(interpreter: Path) -> Path:
    """Where the OCA addons and the bundled PostgreSQL are."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return interpreter.parent.parent / "lib" / version / "site-packages"


def _build(folder: Path) -> None:
    """Made in place, because an environment cannot be moved afterwards."""
    system.need_venv_module()
    log = cache.log_file("venv")
    hint = "pip could not install the requirements: check the network, then try again"
    with step("Python requirements: installing"):
        cache.fresh(folder)
        # A new process: Debian's `ensurepip` may have arrived a moment ago.
        run([sys.executable, "-m", "venv", folder], log, "the virtual environment could not be made")
        pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--no-compile"]
        lists = [word for name in LISTS for word in ("-r", REPO / name)]
        run([*pip, *lists, "-c", REPO / CONSTRAINTS], log, hint)
        run([*pip, "--no-deps", "-r", REPO / OCA_LIST], log, hint)
    cache.mark_complete(folder)
