// Signed statements: what an organisation says, in exactly one spelling, under its identity key.
//   signature = Ed25519("sbe1/" ‖ v ‖ "\0" ‖ JCS(statement without "sig"))

import { NotCanonical, b64u, concat, hex, sha256, utf8 } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as ed25519 from "./ed25519.js";

export const PARTS = ["sheet", "body", "tech", "price"];
const LONGEST_SHEET = 16384; // bytes
const SHEET_DEPTH = 4; // objects and lists within one another
export const REHEARSAL = "rehearsal";

/** A unit {tender, lot: "1", part} or a draw's {draw}. @param {any} value @param {string} what */
export function unit(value, what = "unit") {
  if (value !== null && typeof value === "object" && Object.hasOwn(value, "draw")) {
    canonical.requireKeys(value, ["draw"], what);
    canonical.plain(value.draw, `${what}.draw`, 128);
    return value;
  }
  canonical.requireKeys(value, ["tender", "lot", "part"], what);
  canonical.plain(value.tender, `${what}.tender`, 128);
  if (value.lot !== "1") throw new NotCanonical(`${what}.lot: one project is one lot, "1"`);
  if (!PARTS.includes(value.part)) throw new NotCanonical(`${what}.part: not one of ${PARTS}`);
  return value;
}

/** A UTC instant with 0 to 6 digits of a second. @param {any} value @param {string} what */
export function timestamp(value, what = "ts") {
  const found = typeof value === "string" && /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,6})?Z$/.exec(value);
  const at = found ? Date.parse(`${found[1]}Z`) : NaN;
  // Date takes 31 June for 1 July; the calendar does not.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(found[1])) {
    throw new NotCanonical(`${what}: not a UTC time like 2026-11-21T22:58:03.000000Z`);
  }
  return value;
}

/** The present instant as statements write it. @param {number} at milliseconds */
export const instant = (at = Date.now()) => new Date(at).toISOString().replace("Z", "000Z");

const hexOf = (length) => (value, what) => canonical.hexBytes(value, length, what);
const b64uOf = (length) => (value, what) => canonical.b64uBytes(value, what, length);
const int = (low, high) => (value, what) => canonical.integer(value, low, high, what);
const textOf = (longest) => (value, what) => canonical.plain(value, what, longest);
const optional = (test) => (value, what) => (value === null ? null : test(value, what));
const only = (...allowed) => (value, what) => {
  if (!allowed.includes(value)) throw new NotCanonical(`${what}: not one of ${allowed}`);
};
const creditCode = (value, what) => {
  if (typeof value !== "string" || !/^[0-9A-Z]{18}$/.test(value)) throw new NotCanonical(`${what}: not 18 digits and capitals`);
};
const closing = (value, what) => (value === "" || value === REHEARSAL ? value : canonical.hexBytes(value, 32, what));
const eidOrNone = (value, what) => (value === "" ? value : canonical.hexBytes(value, 16, what));
const listOf = (test, fewest, most) => (value, what) => {
  const items = canonical.list(value, what);
  if (items.length < fewest || items.length > most) throw new NotCanonical(`${what}: not a list of ${fewest}…${most}`);
  items.forEach((item) => test(item, what));
};

function prose(value, what) {
  if (typeof value !== "string" || value === "" || [...value].length > 2000) {
    throw new NotCanonical(`${what}: not a text of 1…2000 characters`);
  }
}

function sheet(value, what) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new NotCanonical(`${what}: not an object`);
  shallow(value, what, SHEET_DEPTH);
  if (canonical.dumps(value).length > LONGEST_SHEET) throw new NotCanonical(`${what}: longer than ${LONGEST_SHEET} bytes`);
}

function shallow(value, what, left) {
  if (typeof value === "string" && value.includes("\0")) throw new NotCanonical(`${what}: holds a null character`);
  if (value === null || typeof value !== "object") return;
  if (!left) throw new NotCanonical(`${what}: deeper than ${SHEET_DEPTH}`);
  const items = Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)];
  for (const item of items) shallow(item, what, left - 1);
}

/** Why a file's name cannot be in an envelope; empty when it can. @param {string} name */
export function whyNotName(name) {
  try {
    canonical.plain(name, "name");
  } catch (wrong) {
    return wrong.message;
  }
  return name === "." || name === ".." || /[/\\]/.test(name) || utf8(name).length > 255 ? "not a plain file name" : "";
}

