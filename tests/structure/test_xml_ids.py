"""External ids: given once, in lower case, telling what they name."""

import csv
import re
from collections import Counter

from lxml import etree

#: Model -> what its records' ids must contain.
SPEAKING = {
    "ir.ui.view": ("view", "report", "template", "portal", "assets"),
    "ir.actions.act_window": ("action",),
    "ir.cron": ("cron",),
    "ir.rule": ("rule",),
    "res.groups": ("group",),
    "ir.sequence": ("sequence", "seq"),
}


def _nodes(addon, left_out=("static",)):
    for path in sorted(addon.rglob("*.xml")):
        if not set(left_out) & set(path.relative_to(addon).parts):
            yield from etree.parse(str(path)).getroot().xpath("//record[@id] | //template[@id] | //menuitem[@id]")


def _own(identifier, addon):
    """Ids of other addons' records, changed here, are not ours to judge."""
    return "." not in identifier or identifier.startswith(f"{addon.name}.")


def _ids(addon, left_out=("static",)):
    nodes = _nodes(addon, left_out)
    ids = [node.get("id").removeprefix(f"{addon.name}.") for node in nodes if _own(node.get("id"), addon)]
    for path in sorted(addon.rglob("*.csv")):
        with open(path, newline="", encoding="utf-8") as lines:
            ids += [row["id"] for row in csv.DictReader(lines) if row.get("id")]
    return ids


def test_ids_are_unique(addon):
    """But for demo data, which may change a record a second time."""
    ids = _ids(addon, ("static", "demo"))
    twice = [identifier for identifier, times in Counter(ids).items() if times > 1]
    assert not twice


def test_ids_are_lower_case_words(addon):
    odd = [identifier for identifier in _ids(addon) if not re.fullmatch(r"[a-z][a-z0-9_]*", identifier)]
    assert not odd


def test_ids_tell_what_they_name(addon):
    mute = [
        node.get("id")
        for node in _nodes(addon)
        if _own(node.get("id"), addon)
        and node.get("model") in SPEAKING
        and not any(word in node.get("id") for word in SPEAKING[node.get("model")])
    ]
    assert not mute
