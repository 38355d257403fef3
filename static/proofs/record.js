// A procurement's RECORD.zip, read and checked in a browser. What is checked here is checked as `python -m proofs verify`
// does it; LEFT names what only that does.

import { NotCanonical, equal, hex, sha256, unhex, utf8 } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as closings from "./closing.js";
import * as draws from "./draw.js";
import { leafHash, verifyInclusion } from "./merkle.js";
import { checkpoint as readCheckpoint, cosigners, openedCheckpoint, parse as parseNote, parseVkey } from "./note.js";
import { commitment } from "./receipt.js";
import { decimal, whyNotReport } from "./scoring.js";
import * as statements from "./statement.js";
import { openEnvelope, releasesFrom } from "./verdict.js";
import { unzip } from "./zip.js";

const READ_OUT = ["sheet", "price"];
const EVENT = ["v", "t", "ts", "d"];

/** What a check was to find out does not hold. */
export class Broken extends Error {
  name = "Broken";
}

/** The procurement has not come that far. */
export class NotYet extends Error {
  name = "NotYet";
}

const need = (that, words) => {
  if (!that) throw new Broken(words);
};

/** Checks of the command line that are not made here. */
export const LEFT = ["committees", "draw-signatures", "draw-order", "notices", "seats", "contract"];

// --- reading -------------------------------------------------------------------------------------------------------

/** The record in a zip, nothing of it checked. Throws NotCanonical when it is none. @param {Uint8Array} data */
export async function read(data) {
  const members = await unzip(data);
  const take = (name) => {
    if (!members.has(name)) throw new NotCanonical(`no ${name}`);
    return members.get(name);
  };
  const head = canonical.requireKeys(canonical.parse(take("record.json")), ["v", "number", "log", "sealed", "entries", "keys"], "record.json");
  if (head.v !== "record/1") throw new NotCanonical("not record/1");
  const [entries, keys] = [lines(take("entries.jsonl")), lines(take("keys.jsonl"))];
  if (entries.length !== head.entries || keys.length !== head.keys) throw new NotCanonical("record.json counts other entries than there are");
  const under = (folder) => new Map([...members].filter(([name]) => name.startsWith(folder)).map(([name, data]) => [name.slice(folder.length), data]));
  return {
    number: head.number, log: await parseVkey(head.log), sealed: await parseVkey(head.sealed), vkeys: head,
    checkpoint: new TextDecoder().decode(take("checkpoint")), entries, keys, blobs: under("blobs/"), draws: under("draws/"),
  };
}

function lines(data) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
  if (text && !text.endsWith("\n")) throw new NotCanonical("the last line is cut");
  return text.split("\n").slice(0, -1).map((line) => {
    const { entry, index, proof } = canonical.requireKeys(canonical.parse(utf8(line)), ["entry", "index", "proof"], "entry");
    canonical.requireKeys(entry, EVENT, "event");
    return { event: entry, leaf: canonical.dumps(entry), index, proof: proof.map((one) => unhex(one, 32, "proof")) };
  });
}

const of = (record, ...kinds) => record.entries.filter(({ event }) => kinds.includes(event.t));

function one(record, kind) {
  const found = of(record, kind);
  need(found.length < 2, `${kind} occurs ${found.length} times`);
  return found[0] ?? null;
}

function blob(record, digest) {
  need(record.blobs.has(digest), `blobs/${digest} is missing`);
  return record.blobs.get(digest);
}

const jsonBlob = (record, digest) => canonical.parse(blob(record, digest));
const termsOf = (record) => one(record, "tender.terms")?.event.d ?? null;

/** When bids were due, announced moves counted. */
const deadlineOf = (record) => of(record, "tender.deadline-moved").at(-1)?.event.d.deadline ?? termsOf(record).deadline;

/** Organisation ↦ generation ↦ key, as `idk/1` registered them. */
async function registryOf(record) {
  const keys = new Map();
  for (const { event } of record.keys.filter(({ event }) => event.t === "accounts.key-registered")) {
    const said = statements.check(event.d.statement, "idk/1");
    const key = canonical.b64uBytes(said.key, "key", 32);
    const known = keys.get(said.org) ?? keys.set(said.org, new Map()).get(said.org);
    const before = known.get(said.gen - 1);
    const stands = (await statements.verify(said, key)) || (before && (await statements.verify(said, before)));
    if (!known.has(said.gen) && stands) known.set(said.gen, key);
  }
  return keys;
}

async function signed(registry, said) {
  const key = registry.get(said.org)?.get(said.gen);
  return key !== undefined && statements.verify(said, key);
}

