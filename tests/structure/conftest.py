"""What the structure tests look at: the checkout, without running anything."""

import ast
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).resolve().parent))


@pytest.fixture(scope="session")
def repo():
    """The root of the checkout."""
    return REPO


def pytest_generate_tests(metafunc):
    """A test with the argument ``addon`` runs for each of our addons."""
    if "addon" in metafunc.fixturenames:
        folders = sorted(path.parent for path in (REPO / "addons").glob("*/__manifest__.py"))
        metafunc.parametrize("addon", folders, ids=[folder.name for folder in folders])


@pytest.fixture
def manifest(addon):
    """The addon's manifest as a dictionary."""
    return ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
