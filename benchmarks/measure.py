"""Samples, medians and ratios: nothing here knows what is measured."""

import gc
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: wall and CPU time of this process in seconds, SQL statements."""

    wall: float
    cpu: float
    queries: int


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians of the samples of one contestant in one case.

    ``wall`` and ``cpu`` in seconds; ``spread`` is half the distance between the fastest and the
    slowest sample, as a part of the median.
    """

    wall: float
    cpu: float
    queries: int
    spread: float
    samples: int


@dataclass(slots=True)
class Row:
    """One case: the same work done by each contestant, of which the first is the peer."""

    case: str
    items: int
    figures: dict[str, Figure]


@dataclass(slots=True)
class Claim:
    """What we promise about a measured value: at most, or at least, ``limit``."""

    text: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(slots=True)
class Report:
    """What a scenario found."""

    title: str
    rows: list[Row] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Stopwatch:
    """Measures the part of a run that counts, leaving out what prepares it."""

    def __init__(self):
        self.sample = None

    @contextmanager
    def measuring(self, cr):
        """Measure the block on this cursor. Garbage of earlier runs is collected before it."""
        gc.collect()
        queries, cpu, wall = cr.sql_log_count, time.process_time(), time.perf_counter()
        yield
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.sample = Sample(wall, cpu, cr.sql_log_count - queries)


def compare(
    contestants: dict[str, Callable[[Stopwatch], None]], rounds: int, warm_up: bool = True
) -> dict[str, Figure]:
    """Run the contestants in turn, ``rounds`` times, after one run each that does not count.

    ``warm_up`` False leaves out the latter, where an earlier case has filled the caches.

    The order is reversed every round: what disturbs the machine for a while, or a cache that the
    first one fills, disturbs all of them alike.
    """
    samples = {name: [] for name in contestants}
    for number in range(0 if warm_up else 1, rounds + 1):
        names = list(contestants)
        for name in names if number % 2 else reversed(names):
            stopwatch = Stopwatch()
            contestants[name](stopwatch)
            if number:
                samples[name].append(stopwatch.sample)
    return {name: summarise(found) for name, found in samples.items()}


def summarise(samples: list[Sample]) -> Figure:
    """Return the medians of samples."""
    walls = [sample.wall for sample in samples]
    wall = statistics.median(walls)
    return Figure(
        wall=wall,
        cpu=statistics.median(sample.cpu for sample in samples),
        queries=round(statistics.median(sample.queries for sample in samples)),
        spread=(max(walls) - min(walls)) / 2 / wall,
        samples=len(samples),
    )
