// Was the opening what it must be? Nothing added or dropped after the deadline, and every sheet opened again.

import { hex, sha256, unhex } from "../bytes.js";
import * as canonical from "../canonical.js";
import * as closings from "../closing.js";
import { leafHash, verifyInclusion } from "../merkle.js";
import { checkpoint, openedCheckpoint, parse as parseNote } from "../note.js";
import * as statements from "../statement.js";
import { openEnvelope, releasesFrom } from "../verdict.js";
import { tr } from "../../parts/words.js";
import { READ_OUT } from "./archive.js";
import { NotYet, moment, need, sameSet } from "./checks.js";
import { mayBeOpened, sessions } from "./sessions.js";
import { isWitnessed, witnessKeys } from "./trail.js";

export async function closing(record) {
  const [shut, opened] = [record.one("tender.closed"), record.one("opening.hall-opened")];
  if (!shut) throw new NotYet(tr`尚未截止`);
  await shutInTime(record, shut, record.deadline);
  if (!opened && record.terms.closed_hall === true) return tr`已截止；闭门开启，名称与数量随结果公开`;
  if (!opened) return tr`已截止；未${record.words.opening}，${record.words.bidder}名称与数量永久保密`;
  const lists = [await sameList(record, shut, opened)];
  for (const round of roundsOf(record)) {
    const [, closed, until] = calledAndClosed(record, round);
    await shutInTime(record, closed, until);
    lists.push(await sameList(record, closed, round));
  }
  return tr`截止时的 ${lists.join(tr`、`)} 份密封件与${record.words.opening}时的清单一致`;
}

/** The entries that open a round's quotes. */
const roundsOf = (record) => sessions(record).slice(1).map(({ opened }) => opened).filter(({ event }) => "round" in event.d);

/** How a round was called and closed, and until when it ran. */
function calledAndClosed(record, opened) {
  const number = opened.event.d.round;
  const [called, shut] = ["bidding.round-called", "bidding.round-closed"].map((kind) => record.of(kind).filter(({ event }) => event.d.round === number));
  need(called.length === 1 && shut.length === 1 && called[0].place < shut[0].place, tr`第 ${number} 轮报价的开始与截止不全`);
  return [called[0], shut[0], called[0].event.d.until];
}

/** A closing was logged once its time was over, over a sealed checkpoint that the witnesses signed. */
async function shutInTime(record, shut, due) {
  const { sealed, note } = shut.event.d;
  const point = await openedCheckpoint(note, record.sealed);
  need(point.size === sealed.size && hex(point.root) === sealed.root, tr`密封日志的检查点与记录不符`);
  const witnessed = await isWitnessed(note, await witnessKeys(record), record.terms.witnesses.quorum);
  need(witnessed, tr`unwitnessed：密封日志的检查点见证签名不足`);
  need(moment(shut.event.ts) >= moment(due), tr`截止记录早于截止时间`);
}

/** The list that is opened is the one committed to; how many envelopes are on it. */
async function sameList(record, shut, opened) {
  const told = opened.event.d;
  need(shut.place < opened.place, tr`截止记录晚于${record.words.opening}`);
  need(told.closing === shut.event.d.closing, tr`${record.words.opening}所依据的不是截止时的清单`);
  const list = record.blob(told.live_sha256);
  need((await closings.commitment(told.nonce, list)) === shut.event.d.closing, tr`${record.words.bid}清单与截止时的承诺不符`);
  const cls = closings.parse(list);
  need(cls.tender === record.number, tr`${record.words.bid}清单属于别的项目`);
  return cls.live.length;
}

export async function sealed(record) {
  const [opened, shut] = [record.one("opening.hall-opened"), record.one("tender.closed")];
  if (!opened || !shut) throw new NotYet(tr`尚未${record.words.opening}`);
  let count = await sealedOn(record, opened, shut, { until: record.deadline });
  sameBidders(record, opened);
  for (const round of roundsOf(record)) {
    const [called, closed, until] = calledAndClosed(record, round);
    count += await sealedOn(record, round, closed, { since: called.event.ts, until });
  }
  return tr`${count} 份密封件都在截止前进入密封日志，递交声明签名有效`;
}

