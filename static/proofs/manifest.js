// The key-committee manifest (KCM): whose slot keys a unit is sealed to, and how many of them open it.

import { NotCanonical, sha256 } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as statements from "./statement.js";

/**
 * @typedef {{i: number, org: string, keys: Uint8Array}} Member
 * @typedef {{k: number, n: number, members: Member[]}} Committee
 * @typedef {{data: Uint8Array, cmh: Uint8Array, unit: object, slots: number, c: Committee, r: Committee|null}} Manifest
 */

/** The manifest these bytes spell. Throws NotCanonical when they spell none. @param {Uint8Array} data */
export async function parse(data) {
  const kcm = canonical.requireKeys(canonical.parse(data), ["v", "suite", "unit", "slots", "c", "r"], "manifest");
  if (kcm.v !== "kcm/1" || kcm.suite !== "i1") throw new NotCanonical("manifest: not kcm/1 of suite i1");
  const slots = canonical.integer(kcm.slots, 1, 65536, "slots");
  const unit = statements.unit(kcm.unit);
  const r = kcm.r === null ? null : committee(kcm.r, slots, "r");
  return { data, cmh: await sha256(data), unit, slots, c: committee(kcm.c, slots, "c"), r };
}

/** The public key of a member's slot. @param {Member} member @param {number} slot */
export const slotKey = (member, slot) => member.keys.slice(32 * slot, 32 * slot + 32);

function committee(value, slots, role) {
  canonical.requireKeys(value, ["k", "members"], `manifest.${role}`);
  const listed = canonical.list(value.members, `manifest.${role}.members`);
  if (listed.length < 2 || listed.length > 20) throw new NotCanonical(`manifest.${role}: not 2…20 members`);
  const members = listed.map((member, at) => {
    canonical.requireKeys(member, ["i", "id", "keys"], `manifest.${role}.members`);
    canonical.integer(member.i, at + 1, at + 1, "i");
    const org = canonical.plain(member.id, "id", 64);
    return { i: at + 1, org, keys: canonical.b64uBytes(member.keys, "keys", 32 * slots) };
  });
  if (new Set(members.map((member) => member.org)).size !== members.length) {
    throw new NotCanonical(`manifest.${role}: an organisation sits twice`);
  }
  return { k: canonical.integer(value.k, 2, members.length, "k"), n: members.length, members };
}
