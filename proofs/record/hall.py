"""Was the opening what it must be? Nothing added or dropped after the deadline, and every sheet opened again."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from proofs import canonical, checkpoint, closing, commitment, note, releases
from proofs import statement as statements
from proofs.merkle import leaf_hash, verify_inclusion
from proofs.record.archive import READ_OUT, Record
from proofs.record.checks import NotYet, require
from proofs.record.proven import Proven
from proofs.record.sessions import Session, may_be_opened, sessions
from proofs.verdict import Finding, Terms, open_envelope


def closed(record: Record) -> str:
    """The closing's commitment was logged before the hall opened, over the list that the hall showed."""
    shut, opened = record.one("tender.closed"), record.one("opening.hall-opened")
    if shut is None:
        raise NotYet("尚未截止")
    _shut(record, shut, record.deadline)
    if opened is None and record.terms.get("closed_hall") is True:
        return "已截止；闭门开启，名称与数量随结果公开"
    if opened is None:
        return f"已截止；未{record.words.opening}，{record.words.bidder}名称与数量永久保密"
    lists = [_same_list(record, shut, opened)]
    for session in sessions(record)[1:]:
        if "round" in session.opened.data:
            _, closed_round, until = _round(record, session.opened)
            _shut(record, closed_round, until)
            lists.append(_same_list(record, closed_round, session.opened))
    return f"截止时的 {'、'.join(str(count) for count in lists)} 份密封件与{record.words.opening}时的清单一致"


def _round(record: Record, opened: Proven) -> tuple[Proven, Proven, str]:
    """How a round was called and closed, and until when it ran."""
    number = opened.data["round"]
    called = [entry for entry in record.of("bidding.round-called") if entry.data["round"] == number]
    shut = [entry for entry in record.of("bidding.round-closed") if entry.data["round"] == number]
    require(len(called) == len(shut) == 1 and called[0].order < shut[0].order, f"第 {number} 轮报价的开始与截止不全")
    return called[0], shut[0], str(called[0].data["until"])


def _shut(record: Record, shut: Proven, due: str) -> None:
    """A closing was logged once its time was over, over a sealed checkpoint that the witnesses signed."""
    sealed = shut.data["sealed"]
    point = checkpoint.opened(shut.data["note"], record.sealed)
    require((point.size, point.root.hex()) == (sealed["size"], sealed["root"]), "密封日志的检查点与记录不符")
    named = record.terms["witnesses"]
    witnesses = [checkpoint.parse_vkey_of(vkey, note.COSIGNATURE) for vkey in named["vkeys"]]
    policy = checkpoint.quorum_of(witnesses, named["quorum"])
    require(policy.is_witnessed(shut.data["note"]), "unwitnessed：密封日志的检查点见证签名不足")
    require(statements.timestamp(shut.event["ts"]) >= statements.timestamp(due), "截止记录早于截止时间")


def _same_list(record: Record, shut: Proven, opened: Proven) -> int:
    """The list that is opened is the one committed to; how many envelopes are on it."""
    require(shut.order < opened.order, f"截止记录晚于{record.words.opening}")
    require(opened.data["closing"] == shut.data["closing"], f"{record.words.opening}所依据的不是截止时的清单")
    nonce = canonical.hex_bytes(opened.data["nonce"], 32, "nonce")
    listing = record.blob(opened.data["live_sha256"])
    require(closing.commitment(nonce, listing) == shut.data["closing"], f"{record.words.bid}清单与截止时的承诺不符")
    cls = closing.parse(listing)
    require(cls["tender"] == record.number, f"{record.words.bid}清单属于别的项目")
    return len(cls["live"])


def sealed_entries(record: Record) -> str:
    """Each live envelope has its entry in the sealed log's checkpoint of the closing, from before the deadline."""
    opened, shut = record.one("opening.hall-opened"), record.one("tender.closed")
    if opened is None or shut is None:
        raise NotYet(f"尚未{record.words.opening}")
    count = _sealed(record, opened, shut, until=record.deadline)
    _same_bidders(record, opened, {row["eid"]: row for row in record.listed(opened)})
    for session in sessions(record)[1:]:
        if "round" in session.opened.data:
            called, closed_round, until = _round(record, session.opened)
            count += _sealed(record, session.opened, closed_round, since=called.event["ts"], until=until)
    return f"{count} 份密封件都在截止前进入密封日志，递交声明签名有效"


