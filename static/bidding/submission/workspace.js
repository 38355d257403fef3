// The bidder's workspace: what is still missing, the price sheet, the files; sealed here, handed in, receipted.

import { Refusal, getJson, getText, postJson, putBlob, trouble } from "../../parts/doors.js";
import { PART_WORDS, digest, download, el, say } from "../../parts/dom.js";
import { serverNow } from "../../parts/site.js";
import { keyInputs } from "../../parts/unlock.js";
import * as statements from "../../proofs/statement.js";
import * as form from "./form.js";
import * as receipts from "./receipts.js";
import { sealAside } from "./sealing.js";
import * as terms from "./terms.js";
import { tr } from "../../parts/words.js";

const root = document.getElementById("bid");
const { number, org, policy } = root.dataset;
const parts = [...document.querySelectorAll("#bid-terms [data-part]")].map((row) => row.dataset.part);
const status = document.getElementById("bid-status");
const tell = (...nodes) => status.replaceChildren(...nodes);
const key = keyInputs(org);
const draftKey = `${org}/${number}`;

// --- sealing ---------------------------------------------------------------------------------------------------------

const STEPS = { read: tr`读取文件`, seal: tr`加密`, digest: tr`计算摘要`, trial: tr`试解密`, check: tr`核对内容` };

/** Seal one part, telling how far it is. */
async function seal(asked) {
  const name = PART_WORDS[asked.part];
  const meter = el("progress", { class: "meter", max: 1, value: 0, "aria-label": name });
  const line = el("p", {}, tr`${name}：准备…`);
  status.append(el("div", { class: "stack" }, line, meter));
  const sealed = await sealAside(asked, (step, done, all) => {
    meter.max = all || 1;
    meter.value = done;
    line.textContent = `${name}：${STEPS[step]} ${Math.round((100 * done) / (all || 1))}%`;
  }, new AbortController().signal);
  line.textContent = tr`${name}：已封好并试开通过`;
  meter.remove();
  return sealed;
}

async function handIn() {
  const filled = form.filled();
  const wrong = form.whyNot(filled);
  if (wrong.length) {
    form.show(wrong);
    return;
  }
  tell(say("info", tr`正在打开密钥文件并核对招标条件…`));
  const by = await key.open();
  const agreed = await terms.ofTender(number);
  if (agreed.pol !== policy) throw new terms.WrongTerms(tr`页面与公开日志的开标方式不一致，请勿封标。`);
  const manifests = await terms.manifestsOf(number, parts, agreed);
  const slots = await postJson(root.dataset.slotsUrl, {});
  const next = (await getJson(root.dataset.myBidUrl)).next;
  tell(say("info", tr`正在本机封标。请不要关闭本页；文件大时需要几分钟。`));
  const sealed = [];
  for (const part of parts) {
    const readOut = part === "sheet" || part === "price";
    sealed.push(await seal({
      part, policy, name: `${org}~${number}~${part}`, handle: by.handle(), kcm: manifests.get(part).data, slot: slots[part],
      ts: statements.instant(serverNow()), sheet: readOut ? form.sheet(filled) : {},
      files: readOut ? [] : filled.files.map((file) => ({ name: file.name.normalize("NFC"), blob: file })),
    }));
  }
  await send(by, sealed, next);
}

async function send(by, sealed, next) {
  const subs = [];
  for (const { blob, eid, env_sha256, size, slot, cmh, unit } of sealed) {
    status.append(say("info", tr`正在上传${PART_WORDS[unit.part]}（${form.sizeWords(size)}）…`));
    const stored = await putBlob(`${root.dataset.envelopesUrl}${unit.part}`, blob);
    if (stored.sha256 !== env_sha256) throw new Error(tr`服务器收到的内容与本机信封不同，请重试。`);
    const { seq, replaces } = next[unit.part];
    const fields = { unit, eid, slot, cmh, env_sha256, size, seq, replaces };
    subs.push(await statements.sign("sub/1", fields, by, statements.instant(serverNow())));
  }
  const given = await untilAnswered(root.dataset.bidsUrl, { subs });
  await keepReceipts(given.receipts, subs);
}

/** The last small act is sent again while nobody answers: the same again gets the same receipt. */
async function untilAnswered(url, value, tries = 5) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await postJson(url, value);
    } catch (wrong) {
      if (wrong instanceof Refusal || attempt === tries) throw wrong;
      status.append(say("warn", tr`没有得到应答，第 ${attempt + 1} 次重试…`));
      await new Promise((resolve) => setTimeout(resolve, 1000 * attempt));
    }
  }
}