function releasesOf(record) {
  const said = [];
  for (const { event } of of(record, "opening.bidders-done", "opening.holder-released", "opening.rescued")) {
    const { part, statement_sha256: single, releases_sha256: several } = event.d;
    if (event.t === "opening.bidders-done") said.push(...jsonBlob(record, several));
    else if (READ_OUT.includes(part)) said.push(...(event.t === "opening.rescued" ? [jsonBlob(record, single)] : jsonBlob(record, several)));
  }
  return said.map((each) => statements.check(each, "rel/1"));
}

// --- the log -------------------------------------------------------------------------------------------------------

async function signature(record) {
  const { origin, size } = await openedCheckpoint(record.checkpoint, record.log);
  return { origin, size };
}

async function witnesses(record) {
  const named = termsOf(record)?.witnesses;
  if (!named?.quorum) throw new NotYet("unwitnessed: the terms name no quorum");
  const seen = await cosigners(record.checkpoint, await Promise.all(named.vkeys.map(parseVkey)));
  need(seen.size >= named.quorum, `unwitnessed: ${seen.size} of ${named.quorum}`);
  return { names: [...seen.keys()].sort() };
}

async function inclusion(record) {
  const { size, root } = readCheckpoint(parseNote(record.checkpoint).text);
  for (const { leaf, index, proof, event } of [...record.entries, ...record.keys]) {
    need(await verifyInclusion({ leaf: await leafHash(leaf), index, size, proof, root }), `${event.t} ${event.d.seq} is not in the log`);
  }
  return { entries: record.entries.length, keys: record.keys.length };
}

async function sequence(record) {
  need(record.entries.length > 0, "no entry");
  record.entries.forEach(({ event, index }, at) => {
    need(event.d.stream === `project/${record.number}` && event.d.seq === at + 1, `entry ${at + 1} is missing or another's`);
    need(at === 0 || record.entries[at - 1].index < index, "the order is not the log's");
  });
  return { entries: record.entries.length };
}

async function objects(record) {
  for (const [name, data] of record.blobs) need(hex(await sha256(data)) === name, `blobs/${name} is not what its name says`);
  return { objects: record.blobs.size };
}

// --- the opening ---------------------------------------------------------------------------------------------------

async function closing(record) {
  const shut = one(record, "tender.closed");
  const hall = one(record, "opening.hall-opened");
  if (!shut) throw new NotYet("not closed");
  const { sealed, note, closing: promised } = shut.event.d;
  const tree = await openedCheckpoint(note, record.sealed);
  need(tree.size === sealed.size && hex(tree.root) === sealed.root, "the sealed checkpoint is another");
  const named = termsOf(record).witnesses;
  const seen = await cosigners(note, await Promise.all(named.vkeys.map(parseVkey)));
  need(seen.size >= named.quorum, "unwitnessed: the sealed checkpoint");
  need(Date.parse(shut.event.ts) >= Date.parse(deadlineOf(record)), "closed before the deadline");
  if (!hall) return { live: null };
  need(shut.index < hall.index && hall.event.d.closing === promised, "the hall was opened on another closing");
  const list = blob(record, hall.event.d.live_sha256);
  need((await closings.commitment(hall.event.d.nonce, list)) === promised, "the list is not the one committed to");
  const cls = closings.parse(list);
  need(cls.tender === record.number, "the list is another tender's");
  return { live: cls.live.length };
}

async function sealedEntries(record) {
  const [shut, hall] = [one(record, "tender.closed"), one(record, "opening.hall-opened")];
  if (!shut || !hall) throw new NotYet("not opened");
  const { size, root } = readCheckpoint(parseNote(shut.event.d.note).text);
  const registry = await registryOf(record);
  const live = new Map(closings.parse(blob(record, hall.event.d.live_sha256)).live.map((row) => [row.eid, row]));
  const shown = jsonBlob(record, hall.event.d.sealed_sha256);
  need(shown.length === live.size && new Set(shown.map((row) => row.sub.eid)).size === live.size, "the sealed entries are not the list's");
  for (const { event, nonce, index, proof, sub } of shown) {
    const item = live.get(event.d.eid);
    statements.check(sub, "sub/1");
    const c = hex(await sha256("ev1/blind\0", unhex(nonce, 32, "nonce"), canonical.dumps(event)));
    const leaf = await leafHash(canonical.dumps({ v: "ev/1", c }));
    const path = proof.map((each) => unhex(each, 32, "proof"));
    need(item && (await verifyInclusion({ leaf, index, size, proof: path, root })), `${event.d.eid} is not in the sealed log`);
    need(Object.keys(item).every((key) => event.d[key] === item[key]), `${event.d.eid} is not what the list says`);
    need((await statements.digest(sub)) === item.sub_sha256 && (await signed(registry, sub)), `${event.d.eid}: the submission is not its bidder's`);
    need(event.d.org === sub.org && sub.env_sha256 === item.env_sha256, `${event.d.eid} is another's`);
    need(Date.parse(event.d.received) < Date.parse(deadlineOf(record)), `${event.d.eid} came late`);
  }
  return { sealed: shown.length };
}

