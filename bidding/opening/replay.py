"""A finished opening seen again: the lines everybody saw, out of the public record alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bidding.tender import queries as tenders
from ledger import lines
from ledger import queries as ledger
from market.projects.models import Project

BEGINS = "tender.closed"
ENDS = ("opening.ended", "opening.not-opened")
# The first line of each of these begins a stage one may jump to; of `verdict`, each session's first.
STAGES: dict[str, str | Promise] = {
    BEGINS: _("{terms.closing}封存"),
    "opening.hall-opened": _("{terms.bidder}解密"),
    "opening.bidders-done": _("持钥人开启"),
    "opening.verdict": _("{terms.read_out}"),
    "opening.record": _("确认签字"),
    "opening.ended": _("结束"),
    "opening.not-opened": _("不予{terms.opening}"),
}
MOST = 20_000  # entries of one project


@dataclass(frozen=True)
class Story:
    """lines: as the hall showed them, oldest first.  stages: [{"seq", "label"}].  over: whether it has ended."""

    lines: list[SafeString]
    stages: list[dict[str, object]]
    first: int
    last: int
    over: bool


def story(project: Project) -> Story:
    """The opening of a project from its closing to its latest end; empty while it has not ended once."""
    entries = ledger.entries_after(project.log, limit=MOST)
    if tenders.closed_hall(project):  # its facts were told behind closed doors, and have numbers of their own
        return Story([], [], 0, 0, over=False)
    begun = [entry.seq for entry in entries if entry.kind == BEGINS]
    ended = [entry.seq for entry in entries if entry.kind in ENDS]
    if not begun or not ended:
        return Story([], [], 0, 0, over=False)
    shown = [entry for entry in entries if begun[0] <= entry.seq <= ended[-1]]
    stages: list[dict[str, object]] = []
    previous = ""
    for entry in shown:
        if entry.kind in STAGES and entry.kind != previous:
            stages.append({"seq": entry.seq, "label": str(STAGES[entry.kind]).format(terms=project.terms)})
        if entry.kind in STAGES:
            previous = entry.kind
    return Story([lines.line(entry) for entry in shown], stages, begun[0], ended[-1], over=True)
