"""The list of a site's scripts: which file has which SHA-256, and which files a page would run.

A site logs the hash of this list whenever it serves other scripts than before, and publishes the list under that hash.
"""

import hashlib
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from proofs import canonical

STREAM = "scripts"
KIND = "ledger.scripts-served"
V = "scripts/1"
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAMED = re.compile(
    r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']|\bnew\s+URL\(\s*["']([^"']+\.m?js)["']\s*,\s*import\.meta\.url""",
    re.ASCII,
)


def listing(scripts: Mapping[str, str]) -> bytes:
    """The list as it is published: {path: SHA-256 in hex}, in one spelling."""
    return canonical.dumps({"v": V, "scripts": dict(scripts)})


def read(data: bytes, *, sha256: str) -> dict[str, str]:
    """The list under a hash. ValueError when it is another one, or none at all."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError("the list does not have the hash that was logged")
    told = canonical.parse_object(data)
    scripts = told.get("scripts") if told.get("v") == V else None
    if not isinstance(scripts, dict):
        raise ValueError("not a list of scripts")
    if not all(isinstance(digest, str) and _HEX.fullmatch(digest) for digest in scripts.values()):
        raise ValueError("a list of scripts without their hashes")
    return {str(path): str(digest) for path, digest in scripts.items()}


class _Scripts(HTMLParser):
    """What a page runs: addresses of scripts, and whether it holds one itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.own = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "script" and told.get("src"):
            self.sources.append(str(told["src"]))
        elif tag == "script" and told.get("type") not in ("application/json", "importmap"):
            self.own = True


def of_page(html: str, *, address: str) -> tuple[list[str], bool]:
    """The absolute addresses of the scripts a page loads, and whether it holds a script of its own."""
    parser = _Scripts()
    parser.feed(html)
    return [urljoin(address, source) for source in parser.sources], parser.own


def named_by(source: str, *, address: str) -> set[str]:
    """The absolute addresses a script may load as scripts in its turn: imports and workers."""
    names = [first or second for first, second in _NAMED.findall(source)]
    return {urljoin(address, name) for name in names if name.startswith((".", "/", "http")) or name.endswith(".js")}


def path_on(base: str, address: str) -> str | None:
    """The path of an address on a site, None when it is another site's."""
    here, there = urlsplit(base), urlsplit(address)
    return there.path if (here.scheme, here.netloc) == (there.scheme, there.netloc) else None
