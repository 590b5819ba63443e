"""`make pot`: the translation templates from a real database, and Polish merged."""

import subprocess
from pathlib import Path

from . import cache, databases, odoo, venv
from .console import Fail, call, guarded, last_words, say, step
from .settings import ADDONS, REPO, addons_in_hand


def export(database: str, addon: str, target: Path) -> None:
    """Odoo's own export of an addon's terms."""
    log = cache.log_file(f"pot-{addon}")
    arguments = ["i18n", "export", "-d", database, "-l", "pot", "-o", str(target), addon]
    with open(log, "wb") as output:
        code = call(odoo.command(arguments), env=odoo.environment(), stdout=output, stderr=output)
    if code or not target.is_file():
        raise Fail(f"the terms of {addon} could not be exported ({last_words(log)}; whole log: {log})")


def merge(template: Path, catalogue: Path, language: str) -> None:
    """Bring the catalogue to the template's terms, translations kept."""
    command = [venv.python(), "-m", "tools.catalogues", template, catalogue, language]
    if call(command, cwd=REPO):
        raise Fail(f"{catalogue} could not be merged: is it a PO file?")


def main() -> int:
    """Export and merge for every addon."""
    template_database = databases.addons_template(demo=False)
    for addon in addons_in_hand():
        folder = ADDONS / addon / "i18n"
        folder.mkdir(exist_ok=True)
        with step(f"terms of {addon}"):
            export(template_database, addon, folder / f"{addon}.pot")
            merge(folder / f"{addon}.pot", folder / "pl.po", "pl")
    done = subprocess.run(
        ["git", "-C", REPO, "status", "--short", "--", ":(glob)addons/*/i18n/*"], capture_output=True, text=True
    )
    say(done.stdout or "  nothing changed")
    return 0


if __name__ == "__main__":
    guarded(main)
