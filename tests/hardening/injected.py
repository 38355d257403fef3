"""sqlmap on every parameter there is: of lists, forms, addresses, and of what the API takes; each of a view once.

What it finds and is no fault stands in `sqlmap.txt` with its reason. It looks for answers that follow a condition, for
errors and for rows put beside; not for delays: a busy machine has them everywhere, and each is asked for dozens of
times. How many parameters there are and how many were tried is said at the end.
"""

import contextlib
import json
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.urls import Resolver404, resolve

from tests.config.declaring import rows
from tests.hardening import walk
from tests.hardening.tools import new, tool

KINDS = ("query", "path", "form", "json")
TOGETHER = 8  # addresses for one process
PATIENCE, EACH = 120, 60  # seconds for one process, and for each parameter
# Who asks the API in each role, on the stage.
PEOPLE = {"officer": "u1", "supervisor": "u4", "provider": "u11", "signed-in": "u11", "operator": "u7"}
SAID = re.compile(r"parameter '[^']+' does not seem to be injectable")
FOUND = re.compile(r"parameter '(?:JSON )?([^']+?)' is vulnerable|^Parameter: (?:JSON )?(.+?) \(", re.M)


@dataclass(frozen=True)
class Target:
    """An address with parameters that were not tried in another.  view: the same for all that lead to one view."""

    kind: str
    who: str
    method: str
    path: str
    view: str
    names: tuple[str, ...]
    body: str = ""

    @property
    def sort(self) -> str:
        """What it is counted with."""
        return f"{'reads' if self.method == 'GET' else 'acts'}, {self.kind}"

    def request(self, world: walk.OverHttp) -> str:
        """As sqlmap reads it; what stands in an address and is to be tried has a star behind it."""
        head = [f"{self.method} {self.path} HTTP/1.1", f"Host: {urlsplit(world.site).netloc}",
                f"Cookie: {world.cookies(self.who)}"]  # fmt: skip
        if self.method == "GET":
            return "\r\n".join([*head, "Accept: */*", "", ""])
        typed = "application/json" if self.body.startswith(("{", "[")) else "application/x-www-form-urlencoded"
        head += [f"Origin: {world.site}", f"X-CSRFToken: {walk.TOKEN}", f"Content-Type: {typed}"]
        return "\r\n".join([*head, f"Content-Length: {len(self.body)}", "", self.body])


def starred(path: str, values: Iterable[str]) -> str:
    """A star behind each of the values in an address; none where one of them is not found in it."""
    for value in values:
        said = quote(value)
        path, before = re.sub(rf"(?<=/){re.escape(said)}(?=[/.]|$)", lambda one: f"{one[0]}*", path, count=1), path
        if path == before:
            return ""
    return path


def of_pages(world: walk.OverHttp, pages: list[tuple[str, str]]) -> Iterator[Target]:
    """Lists and forms as they were seen, and the addresses of the pages themselves."""
    for door in walk.found(world, pages):
        fields = [(name, value[:200]) for name, value in dict(door.fields).items()]
        names, query = tuple(name for name, _ in fields), urlencode(fields)
        view = route(door.path)
        if names and door.method == "GET":
            yield Target("query", door.who, "GET", f"{door.path}?{query}", view, names)
        elif names:
            yield Target("form", door.who, door.method, door.path, view, names, query)
    for who, path in pages:
        with contextlib.suppress(Resolver404):
            match = resolve(path.partition("?")[0])
            if match.kwargs:
                marked = starred(path.partition("?")[0], map(str, match.kwargs.values()))
                yield Target("path", who, "GET", marked, match.route, tuple(match.kwargs))


def route(path: str) -> str:
    """The pattern that an address is found by."""
    try:
        return resolve(path.partition("?")[0]).route
    except Resolver404:
        return path


def of_the_api(world: walk.OverHttp, number: str) -> Iterator[Target]:
    """What its own schema says that it takes.  number: of a tender that everybody knows."""
    told = json.loads(world.ask("public", "GET", "/api/openapi.json").body)
    may = rows("operations")
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            method, view = method.upper(), f"{method.upper()} {path}"
            who = PEOPLE.get(may[f"{method} {path.removeprefix('/api')}"][0].split(",")[0], "public")
            taken = operation.get("parameters", [])
            filled = {each["name"]: number if each["name"] == "number" else str(example(each["schema"], told))
                      for each in taken}  # fmt: skip
            inside = [each["name"] for each in taken if each["in"] == "path"]
            asked = [each["name"] for each in taken if each["in"] == "query"]
            where = path.format(**{name: quote(filled[name]) for name in inside})
            query = urlencode({name: filled[name] for name in asked})
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            body = json.dumps(example(schema, told)) if schema else ""
            if asked:
                yield Target("query", who, method, f"{where}?{query}", view, tuple(asked), body)
            if inside:
                marked = path.format(**{name: f"{quote(filled[name])}*" for name in inside})
                yield Target("path", who, method, marked, view, tuple(inside))
            if leaves := tuple(named(json.loads(body or "null"))):
                yield Target("json", who, method, where, view, leaves, body)


