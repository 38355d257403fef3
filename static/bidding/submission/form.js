// The form of the workspace: the price sheet with its checks, itemised prices, the files; all of it stays on this computer.

import { el, field } from "../../parts/dom.js";
import { capitals, figures, saysSame, separated } from "../../parts/yuan.js";
import { paddedLength } from "../../proofs/index.js";
import { whyNotName } from "../../proofs/statement.js";
import * as drafts from "./draft.js";
import * as consortium from "./consortium.js";
import * as itemised from "./items.js";
import { tr } from "../../parts/words.js";

const UNITS = ["B", "KB", "MB", "GB"];
const SHOWN = 20; // wrong rows told at once
const MARGIN = 65536; // of header and index
let key = null;
let place = null;
let limit = Infinity;
let files = [];
let parsed = itemised.parse("");
let saving = Promise.resolve();
let heard = () => {};

const price = el("input", { id: "bid-price", inputmode: "decimal", autocomplete: "off", required: true, class: "num" });
const inWords = el("output", { id: "bid-price-words", for: "bid-price", class: "muted" });
const words = el("input", { id: "bid-words", autocomplete: "off" });
const delivery = el("input", { id: "bid-delivery", maxlength: 100, autocomplete: "off", required: true });
const small = el("input", { type: "checkbox", id: "bid-small" });
const note = el("input", { id: "bid-note", maxlength: 200, autocomplete: "off" });
const items = el("textarea", { id: "bid-items", rows: 5, spellcheck: "false", class: "mono" });
const itemsFile = el("input", { type: "file", id: "bid-items-file", accept: ".csv,.tsv,.txt,text/csv" });
const itemsTold = el("div", { id: "bid-items-told", "aria-live": "polite", class: "stack" });
const members = el("textarea", { id: "bid-members", rows: 3, spellcheck: "false" });
const chooser = el("input", { type: "file", id: "bid-files", multiple: true });
const chosen = el("ul", { id: "bid-chosen", class: "lines lines--plain" });
const saved = el("p", { id: "bid-saved-state", class: "small muted", role: "status" }, tr`尚未填写。`);

/** "2.9 MB" @param {number} size */
export function sizeWords(size) {
  const step = Math.min(3, Math.floor(Math.log(Math.max(size, 1)) / Math.log(1024)));
  return `${step ? (size / 1024 ** step).toFixed(1) : size} ${UNITS[step]}`;
}

/** What is filled in. */
export const filled = () => ({
  price: figures(price.value), delivery: delivery.value.trim().normalize("NFC"), small: small.checked,
  note: note.value.trim().normalize("NFC"), files, items: parsed.items,
  together: consortium.file(members.value, files),
});

/** The sheet that is read out. @param {any} from */
export const sheet = (from) => ({ price: from.price, delivery: from.delivery, small: from.small, note: from.note });

/** How large the envelope of these files will be, at most. @param {File[]} listed */
const sealedSize = (listed) => paddedLength(listed.reduce((sum, file) => sum + file.size, MARGIN), "body") * (1 + 16 / 16384) + MARGIN;

function why() {
  const from = filled();
  const wrong = [];
  if (from.price === null) wrong.push(["bid-price", tr`填写投标报价（元，至多两位小数）`]);
  else if (Number(from.price) === 0) wrong.push(["bid-price", tr`投标报价不能为零`]);
  else if (words.value.trim() && !saysSame(words.value, from.price)) {
    wrong.push(["bid-words", tr`大写金额与小写不一致：小写应写作「${capitals(from.price)}」`]);
  }
  if (!from.delivery) wrong.push(["bid-delivery", tr`填写交货期`]);
  if (parsed.wrong.length) wrong.push(["bid-items", tr`改正分项报价中的 ${parsed.wrong.length} 处错误`]);
  else if (parsed.sum !== null && from.price !== null && parsed.sum !== from.price) {
    wrong.push(["bid-items", tr`分项合计 ${separated(parsed.sum)} 元与投标报价 ${separated(from.price)} 元不一致`]);
  }
  if (!from.files.length) wrong.push(["bid-files", tr`选择商务技术文件`]);
  else if (sealedSize(from.files) > limit) wrong.push(["bid-files", tr`文件共 ${sizeWords(from.files.reduce((sum, file) => sum + file.size, 0))}，封好后超过 ${sizeWords(limit)} 的上限，请压缩图片或拆分`]);
  wrong.push(...consortium.whyNot(members.value, document.getElementById("bid").dataset.org, from.files));
  for (const file of from.files) {
    if (whyNotName(file.name.normalize("NFC"))) wrong.push(["bid-files", tr`文件名「${file.name}」不能使用，请改名后重新选择`]);
  }
  return wrong;
}

