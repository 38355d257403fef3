// Handing in: what is sealed, the last small act that makes it a bid, and its receipts. Shared by one lot and by many.

import { Refusal, getJson, getText, postJson } from "../../parts/doors.js";
import { PART_WORDS, el } from "../../parts/dom.js";
import { serverNow } from "../../parts/site.js";
import * as statements from "../../proofs/statement.js";
import * as itemised from "./items.js";
import * as receipts from "./receipts.js";
import { terms as called, tr } from "../../parts/words.js";

const readOut = (part) => part === "sheet" || part === "price";

/**
 * What is to be sealed for one purchase, a unit for each part.
 * @param {{number: string, parts: string[], policy: string, by: any, manifests: Map<string, any>, slots: Record<string, number>}} under
 * @param {{price: string, rate?: string, delivery: string, small: boolean, note: string, items: any[], files: File[], together: File|null, guarantee: File|null, particulars?: File|null, leader?: File|null}} filled
 */
export function asked({ number, parts, policy, by, manifests, slots }, filled) {
  const itemsGoTo = parts.find((part) => part === "body") ?? parts.find((part) => part === "price");
  const own = filled.files.map((file) => ({ name: file.name.normalize("NFC"), blob: file }));
  const told = [filled.together, filled.guarantee, filled.particulars, filled.leader].filter(Boolean).map((file) => ({ name: file.name, blob: file }));
  const table = !filled.plain && filled.items.length ? itemised.file(filled.items) : null;
  const items = table ? [{ name: table.name, blob: table }] : [];
  const { price, rate, delivery, small, note } = filled;
  const sheet = filled.plain ? { price, note, ...(rate ? { rate } : {}) } : { price, delivery, small, note };
  return parts.map((part) => ({
    tender: number, part, policy, handle: by.handle(), kcm: manifests.get(part).data, slot: slots[part],
    ts: statements.instant(serverNow()), sheet: readOut(part) ? sheet : {},
    files: [...(readOut(part) ? [] : [...own, ...told]), ...(part === itemsGoTo ? items : [])],
  }));
}

/** What a part is called: the sheet as the purchase's own law calls it. @param {string} part */
export const partWord = (part) => (part === "sheet" ? called.sheet : PART_WORDS[part]);

/** The last small act is sent again while nobody answers: the same again gets the same receipt. */
export async function untilAnswered(url, value, waiting, tries = 5) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await postJson(url, value);
    } catch (wrong) {
      if (wrong instanceof Refusal || attempt === tries) throw wrong;
      waiting(attempt + 1);
      await new Promise((resolve) => setTimeout(resolve, 1000 * attempt));
    }
  }
}

/** The receipts of envelopes that were handed in already, with what was said then; null where one of them was not. */
export function alreadyIn(mine, sealed) {
  const found = sealed.map(({ eid }) => mine.versions.find((version) => version.eid === eid));
  return found.every(Boolean) ? { given: found, said: found.map((version) => version.sub) } : null;
}

/**
 * Hand in one purchase's envelopes. Where the answer to an earlier try was lost, what was received then stands.
 * @param {{myBid: string, bids: string}} doors @param {any} by @param {any[]} sealed @param {(attempt: number) => void} waiting
 * @param {number} [tries]
 */
export async function handIn(doors, by, sealed, waiting, tries) {
  const mine = await getJson(doors.myBid);
  const before = alreadyIn(mine, sealed);
  if (before) return before;
  const said = [];
  for (const { unit, eid, slot, cmh, env_sha256, size } of sealed) {
    const fields = { unit, eid, slot, cmh, env_sha256, size, ...mine.next[unit.part] };
    said.push(await statements.sign("sub/1", fields, by, statements.instant(serverNow())));
  }
  const answer = await untilAnswered(doors.bids, { subs: said }, waiting, tries);
  return { given: answer.receipts, said };
}

/** Keep receipts on this computer and say of each whether it holds. @returns {Promise<HTMLElement[]>} */
export async function kept(org, number, { given, said }, vkeyUrl) {
  receipts.keep(org, number, given);
  const vkey = await getText(vkeyUrl);
  const lines = [];
  for (const [at, one] of given.entries()) {
    const wrong = await receipts.whyNot(one, vkey, said[at]);
    const part = said[at].unit.part;
    lines.push(wrong
      ? el("li", { class: "is-bad" }, tr`${partWord(part)}：${wrong}。请保存回执并联系监督部门。`)
      : el("li", { class: "is-done" }, tr`${partWord(part)}：回执签名核对无误，收到时间 ${one.received_at}`));
  }
  return lines;
}
