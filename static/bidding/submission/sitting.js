// One sitting of sealing: the envelopes made in it, how far each is, and their way to the server. Kept across reloads.

import { digest, el } from "../../parts/dom.js";
import { random, hex } from "../../proofs/bytes.js";
import * as disk from "./disk.js";
import * as drafts from "./draft.js";
import { sizeWords } from "./files.js";
import { sealAside } from "./sealing.js";
import { upload } from "./upload.js";
import { tr } from "../../parts/words.js";

const STEPS = { read: tr`读取文件`, seal: tr`加密`, digest: tr`计算摘要`, trial: tr`试解密`, check: tr`核对内容` };

/** Where this is shown. */
export const board = el("div", { id: "bid-sealed", class: "stack" });

/** @type {import("./draft.js").Sealed[]|null} */
let kept = null;
let settings = { place: "", door: (tender, part) => tender + part, label: (tender, part) => tender + part, onchange: () => {} };
let stopping = new AbortController();
let isUnderWay = false;
const rows = new Map();

export const isSealed = () => kept !== null;
export const isUploaded = () => kept !== null && kept.every((one) => one.uploaded);
export const isSealing = () => isUnderWay;
/** What was sealed. */
export const sealed = () => kept ?? [];
/** Stop what is under way; nothing that was sealed or sent is lost. */
export const stop = () => stopping.abort(new DOMException("stopped", "AbortError"));
/** @param {any} wrong */
export const wasStopped = (wrong) => wrong?.name === "AbortError";

/**
 * place: under which it is kept.  door: where the envelope of a purchase's part goes.  label: what it is called.
 * @param {{place: string, door: (tender: string, part: string) => string, label: (tender: string, part: string) => string, onchange: () => void}} given
 */
export function attach(given) {
  settings = given;
}

const nameOf = ({ tender, part }) => `${tender}/${part}`;

function row(unit) {
  const line = el("p", { role: "status" });
  const meter = el("progress", { class: "meter", max: 1, value: 0, "aria-label": settings.label(unit.tender, unit.part) });
  const button = el("button", { class: "btn btn--quiet btn--small", type: "button", onclick: stop }, tr`停止`);
  const made = el("div", { class: "stack stack--tight", "data-tender": unit.tender, "data-part": unit.part },
    el("div", { class: "row row--apart" }, line, button), meter);
  board.append(made);
  rows.set(nameOf(unit), { line, meter, button, made });
  return rows.get(nameOf(unit));
}

/** Words and, while it goes, how far: done of all. */
function show(unit, words, done = null, all = 1) {
  const { line, meter, button } = rows.get(nameOf(unit)) ?? row(unit);
  line.replaceChildren(`${settings.label(unit.tender, unit.part)}：`, ...[words].flat());
  meter.hidden = button.hidden = done === null;
  meter.max = all || 1;
  meter.value = done ?? 0;
}

const percent = (done, all) => `${Math.floor((100 * done) / (all || 1))}%`;
const named = (one) => [tr`已封好（${sizeWords(one.size)}，摘要 `, digest(one.env_sha256), "）"];

/** Seal every part and try each; what was sealed before is forgotten. @param {any[]} asked @param {(done: number) => void} [each] */
export async function sealAll(asked, each = () => {}) {
  await forget();
  stopping = new AbortController();
  isUnderWay = true;
  const made = [];
  try {
    for (const one of asked) {
      show(one, tr`准备…`, 0);
      const name = `${settings.place.replace("/", "~")}~${one.tender}-${one.part}~${hex(random(8))}`;
      const telling = (step, done, all) =>
        show(one, tr`${STEPS[step]} ${sizeWords(done)} / ${sizeWords(all)}（${percent(done, all)}）`, done, all);
      const { blob, ...told } = await sealAside({ ...one, name }, telling, stopping.signal);
      made.push({ ...told, part: one.part, blob: told.name ? null : blob, uploaded: false });
      show(one, [...named(told), tr`，试解密通过`]);
      each(made.length);
    }
  } catch (wrong) {
    await forget();
    throw wrong;
  } finally {
    isUnderWay = false;
  }
  kept = made;
  await keep();
  settings.onchange();
}

async function keep() {
  try {
    await drafts.saveSealed(settings.place, kept);
  } catch {
    // A private window keeps nothing: what is sealed then lasts as long as the tab.
  }
}

/** Send what has not come yet, from where it broke off. */
export async function uploadAll() {
  stopping = new AbortController();
  for (const one of sealed().filter((each) => !each.uploaded)) {
    const blob = one.blob ?? (await disk.read(one.name));
    const telling = ({ done, all, waiting }) => show(one.unit, waiting
      ? tr`连接中断，已上传 ${sizeWords(done)} / ${sizeWords(all)}，${Math.ceil(waiting)} 秒后接着传`
      : tr`上传 ${sizeWords(done)} / ${sizeWords(all)}（${percent(done, all)}）`, done, all);
    try {
      await upload({ door: settings.door(one.unit.tender, one.part), blob, sha256: one.env_sha256 }, telling, stopping.signal);
    } catch (wrong) {
      show(one.unit, [...named(one), tr`，上传停止，刷新本页接着传`]);
      throw wrong;
    }
    one.uploaded = true;
    show(one.unit, [...named(one), tr`，已上传`]);
    await keep();
    settings.onchange();
  }
}

/** What was handed in need not be kept any longer. @param {string} tender */
export async function handedIn(tender) {
  const gone = sealed().filter((one) => one.unit.tender === tender);
  const left = sealed().filter((one) => one.unit.tender !== tender);
  if (!left.length) return forget();
  kept = left;
  for (const one of gone) {
    rows.get(nameOf(one.unit))?.made.remove();
    rows.delete(nameOf(one.unit));
    if (one.name) await disk.forget(one.name);
  }
  return keep();
}

/** Take up what an earlier visit sealed. @param {import("./draft.js").Sealed[]|null} before @returns {Promise<boolean>} whether it is gone */
export async function resume(before) {
  if (!before) return false;
  for (const one of before) {
    const blob = one.uploaded ? null : one.blob ?? (await disk.read(one.name));
    if (!one.uploaded && blob?.size !== one.size) {
      await forget(true);
      return true;
    }
  }
  kept = before;
  for (const one of kept) show(one.unit, [...named(one), one.uploaded ? tr`，已上传` : tr`，待上传`]);
  return false;
}

/** Forget what was sealed. @param {boolean} [stopFirst] */
export async function forget(stopFirst = false) {
  if (stopFirst) stop();
  kept = null;
  rows.clear();
  board.replaceChildren();
  await keep();
  await disk.forget(`${settings.place.replace("/", "~")}~`);
}
