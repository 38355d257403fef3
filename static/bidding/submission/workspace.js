// The bidder's workspace: filled in, sealed and tried here, sent in pieces, and at last handed in and receipted.

import { getJson, postJson, trouble } from "../../parts/doors.js";
import { digest, download, el, say } from "../../parts/dom.js";
import { serverNow } from "../../parts/site.js";
import { keyInputs } from "../../parts/unlock.js";
import * as statements from "../../proofs/statement.js";
import * as form from "./form.js";
import * as handing from "./handing.js";
import * as receipts from "./receipts.js";
import * as sitting from "./sitting.js";
import { alone } from "./tabs.js";
import * as terms from "./terms.js";
import { terms as called, tr } from "../../parts/words.js";

const root = document.getElementById("bid");
const { number, org, policy } = root.dataset;
const parts = [...document.querySelectorAll("#bid-terms [data-part]")].map((row) => row.dataset.part);
const status = document.getElementById("bid-status");
const missing = document.getElementById("bid-missing");
const tell = (...nodes) => status.replaceChildren(...nodes);
const key = keyInputs(org);
const place = root.dataset.round ? `${org}/${number}/${root.dataset.round}` : `${org}/${number}`;
const sealing = el("button", { class: "btn", type: "submit", id: "bid-seal" }, tr`${called.seal}并上传`);
const sending = el("button", { class: "btn", type: "button", id: "bid-send" }, tr`递交`);
let made = null;
let here = true; // this tab is the one that edits
let done = false;

// --- the list of what is missing -------------------------------------------------------------------------------------

function refresh() {
  const wrong = form.whyNot();
  const content = wrong.filter(([id]) => id !== null);
  const sealed = done || sitting.isSealed();
  const uploaded = done || sitting.isUploaded();
  const lines = [];
  const line = (isDone, text) => lines.push(el("li", { class: isDone ? "is-done" : "is-missing" }, text));
  if (!sealed) for (const [, text] of content) line(false, text);
  if (sealed || !content.length) line(true, tr`内容齐备`);
  if (!done) line(key.isReady(), key.isReady() ? tr`密钥文件和口令已就绪` : tr`选择本单位密钥文件并输入口令`);
  line(sealed, sealed ? tr`已${called.seal}，试解密通过` : tr`${called.seal}并试解密`);
  line(uploaded, uploaded ? tr`密文已全部上传` : tr`上传密文`);
  line(done, done ? tr`已递交，已收到回执` : tr`递交并收到回执`);
  missing.replaceChildren(...lines);
  if (!made) return;
  made.content.disabled = sealed || done || !here;
  sealing.hidden = sealed || done;
  sending.setAttribute("aria-disabled", String(!sitting.isUploaded()));
  document.getElementById("bid-change").hidden = !sealed || done;
}

// --- sealing ---------------------------------------------------------------------------------------------------------

async function seal() {
  const wrong = form.whyNot();
  if (wrong.length) {
    form.show(wrong);
    return;
  }
  const filled = form.filled();
  await form.checkMembers(parts.filter((part) => part === "body" || part === "tech").map((part) => ({ tender: number, part })));
  tell(say("info", tr`正在打开密钥文件并核对${called.tender}条件…`));
  const by = await key.open();
  const agreed = await terms.ofTender(number);
  if (agreed.pol !== policy) throw new terms.WrongTerms(tr`页面与公开日志的${called.opening}方式不一致，请勿${called.seal}。`);
  const manifests = await terms.manifestsOf(number, parts, agreed);
  const slots = await postJson(root.dataset.slotsUrl, {});
  tell(say("info", tr`正在本机${called.seal}，可以随时停止。请不要关闭本页；文件大时需要几分钟。`));
  await sitting.sealAll(handing.asked({ number, parts, policy, by, manifests, slots }, filled));
  tell(say("ok", tr`已封好，并用您的密钥试解密通过。正在上传；上传可以中断，回到本页会接着传。`));
  await send();
}

async function send() {
  await sitting.uploadAll();
  if (sitting.isUploaded()) tell(say("ok", tr`密文已全部上传，尚未递交。请核对后点击「${sending.textContent}」。`));
  refresh();
}

