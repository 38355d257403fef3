// A tip is written here, sealed here, and leaves this page as ciphertext alone; the receipt code is made and shown here.

import { b64u } from "../../proofs/bytes.js";
import * as tip from "../../proofs/tip.js";
import { el, field, say } from "../../parts/dom.js";
import { trouble } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { anonymous, readersOf, sealedFor } from "./thread.js";

const root = document.getElementById("tip");
const body = root.querySelector("[data-body]");
const status = root.querySelector("[data-status]");
let made = null; // what was sealed and perhaps sent: tried again it is the very same, and counts once

async function begin() {
  if (!globalThis.isSecureContext) {
    body.replaceChildren(say("bad", tr`浏览器只在 https 或本机地址下提供加密功能。请改用 https 打开本页；在微信中请点右上角「在浏览器打开」。`));
    return;
  }
  const near = (root.dataset.near || "").split(" ").reverse(); // who supervises where the reader came from, first
  const bodies = (await anonymous("/api/tips/recipients")).sort((a, b) => near.indexOf(b.org) - near.indexOf(a.org));
  const number = el("input", { type: "text", maxlength: 32, autocomplete: "off" });
  const name = el("input", { type: "text", maxlength: 100, autocomplete: "off" });
  const text = el("textarea", { rows: 8, required: true, maxlength: tip.LONGEST, autocomplete: "off", spellcheck: "false", id: "tip-text" });
  const choices = bodies.map((each, at) => ({ each, box: el("input", { type: "checkbox", checked: at < 2, value: each.org }) }));
  const send = el("button", { class: "btn", type: "submit" }, tr`封好并发出`);
  const whom = bodies.length > 2
    ? el("fieldset", { class: "field" }, el("legend", {}, tr`封给哪两家（与举报有关的单位，请不要选）`),
      ...choices.map(({ each, box }) => field(each.name, box, { check: true })))
    : el("p", {}, tr`封给：${bodies.map((each) => each.name).join("、")}`);
  const form = el("form", { class: "form" }, whom,
    field(tr`什么事`, text, { help: tr`时间、地点、谁、做了什么、怎么知道的；最多 ${tip.LONGEST} 字` }),
    field(tr`项目编号`, number, { optional: true }),
    field(tr`署名和联系方式`, name, { optional: true, help: tr`不填就是匿名；填了也只有接收单位看得到` }),
    el("div", { class: "form__actions" }, send));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      const chosen = choices.filter(({ box }) => box.checked).map(({ each }) => each);
      if (chosen.length !== 2) throw new Error(tr`请选两家。`);
      status.replaceChildren(say("info", tr`正在核对接收公钥并封好，请稍候…`));
      const said = { number: number.value.trim(), name: name.value.trim(), text: text.value.trim() };
      await deliver(said, chosen);
      form.remove();
      status.replaceChildren(receipt(made.code));
      status.querySelector("h3").focus();
    } catch (wrong) {
      status.replaceChildren(trouble(wrong));
    } finally {
      send.disabled = false;
    }
  });
  body.replaceChildren(form);
}

async function deliver(said, chosen) {
  const wanted = JSON.stringify([said, chosen.map(({ org }) => org)]);
  if (made?.wanted !== wanted) {
    const code = await tip.freshCode();
    const { lookup, thread, me } = await tip.fromCode(code);
    const readers = [[tip.TIPSTER, await tip.publicReadingKey(me)], ...(await readersOf(chosen))];
    const { sealed, digest } = await sealedFor(said, { by: me, thread, seq: 1, readers });
    made = { wanted, code, letter: { lookup: b64u(lookup), seq: 1, to: chosen.map(({ org }) => org), sealed, work: await tip.work(digest) } };
  }
  await anonymous("/api/tips/send", made.letter);
}

function receipt(code) {
  const shown = code.replace(/(.{4})(?=.)/g, "$1 ");
  return el("section", { class: "stack", id: "tip-receipt" },
    el("h3", { tabindex: -1 }, tr`已发出。这是您的回执码`),
    el("p", { class: "mono", translate: "no" }, el("code", { "data-code": true }, shown)),
    say("warn", tr`只显示这一次，谁也不能替您找回。抄在纸上收好，不要拍照、不要发给别人：有了它就能看到这件举报。`),
    el("div", { class: "row" }, el("button", { class: "btn btn--quiet", type: "button", onclick: () => window.print() }, tr`打印`),
      el("a", { class: "btn btn--quiet", href: root.dataset.read }, tr`凭回执码看答复`)),
    el("p", { class: "small" }, tr`现在可以关掉本页。`));
}

begin().catch((wrong) => status.replaceChildren(trouble(wrong)));
