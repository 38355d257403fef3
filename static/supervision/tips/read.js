// A tipster reads by the code alone, and adds.

import { b64u } from "../../proofs/bytes.js";
import * as tip from "../../proofs/tip.js";
import { el, field, say } from "../../parts/dom.js";
import { trouble } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { anonymous, cards, opened, sealedFor } from "./thread.js";

const root = document.getElementById("tip-read");
const body = root.querySelector("[data-body]");
const status = root.querySelector("[data-status]");
const place = document.querySelector("[data-thread]");
const outcomes = JSON.parse(document.getElementById("tip-outcomes").textContent);

const code = el("input", { type: "text", id: "tip-code", required: true, autocomplete: "off", spellcheck: "false", autocapitalize: "characters" });
const button = el("button", { class: "btn", type: "submit" }, tr`打开`);
const form = el("form", { class: "form" }, field(tr`32 个字母和数字`, code, { help: tr`空格可有可无，不分大小写` }),
  el("div", { class: "form__actions" }, button));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  act(button, show);
});
body.append(form);

async function act(pressed, doing) {
  pressed.disabled = true;
  try {
    await doing();
  } catch (wrong) {
    const typed = wrong?.name === "NotCanonical" ? say("bad", tr`回执码抄错了：请核对每一个字符。`) : null;
    const none = wrong?.status === 404 ? say("bad", tr`没有与这个回执码对应的举报。`) : null;
    status.replaceChildren(typed ?? none ?? trouble(wrong));
  } finally {
    pressed.disabled = false;
  }
}

async function show() {
  status.replaceChildren(say("info", tr`正在打开…`));
  const { lookup, thread, me } = await tip.fromCode(code.value);
  const told = await anonymous("/api/tips/read", { lookup: b64u(lookup) });
  const { messages, readers } = await opened(told, { by: me, place: 0 });
  const names = new Map(told.recipients.map((each) => [each.org, each.name]));
  const states = told.states.map((state) => {
    const done = outcomes[state.outcome];
    const words = done ? tr`已办结：${done}` : state.acknowledged ? tr`${state.acknowledged} 确认收到`
      : state.overdue ? tr`逾期未确认（最迟 ${state.by}）` : tr`最迟 ${state.by} 确认收到`;
    return el("li", { class: state.overdue ? "is-missing" : state.acknowledged || done ? "is-done" : "" },
      names.get(state.org), " ", el("small", {}, words));
  });
  place.replaceChildren(el("section", { class: "card" }, el("h2", {}, tr`两家的办理`), el("ul", { class: "checks" }, ...states)),
    ...cards(messages, names, tip.TIPSTER), addition({ lookup, thread, me, readers, seq: messages.length + 1 }));
  status.replaceChildren(say("ok", tr`已打开。看完请关掉本页。`));
}

function addition({ lookup, thread, me, readers, seq }) {
  const text = el("textarea", { rows: 4, required: true, maxlength: tip.LONGEST, autocomplete: "off" });
  const send = el("button", { class: "btn", type: "submit" }, tr`封好并补充`);
  const made = el("form", { class: "form card" }, el("h2", {}, tr`补充`), field(tr`补充的内容`, text),
    el("div", { class: "form__actions" }, send));
  let letter = null;
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    act(send, async () => {
      if (letter?.text !== text.value) {
        const said = { number: "", name: "", text: text.value.trim() };
        const all = [[tip.TIPSTER, await tip.publicReadingKey(me)], ...readers];
        const { sealed, digest } = await sealedFor(said, { by: me, thread, seq, readers: all });
        letter = { text: text.value, told: { lookup: b64u(lookup), seq, to: [], sealed, work: await tip.work(digest) } };
      }
      await anonymous("/api/tips/send", letter.told);
      await show();
    });
  });
  return made;
}
