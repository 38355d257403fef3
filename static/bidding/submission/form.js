// The form of the workspace: the price sheet, who bids together, the files; all of it stays on this computer.

import { el, field } from "../../parts/dom.js";
import * as drafts from "./draft.js";
import * as consortium from "./consortium.js";
import { fileChooser, whyNotFiles } from "./files.js";
import { guaranteeForm } from "./guarantee.js";
import { leaderForm } from "./leader.js";
import { particularsForm } from "./particulars.js";
import { priceSheet } from "./price-sheet.js";
import { terms as called, tr } from "../../parts/words.js";

// What is handed in now: where quotes are sealed after a negotiation, first the documents alone, then the price alone.
const parts = [...document.querySelectorAll("#bid-terms [data-part]")].map((row) => row.dataset.part);
const priced = parts.some((part) => part === "sheet" || part === "price");
// A purchase that opens by itself: a price, where asked a plan, and nothing more.
const { plain: isPlain, rateBase, rateLeast, rateMost } = document.getElementById("bid").dataset;
const plain = isPlain === "1";
const rate = rateBase ? { base: rateBase, least: rateLeast, most: rateMost } : null;
const documented = parts.some((part) => part === "body" || part === "tech");
let key = null;
let place = null;
let limit = Infinity;
let saving = Promise.resolve();
let heard = () => {};

const prices = priceSheet({ plain, rate, onchange: () => changed() });
const guarantee = guaranteeForm(JSON.parse(document.getElementById("bid-guarantee").textContent));
const leader = leaderForm(JSON.parse(document.getElementById("bid-leader")?.textContent ?? "null"));
const particulars = particularsForm();
const small = el("input", { type: "checkbox", id: "bid-small" });
const members = el("textarea", { id: "bid-members", rows: 3, spellcheck: "false" });
const chooser = fileChooser({
  id: "bid-files", listId: "bid-chosen", label: tr`选择文件`, help: tr`可一次选多个；文件留在本机，封好后才上传`,
  onchange: (files) => {
    refresh();
    keep(() => drafts.saveFiles(place, files), tr`文件太大，没有存入草稿：刷新后请重新选择文件。其余内容已保存。`);
  },
});
const saved = el("p", { id: "bid-saved-state", class: "small muted", role: "status" }, tr`尚未填写。`);

/** What is filled in. */
export const filled = () => ({
  ...prices.filled(), plain, small: small.checked, files: chooser.files(), guarantee: guarantee.file(chooser.files()),
  particulars: particulars.file(), leader: leader.file(), together: consortium.file(members.value, chooser.files()),
});

function why() {
  const files = chooser.files();
  const lead = document.getElementById("bid").dataset.org;
  const wrong = priced ? prices.whyNot() : [];
  if (!documented) return wrong;
  return [...wrong, ...whyNotFiles(files, "bid-files", limit), ...guarantee.whyNot(files, "bid-files"), ...leader.whyNot(), ...consortium.whyNot(members.value, lead, files)];
}

/** What stands in the way of sealing: [the field's id, what to do]. */
export function whyNot() {
  return key.isReady() ? why() : [...why(), [null, tr`选择本单位密钥文件并输入口令`]];
}

/** Throws where a member of the consortium has not confirmed. @param {{tender: string, part: string}[]} units */
export const checkMembers = (units) =>
  consortium.check(members.value, document.getElementById("bid").dataset.org, chooser.files(), units);

/** Lead the reader to the first thing that is missing. @param {[string|null, string][]} wrong */
export function show(wrong) {
  const first = wrong[0][0] ? document.getElementById(wrong[0][0]) : key.fields.querySelector("input");
  first?.closest("details")?.setAttribute("open", "");
  first?.focus();
}

function refresh() {
  prices.refresh();
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
  const fields = { ...prices.typed(), small: small.checked, members: members.value, guarantee: guarantee.typed(), particulars: particulars.typed(), leader: leader.typed(), savedAt: Date.now() };
  keep(() => drafts.saveFields(place, fields), tr`本机不允许保存草稿（可能是无痕窗口）：刷新会丢失已填内容。`);
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
    ...(priced ? [el("h3", {}, documented || plain ? tr`${called.sheet}（${called.published}）` : tr`报价（本轮截止后才开启）`), ...prices.nodes,
      ...(plain ? [] : [field(tr`本单位为小微企业，随附声明函`, small, { check: true }), prices.itemised])] : [el("p", { class: "say say--info" }, tr`响应文件中不含报价；报价在谈判（磋商）之后另行密封提交。`)]),
    ...(documented ? documents() : []),
    el("div", { class: "form__actions" }, el("button", { class: "btn btn--quiet btn--small", type: "button", onclick: clear }, tr`清除本机草稿`)));
  const form = el("form", { class: "form", novalidate: true }, content, el("h3", {}, tr`密钥`), key.fields);
  content.addEventListener("input", (event) => {
    if (event.target !== chooser.input && event.target !== prices.itemsFile) changed();
  });
  for (const what of ["input", "change"]) key.fields.addEventListener(what, refresh);
  return { form, content, saved };
}

/** What goes with the documents: who bids together, the files, the guarantee. */
function documents() {
  if (plain) return [el("h3", {}, tr`方案文件（只交${called.panel}）`), ...chooser.nodes];
  return [
    el("details", { class: "fold", id: "bid-consortium" }, el("summary", {}, tr`联合体${called.bid}（选填）`),
      field(tr`其他成员，每行一家：统一社会信用代码 名称 分工`, members, { optional: true,
        help: tr`本单位为牵头人并签名。联合体协议放在下面的文件中，文件名含「联合体协议」；每个成员在「联合体成员确认」页签署的确认书也放在其中。${called.opening}时公布成员；各方不得再单独${called.bid}或者参加另一联合体` })),
    el("h3", {}, tr`商务技术文件（只交${called.panel}）`), ...chooser.nodes, ...guarantee.nodes, ...leader.nodes, ...particulars.nodes,
  ];
}

function put(fields) {
  prices.put(fields);
  guarantee.put(fields.guarantee);
  particulars.put(fields.particulars);
  leader.put(fields.leader);
  small.checked = fields.small ?? false;
  members.value = fields.members ?? "";
}

async function clear() {
  put({});
  chooser.put([]);
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
  chooser.put(draft.files);
  if (draft.fields) {
    put(draft.fields);
    saved.textContent = tr`已恢复本机草稿（${new Date(draft.fields.savedAt).toLocaleString("zh-CN")}）。`;
  }
  refresh();
  return draft.sealed;
}
