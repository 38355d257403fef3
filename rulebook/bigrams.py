"""Words of a text for an index that is searched by them: Chinese by pairs of characters, other scripts by whole words.

Chinese is written without spaces, and most of its words have two characters: every pair of neighbours is a token, the
last character of a run one more, so that a word of one character is the beginning of some token wherever it stands.
A word of three and more characters asks for all its pairs; whether they stand side by side is looked at in the text.
"""

import re
import unicodedata
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
LONGEST = 60  # characters of a word that are kept
MOST = 12  # words of a question that are looked for


@dataclass(frozen=True)
class Term:
    """A token to be found; whole: it must be that token, else one that begins so."""

    token: str
    whole: bool


def plain(text: str) -> str:
    """The text as tokens are made of it: one width, one case; nothing from the private area, where facts are kept."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(c) != "Co")


def tokens(text: str) -> set[str]:
    """What a text is found by.

    >>> sorted(tokens("供热管网 DN300"))
    ['dn300', '供热', '热管', '管网', '网']
    """
    return {token for run in RUN.findall(plain(text)) for token in _tokens(run)}


def _tokens(run: str) -> list[str]:
    if not _han(run):
        return [run[:LONGEST]]
    return [run[at : at + 2] for at in range(len(run))]


def terms(words: str) -> list[Term]:
    """What a question asks for, all of it.

    >>> [(term.token, term.whole) for term in terms("供热管 水 dn3")]
    [('供热', True), ('热管', True), ('水', False), ('dn3', False)]
    """
    found: dict[str, Term] = {}
    for run in runs(words):
        if not _han(run):
            found[run] = Term(run[:LONGEST], whole=False)
        elif len(run) == 1:
            found[run] = Term(run, whole=False)
        else:
            found |= {pair: Term(pair, whole=True) for pair in _tokens(run)[:-1]}
    return list(found.values())


def phrases(words: str) -> list[str]:
    """The words of a question whose pairs must stand side by side: those of three Chinese characters and more."""
    return [run for run in runs(words) if _han(run) and len(run) > 2]


def runs(words: str) -> list[str]:
    """The words of a question."""
    return RUN.findall(plain(words))[:MOST]


def _han(run: str) -> bool:
    return re.match(f"[{HAN}]", run) is not None
