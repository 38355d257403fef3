"""What is measured inside a house: `python -m bench.inside NAME` in its environment prints {"ratios", "floor"}."""

import io
import json
import statistics
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from accounts.models import Organisation  # noqa: E402
from accounts.rules import Kind  # noqa: E402
from bench.figures import seconds  # noqa: E402
from intermediaries.registry.models import NameSuffix, Place, Provider, Qualification  # noqa: E402
from intermediaries.registry.queries import suffixes  # noqa: E402
from ledger.services import record  # noqa: E402
from market.catalogue.models import Offer, ServiceItem  # noqa: E402
from market.projects import queries as projects  # noqa: E402
from market.projects.models import Project  # noqa: E402
from proofs import envelope, manifest, statement  # noqa: E402
from proofs.organisation import Organisation as Signer  # noqa: E402
from rulebook import clock  # noqa: E402
from tests.make import market  # noqa: E402
from tests.make.ledger import Said  # noqa: E402
from tests.races.house import _open  # noqa: E402

ROUNDS = 5
TS = "2026-11-21T08:00:00.000000Z"


def bare(request: HttpRequest) -> HttpResponse:
    """The floor: a view that inserts one row."""
    Organisation.objects.create(code=f"X{bare.count:017d}", name="名称", kind=Kind.PROVIDER, is_small=False)  # type: ignore[attr-defined]
    bare.count += 1  # type: ignore[attr-defined]
    return HttpResponse(b"{}", content_type="application/json")


bare.count = 0  # type: ignore[attr-defined]


class Caller:
    """Requests straight into the house's WSGI handler: no network, the whole stack of middleware."""

    def __init__(self) -> None:
        from config import urls

        urls.urlpatterns.insert(0, path("bare", bare))
        self._handler = WSGIHandler()

    def ask(self, method: str, where: str, body: bytes = b"", cookies: str = "", query: str = "") -> bytes:
        """The body of a 200 answer."""
        statuses: list[str] = []
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": where, "QUERY_STRING": query[1:],
            "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": "t" * 32, "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False, "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
        }  # fmt: skip
        answer: Any = self._handler(
            environ, lambda status, headers, exc=None: statuses.append(status) or (lambda _: None)
        )
        told = b"".join(answer)
        answer.close()
        assert statuses[0].startswith("200"), f"{method} {where}: {statuses[0]} {told[:300]!r}"
        return told


def submit() -> tuple[list[float], float]:
    """Rounds of 16 submissions (the most one bidder may make) and of as many bare requests."""
    caller, rows = Caller(), _open(2)[: ROUNDS + 1]
    ratios, floors = [], []
    for number, row in enumerate(rows):
        spent = sum(_submission(caller, row) for _ in range(16))
        floor = seconds(lambda: [caller.ask("GET", "/bare") for _ in range(64)])
        if number:  # the first round warms everything up
            ratios.append(floor / spent)
            floors.append(64 / floor)
    return ratios, statistics.median(floors)


def _submission(caller: Caller, row: dict[str, Any]) -> float:
    """The seconds the house spends on one submission; the bidder's own sealing is not counted."""
    base, spent, subs = f"/api/projects/{row['number']}", 0.0, []
    key = Signer(row["org"], 1, bytes.fromhex(row["seed"]))
    slots: dict[str, int] = {}
    spent += seconds(lambda: slots.update(json.loads(caller.ask("POST", f"{base}/slots", b"{}", row["cookies"]))))
    following = json.loads(caller.ask("GET", f"{base}/my-bid", cookies=row["cookies"]))["next"]
    for part, slot in slots.items():
        made, target = manifest.parse(row["manifests"][part].encode()), io.BytesIO()
        sheet = {"price": "1000000.00", "delivery": "45 日", "small": False, "note": ""} if part == "sheet" else {}
        done = envelope.seal(target, by=key, manifest=made, slot=slot, policy="A", sheet=sheet, files=[], ts=TS)
        fields = {
            "unit": dict(made.unit), "eid": done.eid, "slot": slot, "cmh": made.cmh.hex(),
            "env_sha256": done.env_sha256, "size": done.size, **following[part],
        }  # fmt: skip
        subs.append(statement.sign("sub/1", fields, by=key, ts=TS))
        spent += seconds(_put(caller, f"{base}/envelopes/{part}", target.getvalue(), row["cookies"]))
    body = json.dumps({"subs": subs}).encode()
    return spent + seconds(lambda: caller.ask("POST", f"{base}/bids", body, row["cookies"]))


