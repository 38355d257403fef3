// What one's own organisation does in the hall with its key file: be present and decrypt, sign, object, release.

import { trouble } from "../../parts/doors.js";
import { el, field, say } from "../../parts/dom.js";
import { keyInputs } from "../../parts/unlock.js";
import * as acts from "./acts.js";
import { releaseKeys } from "./holder.js";
import { terms, tr } from "../../parts/words.js";

let key = null;
let keyPlace = null;
let busy = false;
const settled = new Set(); // acts that were done: nothing is pressed twice

/** What is offered in which act to whom: [words, act, explanation]. */
function offered({ act, isBidder, session, signsAs, role }) {
  const list = [];
  if (isBidder === "1" && act === "bidders") {
    list.push([tr`到场并解密`, acts.arriveAndRelease, tr`核对封存清单和本单位的回执，在本机打开自己的${terms.bid}，再释放本场所开各部分的解密凭据。`]);
  }
  if (isBidder === "1" && act === "rescue") {
    list.push([tr`补救解密`, acts.rescue, tr`密钥保管人未到齐。释放本单位${terms.bid}的补救凭据，只对本单位的信封有效。`]);
  }
  if (act === "record" && ["bidder", "witness", "host"].includes(signsAs)) {
    list.push([isBidder === "1" ? tr`确认报价，无异议，签字` : tr`签署${terms.opening}记录`, acts.acknowledge, tr`对${terms.opening}记录的摘要签名，写入公开日志。`]);
  }
  if (act === "holders" && (signsAs === "holder" || role === "holder")) {
    list.push([tr`核对并释放钥匙`, releaseKeys, tr`只释放${terms.bidder}已解密的信封的钥匙。无人值守的释放服务会自己完成，不必重复操作。`]);
  }
  if (signsAs === "supervisor" && act === "closed" && session === "1") {
    list.push([tr`核对并签署${terms.bidder}不足`, acts.signFew, tr`仅在${terms.bidder}少于法定数量时使用；名单只给监督人员核对，不公开。`]);
  }
  return list;
}

const canObject = ({ act, isBidder }) => isBidder === "1" && ["bidders", "holders", "rescue", "causes", "record"].includes(act);

/**
 * Bring the card up to date without losing the opened key or what is being written.
 * @param {HTMLElement|null} shown @param {HTMLElement|null} fresh @param {HTMLElement} place
 */
export function refresh(shown, fresh, place) {
  let card = shown;
  if (!card) {
    if (!fresh) return;
    place.append(fresh);
    card = fresh;
  } else if (fresh) {
    if (card.dataset.session !== fresh.dataset.session) settled.clear();
    if (card.dataset.act === fresh.dataset.act && card.dataset.isBidder === fresh.dataset.isBidder && key) {
      Object.assign(card.dataset, fresh.dataset);
      return;
    }
    Object.assign(card.dataset, fresh.dataset);
    card.querySelector("h2").textContent = fresh.querySelector("h2").textContent;
  }
  draw(card);
}

function draw(card) {
  const body = card.querySelector("#hall-tools-body");
  body.classList.add("stack");
  const buttons = offered(card.dataset).filter(([, act]) => !settled.has(act));
  if (!buttons.length && !canObject(card.dataset)) {
    body.replaceChildren();
    card.hidden = !card.querySelector("#hall-tools-status").hasChildNodes();
    return;
  }
  card.hidden = false;
  // What one is asked to do comes before what only the host may.
  if (buttons.length && card.parentElement.firstElementChild !== card) card.parentElement.prepend(card);
  key ??= keyInputs(card.dataset.org, { older: true });
  keyPlace ??= el("form", { onsubmit: (event) => event.preventDefault() }, key.fields);
  body.replaceChildren(keyPlace, ...buttons.map(([words, act, why]) => {
    const button = el("button", { class: "btn", type: "button", "data-act": act.name }, words);
    button.addEventListener("click", () => run(card, button, act));
    return el("div", { class: "act" }, el("p", { class: "act__consequence" }, why), button);
  }));
  if (canObject(card.dataset)) body.append(objection(card));
}

function objection(card) {
  const text = el("textarea", { rows: 2, maxlength: 2000, id: "hall-objection" });
  const button = el("button", { class: "btn btn--quiet", type: "submit" }, tr`提出异议`);
  const form = el("form", { class: "form" }, field(tr`对${terms.opening}的异议（公开，主持人当场答复）`, text), el("div", { class: "form__actions" }, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!text.value.trim()) {
      text.focus();
      return;
    }
    run(card, button, async (context) => {
      await acts.object(context, text.value.trim());
      text.value = "";
    });
  });
  return el("details", { class: "fold" }, el("summary", {}, tr`提出异议`), form);
}

async function run(card, button, act) {
  if (busy) return;
  busy = true;
  button.disabled = true;
  const status = card.querySelector("#hall-tools-status");
  const steps = el("ul", { class: "checks" });
  status.replaceChildren(steps);
  try {
    const by = await key.open();
    const done = (words) => steps.append(el("li", { class: "is-done" }, words));
    const told = await act({ by, done, ...card.dataset });
    if (told) {
      status.append(say("ok", told));
      settled.add(act);
      draw(card);
    }
  } catch (wrong) {
    status.append(trouble(wrong));
  } finally {
    busy = false;
    button.disabled = false;
  }
}
