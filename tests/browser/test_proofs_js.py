"""The browser's half of the proofs: known answers, and bytes of one half opened by the other."""

import base64
import io
import json
import random
import secrets
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from proofs import (
    canonical,
    closing,
    commitment,
    draw,
    envelope,
    index,
    keyfile,
    lots,
    note,
    organisation,
    receipt,
    statement,
    verdict,
)
from proofs.canonical import b64u
from proofs.index import File
from proofs.organisation import Organisation
from proofs.releases import Releases
from tests.proofs import sealed

VECTORS = Path(__file__).parents[1] / "vectors"
SBE1, DRAW1, TLOG = (json.loads((VECTORS / f"{name}.json").read_text()) for name in ("sbe1", "draw1", "tlog"))
PASSPHRASE = "正确 的 马 电池"


@pytest.mark.parametrize("case", SBE1["cases"], ids=lambda case: case["name"])
def test_every_known_envelope_gets_its_known_verdict(page: Page, case: dict[str, Any]) -> None:
    told = page.evaluate(
        """async ({kcm, env, c}) => {
          const file = blob(env);
          const header = await p.envelope.readHeader(file);
          const keys = (named) => new Map(Object.entries(named).map(([i, key]) => [Number(i), p.bytes.unhex(key)]));
          const b = c.b && p.bytes.unb64u(c.b);
          const rescue = c.rescue && c.rescue.map((a) => p.bytes.unb64u(a));
          const released = {b, c: keys(c.c_keys), r: keys(c.r_keys), rescue};
          const halves = await p.verdict.unlock(header, p.bytes.unb64u(kcm), released);
          const plain = halves.key ? await p.envelope.decrypt(file, header, halves.key) : null;
          return {status: plain || !halves.key ? halves.verdict : "INVALID:PAYLOAD", findings: halves.findings,
                  sha256: plain && p.bytes.hex(await p.sha256.sha256Blob(plain))};
        }""",
        {"kcm": SBE1["manifest"], "env": case["env"] or SBE1["env"], "c": case},
    )
    assert told == {key: case["expect"][key] for key in ("status", "findings", "sha256")}


def test_the_known_draw_is_run_again(page: Page) -> None:
    published = {key: DRAW1[key] for key in ("spec", "pool", "commits", "deals", "reveals")}
    told = page.evaluate(
        """async (all) => [await p.draw.conclude(all),
             await p.lots.ticket(p.bytes.unhex((await p.draw.conclude(all)).seed), "IT", "E0001"),
             p.bytes.hex((await p.draw.parseSpec(all.spec)).sid)]""",
        published,
    )
    assert told[0]["seed"] == DRAW1["seed"]
    assert told[0]["result"] == DRAW1["result"]
    assert told[1:] == [DRAW1["ticket_IT_E0001"], DRAW1["sid"]]


def test_a_silent_contributor_of_the_known_draw_is_recovered(page: Page) -> None:
    silent = {key: DRAW1[key] for key in ("spec", "pool", "commits", "deals")}
    silent["reveals"] = {j: DRAW1["reveals"][j] for j in ("1", "2")}
    assert page.evaluate("(all) => wrong(() => p.draw.conclude(all))", silent) == "Unfinished"
    keys = [
        {"holder": int(holder), "dealer": 3, "sk": b64u(bytes.fromhex(sk))}
        for holder, sk in DRAW1["recovery_keys_for_3"].items()
    ]
    told = page.evaluate("(all) => p.draw.conclude(all)", {**silent, "keys": keys})
    assert (told["seed"], told["recovered"]) == (DRAW1["seed"], [3])


