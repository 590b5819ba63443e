"""Steps in the cache folder: content-keyed, complete or absent, one at a time."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

from .console import say
from .settings import cache_dir

#: Seconds after which the logs of earlier commands are removed.
KEEP_LOGS = 2 * 24 * 3600


@contextlib.contextmanager
def lock(name: str):
    """Let one process at a time do a step; the others wait for its result."""
    folder = cache_dir() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  waiting for another command that prepares: {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_complete(folder: Path) -> bool:
    """True when the step that makes this folder has run to its end."""
    return (folder / ".complete").is_file()


def mark_complete(folder: Path) -> None:
    """Written last: a folder without the mark is half made and is made anew."""
    (folder / ".complete").touch()


def fresh(folder: Path) -> Path:
    """An empty folder in place of whatever an interrupted step left there."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


@contextlib.contextmanager
def staged(target: Path):
    """A temporary folder that becomes `target` only when the step succeeds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield work
        mark_complete(work)
        if target.exists():
            shutil.rmtree(target)
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def log_file(name: str, kind: str = "log") -> Path:
    """Where a step writes its output: a file of this process alone."""
    folder = cache_dir() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > KEEP_LOGS:
                old.unlink()
    path = folder / f"{name}-{os.getpid()}.{kind}"
    path.unlink(missing_ok=True)
    return path
