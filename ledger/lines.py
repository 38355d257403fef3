"""How an entry is told: as the frame programs read, and as the line people read; each made once per process."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from ledger.events import Json
from ledger.models import Entry
from proofs import earlier

FALLBACK = "parts/entry.html"


def told(entry: Entry) -> dict[str, Json]:
    """{"stream", "seq", "at", "kind", "data"}: the leaf is the JCS of {"v", "t", "ts", "d": {stream, seq, **data}}."""
    event = json.loads(entry.event)
    data = {key: value for key, value in event["d"].items() if key not in ("stream", "seq")}
    return {"stream": entry.stream, "seq": entry.seq, "at": event["ts"], "kind": entry.kind, "data": data}


def line(entry: Entry) -> SafeString:
    """The entry as a line of a hall or a log page, in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        said = told(entry)
        data = earlier.present(entry.kind, said["data"])
        return render_to_string(template_of(entry.kind), {"entry": {**said, "data": data, "at": entry.at}})


def framed(entry: Entry) -> dict[str, Json]:
    """What is told of the entry, with the line people read."""
    return {**told(entry), "line": line(entry)}


def frame(entry: Entry) -> str:
    """The entry as one websocket message."""
    return json.dumps(framed(entry), ensure_ascii=False, separators=(",", ":"))


def template_of(kind: str) -> str:
    """`…/entries/<kind>.html` in the folder of the slice that records it, or the plain line."""
    return _templates().get(kind, FALLBACK)


@cache
def _templates() -> dict[str, str]:
    root = Path(settings.BASE_DIR) / "templates"
    return {path.stem: str(path.relative_to(root)) for path in sorted(root.glob("**/entries/*.html"))}
