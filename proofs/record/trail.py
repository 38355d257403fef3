"""Is this what the log holds? Signature, witnesses, every entry's place, no gap, nothing that belongs elsewhere."""

from proofs import canonical, checkpoint, note
from proofs import statement as statements
from proofs.manifest import parse as parse_manifest
from proofs.manifest import why_not_posted
from proofs.merkle import leaf_hash, verify_inclusion
from proofs.mirror import Fetch, Forked, Mirror
from proofs.record.archive import Record, draw_files
from proofs.record.checks import Broken, NotYet, require
from proofs.record.named import named_blobs

OF_IDENTITY = ("accounts.key-registered", "accounts.key-revoked")
FIRST_OF_ALL = (*OF_IDENTITY, "tender.keys-wanted", "tender.slots-posted",
                "tender.manifest", "tender.rehearsal-wanted", "tender.rehearsed")  # fmt: skip


def signature(record: Record) -> str:
    """The checkpoint is the log's, under the key the record names."""
    point = checkpoint.opened(record.checkpoint, record.log)
    known = [record.log, *_witnesses(record)]
    parsed = note.parse(record.checkpoint)
    note.verify(parsed, known)
    require(len(set(parsed.signatures)) == len(parsed.signatures), "检查点上有重复的签名行")
    return f"{point.origin} 的检查点，共 {point.size} 条，签名有效"


def witnessed(record: Record) -> str:
    """The witnesses the terms name have cosigned the checkpoint, as many as the terms ask."""
    _with_envelopes(record)
    named = record.terms["witnesses"]
    seen = checkpoint.cosigners(record.checkpoint, _witnesses(record))
    if not named["quorum"]:
        raise NotYet("unwitnessed：本项目条件未约定见证人，日志分叉无从排除")
    policy = checkpoint.quorum_of(_witnesses(record), named["quorum"])
    require(policy.is_witnessed(record.checkpoint), f"unwitnessed：见证签名不足 {named['quorum']} 个")
    return "、".join(sorted(one.name for one in seen))


def inclusion(record: Record) -> str:
    """Every entry, and every registered key, is in the log under that checkpoint."""
    point = checkpoint.parse(note.parse(record.checkpoint).text)
    for entry in (*record.entries, *record.keys):
        proven = verify_inclusion(
            leaf=leaf_hash(entry.leaf), index=entry.index, size=point.size, proof=entry.proof, root=point.root
        )
        require(proven, f"第 {entry.data.get('seq')} 条 {entry.kind} 不在日志中")
    return f"{len(record.entries)} 条记录与 {len(record.keys)} 条密钥记录都在日志中"


def sequence(record: Record) -> str:
    """The stream is whole from its first entry on, and in the log's order."""
    require(bool(record.entries), "没有任何记录")
    for number, entry in enumerate(record.entries, start=1):
        place = (entry.data["stream"], entry.data["seq"])
        require(place == (record.stream, number), f"第 {number} 条缺失或不属于本项目")
    for entries in (record.entries, record.keys):
        order = [entry.index for entry in entries]
        require(order == sorted(set(order)), "记录的先后与日志不一致")
    # `ts` is when an act arrived, and acts do not commit in the order of their arrival: no claim is made about it.
    for entry in record.entries:
        statements.timestamp(entry.event["ts"])
    strays = [entry for entry in record.keys if entry.data["stream"] != "keys" or entry.kind not in FIRST_OF_ALL]
    require(not strays, "keys.jsonl 中有不相干的记录")
    require(record.revocations_stand, "keys.jsonl 中有不成立的密钥吊销")
    return f"连续 {len(record.entries)} 条，无缺号"


