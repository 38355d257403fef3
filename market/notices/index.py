"""Notices found by words and facts: one row a notice beside its table, in the engine's own full-text index.

Words and facts are tokens of one index alike (a fact stands in the private area of Unicode, where no word is), so any
of them combine, and the engine walks the answer newest first: it costs the same among ten thousand notices and among a
million. The row is written in the act that publishes. SQLite keeps no text of it (FTS5, contentless), PostgreSQL a
`tsvector` made of our tokens, not of its parser's, which knows no Chinese.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection

from market.notices.models import Notice
from market.notices.rules import Type
from market.projects.rules import Stage
from proofs import canonical
from rulebook import bigrams
from rulebook.calendar import day_in_china
from rulebook.regions import is_division

TABLE = "market_noticewords"
FACT, END = "\ue000", "\ue001"  # before a fact; in the place of what an engine would cut a token at
FIRST = date(2000, 1, 1)  # no notice is older
UNSAID = re.compile(r"[0-9a-f]{32,}|\d{4}-\d{2}-\d{2}T[\d:.]+Z?")  # digests and instants are nothing one searches for
REGIMES = ("A", "B", "C", "D")
PLACES = ("services", "tenders")
SPARSE = 1000  # purchases in a stage: so many and fewer are looked at one by one
LOOKED_AT = 500  # of their notices at a time
STRAGGLERS = 20  # of them SQLite asks one by one
NEWEST = 4000  # ids PostgreSQL looks at one by one

Group = list[bigrams.Term]  # any of them
Sides = tuple[list[str], list[Any]]  # conditions and their values


@dataclass(frozen=True)
class Asked:
    """What notices are searched by; an empty field, and one that says nothing we know, narrows nothing down.

    words: all of them, anywhere in the notice.  buyer: a credit code, or words of the name.  region: a prefix of
    GB/T 2260.  item: code of a service item.  since, until: days in China, both included.  judge: a key of `judge_key`.
    experts: only notices that name their panel.
    """

    words: str = ""
    type: str = ""
    place: str = ""
    stage: str = ""
    regime: str = ""
    region: str = ""
    buyer: str = ""
    item: str = ""
    judge: str = ""
    since: date | None = None
    until: date | None = None
    experts: bool = False


def judge_key(name: str, employer: str) -> str:
    """Under which a judge's published seats are found: nothing but what the notice itself says of him."""
    return hashlib.sha256(f"{name}\0{employer}".encode()).hexdigest()[:16]


def write(notice: Notice) -> None:
    """Put a notice into the index, in the transaction that publishes it."""
    _insert([(notice.pk, tokens(notice))])


