// The sealed envelope SBE1: a canonical header and a Cobblestone-256 payload.
//   file = P ‖ Cobblestone-256(DEK, context = "sbe1/payload\0" ‖ H(P), plaintext),   P = "SBE1" ‖ u32 len ‖ header

import { NotCanonical, b64u, concat, equal, hex, random, sha256, u16, u32, u8, utf8 } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as cobblestone from "./cobblestone.js";
import { hkdf } from "./hkdf.js";
import * as hpke from "./hpke.js";
import * as indexes from "./index.js";
import { slotKey } from "./manifest.js";
import { sha256Blob } from "./sha256.js";
import { shares } from "./sharing.js";
import * as statements from "./statement.js";

const LONGEST = 262144;
const KEYS = ["v", "suite", "eid", "unit", "cmh", "slot", "pol", "bcm", "ccm", "c", "r"];
export const NO_HALF = new Uint8Array(32);

/** bcm (half "b") or ccm (half "c"). @param {string} half @param {Uint8Array} eid @param {Uint8Array} secret */
export const halfCommitment = (half, eid, secret) => sha256("sbe1/half\0", half, eid, secret);

/** cm_i. */
export const shareCommitment = (role, eid, i, share) => sha256("sbe1/share\0", role, eid, u8(i), share);

/** DEK. */
export const payloadKey = (eid, b, c) => hkdf(eid, concat(b, c), utf8("sbe1/dek"), 32);

/** What binds the payload to everything before it. @param {Uint8Array} prefix P */
export const payloadContext = async (prefix) => concat("sbe1/payload\0", await sha256(prefix));

const sealInfo = (role, eid, cmh, slot, i) => concat("sbe1/seal\0", role, eid, cmh, u16(slot), u8(i));

/** The header at the head of an envelope. Throws NotCanonical when it is none. @param {Blob} blob */
export async function readHeader(blob) {
  const start = new Uint8Array(await blob.slice(0, 8).arrayBuffer());
  const length = start.length === 8 ? new DataView(start.buffer).getUint32(4) : 0;
  if (!equal(start.slice(0, 4), utf8("SBE1")) || length < 1 || length > LONGEST) {
    throw new NotCanonical("not an SBE1 envelope");
  }
  const prefix = new Uint8Array(await blob.slice(0, 8 + length).arrayBuffer());
  if (prefix.length !== 8 + length) throw new NotCanonical("envelope: shorter than its header");
  return parseHeader(prefix);
}

function parseHeader(prefix) {
  const named = canonical.requireKeys(canonical.parse(prefix.slice(8)), KEYS, "header");
  if (named.v !== "sbe/1" || named.suite !== "i1") throw new NotCanonical("header: not sbe/1 of suite i1");
  if (!["A", "B", "C"].includes(named.pol)) throw new NotCanonical("header.pol: not one of A, B, C");
  const unit = statements.unit(named.unit, "header.unit");
  if (!Object.hasOwn(unit, "part")) throw new NotCanonical("header.unit: no part of a tender");
  return {
    prefix,
    fields: named,
    unit,
    pol: named.pol,
    eid: canonical.hexBytes(named.eid, 16, "eid"),
    cmh: canonical.hexBytes(named.cmh, 32, "cmh"),
    slot: canonical.integer(named.slot, 0, 65535, "slot"),
    bcm: canonical.hexBytes(named.bcm, 32, "bcm"),
    ccm: canonical.hexBytes(named.ccm, 32, "ccm"),
    c: dealing(named.c, "c"),
    r: named.r === null ? null : dealing(named.r, "r"),
  };
}

function dealing(value, role) {
  canonical.requireKeys(value, ["k", "n", "s"], `header.${role}`);
  const n = canonical.integer(value.n, 2, 20, "n");
  const k = canonical.integer(value.k, 2, n, "k");
  const listed = canonical.list(value.s, `header.${role}.s`);
  if (listed.length !== n) throw new NotCanonical(`header.${role}.s: not ${n} shares`);
  const s = listed.map((share, at) => {
    canonical.requireKeys(share, ["i", "e", "m"], `header.${role}.s`);
    canonical.integer(share.i, at + 1, at + 1, "i");
    return { i: at + 1, e: canonical.b64uBytes(share.e, "e", 80), m: canonical.hexBytes(share.m, 32, "m") };
  });
  return { k, n, s };
}

/**
 * Reasons why a header may not be sealed under this manifest: `validate`; needs no secret.
 * @param {any} header @param {import("./manifest.js").Manifest} manifest
 * @param {{policy?: string|null, rehearsal?: boolean}} terms @returns {Promise<string[]>}
 */