def _sealed(record: Record, opened: Proven, shut: Proven, *, since: str = "", until: str) -> int:
    """Everything on one list is in the sealed log of its closing, signed and in time; how many there are."""
    point = checkpoint.parse(note.parse(shut.data["note"]).text)
    deadline = statements.timestamp(until)
    live = {row["eid"]: row for row in record.listed(opened)}
    shown = record.json_blob(opened.data["sealed_sha256"])
    require(len(shown) == len(live) and {row["event"]["d"]["eid"] for row in shown} == set(live), "密封记录与清单不符")
    for row in shown:
        canonical.require_keys(row, ("event", "nonce", "index", "proof", "sub"), "sealed")
        told, sub = row["event"]["d"], statements.check(row["sub"], v="sub/1")
        entry = commitment.blinded_entry(row["event"], canonical.hex_bytes(row["nonce"], 32, "nonce"))
        proof = canonical.hashes(row["proof"], "proof")
        proven = verify_inclusion(
            leaf=leaf_hash(entry), index=row["index"], size=point.size, proof=proof, root=point.root
        )
        require(proven, f"密封件 {told['eid']} 不在截止时的密封日志中")
        item = live[told["eid"]]
        require(all(told[key] == item[key] for key in item), f"密封件 {told['eid']} 与清单不符")
        require(statements.digest(sub) == item["sub_sha256"], f"密封件 {told['eid']} 的递交声明与清单不符")
        stood = record.registry.stood(sub, at=statements.timestamp(row["event"]["ts"]))
        require(stood and record.registry.signed(sub), f"密封件 {told['eid']} 的递交声明签名无效")
        require(all(sub[key] == item[key] for key in ("eid", "slot", "env_sha256")), "递交声明与清单不符")
        require(sub["unit"] == {"tender": record.number, "lot": "1", "part": item["part"]}, "递交声明属于别的项目")
        require(told["org"] == sub["org"] and told["stream"] == record.stream, "密封记录属于别人或别的项目")
        received = statements.timestamp(told["received"])
        require(received < deadline, f"密封件 {told['eid']} 晚于截止时间")
        require(not since or received >= statements.timestamp(since), f"报价 {told['eid']} 早于本轮开始")
    return len(shown)


def _same_bidders(record: Record, opened: Proven, live: Mapping[str, Any]) -> None:
    """The names the hall showed are those who signed, each part of each of them."""
    signed = {eid: sub["org"] for eid, sub in record.submitted.items()}
    listed = {
        unit["eid"]: (bidder["org"], {**unit, "part": part})
        for bidder in record.bidders
        for part, unit in bidder["parts"].items()
    }
    require(set(listed) == set(live), f"{record.words.opening}公布的{record.words.bidder}与清单不符")
    for eid, (org, unit) in listed.items():
        require(org == signed[eid] and unit == live[eid], f"{org} 的密封件与清单不符")
    minimum = record.terms["min"]
    require(opened.data["count"] == len(record.bidders), f"{record.words.opening}公布的家数与名单不符")
    require(len(record.bidders) >= minimum, f"{record.words.bidder}不足 {minimum} 家而{record.words.opening}")


