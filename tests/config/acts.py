"""Acts under a purchase's number, as anybody may send them: to what address, with what, and what is answered."""

import base64
import json
import uuid
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from config.api import api
from proofs import statement
from rulebook.times import iso
from tests import cast
from tests.config.declaring import rows
from tests.config.test_matrix import HOLE, operations
from tests.make.accounts import signer

NOTHING = "T-0000-000"
PDF = b"%PDF-1.4\n%%EOF\n"
REASON = "情况属实，理由见附件"
# What a page's form wants to be told before the house looks at anything else, whatever the form.
TYPED = {
    **dict.fromkeys(("text", "reason", "reasons", "comment", "facts", "matter", "cause", "ground"), REASON),
    **dict.fromkeys(("amount", "price", "number", "minutes", "seq"), "1"), "org": cast.HETAO,
}  # fmt: skip
HOLES = {"org": cast.HETAO, "part": "body", "name": "plan.pdf", "to": "cancelled", "side": "buyer", "what": "inspect"}


def wanted() -> set[str]:
    """Every act under a purchase's number, but those of the supermarket's purchases: they are single things' acts."""
    pages = {f"POST {path}" for path, (_, acts, _) in rows("pages").items() if "<str:number>" in path and acts != "-"}
    acts = {name for name in rows("operations") if "/{number}" in name and not name.startswith("GET ")}
    return {name for name in pages | acts if not name.partition(" ")[2].lstrip("/").startswith("purchases/")}


def _signed(v: str, number: str) -> dict[str, Any]:
    """A statement of the bidder of the cast about a bid of this purchase that there is not."""
    unit = {"tender": number, "lot": "1", "part": "sheet"}
    fields = {"unit": unit, "eid": "0" * 32, "slot": 1, "cmh": "0" * 64, "env_sha256": "0" * 64, "size": 1, "seq": 9,
              "replaces": None}  # fmt: skip
    wanted = {key: each for key, each in fields.items() if v == "sub/1" or key in ("unit", "eid", "seq")}
    return statement.sign(v, wanted, by=signer(cast.HETAO), ts=iso(cast.NOON))


# What the shape does not say: whose word it is (told by a rival in time, it is not his), and an upload's protocol.
SAID = {
    "POST /projects/{number}/bids": lambda number: {"subs": [_signed("sub/1", number)]},
    "POST /projects/{number}/withdrawals": lambda number: {"wds": [_signed("wd/1", number)]},
}
METADATA = "sha256 " + base64.b64encode(b"a" * 64).decode()
UPLOADING = {"Tus-Resumable": "1.0.0", "Upload-Length": "100000", "Upload-Offset": "0", "Upload-Metadata": METADATA}


@cache
def typed(name: str) -> Any:
    """What an operation is sent: something of the shape its description says; None where it says none."""
    body = (operations().get(name) or {}).get("requestBody")
    return _example(next(iter(body["content"].values()))["schema"]) if body else None


def _example(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(api.get_openapi_schema()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if either := schema.get("anyOf") or schema.get("allOf"):
        return _example(either[0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: _example(each) for name, each in schema.get("properties", {}).items()}
    shaped = {"date-time": "2026-12-01T08:00:00Z", "date": "2026-12-01", "uuid": str(uuid.UUID(int=1))}
    plain = {"array": [], "integer": 1, "number": 1, "boolean": True}
    return plain.get(schema.get("type", ""), shaped.get(schema.get("format", ""), "1"))


def address(name: str, number: str) -> str:
    """With this number, and in the other holes what might be there."""

    def something(hole: Any) -> str:
        word = hole["pattern"] or hole["name"] or hole["json"]
        if word == "number":
            return number
        plain = "a" * 64 if word in ("sha256", "key") else "1" if hole["of"] == "int" else str(uuid.UUID(int=1))
        return HOLES.get(word) or plain

    path = name.partition(" ")[2]
    return ("/api" if path.startswith("/") else "/") + HOLE.sub(something, path)


def ask(client: Client, name: str, number: str) -> tuple[int, str]:
    """The status of an answer, and where it leads; whatever was done for it is undone."""
    where, method, told = address(name, number), name.partition(" ")[0], typed(name)
    with transaction.atomic():
        if name in SAID:
            told = SAID[name](number)
        if not where.startswith("/api/"):
            answer = client.post(where, TYPED)
        elif told is None:
            kind = "application/offset+octet-stream"  # of what comes piece by piece
            answer = client.generic(method, where, content_type=kind, headers=UPLOADING)
        elif "file" in told:
            answer = client.post(where, told | {"file": SimpleUploadedFile("plan.pdf", PDF)})
        else:
            answer = client.generic(method, where, json.dumps(told), content_type="application/json")
        transaction.set_rollback(True)
    return answer.status_code, answer.get("Location", "").replace(where, "").replace(number, "")


def heard(client: Client, name: str, number: str) -> str:
    """What somebody is told: that he `may`, or `knows` he may not; `nothing`, as of a purchase that is not there."""
    answer = ask(client, name, number)
    if answer[0] >= 500:
        return str(answer[0])
    if answer == ask(client, name, NOTHING):
        return "nothing"
    return "knows" if answer[0] in (401, 403, 404) else "may"
