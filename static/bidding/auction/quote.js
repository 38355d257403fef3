// The one control to quote with: confirmed, never pressed twice, and a quote whose answer was lost is sent again under
// its own number until it has one. The house counts it once.

import { postJson, Refusal, trouble } from "../../parts/doors.js";
import { el, say } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";
import { capitals, figures, separated } from "../../parts/yuan.js";
import { fen, yuan } from "../../proofs/auction.js";

const AGAIN = 1_000; // milliseconds until the same quote is sent again, a little more each time
const LONGEST = 5_000;
const STEPS = [1n, 2n, 5n, 10n];
const FAR = 10n; // steps below the best from which on the reader is asked whether it is meant

/**
 * Take the control of the page in hand.
 * @param {string} number of the purchase
 * @param {() => any} ladder the ladder as it stands
 * @param {() => void} answered what to do once a quote has its answer
 */
export function control(number, ladder, answered) {
  const kept = `quote:${number}`;
  const section = () => document.getElementById("auction-quote");
  let pending = JSON.parse(localStorage.getItem(kept) ?? "null");
  let touched = false;
  let shown = null;

  const parts = () => ({
    form: document.getElementById("quote-form"),
    price: document.getElementById("quote-price"),
    button: section()?.querySelector(".act button"),
    said: document.getElementById("quote-said"),
  });

  function tell(...what) {
    parts().said?.replaceChildren(...what);
  }

  /** The highest price that counts now, in fen; null before the ladder is there or when none is. */
  function most() {
    const at = ladder();
    if (!at) return null;
    const highest = at.best === null ? at.start : at.best - at.step;
    return highest > 0n ? highest : null;
  }

  function words() {
    const { price } = parts();
    const place = document.getElementById("quote-words");
    if (!price || !place) return;
    const amount = figures(price.value);
    const above = amount && most() !== null && fen(amount) > most();
    place.textContent = !amount ? "" : above ? tr`${capitals(amount)}，高于现在可接受的 ${separated(yuan(most()))} 元` : capitals(amount);
  }

  /** Redraw what depends on the ladder; the sum that the reader has typed stays. */
  function redraw() {
    const { form, price } = parts();
    if (!form) return;
    const highest = most();
    const help = document.getElementById("quote-help");
    help.textContent = highest === null ? tr`已不能再降` : tr`不高于 ${separated(yuan(highest))} 元`;
    if (!touched && highest !== null && document.activeElement !== price) price.value = yuan(highest);
    const steps = document.getElementById("quote-steps");
    if (shown !== highest) {
      shown = highest;
      const focused = steps.contains(document.activeElement) ? [...steps.children].indexOf(document.activeElement) : -1;
      steps.replaceChildren(...(highest === null ? [] : STEPS).map((times) => [times, highest - ladder().step * (times - 1n)])
        .filter(([, sum]) => sum > 0n)
        .map(([times, sum]) => el("button", { type: "button", class: "btn btn--quiet btn--small", "data-sum": yuan(sum) }, tr`降 ${String(times)} 档 ${separated(yuan(sum))}`)));
      steps.children[focused]?.focus();
    }
    words();
  }

  function busy(is) {
    const { button, price } = parts();
    if (button) button.disabled = is;
    if (price) price.readOnly = is;
    section()?.toggleAttribute("data-busy", is);
  }

  /** Read the sum back and ask. */
  function ask() {
    const { price, form } = parts();
    const amount = figures(price.value);
    if (!amount || fen(amount) <= 0n) {
      tell(say("bad", tr`请填写金额，单位元，最多两位小数。`));
      price.focus();
      return;
    }
    const at = ladder();
    const below = at?.best ? at.best - fen(amount) : null;
    const far = below !== null && below > at.step * FAR;
    const yes = el("button", { type: "button", class: "btn", id: "quote-yes" }, tr`确认报价 ${separated(amount)} 元`);
    const no = el("button", { type: "button", class: "btn btn--quiet" }, tr`返回`);
    const box = el("dialog", { class: "card auction-confirm", "aria-labelledby": "quote-sum" },
      el("p", {}, tr`以这个价格报价，一经接受不能撤回：`),
      el("p", { class: "auction-confirm__sum num", id: "quote-sum" }, tr`${separated(amount)} 元`),
      el("p", { class: "muted" }, capitals(amount)),
      below === null ? null : el("p", {}, tr`比当前最低价低 ${separated(yuan(below > 0n ? below : 0n))} 元`),
      far ? say("warn", tr`比当前最低价低很多，请确认没有少打一位数字。`) : null,
      el("div", { class: "row" }, yes, no));
    const shut = () => { box.close(); box.remove(); };
    no.addEventListener("click", shut);
    box.addEventListener("cancel", () => box.remove());
    yes.addEventListener("click", () => {
      yes.disabled = true;
      shut();
      if (pending) return;
      const quote = form.elements.quote.value;
      pending = { quote, price: amount };
      localStorage.setItem(kept, JSON.stringify(pending));
      form.elements.quote.value = crypto.randomUUID();
      send(0);
    });
    document.body.append(box);
    box.showModal();
    yes.focus();
  }

  function done() {
    pending = null;
    localStorage.removeItem(kept);
    touched = false;
    busy(false);
    redraw();
    answered();
  }

  async function send(times) {
    busy(true);
    try {
      const made = await postJson(section()?.dataset.api ?? `/api/projects/${number}/quotes`, pending);
      tell(say("ok", tr`已接受：${separated(made.price)} 元，第 ${made.number} 次报价。`));
      done();
    } catch (wrong) {
      if (wrong instanceof Refusal) {
        tell(trouble(wrong));
        if (wrong.status === 401) return;
        done();
        return;
      }
      tell(say("warn", tr`网络中断，正在重发同一报价；它只算一次。`));
      setTimeout(() => send(times + 1), Math.min(LONGEST, AGAIN * (times + 1)));
    }
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "quote-form") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!pending) ask();
  }, { capture: true });
  document.addEventListener("input", (event) => {
    if (event.target.id !== "quote-price") return;
    touched = event.target.value !== "";
    words();
  });
  document.addEventListener("click", (event) => {
    const sum = event.target.closest?.("#quote-steps [data-sum]");
    if (!sum) return;
    parts().price.value = sum.dataset.sum;
    touched = true;
    words();
    parts().button?.focus();
  });
  if (pending && section()) send(0);
  return { redraw: () => { redraw(); if (pending) busy(true); } };
}
