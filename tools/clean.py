"""`make stop` and `make clean`."""

import shutil
import sys

from . import postgres
from .console import guarded, say
from .settings import cache_dir


def main() -> int:
    """Stop the background PostgreSQL; with `all` remove everything built."""
    stopped = postgres.stop()
    say("  PostgreSQL: stopped" if stopped else "  PostgreSQL: was not running")
    if sys.argv[1:] == ["all"]:
        postgres.remove()
        shutil.rmtree(cache_dir(), ignore_errors=True)
        say(f"  removed {cache_dir()}")
    return 0


if __name__ == "__main__":
    guarded(main)
