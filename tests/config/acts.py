"""Acts under a purchase's number, as anybody may send them: to what address, with what, and what is answered."""

import json
import uuid
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from config.api import api
from tests import cast
from tests.config.declaring import rows
from tests.config.test_matrix import HOLE, operations

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
        if not where.startswith("/api/"):
            answer = client.post(where, TYPED)
        elif told is None:
            answer = client.generic(method, where)
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
