"""Odoo's command line in our environment: `bin/odoo` and the library of it."""

import os
import socket
import sys
from pathlib import Path

from . import odoo_source, postgres, system, venv
from .console import guarded, say
from .settings import ADDONS, REPO, cache_dir, digest

#: Options that mean "no server for a person": any free port will do.
UNATTENDED = ("--stop-after-init", "--test-enable", "--test-tags")
PORT_OPTIONS = ("-p", "--http-port", "--no-http")
FIRST_PORT = 8069


def environment() -> dict[str, str]:
    """Everything Odoo's process needs; fetched and started when missing."""
    source = odoo_source.odoo_path()
    interpreter = venv.python()
    database = postgres.environment()
    system.need_pdf()
    path = os.pathsep.join([str(interpreter.parent), database["PATH"]])
    return {
        **os.environ,
        **database,
        "PATH": path,
        "PYTHONPATH": os.pathsep.join([str(source), *_users_python_path()]),
        "PYTHONPYCACHEPREFIX": str(cache_dir() / "pycache"),
        "ODOO_RC": str(_configuration()),
    }


def command(arguments: list[str]) -> list[str]:
    """The command to run in `environment()`."""
    return [str(venv.python()), "-m", "odoo", *arguments]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def first_free_port(port: int = FIRST_PORT) -> int:
    """The usual port, or the next one when somebody else has it."""
    while _is_taken(port):
        port += 1
    return port


def filestore(database: str) -> Path:
    """The folder of a database's attachments."""
    return cache_dir() / "data/filestore" / database


def _users_python_path() -> list[str]:
    """The user's own PYTHONPATH, without the checkout that bin/odoo put there."""
    folders = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [folder for folder in folders if folder and Path(folder) != REPO]


def _configuration() -> Path:
    """Odoo's configuration file: serves its subcommands alike (shell, i18n...)."""
    paths = [str(ADDONS)] if ADDONS.is_dir() else []
    extra = os.environ.get("SUPPORT_PLANS_ADDONS_PATH")
    paths += extra.split(",") if extra else []
    lines = [
        "[options]",
        f"data_dir = {cache_dir() / 'data'}",
        f"screenshots = {cache_dir() / 'screenshots'}",
        "http_interface = 127.0.0.1",
        *([f"addons_path = {','.join(paths)}"] if paths else []),
    ]
    text = "\n".join(lines) + "\n"
    path = cache_dir() / f"odoo-{digest(text)}.conf"
    if not path.is_file():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.rename(path)
    return path


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _with_port(arguments: list[str]) -> list[str]:
    """Two developers' Odoos must not fight for a port."""
    starts_server = not arguments or arguments[0].startswith("-") or arguments[0] == "server"
    named = any(word.split("=")[0] in PORT_OPTIONS for word in arguments)
    if not starts_server or named or "--help" in arguments or "--version" in arguments:
        return arguments
    if any(word.split("=")[0] in UNATTENDED for word in arguments):
        return [*arguments, f"--http-port={free_port()}"]
    port = first_free_port()
    say(f"  Odoo will answer at http://localhost:{port}")
    return [*arguments, f"--http-port={port}"]


def main() -> int:
    """`bin/odoo`: become Odoo, so that signals and exit code are Odoo's own."""
    arguments = _with_port(sys.argv[1:])
    line, env = command(arguments), environment()
    if "--test-enable" in arguments:
        system.need_browser()
    os.execve(line[0], line, env)
    return 0


if __name__ == "__main__":
    guarded(main)
