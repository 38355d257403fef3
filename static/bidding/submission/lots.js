// One sitting for all lots of a batch: files once, a price sheet for each lot, one progress, one act that hands in every
// lot's bid. Each lot keeps envelopes, keys and receipts of its own, and its own line says what became of it.

import { Unreachable, postJson, trouble } from "../../parts/doors.js";
import { PART_WORDS, download, el, field, say } from "../../parts/dom.js";
import { keyInputs } from "../../parts/unlock.js";
import * as consortium from "./consortium.js";
import * as drafts from "./draft.js";
import { fileChooser } from "./files.js";
import * as handing from "./handing.js";
import { lotForm } from "./lot.js";
import * as receipts from "./receipts.js";
import * as sitting from "./sitting.js";
import { alone } from "./tabs.js";
import * as terms from "./terms.js";
import { terms as called, tr } from "../../parts/words.js";

const root = document.getElementById("lots-bid");
const { org, batch } = root.dataset;
const limit = Number(root.dataset.limit);
const place = `${org}/${batch}`;
const doorsOf = (number) => ({ myBid: `/api/projects/${number}/my-bid`, bids: `/api/projects/${number}/bids` });
const status = document.getElementById("lots-status");
const missing = document.getElementById("lots-missing");
const outcome = document.getElementById("lots-outcome");
const tell = (...nodes) => status.replaceChildren(...nodes);
const key = keyInputs(org);
let here = true; // this tab is the one that edits
let isKept = false;
let busy = false;
let saving = Promise.resolve();

const lots = JSON.parse(document.getElementById("my-lots").textContent).map((lot) => lotForm(lot, {
  limit, onchange: () => changed(), onfiles: (files) => keepFiles(`${place}/${lot.number}`, files),
}));
const lotOf = (number) => lots.find((lot) => lot.number === number);
const chosenLots = () => lots.filter((lot) => lot.isChosen());
const small = el("input", { type: "checkbox", id: "bid-small" });
const members = el("textarea", { id: "bid-members", rows: 3, spellcheck: "false" });
const common = fileChooser({
  id: "bid-files", listId: "bid-chosen", label: tr`选择文件`, help: tr`各标段共用的文件选一次就够；文件留在本机，封好后才上传`,
  onchange: (files) => keepFiles(place, files),
});
const saved = el("p", { id: "bid-saved-state", class: "small muted", role: "status" }, tr`尚未填写。`);
const far = el("progress", { class: "meter", id: "lots-progress", max: 1, value: 0, "aria-label": tr`全部标段的进度`, hidden: true });
const farWords = el("p", { id: "lots-progress-words", role: "status" });
const sealing = el("button", { class: "btn", type: "submit", id: "bid-seal" }, tr`${called.seal}并上传所选标段`);
const sending = el("button", { class: "btn", type: "button", id: "bid-send" }, tr`递交所选标段`);
const change = el("button", { class: "btn btn--quiet", type: "button", id: "bid-change" }, tr`修改内容（需重新${called.seal}）`);
const content = el("fieldset", { id: "bid-content" });

// --- what is missing, and how far it is -------------------------------------------------------------------------------

const ofSealed = () => lots.filter((lot) => sitting.sealed().some((one) => one.unit.tender === lot.number));

/** [lot or null, the field's id, what to do] */
function wrongs() {
  const found = chosenLots().flatMap((lot) => lot.whyNot(common.files()).map(([id, text]) => [lot, id, text]));
  const together = consortium.whyNot(members.value, org, common.files());
  return [...found, ...together.map(([id, text]) => [null, id, text])];
}

function refresh() {
  for (const lot of lots) lot.refresh();
  const isSealed = sitting.isSealed();
  const isUploaded = sitting.isUploaded();
  const lines = [];
  const line = (isDone, ...words) => lines.push(el("li", { class: isDone ? "is-done" : "is-missing" }, ...words));
  const under = isSealed ? ofSealed() : chosenLots();
  if (!under.length) line(false, tr`选择要投的标段`);
  const wrong = isSealed ? [] : wrongs();
  for (const lot of under) {
    const own = wrong.filter(([of]) => of === lot);
    const say = own.map(([, , text]) => el("li", {}, text));
    line(!own.length, isSealed ? tr`${lot.name}：已${called.seal}` : own.length ? tr`${lot.name}还缺：` : tr`${lot.name}：内容齐备`,
      say.length ? el("ul", {}, ...say) : null);
  }
  for (const [of, , text] of wrong) if (!of) line(false, text);
  line(key.isReady(), key.isReady() ? tr`密钥文件和口令已就绪` : tr`选择本单位密钥文件并输入口令`);
  line(isSealed, isSealed ? tr`所选标段均已${called.seal}，试解密通过` : tr`${called.seal}并试解密`);
  line(isUploaded, isUploaded ? tr`密文已全部上传` : tr`上传密文`);
  line(false, tr`递交并收到各标段的回执`);
  if (!under.length && lots.some((lot) => lot.isLive())) {
    lines.splice(0, lines.length);
    for (const lot of lots.filter((each) => each.isLive())) line(true, tr`${lot.name}：已递交，已收到回执`);
  }
  missing.replaceChildren(...lines);
  content.disabled = isSealed || !here || busy;
  sealing.hidden = isSealed;
  change.hidden = !isSealed;
  sending.setAttribute("aria-disabled", String(!isUploaded));
  if (isSealed) progress(sitting.sealed().length, sitting.sealed().length);
}

