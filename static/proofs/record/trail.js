// Is this what the log holds? Signature, witnesses, every entry's place, no gap, nothing that belongs elsewhere.

import { equal, hex, sha256, utf8 } from "../bytes.js";
import * as canonical from "../canonical.js";
import * as manifests from "../manifest.js";
import { leafHash, verifyInclusion } from "../merkle.js";
import { BadNote, COSIGNATURE, checkpoint, cosigners, openedCheckpoint, parse as parseNote, parseVkey, verified } from "../note.js";
import * as statements from "../statement.js";
import { tr } from "../../parts/words.js";
import { READ_OUT } from "./archive.js";
import { NotYet, moment, need, sameSet } from "./checks.js";
import { drawFiles } from "./draws.js";

const FIRST_OF_ALL = ["accounts.key-registered", "accounts.key-revoked", "tender.keys-wanted", "tender.slots-posted", "tender.manifest",
  "tender.rehearsal-wanted", "tender.rehearsed"];
const NAMED = {
  "market.notice-published": ["sha256"],
  "opening.hall-opened": ["live_sha256", "sealed_sha256", "bidders_sha256"],
  "opening.bidders-done": ["releases_sha256"],
  "opening.record": ["sha256"],
  "opening.quotes-disclosed": ["sha256"],
  "opening.room-disclosed": ["sha256"],
  "draw.spec": ["pool_sha256"],
  "draw.deal": ["deal_sha256"],
  "market.award-published": ["report_sha256"],
  "selection.entrants-published": ["sha256"],
  "selection.pool-frozen": ["sha256"],
};

export async function signature(record) {
  const { origin, size } = await openedCheckpoint(record.checkpoint, record.log);
  const { signatures, text } = parseNote(record.checkpoint);
  await verified({ signatures, text }, [record.log, ...(await witnessKeys(record))]);
  const distinct = new Set(signatures.map(({ name, id, data }) => `${name} ${id} ${hex(data)}`));
  need(distinct.size === signatures.length, tr`检查点上有重复的签名行`);
  return tr`${origin} 的检查点，共 ${size} 条，签名有效`;
}

/** NotYet for a purchase in the supermarket that takes no sealed quotes: nothing pins witnesses or holders. @param {any} record */
function withEnvelopes(record) {
  if (!record.one("tender.terms") && record.one("market.purchase-terms")) throw new NotYet(tr`本项目不收密封报价`);
}

export async function witnesses(record) {
  withEnvelopes(record);
  const { quorum } = record.terms.witnesses;
  const named = await witnessKeys(record);
  const seen = await cosigners(record.checkpoint, named);
  if (!quorum) throw new NotYet(tr`unwitnessed：本项目条件未约定见证人，日志分叉无从排除`);
  need(await isWitnessed(record.checkpoint, named, quorum), tr`unwitnessed：见证签名不足 ${quorum} 个`);
  return [...seen.keys()].sort().join(tr`、`);
}

/** Whether so many of these witnesses cosigned the note. @param {string} written @param {any[]} named @param {number} quorum */
export async function isWitnessed(written, named, quorum) {
  canonical.integer(quorum, 0, named.length, "quorum");
  if (new Set(named.map(({ key }) => hex(key))).size !== named.length) throw new BadNote("a witness is named twice");
  const seen = await cosigners(written, named);
  return named.filter(({ name }) => seen.has(name)).length >= quorum;
}

/** The keys of the witnesses the terms name; none before there are terms. */
export function witnessKeys(record) {
  const named = record.one("tender.terms")?.event.d.witnesses.vkeys ?? [];
  return Promise.all(named.map(async (vkey) => {
    const key = await parseVkey(vkey);
    if (key.kind !== COSIGNATURE) throw new BadNote("a witness signs with a cosignature key");
    return key;
  }));
}

export async function inclusion(record) {
  const { size, root } = checkpoint(parseNote(record.checkpoint).text);
  for (const { leaf, index, proof, event } of [...record.entries, ...record.keys]) {
    const proven = await verifyInclusion({ leaf: await leafHash(leaf), index, size, proof, root });
    need(proven, tr`第 ${event.d.seq} 条 ${event.t} 不在日志中`);
  }
  return tr`${record.entries.length} 条记录与 ${record.keys.length} 条密钥记录都在日志中`;
}

export async function sequence(record) {
  need(record.entries.length > 0, tr`没有任何记录`);
  record.entries.forEach(({ event }, at) => {
    need(event.d.stream === record.stream && event.d.seq === at + 1, tr`第 ${at + 1} 条缺失或不属于本项目`);
  });
  for (const entries of [record.entries, record.keys]) {
    need(entries.every(({ index }, at) => at === 0 || entries[at - 1].index < index), tr`记录的先后与日志不一致`);
  }
  for (const { event } of record.entries) moment(event.ts);
  const strays = record.keys.some(({ event }) => event.d.stream !== "keys" || !FIRST_OF_ALL.includes(event.t));
  need(!strays, tr`keys.jsonl 中有不相干的记录`);
  need((await record.known()).stand, tr`keys.jsonl 中有不成立的密钥吊销`);
  return tr`连续 ${record.entries.length} 条，无缺号`;
}

