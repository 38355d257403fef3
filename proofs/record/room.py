"""What happened behind closed doors: nothing of it was public before the result, and all of it is with it."""

from proofs import checkpoint, note
from proofs.merkle import leaf_hash, verify_inclusion
from proofs.record.archive import Record
from proofs.record.checks import NotYet, require
from proofs.record.proven import ROOM, facts

# What may be told behind closed doors, by how its kind begins; nothing else may be said to have happened there.
KINDS = ("opening.", "tech.passed")
# These would name or count the parties: under terms with a closed hall they are no public entries.
NAMING = ("opening.hall-opened", "opening.session-opened", "opening.present", "opening.bidder-released",
          "opening.bidders-done", "opening.holder-released", "opening.verdict", "opening.record", "opening.ended",
          "opening.acknowledged", "opening.objected", "tech.passed")  # fmt: skip


def disclosed(record: Record) -> str:
    """Every fact told behind closed doors is in the sealed log, none is missing between them, in their order."""
    entry, terms = record.one(ROOM), record.one("tender.terms")
    if terms is None:
        raise NotYet("尚未发布投标条件")
    if terms.data.get("closed_hall") is not True:
        require(entry is None, f"本项目公开{record.words.opening}，不得有闭门记录")
        return f"公开{record.words.opening}，没有闭门记录"
    require(not [one for one in record.entries if one.kind in NAMING], "闭门期间的记录被提前公开")
    if entry is None:
        raise NotYet("结果公告后公开")
    data = entry.data
    point = checkpoint.opened(data["note"], record.sealed)
    require((point.size, point.root.hex()) == (data["sealed"]["size"], data["sealed"]["root"]), "密封日志的检查点不符")
    named = record.terms["witnesses"]
    witnesses = [checkpoint.parse_vkey_of(vkey, note.COSIGNATURE) for vkey in named["vkeys"]]
    policy = checkpoint.quorum_of(witnesses, named["quorum"])
    require(policy.is_witnessed(data["note"]), "unwitnessed：密封日志的检查点见证签名不足")
    last = 0
    told = list(facts(record.room(entry)))
    for number, fact in enumerate(told, start=1):
        place = (fact.data["stream"], fact.data["seq"])
        require(place == (record.stream, number), f"闭门记录第 {number} 条缺失或不属于本项目")
        assert fact.after is not None  # every fact has it, or it could not be read
        require(last <= fact.after < data["seq"], f"闭门记录第 {number} 条的先后有误")
        require(fact.kind.startswith(KINDS), f"闭门记录第 {number} 条不该在闭门期间发生")
        last = fact.after
        proven = verify_inclusion(
            leaf=leaf_hash(fact.leaf), index=fact.index, size=point.size, proof=fact.proof, root=point.root
        )
        require(proven, f"闭门记录第 {number} 条不在密封日志中")
    require(len(told) == data["count"], "闭门记录的条数不符")
    return f"{len(told)} 条闭门记录都在密封日志中，连续无缺号，结果公告前未公开"