def test_the_known_log_proofs_hold_and_altered_ones_do_not(page: Page) -> None:
    told = page.evaluate(
        """async (known) => {
          const log = await p.note.parseVkey(known.log_vkey);
          const witness = await p.note.parseVkey(known.witness_vkey);
          const entry = p.bytes.utf8(known.entries[137]);
          const proof = await p.note.verifyProof(known.tlog_proof_137, {entry}, log, [witness]);
          const other = await p.note.verifyProof(known.tlog_proof_137, {entry: p.bytes.utf8(known.entries[138])}, log);
          const [a, b] = [await p.note.openedCheckpoint(known.checkpoint_200, log),
                          await p.note.openedCheckpoint(known.checkpoint_300, log)];
          const path = known.consistency_200_300.map((hash) => p.bytes.unb64(hash));
          const claim = {old: a.size, size: b.size, oldRoot: a.root, root: b.root, proof: path};
          return {included: proof.included, index: proof.index, seen: [...proof.cosigned.keys()], other: other.included,
                  grew: await p.merkle.verifyConsistency(claim),
                  split: await p.merkle.verifyConsistency({...claim, root: a.root}),
                  short: await p.merkle.verifyConsistency({...claim, proof: path.slice(1)}),
                  forged: await wrong(() => p.note.openedCheckpoint(known.checkpoint_200.replace("200", "201"), log))};
        }""",
        TLOG,
    )
    witness = TLOG["witness_vkey"].split("+")[0]
    assert told["included"] and told["index"] == 137 and told["grew"]
    assert (told["other"], told["split"], told["short"], told["forged"]) == (False, False, False, "BadNote")
    assert told["seen"] in ([], [witness])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VALUES, max_size=4))
def test_both_halves_spell_a_value_alike_or_both_refuse(page: Page, value: list[Any]) -> None:
    try:
        here = canonical.dumps(value).decode()
    except canonical.NotCanonical:
        here = None
    there = page.evaluate(
        """(text) => { try { return p.canonical.text(JSON.parse(text)); }
                      catch (error) { if (error.name !== "NotCanonical") throw error; return null; } }""",
        json.dumps(value),
    )
    assert there == here


@pytest.mark.parametrize(
    "data", ['{"b":1,"a":2}', '{"a":1,"a":1}', "[1.0]", "[1e2]", "[-1]", "[-0]", "[9007199254740992]", ' {"a":1}',
             '{"a":1}\n', '["\\u0041"]', '["e\u0301"]', "[01]", "{'a':1}", "[NaN]"]
)  # fmt: skip
def test_a_second_spelling_is_refused_by_both(page: Page, data: str) -> None:
    with pytest.raises(canonical.NotCanonical):
        canonical.parse(data.encode())
    assert page.evaluate("(t) => wrong(() => p.canonical.parse(p.bytes.utf8(t)))", data) == "NotCanonical"


@pytest.mark.parametrize("text", ["AB", "A", "AAA=", "AA+A", "AA A", "A-_", "AAB"])
def test_base64url_has_one_spelling(page: Page, text: str) -> None:
    try:
        here: list[int] | None = list(canonical.b64u_bytes(text, "text"))
    except canonical.NotCanonical:
        here = None
    there = page.evaluate("(t) => { try { return [...p.bytes.unb64u(t)]; } catch { return null; } }", text)
    assert there == here


def test_key_files_cross_both_ways(page: Page) -> None:
    here = organisation.generate("91530000000000009X", 2)
    told = page.evaluate(
        """async ({file, passphrase, seed}) => {
          const opened = await p.keyfile.open(file, passphrase);
          const raw = p.bytes.unb64u(seed);
          const sheet = await p.organisation.recoverySheet(raw);
          return {org: opened.org, gen: opened.gen, key: p.bytes.b64u(await opened.publicKey()),
                  sheet, back: p.bytes.b64u(await p.organisation.seedFromSheet(sheet.toLowerCase())),
                  file: await p.keyfile.create("91530000000000009X", 2, raw, passphrase.normalize("NFKC")),
                  wrong: await wrong(() => p.keyfile.open(file, "no")),
                  none: await wrong(() => p.keyfile.open("a.b", "no")),
                  hidden: await wrong(() => crypto.subtle.exportKey("raw", opened.handle().key))};
        }""",
        {"file": keyfile.seal(here, PASSPHRASE), "passphrase": PASSPHRASE, "seed": b64u(here.seed)},
    )
    assert (told["org"], told["gen"], told["key"]) == (here.org, here.gen, b64u(here.key))
    assert told["sheet"] == organisation.recovery_sheet(here.seed)
    assert told["back"] == b64u(here.seed)
    assert keyfile.unseal(told["file"], PASSPHRASE).seed == here.seed
    assert (told["wrong"], told["none"], told["hidden"]) == ("WrongPassphrase", "NotCanonical", "InvalidAccessError")


MAKE = """async ({org, gen, seed}) => {
  window.org = await p.organisation.Organisation.of(org, gen, p.bytes.unb64u(seed));
}"""


