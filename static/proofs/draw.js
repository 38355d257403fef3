// A draw nobody can steer or stop: commit, deal, reveal with recovery (draw1). Everything here is a pure function of
// published messages; who counts is fixed before the first value is known.

import { NotCanonical, b64u, concat, equal, hex, random, sha256, u8, unb64u, unhex, utf8 } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as hpke from "./hpke.js";
import * as lots from "./lots.js";
import { recover, share, shares } from "./sharing.js";
import { publicKey } from "./x25519.js";

const KEYS = ["v", "id", "t", "beacon", "max_per_org", "pool_sha256", "strata", "contributors"];

/** Too few messages are published yet to say how the draw ended. */
export class Unfinished extends Error {
  name = "Unfinished";
}
/** Fewer than t dealers count: the draw has no result. */
export class Void extends Error {
  name = "Void";
}

/** The specification an object spells. Throws NotCanonical when it spells none. @param {any} value */
export async function parseSpec(value) {
  canonical.requireKeys(value, KEYS, "spec");
  if (value.v !== "draw/1") throw new NotCanonical("spec: not draw/1");
  canonical.plain(value.id, "id", 128);
  if (value.beacon !== null) canonical.requireKeys(value.beacon, ["chain", "round"], "beacon");
  if (value.max_per_org !== null) canonical.integer(value.max_per_org, 1, Number.MAX_SAFE_INTEGER, "max_per_org");
  canonical.hexBytes(value.pool_sha256, 32, "pool_sha256");
  const listed = canonical.list(value.contributors, "contributors");
  const m = listed.length;
  if (![3, 5, 7].includes(m)) throw new NotCanonical("spec: the contributors are 3, 5 or 7");
  const contributors = listed.map((item, at) => {
    canonical.requireKeys(item, ["i", "id", "keys"], "contributors");
    canonical.integer(item.i, at + 1, at + 1, "i");
    const keys = canonical.b64uBytes(item.keys, "keys", 32 * m);
    return { i: at + 1, org: canonical.plain(item.id, "id", 64), keys };
  });
  if (new Set(contributors.map(({ org }) => org)).size !== m) throw new NotCanonical("spec: a contributor is named twice");
  const t = canonical.integer(value.t, (m + 1) / 2, (m + 1) / 2, "t");
  const strata = lots.parseStrata(value.strata);
  const sid = await sha256("draw1/spec\0", canonical.dumps(value));
  const { id, beacon, max_per_org: maxPerOrg, pool_sha256: poolSha256 } = value;
  return { id, t, m, sid, beacon, maxPerOrg, poolSha256, strata, contributors };
}

/** The key under which contributor i is sealed the share of dealer j. */
const slotKey = (spec, i, j) => spec.contributors[i - 1].keys.slice(32 * (j - 1), 32 * j);
const sealInfo = (spec, j, i) => concat("draw1/seal\0", spec.sid, u8(j), u8(i));
const shareMark = (spec, j, i, value) => sha256("draw1/share\0", spec.sid, u8(j), u8(i), value);
const valueCommitment = (spec, j, r) => sha256("draw1/r\0", spec.sid, u8(j), r);

/** h_j of a deal's text, in hex. @param {any} spec @param {number} j @param {string} deal */
export const dealCommitment = async (spec, j, deal) => hex(await sha256("draw1/deal\0", spec.sid, u8(j), deal));

/** r_j and what hides it: t times 32 random bytes. */
export const randomCoefficients = (spec) => Array.from({ length: spec.t }, () => random(32));

/** The text of dealer j's deal. @param {any} spec @param {number} j @param {Uint8Array[]} coefficients */
export async function makeDeal(spec, j, coefficients) {
  if (coefficients.length !== spec.t) throw new NotCanonical(`a deal of this draw has ${spec.t} coefficients`);
  const s = [];
  for (const { i } of spec.contributors) {
    const value = share(coefficients, i);
    const e = b64u(await hpke.seal(value, slotKey(spec, i, j), sealInfo(spec, j, i)));
    s.push({ i, e, m: hex(await shareMark(spec, j, i, value)) });
  }
  const rc = hex(await valueCommitment(spec, j, coefficients[0]));
  return canonical.text({ v: "deal/1", sid: hex(spec.sid), j, rc, s });
}

/** The deal a text spells. @param {any} spec @param {number} j @param {string} text */
export function parseDeal(spec, j, text) {
  const deal = canonical.requireKeys(canonical.parse(utf8(text)), ["v", "sid", "j", "rc", "s"], "deal");
  if (deal.v !== "deal/1" || deal.sid !== hex(spec.sid)) throw new NotCanonical("deal: of another draw");
  canonical.integer(deal.j, j, j, "deal.j");
  const listed = canonical.list(deal.s, "deal.s");
  if (listed.length !== spec.m) throw new NotCanonical(`deal: not ${spec.m} shares`);
  const s = listed.map((item, at) => {
    canonical.requireKeys(item, ["i", "e", "m"], "deal.s");
    canonical.integer(item.i, at + 1, at + 1, "deal.s.i");
    return { e: canonical.b64uBytes(item.e, "e", 80), m: canonical.hexBytes(item.m, 32, "m") };
  });
  return { j, rc: canonical.hexBytes(deal.rc, 32, "rc"), s };
}