// --- handing in ------------------------------------------------------------------------------------------------------

async function handIn() {
  if (!sitting.isUploaded()) {
    const wrong = form.whyNot();
    if (wrong.length && !sitting.isSealed()) form.show(wrong);
    return;
  }
  if (!key.isReady()) {
    form.show([[null, ""]]);
    return;
  }
  tell(say("info", tr`正在签署并递交…`));
  const by = await key.open();
  const doors = { myBid: root.dataset.myBidUrl, bids: root.dataset.bidsUrl };
  const answer = await handing.handIn(doors, by, sitting.sealed(), again);
  done = true;
  await keepReceipts(answer.given, answer.said);
  await sitting.forget();
}

const again = (attempt) => status.append(say("warn", tr`没有得到应答，第 ${attempt} 次重试…`));

async function keepReceipts(given, said) {
  const lines = await handing.kept(org, number, { given, said }, root.dataset.receiptsVkeyUrl);
  const all = given.map((one) => one.note).join("\n");
  tell(el("div", { class: "say say--ok", id: "bid-done" },
    el("p", {}, el("b", {}, said[0].v === "wd/1" ? tr`已撤回，回执如下。` : tr`已递交，回执如下。`), tr` 请下载保存：${called.opening}时以您手中的回执为准。`),
    el("ul", { class: "checks" }, ...lines),
    el("div", { class: "form__actions" },
      el("button", { class: "btn btn--quiet", type: "button", onclick: () => download(tr`${number}-回执.txt`, [all]) }, tr`下载回执`),
      el("a", { class: "btn btn--quiet", href: location.pathname }, tr`刷新本页`))));
  showReceipts();
}

// --- receipts, withdrawal --------------------------------------------------------------------------------------------

function showReceipts() {
  const all = receipts.saved(org, number);
  document.getElementById("bid-saved")?.remove();
  if (!all.length) return;
  const rows = [...receipts.newest(all).values()].map((receipt) =>
    el("li", { class: "is-done" }, tr`${handing.partWord(receipt.part)} 第 ${receipt.seq} 版 `, digest(receipt.envelope)));
  document.getElementById("bid-withdraw").before(el("div", { id: "bid-saved", class: "stack" },
    el("p", { class: "small muted" }, tr`本机保存了 ${all.length} 张回执。`),
    rows.length ? el("ul", { class: "checks" }, ...rows) : null,
    el("div", { class: "form__actions" }, el("button", { class: "btn btn--quiet btn--small", type: "button",
      onclick: () => download(tr`${number}-回执.txt`, [all.map((one) => one.note).join("\n")]) }, tr`下载本机全部回执`))));
}

/** One's live versions of what is handed in now: a response that was opened, or an earlier round's quote, is past that. */
const liveOf = (mine) => mine.versions.filter(({ live, part, env_sha256 }) => live && mine.next[part]?.replaces === env_sha256);

async function withdraw() {
  tell(say("info", tr`正在签署撤回声明…`));
  const by = await key.open();
  const mine = await getJson(root.dataset.myBidUrl);
  const live = liveOf(mine);
  const wds = [];
  for (const { part, eid, sub } of live) {
    const fields = { unit: sub.unit, eid, seq: mine.next[part].seq };
    wds.push(await statements.sign("wd/1", fields, by, statements.instant(serverNow())));
  }
  const given = await handing.untilAnswered(root.dataset.withdrawalsUrl, { wds }, again);
  await keepReceipts(given.receipts, wds);
}

function withdrawTools(mine) {
  if (!liveOf(mine).length) return;
  const word = el("input", { id: "bid-withdraw-word", autocomplete: "off", size: 6 });
  const button = el("button", { class: "btn btn--danger", type: "submit", id: "bid-withdraw-now" }, tr`撤回${called.bid}`);
  const asked = el("form", { class: "form", onsubmit: (event) => {
    event.preventDefault();
    if (word.value.trim() !== tr`撤回`) {
      word.setAttribute("aria-invalid", "true");
      word.focus();
      return;
    }
    act(button, withdraw);
  } },
  el("p", {}, tr`撤回后本次${called.bid}不再有效，已上传的信封永远保持封存；截止前可以重新${called.bid}。`),
  el("div", { class: "field" }, el("label", { for: word.id }, tr`确认撤回请输入「撤回」二字，并在上方选好密钥文件、输入口令`), word),
  el("div", { class: "form__actions" }, button));
  document.getElementById("bid-withdraw").append(el("details", { class: "fold" }, el("summary", {}, tr`撤回${called.bid}`), asked));
}

