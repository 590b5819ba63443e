"""Checks of XML, CSV and PO files, run with the environment's Python."""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib
from lxml import etree

from .settings import REPO

PLACEHOLDERS = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\$\{\w+\}|\{\w*\}")
#: Dead in 19.0: Odoo refuses them or warns, the author should hear it sooner.
DEAD_XML = {
    "//tree": "<tree> is <list> now",
    "//*[@attrs]": "attrs= is gone: write invisible=, readonly=, required=",
    "//*[@states]": "states= is gone: write invisible=",
    "//search//group[@expand or @string]": "<group> in a search view takes no expand= or string=",
    "//t[@t-name='kanban-box']": "the kanban template is t-name='card' now",
    "//field[@name='category_id'][ancestor::record[@model='res.groups']]": "res.groups has a privilege_id",
    "//field[@name='numbercall' or @name='doall'][ancestor::record[@model='ir.cron']]": "ir.cron has no such field",
}


def xml_problems(path: Path) -> Iterator[str]:
    """Not well-formed, ids given twice, syntax of older Odoos."""
    try:
        root = etree.parse(str(path)).getroot()
    except etree.XMLSyntaxError as error:
        yield f"{path}:{error.lineno}: {error.msg}"
        return
    if path.parent.name != "demo":  # a demo story may change its record later
        yield from _repeated_ids(path, root)
    for expression, advice in DEAD_XML.items():
        for node in root.xpath(expression):
            yield f"{path}:{node.sourceline}: {advice}"


def _repeated_ids(path: Path, root: etree._Element) -> Iterator[str]:
    kinds = ("record", "template", "menuitem")
    ids = Counter(node.get("id") for kind in kinds for node in root.iterfind(f".//{kind}") if node.get("id"))
    for identifier, times in ids.items():
        if times > 1:
            yield f"{path}: the id {identifier} is given {times} times"


def csv_problems(path: Path) -> Iterator[str]:
    """Rows that do not fit the heading, ids given twice."""
    with open(path, newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines) if row]
    if not rows:
        yield f"{path}: is empty"
        return
    heading, *rows = rows
    for number, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            yield f"{path}: row {number} has {len(row)} cells, the heading {len(heading)}"
    if heading[0] == "id":
        for identifier, times in Counter(row[0] for row in rows).items():
            if times > 1:
                yield f"{path}: the id {identifier} is given {times} times"


def translation_problems(addon: Path) -> Iterator[str]:
    """A template without a complete Polish catalogue beside it."""
    template = addon / "i18n" / f"{addon.name}.pot"
    catalogue = addon / "i18n" / "pl.po"
    if not template.is_file():
        return
    if not catalogue.is_file():
        yield f"{catalogue}: is missing: run `make pot` and translate"
        return
    translated = polib.pofile(str(catalogue), check_for_duplicates=False)
    known = {}
    for entry in translated:
        if entry.obsolete:
            continue
        if entry.msgid in known:
            yield f"{catalogue}:{entry.linenum}: given twice: {_short(entry.msgid)}"
        known[entry.msgid] = entry
        yield from _entry_problems(catalogue, entry)
    for entry in polib.pofile(str(template)):
        if entry.msgid not in known:
            yield f"{catalogue}: is not there: {_short(entry.msgid)}: run `make pot` and translate"


def _entry_problems(catalogue: Path, entry: polib.POEntry) -> Iterator[str]:
    place = f"{catalogue}:{entry.linenum}"
    if entry.fuzzy:
        yield f"{place}: fuzzy: {_short(entry.msgid)}"
    if not entry.msgstr.strip():
        yield f"{place}: not translated: {_short(entry.msgid)}"
    elif Counter(PLACEHOLDERS.findall(entry.msgid)) != Counter(PLACEHOLDERS.findall(entry.msgstr)):
        yield f"{place}: placeholders differ: {_short(entry.msgid)}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def problems(addon: Path) -> Iterator[str]:
    """Everything that is wrong with an addon's data files."""
    for path in sorted(addon.rglob("*.xml")):
        yield from xml_problems(path)
    for path in sorted(addon.rglob("*.csv")):
        yield from csv_problems(path)
    yield from translation_problems(addon)


def main() -> int:
    """Check the addons named on the command line."""
    found = [problem for addon in map(Path, sys.argv[1:]) for problem in problems(addon)]
    for problem in found:
        print(problem.replace(f"{REPO}/", ""))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