/** One progress for everything: every envelope counts when it is sealed and when it is sent. */
function progress(done, all) {
  const sent = sitting.sealed().filter((one) => one.uploaded).length;
  far.hidden = false;
  far.max = 2 * all;
  far.value = done + sent;
  farWords.textContent = tr`共 ${all} 个信封：已封好 ${done} 个，已上传 ${sent} 个`;
}

function show(wrong) {
  const first = wrong[0][1] ? document.getElementById(wrong[0][1]) : key.fields.querySelector("input");
  first?.closest("details")?.setAttribute("open", "");
  first?.focus();
}

// --- the draft --------------------------------------------------------------------------------------------------------

function keep(doing, failed) {
  refresh();
  if (!isKept) return;
  saved.textContent = tr`正在保存草稿…`;
  saving = saving.then(doing).then(
    () => { saved.textContent = tr`草稿已保存在本机 ${new Date().toLocaleTimeString("zh-CN")}（不含口令）。`; },
    () => { saved.textContent = failed; },
  );
}

const keepFiles = (where, files) =>
  keep(() => drafts.saveFiles(where, files), tr`文件太大，没有存入草稿：刷新后请重新选择文件。其余内容已保存。`);

function changed() {
  const fields = {
    lots: Object.fromEntries(lots.map((lot) => [lot.number, lot.typed()])),
    small: small.checked, members: members.value, savedAt: Date.now(),
  };
  keep(() => drafts.saveFields(place, fields), tr`本机不允许保存草稿（可能是无痕窗口）：刷新会丢失已填内容。`);
}

async function restore() {
  let draft;
  try {
    draft = await drafts.load(place);
    for (const lot of lots) lot.own.put((await drafts.load(`${place}/${lot.number}`)).files);
  } catch {
    saved.textContent = tr`本机不允许保存草稿（可能是无痕窗口）：刷新会丢失已填内容。`;
    return null;
  }
  isKept = true;
  common.put(draft.files);
  if (draft.fields) {
    for (const lot of lots) {
      lot.put(draft.fields.lots[lot.number]);
      lot.choose(draft.fields.lots[lot.number]?.chosen ?? false);
    }
    small.checked = draft.fields.small;
    members.value = draft.fields.members;
    saved.textContent = tr`已恢复本机草稿（${new Date(draft.fields.savedAt).toLocaleString("zh-CN")}）。`;
  }
  return draft.sealed;
}

// --- sealing ----------------------------------------------------------------------------------------------------------

async function seal() {
  const wrong = wrongs();
  if (!chosenLots().length) wrong.unshift([null, `lot-${lots[0].place}`, ""]);
  if (!key.isReady()) wrong.push([null, null, ""]);
  if (wrong.length) {
    show(wrong);
    return;
  }
  outcome.replaceChildren();
  const units = chosenLots().flatMap((lot) =>
    lot.parts.filter((part) => part === "body" || part === "tech").map((part) => ({ tender: lot.number, part })));
  await consortium.check(members.value, org, common.files(), units);
  tell(say("info", tr`正在打开密钥文件并核对各标段的${called.tender}条件…`));
  const by = await key.open();
  const asked = [];
  for (const { number, parts, policy, prices, own, guaranteeFile, leaderFile } of chosenLots()) {
    const agreed = await terms.ofTender(number);
    if (agreed.pol !== policy) throw new terms.WrongTerms(tr`页面与公开日志的${called.opening}方式不一致，请勿${called.seal}。`);
    const manifests = await terms.manifestsOf(number, parts, agreed);
    const slots = await postJson(`/api/projects/${number}/slots`, {});
    const files = [...common.files(), ...own.files()];
    const together = consortium.file(members.value, common.files());
    const filled = { ...prices.filled(), small: small.checked, files, together, guarantee: guaranteeFile(files), leader: leaderFile() };
    asked.push(...handing.asked({ number, parts, policy, by, manifests, slots }, filled));
  }
  tell(say("info", tr`正在本机${called.seal}，可以随时停止。请不要关闭本页；文件大时需要几分钟。`));
  progress(0, asked.length);
  await sitting.sealAll(asked, (done) => progress(done, asked.length));
  tell(say("ok", tr`所选标段都已封好，并用您的密钥试解密通过。正在上传；上传可以中断，回到本页会接着传。`));
  await send();
}