function files(value, what) {
  const seen = new Set();
  for (const file of canonical.list(value, what)) {
    canonical.requireKeys(file, ["name", "size", "sha256"], what);
    const wrong = whyNotName(file.name);
    if (wrong) throw new NotCanonical(`${what}.name: ${wrong}`);
    canonical.integer(file.size, 0, Number.MAX_SAFE_INTEGER, `${what}.size`);
    canonical.hexBytes(file.sha256, 32, `${what}.sha256`);
    seen.add(file.name);
  }
  if (seen.size !== value.length) throw new NotCanonical(`${what}: a name occurs twice`);
}

const EID = hexOf(16);
const HASH = hexOf(32);
const SLOT = int(0, 65535);
const SEQ = int(1, 65535);
const KEY = b64uOf(32);
const DRAW = { sid: HASH, j: int(1, 20) };

const KINDS = {
  "idk/1": { key: KEY, not_before: timestamp },
  "idr/1": { revokes: int(1, 65535) },
  "slots/1": { unit, role: only("c", "r", "d"), n: int(1, 65536), keys_sha256: HASH },
  "idx/1": { unit, eid: EID, sheet, files },
  "sub/1": {
    unit, eid: EID, slot: SLOT, cmh: HASH, env_sha256: HASH, size: int(1, Number.MAX_SAFE_INTEGER), seq: SEQ,
    replaces: optional(HASH),
  },
  "wd/1": { unit, eid: EID, seq: SEQ },
  "present/1": { unit },
  "rel/1": { unit },
  "ack/1": { unit, record_sha256: HASH },
  "rdy/1": { unit, cmh: HASH },
  "obj/1": { unit, text: prose },
  "con/1": { unit, lead: creditCode, agreement_sha256: HASH },
  "drill/1": { person: textOf(36), challenge: HASH },
  "few/1": { unit, closing: HASH, min: int(1, 1000) },
  "pool/1": { pool_sha256: HASH },
  "dk/1": { id: textOf(128), j: int(1, 20), keys_sha256: HASH },
  "dc/1": { ...DRAW, h: HASH },
  "dd/1": { ...DRAW, deal_sha256: HASH },
  "dp/1": { ...DRAW, dealer: int(1, 20), sk: KEY },
  "dr/1": { ...DRAW, r: listOf(HASH, 1, 20) },
};
const RELEASES = {
  b: { eid: EID, role: only("b"), closing, b: KEY },
  c: { eid: eidOrNone, role: only("c"), closing, i: int(1, 20), slot: SLOT, sk: KEY },
  r: { eid: EID, role: only("r"), closing, i: int(1, 20), slot: SLOT, sk: KEY },
  rescue: { eid: EID, role: only("rescue"), closing, rescue: listOf(KEY, 2, 20) },
};

/** The statement, well formed and of kind v if given; not its signature. @param {any} value @param {string|null} v */
export function check(value, v = null) {
  const kind = value !== null && typeof value === "object" ? value.v : null;
  if (typeof kind !== "string" || !Object.hasOwn(KINDS, kind) || (v !== null && v !== kind)) {
    throw new NotCanonical(`not a statement of kind ${v ?? "known here"}`);
  }
  let tests = KINDS[kind];
  if (kind === "rel/1") {
    if (!Object.hasOwn(RELEASES, value.role)) throw new NotCanonical("rel/1: role is none of b, c, r, rescue");
    tests = { ...tests, ...RELEASES[value.role] };
  }
  canonical.requireKeys(value, ["v", "org", "gen", "ts", "sig", ...Object.keys(tests)], kind);
  canonical.plain(value.org, "org", 64);
  canonical.integer(value.gen, 1, 65535, "gen");
  timestamp(value.ts);
  canonical.b64uBytes(value.sig, "sig", 64);
  for (const [key, test] of Object.entries(tests)) test(value[key], key);
  canonical.dumps(value);
  return value;
}

/** The bytes a statement's signature is over. @param {any} statement */
export function message(statement) {
  const unsigned = { ...statement };
  delete unsigned.sig;
  return concat(`sbe1/${statement.v}\0`, canonical.dumps(unsigned));
}

/**
 * The signed statement of kind v.
 * @param {string} v @param {object} fields @param {import("./organisation.js").Organisation} by @param {string} ts
 */
export async function sign(v, fields, by, ts = instant()) {
  const who = by.heir ?? by;
  const statement = { ...fields, v, org: who.org, gen: who.gen, ts };
  return check({ ...statement, sig: b64u(await who.sign(message(statement))) }, v);
}

/** True when a well formed statement carries this key's strict signature. @param {any} statement @param {Uint8Array} key */
export const verify = (statement, key) =>
  ed25519.verify(key, canonical.b64uBytes(statement.sig, "sig", 64), message(statement));

/** H(JCS(statement with sig)) in hex: `sub_sha256` of the closing manifest. @param {any} statement */
export const digest = async (statement) => hex(await sha256(canonical.dumps(statement)));
