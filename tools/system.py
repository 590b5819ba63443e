"""Debian packages that no Python wheel brings: browser, PDF, venv."""

import importlib.util
import os
import shutil
import subprocess

from . import cache
from .console import Fail, run, step


def need_program(program: str, *packages: str) -> str:
    """Path of a program, installed with apt-get when that is possible."""
    found = shutil.which(program)
    if found:
        return found
    with cache.lock("system"):
        if not shutil.which(program):
            _install(program, list(packages) or [program])
    found = shutil.which(program)
    if not found:
        raise Fail(f"{program} was installed but is not on the PATH: open a new shell and try again")
    return found


def need_browser() -> str:
    """Chromium, which Odoo's tours and our end-to-end tests drive."""
    return need_program("chromium", "chromium", "fonts-dejavu-core")


def need_pdf() -> str:
    """wkhtmltopdf, which Odoo prints with."""
    return need_program("wkhtmltopdf", "wkhtmltopdf", "fonts-dejavu-core")


def need_venv_module() -> None:
    """Debian's Python comes without `ensurepip`; its package brings it."""
    if importlib.util.find_spec("ensurepip") is None:
        with cache.lock("system"):
            _install("python3 -m venv", ["python3-venv"])


def _install(what: str, packages: list[str]) -> None:
    names = " ".join(packages)
    prefix = _administrator()
    if prefix is None or not shutil.which("apt-get"):
        raise Fail(f"{what} is missing: install it first, on Debian with: sudo apt-get install {names}")
    log = cache.log_file("apt")
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    hint = f"apt-get could not install {names}: check the network and the package sources, then try again"
    with step(f"installing {names}"):
        run([*prefix, "apt-get", "update"], log, hint, env=quiet)
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        run([*prefix, *install], log, hint, env=quiet)


def _administrator() -> list[str] | None:
    """What to put before a command to run it as root without a question."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None
