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
from blacklist.gate.queries import why_not_take_part  # noqa: E402
from intermediaries.registry.models import NameSuffix, Provider  # noqa: E402
from intermediaries.registry.queries import LONGEST, suffixes  # noqa: E402
from ledger.services import record  # noqa: E402
from market.catalogue.models import ServiceItem  # noqa: E402
from market.projects import queries as projects  # noqa: E402
from market.projects.models import Project  # noqa: E402
from proofs import envelope, manifest, statement  # noqa: E402
from proofs.organisation import Organisation as Signer  # noqa: E402
from rulebook import clock  # noqa: E402
from rulebook.calendar import day_in_china  # noqa: E402
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

TIMES = 10  # each, a round


def directory() -> tuple[list[float], float]:
    """Pages of the directory of providers among 1,000 and among 100,000: first pages of every search, in turns."""
    caller, at = Caller(), clock.now()
    house = Organisation.objects.create(code="D" * 18, name="主管部门", kind=Kind.BUYER)
    item = ServiceItem.objects.create(code="B-1", department=house, drafted_at=at)

    def pages() -> float:
        return seconds(lambda: [caller.ask("GET", "/providers/", query=asked) for asked in ASKED for _ in range(TIMES)])

    _providers(1, 1000, item)
    pages()  # the first round warms everything up
    few = [pages() for _ in range(ROUNDS)]
    _providers(1001, 100_000, item)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages()
    many = [pages() for _ in range(ROUNDS)]
    middle = statistics.median(few)
    return [each / middle for each in many], 1000 * middle / len(ASKED) / TIMES


# Written out: a hundred thousand of them are there in seconds. The ends of names are those of `suffixes`.
FILLED = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL session_replication_role = replica",  # a million foreign keys, none of them wrong
    """INSERT INTO accounts_organisation (code, name, kind, is_small)
    SELECT 'B' || lpad(n::text, 17, '0'), substr((%(regions)s::text[])[n %% 8 + 1], 1, 2) || lpad(n::text, 6, '0')
    || (ARRAY['环境', '测绘'])[n %% 2 + 1] || '技术服务有限公司', 'provider', false
    FROM generate_series(%(first)s, %(last)s) AS n""",
    """INSERT INTO intermediaries_provider (organisation_id, state, legal_rep, legal_rep_tag, region, address, scope,
    contact_name, contact_phone, edition, entered_at, changed_at)
    SELECT 'B' || lpad(n::text, 17, '0'), 'entered', '白音', '', (%(regions)s::text[])[n %% 8 + 1], '一号', '评估',
    '白音', '1', '2026-1', now(), now() FROM generate_series(%(first)s, %(last)s) AS n""",
    """CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT p.id, p.region, o.name FROM intermediaries_provider AS p
    JOIN accounts_organisation AS o ON o.code = p.organisation_id
    WHERE o.code BETWEEN 'B' || lpad(%(first)s::text, 17, '0') AND 'B' || lpad(%(last)s::text, 17, '0')""",
    """INSERT INTO intermediaries_namesuffix (provider_id, suffix)
    SELECT DISTINCT id, convert_to(substr(name, at, %(longest)s), 'UTF8')
    FROM fresh, generate_series(1, length(name)) AS at""",
    """INSERT INTO intermediaries_place (provider_id, region, address, phone, main)
    SELECT id, region, '一号', '1', true FROM fresh""",
    """INSERT INTO intermediaries_qualification (provider_id, kind, grade, number, issuer, sha256, added_at)
    SELECT id, '测绘资质', '乙级', id::text, '厅', '', now() FROM fresh""",
    """INSERT INTO market_offer (item_id, provider_id, unit, note, offered_at)
    SELECT %(item)s, id, '', '', now() FROM fresh WHERE id %% 2 = 0""",
)


@transaction.atomic
def _providers(first: int, last: int, item: ServiceItem) -> None:
    """Providers in the register, every second of whom offers the item."""
    told = {"first": first, "last": last, "item": item.pk, "regions": REGIONS, "longest": LONGEST}
    with connection.cursor() as cursor:
        for statement in FILLED:
            cursor.execute(statement, told if "%(" in statement else None)
    row = Provider.objects.select_related("organisation").order_by("pk").last()
    ends = NameSuffix.objects.filter(provider=row).values_list("suffix", flat=True)
    assert row and sorted(bytes(end) for end in ends) == suffixes(row.organisation.name)


GATED = (
    """INSERT INTO blacklist_sanction (public_id, code, name, authority, decision_no, basis, grounds, regimes, region,
    gravity, decided_on, starts_on, ends_on, publish_until, recorded_by, confirmed_by, recorded_at)
    SELECT gen_random_uuid(), 'B' || lpad(n::text, 17, '0'), '单位', '机关', n::text, 'gp-77', '事实', 'BC', '',
    'serious', '2026-01-01', '2026-01-01', '2028-12-31', '2028-12-31', '1', '2', now()
    FROM generate_series(1, 100000) AS n""",
    """INSERT INTO blacklist_sanctionkey (sanction_id, key, ends_on)
    SELECT id, code, ends_on FROM blacklist_sanction""",
    "ANALYZE",
)
ONE = "SELECT id FROM blacklist_sanctionkey WHERE key = %s AND ends_on >= %s"


def gate() -> tuple[list[float], float]:
    """Firms with no decision against them among 100,000 decisions, asked in turns with the bare look-up."""
    at, many = clock.now(), 2000
    with connection.cursor() as cursor:
        for statement in GATED:
            cursor.execute(statement)
    day = day_in_china(at)

    def bare_one(code: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(ONE, [code, day])
            cursor.fetchall()

    def asked(work: Callable[[str], object]) -> float:
        return seconds(lambda: [work(f"C{n:017d}") for n in range(many)])

    def whole(code: str) -> object:
        return why_not_take_part(code, regime="B", region="15", people=[code + "-tag"], at=at)

    asked(bare_one), asked(whole)
    rounds = [(asked(bare_one), asked(whole)) for _ in range(ROUNDS)]
    return [whole_ / bare_ for bare_, whole_ in rounds], many / statistics.median(bare_ for bare_, _ in rounds)


if __name__ == "__main__":
    measured, rate = {"submit": submit, "record": recording, "directory": directory, "gate": gate}[sys.argv[1]]()
    print(json.dumps({"ratios": measured, "floor": rate}))
