"""What no stage of ours fills, filled for the walk: rows nobody acted for, so that every text is an attack on a page.

`declared/texts.txt` says of every column that holds text what fills it. Those it calls `spiked` are filled here, in the
tables as they are, guards aside: the house is thrown away with the walk. Each text names its column, so the walk knows
which of them it has read. `wrongs` says where that table and the house are not alike.

The table's second column is `staged` where the stage's own acts fill it, `spiked`, or why no person writes there:
  code    one of words of ours             id    who or what is meant: a number of the house's, a credit code, a path
  hash    a digest, a salt, a token        key   keys, signatures, and what is signed or sealed by a machine
  figure  digits, or figures and codes     own   the house's own words
Its third, of the first two, says where the text goes, and the walk holds it to that:
  read   a page of the walk shows it      filed  an answer that is no page does (`scripts.files`), and no page
  kept:  neither does, and why
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from experts.registry import catalogue
from rulebook.actor import Actor
from scripts import poison
from tests import cast
from tests.config.declaring import rows

TEXT = (models.CharField, models.TextField, models.JSONField, models.FileField)
FREE = ("staged", "spiked")
GOES = ("read", "filed", "kept")
WHY = {"code", "id", "hash", "key", "figure", "own"}
NOW = ...  # in a row: when the stage is set
ALERT, INVITED, SEATED, LISTED = (f"00000000-0000-4000-8000-00000000000{n}" for n in range(4))
# Rows that are made here, even beside others: what each hangs on, and what must stand in it for a page to show it.
ROWS: dict[str, tuple[dict[str, Any], ...]] = {
    "accounts.device": ({"user__public_id": cast.SUPERVISOR.person},),
    "accounts.outsideidentity": ({"user__public_id": cast.PROVIDER.person, "issuer": "https://id.example"},),
    "bidding.assessment": ({"organisation": cast.HETAO, "scores": {}},),
    "bidding.causedecision": (
        {"opening__tender__project__number": "T-2026-007", "bidder": cast.LANGSHAN, "cause": "bidder",
         "how": "supervisor"},
    ),
    "bidding.change": ({"tender__project__number": "T-2026-060", "returned_at": NOW},),
    "bidding.fixedquotes": ({"tender__project__number": "P-2026-013"},),
    "bidding.judge": ({"tender__project__number": "P-2026-013", "declared_at": None},),
    "bidding.lowquote": ({"tender__project__number": "P-2026-013", "organisation": cast.HETAO},),
    "bidding.priceexplanation": (
        {"auction__project__number": "A-004", "organisation": cast.YINSHAN, "judged_at": NOW, "accepted": False},
    ),
    "bidding.rosterchange": ({"organisation": cast.HOLDER.organisation, "what": "entered"},),
    "bidding.round": ({"tender__project__number": "T-2026-003", "number": 1},),
    "experts.affiliation": ({"one": cast.HETAO, "bond": "holding", "agreed_at": NOW, "denied_at": NOW},),
    "experts.catalogueline": tuple({"key": each.key, "parent": each.parent} for each in catalogue.brought()),
    "experts.externaldraw": ({"panel__project_number": "T-2026-021", "confirmed_by": "1"},),
    "experts.seat": (
        {"public_id": INVITED, "panel__project_number": "T-2026-021", "expert__number": "expert-001", "cid": "1" * 64,
         "order": 91, "state": "invited", "invited_at": NOW, "answer_by": cast.DAY},
        {"public_id": SEATED, "panel__project_number": "T-2026-021", "expert__number": "expert-002", "cid": "2" * 64,
         "order": 92, "state": "accepted", "invited_at": NOW},
    ),
    "experts.selection": (
        {"project_number": "T-2026-001", "ground": "short", "strata": [], "agreed": False, "decided_at": NOW},
    ),
    "experts.slipasked": ({"expert__number": "expert-001"},),
    "intermediaries.followup": ({"rating__side": "buyer", "finding": "upheld", "found_at": NOW},),
    "intermediaries.import": ({"public_id": LISTED, "table": [[""]], "confirmed_at": NOW},),
    "intermediaries.staffclaim": (
        {"claimant__organisation__code": cast.YINSHAN, "outcome": "kept", "decided_at": NOW},
    ),
    "keeping.deletion": ({"project__number": "T-2026-003", "due_at": cast.DAY},),
    "market.award": (
        {"project__number": "T-2026-034", "organisation": cast.YINSHAN, "rank": 2, "declined_at": NOW},
    ),
    "market.plan": (
        {"contract__project__number": "T-2026-031", "version": 0, "agreed": True, "settled_at": NOW, "side": "buyer"},
        {"contract__project__number": "T-2026-031", "version": 2, "agreed": False, "settled_at": NOW, "side": "buyer"},
    ),
    "market.pick": ({"project__number": "P-2026-003", "organisation": cast.HETAO},),
    "market.reportconfirmation": ({"proposal__project__number": "W-2026-002"},),
    "market.splitalert": (
        {"public_id": ALERT, "project__number": "P-2026-001", "owner": cast.SUPERVISOR.person, "finding": "split",
         "earlier": [], "closed_at": NOW},
    ),
    "market.suspension": ({"project__number": "T-2026-060", "ground": "complaint-b", "ended_at": NOW},),
}  # fmt: skip
AGENCY = {"letter": "", "sha256": "0" * 64, "works": ["evaluate"], "fee": "1", "payer": "owner",
          "contact": "1", "phone": "1", "address": "1"}  # fmt: skip
# What must stand beside a text in a row that is there already.
BESIDE: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("bidding.openingunit", {"opening__tender__project__number": "T-2026-007", "bid__organisation": cast.LANGSHAN},
     {"verdict": "ABSENT"}),
    ("accounts.user", {"public_id": cast.EXPERT.person}, {"password": "one"}),
    ("experts.dossier", {"user__public_id": cast.EXPERT.person}, {"id_tag": "1" * 64}),
    ("experts.expert", {"number": "expert-001"}, {"barred_until": -cast.DAY}),
    ("experts.panel", {"project_number": "T-2026-021"}, {"starts_at": cast.DAY}),
    ("experts.stagedimport", {"state": "waiting"}, {"decided_at": NOW}),
    ("market.project", {"number": "W-2026-002"}, {"agent": cast.AGENT_OFFICER.organisation, "mandate": AGENCY}),
)  # fmt: skip
# Where rows made here are looked at: its name, who looks, its address.
PAGES: tuple[tuple[str, Actor, str], ...] = (
    ("changes", cast.OFFICER, "/projects/T-2026-060/changes/"),
    ("invitation", cast.EXPERT, f"/experts/invitations/{INVITED}/"),
    ("panel-early", cast.SUPERVISOR, "/projects/T-2026-021/panel/"),
    ("provider-staged", cast.SUPERVISOR, f"/providers/register/imports/{LISTED}/"),
    ("split-alert", cast.SUPERVISOR, f"/purchases/alerts/{ALERT}/"),
)
HANGING = {"bidding.assessment", "experts.evidencelook"}  # on other rows that are made here
# The form of what is no plain text: {} stands for the text.
FORMS: dict[str, Any] = {
    "bidding.fixedquotes.rows": [{"org": cast.HETAO, "name": "{}", "quote": "1.00", "reasons": []}],
    "bidding.openingunit.consortium": {"members": [{"org": cast.HETAO, "name": "{}", "work": "{}", "confirmed": True}]},
    "bidding.round.invited": {cast.HETAO: "{}"},
    "market.complaintstep.points": ["{}"],
    "market.project.end_reasons": [{"text": "{}", "law": "{}"}],
    "market.purchase.direct": {"org": cast.HETAO, "amount": "1.00", "reason": "{}"},
    "market.purchase.factors": [{"key": "f1", "name": "{}", "max": "10", "standard": "{}"}],
}
UNLIKE = {  # no two alike
    "intermediaries.certificate.number", "intermediaries.qualification.number", "market.invoice.number",
    "market.ticket.number",
}  # fmt: skip


@cache
def columns() -> dict[str, "models.Field[Any, Any]"]:
    """Every column of the house that holds text, by its name: app.model.column."""
    found: dict[str, models.Field[Any, Any]] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, TEXT) and not model._meta.proxy:
                found[f"{model._meta.label_lower}.{field.name}"] = field
    return found


def spike(column: str) -> str:
    """What is put into a column: its name, and the attack as far as there is room."""
    most = columns()[column].max_length
    name = "文 " + column.replace(".", " ")
    text = poison.spiked_text(name)
    return text if not most or len(text) <= most else name[-(most - len(poison.OUT)) :] + poison.OUT


def fill(now: datetime) -> None:
    """Put an attack into every column that is to be filled here: into each row there is, or into one that is made."""
    spiked = [column for column, (kind, *_) in rows("texts").items() if kind == "spiked"]
    empty = {
        label
        for label in {column.rpartition(".")[0] for column in spiked}
        if not apps.get_model(label).objects.exists()
    }
    with unguarded():
        for label in sorted(empty | ROWS.keys(), key=lambda label: (label in HANGING, label)):
            for told in ROWS.get(label, ({},)):
                made(apps.get_model(label), told, now)
        for label, which, facts in BESIDE:
            rows_there = apps.get_model(label)._default_manager.filter(**which)
            assert rows_there.update(**{key: moment(each, now) for key, each in facts.items()}), (label, which)
        for column in spiked:
            put(column)


def put(column: str) -> None:
    """Put the attack into the column of every row; where no two may be alike, the row's key goes before it."""
    field, text = columns()[column], spike(column)
    every = field.model._default_manager.all()
    if column in UNLIKE:
        for row in every:
            every.filter(pk=row.pk).update(**{field.name: f"{row.pk}{text[-(field.max_length or 0) + 6 :]}"})
    elif column == "bidding.evaluation.compliance":
        for pk, held in every.values_list("pk", "compliance"):
            every.filter(pk=pk).update(compliance={org: each | {"reasons": [text]} for org, each in held.items()})
    elif column in FORMS:  # in place of what stands there already, if anything does
        full = [row.pk for row in every.only("pk", field.name) if getattr(row, field.name)]
        (every.filter(pk__in=full) if full else every).update(**{field.name: formed(FORMS[column], text)})
    else:
        every.update(**{field.name: text})


