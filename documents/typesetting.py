"""Pages of paper: a template of typst and plain values become a PDF/A that every reader opens and an archive keeps.

Values are handed over as JSON and set as text. Nothing in them is ever read as markup, whatever they are called.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import manimgx_fonts_cjk
import typst
from django.conf import settings

STANDARD = ["a-2a"]  # PDF/A-2a: archived, tagged for screen readers
KEPT = 4  # papers a process remembers, a megabyte each: who looks at one looks at it again
ASKED = 512  # texts of which it remembers whether they can be set
_lock = Lock()


def pdf(template: str, values: Mapping[str, Any], *, at: datetime) -> bytes:
    """The paper of a template under `templates/`. The same values at the same instant give the same bytes.

    at: the instant written into the file as its making.
    """
    return _set(template, json.dumps(values, ensure_ascii=False, sort_keys=True), int(at.timestamp()))


@lru_cache(ASKED)
def sets(text: str) -> bool:
    """Whether the fonts of paper hold every sign of a text: what they do not is left out, never printed as boxes."""
    try:
        _set("documents/glyphs.typ", json.dumps({"text": text}, ensure_ascii=False), 0)
    except typst.TypstError as refused:
        if "could not be displayed" in str(refused):
            return False
        raise
    return True


@lru_cache(KEPT)
def _set(template: str, values: str, seconds: int) -> bytes:
    with _lock:  # one compiler a process, its fonts read once; two papers at a time would not be faster
        made = _compiler().compile(
            input=str(_root() / template),
            root=str(_root()),
            sys_inputs={"values": values},
            format="pdf",
            pdf_standards=STANDARD,
            timestamp=seconds,
        )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@lru_cache(1)
def _compiler() -> typst.Compiler:
    fonts = str(Path(manimgx_fonts_cjk.__file__).parent)
    return typst.Compiler(root=str(_root()), font_paths=[fonts], ignore_system_fonts=True)


def _root() -> Path:
    return Path(settings.BASE_DIR) / "templates"