/** What stands in the way of sealing: [the field's id, what to do]. */
export function whyNot() {
  return key.isReady() ? why() : [...why(), [null, tr`选择本单位密钥文件并输入口令`]];
}

/** Lead the reader to the first thing that is missing. @param {[string|null, string][]} wrong */
export function show(wrong) {
  const first = wrong[0][0] ? document.getElementById(wrong[0][0]) : key.fields.querySelector("input");
  first?.closest("details")?.setAttribute("open", "");
  first?.focus();
}

function showItems() {
  const lines = parsed.wrong.slice(0, SHOWN).map(({ row, column, why: reason }) =>
    el("tr", {}, el("td", { class: "num" }, String(row)), el("td", {}, column), el("td", {}, reason)));
  const more = parsed.wrong.length - lines.length;
  itemsTold.replaceChildren(...(lines.length ? [
    el("p", { class: "say say--bad" }, tr`有 ${parsed.wrong.length} 处看不懂，改正后重新粘贴：`),
    el("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": tr`分项报价的错误` }, el("table", { class: "table" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col", class: "num" }, tr`行号`), el("th", { scope: "col" }, tr`列`), el("th", { scope: "col" }, tr`原因`))),
      el("tbody", {}, ...lines))),
    more ? el("p", { class: "small muted" }, tr`另有 ${more} 处未列出。`) : "",
  ] : []), ...(parsed.sum !== null ? [el("p", {}, tr`共 ${parsed.items.length} 项，合计 ${separated(parsed.sum)} 元（${capitals(parsed.sum)}）`)] : []));
}

function refresh() {
  const now = figures(price.value);
  inWords.textContent = now === null ? "" : tr`${separated(now)} 元　大写：${capitals(now)}`;
  price.setAttribute("aria-invalid", String(price.value !== "" && now === null));
  words.setAttribute("aria-invalid", String(words.value.trim() !== "" && now !== null && !saysSame(words.value, now)));
  chosen.replaceChildren(...files.map((file, at) => el("li", {},
    el("span", {}, file.name, el("span", { class: "lines__meta" }, sizeWords(file.size))),
    el("button", { class: "btn btn--quiet btn--small", type: "button", "aria-label": tr`移除 ${file.name}`, onclick: () => {
      chooseFiles(files.filter((_, other) => other !== at));
    } }, tr`移除`))));
  heard();
}

/** After `doing`, one after the other, and say how it went. */
function keep(doing, failed) {
  if (place === null) return;
  saved.textContent = tr`正在保存草稿…`;
  saving = saving.then(doing).then(
    () => { saved.textContent = tr`草稿已保存在本机 ${new Date().toLocaleTimeString("zh-CN")}（不含口令）。`; },
    () => { saved.textContent = failed; },
  );
}

function changed() {
  refresh();
  const fields = { price: price.value, words: words.value, delivery: delivery.value, small: small.checked, note: note.value,
    items: items.value, members: members.value, savedAt: Date.now() };
  keep(() => drafts.saveFields(place, fields), tr`本机不允许保存草稿（可能是无痕窗口）：刷新会丢失已填内容。`);
}

function chooseFiles(list) {
  files = list;
  refresh();
  keep(() => drafts.saveFiles(place, list), tr`文件太大，没有存入草稿：刷新后请重新选择文件。其余内容已保存。`);
}

function readItems() {
  parsed = itemised.parse(items.value);
  showItems();
}

async function pickItems() {
  const [file] = itemsFile.files;
  itemsFile.value = "";
  if (!file) return;
  const text = await itemised.textOf(file);
  if (text === null) {
    itemsTold.replaceChildren(el("p", { class: "say say--bad" }, tr`「${file.name}」不是文本表格。请在表格软件中另存为 CSV，或直接复制单元格粘贴到上面。`));
    return;
  }
  items.value = text.replace(/^\ufeff/, "");
  readItems();
  changed();
}

