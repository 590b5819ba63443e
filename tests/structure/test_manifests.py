"""Manifests tell the truth."""

import re

LOADED_FOLDERS = ("data", "demo", "report", "security", "templates", "views", "wizard")


def _listed(manifest):
    return [*manifest.get("data", ()), *manifest.get("demo", ())]


def test_version_is_of_odoo_19(manifest):
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])


def test_license_and_author(manifest):
    assert manifest["license"] == "AGPL-3"
    assert manifest["author"].strip()
    assert manifest["website"].startswith("https://")


def test_name_summary_and_dependencies(manifest):
    assert manifest["name"].strip()
    assert manifest["summary"].strip()
    assert manifest["depends"]


def test_every_listed_file_is_there(addon, manifest):
    missing = [name for name in _listed(manifest) if not (addon / name).is_file()]
    assert not missing


def test_every_data_file_is_listed(addon, manifest):
    files = [
        path for folder in LOADED_FOLDERS for kind in ("xml", "csv") for path in (addon / folder).glob(f"*.{kind}")
    ]
    forgotten = {str(path.relative_to(addon)) for path in files} - set(_listed(manifest))
    assert not forgotten


def test_demo_files_are_demo_and_data_files_are_not(manifest):
    assert all(name.startswith("demo/") for name in manifest.get("demo", ()))
    assert not [name for name in manifest.get("data", ()) if name.startswith("demo/")]


def test_assets_exist(addon, manifest):
    patterns = [entry for bundle in manifest.get("assets", {}).values() for entry in bundle]
    paths = [entry if isinstance(entry, str) else entry[-1] for entry in patterns]
    ours = [path.removeprefix(f"{addon.name}/") for path in paths if path.startswith(f"{addon.name}/")]
    missing = [path for path in ours if not list(addon.glob(path))]
    assert not missing


def test_security_is_loaded_first(manifest):
    kinds = [name.split("/")[0] == "security" for name in manifest.get("data", ())]
    assert kinds == sorted(kinds, reverse=True)


def test_python_requirements_are_pinned(manifest, repo):
    pinned = (repo / "requirements.txt").read_text() + (repo / "requirements-odoo.txt").read_text()
    for name in manifest.get("external_dependencies", {}).get("python", ()):
        assert re.search(rf"^{re.escape(name)}==", pinned, re.MULTILINE | re.IGNORECASE), name