def take_seat(page: Page, who: Organisation) -> None:
    """The page becomes this organisation."""
    page.evaluate(MAKE, {"org": who.org, "gen": who.gen, "seed": b64u(who.seed)})


def test_statements_are_signed_alike_and_checked_alike(page: Page) -> None:
    take_seat(page, sealed.BIDDER)
    fields = {"unit": sealed.unit(), "text": "对第二家的报价\n有异议"}
    here = statement.sign("obj/1", fields, by=sealed.BIDDER, ts=sealed.TS)
    told = page.evaluate(
        """async ({fields, ts, here}) => ({
          there: await p.statement.sign("obj/1", fields, org, ts),
          holds: await p.statement.verify(p.statement.check(here, "obj/1"), await org.publicKey()),
          altered: await p.statement.verify({...here, text: "无异议"}, await org.publicKey()),
          more: await wrong(() => p.statement.check({...here, more: 1})),
          day: await wrong(() => p.statement.check({...here, ts: "2026-02-30T00:00:00Z"})),
          digest: await p.statement.digest(here)})""",
        {"fields": fields, "ts": sealed.TS, "here": here},
    )
    assert told["there"] == here
    assert (told["holds"], told["altered"], told["more"], told["day"]) == (True, False, "NotCanonical", "NotCanonical")
    assert told["digest"] == statement.digest(here)


@pytest.mark.parametrize(("part", "policy"), [("sheet", "A"), ("body", "A"), ("sheet", "B"), ("sheet", "C")])
def test_an_envelope_sealed_in_the_browser_is_opened_here(page: Page, part: str, policy: str) -> None:
    committee = sealed.kcm(k=2, n=3, part=part, recovery=(2, 3) if policy == "B" else None)
    take_seat(page, sealed.BIDDER)
    sheet = sealed.SHEET if part == "sheet" else {}
    files = [{"name": "技术方案.pdf", "data": b64u(secrets.token_bytes(200_001))}, {"name": "空.txt", "data": ""}]
    told = page.evaluate(
        """async ({kcm, policy, sheet, files, ts}) => {
          const manifest = await p.manifest.parse(p.bytes.unb64u(kcm));
          const listed = files.map(({name, data}) => ({name, blob: blob(data)}));
          const made = await p.envelope.seal({by: org, manifest, slot: 2, policy, sheet, files: listed, ts});
          const trial = await p.verdict.openOwn(made.blob, p.bytes.unb64u(kcm), org, {env_sha256: made.env_sha256});
          return {env: await text(made.blob), hash: made.env_sha256, trial: [trial.verdict, trial.findings],
                  back: await text(trial.files[0].blob)};
        }""",
        {"kcm": b64u(committee.data), "policy": policy, "sheet": sheet, "files": files, "ts": sealed.TS},
    )
    data = canonical.b64u_bytes(told["env"], "env")
    assert told["hash"] == canonical.sha256(data).hex()
    assert (told["trial"], told["back"]) == (["OK", []], files[0]["data"])
    source = io.BytesIO(data)
    header = envelope.read_header(source)
    at: dict[str, Any] = {"unit": committee.unit, "cmh": committee.cmh, "slot": 2, "eid": header.eid}
    keys = {i: sealed.holders(i)[-1].slot_key(unit=committee.unit, role="c", slot=2) for i in (1, 3)}
    released = Releases(b=None if policy == "C" else sealed.BIDDER.half(**at), c=keys)
    identities = {sealed.BIDDER.org: {1: sealed.BIDDER.key}}
    opened = verdict.open_envelope(source, committee.data, released, identities=identities)
    assert (opened.verdict, opened.findings, dict(opened.sheet)) == ("OK", (), sheet)


