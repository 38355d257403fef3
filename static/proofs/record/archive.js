// A RECORD.zip as read: well formed, nothing of it checked. Its form is described in proofs/record/archive.py.

import { NotCanonical, unhex, utf8 } from "../bytes.js";
import * as canonical from "../canonical.js";
import * as closings from "../closing.js";
import { present } from "../earlier.js";
import { ED25519, parseVkey } from "../note.js";
import * as statements from "../statement.js";
import { wordsOf } from "../words.js";
import { unzip } from "../zip.js";
import { tr } from "../../parts/words.js";
import { Broken, later, moment, need } from "./checks.js";

/** The parts everybody learns when they are opened. */
export const READ_OUT = ["sheet", "price"];
const EVENT = ["v", "t", "ts", "d"];

/** With the result, every fact that was told behind closed doors. */
export const ROOM = "opening.room-disclosed";
const STEP = 2 ** 20; // more facts are told behind closed doors between no two public entries

/**
 * place: where it stands among everything that is told of the procurement.
 * @typedef {{event: any, leaf: Uint8Array, index: number, proof: Uint8Array[], place: number}} Proven
 */

/** The record in a zip. Throws NotCanonical when it is none. @param {Uint8Array} data */
export async function read(data) {
  const members = await unzip(data);
  const take = (name) => {
    if (!members.has(name)) throw new NotCanonical(`no ${name}`);
    const found = members.get(name);
    members.delete(name);
    return found;
  };
  const under = (folder) => {
    const names = [...members.keys()].filter((name) => name.startsWith(folder));
    return new Map(names.map((name) => [name.slice(folder.length), take(name)]));
  };
  const head = canonical.requireKeys(canonical.parse(take("record.json")), ["v", "number", "log", "sealed", "entries", "keys"], "record.json");
  if (head.v !== "record/1") throw new NotCanonical("not record/1");
  canonical.plain(head.number, "number", 128);
  const [entries, keys] = [lines(take("entries.jsonl")), lines(take("keys.jsonl"))];
  if (entries.length !== head.entries || keys.length !== head.keys) throw new NotCanonical("record.json counts other entries than there are");
  const checkpoint = new TextDecoder("utf-8", { fatal: true }).decode(take("checkpoint"));
  const [log, sealed] = await Promise.all([head.log, head.sealed].map(logKey));
  const made = { number: head.number, log, sealed, checkpoint, entries, keys, blobs: under("blobs/"), draws: under("draws/") };
  for (const name of made.draws.keys()) {
    if (!/^(0|[1-9]\d*)\.json$/.test(name)) throw new NotCanonical(`draws/${name}: not a member of a record`);
  }
  if (members.size) throw new NotCanonical(`has a member that belongs to no record: ${[...members.keys()].sort()[0]}`);
  return new Record(made);
}

async function logKey(vkey) {
  const key = await parseVkey(vkey);
  if (key.kind !== ED25519) throw new NotCanonical("a log signs with a plain Ed25519 key");
  return key;
}

function lines(data) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
  if (text && !text.endsWith("\n")) throw new NotCanonical("the last line is cut");
  return text.split("\n").slice(0, -1).map((line) => {
    const { entry, index, proof } = canonical.requireKeys(canonical.parse(utf8(line)), ["entry", "index", "proof"], "entry");
    canonical.requireKeys(entry, EVENT, "event");
    canonical.integer(index, 0, Number.MAX_SAFE_INTEGER, "index");
    if (entry.v !== "ev/1" || entry.d === null || typeof entry.d !== "object" || Array.isArray(entry.d)) throw new NotCanonical("not a public event ev/1");
    return { event: { ...entry, d: present(entry.t, entry.d) }, leaf: canonical.dumps(entry), index, place: entry.d.seq * STEP, proof: canonical.list(proof, "proof").map((each) => unhex(each, 32, "proof")) };
  });
}

/** What a RECORD.zip holds, and what follows from it at a glance. */
export class Record {
  #json = new Map();
  #known = null;
  #told = null;

  constructor(made) {
    Object.assign(this, made);
  }

  get stream() {
    return `project/${this.number}`;
  }

