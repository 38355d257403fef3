// The form of the workspace: the price sheet with its check in words, the files, and the list of what is still missing.

import { el, field } from "../../parts/dom.js";
import { capitals, figures, separated } from "../../parts/yuan.js";
import { whyNotName } from "../../proofs/statement.js";
import * as drafts from "./draft.js";
import { tr } from "../../parts/words.js";

const UNITS = ["B", "KB", "MB", "GB"];
let key = null;
let draftKey = null;
let files = [];
let saving = Promise.resolve();

const price = el("input", { id: "bid-price", inputmode: "decimal", autocomplete: "off", required: true, class: "num" });
const inWords = el("output", { id: "bid-price-words", for: "bid-price", class: "muted" });
const delivery = el("input", { id: "bid-delivery", maxlength: 100, autocomplete: "off", required: true });
const small = el("input", { type: "checkbox", id: "bid-small" });
const note = el("input", { id: "bid-note", maxlength: 200, autocomplete: "off" });
const chooser = el("input", { type: "file", id: "bid-files", multiple: true });
const chosen = el("ul", { id: "bid-chosen", class: "lines lines--plain" });
const missing = el("ul", { id: "bid-missing", class: "checks", "aria-live": "polite" });
const saved = el("p", { id: "bid-saved-state", class: "small muted", role: "status" }, tr`尚未填写。`);

/** "2.9 MB" @param {number} size */
export function sizeWords(size) {
  const step = Math.min(3, Math.floor(Math.log(Math.max(size, 1)) / Math.log(1024)));
  return `${step ? (size / 1024 ** step).toFixed(1) : size} ${UNITS[step]}`;
}

/** What is filled in. */
export const filled = () => ({
  price: figures(price.value), delivery: delivery.value.trim().normalize("NFC"), small: small.checked,
  note: note.value.trim().normalize("NFC"), files,
});

/** The sheet that is read out. @param {any} from */
export const sheet = (from) => ({ price: from.price, delivery: from.delivery, small: from.small, note: from.note });

/** What stands in the way of sealing: [the field's id, what to do]. @param {any} from */
export function whyNot(from) {
  const wrong = [];
  if (from.price === null) wrong.push(["bid-price", tr`填写投标报价（元，至多两位小数）`]);
  else if (Number(from.price) === 0) wrong.push(["bid-price", tr`投标报价不能为零`]);
  if (!from.delivery) wrong.push(["bid-delivery", tr`填写交货期`]);
  if (!from.files.length) wrong.push(["bid-files", tr`选择商务技术文件`]);
  for (const file of from.files) {
    if (whyNotName(file.name.normalize("NFC"))) wrong.push(["bid-files", tr`文件名「${file.name}」不能使用，请改名后重新选择`]);
  }
  if (!key.isReady()) wrong.push([null, tr`选择本单位密钥文件并输入口令`]);
  return wrong;
}

/** Lead the reader to the first thing that is missing. @param {[string|null, string][]} wrong */
export function show(wrong) {
  refresh();
  const first = wrong[0][0] ? document.getElementById(wrong[0][0]) : key.fields.querySelector("input");
  first?.focus();
}

function refresh() {
  const from = filled();
  inWords.textContent = from.price === null ? "" : tr`${separated(from.price)} 元　大写：${capitals(from.price)}`;
  price.setAttribute("aria-invalid", String(price.value !== "" && from.price === null));
  const open = whyNot(from);
  missing.replaceChildren(...(open.length
    ? open.map(([, words]) => el("li", { class: "is-missing" }, words))
    : [el("li", { class: "is-done" }, tr`内容齐备，可以封标递交`)]));
  chosen.replaceChildren(...files.map((file, at) => el("li", {},
    el("span", {}, file.name, el("span", { class: "lines__meta" }, sizeWords(file.size))),
    el("button", { class: "btn btn--quiet btn--small", type: "button", "aria-label": tr`移除 ${file.name}`, onclick: () => {
      files = files.filter((_, other) => other !== at);
      changed();
    } }, tr`移除`))));
}

function changed() {
  refresh();
  if (draftKey === null) return;
  saved.textContent = tr`正在保存草稿…`;
  const draft = { price: price.value, delivery: delivery.value, small: small.checked, note: note.value, files, savedAt: Date.now() };
  saving = saving.then(() => drafts.save(draftKey, draft)).then(
    () => { saved.textContent = tr`草稿已保存在本机 ${new Date(draft.savedAt).toLocaleTimeString("zh-CN")}（不含口令）。`; },
    () => { saved.textContent = tr`本机不允许保存草稿（可能是无痕窗口）：刷新会丢失已填内容。`; },
  );
}

/** The form. @param {any} keyFields from parts/unlock.js @param {string} label of its button */
export function build(keyFields, label) {
  key = keyFields;
  const button = el("button", { class: "btn", type: "submit", id: "bid-send" }, label);
  const form = el("form", { class: "form", novalidate: true },
    el("div", { class: "card card--plain" }, el("h3", {}, tr`还缺什么`), missing, saved),
    el("h3", {}, tr`开标一览表（开标时当众公布）`),
    field(tr`投标报价（元）`, price, { help: tr`填数字，例如 1000000.00；下面显示大写供核对` }), inWords,
    el("div", { class: "form__grid" },
      field(tr`交货期`, delivery, { help: tr`例如 45 日` }), field(tr`备注`, note, { optional: true })),
    field(tr`本单位为小微企业，随附声明函`, small, { check: true }),
    el("h3", {}, tr`商务技术文件（只交评标委员会）`),
    field(tr`选择文件`, chooser, { help: tr`可一次选多个；文件留在本机，封好后才上传` }), chosen,
    el("h3", {}, tr`密钥`), key.fields,
    el("p", { class: "small muted" }, tr`递交即表示按本页所示内容投标。截止前可以替换或撤回。`),
    el("div", { class: "form__actions" }, button,
      el("button", { class: "btn btn--quiet", type: "button", onclick: clear }, tr`清除本机草稿`)));
  chooser.addEventListener("change", () => {
    const named = new Map(files.map((file) => [file.name, file]));
    for (const file of chooser.files) named.set(file.name, file);
    files = [...named.values()];
    chooser.value = "";
    changed();
  });
  form.addEventListener("input", (event) => (key.fields.contains(event.target) || event.target === chooser ? refresh() : changed()));
  key.fields.addEventListener("change", refresh);
  refresh();
  return { form, button };
}

async function clear() {
  await drafts.forget(draftKey);
  price.value = delivery.value = note.value = "";
  small.checked = false;
  files = [];
  refresh();
  saved.textContent = tr`本机草稿已清除。`;
}

/** Put the draft back, and keep one from now on. @param {string} place */
export async function restore(place) {
  let draft;
  try {
    draft = await drafts.load(place);
  } catch {
    saved.textContent = tr`本机不允许保存草稿（可能是无痕窗口）：刷新会丢失已填内容。`;
    return;
  }
  draftKey = place;
  if (draft) {
    price.value = draft.price;
    delivery.value = draft.delivery;
    small.checked = draft.small;
    note.value = draft.note;
    files = draft.files;
    saved.textContent = tr`已恢复本机草稿（${new Date(draft.savedAt).toLocaleString("zh-CN")}）。`;
  }
  refresh();
}