def test_an_envelope_sealed_here_is_opened_in_the_browser(page: Page) -> None:
    committee = sealed.kcm(k=2, n=3, part="body")
    take_seat(page, sealed.BIDDER)
    bid = sealed.bid(committee=committee, files=[File("标书.pdf", b"x" * 300_000)])
    told = page.evaluate(
        """async ({env, kcm, sub, b, c, key, wrongKey}) => {
          const keys = new Map(Object.entries(c).map(([i, sk]) => [Number(i), p.bytes.unb64u(sk)]));
          const identities = new Map([[sub.org, new Map([[1, p.bytes.unb64u(key)]])]]);
          const kcmBytes = p.bytes.unb64u(kcm);
          const open = (released, trusted) => p.verdict.openEnvelope(blob(env), kcmBytes, released, {sub, ...trusted});
          const full = await open({b: p.bytes.unb64u(b), c: keys}, {identities});
          const bad = await open({b: p.bytes.unb64u(b), c: new Map([...keys, [2, keys.get(1)]])}, {identities});
          return {full: [full.verdict, full.findings, full.files.map((f) => f.name)], bad: [bad.verdict, bad.findings],
                  half: p.bytes.b64u(await org.half({unit: sub.unit, cmh: p.bytes.unhex(sub.cmh), slot: sub.slot,
                                                     eid: p.bytes.unhex(sub.eid)})),
                  swapped: await wrong(() => open({}, {env_sha256: "00".repeat(32)}))};
        }""",
        {
            "env": b64u(bid.data), "kcm": b64u(committee.data), "sub": bid.sub, "b": b64u(bid.half),
            "c": {str(i): b64u(bid.key(i)) for i in (1, 3)}, "key": b64u(sealed.BIDDER.key),
        },
    )  # fmt: skip
    assert told["full"] == ["OK", [], ["标书.pdf"]]
    assert told["bad"] == ["OK", [["WRONG_KEY", "c", 2]]]
    assert (told["half"], told["swapped"]) == (b64u(bid.half), "NotThisEnvelope")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 2**50), st.sampled_from(["sheet", "body"]))
def test_lengths_are_padded_alike(page: Page, length: int, part: str) -> None:
    there = page.evaluate("([length, part]) => p.index.paddedLength(length, part)", [length, part])
    assert there == index.padded_length(length, part)


def test_slot_keys_are_derived_alike(page: Page) -> None:
    holder = sealed.holders(1)[0]
    take_seat(page, holder)
    there = page.evaluate(
        "async (unit) => p.bytes.b64u(await org.slotKeys({unit, role: 'c', count: 4}))", sealed.unit()
    )
    assert there == b64u(holder.slot_keys(unit=sealed.unit(), role="c", count=4))


def test_deals_cross_both_ways_and_the_draw_ends_alike(page: Page) -> None:
    unit = {"draw": "T-2026-001/panel/1"}
    people = [Organisation(f"org-{i}", 1, bytes([i]) * 32) for i in (1, 2, 3)]
    pool = [{"cid": f"{i:064x}", "org": f"{i % 4:064x}", "strata": ["IT"]} for i in range(30)]
    keys = [(who.org, who.slot_keys(unit=unit, role="d", count=3, first=1)) for who in people]
    strata = [{"key": "IT", "need": 3, "standby": 4}]
    spec = draw.build_spec(id=unit["draw"], pool=pool, strata=strata, contributors=keys, max_per_org=1)
    parsed = draw.parse_spec(spec)
    values = {j: draw.random_coefficients(parsed) for j in (1, 2)}
    deals = {j: draw.make_deal(parsed, j, values[j]) for j in (1, 2)}
    made = page.evaluate(
        """async (spec) => { const parsed = await p.draw.parseSpec(spec); const r = p.draw.randomCoefficients(parsed);
             const deal = await p.draw.makeDeal(parsed, 3, r);
             return {deal, r: r.map(p.bytes.hex), h: await p.draw.dealCommitment(parsed, 3, deal)}; }""",
        spec,
    )
    deals[3] = made["deal"]
    commits = {j: draw.deal_commitment(parsed, j, deal) for j, deal in deals.items()}
    assert commits[3] == made["h"]
    reveals = {1: [r.hex() for r in values[1]], 3: made["r"]}
    released = [(i, 2, people[i - 1].slot_key(unit=unit, role="d", slot=2)) for i in (1, 3)]
    there = page.evaluate(
        "(all) => p.draw.conclude(all)",
        {
            "spec": spec, "pool": pool, "commits": commits, "deals": deals, "reveals": reveals,
            "keys": [{"holder": i, "dealer": j, "sk": b64u(sk)} for i, j, sk in released],
        },
    )  # fmt: skip
    messages = draw.Messages(
        commits, deals, (), {j: [bytes.fromhex(r) for r in value] for j, value in reveals.items()},
        [draw.Released(*one) for one in released],
    )  # fmt: skip
    here = draw.conclude(parsed, pool, messages)
    assert (there["seed"], there["result"], there["recovered"]) == (here.seed.hex(), here.result, [2])
    assert page.evaluate("(pool) => p.lots.poolSha256(pool)", pool) == lots.pool_sha256(pool)