/** Everything on one list is in the sealed log of its closing, signed and in time; how many there are. */
async function sealedOn(record, opened, shut, { since = "", until }) {
  const { size, root } = checkpoint(parseNote(shut.event.d.note).text);
  const live = new Map(record.listed(opened).map((row) => [row.eid, row]));
  const shown = record.json(opened.event.d.sealed_sha256);
  need(shown.length === live.size && sameSet(shown.map(({ event }) => event.d.eid), live.keys()), tr`密封记录与清单不符`);
  for (const row of shown) {
    canonical.requireKeys(row, ["event", "nonce", "index", "proof", "sub"], "sealed");
    const [told, sub, { eid }] = [row.event.d, statements.check(row.sub, "sub/1"), row.event.d];
    const c = hex(await sha256("ev1/blind\0", unhex(row.nonce, 32, "nonce"), canonical.dumps(row.event)));
    const leaf = await leafHash(canonical.dumps({ v: "ev/1", c }));
    const path = row.proof.map((each) => unhex(each, 32, "proof"));
    need(await verifyInclusion({ leaf, index: row.index, size, proof: path, root }), tr`密封件 ${eid} 不在截止时的密封日志中`);
    const item = live.get(eid);
    need(Object.keys(item).every((key) => told[key] === item[key]), tr`密封件 ${eid} 与清单不符`);
    need((await statements.digest(sub)) === item.sub_sha256, tr`密封件 ${eid} 的递交声明与清单不符`);
    need(await record.signed(sub, { event: row.event }), tr`密封件 ${eid} 的递交声明签名无效`);
    need(["eid", "slot", "env_sha256"].every((key) => sub[key] === item[key]), tr`递交声明与清单不符`);
    need(canonical.same(sub.unit, { tender: record.number, lot: "1", part: item.part }), tr`递交声明属于别的项目`);
    need(told.org === sub.org && told.stream === record.stream, tr`密封记录属于别人或别的项目`);
    need(moment(told.received) < moment(until), tr`密封件 ${eid} 晚于截止时间`);
    need(!since || moment(told.received) >= moment(since), tr`报价 ${eid} 早于本轮开始`);
  }
  return shown.length;
}

/** The names the hall showed are those who signed, each part of each of them. */
function sameBidders(record, opened) {
  const live = new Map(record.listed(opened).map((row) => [row.eid, row]));
  const { bidders, submitted } = record;
  const units = bidders.flatMap(({ org, parts }) => Object.entries(parts).map(([part, unit]) => ({ org, unit: { ...unit, part } })));
  need(sameSet(units.map(({ unit }) => unit.eid), live.keys()), tr`${record.words.opening}公布的${record.words.bidder}与清单不符`);
  for (const { org, unit } of units) {
    need(org === submitted.get(unit.eid).org && canonical.same(unit, live.get(unit.eid)), tr`${org} 的密封件与清单不符`);
  }
  const { min } = record.terms;
  need(opened.event.d.count === bidders.length, tr`${record.words.opening}公布的家数与名单不符`);
  need(bidders.length >= min, tr`${record.words.bidder}不足 ${min} 家而${record.words.opening}`);
}

export async function releases(record) {
  if (!record.one("tender.terms")) throw new NotYet(tr`尚未解密`); // nothing is sealed before them, nor in a purchase without quotes
  const [opened, said, played] = [record.one("opening.hall-opened"), record.releases, sessions(record)];
  const alone = byThemselves(record);
  const spoken = alone ? ["opening.holder-released", "opening.rescued"] : ["opening.bidders-done"];
  if (!opened || !record.of(...spoken).length) throw new NotYet(tr`尚未解密`);
  for (const session of played) {
    const done = alone ? session.opened : session.one(record, "opening.bidders-done");
    need(!alone || !session.of(record, "opening.bidders-done").length, tr`本项目没有${record.words.bidder}解密环节`);
    if (done && !alone) {
      const listed = [done.event.d.released, done.event.d.absent].flatMap((told) => Object.values(told).flat());
      need(sameSet(listed, session.owner.keys()), tr`已释放与缺席的名单不全`);
    }
    for (const { place, event } of session.of(record, "opening.holder-released")) {
      need(done && place > done.place, tr`持钥单位在${record.words.bidder}之前释放了密钥`);
      need(session.parts.has(event.d.part), tr`持钥单位释放了不在本场开启的密封件的密钥`);
    }
    rescues(record, session);
  }
  const owner = mayBeOpened(record);
  const of = new Map(played.flatMap((session) => [...session.owner.keys()].map((eid) => [eid, session])));
  for (const each of said) {
    // No entry says when it came between its session's beginning and its publication; what it gives proves itself.
    const session = of.get(each.eid) ?? played[0];
    need(await record.signed(each, session.opened), tr`${each.org} 的开启声明签名无效`);
    need(each.closing === session.closing, tr`${each.org} 的开启声明属于另一次截止`);
    need(owner.has(each.eid), tr`${each.org} 释放了不得开启的密封件的密钥`);
    if (each.role === "b" || each.role === "rescue") need(owner.get(each.eid) === each.org, tr`${each.org} 释放了不属于自己的密封件`);
  }
  const after = alone ? tr`截止清单公布之后` : tr`${record.words.bidder}之后`;
  const rescued = record.of("opening.rescued").length;
  const own = rescued ? tr`；${rescued} 份由${record.words.bidder}自行补救` : "";
  return tr`${said.length} 份开启声明签名有效，持钥单位均在${after}释放` + own;
}

