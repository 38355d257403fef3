"""Did those sit who were drawn, each replaced by the one the draw had put next?"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from proofs.record.archive import Record, transcripts
from proofs.record.checks import NotYet, require
from proofs.record.proven import Proven

NAMED = ""  # the stratum of those the buyer named itself
OUTSIDE = "\0outside"  # and of those another pool drew: which specialty is whose stays unsaid


class Seats:
    """Who is asked or sits, and who waits in which order, as the record tells it."""

    def __init__(self, record: Record) -> None:
        panels = {entry.data["id"] for entry in record.of("draw.announced") if entry.data["purpose"] == "panel"}
        told = {told["spec"]["id"]: told for told in transcripts(record).values()}
        self.record = record
        self.draws: Mapping[str, Any] = {draw_id: told[draw_id] for draw_id in panels if draw_id in told}
        self.active: dict[str, str] = {}  # masked id → stratum
        self.waiting: dict[str, list[str]] = {}
        self.org: dict[str, str] = {}
        self.most: int | None = None
        self.count = 0
        self.unsigned = False

    def drawn(self, entry: Proven) -> None:
        """A result puts the chosen on the panel and the others in line."""
        told = self.draws.get(entry.data["id"])
        if told is None:
            return  # a draw for something else
        self.count += 1
        self.most = told["spec"]["max_per_org"]
        self.org |= {item["cid"]: item["org"] for item in told["pool"]}
        for key, part in entry.data["result"].items():
            self.active |= dict.fromkeys(part["chosen"], key)
            self.waiting.setdefault(key, []).extend(part["standby"])

    def named(self, entry: Proven) -> None:
        """The buyer named its representatives: they are nobody who was drawn."""
        require(not set(entry.data["seats"]) & set(self.org), "采购人代表又在抽取名单中")
        self.active |= dict.fromkeys(entry.data["seats"], NAMED)

    def imported(self, entry: Proven) -> None:
        """Another pool drew these; its evidence is named by its hash, and the buyer has to sign it."""
        self.active |= dict.fromkeys(entry.data["seats"], OUTSIDE)
        self.unsigned = True

    def confirmed(self, entry: Proven) -> None:
        """The buyer signed the evidence that was imported."""
        [told] = self.record.of("evaluation.external-imported")
        require(told.data["evidence_sha256"] == entry.data["evidence_sha256"], "采购人确认的不是导入的抽取记录")
        self.unsigned = False

    def replaced(self, entry: Proven) -> None:
        """One goes; the first in line of the same specialty whose employer has room comes, or nobody is left.

        Employers are masked anew in each draw, so after a further draw their room cannot be seen from outside: then it
        is enough that whoever comes was in line.
        """
        out, into = entry.data["out"], entry.data["in"]
        require(out in self.active, "离开的人并不在评审小组")
        key = self.active.pop(out)
        if key == OUTSIDE:  # the line of whoever comes, if there is one
            key = next((each for each, line in self.waiting.items() if into in line), key)
            require(not into or key != OUTSIDE, "有成员不是抽取产生的")
            self._call(key, into)
            return
        line = self.waiting.get(key, [])
        places = Counter(self.org.get(cid) for cid in self.active)
        free = [cid for cid in line if self.most is None or places[self.org[cid]] < self.most]
        if self.count == 1:
            require(into == (free[0] if free else ""), "递补的不是抽取顺序中的下一位")
        require(not into or into in line, "有成员不是抽取产生的")
        self._call(key, into)

    def _call(self, key: str, into: str) -> None:
        if into:
            self.waiting[key].remove(into)
            self.active[into] = key

    def seated(self, entry: Proven) -> None:
        """Everybody sits who was asked last, and nobody else; of three members at most one is named."""
        require(sorted(self.active) == sorted(entry.data["seats"]), "有成员不是抽取产生的")
        require(not self.unsigned, "导入的抽取结果未经采购人确认")
        named = sum(key == NAMED for key in self.active.values())
        require(3 * named <= len(self.active), "评审专家不足三分之二")


def seats(record: Record) -> str:
    """Who sat on the panel was drawn for it, and called in the drawn order."""
    seated = record.of("evaluation.seated")
    if not seated:
        raise NotYet("尚未组成评审委员会")
    _left_out_before(record)
    place = Seats(record)
    acts = {
        "draw.result": place.drawn, "evaluation.representatives-named": place.named,
        "evaluation.external-imported": place.imported, "evaluation.external-confirmed": place.confirmed,
        "evaluation.replaced": place.replaced, "evaluation.seated": place.seated,
    }  # fmt: skip
    for entry in record.entries:
        if entry.kind in acts:
            acts[entry.kind](entry)
    named = sum(len(entry.data["seats"]) for entry in record.of("evaluation.representatives-named"))
    own = f"；采购人代表 {named} 人由其指定" if named else ""
    return f"{len(seated[-1].data['seats'])} 名成员，抽取产生并按抽取顺序递补{own}"


def _left_out_before(record: Record) -> None:
    """Who is left out of a list, and why, was committed to before anybody contributed to the draw over it."""
    for kept in record.of("evaluation.left-out"):
        keys = [entry.index for entry in record.of("draw.key") if entry.data["id"] == kept.data["draw"]]
        require(not keys or kept.index < min(keys), "未列入名单的人员在抽取开始后才固定")