def formed(form: Any, text: str) -> Any:
    """The form with the text in every place that is left for it."""
    if isinstance(form, dict):
        return {key: formed(each, text) for key, each in form.items()}
    if isinstance(form, list):
        return [formed(each, text) for each in form]
    return text if form == "{}" else form


def moment(told: Any, now: datetime) -> Any:
    """What stands in a row: `NOW` is the instant, a length of time one as long after it."""
    return now if told is NOW else now + told if isinstance(told, timedelta) else told


def made(model: type[models.Model], told: dict[str, Any], now: datetime) -> None:
    """A row of the model: what it hangs on as `told` says or the newest there is, all else as plain as may be."""
    facts: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        if field.name in told:
            facts[field.name] = moment(told[field.name], now)
        elif isinstance(field, models.ForeignKey):
            wanted = {key.partition("__")[2]: each for key, each in told.items() if key.startswith(f"{field.name}__")}
            near = field.related_model._default_manager.filter(**wanted)
            if isinstance(field, models.OneToOneField):
                near = near.exclude(pk__in=model._default_manager.values(field.attname))
            facts[field.name] = near.latest("pk") if wanted or not field.null else None
        elif not field.has_default() and not field.null and not field.primary_key:
            facts[field.name] = plain(field, now)
    model._default_manager.bulk_create([model(**facts)])