/** The sessions of the opening: which envelopes might be opened in each. @returns {{at: number, until: number, parts: Set<string>, owner: Map<string, string>}[]} */
function sessions(record) {
  const hall = one(record, "opening.hall-opened");
  const later = of(record, "opening.session-opened");
  if (!hall) return [];
  const parts = Object.keys(termsOf(record).units);
  const inTwo = parts.includes("price");
  if (termsOf(record).rounds) throw new NotYet("rounds of quotes: the command line verifies them");
  need(later.length <= Number(inTwo), "more sessions than the terms know");
  const session = (opened, until, bidders, own) => ({
    at: opened.index, until, parts: new Set(own),
    owner: new Map(bidders.flatMap(({ org, parts: units }) => own.filter((part) => units[part]).map((part) => [units[part].eid, org]))),
  });
  const named = jsonBlob(record, hall.event.d.bidders_sha256);
  const first = session(hall, later[0]?.index ?? Infinity, named, inTwo ? parts.filter((part) => part !== "price") : parts);
  if (!later.length) return [first];
  const passed = passedBefore(record, later[0].index);
  need(canonical.same([...later[0].event.d.bidders].sort(), [...passed].sort()), "a session for others than those who passed");
  need(later[0].event.d.closing === hall.event.d.closing, "a session on another closing");
  const second = session(later[0], Infinity, named.filter(({ org }) => passed.has(org)), parts.filter((part) => READ_OUT.includes(part)));
  need([...passed].every((org) => named.some((bidder) => bidder.org === org)), "somebody passed who is not on the list");
  return [first, second];
}

/** Who passed the judgement after the first session, as published before that entry. */
function passedBefore(record, index) {
  const told = one(record, "tech.passed");
  need(told && told.index < index, "prices before it was published who passed");
  return new Set(told.event.d.passed);
}

const within = (record, session, ...kinds) => of(record, ...kinds).filter(({ index }) => session.at <= index && index < session.until);
const mayBeOpened = (record) => new Map(sessions(record).flatMap(({ owner }) => [...owner]));

async function releases(record) {
  const hall = one(record, "opening.hall-opened");
  if (!hall || !of(record, "opening.bidders-done").length) throw new NotYet("nothing released");
  for (const session of sessions(record)) {
    const [done] = within(record, session, "opening.bidders-done");
    if (done) {
      const listed = [done.event.d.released, done.event.d.absent].flatMap((told) => Object.values(told).flat()).sort();
      need(canonical.same(listed, [...session.owner.keys()].sort()), "released and absent are not all there are");
    }
    for (const { index, event } of within(record, session, "opening.holder-released")) {
      need(done && index > done.index && session.parts.has(event.d.part), "a holder released before the bidders, or what is not opened");
    }
  }
  const [registry, owner, said] = [await registryOf(record), mayBeOpened(record), releasesOf(record)];
  for (const each of said) {
    need(await signed(registry, each), `${each.org}: a release is not signed by it`);
    need(each.closing === hall.event.d.closing, `${each.org}: released for another closing`);
    need(owner.has(each.eid), `${each.org}: released what must not be opened`);
    if (each.role === "b" || each.role === "rescue") need(owner.get(each.eid) === each.org, `${each.org} released another's envelope`);
  }
  return { releases: said.length };
}

const spelt = (finding) => {
  if (typeof finding === "string") return finding;
  const [kind, ...where] = finding;
  return where.length === 2 ? `${kind}(${where[0] === "r" ? "r" : ""}${where[1]})` : `${kind}(${where[0] ?? ""})`;
};

