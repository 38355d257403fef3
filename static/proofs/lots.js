// From a seed to the chosen: every candidate has a ticket, and the lowest tickets win.

import { NotCanonical, concat, hex, sha256 } from "./bytes.js";
import * as canonical from "./canonical.js";
import { hmac, hmacKey } from "./hkdf.js";
import { hmacWords } from "./sha256.js";

/** The strata a list spells, in the order they are drawn. @param {any} value */
export function parseStrata(value) {
  const strata = canonical.list(value, "strata");
  if (!strata.length) throw new NotCanonical("strata: not a list of at least one");
  for (const item of strata) {
    canonical.requireKeys(item, ["key", "need", "standby"], "strata");
    canonical.plain(item.key, "strata.key", 64);
    canonical.integer(item.need, 0, 1_000_000, "need");
    canonical.integer(item.standby, 0, 1_000_000, "standby");
  }
  if (new Set(strata.map(({ key }) => key)).size !== strata.length) throw new NotCanonical("strata: a key occurs twice");
  return strata;
}

/** Throws NotCanonical unless it is a list of {cid, org, strata} sorted by cid, each cid once. @param {any} pool */
export function checkPool(pool) {
  let last = "";
  for (const item of canonical.list(pool, "pool")) {
    canonical.requireKeys(item, ["cid", "org", "strata"], "pool");
    if (typeof item.cid !== "string" || !/^[A-Za-z0-9._-]{1,64}$/.test(item.cid)) throw new NotCanonical("pool: no cid");
    if (item.cid <= last) throw new NotCanonical("pool: not sorted by cid, or a cid occurs twice");
    last = item.cid;
    canonical.plain(item.org, "pool.org", 128);
    const keys = canonical.list(item.strata, "pool.strata");
    if (!keys.every((key) => typeof key === "string") || new Set(keys).size !== keys.length) {
      throw new NotCanonical("pool.strata: not a list of different texts");
    }
  }
}

/** The hash of a frozen pool in hex. @param {any[]} pool */
export async function poolSha256(pool) {
  checkPool(pool);
  return hex(await sha256(canonical.dumps(pool)));
}

/** Whether a candidate wears no mask: a value, or an organisation under its code, CODE.2 … for further lots. @param {any} item */
export const isPlain = ({ cid, org }) => cid === org || (cid.startsWith(`${org}.`) && /^[1-9][0-9]{0,3}$/.test(cid.slice(org.length + 1)));

/** HMAC-SHA256(salt, number) in hex: a person's or employer's masked id. @param {string} number @param {Uint8Array} salt */
export const masked = async (number, salt) => hex(await hmac(await hmacKey(salt), concat(number)));

/** HMAC-SHA256(seed, "draw1/ticket\0" ‖ stratum ‖ 0x00 ‖ cid) in hex. */
export async function ticket(seed, stratum, cid) {
  return hex(await hmac(await hmacKey(seed), concat(`draw1/ticket\0${stratum}\0${cid}`)));
}

const LONGEST_CID = 64;

/** Those of a stratum by (ticket, cid), which is the order in which they are drawn. The pool is sorted by cid. */
function inOrder(seed, stratum, pool) {
  const members = pool.filter((item) => item.strata.includes(stratum));
  const sign = hmacWords(seed, `draw1/ticket\0${stratum}\0`, LONGEST_CID);
  const words = new Uint32Array(8 * members.length);
  members.forEach(({ cid }, at) => sign(cid, words, 8 * at));
  const order = Uint32Array.from(members.keys());
  order.sort((a, b) => {
    for (let i = 0; i < 8; i += 1) if (words[8 * a + i] !== words[8 * b + i]) return words[8 * a + i] - words[8 * b + i];
    return a - b;
  });
  return { members, order };
}

/** For each stratum {key, chosen, standby, skipped, short}, the lowest tickets first. */
export function select(seed, pool, strata, maxPerOrg = null) {
  const taken = new Set();
  const places = new Map();
  const result = [];
  for (const stratum of strata) {
    const { members, order } = inOrder(seed, stratum.key, pool);
    const [chosen, standby, skipped] = [[], [], []];
    for (const at of order) {
      const { cid, org } = members[at];
      const choosing = chosen.length < stratum.need;
      if (!choosing && standby.length === stratum.standby) break;
      if (taken.has(cid)) {
        skipped.push([cid, "already"]);
      } else if (choosing && maxPerOrg !== null && (places.get(org) ?? 0) >= maxPerOrg) {
        skipped.push([cid, "org"]);
      } else {
        (choosing ? chosen : standby).push(cid);
        taken.add(cid);
        if (choosing) places.set(org, (places.get(org) ?? 0) + 1);
      }
    }
    result.push({ key: stratum.key, chosen, standby, skipped, short: stratum.need - chosen.length });
  }
  return result;
}
