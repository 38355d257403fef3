// A bidder's own envelopes on his own machine: compared with his receipts, opened with his key, and handed in again
// where the platform's file was damaged. Nothing but that last upload leaves this computer.

import { hex, unhex } from "../../proofs/bytes.js";
import { sha256Blob } from "../../proofs/sha256.js";
import { openOwn } from "../../proofs/verdict.js";
import { PART_WORDS, download, el, field, say } from "../../parts/dom.js";
import { getBlob, request, trouble } from "../../parts/doors.js";
import { keyInputs } from "../../parts/unlock.js";
import { separated } from "../../parts/yuan.js";
import { terms as called, tr } from "../../parts/words.js";
import * as terms from "../submission/terms.js";
import { DoesNotHold, blobOf } from "./checks.js";

const root = document.getElementById("copies");
const { number, org, myBidUrl, restoreUrl } = root.dataset;
/** @type {{part: string, seq: number, gen: number, sha256: string, wanted: boolean}[]} */
const rows = JSON.parse(document.getElementById("copies-told").textContent);
const status = document.getElementById("copies-status");
const name = (row) => tr`${PART_WORDS[row.part]} 第 ${row.seq} 版`;

const own = el("input", { type: "file", id: "copies-file", accept: ".sbe" });
const chosen = el("select", { id: "copies-version" }, ...rows.map((row, at) => el("option", { value: at }, name(row))));
const compare = el("button", { class: "btn btn--quiet", type: "button", id: "copies-compare" }, tr`对照摘要`);
const restore = el("button", { class: "btn", type: "button", id: "copies-restore" }, tr`补传到平台`);
const opening = el("button", { class: "btn", type: "submit", id: "copies-open" }, tr`在本机打开`);
const key = keyInputs(org, { signs: false });

/** The file that was chosen and the version it is; null, and told, when none was chosen. */
async function compared() {
  const [file] = own.files;
  if (!file) {
    own.focus();
    status.replaceChildren(say("bad", tr`请先选择您保存的信封文件。`));
    return null;
  }
  const sha256 = hex(await sha256Blob(file));
  const row = rows.find((one) => one.sha256 === sha256);
  if (!row) throw new DoesNotHold(tr`这个文件与任何一张回执都不一致，不是递交的信封。它的摘要是 ${sha256}`);
  return { file, row };
}

async function tell() {
  const found = await compared();
  if (found) status.replaceChildren(say("ok", tr`一致：这就是递交的${name(found.row)}。`));
}

async function handIn() {
  const found = await compared();
  if (!found) return;
  if (!found.row.wanted) throw new DoesNotHold(tr`${name(found.row)}在平台的文件完好，不需要补传。`);
  status.replaceChildren(say("info", tr`正在补传…`));
  await request(`${restoreUrl}${found.row.sha256}`, { method: "PUT", body: found.file, headers: { "Content-Type": "application/octet-stream" } });
  found.row.wanted = false;
  status.replaceChildren(say("ok", tr`${name(found.row)}已补传，摘要与回执一致，正在接着开启。请回到${called.opening}大厅查看。`));
  offer();
}

/** Opened by its owner alone: both halves follow from his key. */
async function open() {
  const found = own.files.length ? await compared() : { file: null, row: rows[Number(chosen.value)] };
  const { row } = found;
  const by = await key.open();
  if (by.gen !== row.gen) throw new DoesNotHold(tr`${name(row)}是用第 ${row.gen} 代密钥封的，请刷新本页，选择那一代的密钥文件。`);
  status.replaceChildren(say("info", tr`正在本机打开…`));
  const agreed = await terms.ofTender(number);
  const kcm = await blobOf(agreed.units[row.part]);
  const blob = found.file ?? (await getBlob(`${myBidUrl}/${row.sha256}`));
  const trusted = { env_sha256: row.sha256, cmh: unhex(agreed.units[row.part], 32, "cmh"), policy: agreed.pol };
  const opened = await openOwn(blob, kcm, by, trusted);
  if (opened.verdict !== "OK") throw new DoesNotHold(tr`本机打不开自己的${PART_WORDS[row.part]}：${opened.verdict}`);
  status.replaceChildren(say("ok", tr`${name(row)}已在本机打开，签名和摘要核对无误。`), content(opened));
}

const SHEET = { price: tr`报价`, delivery: tr`交货期`, note: tr`备注`, small: tr`小微企业` };

function shown(field, value) {
  if (field === "price") return tr`${separated(value)} 元`;
  if (field === "small") return value ? tr`是` : tr`否`;
  return String(value) || "—";
}

function content({ index, files }) {
  const facts = Object.entries(index.sheet).map(([field, value]) =>
    el("div", {}, el("dt", {}, SHEET[field] ?? field), el("dd", {}, shown(field, value))));
  const list = files.map((file) => el("li", {}, el("button", { class: "btn btn--quiet btn--small", type: "button",
    onclick: () => download(file.name, [file.blob], "application/octet-stream") }, tr`另存 ${file.name}`)));
  return el("div", { id: "copies-content", class: "stack" },
    facts.length ? el("dl", { class: "facts" }, ...facts) : null,
    list.length ? el("ul", { class: "checks" }, ...list) : null);
}

let busy = false;

async function act(doing) {
  if (busy) return;
  busy = true;
  try {
    await doing();
  } catch (wrong) {
    status.replaceChildren(trouble(wrong));
  } finally {
    busy = false;
  }
}

/** Handing in again is offered only while the platform waits for it. */
function offer() {
  restore.hidden = !rows.some((row) => row.wanted);
  if (restore.hidden) document.getElementById("copies-wanted")?.remove();
}

const form = el("form", { class: "form", novalidate: true, onsubmit: (event) => {
  event.preventDefault();
  act(open);
} },
field(tr`您保存的信封文件`, own, { optional: true, help: tr`.sbe 文件，只在本机读取；不选则打开平台所存的副本` }),
el("div", { class: "form__actions" }, compare, restore),
field(tr`打开哪一版`, chosen, { help: tr`选了文件时，以文件的摘要为准` }),
key.fields, el("div", { class: "form__actions" }, opening));
compare.addEventListener("click", () => act(tell));
restore.addEventListener("click", () => act(handIn));
document.getElementById("copies-form").append(form);
offer();
root.dataset.ready = "yes";
