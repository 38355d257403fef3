// The key tools of /keys/: make an organisation key in this browser, keep it, write down its recovery sheet, register
// its public half; open a key file that is there already; make a new file from a sheet.

import { b64u, unb64u } from "../proofs/bytes.js";
import * as ed25519 from "../proofs/ed25519.js";
import * as keyfile from "../proofs/keyfile.js";
import { Organisation, freshSeed, recoverySheet, seedFromSheet } from "../proofs/organisation.js";
import * as statements from "../proofs/statement.js";
import { download, el, field, say } from "../parts/dom.js";
import { picture } from "./code.js";
import { getJson, postJson, trouble } from "../parts/doors.js";
import { keyText } from "../parts/keys.js";
import { serverNow } from "../parts/site.js";
import { keyInputs } from "../parts/unlock.js";
import { tr } from "../parts/words.js";

const SHORTEST = 12;
const root = document.getElementById("key-tools");
const { org, register } = root.dataset;
const nextGen = Number(root.dataset.nextGen);
const status = el("div", { role: "status", class: "stack", id: "key-status" });

const secret = (id) => el("input", { type: "password", id, autocomplete: "new-password", required: true, minlength: SHORTEST });
const grouped = (text) => text.replace(/(.{4})(?=.)/g, "$1 ");

/** Why a passphrase will not do; empty when it will. */
function whyNotPassphrase(first, second) {
  if ([...first].length < SHORTEST) return tr`口令至少 ${SHORTEST} 个字符，建议用四个以上互不相关的词。`;
  return first === second ? "" : tr`两次输入的口令不一样。`;
}

function fingerprint(key) {
  return el("p", {}, tr`公钥 `, el("code", { "data-fingerprint": true }, ed25519.fingerprint(unb64u(key, 32))));
}

async function act(button, doing) {
  button.disabled = true;
  status.replaceChildren(say("info", tr`正在处理，请稍候…`));
  try {
    await doing();
  } catch (wrong) {
    status.replaceChildren(trouble(wrong));
  } finally {
    button.disabled = false;
  }
}

// --- make ------------------------------------------------------------------------------------------------------------

function makeTools() {
  const [first, second] = [secret("key-passphrase"), secret("key-passphrase-again")];
  const button = el("button", { class: "btn", type: "submit", id: "key-make" }, tr`生成密钥`);
  const form = el("form", { class: "form", id: "key-make-form" },
    el("p", {}, tr`密钥在本机随机产生。请由两名保管人分别保存密钥文件，并把恢复单打印后锁好。`),
    field(tr`口令`, first, { help: tr`保护密钥文件，至少 ${SHORTEST} 个字符；忘记后只能用恢复单重做` }),
    field(tr`再输一次口令`, second),
    el("div", { class: "form__actions" }, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = whyNotPassphrase(first.value, second.value);
    if (wrong) {
      status.replaceChildren(el("p", { class: "say say--bad", role: "alert" }, wrong));
      first.focus();
      return;
    }
    act(button, () => make(form, freshSeed(), first.value));
  });
  return form;
}

async function make(form, seed, passphrase) {
  const file = await keyfile.create(org, nextGen, seed, passphrase);
  const sheet = await recoverySheet(seed);
  const organisation = await Organisation.of(org, nextGen, seed);
  const key = await keyText(organisation);
  status.replaceChildren(say("ok", tr`密钥已在本机产生。请依次完成下面三步；没有登记之前可以重来。`));
  form.replaceWith(madeTools(organisation, key, file, sheet));
}

function madeTools(organisation, key, file, sheet) {
  const kept = el("input", { type: "checkbox", id: "key-kept" });
  const send = el("button", { class: "btn", type: "button", id: "key-register", disabled: true }, tr`登记公钥`);
  const paper = el("section", { class: "card", id: "key-sheet" },
    el("h3", {}, tr`恢复单`),
    el("p", {}, tr`单位 ${org}　第 ${organisation.gen} 代`),
    el("p", { class: "mono", translate: "no" }, el("code", { "data-sheet": true }, grouped(sheet))),
    picture(sheet, tr`恢复单的二维码，内容与上面的 56 个字符相同`),
    el("p", { class: "small" }, tr`持有这 56 个字符就等于持有密钥。打印后锁入保险柜，不要拍照、不要留在电脑里。二维码内容与字符相同，在本机生成，恢复时可用扫码枪读入。`));
  const saveFile = el("button", { class: "btn", type: "button", id: "key-download",
    onclick: () => download(`${org}-${organisation.gen}.key`, [file], "application/jose") }, tr`下载密钥文件`);
  const print = el("button", { class: "btn btn--quiet", type: "button", onclick: () => window.print() }, tr`打印恢复单`);
  kept.addEventListener("change", () => { send.disabled = !kept.checked; });
  const before = organisation.gen > 1 ? keyInputs(org) : null;
  const apart = el("button", { class: "btn btn--quiet", type: "button", onclick: async () =>
    download(`${org}-${organisation.gen}.json`, [JSON.stringify(await registration(organisation, key))], "application/json") }, tr`下载登记声明`);
  send.addEventListener("click", () => act(send, () => registerKey(organisation, key, made, before)));
  const made = el("div", { class: "stack", id: "key-made" },
    fingerprint(key),
    el("h3", {}, tr`第一步　保存密钥文件`), saveFile,
    el("h3", {}, tr`第二步　打印恢复单`), paper, print,
    el("h3", {}, tr`第三步　登记公钥`),
    field(tr`密钥文件已由两人分别保存，恢复单已打印`, kept, { check: true }),
    ...(before ? [el("p", {}, tr`新一代由上一代签署：请选第 ${organisation.gen - 1} 代的密钥文件。`), before.fields] : []), send,
    ...(before ? [el("p", { class: "small" }, tr`上一代不在手上，或者是别人冒用登记的：下载登记声明，持单位证明到平台运营窗口当面登记。`), apart] : []));
  return made;
}

