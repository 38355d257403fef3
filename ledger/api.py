"""Programs' doors to the public streams."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from ledger import lines, queries

router = Router(tags=["ledger"])


@router.get("/streams", auth=None)
def streams(request: HttpRequest) -> dict[str, Any]:
    """Every public stream and the number of its newest entry."""
    return {"streams": [{"name": stream.name, "last": stream.last} for stream in queries.public_streams()]}


@router.get("/streams/{path:stream}/entries", auth=None)
def entries(
    request: HttpRequest, stream: str, after: int = Query(0, ge=0, lt=2**53), lined: bool = False
) -> dict[str, Any]:
    """A page of a stream's entries after a number. `more`: ask again with the last number of this page.

    lined: each with the line that people read, as the socket tells it.
    """
    found = queries.entries_after(stream, after)
    return {
        "stream": stream,
        "entries": [lines.framed(entry) if lined else lines.told(entry) for entry in found],
        "more": len(found) == queries.PAGE,
    }
