// The compliance review: kept on the server as it is written, so that a lost connection or a closed page loses nothing.
// Without this script the form still keeps and hands in by its buttons.

import { Refusal, request } from "../../parts/doors.js";

const form = document.querySelector("[data-review]");
const saved = document.querySelector("[data-saved]");
let timer = 0;
let changed = false;
let sending = false;

const WAIT = 600; // after the last change, in milliseconds
const AGAIN = 4000; // before trying again when the network failed

function say(state, at = "") {
  saved.textContent = `${saved.dataset[`text${state}`]} ${at}`.trim();
  saved.className = `badge badge--${{ Saving: "info", Saved: "ok", Failed: "warn", Refused: "bad" }[state]}`;
}

function plan(wait = WAIT) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

async function save(keepalive = false) {
  clearTimeout(timer);
  if (sending && keepalive !== true) return plan();
  changed = false;
  sending = true;
  say("Saving");
  try {
    const asked = { method: "POST", body: new FormData(form), keepalive: keepalive === true, redirect: "manual" };
    const { saved_at: at } = await (await request(form.dataset.review, asked)).json();
    if (!changed) say("Saved", new Date(at).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" }));
  } catch (wrong) {
    if (wrong instanceof Refusal) return say("Refused"); // signed out, or no longer his to write: again would not help
    changed = true;
    say("Failed");
    plan(AGAIN);
  } finally {
    sending = false;
  }
}

form.addEventListener("input", () => {
  changed = true;
  plan();
});
addEventListener("visibilitychange", () => document.hidden && changed && save(true));
form.addEventListener("submit", () => clearTimeout(timer));
