"""The editor's script is what its sources and its lock make, and small enough."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client

from tests import factories

EDITOR = Path(__file__).resolve().parent.parent / "static" / "editor"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs")
MOST_BYTES = 250_000
AWAY = re.compile(r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|E40[134]|E5\d\d|certificate")


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (EDITOR / "package-lock.json").read_text()


def test_the_script_is_what_its_sources_make(tmp_path: Path) -> None:
    if not shutil.which("npm"):
        pytest.skip("no npm here: the editor's script is not built anew")
    for name in SOURCES:
        shutil.copy(EDITOR / name, tmp_path)
    shutil.copytree(EDITOR / "src", tmp_path / "src")
    try:
        installed = subprocess.run(
            ["npm", "ci", "--fetch-retries=1", "--fetch-timeout=20000"],
            cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip("the package registry does not answer: the editor's script is not built anew")
    if installed.returncode and AWAY.search(installed.stderr):
        pytest.skip("the package registry does not answer: the editor's script is not built anew")
    assert installed.returncode == 0, installed.stderr
    subprocess.run(["npm", "run", "build"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    for name in ("editor.min.js", "rich_paste.min.js", "editor.licences.txt"):
        same = (tmp_path / name).read_bytes() == (EDITOR / name).read_bytes()
        assert same, f"static/editor/{name} is not what its sources make: run `make editor`"


@pytest.mark.django_db
def test_the_editor_page_has_little_javascript(client: Client) -> None:
    ada = factories.person("ada")
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(factories.draft(ada).incident.get_edit_url()).content.decode()
    scripts = re.findall(r'<script[^>]* src="/static/([^"]+)"', page)
    assert "editor/editor.min.js" in scripts
    sizes = {name: len(gzip.compress(Path(str(find(name))).read_bytes(), 9, mtime=0)) for name in scripts}
    assert sum(sizes.values()) < MOST_BYTES, sizes
