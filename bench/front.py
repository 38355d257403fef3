"""What the front rooms cost: `python -m bench.front NAME` in its environment prints {"ratios", "floor"}."""

import json
import statistics
import sys
from urllib.parse import urlencode

from bench.inside import ROUNDS, Caller  # sets Django up

from django.db import connection, transaction  # isort: skip
from django.http import HttpRequest, HttpResponse  # isort: skip
from django.shortcuts import render  # isort: skip
from django.urls import path  # isort: skip

from bench.figures import seconds
from config import urls
from market.notices import index
from market.notices.models import Notice
from portal.notices.forms import Filters
from portal.notices.queries import Found
from proofs import canonical
from tests.make import market

FEW, MANY, KINDS, TIMES = 10_000, 1_000_000, 2000, 10
# Two, three and six characters, in every second notice and in one of two thousand.
WORDS = ("监测", "供热", "冰雹", "热管网", "监测站", "供热管网改造")
ROWS = """INSERT INTO market_notice (project_id, number, type, text, sha256, published_at)
    SELECT %(project)s, n, 'tender', k.text, '', CURRENT_TIMESTAMP FROM {series}
    JOIN kinds AS k ON k.kind = n %% %(kinds)s ORDER BY n"""
FOUND_BY = """INSERT INTO market_noticewords (rowid, tokens) SELECT m.id, k.tokens FROM market_notice AS m
    JOIN kinds AS k ON k.kind = m.number %% %(kinds)s WHERE m.number BETWEEN %(first)s AND %(last)s ORDER BY m.id"""
FILLED = {
    "postgresql": (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL session_replication_role = replica",
        ROWS.format(series="generate_series(%(first)s, %(last)s) AS n"),
        FOUND_BY,
        "ANALYZE market_notice, market_noticewords",
    ),
    "sqlite": (
        ROWS.format(
            series="""(WITH RECURSIVE series(n) AS
            (SELECT %(first)s UNION ALL SELECT n + 1 FROM series WHERE n < %(last)s) SELECT n FROM series)"""
        ),
        FOUND_BY,
        "ANALYZE market_notice",
    ),
}


def empty(request: HttpRequest) -> HttpResponse:
    """The floor of `search`: the page with its form and nothing found, and nothing asked."""
    told = {"nav": "notices", "filters": Filters(request.GET), "found": Found([], 0, None), "query": "q", "first": True}
    return render(request, "portal/notices/notices.html", told)


def nothing(request: HttpRequest) -> HttpResponse:
    """The floor of `home`: an empty view."""
    return HttpResponse(b"")


def search() -> tuple[dict[str, list[float]], float]:
    """First pages of searches among a million notices: against the page empty, and against ten thousand."""
    caller = Caller()
    urls.urlpatterns.insert(0, path("empty", empty))
    _kinds()

    def pages() -> float:
        asked = ["?" + urlencode({"q": word}) for word in WORDS]
        return seconds(lambda: [caller.ask("GET", "/notices/", query=each) for each in asked for _ in range(TIMES)])

    def floor() -> float:
        return seconds(lambda: [caller.ask("GET", "/empty", query="?q=x") for _ in range(TIMES * len(WORDS))])

    _fill(2, FEW)
    pages()
    few = statistics.median(pages() for _ in range(ROUNDS))
    _fill(FEW + 1, MANY)
    pages(), floor()
    rounds = [(pages(), floor()) for _ in range(ROUNDS)]
    ratios = {"page": [much / bare for much, bare in rounds], "flat": [much / few for much, _ in rounds]}
    return ratios, 1000 * statistics.median(bare for _, bare in rounds) / len(WORDS) / TIMES


def _kinds() -> None:
    """Two thousand different texts with what they are found by, of which all notices are made."""
    project = market.project()
    first = market.notice(project)
    rows = []
    column, value, told = ("tsvector", "array_to_tsvector(%s)", list)
    if connection.vendor == "sqlite":
        column, value, told = ("text", "%s", " ".join)
    for n in range(KINDS):
        words = [f"第{n}号项目", "监测站运维" if n % 2 else "道路养护", "供热管网改造" if n % 7 == 0 else "物业服务"]
        words += ["遭受冰雹后的修复"] * (n == 777)
        demand = "，".join(words) + "。" + "按照国家现行标准完成全部工作，质量合格，工期六十日。" * 3
        first.text = canonical.dumps({**first.content, "title": words[0], "demand": demand}).decode()
        rows.append((n, first.text, told(sorted(index.tokens(first)))))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE kinds (kind integer PRIMARY KEY, text text, tokens {column})")
        cursor.executemany(f"INSERT INTO kinds VALUES (%s, %s, {value})", rows)


@transaction.atomic
def _fill(first: int, last: int) -> None:
    told = {"project": Notice.objects.get(number=1).project_id, "first": first, "last": last, "kinds": KINDS}
    with connection.cursor() as cursor:
        for statement in FILLED[connection.vendor]:
            cursor.execute(statement, told if "%(" in statement else None)


def home() -> tuple[dict[str, list[float]], float]:
    """The front page of a reader who is not signed in, against an empty view through the same middleware."""
    caller, many = Caller(), 2000  # longer than a second: what is made once a second is part of it
    urls.urlpatterns.insert(0, path("nothing", nothing))
    for n in range(20):
        market.notice(market.project(number=f"T-{n}"))

    def asked(where: str) -> float:
        return seconds(lambda: [caller.ask("GET", where) for _ in range(many)])

    asked("/"), asked("/nothing")
    rounds = [(asked("/nothing"), asked("/")) for _ in range(ROUNDS)]
    return {"home": [bare / whole for bare, whole in rounds]}, many / statistics.median(bare for bare, _ in rounds)


if __name__ == "__main__":
    measured, rate = {"search": search, "home": home}[sys.argv[1]]()
    print(json.dumps({"ratios": measured, "floor": rate}))