def some_pool(chance: random.Random) -> dict[str, Any]:
    """A list of people in up to three specialties, some with one employer, in the form both halves read."""
    keys = ["A", "B-乙", "C"][: chance.randint(1, 3)]
    people = sorted(
        {chance.choice(["", "E-", "x._"]) + f"{chance.getrandbits(40):x}" for _ in range(chance.randint(1, 14))}
    )
    pool = [{"cid": cid, "org": f"o{chance.randint(1, 6)}", "strata": [k for k in keys if chance.random() < 0.7]}
            for cid in people]  # fmt: skip
    strata = [{"key": key, "need": chance.randint(0, 4), "standby": chance.randint(0, 4)} for key in keys]
    return {"pool": pool, "strata": strata, "most": chance.choice([None, 1, 2])}


def test_ten_thousand_draws_come_out_alike(page: Page) -> None:
    chance = random.Random(2026)
    cases = [some_pool(chance) for _ in range(100)]
    there = page.evaluate(
        """(cases) => cases.map(({pool, strata, most}, at) => {
          const drawn = [];
          for (let n = 0; n < 100; n += 1) {
            const seed = new Uint8Array(32).fill(at);
            seed[0] = n;
            drawn.push(p.lots.select(seed, pool, strata, most));
          }
          return p.canonical.text(drawn);
        })""",
        cases,
    )
    for at, case in enumerate(cases):
        strata = lots.parse_strata(case["strata"])
        here = [
            lots.select(bytes([n]) + bytes([at]) * 31, case["pool"], strata, max_per_org=case["most"])
            for n in range(100)
        ]
        assert canonical.dumps(here).decode() == there[at], case


def test_receipts_and_closing_lists_are_read_alike(page: Page) -> None:
    bid = sealed.bid(committee=sealed.kcm(k=2, n=3))
    signer = note.parse_private(note.generate("market.example.cn/receipts"))
    event, nonce = {"t": "bid", "d": {"eid": bid.sub["eid"]}}, commitment.fresh()
    leaf = canonical.sha256(b"\0", commitment.blinded_entry(event, nonce))
    paper = receipt.for_statement(bid.sub, received=sealed.TS, leaf=leaf).signed(signer)
    row = {
        "part": "sheet",
        "eid": bid.sub["eid"],
        "slot": 2,
        "env_sha256": bid.sub["env_sha256"],
        "sub_sha256": "ab" * 32,
    }
    cls = closing.build("T-2026-001", [row])
    told = page.evaluate(
        """async ({paper, vkey, event, nonce, cls}) => {
          const key = await p.note.parseVkey(vkey);
          const read = await p.receipt.verified(paper, key);
          return {read, hides: await p.receipt.hidesEvent(read, event, nonce),
                  other: await p.receipt.hidesEvent(read, {...event, t: "x"}, nonce),
                  forged: await wrong(() => p.receipt.verified(paper.replace("seq 1", "seq 2"), key)),
                  live: p.closing.parse(p.bytes.utf8(cls)).live,
                  hash: await p.closing.commitment(nonce, p.bytes.utf8(cls))};
        }""",
        {"paper": paper, "vkey": signer.verifier.vkey, "event": event, "nonce": nonce.hex(), "cls": cls.decode()},
    )
    assert (told["read"]["envelope"], told["read"]["seq"], told["read"]["leaf"]) == (
        bid.sub["env_sha256"],
        1,
        leaf.hex(),
    )
    assert (told["hides"], told["other"], told["forged"]) == (True, False, "BadNote")
    assert told["live"] == [row]
    assert told["hash"] == closing.commitment(nonce, cls)


def test_nothing_is_asked_of_another_origin_and_nothing_is_made_from_text(page: Page) -> None:
    assert page.evaluate("() => wrong(() => { document.body.innerHTML = '<b>x</b>'; })") == "TypeError"


def test_a_base64_text_of_any_length_comes_back(page: Page) -> None:
    data = secrets.token_bytes(100_000)
    told = page.evaluate("(t) => p.bytes.b64(p.bytes.unb64(t))", base64.b64encode(data).decode())
    assert told == base64.b64encode(data).decode()