/** The idk/1 of a generation, signed by itself or by the one before. */
async function registration(organisation, key, by = organisation) {
  const ts = statements.instant(serverNow());
  const statement = { key, not_before: ts, v: "idk/1", org, gen: organisation.gen, ts };
  return { ...statement, sig: b64u(await by.sign(statements.message(statement))) };
}

async function registerKey(organisation, key, made, before = null) {
  const by = before ? await before.open() : organisation;
  if (before && by.gen !== organisation.gen - 1) throw new Error(tr`请选第 ${organisation.gen - 1} 代的密钥文件。`);
  await postJson(register, { statement: await registration(organisation, key, by) });
  made.querySelector("#key-sheet")?.remove();
  made.querySelector("#key-register").remove();
  status.replaceChildren(
    say("ok", tr`已登记第 ${organisation.gen} 代公钥，并写入公开日志。此后请留意日志中本单位的条目：不是你们登记的，立即报告监督部门。`),
    el("p", {}, el("a", { href: location.pathname }, tr`刷新本页查看登记`)));
}

// --- open, restore ---------------------------------------------------------------------------------------------------

function openTools() {
  const file = el("input", { type: "file", id: "key-file", required: true });
  const passphrase = el("input", { type: "password", id: "key-open-passphrase", autocomplete: "off", required: true });
  const button = el("button", { class: "btn btn--quiet", type: "submit" }, tr`打开并查看公钥`);
  const form = el("form", { class: "form", id: "key-open-form" },
    field(tr`密钥文件`, file), field(tr`口令`, passphrase), el("div", { class: "form__actions" }, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(button, async () => {
      const opened = await keyfile.open(await file.files[0].text(), passphrase.value);
      passphrase.value = "";
      await show(opened);
    });
  });
  return form;
}

async function show(opened) {
  const key = await keyText(opened);
  const { keys, revoked } = await getJson(`/api/keys/${encodeURIComponent(org)}`);
  const pinned = keys.find((statement) => statement.gen === opened.gen);
  const said = [say("ok", tr`密钥文件已打开：单位 ${opened.org}，第 ${opened.gen} 代。`), fingerprint(key)];
  if (opened.org !== org) {
    said.push(say("bad", tr`这不是本单位（${org}）的密钥文件。`));
  } else if (pinned?.key === key && revoked.some(({ revokes }) => revokes === opened.gen)) {
    said.push(say("warn", tr`这一代已吊销：只用来解开以前用它封的文件，签署请用现行的一代。请保存到那些项目结束。`));
  } else if (pinned?.key === key) {
    said.push(say("ok", tr`与已登记的公钥一致，可以使用。`));
  } else if (pinned) {
    said.push(say("bad", tr`登记的同代公钥与它不同。请立即联系监督部门。`));
  } else {
    const send = el("button", { class: "btn", type: "button" }, tr`登记这把公钥`);
    const before = opened.gen > 1 ? keyInputs(org) : null;
    send.addEventListener("click", () => act(send, () => registerKey(opened, key, el("div", {}, el("i", { id: "key-register" })), before)));
    said.push(say("warn", tr`这把公钥还没有登记。`), ...(opened.gen === nextGen ? [before?.fields ?? "", send] : []));
  }
  status.replaceChildren(...said);
}

function restoreTools() {
  const sheet = el("textarea", { id: "key-restore-sheet", rows: 3, required: true, autocomplete: "off", spellcheck: "false" });
  const gen = el("input", { type: "number", id: "key-restore-gen", min: 1, max: 65535, required: true, value: Math.max(1, nextGen - 1) });
  const [first, second] = [secret("key-restore-passphrase"), secret("key-restore-again")];
  const button = el("button", { class: "btn btn--quiet", type: "submit" }, tr`重做密钥文件`);
  const form = el("form", { class: "form", id: "key-restore-form" },
    field(tr`恢复单上的 56 个字符`, sheet), field(tr`第几代`, gen), field(tr`新口令`, first), field(tr`再输一次新口令`, second),
    el("div", { class: "form__actions" }, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(button, async () => {
      const wrong = whyNotPassphrase(first.value, second.value);
      if (wrong) throw new Error(wrong);
      const seed = await seedFromSheet(sheet.value);
      const file = await keyfile.create(org, Number(gen.value), seed, first.value);
      const made = await Organisation.of(org, Number(gen.value), seed);
      form.reset();
      download(`${org}-${made.gen}.key`, [file], "application/jose");
      await show(made);
    });
  });
  return form;
}

const fold = (title, ...inside) => el("details", { class: "fold" }, el("summary", {}, title), ...inside);

if (globalThis.isSecureContext) {
  root.append(nextGen === 1 ? makeTools() : fold(tr`生成新一代密钥（旧密钥须保留到原有项目结束）`, makeTools()),
    fold(tr`打开已有的密钥文件`, openTools()), fold(tr`用恢复单重做密钥文件`, restoreTools()), status);
} else {
  root.append(say("bad", tr`浏览器只在 https 或本机地址下提供加密功能。请改用 https 打开本页；在微信中请点右上角「在浏览器打开」。`));
}