async function send() {
  await sitting.uploadAll();
  if (sitting.isUploaded()) sayUploaded();
  refresh();
}

const sayUploaded = () => tell(say("ok", tr`密文已全部上传，尚未递交。请核对后点击「${sending.textContent}」。`));

// --- handing in -------------------------------------------------------------------------------------------------------

function result(lot, tone, ...nodes) {
  const line = el("li", { class: `is-${tone}`, "data-tender": lot.number }, el("b", {}, lot.name), " ", ...nodes);
  const before = outcome.querySelector(`[data-tender="${CSS.escape(lot.number)}"]`);
  if (before) before.replaceWith(line);
  else outcome.append(line);
}

/** A lot's bid was received: keep its receipts, say so, and keep its envelopes no longer. */
async function received(lot, answer) {
  const lines = await handing.kept(org, lot.number, answer, root.dataset.receiptsVkeyUrl);
  result(lot, "done", tr`已递交，回执如下`, el("ul", { class: "checks" }, ...lines));
  await sitting.handedIn(lot.number);
  lot.handedIn();
  changed();
}

/** Every lot in its order. A refusal stops that lot alone; a line that is cut stops here, and says what went through. */
async function handIn() {
  if (!sitting.isUploaded()) {
    const wrong = wrongs();
    if (wrong.length && !sitting.isSealed()) show(wrong);
    return;
  }
  if (!key.isReady()) {
    show([[null, null, ""]]);
    return;
  }
  tell(say("info", tr`正在逐个标段签署并递交…`));
  const by = await key.open();
  const waiting = ofSealed();
  for (const lot of waiting) result(lot, "missing", tr`等待递交`);
  const refused = [];
  for (const [at, lot] of waiting.entries()) {
    result(lot, "missing", tr`正在递交…`);
    const own = sitting.sealed().filter((one) => one.unit.tender === lot.number);
    try {
      await received(lot, await handing.handIn(doorsOf(lot.number), by, own,
        (attempt) => result(lot, "missing", tr`没有得到应答，第 ${attempt} 次重试…`), 3));
    } catch (wrong) {
      if (wrong instanceof Unreachable) {
        cut(waiting.slice(0, at), lot, waiting.slice(at + 1));
        return;
      }
      refused.push(lot);
      result(lot, "bad", tr`没有递交成功`, trouble(wrong));
    }
  }
  if (refused.length) tell(say("warn", tr`有 ${refused.length} 个标段没有递交成功，原因见下；其余标段已经递交。`));
  else finished();
}

/** The line broke: what is through, what is not known, what was not sent yet, and how to go on. */
function cut(through, unknown, left) {
  result(unknown, "missing", tr`没有得到应答：可能已收到，也可能没有`);
  for (const lot of left) result(lot, "missing", tr`尚未递交`);
  tell(el("div", { class: "say say--warn", role: "alert", id: "lots-cut" },
    el("p", {}, el("b", {}, tr`连接中断。`), tr`已递交 ${through.length} 个标段，还有 ${1 + left.length} 个标段没有回执。`),
    el("p", {}, tr`信封都在服务器和本机，不用重新${called.seal}。恢复连接后再点一次「${sending.textContent}」即可：已收到的不会重复，没收到的补上。务必在截止时间前完成。`)));
}

function finished() {
  const notes = lots.flatMap((lot) => receipts.saved(org, lot.number).map((one) => one.note));
  far.hidden = true;
  farWords.textContent = "";
  tell(el("div", { class: "say say--ok", id: "bid-done" },
    el("p", {}, el("b", {}, tr`所选标段均已递交，回执如下。`), tr` 请下载保存：${called.opening}时以您手中的回执为准。`),
    el("div", { class: "form__actions" },
      el("button", { class: "btn btn--quiet", type: "button", onclick: () => download(tr`${batch}-回执.txt`, [notes.join("\n")]) }, tr`下载全部回执`))));
}

// --- start ------------------------------------------------------------------------------------------------------------

