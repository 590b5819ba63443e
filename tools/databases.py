"""Test databases in seconds: copies of template databases, keyed by content."""

import contextlib
import os
import re
import shutil
import time
from pathlib import Path

from . import cache, odoo, odoo_source, postgres, venv
from .console import Fail, call, last_words, step
from .settings import (
    ADDONS,
    DEPENDENCIES,
    LANGUAGES,
    addons_in_hand,
    cache_dir,
    digest,
)

#: Templates of other contents are dropped when unused for so many seconds.
UNUSED_AFTER = 3 * 3600
RUN_PREFIX = "run_"


def dependency_template(demo: bool) -> str:
    """Name of the template with the dependencies only; built when missing."""
    name = f"tpl_deps_{_kind(demo)}_{_dependency_key()}"
    return _ensure(name, lambda: _build_dependencies(name, demo))


def addons_template(demo: bool) -> str:
    """Name of the template with our addons installed; built when missing."""
    name = f"tpl_ours_{_kind(demo)}_{addons_key()}"
    return _ensure(name, lambda: _build_addons(name, demo))


def addons_key() -> str:
    """Changes when anything that an installation reads changes."""
    addons = addons_in_hand()
    files = [path for addon in addons for path in _installed_files(addon)]
    contents = [part for path in files for part in (str(path.relative_to(ADDONS)), path.read_bytes())]
    return digest(_dependency_key(), ",".join(addons), *contents)


def install_log(template: str) -> Path:
    """What Odoo said while the template was built."""
    return cache_dir() / "templates" / f"{template}.log"


def create(name: str, template: str) -> None:
    """A database as a copy of a template, filestore included; replaces it."""
    drop(name)
    _when_nobody_is_in_it(lambda: postgres.query(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    _copy_filestore(template, name)
    _used(template).touch()


def drop(name: str) -> None:
    """Remove a database and its filestore, whoever of us is connected.

    Not `WITH (FORCE)`: that may not end the server's own autovacuum and then
    refuses as a whole, while the plain statement asks autovacuum to go.
    """
    _when_nobody_is_in_it(lambda: _drop_now(name))
    shutil.rmtree(odoo.filestore(name), ignore_errors=True)


def exists(name: str) -> bool:
    """True when the database is there."""
    return name in names()


def names() -> list[str]:
    """All databases of the server."""
    return postgres.query("SELECT datname FROM pg_database ORDER BY datname")


@contextlib.contextmanager
def temporary(template: str):
    """A copy that lives as long as the block; its name tells who made it."""
    _sweep_runs()
    name = f"{RUN_PREFIX}{os.getpid()}_{int(time.time() * 1000) % 10**6}"
    create(name, template)
    try:
        yield name
    finally:
        drop(name)


def install(database: str, addons: list[str], demo: bool, log: Path, extra: tuple[str, ...] = ()) -> None:
    """Install addons with Odoo's command line, its output in a log."""
    arguments = ["-d", database, "-i", ",".join(addons), "--stop-after-init", "--no-http", *extra]
    if demo:
        arguments.append("--with-demo")
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as output:
        code = call(odoo.command(arguments), env=odoo.environment(), stdout=output, stderr=output)
    if code:
        raise Fail(f"{', '.join(addons)} did not install ({last_words(log)}; whole log: {log})")


def _drop_now(name: str) -> None:
    ours = f"datname = '{name}' AND usename = current_user"
    postgres.query(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")
    postgres.query(f'DROP DATABASE IF EXISTS "{name}"')


def _when_nobody_is_in_it(statement) -> None:
    """PostgreSQL copies and drops no database that somebody is just leaving."""
    for attempt in range(20):
        try:
            return statement()
        except Fail as failure:
            if "accessed by other users" not in str(failure) or attempt == 19:
                raise
            time.sleep(1)


def _kind(demo: bool) -> str:
    return "demo" if demo else "bare"


def _dependency_key() -> str:
    version = odoo_source.odoo_version(odoo_source.odoo_path())
    return digest(version, venv.database_key(), *DEPENDENCIES, *LANGUAGES)


def _installed_files(addon: str) -> list[Path]:
    """Files of an addon that change an installed database, not its tests."""
    left_out = {"tests", "__pycache__", "readme"}
    files = (path for path in (ADDONS / addon).rglob("*") if path.is_file())
    return sorted(path for path in files if not left_out & set(path.relative_to(ADDONS / addon).parts))


def _ensure(name: str, build) -> str:
    if _used(name).is_file():
        _used(name).touch()  # nobody drops it as unused from now on
    if not _is_ready(name):
        with cache.lock(name):
            if not _is_ready(name):
                _drop_unused()
                build()
                _used(name).parent.mkdir(parents=True, exist_ok=True)
    _used(name).touch()
    return name


def _is_ready(name: str) -> bool:
    """Built to the end and not swept by somebody: file and database agree."""
    return _used(name).is_file() and exists(name)


def _used(template: str) -> Path:
    """A file whose time is that of the last use; made when the build is done."""
    return cache_dir() / "templates" / f"{template}.used"


def _build_dependencies(name: str, demo: bool) -> None:
    wanted = "with" if demo else "without"
    with step(f"template database: Odoo and OCA addons {wanted} demo data (about two minutes, once)"):
        drop(name)
        postgres.query(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
        languages = f"--load-language={','.join(LANGUAGES)}"
        install(name, ["base", *DEPENDENCIES], demo, install_log(name), (languages,))


def _build_addons(name: str, demo: bool) -> None:
    addons = addons_in_hand()
    if not addons:
        raise Fail("there are no addons yet in addons/")
    dependencies = dependency_template(demo)
    wanted = "with" if demo else "without"
    with step(f"template database: our addons {wanted} demo data"):
        create(name, dependencies)
        install(name, addons, demo, install_log(name))


def _copy_filestore(source: str, target: str) -> None:
    """Attachments are named by content and never rewritten: links will do."""
    if odoo.filestore(source).is_dir():
        shutil.copytree(odoo.filestore(source), odoo.filestore(target), copy_function=_link, dirs_exist_ok=True)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _drop_unused() -> None:
    """Keep the disk small: templates of contents that nobody uses any more.

    Two stages of the tests may come here at once.
    """
    with cache.lock("templates"):
        for mark in (cache_dir() / "templates").glob("tpl_*.used"):
            if time.time() - mark.stat().st_mtime > UNUSED_AFTER:
                mark.unlink()
                install_log(mark.stem).unlink(missing_ok=True)
                drop(mark.stem)


def _sweep_runs() -> None:
    """Databases of test runs that were killed."""
    for name in names():
        match = re.fullmatch(rf"{RUN_PREFIX}(\d+)_\d+", name)
        if match and not Path("/proc", match[1]).exists():
            drop(name)
