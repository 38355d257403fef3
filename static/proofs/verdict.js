// The verdict on an envelope: a function of envelope, manifest, terms, `sub/1`, trusted keys and releases alone.
// Everyone runs this same function and gets the same answer, whoever attends.

import { NotCanonical, equal, hex, unb64u } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as envelope from "./envelope.js";
import * as indexes from "./index.js";
import * as manifests from "./manifest.js";
import { sha256Blob } from "./sha256.js";
import { recover, shares } from "./sharing.js";
import * as statements from "./statement.js";
import { publicKey } from "./x25519.js";

export const UNAUTHENTICATED = "unauthenticated";

/** The stored bytes are not those whose hash was promised: the keeper's fault, and no verdict on the bidder. */
export class NotThisEnvelope extends Error {
  name = "NotThisEnvelope";
}

/**
 * @typedef {{b?: Uint8Array|null, c?: Map<number, Uint8Array>, r?: Map<number, Uint8Array>,
 *   rescue?: Uint8Array[]|null}} Releases
 * @typedef {{verdict: string, findings: any[], index?: any, files?: {name: string, blob: Blob}[]}} Opened
 */

/** The releases of one envelope among well formed `rel/1` statements; the first counts. @returns {Releases} */
export function releasesFrom(said, eid) {
  const found = { b: null, c: new Map(), r: new Map(), rescue: null };
  for (const one of said) {
    if (one.v !== "rel/1" || one.eid !== eid) continue;
    if (one.role === "b") found.b ??= unb64u(one.b, 32, "b");
    else if (one.role === "rescue") found.rescue ??= one.rescue.map((a) => unb64u(a, 32, "rescue"));
    else if (!found[one.role].has(one.i)) found[one.role].set(one.i, unb64u(one.sk, 32, "sk"));
  }
  return found;
}

/**
 * Open one envelope and say whose fault it is where it does not open.
 * @param {Blob} blob @param {Uint8Array} kcm @param {Releases} releases
 * @param {{cmh?: Uint8Array|null, policy?: string|null, rehearsal?: boolean, env_sha256?: string|null, sub?: any,
 *   identities?: Map<string, Map<number, Uint8Array>>|null, progress?: any, reading?: any}} trusted
 * @returns {Promise<Opened>}
 */
export async function openEnvelope(blob, kcm, releases, trusted = {}) {
  const { sub = null, identities = null, progress, reading } = trusted;
  const promised = trusted.env_sha256 ?? sub?.env_sha256 ?? null;
  if (promised !== null && hex(await sha256Blob(blob)) !== promised) {
    throw new NotThisEnvelope("the envelope's bytes are not the ones whose hash was promised");
  }
  let header;
  try {
    header = await envelope.readHeader(blob);
  } catch (wrong) {
    return refusal(wrong, "INVALID:HEADER");
  }
  const halves = await unlock(header, kcm, releases, trusted);
  if (!halves.key) return { verdict: halves.verdict, findings: halves.findings };
  const plaintext = await envelope.decrypt(blob, header, halves.key, progress);
  if (plaintext === null) return { verdict: "INVALID:PAYLOAD", findings: halves.findings };
  const judged = await judgeIndex(plaintext, header, sub, identities, reading);
  return { ...judged, findings: [...halves.findings, ...judged.findings] };
}

/** The payload key from the releases, or the verdict that stands in its way. */
export async function unlock(header, kcm, releases, { cmh = null, policy = null, rehearsal = false } = {}) {
  let manifest;
  try {
    manifest = await manifests.parse(kcm);
  } catch (wrong) {
    return refusal(wrong, "INVALID:MANIFEST");
  }
  if (!equal(header.cmh, manifest.cmh) || (cmh !== null && !equal(cmh, manifest.cmh))) {
    return { verdict: "INVALID:MANIFEST", findings: [] };
  }
  if ((await envelope.whyNotValid(header, manifest, { policy, rehearsal })).length) {
    return { verdict: "INVALID:HEADER", findings: [] };
  }
  const bidder = await bidderHalf(header, manifest, releases);
  if (!bidder.key) return bidder;
  const holders = await committeeHalf(header, manifest, releases);
  const findings = [...bidder.findings, ...holders.findings];
  if (!holders.key) return { verdict: holders.verdict, findings };
  return { verdict: "OK", findings, key: await envelope.payloadKey(header.eid, bidder.key, holders.key) };
}

function refusal(wrong, verdict) {
  if (!(wrong instanceof NotCanonical)) throw wrong;
  return { verdict, findings: [] };
}

