"""The public log as plain files a mirror can fetch, the keys, the witnesses, and large public objects."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from ledger import blobs, keys, queries, trees
from ledger.models import Log
from proofs import tiles

FOREVER = "public, max-age=31536000, immutable"
FRESH = "no-cache"
TEXT = "text/plain; charset=utf-8"


@require_safe
def checkpoint(request: HttpRequest, log: str) -> HttpResponse:
    """The newest checkpoint of a log, with its cosignatures. Spec: C2SP tlog-checkpoint."""
    head = queries.latest_checkpoint(log)
    if head is None:
        raise Http404
    return _plain(head.note)


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile or bundle of the public log, full or partial. Spec: C2SP tlog-tiles."""
    try:
        wanted = tiles.parse_path(f"tile/{path}")
    except ValueError as error:
        raise Http404 from error
    head = queries.newest(Log.PUBLIC)
    if head is None or tiles_end(wanted) > head.size:
        raise Http404
    response = HttpResponse(trees.fetch(Log.PUBLIC, wanted), content_type="application/octet-stream")
    response["Cache-Control"] = FOREVER
    return response


def tiles_end(tile: tiles.Tile) -> int:
    """How many leaves a log must have for this tile to be there."""
    return (tile.index * tiles.WIDTH + tile.width) << tiles.HEIGHT * (tile.level or 0)


@require_safe
def vkey(request: HttpRequest, name: str) -> HttpResponse:
    """The public key under which a log or the receipts are signed."""
    found = keys.verifier(name)
    if found is None:
        raise Http404
    return _plain(found.vkey + "\n")


@require_safe
def handovers(request: HttpRequest, name: str) -> HttpResponse:
    """The notes by which its keys followed one another, the oldest first, with a line of === between; 404 for none."""
    if not (notes := keys.handovers(name)):
        raise Http404
    return _plain("===\n".join(notes))


@require_safe
def witnesses(request: HttpRequest) -> JsonResponse:
    """The witnesses whose quorum makes a checkpoint count."""
    listed = {"vkeys": [witness["vkey"] for witness in settings.WITNESSES], "quorum": settings.QUORUM}
    return JsonResponse(listed)


@require_safe
def blob(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A large public object by its hash; never shown as a page, whatever it is."""
    found = queries.blob(sha256)
    etag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    response = FileResponse(blobs.open_blob(sha256), as_attachment=True, filename=sha256)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Length"] = str(found.size)
    response["Cache-Control"] = FOREVER
    response["ETag"] = etag
    return response


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type=TEXT, headers={"Cache-Control": FRESH})
