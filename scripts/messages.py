"""The catalogues of other languages: what public pages say, collected and compiled without tools from outside.

`python -m scripts.messages` writes locale/<language>/LC_MESSAGES/*.po anew (what is gone is dropped, what is new is
empty), compiles them, and prints what waits for words. An empty translation shows the Chinese sentence.

Traditional Mongolian (mvf) is written from the Cyrillic by `scripts.mongol`, save entries that say they are by hand; a
word it does not know is printed, and wants a line in locale/mvf/words.txt.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from scripts import mongol
from tests.architecture.scripts import literals

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "mn", "mvf")  # mn before mvf, which is written from it
BY_HAND = "by hand"  # the comment of a sentence in traditional script that says it otherwise than the Cyrillic does
# What the public reads. Desks and forms of those who act here speak Chinese, as everything that is written down.
PUBLIC = (
    "templates/base.html", "templates/parts/*.html", "templates/refused*.html", "templates/portal/home/*.html",
    "templates/portal/regions/*.html",
    "templates/portal/notices/*.html", "templates/portal/statistics/*.html", "templates/portal/verify/*.html",
    "templates/portal/buyers/*.html", "templates/portal/judges/*.html", "templates/portal/ocds/*.html",
    "templates/portal/house/*.html", "templates/portal/log/*.html", "templates/portal/scripts/*.html",
    "templates/keeping/archives/archive.html", "templates/keeping/retention/terms.html",
    "templates/market/notices/*.html", "templates/market/catalogue/directory.html",
    "templates/market/catalogue/item.html", "templates/market/catalogue/approvals.html",
    "templates/market/catalogue/sheet.html", "templates/market/catalogue/_rows.html", "market/catalogue/pages.py",
    "templates/market/shopfronts/*.html", "templates/market/complaints/guide.html", 
    "templates/blacklist/sanctions/list.html",
    "templates/blacklist/credit/rules.html", "templates/accounts/login.html", "templates/documents/issued/*.html",
    "templates/draws/draw.html", "templates/portal/help/*.html", "portal/help/*.py",
    "templates/bidding/opening/hall.html", "templates/bidding/opening/_main.html",
    "templates/bidding/opening/_unopened.html", "templates/bidding/opening/replay.html",
    "templates/bidding/tender/project.html", "templates/bidding/tender/_[chlt]*.html",
    "templates/bidding/submission/_readiness.html", "templates/bidding/changes/changes.html",
    "templates/bidding/auction/room.html", "templates/bidding/auction/_[lnr]*.html",
    "templates/bidding/sealed/offers.html", "templates/bidding/papers/papers.html",
    "templates/market/purchases/purchase.html", "templates/market/purchases/_head.html",
    "templates/market/selection/choice.html", "templates/market/selection/enrol.html",
    "templates/market/agency/_named.html", "templates/market/awards/award.html",
    "templates/market/awards/_publicity.html", "templates/market/contracts/_proposal.html",
    "templates/market/performance/performance.html", "templates/market/performance/_m*.html",
    "templates/market/performance/_terminations.html", "templates/intermediaries/ratings/ratings.html",
    "templates/intermediaries/ratings/_*.html", "templates/supervision/wall/timeline.html",
    "templates/bidding/opening/_voice.html", "templates/blacklist/sanctions/s*.html", "intermediaries/ratings/words.py",
    "market/catalogue/rules.py", "bidding/opening/words.py", "bidding/opening/hall.py", "bidding/opening/between.py",
    "market/performance/pages.py", "market/notices/models.py",
    "market/projects/models.py", "market/projects/spoken.py", "market/projects/procedure*.py",
    "market/projects/supermarket.py",
    "portal/home/queries.py", "portal/notices/*.py", "portal/statistics/figures.py", "portal/statistics/afterwards.py",
    "portal/statistics/groups.py", "market/notices/words.py", "market/notices/service_words.py",
    "market/catalogue/words.py", "accounts/models.py",
    "accounts/templatetags/parts.py", "rulebook/terms.py", "market/projects/terms.py",
)  # fmt: skip
SCRIPTS = (
    "static/parts/*.js",
    "static/portal/verify/*.js",
    "static/bidding/opening/spoken.js",
    "static/bidding/opening/replay.js",
    "static/bidding/opening/reading.js",
    "static/bidding/opening/voice.js",
    "static/bidding/auction/chart.js",
    "static/bidding/auction/room.js",
)
SAID = re.compile(r"(?<![\w.])(?:_|n?gettext)\(u?(?P<one>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.S)
HOLE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
ROWS = {"Terms", "Procedure", "replace"}  # what a law calls things
TABLES = {"FIELD_NAMES"}  # what a rule calls things, which a page says
HAN = re.compile("[\u3400-\u9fff]")


def sentences(patterns: tuple[str, ...]) -> dict[str, list[str]]:
    """Each sentence said by the files of these patterns, with where."""
    found: dict[str, list[str]] = {}
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            read = {".html": _of_template, ".py": _of_module, ".js": _of_script}[path.suffix]
            for sentence in read(path.read_text()):
                found.setdefault(sentence, []).append(str(path.relative_to(ROOT)))
    return found


def _of_template(text: str) -> Iterator[str]:
    for said in SAID.finditer(templatize(text)):
        yield ast.literal_eval(said["one"])


def _of_module(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
            yield from _words(node.args[:1])
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ROWS:
            yield from filter(HAN.search, _words(keyword.value for keyword in node.keywords))
        elif isinstance(node, ast.ClassDef) and node.name in ROWS:
            yield from filter(HAN.search, _words(row.value for row in node.body if isinstance(row, ast.AnnAssign)))
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in TABLES:
            yield from _words(getattr(node.value, "values", ()))


def _words(nodes: Iterable[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _of_script(text: str) -> Iterator[str]:
    for start, end, _ in literals(text):
        if text[:start].endswith("tr") and text[start] == "`":
            parts = HOLE.split(text[start + 1 : end - 1])
            yield "".join(f"{{{at - 1}}}{part}" if at else part for at, part in enumerate(parts))


def catalogue(language: str, domain: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def write(language: str, domain: str, said: dict[str, list[str]]) -> list[str]:
    """One catalogue anew, and compiled. Returns the sentences that wait for words."""
    path = catalogue(language, domain)
    before = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}
    book = polib.POFile(wrapwidth=110)
    book.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    derived = from_cyrillic(domain) if language == "mvf" else None
    for sentence in sorted(said, key=lambda one: (said[one][0], one)):
        entry = polib.POEntry(
            msgid=sentence,
            occurrences=[(said[sentence][0], "")],
            flags=["python-format"] if re.search(r"%\(\w+\)s", sentence) else [],
        )
        if old := before.get(sentence):
            entry.msgstr, entry.tcomment = old.msgstr, old.tcomment
        if derived is not None and (entry.tcomment != BY_HAND or entry.msgstr == derived.get(sentence)):
            entry.msgstr, entry.tcomment = derived.get(sentence, ""), ""
        book.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))
    book.save_as_mofile(str(path.with_suffix(".mo")))
    return [entry.msgid for entry in book if not entry.msgstr]


def from_cyrillic(domain: str) -> dict[str, str]:
    """What the Cyrillic catalogue says, in the traditional script; prints each word the lexicon does not know."""
    found: dict[str, str] = {}
    for entry in polib.pofile(str(catalogue("mn", domain))):
        try:
            found[entry.msgid] = mongol.traditional(entry.msgstr)
        except mongol.Unknown as unknown:
            print(f"locale/mvf/words.txt does not know {', '.join(unknown.args)}: {entry.msgstr}")
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    for language in LANGUAGES:
        for domain, patterns in (("django", PUBLIC), ("djangojs", SCRIPTS)):
            missing = write(language, domain, sentences(patterns))
            print(f"{language} {domain}: {len(missing)} wait for words")
