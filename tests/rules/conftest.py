"""The rules under their production name, without Odoo.

Registers empty packages ``odoo``, ``odoo.addons`` and ``odoo.addons.<addon>`` for every
addon that has rules, so that ``from odoo.addons.support_plans.rules.clock import
ServiceClock`` imports that file and nothing else. For a pytest process of its own.
"""

import sys
from pathlib import Path
from types import ModuleType

from hypothesis import settings

HERE = Path(__file__).resolve().parent
ADDONS = HERE.parents[1] / "addons"


def _register(name: str, *folders: Path) -> None:
    package = ModuleType(name)
    package.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = package
    parent, _dot, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


_register("odoo")
_register("odoo.addons")
for _rules in sorted(ADDONS.glob("*/rules/__init__.py")):
    _register(f"odoo.addons.{_rules.parents[1].name}", _rules.parents[1])

if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

# The same examples in every run; no database of failures left in the repository.
settings.register_profile("rules", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("rules")