/** One act at a time; what goes wrong is told, and nothing typed is lost. */
async function act(button, doing) {
  if (busy || !here) return;
  busy = button.disabled = true;
  try {
    await doing();
  } catch (wrong) {
    if (!sitting.wasStopped(wrong)) tell(trouble(wrong));
  } finally {
    busy = button.disabled = false;
    refresh();
  }
}

/** Another tab edits one of these bids: this one shows them and does nothing until it is told to go on here. */
function elsewhere() {
  here = false;
  sitting.stop();
  refresh();
  const take = el("button", { class: "btn btn--quiet", type: "button", id: "bid-take-over", onclick: async () => {
    for (const name of names) await alone(name, elsewhere, true);
    location.reload();
  } }, tr`改在本页继续`);
  tell(el("div", { class: "say say--warn", id: "bid-elsewhere", role: "alert" },
    el("p", {}, tr`这些${called.bid}正在另一个标签页中编制。为免互相覆盖，本页只能查看。`), el("div", { class: "form__actions" }, take)));
}

const names = [place, ...lots.map((lot) => `${org}/${lot.number}`)].map((name) => `bid:${name}`);

function build() {
  content.append(
    el("h3", {}, tr`选择标段`), ...lots.map((lot) => lot.choice),
    el("h3", {}, tr`各标段共用的商务技术文件（只交${called.panel}）`), ...common.nodes,
    field(tr`本单位为小微企业，随附声明函`, small, { check: true }),
    el("details", { class: "fold", id: "bid-consortium" }, el("summary", {}, tr`联合体${called.bid}（选填）`),
      field(tr`其他成员，每行一家：统一社会信用代码 名称 分工`, members, { optional: true,
        help: tr`本单位为牵头人并签名。联合体协议放在共用文件中，文件名含「联合体协议」；每个成员在「联合体成员确认」页签署的确认书也放在其中。${called.opening}时公布成员；各方不得再单独${called.bid}或者参加另一联合体` })),
    el("h3", {}, tr`各标段的${called.sheet}（${called.published}）`), ...lots.map((lot) => lot.sheet));
  const form = el("form", { class: "form", novalidate: true }, content, el("h3", {}, tr`密钥`), key.fields,
    farWords, far, sitting.board,
    el("p", { class: "small muted" }, tr`递交即表示按本页所示内容逐个标段${called.bid}。上传不等于递交；截止前可以替换或撤回。`),
    el("div", { class: "form__actions" }, sealing, sending, change));
  document.getElementById("lots-form").append(form);
  missing.after(saved);
  content.addEventListener("input", (event) => {
    if (event.target.type !== "file") changed();
  });
  for (const what of ["input", "change"]) key.fields.addEventListener(what, refresh);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(sealing, seal);
  });
  sending.addEventListener("click", () => act(sending, handIn));
  change.addEventListener("click", async () => {
    await sitting.forget(true);
    far.hidden = true;
    farWords.textContent = "";
    tell(say("info", tr`已封好的信封作废，可以修改内容；修改后请重新${called.seal}。`));
    refresh();
  });
}

async function start() {
  if (root.dataset.mayBid !== "1") return;
  if (!globalThis.isSecureContext) {
    tell(say("bad", tr`浏览器只在 https 或本机地址下提供加密功能。请改用 https 打开本页；在微信中请点右上角「在浏览器打开」。`));
    return;
  }
  build();
  sitting.attach({
    place, door: (number, part) => `/api/projects/${number}/uploads/${part}`,
    label: (number, part) => `${lotOf(number)?.name ?? number} · ${PART_WORDS[part]}`, onchange: refresh,
  });
  for (const name of names) {
    if (!(await alone(name, elsewhere))) {
      elsewhere();
      return;
    }
  }
  const gone = await sitting.resume(await restore());
  // What was received while nobody heard the answer is not handed in again.
  for (const lot of ofSealed()) {
    const before = handing.alreadyIn(lot.mine, sitting.sealed().filter((one) => one.unit.tender === lot.number));
    if (before) await received(lot, before);
  }
  refresh();
  if (gone) tell(say("warn", tr`本机已封好的信封不完整，请重新${called.seal}。`));
  else if (sitting.isUploaded()) sayUploaded();
  else if (sitting.isSealed()) {
    tell(say("info", tr`接着上传上次封好的信封…`));
    act(sealing, send);
  }
  addEventListener("beforeunload", (event) => {
    if (sitting.isSealing()) event.preventDefault();
  });
}

root.dataset.ready = "loading";
await start();
root.dataset.ready = "yes";
