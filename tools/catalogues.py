"""Merging and comparing of translation catalogues, with the environment's Python."""

import sys
from pathlib import Path

import polib


def merge(template: Path, catalogue: Path, language: str) -> None:
    """The template's terms in its order, with the translations already made."""
    terms = polib.pofile(str(template))
    # Dates of export would make every run a change.
    for header in ("POT-Creation-Date", "PO-Revision-Date"):
        terms.metadata.pop(header, None)
    terms.save(str(template))
    known = {}
    if catalogue.is_file():
        old = polib.pofile(str(catalogue))
        known = {entry.msgid: entry for entry in old if not entry.obsolete}
    for entry in terms:
        if entry.msgid in known:
            entry.msgstr = known[entry.msgid].msgstr
            entry.tcomment = known[entry.msgid].tcomment
    terms.metadata["Language"] = language
    terms.save(str(catalogue))
    missing = sum(1 for entry in terms if not entry.msgstr.strip())
    if missing:
        print(f"{catalogue.name}: {missing} of {len(terms)} terms are to be translated")


def terms_of(path: Path) -> set[str]:
    """The terms that a catalogue knows."""
    return {entry.msgid for entry in polib.pofile(str(path)) if not entry.obsolete}


if __name__ == "__main__":
    merge(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