/** Nobody rescued but where it was declared that the holders fell short, his own, and before its verdict. */
function rescues(record, session) {
  const placeOf = (kind, eids) => new Map(session.of(record, kind).flatMap(({ place, event }) => eids(event.d).map((eid) => [eid, place])));
  const asked = placeOf("opening.rescue-declared", (d) => d.eids);
  const decided = placeOf("opening.verdict", (d) => [d.eid]);
  for (const { place, event: { d: { eid, org } } } of session.of(record, "opening.rescued")) {
    need(asked.get(eid) < place, tr`${org} 在公布可以补救之前补救`);
    need(session.owner.get(eid) === org, tr`${org} 补救了不属于自己的密封件`);
    need(!(decided.get(eid) < place), tr`${org} 在有了结论以后补救`);
  }
}

/** Whether bidders hold no half: the holders alone open, all that is on the list. */
const byThemselves = (record) => record.terms.pol === "C";

/** A finding as the log spells it: WRONG_KEY(2), BAD_SHARE(1), BAD_DEAL(r), unauthenticated. */
function spelt(finding) {
  if (typeof finding === "string") return finding;
  const [kind, ...where] = finding;
  return where.length === 2 ? `${kind}(${where[0] === "r" ? "r" : ""}${where[1]})` : `${kind}(${where[0] ?? ""})`;
}

export async function verdicts(record) {
  const told = record.of("opening.verdict").map(({ event }) => event.d);
  if (!record.one("opening.hall-opened") || !told.length) throw new NotYet(tr`尚未开启`);
  const [done, alone] = [record.of("opening.bidders-done"), byThemselves(record)];
  need(done.length || alone, tr`没有释放记录而有结论`);
  const [owner, { live, submitted, disclosed, readOut, releases: said }] = [mayBeOpened(record), record];
  need(new Set(told.map(({ eid }) => eid)).size === told.length, tr`同一密封件有两个结论`);
  const released = new Set(done.flatMap(({ event }) => Object.values(event.d.released).flat()));
  if (alone) for (const eid of owner.keys()) released.add(eid);
  let again = 0;
  for (const d of told) {
    need(live.get(d.eid)?.part === d.part, tr`${d.org} 的结论所指不在清单中`);
    need(owner.has(d.eid), tr`${d.org} 未通过评审，其 ${d.part} 不得开启`);
    const sub = submitted.get(d.eid);
    need(d.env_sha256 === sub.env_sha256, tr`${d.org} 的密封件与清单不符`);
    need(d.org === sub.org, tr`${d.org} 的结论属于别人`);
    if (!released.has(d.eid)) {
      need(d.verdict === "ABSENT" && d.sheet === null, tr`${d.org} 未释放却有内容`);
    } else if (readOut.includes(d.part) || disclosed.has(d.eid)) {
      await openedAgain(record, d, sub, said);
      again += 1;
    } else {
      need(d.sheet === null, tr`${d.org} 的 ${d.part} 不应公布内容`);
    }
  }
  const priced = told.filter(({ part }) => READ_OUT.includes(part)).map(({ eid }) => eid);
  need(!disclosed.size || (sameSet(disclosed.keys(), priced) && !readOut.length), tr`公开的报价与开启的报价不全相同`);
  const failed = new Set(told.filter(({ verdict, part }) => verdict !== "OK" && !READ_OUT.includes(part)).map(({ org }) => org));
  for (const session of sessions(record)) {
    const prices = [...session.owner.values()];
    need(session.number === 1 || !prices.some((org) => failed.has(org)), tr`技术文件未能开启的${record.words.bidder}被开启了报价文件`);
    if (session.one(record, "opening.record")) {
      const judged = session.of(record, "opening.verdict").map(({ event }) => event.d.eid);
      need(sameSet(judged, session.owner.keys()), tr`有密封件没有结论`);
    }
  }
  return tr`${told.length} 个结论；${again} 份${record.words.sheet}由公开数据重新开启，结果相同`;
}

