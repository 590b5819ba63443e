"""What people and programs read of a run: a table, a page, and JSON."""

import json
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def table(result: dict) -> str:
    """Every figure and every claim, for the terminal."""
    lines = []
    for scenario in result["scenarios"].values():
        lines += ["", scenario["title"], *_figure_lines(scenario)]
        for claim in scenario["claims"]:
            mark = "ok    " if claim["holds"] else "BROKEN"
            lines.append(f"  {mark} {_number(claim['value']):>9}  {_limit(claim):<14} {claim['text']}")
    return "\n".join(lines)


def _figure_lines(scenario):
    for row in scenario["rows"]:
        peer = next(iter(row["figures"].values()))
        for who, figure in row["figures"].items():
            ratios = f"x {figure['wall'] / peer['wall']:<8.3g} CPU x {figure['cpu'] / peer['cpu']:.3g}"
            time = f"{_milliseconds(figure['wall']):>7} ms ±{figure['spread']:<5.0%}"
            yield f"  {row['case'][:28]:<28} {who:<38} {time} {figure['queries']:>6} q  {ratios}"


def write(result: dict) -> list[Path]:
    """Write latest.json and latest.md; return their paths."""
    RESULTS.mkdir(exist_ok=True)
    data, page = RESULTS / "latest.json", RESULTS / "latest.md"
    data.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    page.write_text(_page(result))
    return [data, page]


def broken(result: dict) -> list[dict]:
    """The claims that do not hold."""
    return [claim for scenario in result["scenarios"].values() for claim in scenario["claims"] if not claim["holds"]]


def _page(result):
    parts = [
        "# Benchmarks: the latest run",
        "Written by `make bench`; how to read it: [README](../README.md).",
        _about(result),
    ]
    for scenario in result["scenarios"].values():
        parts += [f"## {scenario['title']}", _claims(scenario), _rows(scenario)]
        parts += [f"- {note}" for note in scenario["notes"]]
    return "\n\n".join(parts).replace("\n\n- ", "\n- ") + "\n"


def _about(result):
    about = result["about"]
    return (
        f"{about['when']} UTC, commit {about['commit']}, Odoo {result['odoo']}, {about['postgres']}, "
        f"Python {about['python']}, {about['cpus']} CPUs, load {about['load']} at the start and "
        f"{about['load_after']} at the end, {about['rounds']} rounds."
    )


def _claims(scenario):
    lines = ["| claim | measured | promised | |", "|---|---:|---|---|"]
    for claim in scenario["claims"]:
        mark = "holds" if claim["holds"] else "**broken**"
        lines.append(f"| {claim['text']} | {_number(claim['value'])} | {_limit(claim)} | {mark} |")
    return "\n".join(lines)


def _rows(scenario):
    lines = [
        "| case | who | ms | ± | ms each | CPU ms | queries | time against the first | CPU against the first |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in scenario["rows"]:
        peer = next(iter(row["figures"].values()))
        for who, figure in row["figures"].items():
            cells = [
                row["case"],
                who,
                _milliseconds(figure["wall"]),
                f"{figure['spread']:.0%}",
                _milliseconds(figure["wall"] / row["items"]),
                _milliseconds(figure["cpu"]),
                str(figure["queries"]),
                f"{figure['wall'] / peer['wall']:.3g}",
                f"{figure['cpu'] / peer['cpu']:.3g}",
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _limit(claim):
    return f"{'at least' if claim['at_least'] else 'at most'} {claim['limit']:g}"


def _number(value):
    return f"{value:.0f}" if value == int(value) or value >= 100 else f"{value:.2f}"


def _milliseconds(seconds):
    value = seconds * 1000
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
