// What a bid is sealed under, checked before anything is sealed: the terms of the public log, the key manifest by its
// hash, and each holder's signature under its keys.

import { NotCanonical, hex, sha256, unb64u } from "../../proofs/bytes.js";
import * as canonical from "../../proofs/canonical.js";
import * as manifests from "../../proofs/manifest.js";
import * as statements from "../../proofs/statement.js";
import { entriesOf, getBytes } from "../../parts/doors.js";
import { terms as called, tr } from "../../parts/words.js";

/** The terms are not what they should be: nothing must be sealed under them. */
export class WrongTerms extends Error {
  name = "WrongTerms";
}

/** An event as the door gives it (text or value), as a value. @param {any} event */
export const canonicalEvent = (event) => (typeof event === "string" ? JSON.parse(event) : event);

/** The terms of a tender from its public stream. @param {string} number */
export async function ofTender(number) {
  const found = (await entriesOf(`project/${number}`)).filter((entry) => entry.kind === "tender.terms");
  if (!found.length) throw new WrongTerms(tr`公开日志中还没有本项目的${called.tender}条件，请稍后再试。`);
  return found[0].data;
}

/**
 * The checked manifests of a tender's parts.
 * @param {string} number @param {string[]} parts @param {any} terms
 * @returns {Promise<Map<string, import("../../proofs/manifest.js").Manifest>>}
 */
export async function manifestsOf(number, parts, terms) {
  const keys = await entriesOf("keys");
  const found = new Map();
  for (const part of parts) {
    const data = await getBytes(`/blobs/${terms.units[part]}`);
    const manifest = await manifests.parse(data);
    if (hex(manifest.cmh) !== terms.units[part]) throw new WrongTerms(tr`钥匙清单与公开日志所记的摘要不符，请勿${called.seal}。`);
    if (!canonical.same(manifest.unit, { tender: number, lot: "1", part })) throw new WrongTerms(tr`钥匙清单不是本项目的。`);
    if (manifest.c.k !== terms.k || manifest.c.n !== terms.n) throw new WrongTerms(tr`钥匙清单的人数与${called.tender}条件不符。`);
    await checkHolders(manifest, keys);
    found.set(part, manifest);
  }
  return found;
}

async function checkHolders(manifest, entries) {
  const [pinned, over, posted] = [new Map(), new Set(), []];
  for (const { kind, data } of entries) {
    if (kind === "accounts.key-registered") pinned.set(`${data.statement.org} ${data.statement.gen}`, data.statement.key);
    if (kind === "accounts.key-revoked") over.add(`${data.statement.org} ${data.statement.revokes}`);
    if (kind === "tender.slots-posted" && !over.has(`${data.org} ${data.statement.gen}`)) posted.push(data);
  }
  for (const member of manifest.c.members) {
    const wanted = hex(await sha256(member.keys));
    let signed = false;
    for (const { org, statement } of posted) {
      if (org !== member.org || signed) continue;
      signed = await isSigned(statement, pinned.get(`${org} ${statement.gen}`), manifest, wanted);
    }
    if (!signed) throw new WrongTerms(tr`公开日志中没有密钥保管人 ${member.org} 对这份钥匙清单的签名，请勿${called.seal}并联系监督部门。`);
  }
}

async function isSigned(statement, key, manifest, wanted) {
  try {
    statements.check(statement, "slots/1");
  } catch (wrong) {
    if (wrong instanceof NotCanonical) return false;
    throw wrong;
  }
  return (
    key !== undefined &&
    canonical.same(statement.unit, manifest.unit) &&
    statement.role === "c" &&
    statement.n === manifest.slots &&
    statement.keys_sha256 === wanted &&
    (await statements.verify(statement, unb64u(key, 32)))
  );
}