def released(record: Record) -> str:
    """What was released is signed by its owner, for this closing, and only for envelopes of the list."""
    if record.one("tender.terms") is None:  # nothing is sealed before them, nor in a purchase without quotes
        raise NotYet("尚未解密")
    opened, said = record.one("opening.hall-opened"), record.releases
    played = sessions(record)
    alone = by_themselves(record)
    spoken = ("opening.holder-released", "opening.rescued") if alone else ("opening.bidders-done",)
    if opened is None or not record.of(*spoken):
        raise NotYet("尚未解密")
    for session in played:
        done = session.opened if alone else session.one(record, "opening.bidders-done")
        require(not alone or not session.of(record, "opening.bidders-done"), f"本项目没有{record.words.bidder}解密环节")
        if done is not None and not alone:
            listed = {eid for told in ("released", "absent") for eids in done.data[told].values() for eid in eids}
            require(listed == set(session.owner), "已释放与缺席的名单不全")
        for entry in session.of(record, "opening.holder-released"):
            require(done is not None and entry.order > done.order, f"持钥单位在{record.words.bidder}之前释放了密钥")
            require(entry.data["part"] in session.parts, "持钥单位释放了不在本场开启的密封件的密钥")
        _rescues(record, session)
    owner = may_be_opened(record)
    of = {eid: session for session in played for eid in session.owner}
    for one in said:
        # No entry says when it came between its session's beginning and its publication; what it gives proves itself.
        session = of.get(one["eid"], played[0])
        require(record.signed(one, session.opened), f"{one['org']} 的开启声明签名无效")
        require(one["closing"] == session.closing, f"{one['org']} 的开启声明属于另一次截止")
        require(one["eid"] in owner, f"{one['org']} 释放了不得开启的密封件的密钥")
        if one["role"] in ("b", "rescue"):
            require(owner[one["eid"]] == one["org"], f"{one['org']} 释放了不属于自己的密封件")
    after = "截止清单公布之后" if alone else f"{record.words.bidder}之后"
    rescued = len(record.of("opening.rescued"))
    own = f"；{rescued} 份由{record.words.bidder}自行补救" if rescued else ""
    return f"{len(said)} 份开启声明签名有效，持钥单位均在{after}释放{own}"


def _rescues(record: Record, session: Session) -> None:
    """Nobody rescued but where it was declared that the holders fell short, his own, and before its verdict."""
    asked = {eid: entry.order for entry in session.of(record, "opening.rescue-declared") for eid in entry.data["eids"]}
    decided = {entry.data["eid"]: entry.order for entry in session.of(record, "opening.verdict")}
    for entry in session.of(record, "opening.rescued"):
        eid, org = entry.data["eid"], entry.data["org"]
        require(eid in asked and asked[eid] < entry.order, f"{org} 在公布可以补救之前补救")
        require(session.owner.get(eid) == org, f"{org} 补救了不属于自己的密封件")
        require(eid not in decided or entry.order < decided[eid], f"{org} 在有了结论以后补救")


def by_themselves(record: Record) -> bool:
    """Whether bidders hold no half: the holders alone open, all that is on the list."""
    return bool(record.terms["pol"] == "C")


def verdicts(record: Record) -> str:
    """Every envelope of the list has one verdict; every one that is read out is opened again and says the same."""
    opened = record.one("opening.hall-opened")
    told = record.of("opening.verdict")
    if opened is None or not told:
        raise NotYet("尚未开启")
    done, alone = record.of("opening.bidders-done"), by_themselves(record)
    require(bool(done) or alone, "没有释放记录而有结论")
    owner = may_be_opened(record)
    live = record.live
    require(len({entry.data["eid"] for entry in told}) == len(told), "同一密封件有两个结论")
    released_eids = {eid for entry in done for eids in entry.data["released"].values() for eid in eids}
    released_eids |= set(owner) if alone else set()
    subs = record.submitted
    said = record.releases
    again = 0
    for entry in told:
        data = entry.data
        item = live.get(data["eid"])
        require(item is not None and item["part"] == data["part"], f"{data['org']} 的结论所指不在清单中")
        require(data["eid"] in owner, f"{data['org']} 未通过评审，其 {data['part']} 不得开启")
        require(data["env_sha256"] == subs[data["eid"]]["env_sha256"], f"{data['org']} 的密封件与清单不符")
        require(data["org"] == subs[data["eid"]]["org"], f"{data['org']} 的结论属于别人")
        if data["eid"] not in released_eids:
            require((data["verdict"], data["sheet"]) == ("ABSENT", None), f"{data['org']} 未释放却有内容")
        elif data["part"] in record.read_out or data["eid"] in record.disclosed:
            _again(record, data, subs[data["eid"]], said)
            again += 1
        else:
            require(data["sheet"] is None, f"{data['org']} 的 {data['part']} 不应公布内容")
    priced = {entry.data["eid"] for entry in told if entry.data["part"] in READ_OUT}
    shown = not record.disclosed or set(record.disclosed) == priced
    require(shown and (record.disclosed == {} or not record.read_out), "公开的报价与开启的报价不全相同")
    failed = {e.data["org"] for e in told if e.data["verdict"] != "OK" and e.data["part"] not in READ_OUT}
    for session in sessions(record):
        if session.number > 1:
            require(
                not failed & set(session.owner.values()), f"技术文件未能开启的{record.words.bidder}被开启了报价文件"
            )
        if session.one(record, "opening.record"):
            own = session.of(record, "opening.verdict")
            require({entry.data["eid"] for entry in own} == set(session.owner), "有密封件没有结论")
    return f"{len(told)} 个结论；{again} 份{record.words.sheet}由公开数据重新开启，结果相同"


