// The receipts this browser was given. At the opening they, and not the server's word, say which version is one's own.

import { verified, hidesEvent, read } from "../../proofs/receipt.js";
import { parseVkey } from "../../proofs/note.js";
import { canonicalEvent } from "./terms.js";
import { tr } from "../../parts/words.js";

const place = (org, number) => `mingbiao:receipts:${org}:${number}`;

/** @param {string} org @param {string} number @returns {{part: string, note: string, nonce: string, event: string}[]} */
export function saved(org, number) {
  return JSON.parse(localStorage.getItem(place(org, number)) ?? "[]");
}

/** Keep receipts; the same one is kept once. */
export function keep(org, number, receipts) {
  const all = saved(org, number);
  for (const { part, note, nonce, event, received_at } of receipts) {
    if (!all.some((one) => one.note === note)) all.push({ part, note, nonce, event, received_at });
  }
  localStorage.setItem(place(org, number), JSON.stringify(all));
  return all;
}

/**
 * What is wrong with a receipt for this submission; empty when it holds.
 * @param {any} given @param {string} vkey @param {{eid: string, env_sha256?: string, seq: number}} said
 */
export async function whyNot(given, vkey, said) {
  const receipt = await verified(given.note, await parseVkey(vkey));
  if (receipt.eid !== said.eid || receipt.seq !== said.seq) return tr`回执所指的不是这份文件`;
  if (said.env_sha256 && receipt.envelope !== said.env_sha256) return tr`回执上的摘要与本机信封不同`;
  if (!(await hidesEvent(receipt, canonicalEvent(given.event), given.nonce))) return tr`回执与封存日志条目对不上`;
  return "";
}

/** The newest bid of each part that was not withdrawn afterwards, by these receipts. @returns {Map<string, any>} */
export function newest(receipts) {
  const found = new Map();
  for (const { part, note } of receipts) {
    const receipt = read(note);
    if (!(found.get(part)?.seq >= receipt.seq)) found.set(part, { ...receipt, part, note });
  }
  for (const [part, receipt] of found) if (receipt.kind !== "bid") found.delete(part);
  return found;
}
