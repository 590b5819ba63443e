"""rules/ is the law: standard library only, no clock, no texts for people."""

import ast
import sys

import pytest

#: Standard, but the world outside: facts and "now" are handed to a rule.
FORBIDDEN = {"os", "pathlib", "random", "socket", "sqlite3", "subprocess", "time", "urllib", "logging", "locale"}
CLOCKS = {"now", "today", "utcnow"}


def _trees(addon):
    files = sorted((addon / "rules").rglob("*.py"))
    if not files:
        pytest.skip("the addon has no rules")
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in files]


def _imports(tree):
    """Names of top packages; an import within the rules counts as none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def _leaves_the_rules(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level > 1]


def test_rules_import_the_standard_library_only(addon):
    for path, tree in _trees(addon):
        foreign = {name for name in _imports(tree) if name not in sys.stdlib_module_names or name in FORBIDDEN}
        assert not foreign, path.name
        assert not _leaves_the_rules(tree), path.name


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