async function keepReceipts(given, said) {
  receipts.keep(org, number, given);
  const vkey = await getText(root.dataset.receiptsVkeyUrl);
  const lines = [];
  for (const [at, one] of given.entries()) {
    const wrong = await receipts.whyNot(one, vkey, said[at]);
    const unitPart = said[at].unit.part;
    lines.push(wrong
      ? el("li", { class: "is-bad" }, tr`${PART_WORDS[unitPart]}：${wrong}。请保存回执并联系监督部门。`)
      : el("li", { class: "is-done" }, tr`${PART_WORDS[unitPart]}：回执签名核对无误，收到时间 ${one.received_at}`));
  }
  const all = given.map((one) => one.note).join("\n");
  tell(el("div", { class: "say say--ok", id: "bid-done" },
    el("p", {}, el("b", {}, said[0].v === "wd/1" ? tr`已撤回，回执如下。` : tr`已递交，回执如下。`), tr` 请下载保存：开标时以您手中的回执为准。`),
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
    el("li", { class: "is-done" }, tr`${PART_WORDS[receipt.part]} 第 ${receipt.seq} 版 `, digest(receipt.envelope)));
  document.getElementById("bid-withdraw").before(el("div", { id: "bid-saved", class: "stack" },
    el("p", { class: "small muted" }, tr`本机保存了 ${all.length} 张回执。`),
    rows.length ? el("ul", { class: "checks" }, ...rows) : null,
    el("div", { class: "form__actions" }, el("button", { class: "btn btn--quiet btn--small", type: "button",
      onclick: () => download(tr`${number}-回执.txt`, [all.map((one) => one.note).join("\n")]) }, tr`下载本机全部回执`))));
}

async function withdraw() {
  tell(say("info", tr`正在签署撤回声明…`));
  const by = await key.open();
  const mine = await getJson(root.dataset.myBidUrl);
  const live = mine.versions.filter((version) => version.live);
  const wds = [];
  for (const { part, eid, sub } of live) {
    const fields = { unit: sub.unit, eid, seq: mine.next[part].seq };
    wds.push(await statements.sign("wd/1", fields, by, statements.instant(serverNow())));
  }
  const given = await untilAnswered(root.dataset.withdrawalsUrl, { wds });
  await keepReceipts(given.receipts, wds);
}

function withdrawTools(mine) {
  if (!mine.versions.some((version) => version.live)) return;
  const word = el("input", { id: "bid-withdraw-word", autocomplete: "off", size: 6 });
  const button = el("button", { class: "btn btn--danger", type: "submit", id: "bid-withdraw-now" }, tr`撤回投标`);
  const asked = el("form", { class: "form", onsubmit: (event) => {
    event.preventDefault();
    if (word.value.trim() !== tr`撤回`) {
      word.setAttribute("aria-invalid", "true");
      word.focus();
      return;
    }
    act(button, withdraw);
  } },
  el("p", {}, tr`撤回后本次投标不再有效，已上传的信封永远保持封存；截止前可以重新投标。`),
  el("div", { class: "field" }, el("label", { for: word.id }, tr`确认撤回请输入「撤回」二字，并在上方选好密钥文件、输入口令`), word),
  el("div", { class: "form__actions" }, button));
  document.getElementById("bid-withdraw").append(el("details", { class: "fold" }, el("summary", {}, tr`撤回投标`), asked));
}

// --- start -----------------------------------------------------------------------------------------------------------

let busy = false;

/** One act at a time; what goes wrong is told, and nothing typed is lost. */
async function act(button, doing) {
  if (busy) return;
  busy = true;
  button.disabled = true;
  try {
    await doing();
  } catch (wrong) {
    tell(trouble(wrong));
  } finally {
    busy = false;
    button.disabled = false;
  }
}

async function start() {
  showReceipts();
  if (root.dataset.mayBid !== "1") return;
  if (!globalThis.isSecureContext) {
    tell(say("bad", tr`浏览器只在 https 或本机地址下提供加密功能。请改用 https 打开本页；在微信中请点右上角「在浏览器打开」。`));
    return;
  }
  const mine = JSON.parse(document.getElementById("my-bid").textContent);
  const again = mine.versions.some((version) => version.live);
  const made = form.build(key, again ? tr`封标并替换原投标` : tr`封标并递交`);
  document.getElementById("bid-form").append(made.form);
  made.form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(made.button, handIn);
  });
  withdrawTools(mine);
  await form.restore(draftKey);
  addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
}

document.getElementById("bid-work").dataset.ready = "loading";
await start();
document.getElementById("bid-work").dataset.ready = "yes";
