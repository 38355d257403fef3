"""Traditional Mongolian from Cyrillic, word by word: the same language, a spelling that no rule of letters gives.

`locale/mvf/words.txt` says how each stem is spelled; this module knows the endings, which follow from the stem: its
vowels (back or front) and its last letter. What no stem explains is not guessed: `Unknown` names the words.
Decision 0049 says what of it is certain.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).resolve().parent.parent / "locale" / "mvf" / "words.txt"
LETTERS = {
    **dict(zip("aeioöuünNbpqkgmlsštdcjyrwéfKCh", "ᠠᠡᠢᠣᠥᠤᠦᠨᠩᠪᠫᠬᠬᠭᠮᠯᠰᠱᠲᠳᠴᠵᠶᠷᠸᠧᠹᠺᠼᠾ", strict=True)),
    **{"D": "ᠳ\u180b", "~": "\u202f", "_": "\u180e", " ": " "},
}
BACK, FRONT = "aou", "eöü"
CYRILLIC = re.compile("[А-Яа-яЁёӨөҮү]")
WORD = re.compile(r"[А-Яа-яЁёӨөҮү]+(?:-[А-Яа-яЁёӨөҮү]+)*")
KEPT = re.compile(r"<[^>]*>|%\(\w+\)s|%%|\{[^{}]*\}|&\w+;|https?://\S+|[A-Za-z0-9][A-Za-z0-9._/:@+-]*(?<![.:,-])")
HUNG = re.compile(r"(?:(?<=[^А-Яа-яЁёӨөҮү\s])-|(?<=[\w}%)>]))([А-Яа-яЁёӨөҮү]+)")  # -ийн, on a number or a name
SIGNS = {",": "᠂", ";": "᠂", ".": "᠃", ":": "᠄", "«": "《", "»": "》"}
POLITE = re.compile(r"\s+[уү][уү](?!\w)(?!\s*\?)")

# What an ending of a Cyrillic word says; A is its short vowel, the rest of the letters stand for themselves.
CASES = {
    "GEN": "ын ийн гийн ны ний н ы ий",
    "ACC": "ыг ийг г гийг",
    "DAT": "д т Aд Aт нд Aнд ид",
    "ABL": "AAс гAAс нAAс иас",
    "INS": "AAр гAAр нAAр иар",
    "COM": "тAй",
    "OWN": "AA гAA нAA",
    "DAT OWN": "дAA тAA AдAA ндAA AндAA",
    "ABL OWN": "AAсAA гAAсAA нAAсAA",
    "INS OWN": "AAрAA гAAрAA",
    "GEN OWN": "ынхAA ийнхAA гийнхAA ныхAA нийхAA",
    "KI": "ынх ийнх гийнх ных нийх",
    "NOT": "гүй",
}
AFTER_NOT = {"ACC": "г", "INS": "гээр", "DAT": "д", "GEN": "н"}
AFTER_TAI = {"ACC": "г", "INS": "гAAр", "DAT": "д"}
AFTER_KI = {"ACC": "ыг ийг", "ABL": "AAс", "INS": "AAр", "COM": "тAй", "DAT": "Aд"}
PARTICIPLE = {  # what may follow -х and -сан
    "": "", "GEN": "ын ийн ы ий", "ACC": "ыг ийг", "DAT": "Aд д", "ABL": "AAс", "INS": "AAр", "COM": "тAй AтAй",
    "OWN": "AA", "DAT OWN": "дAA", "ABL OWN": "AAсAA", "NOT": "гүй", "NOT INS": "гүйгээр", "NOT ACC": "гүйг",
}  # fmt: skip
VERBS = {
    "NA": "нA",
    "JU": "ж ч",
    "GAD": "AAд гAAд",
    "SAN NOT": "AAгүй гAAгүй",
    "SAN NOT ACC": "AAгүйг гAAгүйг",
    "SAN NOT GEN": "AAгүйн",
    "DAG": "дAг",
    "BAL": "вAл бAл",
    "MAGCA": "мAгц",
    "TAL": "тAл",
    "LA": "лAA",
    "BA": "в",
    "N": "н Aн",
    "L NOT": "лгүй",
    "SAGAR": "сAAр",
    "AI": "",  # the bare stem bids
}
SHORT = "аэоөи"


def _expanded(pattern: str) -> Iterator[str]:
    for vowel in "аэоө":
        yield pattern.replace("A", vowel)


@cache
def _nominal() -> dict[str, str]:
    """Each ending of a noun, with what it says."""
    found = {"": ""}

    def take(says: str, patterns: str) -> None:
        for pattern in patterns.split(" "):
            for ending in _expanded(pattern):
                found.setdefault(ending, says)

    for says, patterns in CASES.items():
        take(says, patterns)
    for says, patterns in AFTER_NOT.items():
        take(f"NOT {says}", " ".join(f"гүй{one}" for one in patterns.split(" ")))
    for says, patterns in AFTER_TAI.items():
        take(f"COM {says}", " ".join(f"тAй{one}" for one in patterns.split(" ")))
    for says, patterns in AFTER_KI.items():
        take(f"KI {says}", " ".join(ki + one for ki in CASES["KI"].split(" ") for one in patterns.split(" ")))
    for plural in ("ууд", "үүд", "нууд", "нүүд"):
        for ending, says in list(found.items()):
            if not ending.startswith(("н", "г")) or ending.startswith("гүй"):
                found.setdefault(plural + ending, f"UD {says}".strip())
    return found


@cache
def _verbal() -> dict[str, str]:
    """Each ending of a verb, with what it says."""
    found: dict[str, str] = {}

    def take(says: str, ending: str) -> None:
        for before in ("", *SHORT):
            found.setdefault(before + ending, says)

    for says, patterns in PARTICIPLE.items():
        for pattern in patterns.split(" "):
            for tail in _expanded(pattern):
                take(f"QU {says}".strip(), "х" + tail)
                take(f"SAN {says}".strip(), "сн" + tail)
                for vowel in "аэоө":
                    take(f"SAN {says}".strip(), f"с{vowel}н{tail}")
    for says, patterns in VERBS.items():
        for pattern in patterns.split(" "):
            for ending in _expanded(pattern):
                take(says, ending)
    for ending, says in _nominal().items():
        take(f"CI {says}".strip(), "гч" + ending)
        take(f"CI D {says}".strip(), "гчид" + ending)
        take(f"CI D {says}".strip(), "гчд" + ending)
    return found


@dataclass(frozen=True)
class Stem:
    """One line of words.txt: Cyrillic, its spelling, whether it bends as a verb, whether the house is sure."""

    cyrillic: str
    spelling: str
    verb: bool
    sure: bool

    def forms(self) -> Iterator[str]:
        """The stem as it stands before endings: whole, without its last short vowel, without its fleeting one."""
        last = self.cyrillic.rsplit(" ", 1)[-1]
        yield last
        if re.search("[^аэоөиуү][аэоөи]$|ь$", last) and len(last) > 2:
            yield last[:-1]
        if fleeting := re.fullmatch(f"(.+[^аэоөиуүыёюяй])[{SHORT}]([^аэоөиуүыёюяйь])", last):
            yield fleeting[1] + fleeting[2]
            if fleeting[1].endswith("ь"):
                yield fleeting[1][:-1] + fleeting[2]


class Unknown(Exception):
    """Words no stem explains."""


def lexicon(path: Path = WORDS) -> tuple[Stem, ...]:
    stems = []
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            key, sign, spelling = re.split(r"\s+([=?])\s+", line, maxsplit=1)
            stems.append(Stem(key.rstrip("-"), spelling.rstrip("-"), key.endswith("-"), sign == "="))
    return tuple(stems)


@cache
def _by_form() -> dict[str, list[tuple[tuple[str, ...], Stem]]]:
    """Stems by the form their last word may begin with, with the words before it."""
    found: dict[str, list[tuple[tuple[str, ...], Stem]]] = {}
    for stem in lexicon():
        for form in stem.forms():
            found.setdefault(form, []).append((tuple(stem.cyrillic.split(" ")[:-1]), stem))
    return found


def read(word: str, before: tuple[str, ...] = ()) -> tuple[Stem, str] | None:
    """The stem of a word and what its ending says; `before` are the words that have to stand before it."""
    found = []
    for cut in range(len(word), 0, -1):
        for first, stem in _by_form().get(word[:cut], ()):
            says = (_verbal() if stem.verb else _nominal()).get(word[cut:])
            if first == before and says is not None:
                found.append((cut, stem.cyrillic == word[:cut], -len(says), stem, says))
    if not found:
        return None
    best = max(found, key=lambda one: (one[0], one[1], one[2]))
    return best[3], best[4]


def front(spelling: str) -> bool:
    """Whether endings take front vowels: the last vowel that tells decides; i alone is front."""
    for letter in reversed(spelling.rsplit(" ", 1)[-1].replace("é", "e")):
        if letter in BACK:
            return False
        if letter in FRONT:
            return True
    return True


def joined(spelling: str, says: str) -> str:
    """A spelling with the endings that say this, each in the form its stem asks for."""
    for ending in says.split():
        spelling = _joined(spelling, ending)
    return spelling


def _joined(word: str, ending: str) -> str:
    own = word.endswith(("~du", "~dü", "~tu", "~tü", "~aca", "~ece"))
    vowel = word[-1] in "aeioöuüé"
    hard = word[-1] in "bgdrsqktDK" and not word.endswith("ng")
    u = "" if vowel else "u"
    written = {
        "GEN": "~yin" if vowel else "~u" if word.endswith("n") else "~un",
        "ACC": "~yi" if vowel else "~i",
        "DAT": "~tu" if hard else "~du",
        "ABL": "~aca",
        "INS": "~bar" if vowel else "~iyar",
        "COM": "~tai",
        "OWN": "gan" if own else "~ban" if vowel else "~iyan",
        "KI": "~yinki" if vowel else "~uki" if word.endswith("n") else "~unki",
        "NOT": " ügei",
        "UD": "~nugud" if vowel else "~ud",
        "D": "d",
        "QU": "qu",
        "SAN": f"{u}gsan",
        "NA": f"{u}n_a",
        "JU": "cu" if hard else "ju",
        "GAD": f"{u}gad",
        "DAG": "dag",
        "BAL": "bal",
        "MAGCA": "magca",
        "TAL": "tal_a",
        "LA": f"{u}l_a",
        "BA": "ba",
        "N": f"{u}n",
        "L": f"{u}l",
        "SAGAR": f"{u}gsagar",
        "CI": f"{u}gci",
        "AI": "",
        "ARAI": f"{u}garai",
    }[ending]
    if front(word) and ending != "NOT":
        written = written.translate(str.maketrans("aouq", "eöük"))
    if ending == "OWN" and own:
        word = word[:-1] + ("a" if word[-1] in "ua" else "e")
    return word + written


def letters(spelling: str) -> str:
    """The signs of a spelling in Latin letters."""
    return "".join(LETTERS[letter] for letter in spelling.replace("ng", "N"))


def traditional(text: str) -> str:
    """A Cyrillic sentence in the traditional script; placeholders, tags, numbers and Latin words stay as they are.

    Raises: Unknown, with the words no stem explains.
    """
    out: list[str] = []
    unknown: list[str] = []
    at, harmony = 0, False  # whether the word before is front
    while at < len(text):
        if kept := KEPT.match(text, at):
            out.append(kept[0])
            at = kept.end()
            continue
        if (hung := HUNG.match(text, at)) and (said := _hung(hung[1].lower())):
            out.append(said)
            at = hung.end()
            continue
        if not (word := WORD.match(text, at)):
            inner = text[at] in ",.;:" and re.match(r"[\w/]", text[at + 1 :])
            out.append(text[at] if inner else SIGNS.get(text[at], text[at]))
            at += 1
            continue
        if (particle := _particle(word[0].lower(), harmony)) is not None:
            out.append(particle)
            at = word.end()
            continue
        if (term := _term(text, at)) is None:
            unknown.append(word[0])
            at = word.end()
            continue
        stem, says, at = term
        if says == "NA" and (polite := POLITE.match(text, at)):
            says, at = "ARAI", polite.end()
        spelling = joined(stem.spelling, says)
        if stem.cyrillic in ("дахь", "дэх") and out and out[-1] == " ":
            out.pop()
            if len(out) and KEPT.fullmatch(out[-1]):  # the so-and-so-manieth
                spelling = " Dugar"
        harmony = front(spelling)
        out.append(letters(spelling))
    if unknown:
        raise Unknown(*unknown)
    return "".join(out)


def _particle(word: str, harmony: bool) -> str | None:
    if word in ("ч", "л"):
        return letters({"ч": "cu", "л": "la"}[word].translate(str.maketrans("au", "eü") if harmony else {}))
    return None


def _hung(ending: str) -> str | None:
    """What hangs on a number or a name: an ordinal, or a case, whose vowel the Cyrillic tells."""
    if ending == "р":
        return letters(" Dugar")
    says = _nominal().get(ending) or {"с": "ABL"}.get(ending)
    if says is None:
        return None
    return letters(joined("ne" if re.search("[эөүи]", ending) else "na", says)[2:])


def _term(text: str, at: int) -> tuple[Stem, str, int] | None:
    """The longest term of the lexicon that begins here, what its ending says, and where it ends."""
    words = list(_words(text, at))
    for count in range(len(words), 0, -1):
        first = tuple(text[start:end].lower() for start, end in words[: count - 1])
        start, end = words[count - 1]
        if found := read(text[start:end].lower(), first):
            return *found, end
    return None


def _words(text: str, at: int) -> Iterable[tuple[int, int]]:
    """Up to three words of the text that stand side by side."""
    for _ in range(3):
        if not (word := WORD.match(text, at)):
            return
        yield word.span()
        at = word.end() + 1
        if text[word.end() : at] != " ":
            return