def _put(caller: Caller, where: str, data: bytes, cookies: str) -> Callable[[], bytes]:
    return lambda: caller.ask("PUT", where, data, cookies)


def recording() -> tuple[list[float], float]:
    """Rounds of 200 acts with and without their entry, in turns."""
    project = market.project()
    at = clock.now()

    def act(*, entry: bool) -> None:
        with transaction.atomic():
            held = projects.hold(project.number)
            Project.objects.filter(pk=held.pk).update(title="城区空气质量自动监测站设备采购")
            if entry:
                record(Said(f"project/{project.number}", "已改"), at=at)

    ratios, floors = [], []
    for number in range(ROUNDS + 1):
        spent = seconds(lambda: [act(entry=True) for _ in range(200)])
        floor = seconds(lambda: [act(entry=False) for _ in range(200)])
        if number:
            ratios.append(floor / spent)
            floors.append(200 / floor)
    return ratios, statistics.median(floors)


REGIONS = [f"{name}市" for name in ("呼伦贝尔", "包头", "赤峰", "通辽", "乌兰察布", "巴彦淖尔", "鄂尔多斯", "乌海")]
ASKED = (
    "",
    "?q=%E7%8E%AF%E5%A2%83",
    "?q=000777",
    "?region=%E5%8C%85%E5%A4%B4%E5%B8%82",
    "?item=B-1",
    "?item=B-1&region=%E4%B9%8C%E6%B5%B7%E5%B8%82",
)


def directory() -> tuple[list[float], float]:
    """Pages of the directory of providers among 1,000 and among 100,000: first pages of every search, 20 of each."""
    caller, at = Caller(), clock.now()
    house = Organisation.objects.create(code="D" * 18, name="主管部门", kind=Kind.BUYER)
    item = ServiceItem.objects.create(code="B-1", department=house, drafted_at=at)

    def pages() -> float:
        return seconds(lambda: [caller.ask("GET", "/providers/", query=asked) for asked in ASKED for _ in range(20)])

    _providers(0, 1000, item)
    pages()  # the first round warms everything up
    few = [pages() for _ in range(ROUNDS)]
    for start in range(1000, 100_000, 9900):
        _providers(start, 9900, item)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages()
    many = [pages() for _ in range(ROUNDS)]
    middle = statistics.median(few)
    return [each / middle for each in many], 1000 * middle / len(ASKED) / 20


def _providers(start: int, count: int, item: ServiceItem) -> None:
    """Providers in the register, every second of whom offers the item."""
    at, numbers = clock.now(), range(start, start + count)
    names = {
        number: f"{REGIONS[number % 8][:2]}{number:06d}{'环境测绘'[number % 2 * 2 :][:2]}技术服务有限公司"
        for number in numbers
    }
    houses = [Organisation(code=f"B{number:017d}", name=name, kind=Kind.PROVIDER) for number, name in names.items()]
    Organisation.objects.bulk_create(houses)
    facts = {"state": "entered", "legal_rep": "白音", "address": "一号", "scope": "评估", "contact_name": "白音"}
    facts |= {"contact_phone": "1", "edition": "2026-1"}
    rows = Provider.objects.bulk_create(
        Provider(organisation=house, region=REGIONS[number % 8], entered_at=at, changed_at=at, **facts)
        for number, house in zip(numbers, houses, strict=True)
    )
    NameSuffix.objects.bulk_create(
        (NameSuffix(provider=row, suffix=each) for row in rows for each in suffixes(row.organisation.name)), 5000
    )
    Place.objects.bulk_create(
        Place(provider=row, region=row.region, address="一号", phone="1", main=True) for row in rows
    )
    Qualification.objects.bulk_create(
        Qualification(provider=row, kind="测绘资质", grade="乙级", number=f"B{row.pk}", issuer="厅", added_at=at)
        for row in rows
    )
    Offer.objects.bulk_create(Offer(item=item, provider=row, offered_at=at) for row in rows[::2])


if __name__ == "__main__":
    measured, rate = {"submit": submit, "record": recording, "directory": directory}[sys.argv[1]]()
    print(json.dumps({"ratios": measured, "floor": rate}))
