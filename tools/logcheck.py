"""Odoo's log is clean: every WARNING or worse fails the run unless allowed.

Odoo and the OCA addons install without a warning here, so whatever a log says
while our addons are installed, updated, tested or used was put there by us.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .console import guarded

HEADER = re.compile(
    r"^\S+ \S+ \d+ (?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) (?P<database>\S+) (?P<logger>[^ :]+): (?P<text>.*)$"
)
SEVERE = ("WARNING", "ERROR", "CRITICAL")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Record:
    """One entry of the log, its further lines (traceback) included."""

    level: str
    logger: str
    text: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.text}"


@dataclass(frozen=True)
class Allowed:
    """Noise that is not ours, and why it may stay."""

    logger: str
    text: str
    reason: str

    def covers(self, record: Record) -> bool:
        """True when the record is this noise."""
        return bool(re.fullmatch(self.logger, record.logger) and re.search(self.text, record.text))


#: Install, update, tests.
ALLOWED = (
    Allowed(
        r"py\.warnings", r"/(site-packages|dist-packages)/(?!odoo/addons/(support|ngo))", "libraries' deprecations"
    ),
    Allowed(r"odoo\.tests\.result", r"", "Odoo's own summary of failures, which are counted already"),
    Allowed(r"odoo\.modules\.loading", r"At least one test failed", "the same"),
    Allowed(r"odoo\.modules\.loading", r"^Module \S+: \d+ failures, \d+ errors", "the same"),
    Allowed(
        r"odoo\.tests\.suite|odoo\.addons\.\S+\.tests\.\S+", r"^(FAIL|ERROR|Subtest|=====)", "a failed test, counted"
    ),
)

#: A server that people and robots use, also wrongly.
ALLOWED_SERVING = (
    *ALLOWED,
    Allowed(r"odoo\.http", r"", "a refused request is logged with its sentence: the answer, not a fault"),
    Allowed(r"odoo\.addons\.base\.models\.res_users", r"Login failed", "a wrong password is refused"),
    Allowed(r"odoo\.addons\.rpc\..*", r"endpoints are deprecated", "XML-RPC is what clients of 19.0 still use"),
    Allowed(r"odoo\.addons\.(iap|partner_autocomplete)\..*", r"", "core asks a service outside, tests have no network"),
    Allowed(r"odoo\.service\.server", r"Thread .* virtual real time limit", "a slow machine"),
)


def records(lines: Iterable[str]) -> Iterable[Record]:
    """The entries of a log."""
    current = None
    for line in lines:
        line = COLOURS.sub("", line.rstrip("\n"))
        header = HEADER.match(line)
        if header:
            if current:
                yield Record(*current)
            current = [header["level"], header["logger"], header["text"].strip()]
        elif current:
            current[2] += f"\n{line}"
    if current:
        yield Record(*current)


def problems(log: Path, allowed: tuple[Allowed, ...] = ALLOWED) -> list[Record]:
    """What a log says that nobody allowed."""
    with open(log, errors="replace") as lines:
        severe = [record for record in records(lines) if record.level in SEVERE]
    return [record for record in severe if not any(noise.covers(record) for noise in allowed)]


def report(log: Path, allowed: tuple[Allowed, ...] = ALLOWED) -> int:
    """Print the problems of a log, each once; their number."""
    found = problems(log, allowed)
    for record, times in Counter(found).items():
        print(f"log: {record}" + (f" ({times} times)" if times > 1 else ""), flush=True)
    return len(found)


def main() -> int:
    """Check the logs named on the command line."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.logcheck", description=__doc__.splitlines()[0])
    parser.add_argument("logs", nargs="+", type=Path)
    parser.add_argument("--serving", action="store_true", help="the log of a server in use")
    options = parser.parse_args()
    allowed = ALLOWED_SERVING if options.serving else ALLOWED
    return 1 if sum(report(log, allowed) for log in options.logs) else 0


if __name__ == "__main__":
    guarded(main)
