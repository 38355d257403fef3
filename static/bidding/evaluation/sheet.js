// The score sheet: saves what is typed, moves between cells by keyboard, adds up columns.
// Without this script the form still saves and locks by its buttons.

import { Refusal, request } from "../../parts/doors.js";

const form = document.querySelector("[data-sheet]");
const saved = document.querySelector("[data-saved]");
const left = document.querySelector("[data-left]");
const cells = [...form.querySelectorAll("input[data-column]")];
const changed = new Set();
let timer = 0;
let sending = false;

const WAIT = 600; // after the last keystroke, in milliseconds
const AGAIN = 4000; // before trying again when the network failed

function say(state, at = "") {
  saved.textContent = `${saved.dataset[`text${state}`]} ${at}`.trim();
  saved.className = `badge badge--${{ Saving: "info", Saved: "ok", Failed: "warn", Invalid: "bad", Refused: "bad" }[state]}`;
}

async function save(keepalive = false) {
  clearTimeout(timer);
  if (sending && !keepalive) return plan();
  const wrong = [...changed].filter((cell) => !cell.validity.valid);
  const good = [...changed].filter((cell) => cell.validity.valid);
  if (wrong.length) say("Invalid");
  if (!good.length) return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const cell of good) body.set(cell.name, cell.value);
  const sent = new Map(good.map((cell) => [cell, cell.value]));
  sending = true;
  if (!wrong.length) say("Saving");
  try {
    const answer = await request(form.action, { method: "POST", body, keepalive, redirect: "manual" });
    const { saved_at: at } = await answer.json();
    for (const [cell, value] of sent) if (cell.value === value) changed.delete(cell);
    if (!wrong.length) say("Saved", new Date(at).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" }));
  } catch (why) {
    if (why instanceof Refusal) { // signed out, or no longer his to write: again would not help
      for (const cell of good) changed.delete(cell);
      return say("Refused");
    }
    say("Failed");
    plan(AGAIN);
  } finally {
    sending = false;
    if ([...changed].some((cell) => cell.validity.valid) && !timer) plan();
  }
}

function plan(wait = WAIT) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = 0;
    save();
  }, wait);
}

const totals = [...form.querySelectorAll("[data-total]")];
const columns = totals.length;
const inColumn = totals.map((total) => cells.filter((cell) => cell.dataset.column === total.dataset.total));

function add(column) {
  const sum = inColumn[column].reduce((hundredths, cell) => hundredths + Math.round((cell.valueAsNumber || 0) * 100), 0);
  totals[column].textContent = (sum / 100).toFixed(2);
}

function count() {
  const open = cells.filter((cell) => !cell.value).length;
  left.textContent = open ? left.dataset.text.replace("{n}", open) : left.dataset.textNone;
}

function note(cell) {
  changed.add(cell);
  return Number(cell.dataset.column);
}

form.addEventListener("input", (event) => {
  if (!event.target.matches("input[data-column]")) return;
  add(note(event.target));
  count();
  plan();
});

// A block copied from a sheet fills the cells from the one that has the focus, to the right and down.
form.addEventListener("paste", (event) => {
  const at = cells.indexOf(event.target);
  const lines = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
  if (at < 0 || (lines.length === 1 && lines[0].length === 1)) return; // one value is pasted as ever
  event.preventDefault();
  const touched = new Set();
  for (const [down, line] of lines.entries()) {
    for (const [right, text] of line.entries()) {
      const cell = (at % columns) + right < columns ? cells[at + down * columns + right] : undefined;
      if (!cell || cell.readOnly) continue;
      cell.value = text.trim(); // what is no number leaves the cell empty
      touched.add(note(cell));
    }
  }
  for (const column of touched) add(column);
  count();
  plan();
});

const steps = { ArrowUp: -columns, ArrowDown: columns, Enter: columns };
form.addEventListener("keydown", (event) => {
  const at = cells.indexOf(event.target);
  if (at < 0) return;
  let to;
  if (event.key in steps) to = at + steps[event.key];
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") to = at + (event.key === "ArrowLeft" ? -1 : 1);
  else return;
  event.preventDefault(); // else the arrows would change the number
  cells[to]?.focus();
  cells[to]?.select();
});
// A wheel over a focused number would change it unnoticed.
form.addEventListener("wheel", (event) => event.target.matches("input[data-column]") && event.target.blur(), { passive: true });

addEventListener("visibilitychange", () => document.hidden && changed.size && save(true));
form.addEventListener("submit", () => clearTimeout(timer));
totals.forEach((_, column) => add(column));
count();
