"""`make test`: rules, structure, Odoo's tests, end to end; one closing line."""

import contextlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from . import cache, databases, logcheck, odoo, system, venv
from .console import Fail, call, end, guarded, say, step
from .settings import ADDONS, REPO, WATCHED, addons_in_hand, cache_dir

SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database")
SKIPPED = re.compile(r"^skipped .* : ")
CLOSING_LINE = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.MULTILINE)
NOTHING_COLLECTED = 5


@dataclass
class Count:
    """How a stage, or everything, went."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def rules() -> Count:
    """The rules by themselves: no Odoo, no database."""
    return _pytest("rules", dict(os.environ), venv.python())


def structure() -> Count:
    """The repository's own promises: manifests, access lists, pins."""
    return _pytest("structure", dict(os.environ), venv.python())


def orm() -> Count:
    """Tests of our addons, and of core's that they change, in a fresh real database; browser tours included."""
    addons = addons_in_hand()
    if not any((ADDONS / addon / "tests").glob("test_*.py") for addon in addons):
        return _no_tests("addons/*/tests")
    system.need_browser()
    log = cache.log_file("orm")
    with databases.temporary(databases.dependency_template(demo=False)) as database:
        with step(f"Odoo's tests of {', '.join(addons)}"):
            code = _run_odoo_tests(database, addons, log)
    count = _odoo_count(log, code)
    return count + _clean_log(log)


def end_to_end() -> Count:
    """A real server, a real browser, real clients, with the demo story."""
    if not list((REPO / "tests/e2e").glob("test_*.py")):
        return _no_tests("tests/e2e")
    system.need_browser()
    template = databases.addons_template(demo=True)
    count = _clean_log(databases.install_log(template))
    return count + _pytest("e2e", odoo.environment(), venv.python())


STAGES = {"rules": rules, "structure": structure, "e2e": end_to_end, "orm": orm}
#: Half of the time is this stage's: it runs in a process beside the others.
BESIDE = "orm"


def _run(name: str) -> Count:
    say(f"== {name}")
    count = STAGES[name]()
    say(f"== {name}: {count}")
    return count


@contextlib.contextmanager
def _started_beside(names: list[str]):
    """Start the long stage when there are others to run meanwhile; gives what waits for it, or None."""
    if BESIDE not in names or len(names) == 1:
        yield None
        return
    log = cache.log_file(f"stage-{BESIDE}")
    with open(log, "wb") as output:
        command = [sys.executable, "-m", "tools.suite", BESIDE]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=REPO)
    try:
        yield lambda: _end_of(process, log)
    finally:
        end(process)


def _end_of(process: subprocess.Popen, log: Path) -> Count:
    """Wait for a stage in a process of its own, say what it said, count what it counted."""
    with step("waiting for the stage beside"):
        process.wait()
    words = log.read_text(errors="replace")
    say(words.rstrip())
    counts = CLOSING_LINE.findall(words)
    return Count(*map(int, counts[-1])) if counts else Count(failed=1)


def _pytest(stage: str, env: dict[str, str], interpreter: Path) -> Count:
    folder = REPO / "tests" / stage
    if not list(folder.rglob("test_*.py")):
        return _no_tests(f"tests/{stage}")
    report = cache.log_file(stage, "xml")
    env = {
        **env,
        "PYTHONPYCACHEPREFIX": str(cache_dir() / "pycache"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(cache_dir() / "hypothesis"),
    }
    options = ["-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    code = call([interpreter, "-m", "pytest", folder, *options], env=env, cwd=REPO)
    if code == NOTHING_COLLECTED:
        return _no_tests(f"tests/{stage}")
    count = _junit_count(report)
    if code and not count.failed:
        say(f"error: pytest ended with code {code} in tests/{stage}")
        count.failed += 1
    return count


def _junit_count(report: Path) -> Count:
    if not report.is_file():
        return Count()
    count = Count()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        total = int(suite.get("tests", 0))
        count += Count(max(0, total - failed - skipped), failed, skipped)
    return count


def _run_odoo_tests(database: str, addons: list[str], log: Path) -> int:
    watched = [theirs for ours, theirs in WATCHED.items() if ours in addons]
    tags = ",".join(f"/{addon}" for addon in (*addons, *watched))
    arguments = ["-d", database, "-i", ",".join(addons), "--test-tags", tags]
    if watched:  # Odoo runs the tests of what it installs or updates
        arguments += ["-u", ",".join(watched)]
    arguments += ["--stop-after-init", f"--http-port={odoo.free_port()}"]
    with open(log, "wb") as output:
        return call(odoo.command(arguments), env=odoo.environment(), stdout=output, stderr=output)


def _odoo_count(log: Path, code: int) -> Count:
    """Odoo's summary, and what failed, from its log."""
    with open(log, errors="replace") as lines:
        entries = list(logcheck.records(lines))
    for entry in entries:
        if entry.level == "ERROR" and entry.text.startswith(("FAIL", "ERROR")):
            print(f"{entry.logger}: {entry.text}", flush=True)
    summaries = [found for entry in entries if (found := SUMMARY.search(entry.text))]
    if not summaries:
        say(f"error: Odoo's tests did not run to their end (code {code}): see {log}")
        return Count(failed=1)
    failed, errors, total = map(int, summaries[-1].groups())
    skipped = sum(1 for entry in entries if SKIPPED.match(entry.text))
    wrong = failed + errors or (1 if code or not total else 0)
    return Count(max(0, total - wrong - skipped), wrong, skipped)


def _clean_log(log: Path) -> Count:
    """A log with a warning is a failure of its own."""
    found = logcheck.report(log)
    if found:
        say(f"error: {found} unexpected entries in Odoo's log: {log}")
    return Count(failed=1) if found else Count(passed=1)


def _no_tests(place: str) -> Count:
    say(f"  {place}: no tests yet")
    return Count()


def main() -> int:
    """Run the stages named on the command line, or all of them."""
    names = sys.argv[1:] or list(STAGES)
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        raise Fail(f"no such stage: {unknown[0]}; there are: {', '.join(STAGES)}")
    total = Count()
    with _started_beside(names) as beside:
        for name in names:
            total += beside() if beside and name == BESIDE else _run(name)
    if not total.passed + total.failed:
        raise Fail("no test ran")
    sys.stderr.flush()
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    guarded(main)
