"""Did those sit who were drawn, each replaced by the one the draw had put next?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from proofs.record.archive import Record, transcripts
from proofs.record.checks import NotYet, require
from proofs.record.proven import Proven

NAMED = ""  # the stratum of those the buyer named itself
SELECTED = "\0selected"  # of those it picked with consent, in place of a draw
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
        self.early: set[str] = set()  # draws announced as held before the opening
        self.fixed: dict[str, Any] = {}  # their results, by which nobody is called yet
        self.opened = False  # the opening has named the bidders
        self.unsigned = False

    def drawn(self, entry: Proven) -> None:
        """A result puts the chosen on the panel and the others in line."""
        if entry.data["id"] not in self.draws:
            return  # a draw for something else
        if entry.data["id"] not in self.early:
            self._seat(entry.data["id"], entry.data["result"])
        elif not self.opened:  # a result that came later seats nobody
            self.fixed[entry.data["id"]] = entry.data["result"]

    def announced_early(self, entry: Proven) -> None:
        """This draw is held before the opening; said before anybody contributes to it."""
        require(not self.opened, "开标之后宣布在开标前抽取")
        self.early.add(entry.data["draw"])

    def named_bidders(self, entry: Proven) -> None:
        """From here conflicts are known, and who was drawn earlier may be called."""
        self.opened = True

    def struck(self, entry: Proven) -> None:
        """After the opening: these leave the fixed order, and the next in it have their places."""
        result, out = self.fixed.pop(entry.data["draw"], None), entry.data["seats"]
        require(result is not None, "回避所指的不是开标前抽取的顺序")
        require(self.opened, "开标之前已经回避")
        line = [cid for part in result.values() for cid in (*part["chosen"], *part["standby"])]
        require([cid for cid in line if cid in set(out)] == out, "回避的人不在抽取的顺序中")
        self._seat(entry.data["draw"], result, out=out)

    def _seat(self, draw_id: str, result: Mapping[str, Any], *, out: Sequence[str] = ()) -> None:
        told = self.draws[draw_id]
        self.count += 1
        self.most = told["spec"]["max_per_org"]
        self.org |= {item["cid"]: item["org"] for item in told["pool"]}
        for key, part in result.items():
            self.active |= {cid: key for cid in part["chosen"] if cid not in out}
            self.waiting.setdefault(key, []).extend(cid for cid in part["standby"] if cid not in out)
        for cid in out:
            for key in (key for key, part in result.items() if cid in part["chosen"]):
                self._call(key, next(iter(self._free(key)), ""))

    def _free(self, key: str) -> list[str]:
        """Who waits for a place and whose employer has room, in order."""
        places = Counter(self.org.get(cid) for cid in self.active)
        return [cid for cid in self.waiting.get(key, []) if self.most is None or places[self.org[cid]] < self.most]

    def named(self, entry: Proven) -> None:
        """The buyer named its representatives: they are nobody who was drawn."""
        require(not set(entry.data["seats"]) & set(self.org), "采购人代表又在抽取名单中")
        self.active |= dict.fromkeys(entry.data["seats"], NAMED)

    def selected(self, entry: Proven) -> None:
        """The buyer picked these, and says why, by which article and on what evidence; which specialty is whose stays
        unsaid."""
        told = entry.data
        require(not set(told["seats"]) & set(self.org), "自行选定的人又在抽取名单中")
        require(bool(told["reason"].strip() and told["law"] and told["evidence_sha256"]), "自行选定没有理由或者依据")
        self.active |= dict.fromkeys(told["seats"], SELECTED)

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
        if key in (OUTSIDE, SELECTED):  # the line of whoever comes, if there is one
            key = next((each for each, line in self.waiting.items() if into in line), key)
            require(not into or key not in (OUTSIDE, SELECTED), "有成员不是抽取产生的")
            self._call(key, into)
            return
        line, free = self.waiting.get(key, []), self._free(key)
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
    _fixed_before(record)
    place = Seats(record)
    acts = {
        "evaluation.drawn-early": place.announced_early, "opening.hall-opened": place.named_bidders,
        "evaluation.struck": place.struck, "draw.result": place.drawn, "evaluation.representatives-named": place.named,
        "evaluation.self-selected": place.selected,
        "evaluation.external-imported": place.imported, "evaluation.external-confirmed": place.confirmed,
        "evaluation.replaced": place.replaced, "evaluation.seated": place.seated,
    }  # fmt: skip
    for entry in record.entries:
        if entry.kind in acts:
            acts[entry.kind](entry)
    named = sum(len(entry.data["seats"]) for entry in record.of("evaluation.representatives-named"))
    own = f"；采购人代表 {named} 人由其指定" if named else ""
    picked = sum(key == SELECTED for key in place.active.values())
    own += f"；{picked} 人由采购人自行选定" if picked else ""
    return f"{len(seated[-1].data['seats'])} 名成员，抽取产生并按抽取顺序递补{own}"


def _fixed_before(record: Record) -> None:
    """Who is left out of a list, and whether it is drawn from before the opening, was fixed before anybody contributed
    to the draw over it."""
    for kind, fault in (
        ("evaluation.left-out", "未列入名单的人员在抽取开始后才固定"),
        ("evaluation.drawn-early", "抽取开始后才宣布在开标前抽取"),
    ):
        for kept in record.of(kind):
            keys = [entry.index for entry in record.of("draw.key") if entry.data["id"] == kept.data["draw"]]
            require(not keys or kept.index < min(keys), fault)