def _again(record: Record, data: Mapping[str, Any], sub: Mapping[str, Any], said: Sequence[Mapping[str, Any]]) -> None:
    terms = record.terms
    cmh = terms["units"][data["part"]]
    opened = open_envelope(
        BytesIO(record.blob(data["env_sha256"])),
        record.blob(cmh),
        releases.from_statements(said, data["eid"]),
        terms=Terms(cmh=bytes.fromhex(cmh), policy=terms["pol"]),
        env_sha256=data["env_sha256"],
        sub=sub,
        sub_signed=record.registry.signed(sub),
        identities=record.registry.keys,
    )
    try:
        sheet = dict(opened.sheet) if opened.verdict == "OK" else None
        same = (str(opened.verdict), [spelt(found) for found in opened.findings], sheet)
    finally:
        opened.close()
    require(
        same == (data["verdict"], data["findings"], record.sheet_of(data)),
        f"{data['org']} 重新开启得到 {same[0]}，与公布不符",
    )


def signed_record(record: Record) -> str:
    """The opening record says what the verdicts say, and those who signed it signed this one."""
    said = [_signed(record, session) for session in sessions(record)]
    if not any(said):
        raise NotYet(f"尚未形成{record.words.opening}记录")
    return "；".join(each for each in said if each)


def _signed(record: Record, session: Session) -> str:
    """What one session's record says; empty before there is one."""
    drawn = session.one(record, "opening.record")
    if drawn is None:
        return ""
    told = record.json_blob(drawn.data["sha256"])
    require(told["number"] == record.number, f"{record.words.opening}记录属于别的项目")
    by_eid = {entry.data["eid"]: entry.data for entry in session.of(record, "opening.verdict")}
    written = [(bidder, part) for bidder in told["bidders"] for part in bidder["parts"]]
    require({part["eid"] for _, part in written} == set(by_eid), f"{record.words.opening}记录与结论不全相同")
    for bidder, part in written:
        data = by_eid[part["eid"]]
        same = (bidder["org"], part["part"], part["env_sha256"], part["verdict"], part["findings"])
        verdict = (data["org"], data["part"], data["env_sha256"], data["verdict"], data["findings"])
        require(same == verdict, f"{record.words.opening}记录中 {bidder['org']} 的结论不符")
        if data["part"] in READ_OUT:
            require(bidder["sheet"] == data["sheet"], f"{record.words.opening}记录中 {bidder['org']} 的报价不符")
    decided = {entry.data["org"]: entry.data for entry in session.of(record, "opening.cause-decided")}
    for bidder in told["bidders"]:
        said = decided.get(bidder["org"])
        why = {key: said[key] for key in ("cause", "outcome", "how", "reason")} if said else None
        require(
            bidder.get("not_opened") == why, f"{record.words.opening}记录中 {bidder['org']} 未能开启的原因与认定不符"
        )
    signed = session.of(record, "opening.acknowledged")
    for entry in signed:
        said = statements.check(entry.data["statement"], v="ack/1")
        require(record.signed(said, entry) and said["org"] == entry.data["org"], f"{entry.data['org']} 的签认无效")
        require(said["record_sha256"] == drawn.data["sha256"], f"{entry.data['org']} 签认的是另一份记录")
    ended = session.one(record, "opening.ended")
    require(
        ended is None or ended.data["record_sha256"] == drawn.data["sha256"],
        f"{record.words.opening}结束时的记录被更换",
    )
    return f"{len(told['bidders'])} 家{record.words.read_out}内容与结论一致，{len(signed)} 方签认有效"


def spelt(finding: Finding) -> str:
    """A finding as the log spells it: WRONG_KEY(2), BAD_SHARE(1), BAD_DEAL(r), unauthenticated."""
    if isinstance(finding, str):
        return finding
    kind, *where = finding
    if len(where) == 2:
        return f"{kind}({'r' if where[0] == 'r' else ''}{where[1]})"
    return f"{kind}({where[0] if where else ''})"