async function verdicts(record) {
  const told = of(record, "opening.verdict");
  const hall = one(record, "opening.hall-opened");
  if (!told.length || !hall) throw new NotYet("nothing opened");
  const owner = mayBeOpened(record);
  need(new Set(told.map(({ event }) => event.d.eid)).size === told.length, "two verdicts on one envelope");
  const terms = termsOf(record);
  const identities = await registryOf(record);
  const said = releasesOf(record);
  const released = new Set(of(record, "opening.bidders-done").flatMap(({ event }) => Object.values(event.d.released).flat()));
  const subs = new Map(jsonBlob(record, hall.event.d.sealed_sha256).map(({ sub }) => [sub.eid, sub]));
  let again = 0;
  for (const { event: { d } } of told) {
    const sub = subs.get(d.eid);
    need(owner.has(d.eid), `${d.org}: what must not be opened was`);
    need(sub && sub.env_sha256 === d.env_sha256 && sub.org === d.org, `${d.org}: a verdict on another envelope`);
    if (!released.has(d.eid)) {
      need(d.verdict === "ABSENT" && d.sheet === null, `${d.org}: not released, yet it has contents`);
    } else if (READ_OUT.includes(d.part)) {
      const cmh = terms.units[d.part];
      const opened = await openEnvelope(new Blob([blob(record, d.env_sha256)]), blob(record, cmh), releasesFrom(said, d.eid),
        { cmh: unhex(cmh, 32, "cmh"), policy: terms.pol, env_sha256: d.env_sha256, sub, identities });
      const sheet = opened.verdict === "OK" ? opened.index.sheet : null;
      need(canonical.same([opened.verdict, opened.findings.map(spelt), sheet], [d.verdict, d.findings, d.sheet]), `${d.org}: opens as ${opened.verdict}`);
      again += 1;
    } else {
      need(d.sheet === null, `${d.org}: contents that are the panel's alone`);
    }
  }
  const failed = new Set(told.filter(({ event: { d } }) => d.verdict !== "OK" && !READ_OUT.includes(d.part)).map(({ event }) => event.d.org));
  sessions(record).forEach((session, at) => {
    need(at === 0 || ![...session.owner.values()].some((org) => failed.has(org)), "the price of a bid that did not open was opened");
    if (!within(record, session, "opening.record").length) return;
    const judged = within(record, session, "opening.verdict").map(({ event }) => event.d.eid).sort();
    need(canonical.same(judged, [...session.owner.keys()].sort()), "an envelope without a verdict");
  });
  return { verdicts: told.length, again };
}

async function openingRecord(record) {
  const registry = await registryOf(record);
  const found = { bidders: 0, signatures: 0 };
  for (const session of sessions(record)) {
    const [drawn] = within(record, session, "opening.record");
    if (!drawn) continue;
    const told = jsonBlob(record, drawn.event.d.sha256);
    const by = new Map(within(record, session, "opening.verdict").map(({ event: { d } }) => [d.eid, d]));
    const decided = new Map(within(record, session, "opening.cause-decided").map(({ event: { d } }) => [d.org, d]));
    need(told.number === record.number && told.bidders.flatMap(({ parts }) => parts).length === by.size, "the opening record is another's");
    for (const bidder of told.bidders) {
      for (const part of bidder.parts) {
        const d = by.get(part.eid);
        need(d && d.org === bidder.org && d.verdict === part.verdict && canonical.same(d.findings, part.findings), `${bidder.org}: another verdict`);
        if (READ_OUT.includes(part.part)) need(canonical.same(bidder.sheet, d.sheet), `${bidder.org}: another quote`);
      }
      const { cause, outcome, how, reason } = decided.get(bidder.org) ?? {};
      need(canonical.same(bidder.not_opened ?? null, cause ? { cause, outcome, how, reason } : null), `${bidder.org}: another cause`);
    }
    for (const { event: { d } } of within(record, session, "opening.acknowledged")) {
      const said = statements.check(d.statement, "ack/1");
      need(said.org === d.org && said.record_sha256 === drawn.event.d.sha256 && (await signed(registry, said)), `${d.org}: did not sign this record`);
      found.signatures += 1;
    }
    const [ended] = within(record, session, "opening.ended");
    need(!ended || ended.event.d.record_sha256 === drawn.event.d.sha256, "another record at the end");
    found.bidders += told.bidders.length;
  }
  if (!found.bidders) throw new NotYet("no opening record");
  return found;
}

// --- the outcome ---------------------------------------------------------------------------------------------------

async function drawn(record) {
  const results = new Map(of(record, "draw.result").map(({ event: { d } }) => [d.id, d]));
  if (!record.draws.size) throw new NotYet("no draw");
  let settled = 0;
  for (const data of record.draws.values()) {
    const told = JSON.parse(new TextDecoder().decode(data));
    const result = results.get(told.spec.id);
    if (!result) continue;
    const [spec, dealt] = ["draw.spec", "draw.dealt"].map((kind) => of(record, kind).find(({ event: { d } }) => d.id === told.spec.id).event.d);
    need(canonical.same(spec.spec, told.spec) && canonical.same(dealt.h, told.commits), `${told.spec.id}: not the draw of the log`);
    const outcome = await draws.conclude(told);
    const mine = Object.fromEntries(outcome.result.map(({ key, chosen, standby }) => [key, { chosen, standby }]));
    need(outcome.seed === result.seed && canonical.same(mine, result.result), `${told.spec.id}: comes to another result`);
    settled += 1;
  }
  return { draws: settled };
}