export async function whyNotValid(header, manifest, { policy = null, rehearsal = false } = {}) {
  const wrong = [];
  if (!equal(header.cmh, manifest.cmh)) wrong.push("cmh: sealed under another manifest");
  if (!canonical.same(header.unit, manifest.unit)) wrong.push("unit: not the manifest's");
  if (policy !== null && header.pol !== policy) wrong.push(`pol: ${header.pol}, the tender says ${policy}`);
  const inRange = rehearsal ? header.slot === 0 : header.slot >= 1 && header.slot < manifest.slots;
  if (!inRange) wrong.push("slot: out of range");
  // A bidder must not choose his own threshold.
  if (header.c.k !== manifest.c.k || header.c.n !== manifest.c.n) wrong.push("c: k and n are not the manifest's");
  if ((header.r !== null) !== (header.pol === "B")) wrong.push("r: exactly under policy B");
  const r = manifest.r;
  if (header.r && (r === null || header.r.k !== r.k || header.r.n !== r.n)) {
    wrong.push("r: k and n are not the manifest's");
  }
  if (header.pol === "C" && !equal(header.bcm, await halfCommitment("b", header.eid, NO_HALF))) {
    wrong.push("bcm: policy C has no bidder half");
  }
  return wrong;
}

async function dealt(role, committee, { eid, cmh, slot }, polynomial) {
  const listed = [];
  for (const [at, share] of shares(polynomial, committee.n).entries()) {
    const i = at + 1;
    const e = await hpke.seal(share, slotKey(committee.members[at], slot), sealInfo(role, eid, cmh, slot, i));
    listed.push({ i, e: b64u(e), m: hex(await shareCommitment(role, eid, i, share)) });
  }
  return { k: committee.k, n: committee.n, s: listed };
}

async function deal({ manifest, slot, policy, eid, b, polynomial }) {
  const place = { eid, cmh: manifest.cmh, slot };
  let r = null;
  if (policy === "B") {
    if (manifest.r === null) throw new NotCanonical("pol: this manifest has no recovery committee");
    r = await dealt("r", manifest.r, place, [b, ...Array.from({ length: manifest.r.k - 1 }, () => random(32))]);
  }
  const data = canonical.dumps({
    v: "sbe/1",
    suite: "i1",
    eid: hex(eid),
    unit: manifest.unit,
    cmh: hex(manifest.cmh),
    slot,
    pol: policy,
    bcm: hex(await halfCommitment("b", eid, b)),
    ccm: hex(await halfCommitment("c", eid, polynomial[0])),
    c: await dealt("c", manifest.c, place, polynomial),
    r,
  });
  return parseHeader(concat("SBE1", u32(data.length), data));
}

/**
 * Seal one unit of a bid.
 * @param {{by: import("./organisation.js").Organisation, manifest: import("./manifest.js").Manifest, slot: number,
 *   policy: string, sheet: object, files: {name: string, blob: Blob}[], ts?: string, eid?: Uint8Array,
 *   rehearsal?: boolean, progress?: (done: number, all: number) => void, sink?: import("./cobblestone.js").Sink,
 *   hashing?: (done: number, all: number) => void, digesting?: (done: number, all: number) => void}} made
 *   sink: where the envelope is written as it comes;  hashing, digesting: told of the files' digests and of its own
 * @returns {Promise<{blob: Blob, eid: string, env_sha256: string, size: number, header: any, index: any}>}
 */
export async function seal(made) {
  const { by, manifest, slot, policy, sheet, files, progress, hashing, digesting } = made;
  const { ts = statements.instant(), eid = random(16), rehearsal = false, sink = cobblestone.gathered() } = made;
  const index = await indexes.build({ unit: manifest.unit, eid: hex(eid), sheet, files, by, ts, hashing });
  const place = { unit: manifest.unit, cmh: manifest.cmh, slot, eid };
  const b = policy === "C" ? NO_HALF : await by.half(place);
  const polynomial = await by.polynomial(manifest.c.k, place);
  const header = await deal({ manifest, slot, policy, eid, b, polynomial });
  const wrong = await whyNotValid(header, manifest, { policy, rehearsal });
  if (wrong.length) throw new NotCanonical(wrong.join("; "));
  const key = await payloadKey(eid, b, polynomial[0]);
  const context = await payloadContext(header.prefix);
  await sink.write(header.prefix);
  const blob = await cobblestone.encrypt(key, context, indexes.plaintext(index, files), progress, sink);
  return { blob, eid: hex(eid), env_sha256: hex(await sha256Blob(blob, digesting)), size: blob.size, header, index };
}

/** A share opened with its member's private slot key, or null when it does not open to its commitment. */
export async function openShare(role, header, share, secret) {
  const opened = await hpke.open(share.e, secret, sealInfo(role, header.eid, header.cmh, header.slot, share.i));
  if (opened === null) return null;
  return equal(await shareCommitment(role, header.eid, share.i, opened), share.m) ? opened : null;
}

/** The whole authenticated plaintext, or null when any byte of the payload is not what was sealed. */
export async function decrypt(blob, header, key, progress) {
  const context = await payloadContext(header.prefix);
  return cobblestone.decrypt(key, context, blob.slice(header.prefix.length), progress);
}
