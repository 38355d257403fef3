"""How an entry is told: as the frame programs read, and as the line people read; each made once per process."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from ledger.events import Json
from ledger.models import Entry
from ledger.queries import ROOM
from proofs import earlier
from rulebook.times import parse_iso

FALLBACK = "parts/entry.html"


def told(entry: Entry) -> dict[str, Json]:
    """{"stream", "seq", "at", "kind", "data"}: the leaf is the JCS of {"v", "t", "ts", "d": {stream, seq, **data}}."""
    return _told(json.loads(entry.event), stream=entry.stream, seq=entry.seq)


def line(entry: Entry) -> SafeString:
    """The entry as a line of a hall or a log page, in Chinese."""
    return _line(told(entry), at=entry.at)


def line_behind(event: Mapping[str, Any]) -> SafeString:
    """The same line for a fact told behind closed doors, as the blob that discloses it has it."""
    stream, seq = event["d"]["stream"], event["d"]["seq"]
    return _line(_told(event, stream=f"{stream}{ROOM}", seq=seq), at=parse_iso(event["ts"]))


def _told(event: Mapping[str, Any], *, stream: str, seq: int) -> dict[str, Json]:
    data = {key: value for key, value in event["d"].items() if key not in ("stream", "seq")}
    return {"stream": stream, "seq": seq, "at": event["ts"], "kind": event["t"], "data": data}


def _line(said: Mapping[str, Any], *, at: datetime) -> SafeString:
    with translation.override(settings.LANGUAGE_CODE):
        data = earlier.present(said["kind"], said["data"])
        entry = {**said, "data": data, "at": at, "room": said["stream"].endswith(ROOM)}
        return render_to_string(template_of(said["kind"]), {"entry": entry})


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