def rebuild() -> int:
    """Make the whole index anew from the notices; how many there are. For one hand at a time."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")
        else:
            cursor.execute(f"DELETE FROM {TABLE}")
    count = 0
    rows: list[tuple[int, set[str]]] = []
    for notice in Notice.objects.select_related("project").order_by("pk").iterator(500):
        rows.append((notice.pk, tokens(notice)))
        count += 1
        if len(rows) == 500:
            _insert(rows)
            rows = []
    _insert(rows)
    return count


def _insert(rows: Iterable[tuple[int, set[str]]]) -> None:
    if connection.vendor == "sqlite":
        put, told = f"INSERT INTO {TABLE}(rowid, tokens) VALUES (%s, %s)", " ".join
    else:
        put = f"INSERT INTO {TABLE}(rowid, tokens) VALUES (%s, array_to_tsvector(%s))"
        put, told = put + " ON CONFLICT (rowid) DO UPDATE SET tokens = EXCLUDED.tokens", list  # type: ignore[assignment]
    with connection.cursor() as cursor:
        cursor.executemany(put, [(pk, told(sorted(each))) for pk, each in rows])


def tokens(notice: Notice) -> set[str]:
    """Everything a notice is found by: the words of its text, and its facts."""
    content, project = notice.content, notice.project
    named = content.get("buyer", {}).get("name", "")
    found = {token for text in texts(content) for token in bigrams.tokens(text)}
    found |= {_fact("w", token) for token in bigrams.tokens(named)}
    day = day_in_china(notice.published_at)
    facts = [
        ("t", notice.type), ("b", project.buyer_id), ("g", project.procedure.regime),
        *(("r", project.region[:size]) for size in (2, 4, 6) if len(project.region) >= size),
        ("y", f"{day:%Y}"), ("m", f"{day:%Y%m}"), ("d", f"{day:%Y%m%d}"),
    ]  # fmt: skip
    first = content if notice.number == 1 else _first(notice)
    service = first.get("service")
    facts += [("p", PLACES[0]), ("i", service.get("code", ""))] if service else [("p", PLACES[1])]
    if judges := content.get("experts"):
        facts += [("x", "judges"), *(("e", judge_key(each["name"], each["employer"])) for each in judges)]
    return found | {_fact(*each) for each in facts}


def _first(notice: Notice) -> dict[str, Any]:
    text = Notice.objects.filter(project=notice.project_id, number=1).values_list("text", flat=True).first()
    return canonical.parse_object(text.encode()) if text else {}


def _fact(kind: str, value: str) -> str:
    return FACT + kind + re.sub("[^0-9a-z\u0080-\U0010ffff]", END, value.lower())


def texts(told: Any) -> Iterator[str]:
    """Every sentence of a notice, whatever it stands under."""
    if isinstance(told, str):
        if not UNSAID.fullmatch(told):
            yield told
    elif isinstance(told, dict):
        for each in told.values():
            yield from texts(each)
    elif isinstance(told, list):
        for each in told:
            yield from texts(each)


# --- asking ----------------------------------------------------------------------------------------------------------


def find(asked: Asked, *, before: int | None = None, most: int) -> list[int]:
    """Ids of the notices that fit, newest first, at most so many.  before: below this id, where a page goes on."""
    groups, sides = [*_terms(asked), *_facts(asked)], _sides(asked)
    if asked.stage in set(Stage) - {Stage.DRAFT}:
        within = _in_stage(asked.stage, before)
        if within is not None:
            return _among(within, groups, sides, most=most)
        # So many purchases stand there that a walk meets one after the other.
        where, values = sides
        sides = [*where, "n.project_id IN (SELECT id FROM market_project WHERE stage = %s)"], [*values, asked.stage]
    if not groups:
        return _asked("market_notice n", "n.id", *_below("n.id", before, sides), most)
    if connection.vendor != "sqlite":
        return _in_two_walks(_postgresql(groups), sides, before=before, most=most)
    key = f"{TABLE}.rowid"
    where, values = _below(key, before, sides)
    # The order of a CROSS JOIN is the order of the walk: along the index, newest first.
    source = TABLE + (f" CROSS JOIN market_notice n ON n.id = {key}" if sides[0] else "")
    return _asked(source, key, [f"{TABLE} MATCH %s", *where], [_sqlite(groups), *values], most)


def _in_stage(stage: str, before: int | None) -> list[int] | None:
    """Ids of the notices of purchases that stand in this stage, newest first; None where these are many.

    A stage moves without a notice, so it is no token. Where few stand in it a walk among a million would go on and on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM market_project WHERE stage = %s LIMIT %s", [stage, SPARSE + 1])
        numbers = [str(pk) for (pk,) in cursor.fetchall()]
        if len(numbers) > SPARSE:
            return None
        if not numbers:
            return []
        cursor.execute(f"SELECT id FROM market_notice WHERE project_id IN ({','.join(numbers)})")
        return sorted((pk for (pk,) in cursor.fetchall() if before is None or pk < before), reverse=True)


def _among(ids: list[int], groups: list[Group], sides: Sides, *, most: int) -> list[int]:
    """Of these notices, newest first, those that fit."""
    if groups and connection.vendor == "sqlite":
        ids = _walked(ids, _sqlite(groups), most=None if sides[0] else most)
    found: list[int] = []
    for start in range(0, len(ids), LOOKED_AT):
        where = [f"n.id IN ({','.join(map(str, ids[start : start + LOOKED_AT]))})", *sides[0]]
        if not groups or connection.vendor == "sqlite":
            found += _asked("market_notice n", "n.id", where, sides[1], most - len(found))
        else:
            source, where = f"{TABLE} w JOIN market_notice n ON n.id = w.rowid", [*where, "w.tokens @@ %s::tsquery"]
            found += _asked(source, "n.id", where, [*sides[1], _postgresql(groups)], most - len(found))
        if len(found) >= most:
            break
    return found


def _walked(ids: list[int], query: str, *, most: int | None) -> list[int]:
    """SQLite: of these the ones that fit the words, at most so many.

    To ask of one row costs as much as to walk past a thousand, so the walk goes down to where only a few stragglers
    are left, and these are asked one by one: what stands in a stage that passes is among the newest.
    """
    wanted, found, lone = set(ids), [], ids[-STRAGGLERS:]
    ask = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND"
    with connection.cursor() as cursor:
        if len(ids) > STRAGGLERS:
            cursor.execute(f"{ask} rowid <= %s AND rowid > %s ORDER BY rowid DESC", [query, ids[0], lone[0]])
            for (pk,) in cursor:
                if pk in wanted:
                    found.append(pk)
                    if len(found) == most:
                        return found
        if lone:
            cursor.execute(f"{ask} rowid IN ({','.join(map(str, lone))}) ORDER BY rowid DESC", [query])
            found += [pk for (pk,) in cursor.fetchall()]
    return found