def plain(field: "models.Field[Any, Any]", now: datetime) -> Any:
    """Something of the field's kind."""
    of = {
        models.DateTimeField: now, models.DateField: now.date(), models.BooleanField: True,
        models.DecimalField: Decimal(1), models.IntegerField: 1, models.BinaryField: b"0", models.JSONField: [],
    }  # fmt: skip
    if field.choices:
        return next(iter(field.choices))[0]
    return next((each for kind, each in of.items() if isinstance(field, kind)), "0" * min(field.max_length or 9, 9))


@contextmanager
def unguarded() -> Iterator[None]:
    """Let rows be changed that are final, and be as no act leaves them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        for _, sql in guards:
            cursor.execute(sql)


def texts(value: Any) -> Iterator[str]:
    """The texts in a value of a column, whatever form it has."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else ():
            yield str(key)
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def held() -> dict[str, list[str]]:
    """What stands before the attacks in each column."""
    found = {}
    with connection.cursor() as cursor:
        for column, field in columns().items():
            cursor.execute(
                f'SELECT DISTINCT "{field.column}" FROM "{field.model._meta.db_table}" '  # noqa: S608 (of our own models)
                f"WHERE \"{field.column}\" LIKE '%<x-ss>%' LIMIT 200"
            )
            if told := {mark for (value,) in cursor.fetchall() for text in texts(value) for mark in poison.marks(text)}:
                found[column] = sorted(told)
    return found


def wrongs(told: dict[str, list[str]]) -> list[str]:
    """What the table says and is not so."""
    kinds = {column: kind for column, (kind, *_) in rows("texts").items()}
    free = {column for column, kind in kinds.items() if kind in FREE}
    return [f"{column} is {kinds[column]} and holds no attack" for column in sorted(free - told.keys())] + [
        f"{column} holds an attack: nobody writes there, says texts.txt, but {kinds[column]}"
        for column in sorted(told.keys() - free)
    ]