async function openedAgain(record, d, sub, said) {
  const { units, pol } = record.terms;
  const cmh = units[d.part];
  const identities = await record.registry();
  const trusted = { cmh: unhex(cmh, 32, "cmh"), policy: pol, env_sha256: d.env_sha256, sub, identities };
  const envelope = new Blob([record.blob(d.env_sha256)]);
  const opened = await openEnvelope(envelope, record.blob(cmh), releasesFrom(said, d.eid), trusted);
  const sheet = opened.verdict === "OK" ? opened.index.sheet : null;
  const same = canonical.same([opened.verdict, opened.findings.map(spelt), sheet], [d.verdict, d.findings, record.sheetOf(d)]);
  need(same, tr`${d.org} 重新开启得到 ${opened.verdict}，与公布不符`);
}

export async function openingRecord(record) {
  const said = [];
  for (const session of sessions(record)) said.push(await signedIn(record, session));
  const drawn = said.filter((each) => each);
  if (!drawn.length) throw new NotYet(tr`尚未形成${record.words.opening}记录`);
  return drawn.join(tr`；`);
}

/** What one session's record says; empty before there is one. */
async function signedIn(record, session) {
  const drawn = session.one(record, "opening.record");
  if (!drawn) return "";
  const { sha256: digest } = drawn.event.d;
  const told = record.json(digest);
  need(told.number === record.number, tr`${record.words.opening}记录属于别的项目`);
  const by = new Map(session.of(record, "opening.verdict").map(({ event: { d } }) => [d.eid, d]));
  const written = told.bidders.flatMap((bidder) => bidder.parts.map((part) => ({ bidder, part })));
  need(sameSet(written.map(({ part }) => part.eid), by.keys()), tr`${record.words.opening}记录与结论不全相同`);
  for (const { bidder, part } of written) {
    const d = by.get(part.eid);
    const same = bidder.org === d.org && canonical.same([part.part, part.env_sha256, part.verdict, part.findings], [d.part, d.env_sha256, d.verdict, d.findings]);
    need(same, tr`${record.words.opening}记录中 ${bidder.org} 的结论不符`);
    if (READ_OUT.includes(d.part)) need(canonical.same(bidder.sheet, d.sheet), tr`${record.words.opening}记录中 ${bidder.org} 的报价不符`);
  }
  const decided = new Map(session.of(record, "opening.cause-decided").map(({ event: { d } }) => [d.org, d]));
  for (const bidder of told.bidders) {
    const said = decided.get(bidder.org);
    const why = said ? { cause: said.cause, outcome: said.outcome, how: said.how, reason: said.reason } : null;
    need(canonical.same(bidder.not_opened ?? null, why), tr`${record.words.opening}记录中 ${bidder.org} 未能开启的原因与认定不符`);
  }
  const signed = session.of(record, "opening.acknowledged");
  for (const entry of signed) {
    const { d } = entry.event;
    const said = statements.check(d.statement, "ack/1");
    need((await record.signed(said, entry)) && said.org === d.org, tr`${d.org} 的签认无效`);
    need(said.record_sha256 === digest, tr`${d.org} 签认的是另一份记录`);
  }
  const ended = session.one(record, "opening.ended");
  need(!ended || ended.event.d.record_sha256 === digest, tr`${record.words.opening}结束时的记录被更换`);
  return tr`${told.bidders.length} 家${record.words.read_out}内容与结论一致，${signed.length} 方签认有效`;
}