/**
 * The form. @param {any} keyFields from parts/unlock.js @param {{limit: number, onchange: () => void}} options
 * @returns {{form: HTMLElement, content: HTMLFieldSetElement, saved: HTMLElement}}
 */
export function build(keyFields, options) {
  key = keyFields;
  limit = options.limit;
  heard = options.onchange;
  const content = el("fieldset", { id: "bid-content" },
    el("h3", {}, tr`开标一览表（开标时当众公布）`),
    el("div", { class: "form__grid" },
      el("div", { class: "stack stack--tight" }, field(tr`投标报价（元）`, price, { help: tr`填数字，例如 1000000.00；下面显示大写供核对` }), inWords),
      field(tr`投标报价大写`, words, { optional: true, help: tr`照投标函抄写，与小写逐字核对；例如 壹佰万元整` })),
    el("div", { class: "form__grid" },
      field(tr`交货期`, delivery, { help: tr`例如 45 日` }), field(tr`备注`, note, { optional: true })),
    field(tr`本单位为小微企业，随附声明函`, small, { check: true }),
    el("details", { class: "fold", id: "bid-itemised" }, el("summary", {}, tr`分项报价（选填）`),
      el("div", { class: "stack" },
        field(tr`从表格软件复制后粘贴`, items, { help: tr`列：名称、单位、数量、单价、合价；首行可以是表头。只在本机核对，作为「分项报价表.csv」封入标书` }),
        field(tr`或选择 CSV 文件`, itemsFile), itemsTold)),
    el("details", { class: "fold", id: "bid-consortium" }, el("summary", {}, tr`联合体投标（选填）`),
      field(tr`其他成员，每行一家：统一社会信用代码 名称 分工`, members, { optional: true,
        help: tr`本单位为牵头人并签名。联合体协议放在下面的文件中，文件名含「联合体协议」。开标时公布成员；各方不得再单独投标或者参加另一联合体` })),
    el("h3", {}, tr`商务技术文件（只交评标委员会）`),
    field(tr`选择文件`, chooser, { help: tr`可一次选多个；文件留在本机，封好后才上传` }), chosen,
    el("div", { class: "form__actions" }, el("button", { class: "btn btn--quiet btn--small", type: "button", onclick: clear }, tr`清除本机草稿`)));
  const form = el("form", { class: "form", novalidate: true }, content, el("h3", {}, tr`密钥`), key.fields);
  chooser.addEventListener("change", () => {
    const named = new Map(files.map((file) => [file.name, file]));
    for (const file of chooser.files) named.set(file.name, file);
    chooser.value = "";
    chooseFiles([...named.values()]);
  });
  itemsFile.addEventListener("change", pickItems);
  items.addEventListener("input", readItems);
  content.addEventListener("input", (event) => {
    if (event.target !== chooser && event.target !== itemsFile) changed();
  });
  for (const what of ["input", "change"]) key.fields.addEventListener(what, refresh);
  return { form, content, saved };
}

function put(fields) {
  price.value = fields.price ?? "";
  words.value = fields.words ?? "";
  delivery.value = fields.delivery ?? "";
  small.checked = fields.small ?? false;
  note.value = fields.note ?? "";
  items.value = fields.items ?? "";
  members.value = fields.members ?? "";
  items.closest("details")?.toggleAttribute("open", items.value !== "");
  readItems();
}

async function clear() {
  put({});
  files = [];
  refresh();
  if (place === null) return;
  await drafts.forget(place);
  saved.textContent = tr`本机草稿已清除。`;
}

/** Put the draft back, and keep one from now on. @param {string} where @returns {Promise<import("./draft.js").Sealed[]|null>} */
export async function restore(where) {
  let draft;
  try {
    draft = await drafts.load(where);
  } catch {
    saved.textContent = tr`本机不允许保存草稿（可能是无痕窗口）：刷新会丢失已填内容。`;
    refresh();
    return null;
  }
  place = where;
  files = draft.files;
  if (draft.fields) {
    put(draft.fields);
    saved.textContent = tr`已恢复本机草稿（${new Date(draft.fields.savedAt).toLocaleString("zh-CN")}）。`;
  }
  refresh();
  return draft.sealed;
}