  /** The entries, and in their places among them the facts that were told behind closed doors, once disclosed. */
  get told() {
    if (!this.#told) {
      const rows = this.entries.filter(({ event }) => event.t === ROOM).flatMap(({ event }) => this.json(event.d.sha256));
      const facts = rows.map(fact);
      this.#told = facts.length ? [...this.entries, ...facts].sort((a, b) => a.place - b.place) : this.entries;
    }
    return this.#told;
  }

  /** The entries of these kinds, in order, with those told behind closed doors. @returns {Proven[]} */
  of(...kinds) {
    return this.told.filter(({ event }) => kinds.includes(event.t));
  }

  /** The entry of a kind that is recorded at most once. @returns {Proven|null} */
  one(kind) {
    return only(this.of(kind), kind);
  }

  blob(sha256) {
    need(this.blobs.has(sha256), tr`缺少 blobs/${sha256}`);
    return this.blobs.get(sha256);
  }

  /** A large object that is canonical JSON. Not to be changed: it is read once for all who ask. */
  json(sha256) {
    if (!this.#json.has(sha256)) this.#json.set(sha256, canonical.parse(this.blob(sha256)));
    return this.#json.get(sha256);
  }

  /** The terms bids were made under. */
  get terms() {
    const found = this.one("tender.terms");
    need(found, tr`尚未发布投标条件 tender.terms`);
    return found.event.d;
  }

  /** What its law calls things; as tenders do before there are terms. */
  get words() {
    return wordsOf(this.entries.find(({ event }) => event.t === "tender.terms")?.event.d.edition);
  }

  /** Whether quotes come in rounds, each with a closing and a session of its own. */
  get rounds() {
    return this.one("tender.terms")?.event.d.rounds === true;
  }

  /** The parts everybody learns when they are opened: no quotes of rounds. */
  get readOut() {
    return this.rounds ? [] : READ_OUT;
  }

  /** The entries that show a closing's list: the opening of the hall, and of each round of quotes. */
  get lists() {
    return [...this.of("opening.hall-opened"), ...this.of("opening.session-opened").filter(({ event }) => "round" in event.d)];
  }

  /** The rows of the list such an entry shows. @param {Proven} opened */
  listed(opened) {
    return closings.parse(this.blob(opened.event.d.live_sha256)).live;
  }

  /** eid ↦ its row in one of those lists. */
  get live() {
    return new Map(this.lists.flatMap((opened) => this.listed(opened)).map((row) => [row.eid, row]));
  }

  /** eid ↦ the signed `sub/1` of everything on those lists. */
  get submitted() {
    return new Map(this.lists.flatMap(({ event }) => this.json(event.d.sealed_sha256)).map(({ sub }) => [sub.eid, sub]));
  }

  /** Who bid and with what, as the hall showed it; nobody before that. */
  get bidders() {
    const opened = this.one("opening.hall-opened");
    return opened ? (opened.event.d.bidders ?? this.json(opened.event.d.bidders_sha256)) : [];
  }

  /** Every `rel/1` the record publishes, in the order of the log. */
  get releases() {
    const said = [];
    for (const { event: { t: kind, d } } of this.of("opening.bidders-done", "opening.holder-released", "opening.rescued")) {
      if (kind === "opening.rescued") said.push(...(this.readOut.includes(d.part) ? [this.json(d.statement_sha256)] : []));
      else if (kind === "opening.bidders-done" || this.readOut.includes(d.part)) said.push(...this.json(d.releases_sha256));
    }
    for (const { releases } of this.disclosed.values()) said.push(...releases);
    return said.map((each) => statements.check(each, "rel/1"));
  }

  /** Envelope ↦ {sheet, releases} of quotes that were disclosed with the result. */
  get disclosed() {
    const told = this.one("opening.quotes-disclosed");
    const rows = told ? this.json(told.event.d.sha256) : [];
    return new Map(rows.map((row) => [canonical.requireKeys(row, ["eid", "sheet", "releases"], "disclosed").eid, row]));
  }

  /** What a verdict's envelope says, read out then or disclosed with the result. */
  sheetOf(d) {
    return this.disclosed.has(d.eid) ? this.disclosed.get(d.eid).sheet : d.sheet;
  }

  /** Organisation ↦ generation ↦ key, as `idk/1` registered them. @returns {Promise<Map<string, Map<number, Uint8Array>>>} */
  async registry() {
    return (await this.known()).keys;
  }

  /** Those keys, where each was revoked, and whether every revocation stands. */
  known() {
    this.#known ??= registered(this.keys);
    return this.#known;
  }

  /**
   * Whether a well formed statement is signed by the registered key of its organisation and generation, and that had
   * not been revoked where this entry acknowledges it: by place in the public log, else by the entries' instants.
   * @param {any} said @param {{event: any, index?: number}} entry
   */
  async signed(said, { event, index }) {
    const { keys, revoked } = await this.known();
    const key = keys.get(said.org)?.get(said.gen);
    if (key === undefined || !(await statements.verify(said, key))) return false;
    const over = revoked.get(`${said.org} ${said.gen}`);
    if (!over) return true;
    return index === undefined ? moment(event.ts) < over.until : index < over.index;
  }

  /** When bids were due: as the terms pin it, or as announced corrections moved it. */
  get deadline() {
    let due = this.terms.deadline;
    const announced = new Set(this.of("market.notice-published").map(({ event: { d } }) => `${d.notice} ${d.sha256}`));
    const shut = this.one("tender.closed");
    for (const { event: { ts, d }, place } of this.of("tender.deadline-moved")) {
      need(d.was === due && moment(d.deadline) > moment(due), tr`${this.words.deadline}时间被提前，或者前后不相接`);
      need(moment(ts) < moment(due) && !(shut && shut.place < place), tr`${this.words.deadline}后又改动截止时间`);
      need(announced.has(`${d.notice} ${d.sha256}`), tr`截止时间的改动没有公告`);
      due = d.deadline;
    }
    return due;
  }
}

/** A fact in the blob of what was told behind closed doors, in its place. */
function fact(row) {
  const { event, index, proof } = canonical.requireKeys(row, ["event", "nonce", "index", "proof"], "room");
  const after = canonical.integer(event.d.after, 0, Number.MAX_SAFE_INTEGER, "after");
  const seq = canonical.integer(event.d.seq, 0, STEP - 1, "seq");
  unhex(row.nonce, 32, "nonce");
  canonical.integer(index, 0, Number.MAX_SAFE_INTEGER, "index");
  canonical.list(proof, "proof").forEach((each) => unhex(each, 32, "proof"));
  return { event, place: after * STEP + seq };
}

/** The one of its kind, or null. @param {Proven[]} found @param {string} kind */
export function only(found, kind) {
  if (found.length > 1) throw new Broken(tr`${kind} 出现了 ${found.length} 次`);
  return found[0] ?? null;
}

// Seconds that what was under way when a revocation came may still take, where only instants tell the order.
const UNDER_WAY = 15;

/** The keys as registered, and as revoked: "organisation generation" ↦ where, each in the log's order. */
async function registered(entries) {
  const [keys, revoked] = [new Map(), new Map()];
  let stand = true;
  for (const { event, index } of entries) {
    if (event.t === "accounts.key-registered") await register(keys, revoked, wellFormed(event.d.statement, "idk/1"));
    if (event.t !== "accounts.key-revoked") continue;
    const said = wellFormed(event.d.statement, "idr/1");
    const holds = said !== null && (await revokes(keys, revoked, said));
    if (holds) revoked.set(`${said.org} ${said.revokes}`, { index, until: later(event.ts, UNDER_WAY) });
    stand &&= holds;
  }
  return { keys, revoked, stand };
}

function wellFormed(said, v) {
  try {
    return statements.check(said, v);
  } catch (wrong) {
    if (wrong instanceof NotCanonical) return null;
    throw wrong;
  }
}

async function register(keys, revoked, said) {
  if (!said) return;
  const key = canonical.b64uBytes(said.key, "key", 32);
  const known = keys.get(said.org) ?? keys.set(said.org, new Map()).get(said.org);
  const before = revoked.has(`${said.org} ${said.gen - 1}`) ? undefined : known.get(said.gen - 1);
  const stands = (await statements.verify(said, key)) || (before && (await statements.verify(said, before)));
  if (!known.has(said.gen) && stands) known.set(said.gen, key);
}

/** Whether an `idr/1` ends a generation: signed by one that is registered and has not ended, itself or another. */
async function revokes(keys, revoked, said) {
  const known = keys.get(said.org);
  const signer = known?.get(said.gen);
  if (!signer || !known.has(said.revokes)) return false;
  if ([said.gen, said.revokes].some((gen) => revoked.has(`${said.org} ${gen}`))) return false;
  return statements.verify(said, signer);
}
