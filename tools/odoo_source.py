"""Odoo 19 itself: the user's checkout, or Debian's package unpacked in the cache."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import cache
from .console import Fail, run, step
from .settings import cache_dir, digest

#: Debian ships the whole of Odoo 19 Community as a package of this suite.
SUITE, PACKAGE = "sid", "odoo-19"
#: Debian replaces some static files of Odoo by links into these packages. They
#: come from a fixed suite: newer Font Awesome does not fit Odoo any more.
LINKED_SUITE = "bookworm"
LINKED_PACKAGES = (
    "fonts-font-awesome",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
#: Left out by Debian; without it every page logs an error. Empty serves.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INSTEAD = "set ODOO_PATH to a checkout of Odoo 19.0, or use: docker compose up"


def odoo_path() -> Path:
    """The folder that holds the `odoo` package; fetched when there is none."""
    named = os.environ.get("ODOO_PATH")
    if named:
        return _checked(Path(named).expanduser().resolve())
    folder = cache_dir() / "odoo"
    if not cache.is_complete(folder):
        with cache.lock("odoo"):
            if not cache.is_complete(folder):
                _fetch(folder)
    return folder / "usr/lib/python3/dist-packages"


def odoo_version(path: Path) -> str:
    """What tells one Odoo from another, for the keys of databases."""
    package = path.parents[3] / "package-version"
    if package.is_file():
        return package.read_text().strip()
    head = subprocess.run(["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, text=True)
    release = (path / "odoo/release.py").read_text()
    return head.stdout.strip() or digest(release)


def _checked(path: Path) -> Path:
    release = path / "odoo/release.py"
    if not release.is_file():
        raise Fail(f"ODOO_PATH={path} holds no Odoo: name the folder with the `odoo` package in it")
    if not re.search(r"version_info\s*=\s*\(19,", release.read_text()):
        raise Fail(f"ODOO_PATH={path} is not Odoo 19: check out the branch 19.0")
    return path


def _fetch(folder: Path) -> None:
    """Download with a private apt root (signatures checked), unpack, repair."""
    if not shutil.which("apt-get") or not KEYRING.is_file():
        raise Fail(f"no Odoo 19 here and no Debian to fetch it from: {INSTEAD}")
    log = cache.log_file("odoo")
    with cache.staged(folder) as work:
        options = _private_apt(work / "apt")
        with step("Odoo 19: downloading (125 MB)"):
            hint = f"the Debian mirror did not deliver Odoo 19: check the network, or {INSTEAD}"
            run(["apt-get", *options, "update"], log, hint)
            wanted = [f"{PACKAGE}/{SUITE}", *(f"{name}/{LINKED_SUITE}" for name in LINKED_PACKAGES)]
            run(["apt-get", *options, "download", *wanted], log, hint, cwd=work / "apt")
        with step("Odoo 19: unpacking"):
            for deb in sorted((work / "apt").glob("*.deb")):
                run(["dpkg-deb", "-x", deb, work], log, f"{deb.name} could not be unpacked: is the disk full?")
        deb = next((work / "apt").glob(f"{PACKAGE}_*.deb"))
        (work / "package-version").write_text(deb.name.split("_")[1])
        shutil.rmtree(work / "apt")
        left_out = work / "usr/lib/python3/dist-packages" / LEFT_OUT
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.touch()


def _private_apt(root: Path) -> list[str]:
    """An apt that knows only Debian's two suites and writes only to `root`."""
    for part in ("sources", "lists/partial", "cache/archives/partial"):
        (root / part).mkdir(parents=True)
    source = f"Types: deb\nURIs: {_mirror()}\nSuites: {SUITE} {LINKED_SUITE}\nComponents: main\nSigned-By: {KEYRING}\n"
    (root / "sources/debian.sources").write_text(source)
    settings = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": root / "sources",
        "Dir::State::Lists": root / "lists",
        "Dir::Cache": root / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _mirror() -> str:
    """The Debian mirror that this machine already uses."""
    command = ["apt-get", "indextargets", "--format", "$(SITE) $(REPO_URI)", "Component: main"]
    for label in (["Label: Debian"], []):
        found = subprocess.run([*command, *label], capture_output=True, text=True).stdout.split()
        uris = [uri for uri in found[1::2] if "security" not in uri]
        if uris:
            return uris[0]
    raise Fail(f"apt names no Debian mirror (see /etc/apt/sources.list): {INSTEAD}")
