"""The door of uploads in pieces: tus 1.0.0 with the extensions creation, checksum (sha256) and termination.

Of the core protocol everything; of creation no deferred length and no data with the first request; of checksum
`sha256` alone. `Upload-Metadata` must name the `sha256` of the whole, so that beginning twice is beginning once.

Where the storage takes envelopes itself, the answer to beginning has `Upload-Pieces`: which pieces it wants, where each
is put, and, after that address without `pieces` and with `whole`, the word that all have come. PATCH goes on working.
"""

import base64
import binascii
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from ninja.security import django_auth

from accounts.flood import limited
from bidding.submission import straight, uploads
from bidding.submission.models import Upload
from market.projects import queries as projects

router = Router(tags=["bids"], auth=django_auth)
VERSION = "1.0.0"
PIECE = 64 * 1024
CHECKSUM_MISMATCH = 460
WHERE = "/projects/{number}/uploads/{part}"


class Pieces(Schema):
    """piece, length: bytes.  there: numbers of the pieces that have come, from 1."""

    piece: int
    length: int
    there: list[int]


class Piece(Schema):
    """number: from 1.  sha256: of these bytes, in hex."""

    number: int
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Address(Schema):
    url: str
    headers: dict[str, str]


@router.api_operation(["OPTIONS"], WHERE, auth=None)
def capabilities(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """What of tus is spoken here."""
    told = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,checksum,termination",
        "Tus-Checksum-Algorithm": "sha256",
        "Tus-Max-Size": str(settings.ENVELOPE_LIMIT),
    }
    return _answer(204, **told)


@router.post(WHERE, response={201: Any})
def begin(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Begin, or find again what was begun: its Location, and in Upload-Offset how much has come."""
    sha256 = _sha256_of_the_whole(request)
    length = request.headers.get("Upload-Length", "")
    if not (_speaks(request) and sha256 and _is_count(length)):
        return _answer(412 if not _speaks(request) else 400)
    project = projects.visible(number, viewer=request.actor)
    row = uploads.begin(
        project_number=project.number,
        part=part,
        sha256=sha256,
        length=int(length),
        by=request.actor,
        at=request.arrived_at,
    )
    place = f"{request.path.removesuffix('/')}/{row.key}"
    beside = {"Upload_Pieces": f"{place}/pieces"} if straight.is_offered() and not row.finished_at else {}
    return _answer(201, Location=place, **_standing(row), **beside)


@router.api_operation(["HEAD"], WHERE + "/{key}")
def how_far(request: HttpRequest, number: str, part: str, key: str) -> HttpResponse:
    """How much has come."""
    if not _speaks(request):
        return _answer(412)
    row = uploads.own(project_number=number, part=part, key=key, by=request.actor)
    return _answer(200, **_standing(row))


@router.patch(WHERE + "/{key}", response={204: Any})
def go_on(request: HttpRequest, number: str, part: str, key: str) -> HttpResponse:
    """The next bytes."""
    offset = request.headers.get("Upload-Offset", "")
    checksum = _checksum(request)
    if not _speaks(request):
        return _answer(412)
    if request.content_type != "application/offset+octet-stream":
        return _answer(415)
    if not _is_count(offset) or checksum is False:
        return _answer(400)
    row = uploads.go_on(
        project_number=number,
        part=part,
        key=key,
        offset=int(offset),
        chunks=iter(lambda: request.read(PIECE), b""),
        checksum=checksum or None,
        by=request.actor,
        at=request.arrived_at,
    )
    return _answer(204, **_standing(row)) if row else _answer(CHECKSUM_MISMATCH)


@router.delete(WHERE + "/{key}", response={204: Any})
def give_up(request: HttpRequest, number: str, part: str, key: str) -> HttpResponse:
    """Forget what has come."""
    if not _speaks(request):
        return _answer(412)
    uploads.give_up(project_number=number, part=part, key=key, by=request.actor, at=request.arrived_at)
    return _answer(204)


@router.get(WHERE + "/{key}/pieces", response=Pieces)
def pieces(request: HttpRequest, number: str, part: str, key: str) -> dict[str, Any]:
    """Where envelopes go straight to the storage: how long each piece is to be, and which have come."""
    _is_offered()
    row, come = straight.there(project_number=number, part=part, key=key, by=request.actor)
    return {"piece": straight.PIECE, "length": row.length, "there": come}


@router.post(WHERE + "/{key}/pieces", response=Address)
@limited
def address(request: HttpRequest, number: str, part: str, key: str, said: Piece) -> straight.Address:
    """An address to PUT one piece to, with these headers: for these bytes alone, once, for a quarter of an hour."""
    _is_offered()
    return straight.address(
        project_number=number, part=part, key=key, number=said.number, sha256=said.sha256, by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip


@router.post(WHERE + "/{key}/whole", response={204: Any})
def whole(request: HttpRequest, number: str, part: str, key: str) -> HttpResponse:
    """All pieces have come: they are read, and kept as an envelope."""
    _is_offered()
    row = straight.finish(project_number=number, part=part, key=key, by=request.actor, at=request.arrived_at)
    return _answer(204, **_standing(row))


def _is_offered() -> None:
    if not straight.is_offered():
        raise Http404


def _answer(status: int, **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status=status, headers={"Tus-Resumable": VERSION, "Cache-Control": "no-store", **named})


def _standing(row: Upload) -> dict[str, str]:
    return {"Upload_Offset": str(row.offset), "Upload_Length": str(row.length)}


def _speaks(request: HttpRequest) -> bool:
    return request.headers.get("Tus-Resumable") == VERSION


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15


def _sha256_of_the_whole(request: HttpRequest) -> str:
    """The hash Upload-Metadata names, or "" when it names none."""
    pairs = (pair.split() for pair in request.headers.get("Upload-Metadata", "").split(","))
    named = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    try:
        text = base64.b64decode(named.get("sha256", ""), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text if len(text) == 64 and set(text) <= set("0123456789abcdef") else ""


def _checksum(request: HttpRequest) -> bytes | bool:
    """The checksum of this piece; b"" when none is given, False when it is none of ours."""
    said = request.headers.get("Upload-Checksum")
    if said is None:
        return b""
    name, _, text = said.partition(" ")
    try:
        digest = base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return digest if name == "sha256" and len(digest) == 32 else False