def example(schema: dict[str, Any], told: dict[str, Any]) -> Any:
    """Something that a schema takes."""
    if "$ref" in schema:
        return example(told["components"]["schemas"][schema["$ref"].rpartition("/")[2]], told)
    for one in ("anyOf", "oneOf", "allOf"):
        if schema.get(one):
            return example(schema[one][0], told)
    if "const" in schema or schema.get("enum"):
        return schema.get("const", (schema.get("enum") or [""])[0])
    kind, form = schema.get("type"), schema.get("format")
    if kind == "object":
        return {name: example(each, told) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}), told)]
    formed = {"date-time": "2027-01-29T10:00:00Z", "date": "2027-01-29", "uuid": "206c5241-4dcc-4a1a-a38c-31fb92ee9745"}
    usual = {"integer": 1, "number": 1, "boolean": True}
    return usual.get(str(kind), formed.get(str(form), "1" * max(1, schema.get("minLength", 1))))


def named(body: Any, name: str = "") -> Iterator[str]:
    """The names of all that sqlmap finds in a body."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield from named(value, key)
    elif isinstance(body, list):
        for value in body:
            yield from named(value, name)
    elif body is not None and not isinstance(body, bool):
        yield name


def once(targets: Iterable[Target]) -> list[Target]:
    """Each parameter of a view in one of them, whoever asks; those that only read first."""
    seen: set[tuple[str, str, str]] = set()
    kept = []
    for each in targets:
        fresh = tuple(name for name in each.names if (each.kind, each.view, name) not in seen)
        seen |= {(each.kind, each.view, name) for name in fresh}
        if fresh:
            kept.append(Target(each.kind, each.who, each.method, each.path, each.view, fresh, each.body))
    return sorted(kept, key=lambda each: (each.method != "GET", KINDS.index(each.kind)))


def tried(targets: list[Target], world: walk.OverHttp, folder: str, words: list[str]) -> dict[Target, str]:
    """What sqlmap said of each that it came to; a new process for each would be half of the work."""
    file = Path(folder) / "requests.txt"
    line = f"{'=' * 54}\n"
    written = [f"{line}0:0:0  {world.site}  [127.0.0.1]\n{line}{each.request(world)}\n{line}" for each in targets]
    file.write_text("\n".join(written), newline="")
    if targets[0].kind in ("query", "form"):
        words = [*words, "-p", ",".join(sorted({name for each in targets for name in each.names}))]
    most = PATIENCE + EACH * sum(len(each.names) for each in targets)
    try:
        done = subprocess.run(
            [tool("sqlmap"), "-l", str(file), *words], capture_output=True, timeout=most, check=False,
            env=os.environ | {"HOME": folder}, stdin=subprocess.DEVNULL,
        ).stdout  # fmt: skip
    except subprocess.TimeoutExpired as late:
        done = late.stdout or b""
    pieces = re.split(r"^\[\d+/\d+\] URL:\n", done.decode(errors="replace"), flags=re.M)[1:]
    said: dict[Target, str] = {}
    for piece in pieces:  # it says GET of everything
        where = piece.partition("\n")[0].partition(" ")[2].removeprefix(world.site)
        if each := next((each for each in targets if each.path == where and each not in said), None):
            said[each] = piece
    return said


def sqlmap(site: str, sessions: dict[str, str], pages: list[tuple[str, str]], *, dbms: str, seconds: int,
           first: int = 0, kinds: str = ",".join(KINDS), ways: str = "BEU") -> list[tuple[str, str, str]]:  # fmt: skip
    """Try them all from the first on; what is injectable and has no reason: (parameter, kind, view).

    ways: sqlmap's letters, by conditions, errors and rows put beside.
    """
    world = walk.OverHttp(site, sessions)
    number = next(path.split("/")[2] for _, path in pages if path.startswith("/projects/T-"))
    targets = [each for each in once([*of_pages(world, pages), *of_the_api(world, number)]) if each.kind in kinds]
    known, well = Counter[str](), Counter[str]()
    injectable: Counter[tuple[str, str, str]] = Counter()
    for each in targets:
        known[each.sort] += len(each.names)
    print(len(targets), "addresses", *sorted(known.items()), flush=True)  # noqa: T201
    words = [
        "--batch", "--level", "1", "--risk", "1", "--technique", ways, "--dbms", dbms, "--flush-session",
        "--disable-coloring", "--skip-waf", "--keep-alive", "--drop-set-cookie", "--ignore-code", "*",
        "--answers", "want to follow=N,keep testing=Y,skip further=N", "--timeout", "30",
        "--retries", "1", "--ignore-stdin",
    ]  # fmt: skip
    ends, place = time.monotonic() + seconds, first
    with tempfile.TemporaryDirectory(prefix="mb-sqlmap-") as folder:
        while place < len(targets) and time.monotonic() < ends:
            some = [each for each in targets[place : place + TOGETHER] if each.kind == targets[place].kind]
            place += len(some)
            said = tried([each for each in some if each.path], world, folder, [*words, "--output-dir", folder])
            for each in some:
                told = said.get(each, "")
                hits = {one or other for one, other in FOUND.findall(told)}
                hits |= set(re.findall(r"\b5\d\d \([A-Z][^)]*\)", told.partition("HTTP error codes detected")[2]))
                count = len(SAID.findall(told)) + len(hits)
                well[each.sort] += min(count, len(each.names))
                injectable.update((name, each.kind, each.view) for name in hits)
                of = f"{count} of {len(each.names)}"
                print(each.kind, each.who, each.method, each.path[:90], of, *sorted(hits), flush=True)  # noqa: T201
                if hits or not count:
                    print(told[-2500 if hits else -300 :])  # noqa: T201
    for kind, count in sorted(known.items()):
        print(f"sqlmap on {dbms}: {kind}: {well[kind]} of {count} parameters tried")  # noqa: T201
    print(f"the next is --from {place} of {len(targets)}")  # noqa: T201
    return new(injectable, "sqlmap.txt")
