"""A site's public doors over HTTP, for programs that believe nothing it says."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from proofs import canonical, note
from proofs.canonical import NotCanonical
from proofs.note import Verifier

TIMEOUT = 20.0


class Unreachable(Exception):
    """The site did not answer, or not with what was asked for: try again later."""


class Doors:
    """The doors beneath a base address. Blobs are compared with their names and kept in `cache`, if given."""

    def __init__(self, base: str, *, cache: Path | None = None) -> None:
        self.base = base.rstrip("/")
        self._cache = cache

    def get(self, path: str) -> bytes:
        """The body at a path. Raises Unreachable unless it answers 200."""
        try:
            with urllib.request.urlopen(f"{self.base}/{path}", timeout=TIMEOUT) as answer:
                return bytes(answer.read())
        except (OSError, http.client.HTTPException) as wrong:
            raise Unreachable(f"{path}: {wrong}") from wrong

    def post(self, path: str, value: Any) -> tuple[int, str]:
        """Post JSON. Returns status and body; raises Unreachable when nothing answers, or nobody can now (5xx)."""
        request = urllib.request.Request(  # noqa: S310 (the caller named the site)
            f"{self.base}/{path}",
            data=canonical.dumps(value),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            if refused.code >= 500:  # no word on what was asked: it is asked again
                raise Unreachable(f"{path}: {refused}") from refused
            return refused.code, refused.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as wrong:
            raise Unreachable(f"{path}: {wrong}") from wrong

    def json(self, path: str) -> Any:
        """The JSON at a path."""
        return json.loads(self.get(path))

    def log(self, path: str) -> bytes:
        """A path of the public log: `checkpoint`, `tile/…` (the `Fetch` of a mirror)."""
        return self.get(f"log/{path}")

    def sealed_note(self) -> str:
        """The sealed log's newest checkpoint."""
        return self.get("sealed/checkpoint").decode()

    def vkey(self, which: str) -> Verifier:
        """The key the site shows for `log`, `sealed` or `receipts`: only to pin it, never to believe it."""
        return note.parse_vkey(self.get(f"{which}/vkey").decode().strip())

    def blob(self, sha256: str) -> bytes:
        """The bytes with this hash. Raises NotCanonical when the site gives others."""
        canonical.hex_bytes(sha256, 32, "blob")
        kept = self._cache / sha256 if self._cache else None
        if kept and kept.exists():
            return kept.read_bytes()
        data = self.get(f"blobs/{sha256}")
        if canonical.sha256(data).hex() != sha256:
            raise NotCanonical(f"blob {sha256}: the site gives other bytes")
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(data)
        return data

    @staticmethod
    def quoted(text: str) -> str:
        """A number or name as one segment of a path."""
        return urllib.parse.quote(text, safe="")