def _in_two_walks(query: str, sides: Sides, *, before: int | None, most: int) -> list[int]:
    """PostgreSQL: the newest rows one by one, then all others through the index of tokens.

    Left to itself it takes the pairs of one word for independent, so that a common word looks rare, and walks a
    million rows for a rare one. A common word is found among the newest; what is not found there is rare: few to sort.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(rowid) FROM {TABLE}")
        last = cursor.fetchone()[0] or 0
    top = last if before is None else min(last, before - 1)
    join = " JOIN market_notice n ON n.id = w.rowid" if sides[0] else ""
    # OFFSET 0 keeps what is inside apart: there the planner may not choose the other way.
    newest = f"(SELECT rowid, tokens FROM {TABLE} WHERE rowid > %s AND rowid <= %s ORDER BY rowid DESC OFFSET 0) AS w"
    where = ["w.tokens @@ %s::tsquery", *sides[0]]
    found = _asked(newest + join, "w.rowid", where, [top - NEWEST, top, query, *sides[1]], most)
    if len(found) < most and top > NEWEST:
        others = f"(SELECT rowid FROM {TABLE} WHERE tokens @@ %s::tsquery AND rowid <= %s OFFSET 0) AS w"
        values = [query, top - NEWEST, *sides[1]]
        found += _asked(others + join, "w.rowid", sides[0], values, most - len(found))
    return found


def _below(key: str, before: int | None, sides: Sides) -> Sides:
    where, values = sides
    return (where, values) if before is None else ([*where, f"{key} < %s"], [*values, before])


def _asked(source: str, key: str, where: list[str], values: list[Any], most: int) -> list[int]:
    clause = " WHERE " + " AND ".join(where) if where else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {source}{clause} ORDER BY {key} DESC LIMIT %s", [*values, most])
        return [pk for (pk,) in cursor.fetchall()]


def _terms(asked: Asked) -> list[Group]:
    found: list[Group] = [[term] for term in bigrams.terms(asked.words)]
    if asked.buyer and not _is_code(asked.buyer):
        found += [[replace(term, token=_fact("w", term.token))] for term in bigrams.terms(asked.buyer)]
    return found


def _facts(asked: Asked) -> list[Group]:
    told = [
        ("t", asked.type if asked.type in set(Type) else ""),
        ("p", asked.place if asked.place in PLACES else ""),
        ("g", asked.regime if asked.regime in REGIMES else ""),
        ("r", asked.region if is_division(asked.region) else ""),
        ("b", asked.buyer if _is_code(asked.buyer) else ""),
        ("i", asked.item), ("e", asked.judge), ("x", "judges" if asked.experts else ""),
    ]  # fmt: skip
    found = [[bigrams.Term(_fact(kind, value), whole=True)] for kind, value in told if value]
    if asked.since or asked.until:
        found.append(
            [bigrams.Term(each, whole=True) for each in days(asked.since or FIRST, asked.until or date(2099, 12, 31))]
        )
    return found


def _is_code(text: str) -> bool:
    return re.fullmatch("[0-9A-Z]{18}", text) is not None


def _sides(asked: Asked) -> Sides:
    """What is looked at in the rows themselves: pairs that must stand side by side."""
    where: list[str] = []
    values: list[Any] = []
    for phrase in (*bigrams.phrases(asked.words), *([] if _is_code(asked.buyer) else bigrams.phrases(asked.buyer))):
        where, values = [*where, "n.text LIKE %s"], [*values, f"%{phrase}%"]
    return where, values


def days(since: date, until: date) -> list[str]:
    """The years, months and days a stretch of days is made of, as tokens; one that no notice has where it is empty.

    >>> [each[1:] for each in days(date(2025, 12, 31), date(2027, 2, 1))]
    ['d20251231', 'y2026', 'm202701', 'd20270201']
    """
    found, day = [], since
    while day <= until:
        year_end, month_end = date(day.year, 12, 31), _month_end(day)
        if day == date(day.year, 1, 1) and year_end <= until:
            found, day = [*found, _fact("y", f"{day:%Y}")], year_end
        elif day.day == 1 and month_end <= until:
            found, day = [*found, _fact("m", f"{day:%Y%m}")], month_end
        else:
            found.append(_fact("d", f"{day:%Y%m%d}"))
        day += timedelta(days=1)
    return found or [_fact("d", "none")]


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _sqlite(groups: list[Group]) -> str:
    return " AND ".join(
        "(" + " OR ".join(f'"{term.token}"' + ("" if term.whole else " *") for term in group) + ")" for group in groups
    )


def _postgresql(groups: list[Group]) -> str:
    return " & ".join(
        "(" + " | ".join(f"'{term.token}'" + ("" if term.whole else ":*") for term in group) + ")" for group in groups
    )
