// The draws of a record: told as DRAW.json from its entries, run again, every message signed, each step after the last.

import { b64u, hex, sha256 } from "../bytes.js";
import * as canonical from "../canonical.js";
import * as draws from "../draw.js";
import * as statements from "../statement.js";
import { tr } from "../../parts/words.js";
import { Broken, NotYet, need } from "./checks.js";

const ORDER = ["draw.announced", "draw.key", "draw.spec", "draw.pool-attested", "draw.committed", "draw.dealt", "draw.deal",
  "draw.complained", "draw.fixed", "draw.revealed", "draw.result"];

const about = (record, id) => record.entries.filter(({ event }) => event.t.startsWith("draw.") && event.d.id === id);
const summary = (result) => Object.fromEntries(result.map(({ key, chosen, standby }) => [key, { chosen, standby }]));

/** The `draws/<k>.json` members that follow from a record's entries. @returns {Promise<Map<string, string>>} */
export async function drawFiles(record) {
  const told = await transcripts(record);
  return new Map(told.map((one, at) => [`${at + 1}.json`, `${JSON.stringify(sorted(one), null, 1)}\n`]));
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** Every draw that came to a specification, as a DRAW.json, in the order of announcement. */
export async function transcripts(record) {
  const found = [];
  for (const { event } of record.of("draw.announced")) {
    const told = transcript(record, event.d.id);
    if (!told) continue;
    if (told.result) told.result = await resultOf(told);
    found.push(told);
  }
  return found;
}

async function resultOf(told) {
  try {
    return (await draws.conclude(told)).result;
  } catch (wrong) {
    if (wrong instanceof draws.Void) return null;
    throw wrong;
  }
}

function transcript(record, id) {
  const all = about(record, id).map(({ event }) => event);
  const kinds = (kind) => all.filter(({ t }) => t === kind).map(({ d }) => d);
  const [spec] = kinds("draw.spec");
  if (!spec) return null;
  const byPlace = (kind, value) => Object.fromEntries(kinds(kind).map((row) => [String(row.j), value(row)]));
  const released = (kind) => kinds(kind).map(({ holder, dealer, sk }) => ({ holder, dealer, sk }));
  return {
    spec: spec.spec,
    pool: record.json(spec.pool_sha256),
    commits: byPlace("draw.committed", (row) => row.statement.h),
    deals: byPlace("draw.deal", (row) => new TextDecoder("utf-8", { fatal: true }).decode(record.blob(row.deal_sha256))),
    complaints: released("draw.complained"),
    reveals: byPlace("draw.revealed", (row) => row.statement.r),
    keys: released("draw.key-released"),
    statements: all.filter(({ d }) => "statement" in d).map(({ d }) => d.statement),
    result: kinds("draw.result").length ? true : null,
  };
}

export async function drawn(record) {
  const ids = record.of("draw.announced").map(({ event }) => event.d.id);
  if (!ids.length) throw new NotYet(tr`没有抽取`);
  need(new Set(ids).size === ids.length, tr`同一次抽取公布了两次`);
  let settled = 0;
  for (const told of await transcripts(record)) {
    const entries = about(record, told.spec.id);
    inOrder(told.spec.id, entries);
    settled += await rerun(record, told, entries);
  }
  return tr`${ids.length} 次抽取公告，${settled} 次由公开数据重算，种子与结果相同`;
}

function inOrder(id, entries) {
  let latest = -1;
  for (const kind of ORDER) {
    const found = entries.filter(({ event }) => event.t === kind).map(({ index }) => index);
    // Complaints may come between two deals; everything else waits for the whole step before it.
    if (!found.length || kind === "draw.complained") continue;
    need(Math.min(...found) > latest, tr`${id}：${kind} 早于它应当等待的步骤`);
    latest = Math.max(...found);
  }
}

async function rerun(record, told, entries) {
  const kinds = new Map(entries.map(({ event }) => [event.t, event.d]));
  const { id } = told.spec;
  const [said, result] = [kinds.get("draw.spec"), kinds.get("draw.result")];
  const spec = await draws.parseSpec(told.spec);
  need(hex(spec.sid) === said.sid, tr`${id}：规格与其编号不符`);
  need(spec.poolSha256 === said.pool_sha256, tr`${id}：候选名单不符`);
  if (!result) return 0;
  const unsigned = await whyNotAuthentic(spec, told, await record.registry());
  if (unsigned) throw new Broken(tr`${id}：${unsigned}`);
  for (const entry of entries) {
    const said = entry.event.d.statement;
    need(!said || (await record.signed(said, entry)), tr`${id}：${entry.event.t} 所用密钥此前已吊销`);
  }
  need(canonical.same(kinds.get("draw.dealt").h, told.commits), tr`${id}：承诺与公布不符`);
  const fixed = [...(await draws.dealers(spec, told)).keys()].sort((a, b) => a - b);
  need(canonical.same(kinds.get("draw.fixed").dealers, fixed), tr`${id}：计入的参与方不符`);
  let outcome;
  try {
    outcome = await draws.conclude(told);
  } catch (wrong) {
    if (wrong instanceof draws.Void) throw new Broken(tr`${id}：应当作废（${wrong.message}）却有结果`);
    throw new Broken(tr`${id}：${wrong.message}`);
  }
  need(outcome.seed === result.seed, tr`${id}：种子不符`);
  need(canonical.same(summary(outcome.result), result.result), tr`${id}：结果不符`);
  return 1;
}

/** What of a draw no trusted key has signed; empty when every message is its contributor's own. */
async function whyNotAuthentic(spec, told, registry) {
  const said = [];
  for (const each of told.statements) {
    const checked = statements.check(each);
    const key = registry.get(checked.org)?.get(checked.gen);
    if (!key || !(await statements.verify(checked, key))) return `a statement does not verify: ${checked.v} of ${checked.org}`;
    said.push(checked);
  }
  const sid = hex(spec.sid);
  const has = (v, org, fields) => said.some((row) => row.v === v && row.org === org
    && Object.entries(fields).every(([key, value]) => canonical.same(row[key], value)));
  for (const { i, org, keys } of spec.contributors) {
    if (!has("dk/1", org, { id: spec.id, j: i, keys_sha256: hex(await sha256(keys)) })) return `contributor ${i} has not signed its keys`;
    if (i in told.commits && !has("dc/1", org, { sid, j: i, h: told.commits[i] })) return `contributor ${i} has not signed its commitment`;
    if (i in told.deals && !has("dd/1", org, { sid, j: i, deal_sha256: hex(await sha256(told.deals[i])) })) {
      return `contributor ${i} has not signed its deal`;
    }
    if (i in told.reveals && !has("dr/1", org, { sid, j: i, r: told.reveals[i] })) return `contributor ${i} has not signed its reveal`;
  }
  for (const { holder, dealer, sk } of [...told.complaints, ...told.keys]) {
    const org = spec.contributors.find(({ i }) => i === holder)?.org ?? "";
    const key = b64u(canonical.b64uBytes(sk, "sk", 32));
    if (!has("dp/1", org, { sid, j: holder, dealer, sk: key })) return `contributor ${holder} has not signed its slot key for ${dealer}`;
  }
  const own = new Set(spec.contributors.map(({ org }) => org));
  const attested = said.some(({ v, org, pool_sha256: pool }) => v === "pool/1" && pool === told.spec.pool_sha256 && !own.has(org));
  return attested ? "" : "nobody outside the draw has attested the pool";
}