async function bidderHalf(header, manifest, releases) {
  const b = releases.b ?? (header.pol === "C" ? envelope.NO_HALF : null);
  if (b !== null) {
    const right = equal(await envelope.halfCommitment("b", header.eid, b), header.bcm);
    return right ? { verdict: "OK", findings: [], key: b } : { verdict: "BAD_BIDDER_HALF", findings: [] };
  }
  if (header.r === null || manifest.r === null) return { verdict: "ABSENT", findings: [] };
  const { good, findings } = await goodShares("r", header, header.r, manifest.r, releases.r ?? new Map());
  if (good.size < header.r.k) return { verdict: "ABSENT", findings };
  const polynomial = recover(new Map([...good].slice(0, header.r.k)));
  const dealt = await matchesAll("r", header, header.r, polynomial);
  if (!dealt || !equal(await envelope.halfCommitment("b", header.eid, polynomial[0]), header.bcm)) {
    return { verdict: "INVALID:BAD_DEAL", findings: [...findings, ["BAD_DEAL", "r"]] };
  }
  return { verdict: "OK", findings, key: polynomial[0] };
}

async function committeeHalf(header, manifest, releases) {
  const { good, findings } = await goodShares("c", header, header.c, manifest.c, releases.c ?? new Map());
  let polynomial;
  if (good.size >= header.c.k) {
    polynomial = recover(new Map([...good].slice(0, header.c.k)));
    if (!(await matchesAll("c", header, header.c, polynomial))) return { verdict: "INVALID:BAD_DEAL", findings };
  } else if (releases.rescue) {
    polynomial = releases.rescue;
    if (polynomial.length !== header.c.k || !(await matchesAll("c", header, header.c, polynomial))) {
      return { verdict: "BAD_RESCUE", findings };
    }
  } else {
    return { verdict: "INSUFFICIENT", findings };
  }
  const right = equal(await envelope.halfCommitment("c", header.eid, polynomial[0]), header.ccm);
  return right ? { verdict: "OK", findings, key: polynomial[0] } : { verdict: "INVALID:CCM", findings };
}

async function goodShares(role, header, dealing, committee, released) {
  const good = new Map();
  const findings = [];
  for (const i of [...released.keys()].sort((a, b) => a - b)) {
    const member = committee.members[i - 1];
    const secret = released.get(i);
    if (!member || !equal(await publicKey(secret), manifests.slotKey(member, header.slot))) {
      findings.push(["WRONG_KEY", role, i]);
      continue;
    }
    const share = await envelope.openShare(role, header, dealing.s[i - 1], secret);
    if (share === null || share.length !== 32) findings.push(["BAD_SHARE", role, i]);
    else good.set(i, share);
  }
  return { good, findings };
}

async function matchesAll(role, header, dealing, polynomial) {
  const made = shares(polynomial, dealing.n);
  for (const { i, m } of dealing.s) {
    if (!equal(await envelope.shareCommitment(role, header.eid, i, made[i - 1]), m)) return false;
  }
  return true;
}

async function judgeIndex(plaintext, header, sub, identities, reading) {
  let inside;
  try {
    inside = await indexes.read(plaintext, reading);
  } catch (wrong) {
    return refusal(wrong, "INVALID:INDEX");
  }
  const { index } = inside;
  if (index.eid !== hex(header.eid) || !canonical.same(index.unit, header.unit)) {
    return { verdict: "INVALID:INDEX", findings: [] };
  }
  if (sub !== null) {
    if (sub.eid !== index.eid || !canonical.same(sub.unit, index.unit)) return { verdict: "INVALID:INDEX", findings: [] };
    if (sub.org !== index.org || sub.gen !== index.gen) return { verdict: "INVALID:SIGNATURE", findings: [] };
  }
  if (identities === null) return { verdict: "OK", findings: [UNAUTHENTICATED], ...inside };
  const key = identities.get(index.org)?.get(index.gen);
  for (const said of sub === null ? [index] : [index, sub]) {
    if (!key || !(await statements.verify(said, key))) return { verdict: "INVALID:SIGNATURE", findings: [] };
  }
  return { verdict: "OK", findings: [], ...inside };
}

/**
 * The trial opening: a finished envelope opened again by its owner, by the rescue path.
 * @param {Blob} blob @param {Uint8Array} kcm @param {import("./organisation.js").Organisation} by
 */
export async function openOwn(blob, kcm, by, trusted = {}) {
  const header = await envelope.readHeader(blob);
  const place = { unit: header.unit, cmh: header.cmh, slot: header.slot, eid: header.eid };
  const b = header.pol === "C" ? envelope.NO_HALF : await by.half(place);
  const rescue = await by.polynomial(header.c.k, place);
  const identities = new Map([[by.org, new Map([[by.gen, await by.publicKey()]])]]);
  return openEnvelope(blob, kcm, { b, rescue }, { identities, ...trusted });
}
