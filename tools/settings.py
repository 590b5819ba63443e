"""Names and places that the rest of the tooling shares."""

import hashlib
import os
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
ADDONS = REPO / "addons"

#: Not ours: what the template databases contain before our addons come in.
DEPENDENCIES = (
    "helpdesk_mgmt",
    "contract",
    "portal",
    "resource",
    "calendar",
    "hr_timesheet",
    "account",
    "l10n_pl",
    "report_xlsx",
)

#: Addons of ours that change how an addon of Odoo works -> that addon: its own tests must stay green.
WATCHED = {"l10n_pl_support_plans": "l10n_pl_edi"}

#: Languages of the user interface, loaded into every database of ours.
LANGUAGES = ("en_US", "pl_PL")

#: Role and login of each person in the demo story; password equals login.
DEMO_LOGINS = (
    ("owner", "owner"),
    ("consultant", "consultant"),
    ("accountant", "accountant"),
    ("NGO coordinator", "coordinator"),
    ("client of the panel", "client"),
    ("organisation of the NGO programme", "ngo"),
)

DEMO_DATABASE = "support_plans_demo"


def cache_dir() -> Path:
    """The one folder that everything is built in; the checkout stays clean."""
    named = os.environ.get("SUPPORT_PLANS_CACHE")
    if named:
        return Path(named).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return (Path(base).expanduser() / "support-plans-odoo").resolve()


def our_addons() -> list[str]:
    """Installable addons of this repository, in alphabetical order."""
    if not ADDONS.is_dir():
        return []
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def addons_in_hand() -> list[str]:
    """The addons that the commands work on: $SUPPORT_PLANS_ADDONS or all."""
    named = os.environ.get("SUPPORT_PLANS_ADDONS")
    return named.split(",") if named else our_addons()


def digest(*parts: str | bytes) -> str:
    """A short name for a content: equal content, equal name."""
    state = hashlib.sha256()
    for part in parts:
        state.update(part.encode() if isinstance(part, str) else part)
        state.update(b"\0")
    return state.hexdigest()[:12]
