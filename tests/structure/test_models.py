"""Models: access lines, names, nothing that Odoo 19 has buried."""

import ast
import csv

import pytest

#: Attribute or call of older Odoos, and what 19.0 has in its place.
DEAD = {
    "_sql_constraints": "models.Constraint",
    "name_get": "_compute_display_name",
    "read_group": "_read_group",
    "_cr": "env.cr",
    "_uid": "env.uid",
    "_context": "env.context",
    "toggle_active": "action_archive, action_unarchive",
}


def _trees(addon, *folders):
    for folder in folders:
        for path in sorted((addon / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _attributes(node):
    """Constant class attributes, as a dictionary."""
    return {
        target.id: statement.value.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _new_models(addon):
    """Names of the models that have a table or are transient: they need access lines."""
    for _path, tree in _trees(addon, "models", "wizard", "report"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
            name = _attributes(node).get("_name")
            if name and bases & {"Model", "TransientModel"} and _attributes(node).get("_inherit") != name:
                yield name


def _access_lines(addon):
    return {row["model_id:id"].split(".")[-1] for row in _access_rows(addon)}


def _access_rows(addon):
    path = addon / "security/ir.model.access.csv"
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_every_model_has_an_access_line(addon):
    missing = {name for name in _new_models(addon) if f"model_{name.replace('.', '_')}" not in _access_lines(addon)}
    assert not missing


def test_every_access_line_names_a_group(addon):
    assert not [row["id"] for row in _access_rows(addon) if not row["group_id:id"]]


def test_no_dead_api(addon):
    found = []
    for path, tree in _trees(addon, "models", "wizard", "report", "controllers"):
        for node in ast.walk(tree):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", getattr(node, "name", None))
            on_self = (
                not isinstance(node, ast.Attribute) or not name or not name.startswith("_") or _is_self(node.value)
            )
            if name in DEAD and on_self:
                found.append(f"{path.name}:{node.lineno}: {name}: use {DEAD[name]}")
    assert not found


def _is_self(node):
    return isinstance(node, ast.Name) and node.id == "self"


def test_no_commit_outside_odoos_cron_progress(addon):
    found = []
    for path, tree in _trees(addon, "models", "wizard", "report", "controllers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                found.append(f"{path.name}:{node.lineno}")
    assert not found


def test_test_modules_are_imported(addon):
    """Odoo runs only what tests/__init__.py imports."""
    if not (addon / "tests").is_dir():
        pytest.skip("the addon has no tests")
    tree = ast.parse((addon / "tests/__init__.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    forgotten = {path.stem for path in (addon / "tests").glob("test_*.py")} - imported
    assert not forgotten
