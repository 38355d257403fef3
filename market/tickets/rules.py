"""What a row of the hotline's export is, until when it is answered, and with what. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rulebook.actor import Actor, Role
from rulebook.calendar import add_working_days
from rulebook.house import own
from rulebook.refusal import Kind, Reason

LAW = own(68)
USUAL_DAYS = 5  # working days after it was sent, where the hotline names no day
LONGEST_ANSWER = 2_000
MOST_TOLD = 200


class Wrong(NamedTuple):
    """What is wrong with a row, as its reader counts: row 1 is the head."""

    row: int
    column: str
    why: str


class Result(StrEnum):
    """What the answer to a ticket says."""

    FOUNDED = "founded"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    RETURNED = "returned"  # not this body's to handle
    TURNED = "turned"  # it goes on as a complaint of this site


ENDS = frozenset({Result.FOUNDED, Result.PARTLY, Result.UNFOUNDED})  # what a complaint has to have come to first


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the export.  name: its head.  longest: characters.  says: what belongs there."""

    name: str
    field: str
    longest: int
    needed: bool
    says: str


# Any order; other columns are left out, the caller's name and telephone above all: nobody here needs them.
COLUMNS: tuple[Column, ...] = (
    Column("工单编号", "number", 40, True, "热线系统的编号，同一单位不得重复"),
    Column("派单日期", "received_on", 19, True, "如 2026-11-24"),
    Column("办结期限", "due_on", 19, False, "不填的，派单后5个工作日"),
    Column("标题", "title", 100, True, "一句话"),
    Column("诉求内容", "text", 500, True, "反映的事实和要求"),
    Column("诉求类别", "category", 40, False, "热线的分类"),
    Column("项目编号", "project", 32, False, "本平台已公告的项目；不清楚的留空"),
    Column("被反映单位", "named", 200, False, "名称"),
)


@dataclass(frozen=True)
class Row:
    """A ticket as its row says.  line: where it stands in the file."""

    line: int
    number: str
    received_on: date
    due_on: date
    title: str
    text: str
    category: str
    project: str
    named: str


def ignored(head: Sequence[str]) -> list[str]:
    """Columns of a file that are not brought in."""
    known = {column.name for column in COLUMNS}
    return [name for name in head if name and name not in known]


def read(
    table: Sequence[Sequence[str]], *, known: Collection[str], projects: Collection[str], on: date
) -> tuple[list[Row], list[Wrong]]:
    """The tickets of a file and everything that is wrong with it.

    known: numbers brought in before.  projects: published ones among those the file names.
    """
    head = list(table[0]) if table else []
    missing = [column.name for column in COLUMNS if column.needed and column.name not in head]
    doubled = sorted({name for name in head if name and head.count(name) > 1})
    if missing or doubled:
        wrong = [Wrong(1, name, "缺少这一列") for name in missing] + [Wrong(1, name, "出现了两次") for name in doubled]
        return [], wrong
    at = {column.field: head.index(column.name) for column in COLUMNS if column.name in head}
    found: list[Row] = []
    wrong = []
    seen: dict[str, int] = {}
    for line, cells in enumerate(table[1:], start=2):
        if not any(cells):
            continue
        whole = [*cells, *[""] * len(head)]
        told = {column.field: whole[at[column.field]].strip() if column.field in at else "" for column in COLUMNS}
        bad = list(_bad(line, told, on=on))
        if told["number"] in known:
            bad.append(Wrong(line, "工单编号", "已经导入过"))
        if told["number"] in seen:
            bad.append(Wrong(line, "工单编号", f"与第{seen[told['number']]}行重复"))
        if told["project"] and told["project"] not in projects:
            bad.append(Wrong(line, "项目编号", "没有这个已公告的项目；不清楚的请留空"))
        if told["number"]:
            seen.setdefault(told["number"], line)
        wrong += bad
        if not bad:
            found.append(_row(line, told))
    if not found and not wrong:
        wrong.append(Wrong(2, "", "没有任何工单"))
    return found, wrong


def _bad(line: int, told: Mapping[str, str], *, on: date) -> Iterator[Wrong]:
    for column in COLUMNS:
        if column.needed and not told[column.field]:
            yield Wrong(line, column.name, "必填")
        if len(told[column.field]) > column.longest:
            yield Wrong(line, column.name, f"超过{column.longest}个字")
    received, due = day(told["received_on"]), day(told["due_on"])
    for name, text, value in (("派单日期", told["received_on"], received), ("办结期限", told["due_on"], due)):
        if text and value is None:
            yield Wrong(line, name, "应为 2026-11-24 这样的日期")
    if received and received > on:
        yield Wrong(line, "派单日期", "不能晚于今天")
    if received and due and due < received:
        yield Wrong(line, "办结期限", "早于派单日期")


def _row(line: int, told: Mapping[str, str]) -> Row:
    received = day(told["received_on"])
    assert received is not None, "a row without a day is bad"
    due = day(told["due_on"]) or add_working_days(received, USUAL_DAYS)
    plain = {name: told[name] for name in ("number", "title", "text", "category", "project", "named")}
    return Row(line=line, received_on=received, due_on=due, **plain)


def day(text: str) -> date | None:
    """A day as exports write it: 2026-11-24, 2026/11/24, with or without a time; None for anything else."""
    parts = text.split(" ")[0].split("T")[0].replace("/", "-").split("-")
    try:
        year, month, number = (int(part) for part in parts)
        return date(year, month, number)
    except ValueError:
        return None


def handles(by: Actor) -> bool:
    """A supervisor acts for the body that tickets were sent to."""
    return by.role is Role.SUPERVISOR and bool(by.organisation)


def why_not_import(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against bringing tickets in: a supervisor, for his own body."""
    if not handles(by):
        return (Reason("tickets.not-supervisor", Kind.NOT_YOURS, "仅监督管理部门可以导入工单"),)
    return ()


def why_not_link(*, answered: bool, same_body: bool) -> tuple[Reason, ...]:
    """Reasons against saying which complaint a ticket belongs to, or that it belongs to none."""
    if answered:
        return (Reason("tickets.answered-already", Kind.NOT_NOW, "已经答复，不能再改关联"),)
    if not same_body:
        return (Reason("tickets.foreign-complaint", Kind.NOT_VALID, "没有由本单位受理的这件投诉"),)
    return ()


def why_not_answer(*, answered: bool, result: str, text: str, linked: bool, complaint_open: bool) -> tuple[Reason, ...]:
    """Reasons against answering: once, with a result that agrees with where its complaint stands, and in words.

    Law: 明标平台规则 第68条.
    """
    if answered:
        return (Reason("tickets.answered", Kind.NOT_NOW, "已经答复"),)
    if result not in set(Result):
        return (Reason("tickets.no-result", Kind.NOT_VALID, "请选择办理结果"),)
    if result == Result.TURNED and not linked:
        return (Reason("tickets.not-linked", Kind.NOT_VALID, "请先关联投诉"),)
    if result in ENDS and complaint_open:
        text_ = "关联的投诉尚未决定；可以先答复已转入投诉程序"
        return (Reason("tickets.complaint-open", Kind.NOT_NOW, text_, LAW),)
    if not text.strip() or len(text) > LONGEST_ANSWER:
        return (
            Reason(
                "tickets.no-answer", Kind.NOT_VALID, "应写明答复，不超过{longest}字", None, {"longest": LONGEST_ANSWER}
            ),
        )
    return ()