async function ranking(record) {
  const awards = of(record, "market.award-published");
  const fixed = of(record, "evaluation.reported").at(-1);
  if (!awards.length) throw new NotYet("no award");
  const { report_sha256: digest, salt } = awards[0].event.d;
  const report = jsonBlob(record, digest);
  need(fixed && fixed.index < awards[0].index, "the report came after the award");
  need((await commitment("eval1/report", report, unhex(salt, 32, "salt"))) === fixed.event.d.commitment, "the report is not the one committed to");
  need(canonical.same(report.scoring, termsOf(record).scoring), "scored by other terms");
  const { rounds, scoring } = termsOf(record);
  if (rounds || scoring.order) throw new NotYet("another order of ranks: the command line verifies it");
  const faults = whyNotReport(report);
  need(!faults.length, faults.join("; "));
  const sheets = new Map(of(record, "opening.verdict").filter(({ event: { d } }) => READ_OUT.includes(d.part)).map(({ event: { d } }) => [d.org, d.sheet]));
  const equals = (a, b) => a === b || (decimal(a).n * decimal(b).d === decimal(b).n * decimal(a).d);
  const passed = "price" in termsOf(record).units ? passedBefore(record, fixed.index) : null;
  for (const bid of report.bids) {
    if (passed && !passed.has(bid.org)) {
      need(!sheets.has(bid.org) && !bid.compliant && bid.quote === null, `${bid.org}: failed, yet it has a price or a rank`);
      continue;
    }
    const sheet = sheets.get(bid.org);
    need(sheet && equals(bid.quote, sheet.price) && bid.small === sheet.small, `${bid.org}: judged at another price than was read out`);
  }
  const declined = new Set(of(record, "market.award-declined").map(({ event: { d } }) => d.org));
  const twin = (org) => (report.same_brand ?? []).some((group) => group.includes(org) && group.some((each) => declined.has(each)));
  for (const { event: { d } } of awards) {
    const over = passedOver(record, d);
    const bid = report.bids.find(({ org }) => org === d.org);
    need(bid?.compliant && bid.rank === d.rank && equals(d.amount, bid.corrected?.to ?? bid.quote), `${d.name}: not as the report has it`);
    need(report.bids.every((other) => other.rank === null || other.rank >= d.rank || declined.has(other.org) || over.has(other.org) || twin(other.org)), `${d.name}: others stand before`);
  }
  const last = awards.at(-1).event.d;
  return { bids: report.bids.length, name: last.name, rank: last.rank, amount: last.amount };
}

/** Who ranks before the winner and may not win: under a ban, or winner of as many lots as the terms let one win. */
function passedOver(record, award) {
  const { batch } = termsOf(record);
  for (const { org, why, numbers } of award.passed_over ?? []) {
    const others = new Set((numbers ?? []).filter((number) => number !== record.number)).size;
    need(why === "banned" || (why === "lots" && batch && batch.most > 0 && others >= batch.most), `${org}: passed over without a reason`);
  }
  return new Set((award.passed_over ?? []).map(({ org }) => org));
}

// --- all of it -----------------------------------------------------------------------------------------------------

export const CHECKS = {
  signature, witnesses, inclusion, sequence, objects, closing, sealed: sealedEntries, releases, verdicts,
  "opening-record": openingRecord, draws: drawn, report: ranking,
};

/**
 * Every check, one after the other: {name, holds: true | false | null (nothing to check yet), facts, why}.
 * @param {any} record @param {(done: number, all: number) => void} [progress]
 */
export async function verify(record, progress = () => {}) {
  const found = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    progress(found.length, Object.keys(CHECKS).length);
    try {
      found.push({ name, holds: true, facts: await check(record), why: "" });
    } catch (wrong) {
      found.push({ name, holds: wrong instanceof NotYet ? null : false, facts: null, why: wrong.message });
    }
  }
  return found;
}

/** Whether the record's keys for its logs are these. @param {any} record @param {string} log @param {string} sealed */
export async function isOf(record, log, sealed) {
  const [a, b] = [await parseVkey(log), await parseVkey(sealed)];
  return a.id === record.log.id && equal(a.key, record.log.key) && b.id === record.sealed.id && equal(b.key, record.sealed.key);
}
