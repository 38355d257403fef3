"""Words: every string of a page can be translated, every refusal has a code of its own, every law cited is listed."""

import ast
import re

from tests.architecture.scripts import literals
from tests.architecture.source import ROOT, modules, tracked

HAN = re.compile(r"[\u4e00-\u9fff]")
# What gettext already sees, what never reaches a reader, and values handed to tags that translate.
SEEN = re.compile(
    r"{%-?\s*blocktrans(late)?\b.*?{%-?\s*endblocktrans(late)?\s*-?%}|{%.*?%}|{#.*?#}|{{.*?}}"
    r"|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|<!--.*?-->",
    re.S,
)
BLOCK_COMMENT = re.compile(r"{%\s*comment.*?%}.*?{%\s*endcomment\s*%}", re.S)


def test_every_string_of_a_page_goes_through_gettext():
    found = []
    for path in tracked("templates/**"):
        if path.suffix != ".html":
            continue
        text = path.read_text()
        bare = SEEN.sub(
            lambda m: "\n" * m.group().count("\n"), BLOCK_COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
        )
        found += [
            f"{path.relative_to(ROOT)}:{n}: {line.strip()[:60]}"
            for n, line in enumerate(bare.split("\n"), 1)
            if HAN.search(line)
        ]
    assert not found


def test_every_sentence_of_a_script_goes_through_its_words():
    """Amounts in capitals are a notation, not a sentence; key files and proofs are spelt, not spoken."""
    found = []
    for path in tracked("static/**"):
        if path.suffix != ".js" or path.name == "yuan.js":
            continue
        text = path.read_text()
        found += [
            f"{path.relative_to(ROOT)}: {words.strip()[:40]}"
            for start, _, words in literals(text)
            if HAN.search(words) and not text[:start].endswith("tr")
        ]
    assert not found


def test_every_refusal_has_a_code_of_its_own():
    """One code, one sentence: a machine that knows the code knows what was said."""
    said: dict[str, set[str]] = {}
    for tree in modules().values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).rsplit(".", 1)[-1] == "Reason"
                and len(node.args) >= 3
            ):
                code, text = node.args[0], node.args[2]
                if isinstance(code, ast.Constant):
                    said.setdefault(str(code.value), set()).add(ast.unparse(text))
    assert said
    assert not {code: sorted(texts) for code, texts in said.items() if len(texts) > 1}


def test_every_law_cited_in_code_is_in_the_law_table():
    table = (ROOT / "docs/law.md").read_text()
    found = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).rsplit(".", 1)[-1] == "Article"
                and len(node.args) >= 2
            ):
                values = [a.value for a in node.args[:2] if isinstance(a, ast.Constant)]
                if len(values) == 2 and f"| {values[0]} | {values[1]} |" not in table:
                    found.append(f"{name}:{node.lineno} {values[0]} {values[1]}")
    assert not found