export async function objects(record) {
  for (const [name, data] of record.blobs) need(hex(await sha256(data)) === name, tr`blobs/${name} 的内容与其哈希不符`);
  const named = new Set(namedBlobs(record));
  const missing = [...named].filter((name) => !record.blobs.has(name));
  need(!missing.length, tr`缺少 ${missing.length} 个附件`);
  need([...record.blobs.keys()].every((name) => named.has(name)), tr`有记录未提及的附件`);
  const drawn = await drawFiles(record);
  const same = sameSet(drawn.keys(), record.draws.keys()) && [...drawn].every(([name, text]) => equal(utf8(text), record.draws.get(name)));
  need(same, tr`draws/ 与日志中的抽取不一致`);
  return tr`${named.size} 个附件，哈希全部相符`;
}

/** The hashes of the large objects that the entries name. */
function* namedBlobs(record) {
  const released = new Set();
  const disclosed = record.entries.some(({ event }) => event.t === "opening.quotes-disclosed");
  const opened = disclosed || !record.rounds ? READ_OUT : [];
  const alone = record.told.some(({ event }) => event.t === "tender.terms" && event.d.pol === "C");
  for (const { event: { t: kind, d } } of record.told) {
    const within = kind === "opening.hall-opened" && d.bidders; // once, they were told in the entry
    yield* (NAMED[kind] ?? []).filter((key) => !within || key !== "bidders_sha256").map((key) => d[key]);
    if (kind === "opening.session-opened" && "round" in d) yield* [d.live_sha256, d.sealed_sha256];
    if (kind === "market.award-published" && d.sheets_sha256) yield d.sheets_sha256;
    if (kind === "market.award-published") for (const each of d.earlier ?? []) yield each.report_sha256;
    if (kind === "tender.terms") yield* Object.values(d.units);
    if (kind === "opening.holder-released" && record.readOut.includes(d.part)) yield d.releases_sha256;
    if (kind === "opening.rescued" && record.readOut.includes(d.part)) yield d.statement_sha256;
    if (kind === "opening.bidders-done") for (const eid of Object.values(d.released).flat()) released.add(eid);
    if (kind === "opening.verdict" && opened.includes(d.part) && (alone || released.has(d.eid))) yield d.env_sha256;
  }
}

export function notices(record) {
  const published = record.of("market.notice-published");
  if (!published.length) throw new NotYet(tr`尚未发布公告`);
  published.forEach(({ event: { d } }, at) => {
    need(d.number === record.number && d.notice === at + 1, tr`第 ${at + 1} 份公告编号不符`);
    const told = record.json(d.sha256);
    need(told !== null && typeof told === "object" && !Array.isArray(told), tr`第 ${at + 1} 份公告不是规范的公告`);
  });
  const editions = [...new Set(published.map(({ event }) => event.d.edition))].sort().join(tr`、`);
  const moved = record.of("tender.deadline-moved").length;
  const moves = moved ? tr`；截止时间顺延 ${moved} 次，至 ${record.deadline}` : "";
  return tr`${published.length} 份公告与发布时逐字节一致（规则版本 ${editions}）${moves}`;
}

export async function committees(record) {
  withEnvelopes(record);
  const { units, k, n } = record.terms;
  const posted = record.keys.filter(({ event }) => event.t === "tender.slots-posted");
  for (const [part, cmh] of Object.entries(units)) {
    const made = await manifests.parse(record.blob(cmh));
    need(canonical.same(made.unit, { tender: record.number, lot: "1", part }), tr`${part} 的密钥清单属于别的项目`);
    need(made.c.k === k && made.c.n === n, tr`${part} 的开启人数与条件不符`);
    for (const { org, keys } of made.c.members) {
      const digest = hex(await sha256(keys));
      const own = posted.filter(({ event: { d: { statement: said } } }) => said.org === org && canonical.same(said.unit, made.unit));
      let fits = false;
      for (const entry of own) {
        const said = statements.check(entry.event.d.statement, "slots/1");
        const good = await record.signed(said, entry);
        fits ||= good && said.role === "c" && said.n === made.slots && said.keys_sha256 === digest;
      }
      need(fits, tr`${part} 的密钥清单中 ${org} 的公钥没有其签名`);
    }
  }
  return tr`${Object.keys(units).length} 份密钥清单，${n} 个持钥单位，${k} 个可开启，签名有效`;
}
