"""rules/ is the law: standard library and rules only, no clock, no texts for people."""

import ast
import re
import sys

import pytest

#: Standard, but the world outside: facts and "now" are handed to a rule.
FORBIDDEN = {"os", "pathlib", "random", "socket", "sqlite3", "subprocess", "time", "urllib", "logging", "locale"}
CLOCKS = {"now", "today", "utcnow"}
#: Rules of another addon under their production name, such as odoo.addons.support_plans.rules.errors.
OTHER_RULES = re.compile(r"odoo\.addons\.(\w+)\.rules\.\w+")


def _trees(addon):
    """Every file of the addon's rules; glue between two addons may have none."""
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted((addon / "rules").rglob("*.py"))]


def _imports(tree):
    """Full names of imported modules; an import within the same rules counts as none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def _is_pure(module, dependencies):
    """Standard library, or the rules of an addon that this one depends on."""
    other = OTHER_RULES.fullmatch(module)
    if other:
        return other[1] in dependencies
    top = module.split(".")[0]
    return top in sys.stdlib_module_names and top not in FORBIDDEN


def _leaves_the_rules(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level > 1]


def test_rules_import_the_standard_library_and_rules_they_depend_on_only(addon, manifest):
    for path, tree in _trees(addon):
        foreign = {name for name in _imports(tree) if not _is_pure(name, manifest["depends"])}
        assert not foreign, path.name
        assert not _leaves_the_rules(tree), path.name


@pytest.mark.parametrize(
    ("line", "pure"),
    [
        ("from datetime import date", True),
        ("from .errors import RuleError", True),
        ("from odoo.addons.support_plans.rules.errors import RuleError", True),
        ("import odoo.addons.support_plans.rules.errors", True),
        ("from odoo.addons.ngo_incubator.rules.benefit import discount", False),
        ("from odoo.addons.support_plans.models.support_plan import SupportPlan", False),
        ("from odoo.addons.support_plans import rules", False),
        ("from odoo import fields", False),
        ("import odoo", False),
        ("import os.path", False),
        ("from lxml import etree", False),
    ],
)
def test_what_a_rule_may_import(line, pure):
    """The guard itself: rules of a dependency, but never its models, and no addon beside."""
    assert all(_is_pure(name, ["support_plans"]) for name in _imports(ast.parse(line))) is pure


def test_rules_read_no_clock(addon):
    for path, tree in _trees(addon):
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
        assert not [node.lineno for node in calls if node.func.attr in CLOCKS], path.name


def test_every_rule_has_a_docstring(addon):
    for path, tree in _trees(addon):
        if path.name == "__init__.py":
            continue
        kinds = (ast.FunctionDef, ast.ClassDef)
        public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
        assert ast.get_docstring(tree), path.name
        assert not [node.name for node in public if not ast.get_docstring(node)], path.name
