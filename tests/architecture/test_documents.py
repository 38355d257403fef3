"""Documents that repeat a table of the code say the same as the code."""

import re

from market.projects.rules import LIFE, Stage
from tests.architecture.source import ROOT, tracked


def life() -> str:
    """The life of a project as text, from its table."""
    lines = [
        f"{stage.name:<11}→ {' | '.join(sorted(to.name for to in LIFE.moves.get(stage, ()))) or '(ends)'}"
        for stage in Stage
    ]
    return "```\n" + "\n".join(lines) + "\n```"


def test_the_map_prints_a_projects_life_as_it_is():
    text = (ROOT / "docs/architecture.md").read_text()
    printed = re.search(r"<!-- life -->\n(.*?)\n<!-- /life -->", text, re.S)
    assert printed
    assert printed[1] == life()


def test_every_package_is_on_the_map():
    text = (ROOT / "docs/architecture.md").read_text()
    packages = {path.parent.name for path in tracked("*/__init__.py") if path.parent.parent == ROOT} - {"tests"}
    assert not {name for name in packages if name not in text}


def test_links_between_documents_lead_somewhere():
    found = []
    for path in [*tracked("*.md"), *tracked("docs/**")]:
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            if not (path.parent / target).exists():
                found.append(f"{path.relative_to(ROOT)} → {target}")
    assert not found
