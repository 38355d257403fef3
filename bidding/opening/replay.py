"""A finished opening seen again: the lines everybody saw, out of the public record alone.

What happened behind closed doors is seen again once it is disclosed, from what was published then.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bidding.tender import queries as tenders
from ledger import blobs, lines
from ledger import queries as ledger
from ledger.models import Entry
from market.projects.models import Project
from rulebook.law import Article

BEGINS = "tender.closed"
ENDS = ("opening.ended", "opening.not-opened")
ROOM = "opening.room-disclosed"
DISCLOSES = ("opening.quotes-disclosed", ROOM)
# The first line of each of these begins a stage one may jump to; of `verdict`, each session's first.
STAGES: dict[str, str | Promise] = {
    BEGINS: _("{terms.closing}封存"),
    "opening.hall-opened": _("{terms.bidder}解密"),
    "opening.session-opened": _("第 {session} 场{terms.bidder}解密"),
    "opening.bidders-done": _("持钥人开启"),
    "opening.verdict": _("{terms.read_out}"),
    "opening.record": _("确认签字"),
    "opening.ended": _("结束"),
    "opening.not-opened": _("不予{terms.opening}"),
    DISCLOSES[0]: _("结果公告后公开"),
    ROOM: _("结果公告后公开"),
}
MOST = 20_000  # entries of one project


@dataclass(frozen=True)
class Told:
    """One fact of the story.  order: what was told first is less, as `proofs.record.proven` has it."""

    kind: str
    order: tuple[int, int]
    line: Callable[[], SafeString]


@dataclass(frozen=True)
class Story:
    """lines: as the hall showed them, oldest first.  stages: [{"place", "label"}], places from 1 on.

    first: the number of the public entry with which it begins.  room: the blob with what was told behind closed doors;
    empty where the hall was open.  over: whether it has ended, and may be seen.  closed: why not, where doors are shut.
    """

    lines: list[SafeString]
    stages: list[dict[str, object]]
    first: int
    room: str
    over: bool
    closed: Article | None = None


def story(project: Project) -> Story:
    """The opening of a project from its closing to its latest end; empty while it has not ended once.

    What was disclosed with the result comes last. Of a closed hall there is nothing before that, for anybody, and
    whether it has begun or ended is not said.
    """
    entries = ledger.entries_after(project.log, limit=MOST)
    closed = tenders.closed_hall(project)
    room = next((json.loads(entry.event)["d"]["sha256"] for entry in entries if entry.kind == ROOM), "")
    told = sorted([*_public(entries), *_behind(room)], key=lambda each: each.order)
    begun = [each.order for each in told if each.kind == BEGINS]
    ended = [each.order for each in told if each.kind in ENDS]
    if not begun or not ended or (closed and not room):
        return Story([], [], 0, "", over=False, closed=closed)
    shown = [each for each in told if begun[0] <= each.order <= ended[-1] or each.kind in DISCLOSES]
    return Story([each.line() for each in shown], _stages(shown, project), begun[0][0], room, over=True)


def _public(entries: Iterable[Entry]) -> Iterator[Told]:
    for entry in entries:
        yield Told(entry.kind, (entry.seq, 0), partial(lines.line, entry))


def _behind(sha256: str) -> Iterator[Told]:
    """The facts in a blob of `opening.room-disclosed`; none where there is none."""
    for row in json.loads(blobs.read(sha256)) if sha256 else ():
        event = row["event"]
        yield Told(event["t"], (event["d"]["after"], event["d"]["seq"]), partial(lines.line_behind, event))


def _stages(shown: Iterable[Told], project: Project) -> list[dict[str, object]]:
    stages: list[dict[str, object]] = []
    previous, session = "", 1
    for place, each in enumerate(shown, start=1):
        session += each.kind == "opening.session-opened"
        label = str(STAGES.get(each.kind, previous)).format(terms=project.terms, session=session)
        if label != previous:
            stages.append({"place": place, "label": label})
        previous = label
    return stages