async function isKeyOf(spec, holder, dealer, sk) {
  if (!(holder >= 1 && holder <= spec.m && dealer >= 1 && dealer <= spec.m)) return false;
  return equal(await publicKey(sk), slotKey(spec, holder, dealer));
}

/** The holder's share, null where it does not open to its mark: then the dealer cheated him, provably. */
export async function openShare(spec, deal, holder, sk) {
  const { e, m } = deal.s[holder - 1];
  const opened = await hpke.open(e, sk, sealInfo(spec, deal.j, holder));
  if (opened === null || opened.length !== 32) return null;
  return equal(await shareMark(spec, deal.j, holder, opened), m) ? opened : null;
}

/** Whether this key proves that the deal cheats this holder. */
export async function isCheated(spec, deal, holder, sk) {
  return (await isKeyOf(spec, holder, deal.j, sk)) && (await openShare(spec, deal, holder, sk)) === null;
}

/** Whose values count as far as the deals show: what `draw.fixed` must list. @returns {Promise<Map<number, any>>} */
export async function dealers(spec, messages) {
  const counted = new Map();
  for (let j = 1; j <= spec.m; j += 1) {
    const text = messages.deals?.[j];
    if (typeof text !== "string" || messages.commits?.[j] !== (await dealCommitment(spec, j, text))) continue;
    let deal;
    try {
      deal = parseDeal(spec, j, text);
    } catch (wrong) {
      if (wrong instanceof NotCanonical) continue;
      throw wrong;
    }
    let cheats = false;
    for (const { holder, dealer, sk } of messages.complaints ?? []) {
      cheats ||= dealer === j && (await isCheated(spec, deal, holder, unb64u(sk, 32, "sk")));
    }
    if (!cheats) counted.set(j, deal);
  }
  return counted;
}

async function matches(spec, deal, coefficients) {
  if (coefficients.length !== spec.t || coefficients.some((one) => one.length !== 32)) return false;
  if (!equal(await valueCommitment(spec, deal.j, coefficients[0]), deal.rc)) return false;
  for (const [at, value] of shares(coefficients, spec.m).entries()) {
    if (!equal(await shareMark(spec, deal.j, at + 1, value), deal.s[at].m)) return false;
  }
  return true;
}

async function valueOf(spec, deal, messages) {
  const revealed = messages.reveals?.[deal.j]?.map((text) => unhex(text, null, "reveal"));
  if (revealed && (await matches(spec, deal, revealed))) return { r: revealed[0], recovered: false };
  const good = new Map();
  let held = 0;
  for (const { holder, dealer, sk } of messages.keys ?? []) {
    const secret = unb64u(sk, 32, "sk");
    if (dealer !== deal.j || !(await isKeyOf(spec, holder, dealer, secret))) continue;
    held += 1;
    const opened = await openShare(spec, deal, holder, secret);
    if (opened) good.set(holder, opened);
  }
  if (good.size >= spec.t) {
    const polynomial = recover(new Map([...good].sort(([a], [b]) => a - b).slice(0, spec.t)));
    return { r: (await matches(spec, deal, polynomial)) ? polynomial[0] : null, recovered: true };
  }
  if (held === spec.m) return { r: null, recovered: false };
  throw new Unfinished(`contributor ${deal.j} has not revealed, and ${good.size} of ${spec.t} shares are published`);
}

/** The seed of the values that count. @param {any} spec @param {Map<number, Uint8Array>} values */
export async function seed(spec, values, randomness = null) {
  if ((randomness === null) !== (spec.beacon === null)) {
    throw new NotCanonical("the beacon's randomness belongs to a draw that names a beacon, and only there");
  }
  const parts = [...values].sort(([a], [b]) => a - b).flatMap(([j, r]) => [u8(j), r]);
  const tail = randomness === null ? u8(0) : concat(u8(1), randomness);
  return sha256("draw1/seed\0", spec.sid, ...parts, tail);
}

/**
 * Run a DRAW.json to its end. Throws Void, Unfinished or NotCanonical.
 * @param {{spec: any, pool: any[], commits: any, deals: any, complaints?: any[], reveals: any, keys?: any[]}} published
 */
export async function conclude(published, randomness = null) {
  const spec = await parseSpec(published.spec);
  if ((await lots.poolSha256(published.pool)) !== spec.poolSha256) {
    throw new NotCanonical("the pool is not the one of the specification");
  }
  const fixed = await dealers(spec, published);
  if (fixed.size < spec.t) throw new Void(`${fixed.size} dealers count, ${spec.t} are needed`);
  const values = new Map();
  const recovered = [];
  for (const [j, deal] of fixed) {
    const found = await valueOf(spec, deal, published);
    if (found.r) values.set(j, found.r);
    if (found.r && found.recovered) recovered.push(j);
  }
  if (!values.size) throw new Void("no value counts");
  const drawn = await seed(spec, values, randomness);
  const result = lots.select(drawn, published.pool, spec.strata, spec.maxPerOrg);
  return { seed: hex(drawn), result, fixed: [...fixed.keys()], counted: [...values.keys()], recovered };
}
