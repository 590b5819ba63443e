"""The repository as a whole: nothing of one machine, every requirement tested."""

import re
import subprocess

import pytest

#: Built at run time so that this file does not name what it forbids.
MACHINE_PATHS = re.compile("|".join(f"/{folder}/" for folder in ("work/main", "work/shared", "root", "home/[a-z]+")))
REGISTRY_HOSTS = re.compile(r"(pypi|npmjs|debian|pythonhosted)" + r"\.(org|com)/", re.IGNORECASE)
TEXTS = (".py", ".md", ".txt", ".toml", ".yml", ".yaml", ".sh", ".cfg", ".xml", ".csv", ".js", ".po", ".pot", ".json")


@pytest.fixture(scope="module")
def tracked(repo):
    """The text files that git keeps."""
    listed = subprocess.run(["git", "-C", repo, "ls-files", "-z"], capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name]
    if not names:
        pytest.skip("not a git checkout")
    paths = [repo / name for name in names]
    return [path for path in paths if path.is_file() and (path.suffix in TEXTS or not path.suffix)]


def _lines_with(pattern, paths):
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if pattern.search(line):
                yield f"{path.name}:{number}: {line.strip()[:100]}"


def test_no_path_of_one_machine(tracked):
    assert not list(_lines_with(MACHINE_PATHS, tracked))


def test_no_registry_host(tracked):
    assert not list(_lines_with(REGISTRY_HOSTS, tracked))


def test_the_usual_papers_are_there(repo):
    papers = ("LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "requirements.txt", "docker-compose.yml")
    assert not [name for name in papers if not (repo / name).is_file()]
    assert "AFFERO GENERAL PUBLIC LICENSE" in (repo / "LICENSE").read_text()


def _named_ids(text):
    """Ids in a text: ``P31``, ``test_p31_...``, and each id of ``P8-P22``."""
    found = re.findall(r"(?<![A-Za-z0-9])([A-Z])(\d+)(?:\s?[-–]\s?\1?(\d+))?(?!\d)", text.upper())
    for letter, first, last in found:
        for number in range(int(first), int(last or first) + 1):
            yield f"{letter}{number}"


def test_every_requirement_is_named_in_a_test(repo):
    """docs/requirements-ids.txt: an id, a space, its title; one a line."""
    path = repo / "docs/requirements-ids.txt"
    if not path.is_file():
        pytest.skip("there is no docs/requirements-ids.txt")
    ids = [line.split()[0] for line in path.read_text().splitlines() if line.strip() and line[0] != "#"]
    places = [
        *(repo / "addons").glob("*/tests/**/*.py"),
        *(repo / "tests").rglob("*.py"),
        *(repo / "tests").rglob("*.csv"),
    ]
    named = {identifier for place in places for identifier in _named_ids(place.read_text(encoding="utf-8"))}
    untested = [identifier for identifier in ids if identifier not in named]
    assert not untested
