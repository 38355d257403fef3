// A recipient opens a tip in its own browser, answers it, closes it. The text never leaves this page unsealed.

import { el, field, say } from "../../parts/dom.js";
import { postJson, trouble } from "../../parts/doors.js";
import { keyInputs } from "../../parts/unlock.js";
import { tr } from "../../parts/words.js";
import * as tip from "../../proofs/tip.js";
import { cards, opened, sealedFor } from "./thread.js";

const root = document.getElementById("tip-held");
const { org, held, closed } = root.dataset;
const body = root.querySelector("[data-body]");
const status = root.querySelector("[data-status]");
const place = document.querySelector("[data-thread]");
const outcomes = JSON.parse(document.getElementById("tip-outcomes").textContent);
const key = keyInputs(org, { older: true });

const button = el("button", { class: "btn", type: "submit" }, tr`打开`);
const form = el("form", { class: "form" }, key.fields, el("div", { class: "form__actions" }, button));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  act(button, show);
});
body.append(form);

async function act(pressed, doing) {
  pressed.disabled = true;
  status.replaceChildren(say("info", tr`正在处理，请稍候…`));
  try {
    status.replaceChildren(say("ok", await doing()));
  } catch (wrong) {
    status.replaceChildren(trouble(wrong));
  } finally {
    pressed.disabled = false;
  }
}

async function show() {
  const by = await key.open();
  const told = await postJson(`/api/tips/held/${held}/open`, {});
  const at = told.recipients.findIndex((each) => each.org === org);
  if (told.recipients[at].gen !== by.gen) {
    throw new Error(tr`这件举报是封给第 ${told.recipients[at].gen} 代密钥的，请选那一代的密钥文件。`);
  }
  const { thread, messages, readers, reply } = await opened(told, { by, place: at + 1 });
  const names = new Map(told.recipients.map((each) => [each.org, each.name]));
  const all = reply && [[tip.TIPSTER, reply], ...readers];
  place.replaceChildren(...cards(messages, names, org), ...(all ? [answer({ by, thread, readers: all, seq: messages.length + 1 })] : []));
  return tr`已在本机打开。`;
}

function answer({ by, thread, readers, seq }) {
  const text = el("textarea", { rows: 4, required: true, maxlength: tip.LONGEST, autocomplete: "off" });
  const choice = el("select", {}, el("option", { value: "" }, tr`只答复，不办结`),
    ...outcomes.map(([value, words]) => el("option", { value }, tr`办结：${words}`)));
  const send = el("button", { class: "btn", type: "submit" }, tr`封好并答复`);
  const made = el("form", { class: "form card", id: "tip-answer" }, el("h2", {}, tr`答复举报人`),
    field(tr`答复`, text, { help: tr`封给举报人和两家接收单位` }),
    ...(closed ? [] : [field(tr`办理结果`, choice, { help: tr`办结的，答复写明查到什么、怎么处理` })]),
    el("div", { class: "form__actions" }, send));
  let letter = null;
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    act(send, async () => {
      const wanted = `${choice.value} ${text.value}`;
      if (letter?.wanted !== wanted) {
        const { sealed } = await sealedFor({ number: "", name: "", text: text.value.trim() }, { by, thread, seq, readers });
        letter = { wanted, told: { seq, sealed, outcome: choice.value } };
      }
      await postJson(`/api/tips/held/${held}/say`, letter.told);
      await show();
      return tr`已封好发出。`;
    });
  });
  return made;
}