def whole_keys(record: Record, log: Fetch) -> str:
    """Nothing the log says of the parties' keys is left out: what no proof of inclusion can show.

    log: the site's own, read from its first entry to the record's checkpoint.
    """

    def fetch(path: str) -> bytes:
        return record.checkpoint.encode() if path == "checkpoint" else log(path)

    try:
        events = Mirror(fetch, record.log, checkpoint.quorum_of([], 0)).grow()
    except Forked as wrong:
        raise Broken("网站的日志与本记录的检查点不一致") from wrong
    held = [entry.event for entry in record.keys if entry.kind in OF_IDENTITY]
    own = {event["d"]["statement"]["org"] for event in held}
    told = [event for event in events if event["t"] in OF_IDENTITY and event["d"]["statement"]["org"] in own]
    missing = [event for event in told if event not in held]
    require(not missing, f"keys.jsonl 漏放 {len(missing)} 条登记或者吊销")
    return f"日志前 {len(events)} 条中，各方密钥的登记和吊销一条不少"


def objects(record: Record) -> str:
    """Every object is the one whose hash names it, all that the entries name are there, and no other."""
    for sha256, data in record.blobs.items():
        require(canonical.sha256(data).hex() == sha256, f"blobs/{sha256} 的内容与其哈希不符")
    named = set(named_blobs(record.told))
    require(named <= set(record.blobs), f"缺少 {len(named - set(record.blobs))} 个附件")
    require(set(record.blobs) <= named, "有记录未提及的附件")
    require(record.draws == draw_files(record), "draws/ 与日志中的抽取不一致")
    return f"{len(named)} 个附件，哈希全部相符"


def notices(record: Record) -> str:
    """The notices are the ones that were published, unchanged."""
    published = record.of("market.notice-published")
    if not published:
        raise NotYet("尚未发布公告")
    for number, entry in enumerate(published, start=1):
        data = entry.data
        require((data["number"], data["notice"]) == (record.number, number), f"第 {number} 份公告编号不符")
        require(isinstance(record.json_blob(data["sha256"]), dict), f"第 {number} 份公告不是规范的公告")
    editions = "、".join(sorted({entry.data["edition"] for entry in published}))
    moved = record.of("tender.deadline-moved")
    moves = f"；截止时间顺延 {len(moved)} 次，至 {record.deadline}" if moved else ""
    return f"{len(published)} 份公告与发布时逐字节一致（规则版本 {editions}）{moves}"


def committees(record: Record) -> str:
    """The manifests the terms name hold the keys their holders signed."""
    _with_envelopes(record)
    terms = record.terms
    units = terms["units"]
    posted = [entry for entry in record.keys if entry.kind == "tender.slots-posted"]
    for part, cmh in units.items():
        made = parse_manifest(record.blob(cmh))
        require(made.unit == {"tender": record.number, "lot": "1", "part": part}, f"{part} 的密钥清单属于别的项目")
        require((made.c.k, made.c.n) == (terms["k"], terms["n"]), f"{part} 的开启人数与条件不符")
        for member in made.c.members:
            own = [(entry.data["statement"], entry) for entry in posted if entry.data["statement"]["org"] == member.org]
            own = [(said, entry) for said, entry in own if said["unit"] == made.unit]
            good = [said for said, entry in own if record.signed(statements.check(said, v="slots/1"), entry)]
            fits = [said for said in good if not why_not_posted(said, member.keys, made)]
            require(bool(fits), f"{part} 的密钥清单中 {member.org} 的公钥没有其签名")
    return f"{len(units)} 份密钥清单，{terms['n']} 个持钥单位，{terms['k']} 个可开启，签名有效"


def _with_envelopes(record: Record) -> None:
    """NotYet for a purchase in the supermarket that takes no sealed quotes: nothing pins witnesses or holders."""
    if record.one("tender.terms") is None and record.one("market.purchase-terms") is not None:
        raise NotYet("本项目不收密封报价")


def _witnesses(record: Record) -> list[note.Verifier]:
    found = record.one("tender.terms")
    vkeys = found.data["witnesses"]["vkeys"] if found else []
    return [checkpoint.parse_vkey_of(vkey, note.COSIGNATURE) for vkey in vkeys]