// --- start -----------------------------------------------------------------------------------------------------------

let busy = false;

/** One act at a time; what goes wrong is told, and nothing typed is lost. */
async function act(button, doing) {
  if (busy || !here) return;
  busy = true;
  button.disabled = true;
  try {
    await doing();
  } catch (wrong) {
    if (!sitting.wasStopped(wrong)) tell(trouble(wrong));
  } finally {
    busy = false;
    button.disabled = false;
    refresh();
  }
}

/** Another tab edits this bid: this one shows it and does nothing until it is told to go on here. */
function elsewhere() {
  here = false;
  sitting.stop();
  refresh();
  const take = el("button", { class: "btn btn--quiet", type: "button", id: "bid-take-over", onclick: async () => {
    await alone(`bid:${place}`, elsewhere, true);
    location.reload();
  } }, tr`改在本页继续`);
  tell(el("div", { class: "say say--warn", id: "bid-elsewhere", role: "alert" },
    el("p", {}, tr`这份${called.bid}正在另一个标签页中编制。为免互相覆盖，本页只能查看。`), el("div", { class: "form__actions" }, take)));
}

function build(mine) {
  const again = liveOf(mine).length > 0;
  if (again) sending.textContent = tr`递交并替换原${called.bid}`;
  const limit = Number(root.dataset.limit);
  made = form.build(key, { limit, onchange: refresh });
  const change = el("button", { class: "btn btn--quiet", type: "button", id: "bid-change", onclick: async () => {
    await sitting.forget(true);
    tell(say("info", tr`已封好的信封作废，可以修改内容；修改后请重新${called.seal}。`));
    refresh();
  } }, tr`修改内容（需重新${called.seal}）`);
  made.form.append(sitting.board,
    el("p", { class: "small muted" }, tr`递交即表示按本页所示内容${called.bid}。上传不等于递交；截止前可以替换或撤回。`),
    el("div", { class: "form__actions" }, sealing, sending, change));
  document.getElementById("bid-form").append(made.form);
  missing.after(made.saved);
  made.form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(sealing, seal);
  });
  sending.addEventListener("click", () => act(sending, handIn));
  withdrawTools(mine);
}

async function start() {
  showReceipts();
  if (root.dataset.mayBid !== "1") return;
  if (!globalThis.isSecureContext) {
    tell(say("bad", tr`浏览器只在 https 或本机地址下提供加密功能。请改用 https 打开本页；在微信中请点右上角「在浏览器打开」。`));
    return;
  }
  build(JSON.parse(document.getElementById("my-bid").textContent));
  sitting.attach({ place, door: (_, part) => root.dataset.uploadsUrl + part, label: (_, part) => handing.partWord(part), onchange: refresh });
  if (!(await alone(`bid:${place}`, elsewhere))) {
    elsewhere();
    return;
  }
  const kept = await form.restore(place);
  const gone = await sitting.resume(kept);
  refresh();
  if (gone) tell(say("warn", tr`本机已封好的信封不完整，请重新${called.seal}。`));
  else if (sitting.isUploaded()) tell(say("ok", tr`密文已全部上传，尚未递交。请核对后点击「${sending.textContent}」。`));
  else if (sitting.isSealed()) {
    tell(say("info", tr`接着上传上次封好的信封…`));
    act(sealing, send);
  }
  addEventListener("beforeunload", (event) => {
    if (sitting.isSealing()) event.preventDefault();
  });
}

document.getElementById("bid-work").dataset.ready = "loading";
await start();
document.getElementById("bid-work").dataset.ready = "yes";
