"""There is no engine to run docker-compose.yml here: at least it must agree with the rest."""

import re

import pytest
import yaml


@pytest.fixture(scope="module")
def compose(repo):
    return yaml.safe_load((repo / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile(repo):
    return (repo / "docker/Dockerfile").read_text()


def test_odoo_is_the_official_image_of_19(dockerfile):
    assert re.search(r"^FROM odoo:19(\.0)?$", dockerfile, re.MULTILINE)


def test_postgres_is_new_enough(compose):
    image, _colon, tag = compose["services"]["db"]["image"].partition(":")
    assert image == "postgres" and int(tag.split(".")[0]) >= 13


def test_same_pins_as_everywhere(dockerfile, repo):
    assert "COPY requirements.txt " in dockerfile
    assert re.search(r"pip install .*-r /tmp/requirements\.txt", dockerfile)
    assert "==" not in dockerfile, "pins belong in requirements.txt"
    lines = [line for line in (repo / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)


def test_builds_from_files_that_exist(compose, repo):
    build = compose["services"]["odoo"]["build"]
    assert (repo / build["context"] / build["dockerfile"]).is_file()


def test_mounted_folders_exist_and_are_where_the_image_looks(compose, repo):
    mounts = dict(volume.split(":")[:2] for volume in compose["services"]["odoo"]["volumes"])
    assert mounts["./addons"] == "/mnt/extra-addons"
    assert mounts["odoo"] == "/var/lib/odoo"
    assert all((repo / source).exists() for source in mounts if source.startswith("./"))
    named = {source for source in mounts if not source.startswith("./")} | {"db"}
    assert named == set(compose["volumes"])


def test_credentials_agree(compose):
    db, odoo = (compose["services"][name]["environment"] for name in ("db", "odoo"))
    assert (db["POSTGRES_USER"], db["POSTGRES_PASSWORD"]) == (odoo["USER"], odoo["PASSWORD"])
    assert odoo["HOST"] == "db"


def test_waits_for_the_database(compose):
    assert compose["services"]["odoo"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert compose["services"]["db"]["healthcheck"]["test"]


def test_demo_script_installs_with_demo_data(repo):
    script = (repo / "docker/start.sh").read_text()
    assert "--with-demo" in script and "--load-language=pl_PL" in script
