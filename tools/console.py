"""What the tooling says to the person in front of it, and how it fails."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path


class Fail(Exception):
    """A failure whose message is one line that says what to do."""


def say(text: str) -> None:
    """Progress goes to stderr, so that stdout belongs to the command run."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(label: str):
    """Name a long step when it starts, tick while it runs, give its time."""
    started = time.monotonic()
    say(f"  {label} ...")
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(label, started, done), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
    say(f"  {label}: {time.monotonic() - started:.0f} s")


def _tick(label: str, started: float, done: threading.Event) -> None:
    while not done.wait(15):
        say(f"  {label} ... {time.monotonic() - started:.0f} s")


def run(command: list, log: Path, hint: str, **options) -> None:
    """Run a command into a log file; its failure is one line with a hint."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as output:
        code = call(command, stdout=output, stderr=subprocess.STDOUT, **options)
    if code:
        raise Fail(f"{hint} ({last_words(log)}; whole log: {log})")


def call(command: list, **options) -> int:
    """Run a command to its end and return its code; Ctrl-C ends it as well."""
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        process = subprocess.Popen([str(part) for part in command], **options)
    except FileNotFoundError:
        raise Fail(f"the command {command[0]} is not installed") from None
    try:
        return process.wait()
    except BaseException:
        end(process)
        raise


def end(process: subprocess.Popen, patience: float = 10) -> None:
    """Ask a process to stop, insist when it does not."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


def last_words(log: Path) -> str:
    """The last line of a log that says something, shortened."""
    try:
        with open(log, errors="replace") as lines:
            spoken = deque((line.strip() for line in lines if line.strip()), maxlen=1)
    except OSError:
        return "no output"
    return spoken[0][:200] if spoken else "no output"


def ask_for_quiet_end() -> None:
    """Let `kill` end us like Ctrl-C does: children are stopped, files kept."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number, frame):
    raise KeyboardInterrupt


def guarded(main) -> None:
    """Run a command's main function; turn failures into one line."""
    ask_for_quiet_end()
    try:
        code = main()
    except Fail as failure:
        say(f"error: {failure}")
        code = 1
    except KeyboardInterrupt:
        say("stopped")
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code or 0)
