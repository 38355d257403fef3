"""Static files are collected once, and again when one of them has changed."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

from config import static
from config.env import ROOT

IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


def test_what_has_not_changed_is_not_collected_again(settings, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    sheet = source / "sheet.css"
    sheet.write_text("p { color: red }")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "collected"

    static.collect()
    manifest = tmp_path / "collected" / "staticfiles.json"
    first = manifest.read_text()
    manifest.write_text("{}")
    static.collect()
    assert manifest.read_text() == "{}"

    sheet.write_text("p { color: blue }")
    static.collect()
    assert "sheet.css" in manifest.read_text()
    assert manifest.read_text() != first


def test_a_script_run_as_a_worker_has_no_way_to_the_network(client) -> None:
    served = client.get("/static/bidding/submission/seal-worker.js")

    rules = dict(rule.strip().split(" ", 1) for rule in served["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == rules["trusted-types"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert "Content-Security-Policy" not in client.get("/static/css/site.css")


def test_no_script_names_one_that_names_it() -> None:
    """A name follows from what a file imports, in its comments too: of two that name each other neither gets one."""
    files = list((ROOT / "static").rglob("*.js"))
    named = {
        file.resolve(): {(file.parent / to).resolve() for to in IMPORT.findall(file.read_text())} for file in files
    }
    TopologicalSorter(named).prepare()
