"""The examples in the docstrings of every rule of every addon hold."""

import doctest
import importlib
import sys
from pathlib import Path

import pytest

ADDONS = Path(__file__).resolve().parents[2] / "addons"
MODULES = sorted(
    f"odoo.addons.{path.parents[1].name}.rules.{path.stem}"
    for path in ADDONS.glob("*/rules/*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted, f"{name} shows no example"
    assert not result.failed


@pytest.mark.parametrize("name", MODULES)
def test_the_rule_is_imported_without_odoo(name):
    module = importlib.import_module(name)
    assert module.__file__.startswith(str(ADDONS))
    assert not hasattr(sys.modules["odoo"], "__file__")
